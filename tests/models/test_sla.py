from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.business_time import (
    HOUR_MS,
    BusinessCalendar,
    Pause,
    add_business_days,
    add_business_ms,
    business_ms,
    calendar_from,
    zone_named,
)
from app.models.rules_data import parse_rules, resource_path
from app.models.sla import Priority, Stage, default_policy, due_at, policy_from

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
DAY_AND_NIGHT = BusinessCalendar(frozenset(range(1, 8)), 0, 24 * 60)


def at(text: str, zone: str = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


# 14 and 15 November 2026 are a weekend; the clocks change in Berlin on 29 March and 25 October 2026.
DUE = [
    ("2026-11-13 10:00", "routine", "acknowledge", "2026-11-16 10:00"),
    ("2026-11-13 09:00", "routine", "acknowledge", "2026-11-13 17:00"),
    ("2026-11-14 03:00", "routine", "acknowledge", "2026-11-16 17:00"),
    ("2026-11-13 16:00", "urgent", "acknowledge", "2026-11-16 12:00"),
    ("2026-11-13 20:00", "urgent", "answer_standard", "2026-11-16 13:00"),
    ("2026-11-16 08:00", "urgent", "answer_custom", "2026-11-16 13:00"),
    ("2026-11-12 12:00", "routine", "answer_standard", "2026-11-16 12:00"),
    ("2026-11-12 12:00", "routine", "answer_custom", "2026-11-19 12:00"),
    ("2026-11-12 12:00", "routine", "interim_reply", "2026-11-19 12:00"),
    ("2026-11-12 12:00", "routine", "answer_complex", "2026-11-26 12:00"),
    ("2026-03-27 15:00", "routine", "acknowledge", "2026-03-30 15:00"),
    ("2026-10-23 15:00", "routine", "answer_standard", "2026-10-27 15:00"),
    ("2026-10-25 02:30", "urgent", "acknowledge", "2026-10-26 13:00"),
]


@pytest.mark.parametrize(("received", "priority", "stage", "due"), DUE)
def test_the_due_time_counts_the_hours_of_the_office(received, priority, stage, due):
    assert due_at(at(received), BERLIN, Priority(priority), Stage(stage)) == at(due)


def test_the_zone_is_the_offices_and_not_the_callers():
    received = at("2026-11-13 10:00", BERLIN)
    assert due_at(received, NEW_YORK, Priority.URGENT, Stage.ACKNOWLEDGE) == at("2026-11-13 13:00", NEW_YORK)


def test_a_holiday_is_not_counted():
    calendar = BusinessCalendar(holidays=frozenset({date(2026, 12, 25)}))
    assert add_business_ms(at("2026-12-24 13:00"), 8 * HOUR_MS, BERLIN, calendar) == at("2026-12-28 13:00")


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-15", 24)])
def test_an_office_open_day_and_night_counts_real_hours(day, hours):
    start = at(f"{day} 00:00")
    assert business_ms(start, start + 30 * HOUR_MS, BERLIN, DAY_AND_NIGHT) == 30 * HOUR_MS
    only_sundays = BusinessCalendar(frozenset({7}), 0, 24 * 60)
    assert business_ms(start, start + 30 * HOUR_MS, BERLIN, only_sundays) == hours * HOUR_MS


PAUSES = [
    ([("2026-11-16 10:00", "2026-11-16 12:00")], "2026-11-16 15:00"),
    (
        [("2026-11-16 10:00", "2026-11-16 12:00"), ("2026-11-16 11:00", "2026-11-16 13:00")],
        "2026-11-16 16:00",
    ),
    ([("2026-11-14 10:00", "2026-11-15 12:00")], "2026-11-16 13:00"),
    ([("2026-11-16 12:00", "2026-11-16 10:00")], "2026-11-16 13:00"),
    ([("2026-11-16 10:00", None)], None),
    ([("2026-11-16 14:00", None)], "2026-11-16 13:00"),
    ([("2026-11-14 14:00", None)], None),
]


@pytest.mark.parametrize(("pauses", "due"), PAUSES)
def test_a_pause_moves_the_due_time_by_its_business_time(pauses, due):
    intervals = [Pause(at(start), None if end is None else at(end)) for start, end in pauses]
    found = due_at(at("2026-11-16 09:00"), BERLIN, Priority.URGENT, Stage.ACKNOWLEDGE, pauses=intervals)
    assert found == (None if due is None else at(due))


ZONES = st.sampled_from([BERLIN, NEW_YORK, "Asia/Beirut", "Pacific/Auckland", "Asia/Kolkata"])
CALENDARS = st.builds(
    lambda days, opens, length: BusinessCalendar(days, opens, min(24 * 60, opens + length)),
    st.frozensets(st.integers(1, 7), min_size=1),
    st.integers(0, 22 * 60),
    st.integers(30, 24 * 60),
)
INSTANTS = st.integers(0, 3 * 10**12)
CLOSED_PAUSES = st.lists(
    st.tuples(st.integers(0, 20 * 24 * HOUR_MS), st.integers(0, 90 * HOUR_MS)), max_size=3
)


def pauses_after(start: int, offsets: list[tuple[int, int]]) -> list[Pause]:
    return [Pause(start + begin, start + begin + length) for begin, length in offsets]


@given(INSTANTS, st.integers(0, 60 * HOUR_MS), ZONES, CALENDARS, CLOSED_PAUSES)
def test_business_time_until_the_due_time_is_the_limit(start, limit, zone, calendar, offsets):
    pauses = pauses_after(start, offsets)
    due = add_business_ms(start, limit, zone, calendar, pauses)
    assert due is not None
    assert business_ms(start, due, zone, calendar, pauses) == limit
    if limit:
        assert business_ms(start, due - 1, zone, calendar, pauses) == limit - 1


@given(INSTANTS, st.integers(0, 9 * 24 * HOUR_MS), st.integers(0, 40 * HOUR_MS), ZONES, CALENDARS)
def test_received_later_or_paused_is_never_due_earlier(start, later, limit, zone, calendar):
    due = add_business_ms(start, limit, zone, calendar)
    assert add_business_ms(start + later, limit, zone, calendar) >= due
    assert add_business_ms(start, limit, zone, calendar, [Pause(start, start + later)]) >= due
    assert add_business_ms(start, limit + later % HOUR_MS, zone, calendar) >= due


@given(INSTANTS, st.integers(0, 9 * 24 * HOUR_MS), st.integers(0, 9 * 24 * HOUR_MS), ZONES, CALENDARS)
def test_business_time_adds_up(start, first, second, zone, calendar):
    middle, end = start + first, start + first + second
    whole = business_ms(start, end, zone, calendar)
    assert whole == business_ms(start, middle, zone, calendar) + business_ms(middle, end, zone, calendar)
    assert 0 <= whole <= end - start


def test_every_priority_and_stage_has_a_marked_limit():
    limits = default_policy().limits
    assert set(limits) == {(priority, stage) for priority in Priority for stage in Stage}
    assert all(limit.marks for limit in limits.values())


@pytest.mark.parametrize(
    "change", [('"urgent"', '"someday"'), ('"stage": "acknowledge"', '"stage": "answer_custom"')]
)
def test_a_policy_with_a_gap_or_an_unknown_word_is_refused(change):
    text = resource_path("rules", "sla.json").read_text(encoding="utf-8").replace(*change)
    with pytest.raises(EnvironmentFaultError):
        policy_from(parse_rules("sla.json", text))


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": frozenset()},
        {"weekdays": frozenset({8})},
        {"opens_minute": 1020},
        {"closes_minute": 1441},
    ],
)
def test_a_calendar_that_never_opens_is_refused(wrong):
    with pytest.raises(InputRefusedError):
        BusinessCalendar(**wrong)


@pytest.mark.parametrize("change", [('"09:00"', '"nine"'), ('"holidays": []', '"holidays": ["Christmas"]')])
def test_a_time_or_day_that_cannot_be_read_is_named(change):
    text = resource_path("rules", "sla.json").read_text(encoding="utf-8").replace(*change)
    with pytest.raises(InputRefusedError, match=r"nine|Christmas"):
        calendar_from(parse_rules("sla.json", text).body.section("calendar"))


def test_a_calendar_of_holidays_only_ends_with_a_sentence():
    start = at("2026-11-16 09:00")
    holidays = frozenset(date.fromordinal(date(2026, 11, 15).toordinal() + n) for n in range(21 * 366))
    with pytest.raises(InputRefusedError, match="working day"):
        add_business_days(start, 1, BERLIN, BusinessCalendar(holidays=holidays))
    with pytest.raises(InputRefusedError, match="working day"):
        add_business_ms(start, 1, BERLIN, BusinessCalendar(holidays=holidays))


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(InputRefusedError, match="time zone"):
        zone_named(name)
