from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.errors import AppError, InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.business_time import HOUR_MS, Pause, add_business_ms
from app.models.inquiry import Inquiry
from app.models.office_hours import WEEKDAYS, OfficeForm
from app.models.service_clock import ClockKind, Pressure
from app.models.sla import BusinessUnit, Priority, SlaLimit, Stage, default_policy
from app.services.intake import commands, queries
from app.services.intake.queries import InboxQuery
from app.services.safety import commands as safety
from app.services.safety import queries as safety_queries
from app.services.settings.offices import retire_office, save_office
from app.services.settings.policies import change_policy
from app.services.work.queries import open_items
from app.services.work.service_levels import service_levels

BERLIN, LONDON, TOKYO = "Europe/Berlin", "Europe/London", "Asia/Tokyo"
NINE = dict.fromkeys(WEEKDAYS[:5], "09:00-17:00")


def at(text: str, zone: str = LONDON) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


@pytest.fixture
def office(database):
    def _office(name="Berlin", zone=BERLIN, **fields):
        form = OfficeForm(name, zone, **({"week": NINE} | fields))
        return database.write(save_office, form, reason="The desk moved").office_id

    return _office


def due(see, inquiry_id):
    return see(inquiry_id).facts["due_at"]


def test_the_office_of_the_country_answers_and_its_hours_count(database, clock, take, see, office):
    clock.millis = at("2026-11-24 16:00")
    london = office("London", LONDON, countries=("GB",), is_default=True)
    berlin = office(countries=("DE", "AT"), country="DE", subdivision="BE")
    english, german, other = (take(country=code, urgency="urgent") for code in ("GB", "AT", "FR"))
    assert [see(each).service.office_id for each in (english, german, other)] == [london, berlin, london]
    assert due(see, english) == at("2026-11-25 12:00")
    # 16:00 in London is 17:00 in Berlin, where the office has just closed.
    assert due(see, german) == at("2026-11-25 13:00", BERLIN)


def test_another_office_is_chosen_with_a_reason_and_stays_when_the_country_changes(
    database, clock, take, see, office
):
    clock.millis = at("2026-11-24 16:00")
    berlin, tokyo = office(countries=("DE",)), office("Tokyo", TOKYO, countries=("JP",))
    inquiry_id = take(country="DE", urgency="urgent")
    database.write(commands.set_office, inquiry_id, tokyo, reason="Tokyo has the file")
    assert due(see, inquiry_id) == at("2026-11-25 13:00", TOKYO)
    database.write(commands.edit_fact, inquiry_id, "country", "DE")
    assert see(inquiry_id).service.office_id == tokyo
    database.write(commands.set_office, inquiry_id, berlin, reason="Back again")
    assert due(see, inquiry_id) == at("2026-11-25 13:00", BERLIN)
    reasons = [entry.why for entry in database.read(queries.timeline, inquiry_id)]
    assert {"Tokyo has the file", "Back again"} <= set(reasons)
    for wrong in ("", "  "):
        with pytest.raises(NotAllowedError, match="Say why"):
            database.write(commands.set_office, inquiry_id, berlin, reason=wrong)
    with pytest.raises(RecordNotFoundError):
        database.write(commands.set_office, inquiry_id, "nowhere", reason="?")


def test_a_country_told_later_brings_its_office(database, clock, take, see, office):
    clock.millis = at("2026-11-24 16:00")
    tokyo = office("Tokyo", TOKYO, countries=("JP",))
    inquiry_id = take(requester=None, country="", urgency="urgent")
    assert due(see, inquiry_id) == at("2026-11-25 12:00")
    database.write(commands.edit_fact, inquiry_id, "country", "JP")
    assert see(inquiry_id).service.office_id == tokyo
    assert due(see, inquiry_id) == at("2026-11-25 13:00", TOKYO)


def test_each_fact_that_a_promise_rests_on_moves_it(database, clock, take, see):
    clock.millis = at("2026-11-23 09:00")
    inquiry_id = take(channel="email")
    found = {"standard": due(see, inquiry_id)}
    for kind in ("custom", "complex"):
        database.write(commands.edit_fact, inquiry_id, "answer_class", kind)
        found[kind] = due(see, inquiry_id)
    assert found == {
        "standard": at("2026-11-24 17:00"),
        "custom": at("2026-11-27 17:00"),
        "complex": at("2026-12-04 17:00"),
    }
    assert see(inquiry_id).service.interim_by == at("2026-11-27 17:00")
    database.write(commands.edit_fact, inquiry_id, "urgency", "urgent")
    assert due(see, inquiry_id) == at("2026-11-23 13:00")
    database.write(commands.edit_fact, inquiry_id, "received_at", at("2026-11-23 10:00"))
    assert due(see, inquiry_id) == at("2026-11-23 14:00")


