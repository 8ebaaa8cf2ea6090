from dataclasses import fields, replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.models.business_time import HOUR_MS
from app.models.ids import uuid7
from app.models.inquiry import Inquiry
from app.models.people import User
from app.models.product import Product
from app.services.intake import commands, inbox, queries
from app.services.safety import commands as safety
from tests.conftest import NOW, FakeClock, new_database

ZONE = "Europe/London"
ALL = queries.InboxQuery("all", "user-1", NOW, ZONE)
VIEWS = get_args(inbox.View)
SORTS = get_args(inbox.Sort)
STATES = ("new", "triage", "assigned", "in_progress", "awaiting_requester", "answered", "closed", "cancelled")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A workspace with 120 inquiries of every kind, filled once."""
    database = new_database(tmp_path_factory.mktemp("inbox"), FakeClock())
    products = [uuid7() for _ in range(3)]
    with database.unit() as uow:
        for product_id, name in zip(products, ("Zeta", "Alpha", "Mid"), strict=True):
            uow.session.add(Product(id=product_id, name=name))
        uow.session.add(User(id="user-2", name="A. First", roles=["specialist"]))
        uow.session.flush()
        uow.insert_many(Inquiry, [_inquiry(n, products) for n in range(120)])
        uow.commit()
    yield database
    database.close()


def _inquiry(n, products):
    return {
        "number": f"MI-L-682D-{n + 1}",
        "state": STATES[n % len(STATES)],
        "received_at": NOW - (n * 37 % 50) * HOUR_MS,
        "received_zone": ZONE,
        "channel": "phone",
        "title": f"Title {n}",
        "verbatim": "about ravexaban" if n % 10 == 0 else "about cardenza",
        "product_id": [*products, None][n % 4],
        "owner_id": [None, "user-1", "user-2"][n % 3],
        "urgency": "urgent" if n % 7 == 0 else "routine",
        "due_at": None if n % 11 == 0 else NOW + (n * 13 % 29 - 10) * HOUR_MS,
    }


def paged(database, query, limit):
    rows, after = [], None
    while True:
        page = database.read(queries.inbox_page, query, limit, after)
        rows.extend(page.rows)
        if page.next is None:
            return rows
        after = page.next


@settings(max_examples=60)
@given(st.sampled_from(VIEWS), st.sampled_from(SORTS), st.booleans(), st.integers(1, 150))
def test_the_pages_of_a_view_are_its_ids_in_order(crowded, view, sort, descending, limit):
    query = replace(ALL, view=view, sort=sort, descending=descending)
    ids = list(crowded.read(queries.inbox_ids, query))
    assert [row.row for row in paged(crowded, query, limit)] == ids
    assert len(set(ids)) == len(ids) == crowded.read(queries.inbox_count, query)


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_shows_every_inquiry_in_its_order(crowded, sort):
    rows = paged(crowded, replace(ALL, sort=sort), 50)
    keys = {
        "due": lambda row: (row.clock is None, row.clock.due_at if row.clock else 0, row.id),
        "received": lambda row: row.received_at,
        "number": lambda row: int(row.number.rsplit("-", 1)[1]),
        "product": lambda row: (row.product == "", row.product),
        "state": lambda row: list(inbox.InquiryState).index(inbox.InquiryState(row.state)),
        "owner": lambda row: ["user-2", "user-1", None].index(row.owner_id),
        "priority": lambda row: row.urgency != "urgent",
    }
    assert len(rows) == 120
    assert [keys[sort](row) for row in rows] == sorted(keys[sort](row) for row in rows)


def test_the_views_hold_what_their_names_say(crowded):
    ended = {"closed", "duplicate", "cancelled", "transferred"}
    rows = paged(crowded, ALL, 200)
    expected = {
        "all": lambda row: True,
        "all_open": lambda row: row.state not in ended,
        "closed": lambda row: row.state in ended,
        "mine": lambda row: row.state not in ended and row.owner_id == "user-1",
        "unassigned": lambda row: row.state not in ended and row.owner_id is None,
        "waiting": lambda row: row.state.startswith("awaiting"),
        "overdue": lambda row: row.state not in ended | {"answered"} and (row.due_at or NOW) < NOW,
        "safety_open": lambda row: False,
    }
    counts = crowded.read(queries.view_counts, "user-1", NOW, ZONE)
    for view, belongs in expected.items():
        wanted = {row.row for row in rows if belongs(row)}
        assert set(crowded.read(queries.inbox_ids, replace(ALL, view=view))) == wanted, view
        assert counts[view] == len(wanted), view


def test_a_count_says_no_more_than_that_there_are_many(crowded, monkeypatch):
    exact = crowded.read(queries.view_counts, "user-1", NOW, ZONE)
    monkeypatch.setattr(inbox, "MOST_COUNTED", 20)
    counts = crowded.read(queries.view_counts, "user-1", NOW, ZONE)
    assert (counts["closed"], counts["all"]) == (21, 21)
    assert {view: counts[view] for view in VIEWS if view not in ("closed", "all")} == {
        view: exact[view] for view in VIEWS if view not in ("closed", "all")
    }
    assert crowded.read(inbox.inbox_count, ALL, most=50) == 51
    assert crowded.read(inbox.inbox_count, ALL, most=200) == 120


def test_due_today_ends_at_midnight_of_the_zone(crowded):
    rows = paged(crowded, replace(ALL, view="due_today"), 200)
    # NOW is 23:48 in London, so only what was due earlier this Sunday is left of the day.
    assert rows
    assert all(NOW - 24 * HOUR_MS < row.due_at < NOW + HOUR_MS // 5 for row in rows)


@pytest.mark.parametrize(
    ("words", "count"),
    [("ravex", 12), ("RAVEX abo", 12), ("12", 5), ("nothing", 0), ('"*', 0), ("MI-L-682D-7", 11)],
)
def test_the_filter_finds_words_by_their_beginning_and_numbers(crowded, words, count):
    found = [row.number for row in paged(crowded, replace(ALL, text=words), 7)]
    if words == "12":
        assert {"MI-L-682D-12", "MI-L-682D-112", "MI-L-682D-120"} <= set(found)
    elif words.startswith("MI"):
        assert len(found) == count
        assert all("-7" in number for number in found)
    else:
        assert len(found) == count


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_no_filter_is_an_error(crowded, words):
    crowded.read(queries.inbox_ids, replace(ALL, text=words))
    crowded.read(queries.find, words)
    crowded.read(queries.people, words)


def plans(database, query):
    def explain(session):
        found = []
        for segment in inbox.segments(session, query):
            statement = segment.query(inbox._base(session, query)).limit(100)
            compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            found += [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
        return found

    return database.read(explain)


# Sorting by number reads every number: no index knows their length.
@pytest.mark.parametrize("sort", sorted(set(SORTS) - {"number"}))
@pytest.mark.parametrize("view", ["all", "all_open", "closed"])
def test_the_first_page_of_a_large_view_sorts_nothing(crowded, view, sort):
    assert not [line for line in plans(crowded, replace(ALL, view=view, sort=sort)) if "TEMP B-TREE" in line]


def test_a_row_names_no_person_outside(take, database):
    inquiry_id = take()
    (row,) = database.read(queries.inbox_page, ALL, 10).rows
    said = " ".join(str(getattr(row, field.name)) for field in fields(row))
    assert row.id == inquiry_id
    assert "Whitfield" not in said
    assert "dana@" not in said
    assert (row.role, row.audience, row.product, row.is_unsynced) == ("physician", "hcp", "Cardenza", True)


def test_a_row_tells_safety_owner_and_label(working, database, see):
    inquiry_id = working()
    database.write(commands.assess_label, see(inquiry_id).questions[0].id, "off_label")
    database.write(safety.decide, inquiry_id, adverse_event="yes")
    (row,) = database.read(queries.inbox_page, replace(ALL, view="safety_open"), 10).rows
    assert (row.is_off_label, row.owner_initials, row.safety_due_at) == (True, "PN", NOW + 24 * HOUR_MS)
    database.write(safety.hand_off, see(inquiry_id).safety[0].id, method="phone", receiver="PV")
    (row,) = database.read(queries.inbox_page, replace(ALL, view="safety_open"), 10).rows
    assert row.safety_due_at is None
    assert row.safety_numbers == (see(inquiry_id).safety[0].number,)


def test_rows_that_are_gone_are_left_out(take, database):
    take()
    assert list(database.read(queries.inbox_rows, [1, 999])) == [1]
