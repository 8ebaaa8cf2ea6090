import csv
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.errors import InputRefusedError, JobCancelledError
from app.models.inquiry import Inquiry
from app.models.inquiry_forms import QuestionForm
from app.services.audit.queries import verify_trail
from app.services.intake import bulk, inbox_export, queries
from app.services.jobs import JobContext
from tests.conftest import NOW

ALL = queries.InboxQuery("all", "user-1", NOW, "Europe/London", sort="number")


def rows_of(database):
    return list(database.read(queries.inbox_ids, ALL))


def stop_after(batches):
    seen = []

    def note(progress):
        seen.append(progress.done)
        if len(seen) == batches:
            job.cancel()

    job = JobContext(note)
    return job, seen


def journal_groups(database, op):
    query = text("SELECT count(DISTINCT group_id) FROM journal WHERE op = :op AND type = 'inquiry'")
    return database.read(lambda session: session.scalar(query, {"op": op}))


def test_what_can_be_claimed_is_and_each_refusal_has_its_reason(database, ready, take, see):
    first = ready()
    other = {"questions": (QuestionForm("May it be crushed?"),), "product_id": None, "no_product": True}
    second = take(**other, requester=None, anonymous_reason="Asked so")
    outcome = database.write(bulk.assign, rows_of(database))
    assert (outcome.asked, outcome.done) == (2, 1)
    assert see(first).facts["owner_id"] == "user-1"
    by_id = {each.inquiry_id: each for each in outcome.refused}
    assert by_id[second].number == see(second).number
    assert by_id[second].blockers
    assert see(second).state == "new"
    assert bulk.reasons(outcome.refused)[0][1] >= 1


def test_tags_are_put_on_and_taken_off_once(database, take, see):
    ids = [take(), take(tags=("KOL",))]
    outcome = database.write(bulk.tag, rows_of(database), add=("kol", " phase  IV "))
    assert outcome.done == 2
    assert [see(each).facts["tags"] for each in ids] == [("kol", "phase IV"), ("KOL", "phase IV")]
    assert database.write(bulk.tag, rows_of(database), add=("kol",)).unchanged == 2
    database.write(bulk.tag, rows_of(database), remove=("Kol",))
    assert [see(each).facts["tags"] for each in ids] == [("phase IV",)] * 2
    with pytest.raises(InputRefusedError):
        database.write(bulk.tag, rows_of(database))


def test_urgency_moves_the_clocks_and_leaves_what_has_ended(database, take, see):
    first, second = take(), take()
    with database.unit() as uow:
        uow.session.get(Inquiry, second).state = "cancelled"
        uow.commit()
    before = see(first).facts.get("due_at")
    outcome = database.write(bulk.set_urgency, rows_of(database), "urgent")
    refused = {each.inquiry_id for each in outcome.refused}
    assert refused == {second}
    assert see(first).facts["urgency"] == "urgent"
    assert outcome.done == 1
    assert before is None or see(first).facts["due_at"] <= before
    with pytest.raises(InputRefusedError):
        database.write(bulk.set_urgency, rows_of(database), "very")


def test_a_cancelled_step_keeps_what_was_done_and_says_so(database, take, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 2)
    for _ in range(5):
        take()
    job, _ = stop_after(2)
    outcome = database.write(bulk.tag, rows_of(database), add=("x",), job=job)
    assert (outcome.done, outcome.is_stopped) == (4, True)
    tagged = database.read(queries.inbox_count, queries.InboxQuery("all", "user-1", NOW, "UTC", "tag:x"))
    assert tagged == 4
    assert journal_groups(database, "patch") == 2
    assert database.read(verify_trail).verification.flaws == []


def test_rows_that_are_gone_are_no_error(database, take):
    take()
    assert database.write(bulk.tag, [*rows_of(database), 999], add=("x",)).done == 1


def exported(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_an_export_holds_the_chosen_columns_in_the_order_of_the_list(database, take, tmp_path):
    for words in ("first", "second"):
        take(verbatim=words, tags=("kol",))
    rows = rows_of(database)
    done = inbox_export.export(
        database, rows[::-1], tmp_path / "out.csv", columns=("number", "tags", "state")
    )
    head, *lines = exported(tmp_path / "out.csv")
    assert head == ["Number", "Tags", "State"]
    assert [line[0].rsplit("-", 1)[1] for line in lines] == ["2", "1"]
    assert (done.rows, lines[0][1:]) == (2, ["kol", "new"])


def test_nothing_personal_is_exported_unless_it_is_chosen(database, take, tmp_path):
    take(verbatim="very private words", title="private title")
    rows = rows_of(database)
    inbox_export.export(database, rows, tmp_path / "usual.csv")
    said = (tmp_path / "usual.csv").read_text("utf-8")
    assert not [word for word in ("Whitfield", "dana@", "private") if word in said]
    inbox_export.export(database, rows, tmp_path / "all.csv", columns=("contact", "email", "verbatim"))
    assert exported(tmp_path / "all.csv")[1] == [
        "Dana Whitfield",
        "dana@clinic.example.org",
        "very private words",
    ]


@given(st.text(max_size=12))
def test_no_cell_of_a_csv_is_a_formula(cell):
    guarded = inbox_export.guarded(cell)
    assert guarded.removeprefix("'") == cell or guarded == cell
    assert not guarded.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_sheet_holds_words_and_no_formula(database, take, tmp_path):
    take(verbatim="=1+1", title="=HYPERLINK(1)")
    inbox_export.export(
        database, rows_of(database), tmp_path / "out.xlsx", columns=("title", "verbatim", "number")
    )
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK(1)" in words


def test_an_export_is_an_event_and_leaves_no_other_file(database, take, tmp_path):
    take()
    folder = tmp_path / "out"
    folder.mkdir()
    done = inbox_export.export(database, rows_of(database), folder / "a.csv")
    query = text("SELECT count(*) FROM journal WHERE op = 'event' AND fields LIKE '%sha256%'")
    assert database.read(lambda session: session.scalar(query)) == 1
    assert done.changes
    assert [path.name for path in folder.iterdir()] == ["a.csv"]
    assert database.read(verify_trail).verification.flaws == []


def test_a_cancelled_export_leaves_what_stood_there(database, take, tmp_path):
    take()
    path = tmp_path / "a.csv"
    path.write_text("kept", "utf-8")
    job = JobContext()
    job.cancel()
    with pytest.raises(JobCancelledError):
        inbox_export.export(database, rows_of(database), path, job=job)
    assert path.read_text("utf-8") == "kept"
    assert not list(tmp_path.glob(".*part"))


@pytest.mark.parametrize(("name", "columns"), [("a.txt", ("number",)), ("a.csv", ("bogus",)), ("a.csv", ())])
def test_a_wrong_kind_or_column_is_refused(database, tmp_path, name, columns):
    with pytest.raises(InputRefusedError):
        inbox_export.export(database, [], tmp_path / name, columns=columns)
    assert not (tmp_path / name).exists()