def test_who_speaks_to_us_needs_no_acknowledgement(database, take, see):
    assert see(take(channel="phone")).facts["acknowledge_by"] is None
    inquiry_id = take(channel="email")
    assert see(inquiry_id).service.nearest.kind is ClockKind.ACKNOWLEDGE
    database.write(commands.edit_fact, inquiry_id, "channel", "phone")
    assert see(inquiry_id).service.nearest.kind is ClockKind.ANSWER


def test_the_nearest_clock_is_the_next_thing_owed(database, clock, working, see):
    clock.millis = at("2026-11-23 09:00")
    inquiry_id = working(channel="email")
    database.write(commands.edit_fact, inquiry_id, "answer_class", "complex")
    kinds = [each.kind for each in see(inquiry_id).service.clocks]
    assert kinds == [ClockKind.ACKNOWLEDGE, ClockKind.INTERIM_REPLY, ClockKind.ANSWER]
    database.write(commands.acknowledge, inquiry_id)
    database.write(commands.log_interim_reply, inquiry_id)
    assert [each.kind for each in see(inquiry_id).service.clocks] == [ClockKind.ANSWER]
    with pytest.raises(NotAllowedError, match="is recorded"):
        database.write(commands.log_interim_reply, inquiry_id)


def test_only_a_complex_inquiry_owes_an_interim_reply(database, working):
    with pytest.raises(NotAllowedError, match="owes no interim reply"):
        database.write(commands.log_interim_reply, working())


def test_waiting_for_the_requester_acknowledges_and_stops_every_promise(database, clock, working, see):
    inquiry_id = working(channel="email")
    database.write(commands.edit_fact, inquiry_id, "answer_class", "complex")
    database.write(commands.ask_requester, inquiry_id, asked="Which tablet?", reason="Two exist")
    case = see(inquiry_id)
    assert case.facts["acknowledged_at"] == clock.now()
    assert [(each.kind, each.due_at, each.paused_since) for each in case.service.clocks] == [
        (ClockKind.ANSWER, None, clock.now())
    ]
    assert case.service.nearest.pressure(clock.now() + 10**9) is Pressure.PAUSED


@pytest.mark.parametrize(
    "spans", [[(0, 0)], [(1, 2), (3, 90)], [(0.5, 17), (30, 1), (50, 72)], [(100, 5)], [(2, 0), (2, 0.001)]]
)
def test_several_pauses_are_accounted_to_the_millisecond(database, clock, working, see, spans):
    clock.millis = at("2026-11-23 09:00")
    inquiry_id, pauses = working(channel="phone"), []
    for runs, stands in spans:
        clock.advance(hours=runs)
        begins = clock.now()
        database.write(commands.ask_requester, inquiry_id, asked="Which?", reason="Two exist")
        clock.advance(hours=stands)
        database.write(commands.resume, inquiry_id)
        pauses.append(Pause(begins, clock.now()))
    hours = database.read(service_levels, LONDON).office(None).hours
    limit = default_policy().limits[Priority.ROUTINE, Stage.ANSWER_STANDARD].duration_ms(hours.calendar)
    received = see(inquiry_id).facts["received_at"]
    assert due(see, inquiry_id) == add_business_ms(received, limit, LONDON, hours.calendar, pauses)


def test_ending_a_paused_inquiry_ends_its_pause(database, clock, working, see):
    inquiry_id = working()
    database.write(commands.ask_requester, inquiry_id, asked="Which?", reason="Two exist")
    clock.advance(hours=30)
    database.write(commands.transfer, inquiry_id, target="Legal desk", receipt="Mail of today")
    case = see(inquiry_id)
    assert case.facts["paused_since"] is None
    assert case.facts["due_at"] is not None
    assert case.service.nearest is None


@pytest.mark.parametrize("stands", [1, 30, 400])
def test_a_safety_clock_never_pauses(database, clock, take, see, stands):
    inquiry_id = take()
    database.write(commands.triage, inquiry_id)
    database.write(
        safety.decide,
        inquiry_id,
        adverse_event="yes",
        special_situation="no",
        quality_complaint="no",
        reason="Rash",
    )
    before = see(inquiry_id).safety[0]
    question = see(inquiry_id).questions[0].id
    database.write(commands.assess_label, question, "on_label", label_version="SmPC 4")
    database.write(commands.assign, inquiry_id)
    database.write(commands.start, inquiry_id)
    database.write(commands.ask_requester, inquiry_id, asked="Which?", reason="Two exist")
    clock.advance(hours=stands)
    database.write(commands.resume, inquiry_id)
    after = see(inquiry_id).safety[0]
    assert (after.due_at, after.awareness_at) == (before.due_at, before.awareness_at)
    assert after.due_at == before.awareness_at + 24 * HOUR_MS
    running = database.read(safety_queries.running_clocks, clock.now())
    assert running.nearest_due_at is not None


