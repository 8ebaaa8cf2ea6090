import pytest
from sqlalchemy import text

from app.errors import InputRefusedError, RecordNotFoundError
from app.models.business_time import HOUR_MS
from app.models.inbox_filter import read
from app.models.inquiry import Inquiry
from app.models.people import User
from app.models.product import Product
from app.models.safety import AdverseEventReport
from app.services.intake import inbox_filter, inbox_views, queries
from app.services.intake.inbox_filter import doubts
from app.services.intake.inbox_views import SavedQuery
from app.services.intake.inbox_words import filter_words
from tests.conftest import NOW, FakeClock, new_database

ZONE = "Europe/London"
ALL = queries.InboxQuery("all", "user-1", NOW, ZONE, sort="number")
STATES = ("new", "triage", "assigned", "in_progress", "awaiting_requester", "answered", "closed", "cancelled")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    database = new_database(tmp_path_factory.mktemp("filter"), FakeClock())
    with database.unit() as uow:
        uow.session.add(
            Product(id="p1", name="Atorvastatin tablets", substance="atorvastatin", aliases=["Lipitor"])
        )
        uow.session.add(Product(id="p2", name="Warfarin", substance="warfarin"))
        uow.session.add(User(id="user-2", name="T. Kaya", roles=["specialist"]))
        uow.session.flush()
        uow.insert_many(Inquiry, [_inquiry(n) for n in range(96)])
        first = uow.session.query(Inquiry.id).filter(Inquiry.number == "MI-L-682D-1").scalar()
        uow.session.add(
            AdverseEventReport(
                inquiry_id=first, number="AE-1", state="captured", awareness_at=NOW, awareness_zone=ZONE,
                due_at=NOW - 1,
                recorded_by="user-1",
            )
        )  # fmt: skip
        uow.commit()
    yield database
    database.close()


def _inquiry(n):
    return {
        "number": f"MI-L-682D-{n + 1}",
        "state": STATES[n % 8],
        "received_at": NOW - n * 12 * HOUR_MS,
        "received_zone": ZONE,
        "channel": ("phone", "email", "web")[n % 3],
        "title": f"Title {n}",
        "verbatim": "with grapefruit juice"
        if n % 6 == 0
        else "juice of the grapefruit"
        if n % 6 == 1
        else "storage",
        "product_id": ("p1", "p2", None)[n % 3],
        "owner_id": (None, "user-1", "user-2")[n % 3],
        "topic": ("dosing_administration/dose", "safety", "")[n % 3],
        "country": ("GB", "DE")[n % 2],
        "urgency": "urgent" if n % 7 == 0 else "routine",
        "due_at": None if n % 11 == 0 else NOW + (n - 20) * 6 * HOUR_MS,
        "tags": (["KOL", "a, b"], [], [])[n % 3],
    }


def _owed(n):
    return None if n["state"] in ("answered", "closed", "cancelled") else n["due_at"]


def found(database, words):
    return {
        int(row.number.rsplit("-", 1)[1]) - 1
        for row in database.read(queries.inbox_page, _asked(words), 200).rows
    }


def _asked(words):
    return queries.InboxQuery("all", "user-1", NOW, ZONE, words, "number")


MIDNIGHT = NOW + 12 * 60_000


