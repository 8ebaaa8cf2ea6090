"""A letter by words: new, insert, write, check, release, export."""

import email
import email.policy
import hashlib
import json
import os
import subprocess
import sys
import zipfile

import pikepdf
import pytest

from tests.architecture.code import ROOT
from tests.cli.driving import PASSPHRASE, Done, checked, question, write
from tests.services.letters.test_enclosures import pdf

FACTS = [
    *("adverse_event=no", "special_situation=no", "quality_complaint=no", "safety_reason=asked, none told"),
    *("assessment=on_label", "contact=same", "duplicate=new", "verified=call_back:rang the clinic"),
]


@pytest.fixture(scope="module")
def working(sample, tmp_path_factory):
    """The number of an inquiry in progress."""
    path = write(
        tmp_path_factory.mktemp("in") / "q.json",
        question("LETTER-1", requester_name="Lena Fischer", country="US"),
    )
    number = sample.json("inquiry", "add", "--from", path)["number"]
    sample.json("inquiry", "triage", number, *[word for fact in FACTS for word in ("--set", fact)])
    sample.json("inquiry", "assign", number)
    sample.json("inquiry", "start", number)
    return number


@pytest.fixture(scope="module")
def letter(sample, working):
    return sample.json("letter", "new", working)["reference"]


def released(cli, letter, passphrase):
    """Sign with a passphrase from a descriptor: the one that opens never signs."""
    reading, writing = os.pipe()
    os.write(writing, f"{passphrase}\n".encode())
    os.close(writing)
    words = ["letter", "release", letter, "--passphrase-fd", str(reading), "-w", str(cli.workspace), "--json"]
    command = [sys.executable, "-m", "app", *words]
    environment = cli.environment(PASSPHRASE)
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, check=False, pass_fds=[reading]
    )
    os.close(reading)
    return checked(Done(ran.returncode, ran.stdout.decode(), ran.stderr.decode()))


def test_a_letter_needs_an_inquiry_in_progress(sample, tmp_path):
    path = write(tmp_path / "q.json", question("LETTER-2", requester_name="Tomas Novak"))
    number = sample.json("inquiry", "add", "--from", path)["number"]
    refused = sample("letter", "new", number, "--json")
    assert (refused.code, refused.out) == (1, "")


def test_a_letter_grows_and_is_checked(sample, letter, tmp_path):
    before = sample.json("letter", "show", letter)
    inserted = sample.json("letter", "insert", letter, "SRD-ATO-002", "--question", "1")
    assert inserted["blocks"] > len(before["blocks"])
    text = tmp_path / "own.md"
    text.write_text("We thank you for your **question**.\n", "utf-8")
    assert sample.json("letter", "write", letter, "--from", text)["blocks"] == inserted["blocks"] + 1
    report = sample("letter", "check", letter, "--json")
    assert set(report.document) >= {"findings"}
    blocking = [finding for finding in report.document["findings"] if finding["severity"] == "X"]
    assert report.code == (1 if blocking else 0)
    assert all(
        set(f) == {"rule", "severity", "where", "quote", "message"} for f in report.document["findings"]
    )


WRONG_WORDS = [
    (["insert", "SRD-NONE"], 2),
    (["insert", "SRD-ATO-002#No such heading"], 2),
    (["insert", "SRD-ATO-002", "--question", "99"], 3),
    (["cite", "nobody2020"], 2),
]


@pytest.mark.parametrize(("words", "code"), WRONG_WORDS, ids=str)
def test_what_is_not_there_changes_nothing(sample, letter, words, code):
    before = sample.json("letter", "show", letter)
    refused = sample("letter", words[0], letter, *words[1:])
    assert refused.code == code, refused.err
    assert sample.json("letter", "show", letter) == before


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\0" * 10, None], ids=["bytes", "zeros", "folder"])
def test_a_file_that_is_no_text_is_refused(sample, letter, tmp_path, content):
    path = tmp_path if content is None else write(tmp_path / "x.md", content)
    before = sample.json("letter", "show", letter)
    assert sample("letter", "write", letter, "--from", path).code == 3
    assert sample.json("letter", "show", letter) == before


def test_signing_asks_again(sample, letter):
    refused = sample("letter", "release", letter)
    assert refused.code == 4
    assert sample.json("letter", "show", letter)["state"] == "draft"


def test_a_wrong_passphrase_does_not_sign(sample, letter, tmp_path):
    cli = sample.copy(tmp_path / "copy")
    assert released(cli, letter, "not this one at all").code == 4