def test_a_reopened_inquiry_counts_from_then_on_for_good(database, clock, working, see):
    clock.millis = at("2026-11-23 09:00")
    inquiry_id = working(channel="phone")
    with database.unit() as uow:
        uow.session.get(Inquiry, inquiry_id).state = "closed"
        uow.commit()
    clock.millis = at("2026-12-01 09:00")
    database.write(commands.reopen, inquiry_id, reason="The requester asks again")
    assert due(see, inquiry_id) == at("2026-12-02 17:00")
    database.write(commands.edit_fact, inquiry_id, "urgency", "urgent")
    assert due(see, inquiry_id) == at("2026-12-01 13:00")


def test_escalations_have_levels_due_times_and_ends_of_their_own(database, clock, working, see):
    clock.millis = at("2026-11-23 10:00")
    inquiry_id = working(channel="phone")
    database.write(commands.escalate, inquiry_id, target="specialist", reason="Second opinion")
    clock.millis = at("2026-11-23 11:00")
    database.write(commands.escalate, inquiry_id, target="medical", reason="Overdose in a child")
    case = see(inquiry_id)
    assert [(each.level, each.due_at) for each in case.escalations] == [
        (2, at("2026-11-24 10:00")),
        (3, at("2026-11-24 11:00")),
    ]
    assert case.facts["escalated_to"] == "medical"
    database.write(commands.edit_fact, inquiry_id, "urgency", "urgent")
    assert [each.due_at for each in see(inquiry_id).escalations] == [
        at("2026-11-23 14:00"),
        at("2026-11-23 15:00"),
    ]
    assert [item.due_at for item in see(inquiry_id).work_items] == [
        at("2026-11-23 14:00"),
        at("2026-11-23 15:00"),
    ]
    with pytest.raises(NotAllowedError, match="Medical expert already"):
        database.write(commands.escalate, inquiry_id, target="medical", reason="Again")
    medical = see(inquiry_id).escalations[1]
    database.write(commands.end_escalation, inquiry_id, reason="Answered", escalation_id=medical.id)
    case = see(inquiry_id)
    assert (case.facts["escalated_to"], case.escalations[1].outcome) == ("specialist", "Answered")
    assert len(database.read(open_items)) == 1
    database.write(commands.end_escalation, inquiry_id, reason="Settled")
    assert see(inquiry_id).facts["escalated_to"] == ""
    assert database.read(open_items) == ()


def test_an_escalation_that_is_taken_up_presses_no_more(database, clock, working, see):
    clock.millis = at("2026-11-23 10:00")
    inquiry_id = working(channel="phone")
    database.write(
        commands.escalate, inquiry_id, target="medical", reason="Overdose", due_at=at("2026-11-23 10:30")
    )
    nearest = see(inquiry_id).service.nearest
    assert (nearest.kind, nearest.level, nearest.due_at) == (ClockKind.ESCALATION, 3, at("2026-11-23 10:30"))
    database.write(commands.edit_fact, inquiry_id, "urgency", "urgent")
    assert see(inquiry_id).escalations[0].due_at == at("2026-11-23 10:30")
    database.write(commands.take_up_escalation, inquiry_id)
    assert see(inquiry_id).escalations[0].taken_up_at == clock.now()
    assert see(inquiry_id).service.nearest.kind is ClockKind.ANSWER
    with pytest.raises(InputRefusedError, match="has passed"):
        database.write(commands.escalate, inquiry_id, target="legal", reason="Claim", due_at=clock.now())


def test_who_is_not_escalated_has_no_escalation_to_end(database, working):
    inquiry_id = working()
    for command in (commands.take_up_escalation, commands.end_escalation):
        said = {"reason": "?"} if command is commands.end_escalation else {}
        with pytest.raises(NotAllowedError, match="not escalated"):
            database.write(command, inquiry_id, **said)
    database.write(commands.escalate, inquiry_id, target="legal", reason="Claim")
    with pytest.raises(RecordNotFoundError):
        database.write(commands.take_up_escalation, inquiry_id, "unknown")


def view(database, name, now):
    page = database.read(queries.inbox_page, InboxQuery(name, "user-1", now, LONDON), 50)
    return [row.id for row in page.rows]


