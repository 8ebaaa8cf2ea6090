"""The clock that a list shows decides its order, its filter and its counts, whichever door wrote."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from app.errors import AppError
from app.models.business_time import HOUR_MS
from app.models.ids import uuid7
from app.models.inquiry import Escalation, Inquiry
from app.models.inquiry_forms import InquiryForm, PersonForm, QuestionForm
from app.models.office_hours import OfficeForm
from app.models.people import User
from app.models.product import Product
from app.models.wire import RemoteChange
from app.services.intake import commands, queries
from app.services.intake.facts import CONFIRMATIONS
from app.services.intake.queries import InboxQuery
from app.services.safety import commands as safety
from app.services.settings.offices import save_office
from tests.conftest import NOW, FakeClock, new_database

ZONE = "Europe/London"
LAST = 1 << 60
ALL = InboxQuery("all", "user-1", NOW, ZONE)
DOCTOR = PersonForm(
    first_name="Dana", last_name="Whitfield", role="physician", email="d@example.org", country="GB"
)


OTHER = replace(DOCTOR, first_name="Ravi", last_name="Anand", email="r@example.org")


def rows_of(database, **asked):
    """Every row of a view, read in small pages so that their seams are tested too."""
    rows, after = [], None
    while True:
        page = database.read(queries.inbox_page, replace(ALL, now=database.clock.now(), **asked), 3, after)
        rows += page.rows
        if page.next is None:
            return rows
        after = page.next


def place(row):
    """Where a row belongs: by the clock it shows, then what is paused, then what owes nothing."""
    if row.clock is None:
        return (LAST + 1, row.id)
    return (LAST if row.clock.due_at is None else row.clock.due_at, row.id)


def check(database):
    now = database.clock.now()
    rows = rows_of(database)
    assert [place(row) for row in rows] == sorted(map(place, rows))
    turned = rows_of(database, descending=True)
    running = [place(row) for row in turned if place(row)[0] < LAST]
    assert [place(row) for row in turned] == [
        *sorted(running, reverse=True),
        *sorted(place(row) for row in turned if place(row)[0] >= LAST),
    ]
    for moment in (now, now + 30 * HOUR_MS):
        over = {row.id for row in rows if place(row)[0] < moment or (row.safety_due_at or LAST) < moment}
        wanted = replace(ALL, now=moment)
        for query in (replace(wanted, text="is:overdue"), replace(wanted, view="overdue")):
            assert {row.id for row in database.read(queries.inbox_page, query, 500).rows} == over
            assert database.read(queries.inbox_count, query) == len(over)
        assert database.read(queries.view_counts, "user-1", moment, ZONE)["overdue"] == len(over)
    soon = {row.id for row in rows if place(row)[0] < now + 48 * HOUR_MS}
    assert {row.id for row in rows_of(database, text="due:<48h")} == soon
    assert {row.id for row in rows_of(database, text="due:none")} == {
        row.id for row in rows if place(row)[0] >= LAST
    }
    shown = database.read(queries.nearest_clocks, now)
    assert shown.sla_due_at == (min((place(row)[0] for row in rows if place(row)[0] < LAST), default=None))


def test_the_acknowledgement_that_presses_first_stands_first(database, clock, take):
    clock.millis = NOW
    slow = take(channel="email")
    clock.advance(hours=2)
    quick = take(channel="phone", urgency="urgent")
    rows = rows_of(database)
    assert [row.id for row in rows] == [row.id for row in sorted(rows, key=place)]
    assert {row.id for row in rows} == {slow, quick}
    database.write(commands.acknowledge, slow)
    check(database)


def test_what_is_paused_stands_before_what_owes_nothing(database, working, ready, take):
    waiting = working(channel="email")
    done, due = ready(requester=OTHER, urgency="urgent"), take()
    database.write(commands.cancel, done, why="withdrawn")
    database.write(commands.ask_requester, waiting, asked="Which tablet?", reason="Two exist")
    for turned in (False, True):
        assert [row.id for row in rows_of(database, descending=turned)] == [due, waiting, done]


def test_a_late_safety_clock_is_overdue_even_when_the_inquiry_has_ended(database, clock, ready):
    inquiry_id = ready()
    database.write(commands.cancel, inquiry_id, why="withdrawn")
    database.write(safety.decide, inquiry_id, adverse_event="yes")
    assert rows_of(database, text="is:overdue") == []
    clock.advance(hours=25)
    assert [row.id for row in rows_of(database, text="is:overdue")] == [inquiry_id]
    check(database)


def from_server(database, *changes):
    with database.unit() as uow:
        uow.apply_remote([RemoteChange("team", n, *each) for n, each in enumerate(changes, start=1)])
        uow.commit()


def test_what_the_server_says_moves_the_row_too(database, take):
    here = take()
    body = database.read(_body, here) | {"number": "MI-2026-000001"}
    stamp = ("u2", "d2", NOW, "told")
    there = "from-the-server"
    from_server(database, ("inquiry", there, 1, "PUT", body | {"due_at": body["due_at"] + HOUR_MS}, *stamp))
    assert [row.id for row in rows_of(database)] == [here, there]
    called = {"inquiry_id": there, "level": 2, "target": "safety", "reason": "?", "escalated_by": "u2"}
    called |= {"escalated_at": NOW, "due_at": NOW + HOUR_MS, "created_at": NOW, "extra": {}}
    called |= {"ended_at": None, "retired_at": None}
    from_server(
        database,
        ("inquiry", there, 2, "PUT", body | {"escalated_to": "safety", "due_at": None}, *stamp),
        ("escalation", "e1", 1, "PUT", called, *stamp),
    )
    assert [row.id for row in rows_of(database)] == [there, here]
    from_server(database, ("escalation", "e1", 2, "PUT", called | {"ended_at": NOW}, *stamp))
    assert [row.id for row in rows_of(database)] == [here, there]
    from_server(database, ("escalation", "e1", 3, "PUT", called, *stamp))
    check(database)
    from_server(database, ("escalation", "e1", 4, "REMOVE", {}, *stamp))
    assert [row.id for row in rows_of(database)] == [here, there]
    check(database)


def _body(session, inquiry_id):
    found = session.get_one(Inquiry, inquiry_id)
    names = (column.key for column in Inquiry.__mapper__.column_attrs)
    own = ("row", "id", "next_due_at", "scope", "version")
    return {name: getattr(found, name) for name in names if name not in own}


def test_the_clock_shown_is_nobodys_edit(database, take):
    inquiry_id = take(channel="email")
    database.write(commands.acknowledge, inquiry_id)
    said = database.read(queries.timeline, inquiry_id)
    assert "next_due_at" not in str(said)
    assert "next_due_at" not in str(database.read(lambda s: s.scalars(select(Escalation)).all()))


ACTS = {
    "acknowledge": lambda db, i: db.write(commands.acknowledge, i),
    "triage": lambda db, i: db.write(commands.triage, i),
    "assign": lambda db, i: db.write(commands.assign, i),
    "start": lambda db, i: db.write(commands.start, i),
    "pause": lambda db, i: db.write(commands.ask_requester, i, asked="Which?", reason="Two"),
    "ask": lambda db, i: db.write(commands.ask_internal, i, asked="Why?", due_at=db.clock.now() + HOUR_MS),
    "resume": lambda db, i: db.write(commands.resume, i),
    "interim": lambda db, i: db.write(commands.log_interim_reply, i),
    "complex": lambda db, i: db.write(commands.edit_fact, i, "answer_class", "complex"),
    "standard": lambda db, i: db.write(commands.edit_fact, i, "answer_class", "standard"),
    "urgent": lambda db, i: db.write(commands.edit_fact, i, "urgency", "urgent"),
    "routine": lambda db, i: db.write(commands.edit_fact, i, "urgency", "routine"),
    "by phone": lambda db, i: db.write(commands.edit_fact, i, "channel", "phone"),
    "by mail": lambda db, i: db.write(commands.edit_fact, i, "channel", "email"),
    "to Japan": lambda db, i: db.write(commands.edit_fact, i, "country", "JP"),
    "came before": lambda db, i: db.write(commands.edit_fact, i, "received_at", NOW - 50 * HOUR_MS),
    "escalate": lambda db, i: db.write(commands.escalate, i, target="safety", reason="Serious"),
    "escalate on": lambda db, i: db.write(
        commands.escalate, i, target="medical", reason="Hard", due_at=db.clock.now() + HOUR_MS // 2
    ),
    "take up": lambda db, i: db.write(commands.take_up_escalation, i),
    "end call": lambda db, i: db.write(commands.end_escalation, i, reason="Helped"),
    "adverse event": lambda db, i: db.write(safety.decide, i, adverse_event="yes"),
    "all clear": lambda db, i: db.write(
        safety.decide, i, adverse_event="no", special_situation="no", quality_complaint="no", reason="Asked"
    ),
    "on label": lambda db, i: [
        db.write(commands.assess_label, question.id, "on_label", label_version="SmPC 4")
        for question in db.read(queries.case, i, "user-1").questions
    ],
    "say": lambda db, i: db.write(
        commands.answer_verbal,
        i,
        text="Half the dose",
        question_ids=[question.id for question in db.read(queries.case, i, "user-1").questions],
    ),
    "answered": lambda db, i: db.write(commands.answered, i),
    "close": lambda db, i: db.write(commands.close, i, CONFIRMATIONS),
    "reopen": lambda db, i: db.write(commands.reopen, i, reason="More asked"),
    "cancel": lambda db, i: db.write(commands.cancel, i, why="withdrawn"),
}
# What brings an inquiry to where the other acts begin to mean something.
READY = ("triage", "on label", "all clear", "assign", "start")


class Clocks(RuleBasedStateMachine):
    """Whatever is done to inquiries in whichever order, the list stands by the clocks it shows."""

    inquiries = Bundle("inquiries")

    def __init__(self):
        super().__init__()
        self.database = new_database(type(self).folder.mktemp("clocks"), FakeClock())
        with self.database.unit() as uow:
            uow.session.add(Product(id="p", name="Cardenza"))
            uow.session.merge(User(id="user-2", name="T. Kaya", roles=["specialist"]))
            uow.commit()
        tokyo = OfficeForm("Tokyo", "Asia/Tokyo", countries=("JP",), week={"monday": "09:00-17:00"})
        self.database.write(save_office, tokyo, reason="A desk more")

    def teardown(self):
        self.database.close()

    @rule(target=inquiries, channel=st.sampled_from(["phone", "email"]), acts=st.sampled_from([0, 2, 5, 5]))
    def take(self, channel, acts):
        form = InquiryForm(
            channel=channel,
            requester=replace(DOCTOR, first_name=uuid7(), email=f"{uuid7()}@example.org"),
            product_id="p",
            questions=(QuestionForm("What dose?"),),
            solicited="unsolicited",
        )
        inquiry_id = self.database.write(commands.capture, form).inquiry_id
        self.act(inquiry_id, READY[:acts])
        return inquiry_id

    @rule(target=inquiries, channel=st.sampled_from(["phone", "email"]))
    def import_one(self, channel):
        inquiry_id = uuid7()
        told = {"id": inquiry_id, "number": f"MI-X-{inquiry_id}", "received_at": NOW, "received_zone": ZONE}
        told |= {"channel": channel, "due_at": NOW + 20 * HOUR_MS, "acknowledge_by": NOW + 5 * HOUR_MS}
        with self.database.unit() as uow:
            uow.insert_many(Inquiry, [told])
            uow.commit()
        return inquiry_id

    @rule(inquiry_id=inquiries, names=st.lists(st.sampled_from(sorted(ACTS)), min_size=1, max_size=6))
    def act(self, inquiry_id, names):
        for name in names:
            with suppress(AppError):
                ACTS[name](self.database, inquiry_id)

    @rule(hours=st.sampled_from([1, 5, 30]))
    def wait(self, hours):
        self.database.clock.advance(hours=hours)

    @invariant()
    def the_list_stands_by_what_it_shows(self):
        check(self.database)


@pytest.fixture(scope="module")
def _folder(tmp_path_factory):
    Clocks.folder = tmp_path_factory


@pytest.mark.usefixtures("_folder")
class TestClocks(Clocks.TestCase):
    settings = settings(
        max_examples=4, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
    )
