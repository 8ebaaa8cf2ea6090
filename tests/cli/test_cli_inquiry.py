"""An inquiry from the file to the closed case, and every file that is refused on the way."""

import pytest
from sqlalchemy import select

from app.models.conversation import PhoneCall
from app.models.inquiry import Inquiry
from app.services.workspace import vault
from app.services.workspace.workspace import open_workspace
from tests.cli.driving import PASSPHRASE, question, write

TICKS = [
    word
    for item in ("no_medical_advice", "category_confirmed", "self_checked")
    for word in ("--confirm", item)
]
NO_SAFETY = [
    word
    for fact in (
        "adverse_event=no",
        "special_situation=no",
        "quality_complaint=no",
        "safety_reason=asked, none told",
    )
    for word in ("--set", fact)
]


@pytest.fixture(scope="module")
def taken(sample, tmp_path_factory):
    """Two inquiries of a file, by their numbers."""
    folder = tmp_path_factory.mktemp("in")
    path = write(
        folder / "two.jsonl", [question("LIFE-1"), question("LIFE-2", question="May it be crushed?")]
    )
    return [each["number"] for each in sample.json("inquiry", "import", path)["added"]]


def test_one_inquiry_is_taken_from_a_file(sample, tmp_path):
    path = write(tmp_path / "one.json", question("ONE-1"))
    added = sample.json("inquiry", "add", "--from", path)
    assert set(added) >= {"id", "number"}
    assert added["files"][0]["read"] == added["files"][0]["added"] == 1
    shown = sample.json("inquiry", "show", added["number"])
    assert (shown["id"], shown["state"]) == (added["id"], "new")
    assert shown["questions"][0]["verbatim"] == question("")["question"]
    again = sample.json("inquiry", "add", "--from", path)
    assert (again["files"][0]["added"], again["files"][0]["known"]) == (0, 1)


def test_an_import_has_one_form_for_any_number_of_rows(sample, tmp_path):
    one = sample.json("inquiry", "import", write(tmp_path / "1.jsonl", [question("FORM-1")]))
    two = sample.json(
        "inquiry", "import", write(tmp_path / "2.jsonl", [question("FORM-2"), question("FORM-3")])
    )
    none = sample.json("inquiry", "import", write(tmp_path / "0.jsonl", [question("FORM-1")]))
    assert [len(each["added"]) for each in (one, two, none)] == [1, 2, 0]


def test_a_whole_life_with_a_spoken_answer(sample, taken):
    number = taken[0]
    triage = [*NO_SAFETY, "--set", "assessment=on_label", "--set", "contact=same", "--set", "duplicate=new"]
    assert sample.json("inquiry", "triage", number, *triage)["state"] == "triage"
    assert sample.json("inquiry", "assign", number)["state"] == "assigned"
    assert sample.json("inquiry", "start", number)["state"] == "in_progress"
    answered = sample.json("inquiry", "answer", number, "--verbal", "Yes, with a limit of 10 mg.")
    assert answered["state"] == "answered"
    assert answered["responses"][0]["kind"] == "verbal"
    refused = sample("inquiry", "close", number, "--json")
    assert (refused.code, refused.out) == (1, "")
    assert "self-check" in refused.err
    assert sample.json("inquiry", "close", number, *TICKS)["state"] == "closed"
    open_now = [row["number"] for row in sample.json("inquiry", "list", "--view", "all_open")]
    closed = [row["number"] for row in sample.json("inquiry", "list", "--view", "closed")]
    assert number in closed
    assert number not in open_now


def test_a_step_before_its_time_says_what_is_missing_and_changes_nothing(sample, taken):
    for step in (["assign"], ["start"], ["close"], ["answer", "--verbal", "too early"]):
        refused = sample("inquiry", step[0], taken[1], *step[1:])
        assert refused.code == 1
        assert "Nothing was changed" in refused.err
    shown = sample.json("inquiry", "show", taken[1])
    assert (shown["state"], shown["responses"]) == ("new", [])
    assert any(step["blockers"] for step in shown["next"])


BAD_FACTS = [
    "bogus=1",
    "assessment=perhaps",
    "product=Unheard of",
    "adverse_event=maybe",
    "urgency",
    "urgency=x",
]


@pytest.mark.parametrize("bad", BAD_FACTS)
def test_a_triage_with_one_bad_fact_enters_none(sample, taken, bad):
    before = sample.json("inquiry", "show", taken[1])
    good = ["--set", f"referred_by=the hotline, before {bad}", "--set", "quality_complaint=no"]
    refused = sample(
        "inquiry", "triage", taken[1], *good, "--set", f"safety_reason=asked, {bad}", "--set", bad
    )
    assert refused.code == 3
    assert sample.json("inquiry", "show", taken[1]) == before


def test_a_list_is_one_document_or_lines(sample):
    rows = sample.json("inquiry", "list", "--view", "all", "--limit", "7")
    assert len(rows) == 7
    as_lines = sample("inquiry", "list", "--view", "all", "--limit", "7", "--jsonl")
    assert as_lines.lines == rows
    for_people = sample("inquiry", "list", "--view", "all", "--limit", "7")
    assert [line.split()[0] for line in for_people.out.splitlines()] == [row["number"] for row in rows]