def test_the_views_count_by_the_day_of_each_office(database, clock, take, office):
    office("London", LONDON, countries=("GB",), is_default=True)
    office("Tokyo", TOKYO, countries=("JP",))
    clock.millis = at("2026-11-23 09:00", TOKYO)
    japanese = take(country="JP", urgency="urgent", channel="phone")
    clock.millis = at("2026-11-23 09:00")
    english = take(country="GB", urgency="urgent", channel="phone")
    # 23 November, 16:00 in London is 24 November, 01:00 in Tokyo.
    assert view(database, "due_today", at("2026-11-23 08:00")) == [japanese, english]
    assert view(database, "due_today", at("2026-11-23 16:00")) == [english]
    assert view(database, "overdue", at("2026-11-23 12:00")) == [japanese]


def test_a_missed_acknowledgement_is_overdue_and_the_nearest_clock(database, clock, take, see):
    clock.millis = at("2026-11-23 09:00")
    inquiry_id = take(channel="email", urgency="routine")
    later = at("2026-11-23 18:00")
    assert view(database, "overdue", later) == [inquiry_id]
    nearest = database.read(queries.nearest_clocks, later)
    assert (nearest.overdue, nearest.sla_inquiry_id, nearest.sla.kind) == (
        1,
        inquiry_id,
        ClockKind.ACKNOWLEDGE,
    )
    database.write(commands.acknowledge, inquiry_id)
    assert view(database, "overdue", later) == []
    nearest = database.read(queries.nearest_clocks, later)
    assert (nearest.overdue, nearest.sla_due_at) == (0, at("2026-11-24 17:00"))


def test_the_status_bar_has_the_same_nearest_clock_as_the_rows(database, clock, take, working):
    clock.millis = at("2026-11-23 09:00")
    escalated = working(channel="phone")
    for urgency in ("routine", "urgent"):
        take(channel="email", urgency=urgency)
    database.write(commands.escalate, escalated, target="legal", reason="Claim", due_at=clock.now() + 1)
    page = database.read(queries.inbox_page, InboxQuery("all_open", "user-1", clock.now(), LONDON), 50)
    first = min((row for row in page.rows if row.clock), key=lambda row: row.clock.due_at)
    nearest = database.read(queries.nearest_clocks, clock.now())
    assert (nearest.sla_inquiry_id, nearest.sla) == (first.id, first.clock)
    assert nearest.sla.kind is ClockKind.ESCALATION


def test_a_changed_calendar_moves_open_inquiries_in_the_same_unit_of_work(database, clock, take, see, office):
    clock.millis = at("2026-11-24 16:00", BERLIN)
    berlin = office(countries=("DE",))
    inquiry_id = take(country="DE", urgency="urgent")
    assert due(see, inquiry_id) == at("2026-11-25 12:00", BERLIN)
    form = OfficeForm("Berlin", BERLIN, NINE, ("DE",), closures="2026-11-25 Staff meeting")
    saved = database.write(save_office, form, reason="Staff meeting", office_id=berlin)
    assert (saved.reckoned, due(see, inquiry_id)) == (1, at("2026-11-26 12:00", BERLIN))
    assert "inquiry" in saved.changes.kinds


def test_a_retired_office_hands_its_open_inquiries_on(database, clock, take, see, office):
    clock.millis = at("2026-11-24 16:00")
    london = office("London", LONDON, is_default=True)
    tokyo = office("Tokyo", TOKYO, countries=("JP",))
    inquiry_id = take(country="JP", urgency="urgent")
    saved = database.write(retire_office, tokyo, reason="Closed")
    assert (saved.reckoned, see(inquiry_id).service.office_id) == (1, london)
    assert due(see, inquiry_id) == at("2026-11-25 12:00")
    with pytest.raises(NotAllowedError, match="default"):
        database.write(retire_office, london, reason="Closed")
    with pytest.raises(AppError):
        database.write(retire_office, tokyo, reason="Closed again")


def test_a_new_promise_counts_for_what_comes_after_it_began(database, clock, take, see):
    clock.millis = at("2026-11-23 09:00")
    before = take(channel="phone")
    limits = dict(default_policy().limits)
    limits[Priority.ROUTINE, Stage.ANSWER_STANDARD] = SlaLimit(BusinessUnit.HOUR, 2)
    begins = at("2026-11-23 12:00")
    database.write(
        change_policy, replace(default_policy(), limits=limits), reason="New SOP", effective_from=begins
    )
    between = take(channel="phone")
    clock.millis = begins
    after = take(channel="phone")
    assert [due(see, each) for each in (before, between, after)] == [
        at("2026-11-24 17:00"),
        at("2026-11-24 17:00"),
        at("2026-11-23 14:00"),
    ]
    # An old inquiry keeps the promise of the day on which it came.
    database.write(commands.edit_fact, before, "answer_class", "standard")
    assert due(see, before) == at("2026-11-24 17:00")