CASES = {
    "product:ator": lambda n: n["product_id"] == "p1",
    "product:lipitor,warfarin": lambda n: n["product_id"] in ("p1", "p2"),
    "-product:tablets": lambda n: n["product_id"] != "p1",
    "product:none": lambda n: n["product_id"] is None,
    "owner:me": lambda n: n["owner_id"] == "user-1",
    "owner:kaya": lambda n: n["owner_id"] == "user-2",
    "owner:none": lambda n: n["owner_id"] is None,
    "-owner:me": lambda n: n["owner_id"] != "user-1",
    "state:triage,new": lambda n: n["state"] in ("triage", "new"),
    "-closed": lambda n: n["state"] not in ("closed", "cancelled"),
    "state:open": lambda n: n["state"] not in ("closed", "cancelled"),
    "state:ended": lambda n: n["state"] in ("closed", "cancelled"),
    "topic:dosing": lambda n: n["topic"].startswith("dosing"),
    "topic:safety,dosing_administration/dose": lambda n: bool(n["topic"]),
    "tag:kol": lambda n: "KOL" in n["tags"],
    'tag:"A, b"': lambda n: "KOL" in n["tags"],
    "tag:ko": lambda n: False,
    "tag:none": lambda n: not n["tags"],
    "-tag:kol": lambda n: not n["tags"],
    "country:de": lambda n: n["country"] == "DE",
    "channel:phone,web": lambda n: n["channel"] != "email",
    "urgent:yes": lambda n: n["urgency"] == "urgent",
    "urgent:no": lambda n: n["urgency"] == "routine",
    "due:none": lambda n: _owed(n) is None,
    "due:<2d": lambda n: _owed(n) is not None and _owed(n) < MIDNIGHT + 24 * HOUR_MS,
    "due:today": lambda n: _owed(n) is not None and MIDNIGHT - 24 * HOUR_MS <= _owed(n) < MIDNIGHT,
    "due:>tomorrow": lambda n: _owed(n) is not None and _owed(n) >= MIDNIGHT + 24 * HOUR_MS,
    "due:<4h": lambda n: _owed(n) is not None and _owed(n) < NOW + 4 * HOUR_MS,
    "-due:<4h": lambda n: _owed(n) is None or _owed(n) >= NOW + 4 * HOUR_MS,
    "received:>=2026-11-21": lambda n: n["received_at"] >= MIDNIGHT - 48 * HOUR_MS,
    "received:-1d": lambda n: MIDNIGHT - 48 * HOUR_MS <= n["received_at"] < MIDNIGHT - 24 * HOUR_MS,
    "received:2026-10": lambda n: _month(n["received_at"]) == 10,
    "number:68": lambda n: True,
    "number:9": lambda n: "9" in n["number"],
    '"grapefruit juice"': lambda n: n["verbatim"].startswith("with"),
    "grapefruit juice": lambda n: n["verbatim"] != "storage",
    'storage,"grapefruit juice"': lambda n: not n["verbatim"].startswith("juice"),
    '-"grapefruit juice"': lambda n: not n["verbatim"].startswith("with"),
    "-storage grape": lambda n: n["verbatim"] != "storage",
    "ae:open": lambda n: n["number"] == "MI-L-682D-1",
    "ae:late": lambda n: n["number"] == "MI-L-682D-1",
    "-ae:yes": lambda n: n["number"] != "MI-L-682D-1",
    "ae:no pqc:no": lambda n: n["number"] != "MI-L-682D-1",
    "ae:undecided": lambda n: True,
    "is:unread": lambda n: n["state"] == "new",
    "is:tagged -is:mine urgent:no": lambda n: bool(n["tags"]) and n["urgency"] == "routine",
    # The first has a late adverse event.
    "is:overdue": lambda n: n["number"] == "MI-L-682D-1" or (_owed(n) or NOW) < NOW,
    "tag:kol country:gb state:new,closed storage": lambda n: (
        bool(n["tags"]) and n["country"] == "GB" and n["state"] in ("new", "closed") and n["verbatim"] == "storage"
    ),
}  # fmt: skip


def _month(at):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(at / 1000, ZoneInfo(ZONE)).month


@pytest.mark.parametrize("words", sorted(CASES))
def test_a_filter_finds_what_it_says(crowded, words):
    wanted = {n for n in range(96) if CASES[words](_inquiry(n))}
    assert found(crowded, words) == wanted
    assert crowded.read(queries.inbox_count, _asked(words)) == len(wanted)
    assert len(crowded.read(queries.inbox_ids, _asked(words))) == len(wanted)


def test_the_days_of_a_filter_are_those_of_the_office(tmp_path):
    clock = FakeClock()
    database = new_database(tmp_path, clock)
    with database.unit() as uow:
        uow.insert_many(Inquiry, [_inquiry(0) | {"product_id": None, "received_at": NOW + 20 * 60_000}])
        uow.commit()
    assert found(database, "received:today") == set()
    with database.unit() as uow:
        from app.models.settings import Configuration

        uow.session.add(Configuration(key="office.zone", value="America/New_York"))
        uow.commit()
    assert found(database, "received:today") == {0}
    database.close()