def test_a_list_tells_how_each_came_and_when_its_next_clock_runs_out(small, tmp_path):
    mail = question("L-1", channel="email", received_at="2026-11-20T09:00:00+00:00")
    call = question("L-2", channel="phone", received_at="2026-11-20T09:00:00+00:00", question="By phone?")
    small.json("inquiry", "import", write(tmp_path / "two.jsonl", [call, mail]))
    _call_back(small, "L-2")
    mailed, phoned = small.json("inquiry", "list")
    assert [(each["channel"], each["calls"]) for each in (mailed, phoned)] == [("email", 0), ("phone", 1)]
    # The acknowledgement that the mail is owed presses before either answer.
    assert mailed["clock"]["kind"] == "acknowledge"
    assert mailed["clock"]["due_at"] < phoned["clock"]["due_at"] == mailed["due_at"]
    first, second = small("inquiry", "list").out.splitlines()
    assert [word in first for word in (mailed["number"], "E-mail", "2026-11-2")] == [True, True, True]
    assert [word in second for word in (phoned["number"], "Phone (1)", "2026-11-2")] == [True, True, True]


def _call_back(cli, external_id):
    workspace = open_workspace(vault.open_with_passphrase(cli.workspace, PASSPHRASE))
    try:
        with workspace.database.unit() as uow:
            (inquiry,) = uow.session.scalars(select(Inquiry).where(Inquiry.external_id == external_id))
            uow.session.add(
                PhoneCall(
                    inquiry_id=inquiry.id, direction="out", started_at=inquiry.received_at, zone="UTC",
                    taken_by="user-1", outcome="reached",
                )
            )  # fmt: skip
            uow.commit()
    finally:
        workspace.close()


@pytest.mark.parametrize("limit", ["0", "-5", "x", "1e9", ""])
def test_a_limit_that_is_none_is_wrong_usage(sample, limit):
    assert sample("inquiry", "list", "--limit", limit).code == 2


def test_a_list_is_filtered_as_the_inbox_is(sample, taken):
    found = sample.json(
        "inquiry", "list", "--view", "all", "--filter", "product:atorvastatin channel:phone ciclosporin"
    )
    assert set(taken) & {row["number"] for row in found}
    assert all(row["channel"] == "phone" and row["product"].startswith("Atorva") for row in found)
    doubted = sample("inquiry", "list", "--filter", "product:atorvastin", "--json")
    assert (doubted.code, doubted.document) == (0, [])
    assert "Did you mean product:" in doubted.err


@pytest.mark.parametrize("wrong", [("--filter", "state:treage"), ("--filter", "due:"), ("--view", "bogus")])
def test_a_filter_or_view_that_is_none_is_wrong_usage(sample, wrong):
    refused = sample("inquiry", "list", *wrong)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.strip()


def test_what_is_not_there_is_wrong_usage(sample, taken):
    assert sample("inquiry", "show", "MI-L-NONE-1").code == 2
    assert sample("inquiry", "assign", taken[1], "--to", "nobody").code == 2


def test_good_rows_are_in_and_bad_ones_are_named(sample, tmp_path):
    rows = [question("GOOD-1"), question("BAD-1", question=""), question("BAD-2", received_at="yesterday")]
    rows += [question("BAD-3", requester_email="no address"), question("GOOD-2")]
    done = sample("inquiry", "import", write(tmp_path / "mixed.jsonl", rows), "--json")
    assert done.code == 3
    assert len(done.document["added"]) == 2
    assert [refusal["line"] for refusal in done.document["files"][0]["refused"]] == [2, 3, 4]
    assert all(refusal["reason"] for refusal in done.document["files"][0]["refused"])
    assert "line 3" in done.err


BAD_FILES = {
    "empty.json": b"",
    "half.json": b'{"question": "half',
    "deep.json": b"[" * 200_000,
    "deep.jsonl": b'{"a":' * 50_000 + b"\n",
    "number.json": b"7",
    "nothing.jsonl": b"null\n[]\n7\n",
    "bytes.csv": bytes(range(256)) * 20,
    "zero.jsonl": b"\0" * 5_000,
    "surrogate.json": b'{"question": "\\ud800", "channel": "phone"}',
    "huge.json": b'{"question": "x", "received_at": ' + b"9" * 5_000 + b"}",
    "mail.eml": b"\xff\xfe\x00\x01",
    "sheet.exe": b"MZ",
    "named.json": b'{"requester_name": {"a": 1}, "question": ["x"]}',
}


def test_no_bad_file_shows_a_traceback_or_leaves_half_a_record(sample, tmp_path):
    before = sample.json("inquiry", "list", "--view", "all", "--limit", "10000")
    paths = [write(tmp_path / name, content) for name, content in BAD_FILES.items()]
    done = sample("inquiry", "import", *paths, tmp_path, tmp_path / "none.csv", "--json")
    assert done.code == 3
    told = {row["path"].rsplit("/", 1)[-1]: row for row in done.document["files"]}
    taken_in = {name for name, row in told.items() if row["added"]}
    assert taken_in <= {"mail.eml"}
    named = {name for name, row in told.items() if row["refused"]}
    assert named >= set(BAD_FILES) - taken_in - {"empty.json"}
    assert len(sample.json("inquiry", "list", "--view", "all", "--limit", "10000")) == len(before) + len(
        taken_in
    )


def test_a_mapping_that_is_none_is_refused(sample, tmp_path):
    rows = write(tmp_path / "rows.jsonl", [question("MAP-1")])
    for content in (b"[", b"7", b'{"a": 7}', b"[" * 100_000, b"\xff"):
        refused = sample("inquiry", "import", rows, "--mapping", write(tmp_path / "map.json", content))
        assert refused.code == 3
        assert refused.err.strip()