def test_a_draft_is_exported_and_says_so(sample, letter, tmp_path):
    target = tmp_path / "draft.docx"
    done = sample.json("letter", "export", letter, "--to", target)
    assert done["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert zipfile.is_zipfile(target)
    manifest = json.loads((tmp_path / "draft.manifest.json").read_text("utf-8"))
    assert manifest


@pytest.mark.parametrize("name", ["x.txt", "x", "none/x.docx"])
def test_an_export_to_a_wrong_place_is_refused(sample, letter, tmp_path, name):
    refused = sample("letter", "export", letter, "--to", tmp_path / name)
    assert refused.code in (3, 5)
    assert list(tmp_path.iterdir()) == []


def test_a_released_letter_is_frozen_sent_and_exported(sample, tmp_path):
    cli = sample.copy(tmp_path / "copy")
    taken = write(tmp_path / "q.json", question("LETTER-3", requester_name="Ida Berg", country="US"))
    number = cli.json("inquiry", "add", "--from", taken)["number"]
    cli.json("inquiry", "triage", number, *[word for fact in FACTS for word in ("--set", fact)])
    cli.json("inquiry", "assign", number)
    cli.json("inquiry", "start", number)
    letter = cli.json("letter", "new", number)["reference"]
    cli.json("letter", "insert", letter, "SRD-ATO-002", "--question", "1")
    checked_now = cli("letter", "check", letter, "--json")
    blocking = [f for f in checked_now.document["findings"] if f["severity"] == "X"]
    assert blocking == [], json.dumps(blocking)
    leaflet = tmp_path / "leaflet.pdf"
    leaflet.write_bytes(pdf(2))
    words = ["letter", "enclose", letter, leaflet, "--kind", "label", "--title", "Prescribing information"]
    assert cli.json(*words)["enclosures"] == 1
    assert cli(*words).code == 1
    assert cli("letter", "enclose", letter, write(tmp_path / "no.pdf", b"no pdf")).code == 3
    assert cli("letter", "unenclose", letter, 2).code == 3
    assert cli.json("letter", "unenclose", letter, 1)["enclosures"] == 0
    assert cli.json(*words)["enclosures"] == 1
    done = released(cli, letter, PASSPHRASE)
    assert done.code == 0, done.err
    assert cli.json("letter", "show", letter)["state"] == "released"
    late = cli("letter", "insert", letter, "SRD-ATO-002")
    assert late.code == 1
    exported = cli.json("letter", "export", letter, "--to", tmp_path / "final.docx")
    assert exported["sha256"] == done.document["sha256"]
    for name in ("final.pdf", "final.eml"):
        made = cli.json("letter", "export", letter, "--to", tmp_path / name)
        assert made["sha256"] == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        assert made["manifest"].endswith("final.manifest.json")
    with pikepdf.open(tmp_path / "final.pdf") as made, made.open_outline() as outline:
        assert outline.root[-1].title == "Prescribing information"
    mail = email.message_from_bytes((tmp_path / "final.eml").read_bytes(), policy=email.policy.default)
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == (tmp_path / "final.pdf").read_bytes()
    assert (mail["X-Unsent"], mail["Subject"]) == ("1", f"Your inquiry {number}")
    assert mail["Date"] is None
    assert cli.json("letter", "send", letter, "--method", "email")["state"] == "sent"
    assert cli.json("audit", "verify")["ok"]


def test_an_acknowledgement_is_released_without_an_answer(sample, tmp_path):
    cli = sample.copy(tmp_path / "copy")
    taken = write(tmp_path / "q.json", question("LETTER-4", requester_name="Ole Lund", country="US"))
    number = cli.json("inquiry", "add", "--from", taken)["number"]
    cli.json("inquiry", "triage", number, *[word for fact in FACTS for word in ("--set", fact)])
    cli.json("inquiry", "assign", number)
    cli.json("inquiry", "start", number)
    letter = cli.json("letter", "new", number, "--template", "acknowledgement-en")["reference"]
    assert cli.json("letter", "check", letter)["findings"] == []
    done = released(cli, letter, PASSPHRASE)
    assert done.code == 0, done.err
    exported = cli.json("letter", "export", letter, "--to", tmp_path / "final.docx")
    assert exported["sha256"] == done.document["sha256"]
    assert cli.json("letter", "send", letter, "--method", "email")["state"] == "sent"
    assert cli.json("inquiry", "show", number)["facts"]["acknowledged_at"]