def test_names_that_nothing_bears_are_doubted_with_a_suggestion(crowded):
    said = crowded.read(doubts, read("product:atorvastin owner:kaja owner:me product:ator"))
    assert [(each.begin, each.suggestion) for each in said] == [
        (8, "product:atorvastatin"),
        (25, "owner:Kaya"),
    ]


def test_values_are_bound_and_never_written_into_the_statement(crowded):
    for words in ('tag:"\'; DROP TABLE inquiry; --"', 'product:"\' OR 1=1"', "number:'", '"\' MATCH *"'):
        assert found(crowded, words) == set()
    assert crowded.read(lambda session: session.scalar(text("SELECT count(*) FROM inquiry"))) == 96


def test_the_words_that_complete_a_filter_are_those_of_the_workspace(crowded):
    known = crowded.read(filter_words)
    assert [choice.text for choice in known["product"]] == ["Atorvastatin tablets", "Warfarin"]
    assert [choice.text for choice in known["owner"]] == ["me", "none", "P. Nilsson", "T. Kaya"]
    assert [(choice.text, choice.count) for choice in known["tag"]] == [("a, b", 32), ("KOL", 32)]
    assert [choice.text for choice in known["country"]] == ["DE", "GB"]


QUERY = SavedQuery("all_open", 'tag:kol "grapefruit juice"', "received", True, ("due", "received"))


def test_saved_views_are_kept_renamed_moved_and_deleted(database):
    ids = [database.write(inbox_views.save_view, name, QUERY) for name in ("One", "Two", "Three")]
    assert [view.query for view in database.read(inbox_views.saved_views)] == [QUERY] * 3
    database.write(inbox_views.rename_view, ids[0], " First   one ")
    database.write(inbox_views.reorder_views, [ids[2], ids[0]])
    database.write(inbox_views.save_view, "Two", SavedQuery("mine"), ids[1])
    views = database.read(inbox_views.saved_views)
    assert [view.name for view in views] == ["Three", "First one", "Two"]
    assert views[2].query == SavedQuery("mine")
    for _ in range(2):
        database.write(inbox_views.delete_view, ids[2])
    assert [view.id for view in database.read(inbox_views.saved_views)] == ids[:2]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "ONE"])
def test_a_name_that_will_not_do_is_refused(database, name):
    database.write(inbox_views.save_view, "One", QUERY)
    with pytest.raises(InputRefusedError):
        database.write(inbox_views.save_view, name, QUERY)
    assert len(database.read(inbox_views.saved_views)) == 1


def test_a_view_that_is_gone_is_not_renamed(database):
    with pytest.raises(RecordNotFoundError):
        database.write(inbox_views.rename_view, "gone", "x")


def test_saved_views_leave_no_row_in_the_journal(database):
    count = text("SELECT count(*) FROM journal")
    before = database.read(lambda session: session.scalar(count))
    database.write(inbox_views.save_view, "One", QUERY)
    assert database.read(lambda session: session.scalar(count)) == before


def test_a_saved_view_of_another_version_is_left_out(database):
    from app.models.settings import SavedView

    with database.unit() as uow:
        for written in ("{", '{"view": "bogus"}', "[]", "null"):
            uow.session.add(SavedView(page="inbox", name=written, query=written, position=1))
        uow.commit()
    assert database.read(inbox_views.saved_views) == ()


def test_words_of_many_inquiries_are_found_in_the_same_order(crowded, monkeypatch):
    query = queries.InboxQuery("all_open", "user-1", NOW, ZONE, "juice urgent:no", "due")
    few = crowded.read(queries.inbox_page, query, 20).rows
    monkeypatch.setattr(inbox_filter, "MANY", 0)
    assert crowded.read(queries.inbox_page, query, 20).rows == few
    assert len(few) > 10


def test_a_passage_marks_the_words_that_were_searched_for(crowded):
    rows = list(crowded.read(queries.inbox_ids, _asked("grapefruit")))[:3]
    said = crowded.read(queries.passages, "grape tag:kol -storage", rows)
    assert set(said) == set(rows)
    for passage in said.values():
        assert [passage.text[begin:end] for begin, end in passage.marks] == ["grapefruit"]
    assert crowded.read(queries.marked_words, '"grapefruit juice"', rows[0]) == ("grapefruit juice",)
    assert crowded.read(queries.passages, "tag:kol -grape", rows) == {}
    assert crowded.read(queries.passages, "grape", []) == {}
