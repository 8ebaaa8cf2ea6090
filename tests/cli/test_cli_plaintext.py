"""F17 at the front door: what came in by the command line is nowhere to be read afterwards."""

import signal
import subprocess
import sys

import pytest

from tests.architecture.code import ROOT
from tests.cli.driving import PASSPHRASE, question, write
from tests.faults.plaintext import scan_for_markers

MARKERS = {
    "name": "Zqmarkname",
    "question": "Zqmarkquestion",
    "address": "zqmarkmail",
    "phone": "Zqmarkphone",
    "institution": "Zqmarkhospital",
    "answer": "Zqmarkanswer",
    "event": "Zqmarkevent",
    "document": "Zqmarkdocument",
    "letter": "Zqmarkletter",
    "refused": "Zqmarkrefused",
}
PERSON = {
    "requester_name": f"Dana {MARKERS['name']}",
    "requester_email": f"{MARKERS['address']}@clinic.example.org",
    "requester_phone": f"+44 {MARKERS['phone']}",
    "institution": MARKERS["institution"],
    "question": f"Is {MARKERS['question']} β-safe? " * 40,
}
DOCUMENT = {
    "id": "SRD-MARK",
    "kind": "srd",
    "title": "Marked",
    "sections": [{"heading": "Summary", "text": MARKERS["document"]}],
}
STEPS = [
    *(
        "adverse_event=yes",
        "special_situation=no",
        "quality_complaint=no",
        "assessment=on_label",
        "contact=same",
    ),
    *(
        "safety_reason=asked, one told",
        f"safety_description={MARKERS['event']} after the second dose",
        f"referred_by={MARKERS['name']}",
    ),
]


@pytest.fixture(scope="module")
def worked(start, tmp_path_factory):
    """A day of work with markers, and every word that the verbs without records said."""
    root = tmp_path_factory.mktemp("f17")
    given = tmp_path_factory.mktemp("given")
    cli = start.on(root / "w")
    cli.home.joinpath("f17").mkdir()
    cli.json("init", "--name", "Priya Nilsson", "--recovery-out", given / "key.txt")
    said = []
    taken = cli("inquiry", "add", "--from", write(given / "q.json", question("F17", **PERSON)), "--json")
    number = taken.document["number"]
    said.append(taken)
    facts = [word for fact in STEPS for word in ("--set", fact)]
    said.append(cli("inquiry", "triage", number, *facts, "--set", "no_product=yes"))
    said += [cli("inquiry", step, number) for step in ("assign", "start")]
    said.append(cli("inquiry", "answer", number, "--verbal", f"{MARKERS['answer']} was told"))
    said.append(cli("srd", "import", write(given / "d.json", DOCUMENT), "--publish"))
    said.append(cli("srd", "hold", "SRD-MARK", "--reason", MARKERS["document"]))
    bad = question(
        "BAD", question=MARKERS["refused"], received_at=MARKERS["refused"], channel=MARKERS["refused"]
    )
    said.append(cli("inquiry", "import", write(given / "b.jsonl", [bad])))
    said.append(cli("backup", root / "b.midesk-backup"))
    said += [
        cli("audit", "verify"),
        cli("audit", "verify", "--json"),
        cli("rekey", "--recovery-out", given / "2.txt"),
    ]
    return cli, root, given, said


def test_no_file_beside_what_was_given_holds_a_word_of_it(worked):
    cli, root, _, _ = worked
    assert scan_for_markers(root, MARKERS.values()) == []
    assert scan_for_markers(cli.home, MARKERS.values()) == []


def test_the_work_was_really_done(worked):
    """A marker that was never stored would be found nowhere, too."""
    cli, _, given, said = worked
    assert [done.code for done in said] == [0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0], [done.err for done in said]
    exported = cli("audit", "export", "--to", given / "trail.jsonl")
    assert exported.code == 0
    content = (given / "trail.jsonl").read_text("utf-8")
    stored = set(MARKERS) - {"letter", "refused"}
    assert {name for name in stored if MARKERS[name] not in content} == set()


@pytest.mark.parametrize(
    "marker", ["name", "address", "phone", "institution", "event", "answer", "document", "question"]
)
def test_verbs_that_show_no_record_do_not_tell_of_one(worked, marker):
    said = "".join(done.out + done.err for done in worked[3])
    assert MARKERS[marker] not in said


def test_a_wrong_key_tells_nothing(worked, tmp_path):
    cli = worked[0].copy(tmp_path / "copy")
    refused = cli("inquiry", "list", passphrase="not this one at all")
    assert refused.code == 4
    assert [marker for marker in MARKERS.values() if marker in refused.out + refused.err] == []


def test_a_killed_verb_leaves_nothing_to_read(worked, tmp_path):
    """What lies in the log of the database after a crash is as unreadable as the rest."""
    cli = worked[0].copy(tmp_path / "copy")
    path = write(tmp_path / "k.json", question("KILLED", **{**PERSON, "question": MARKERS["letter"] * 500}))
    code = (
        "import os, signal, sys\n"
        "from sqlalchemy import event, Engine\n"
        "from app import cli\n"
        "event.listen(Engine, 'commit', lambda c: os.kill(os.getpid(), signal.SIGKILL) if armed else None)\n"
        "armed = []\n"
        "from app.services.intake import commands\n"
        "from app.services.workspace.workspace import open_workspace\n"
        "from app.services.workspace import vault\n"
        "from pathlib import Path\n"
        "w = open_workspace(vault.open_with_passphrase(Path(sys.argv[1]), sys.argv[2]))\n"
        "armed.append(1)\n"
        "w.database.write(commands.import_file, Path(sys.argv[3]))\n"
    )
    command = [sys.executable, "-c", code, str(cli.workspace), PASSPHRASE, str(path)]
    done = subprocess.run(command, cwd=ROOT, env=cli.environment(None), check=False)
    assert done.returncode == -signal.SIGKILL
    path.unlink()
    assert scan_for_markers(tmp_path, MARKERS.values()) == []
    assert scan_for_markers(cli.home, MARKERS.values()) == []
    assert cli.json("audit", "verify")["ok"]
