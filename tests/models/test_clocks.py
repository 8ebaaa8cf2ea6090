from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.business_time import HOUR_MS, BusinessCalendar
from app.models.clocks import (
    clocks_from,
    day_zero,
    default_clocks,
    follow_up_due,
    period_end,
    start_clock,
)
from app.models.rules_data import parse_rules, resource_path

BERLIN = "Europe/Berlin"


def at(text: str, zone: str = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


# In 2026 daylight saving runs in Berlin from 29 March to 25 October, in New York from 8 March to 1 November.
DUE = [
    ("mi_to_pv", "2026-11-14 23:12", BERLIN, "2026-11-15 23:12:00"),
    ("mi_to_pv", "2026-03-28 23:12", BERLIN, "2026-03-30 00:12:00"),
    ("mi_to_pv", "2026-10-24 23:12", BERLIN, "2026-10-25 22:12:00"),
    ("mi_to_qa", "2026-11-13 16:00", BERLIN, "2026-11-17 00:00:00"),
    ("mi_to_qa", "2026-11-14 10:00", BERLIN, "2026-11-17 00:00:00"),
    ("mi_to_qa", "2026-11-16 00:00", BERLIN, "2026-11-18 00:00:00"),
    ("mi_to_qa_critical", "2026-11-14 10:00", BERLIN, "2026-11-15 00:00:00"),
    ("mi_to_qa_critical", "2026-03-29 01:00", BERLIN, "2026-03-30 00:00:00"),
    ("mi_to_qa_critical", "2026-10-25 01:00", BERLIN, "2026-10-26 00:00:00"),
    ("pv_acknowledgement", "2026-11-16 23:59", BERLIN, "2026-11-18 00:00:00"),
    ("eu_serious", "2026-03-20 08:00", BERLIN, "2026-04-05 00:00:00"),
    ("eu_non_serious", "2026-01-01 00:00", BERLIN, "2026-04-02 00:00:00"),
    ("us_serious_unexpected", "2026-10-25 09:00", "America/New_York", "2026-11-10 00:00:00"),
    ("us_non_applicant", "2026-03-06 09:00", "America/New_York", "2026-03-12 00:00:00"),
    ("ind_fatal_unexpected", "2026-02-26 09:00", "America/New_York", "2026-03-06 00:00:00"),
    ("ind_serious_unexpected", "2026-02-26 09:00", "America/New_York", "2026-03-14 00:00:00"),
    ("us_field_alert", "2026-11-12 09:00", "America/New_York", "2026-11-18 00:00:00"),
    ("us_biologic_deviation", "2026-01-01 09:00", "America/New_York", "2026-02-16 00:00:00"),
    ("us_device", "2026-01-31 09:00", "America/New_York", "2026-03-03 00:00:00"),
    ("us_device_remedial", "2026-11-13 09:00", "America/New_York", "2026-11-21 00:00:00"),
]


@pytest.mark.parametrize(("clock_id", "start", "zone", "end"), DUE)
def test_each_clock_ends_when_its_rule_says(clock_id, start, zone, end):
    clock = start_clock(clock_id, at(start, zone), zone)
    # A day limit ends with the day, so its last moment is one millisecond before the midnight named here.
    last = at(end, zone) - (0 if clock_id == "mi_to_pv" else 1)
    assert clock.due_ms == last
    assert not clock.is_late(last)
    assert clock.is_late(last + 1)


def test_the_table_covers_every_clock_that_ships():
    assert {row[0] for row in DUE} == set(default_clocks().clocks)


def test_every_clock_names_its_basis():
    for policy in default_clocks().clocks.values():
        assert policy.basis
        assert policy.marks


def test_a_holiday_moves_a_working_day_limit():
    monday = datetime.fromisoformat("2026-11-16").date()
    calendar = BusinessCalendar(holidays=frozenset({monday}))
    clock = start_clock("mi_to_qa", at("2026-11-13 16:00"), BERLIN, calendar=calendar)
    assert clock.due_ms == at("2026-11-18 00:00") - 1


def test_a_day_without_midnight_ends_where_the_next_begins():
    # In Beirut the clock of 29 March 2026 jumps from 00:00 to 01:00.
    clock = start_clock("mi_to_qa_critical", at("2026-03-28 10:00", "Asia/Beirut"), "Asia/Beirut")
    assert clock.due_ms == at("2026-03-29 01:00", "Asia/Beirut") - 1


@pytest.mark.parametrize(
    ("hours", "reached"),
    [(0, ()), (11.99, ()), (12, (50,)), (18, (50, 75)), (21.6, (50, 75, 90)), (24, (50, 75, 90, 100))],
)
def test_a_day_of_24_hours_reaches_its_marks(hours, reached):
    clock = start_clock("mi_to_pv", 0, "UTC")
    assert clock.reached(int(hours * HOUR_MS)) == reached


def test_an_old_mail_opens_overdue():
    clock = start_clock("mi_to_pv", at("2026-11-01 08:00"), BERLIN)
    now = at("2026-11-03 09:00")
    assert clock.remaining(now) == -25 * HOUR_MS
    assert clock.reached(now) == (50, 75, 90, 100)
    assert clock.next_reach(now) is None


@given(
    clock_id=st.sampled_from(["mi_to_pv", "mi_to_qa", "eu_serious"]),
    start=st.integers(0, 4 * 10**12),
    passed=st.integers(0, 20 * 24 * HOUR_MS),
)
def test_the_next_mark_is_the_first_moment_at_which_it_counts(clock_id, start, passed):
    clock = start_clock(clock_id, start, "UTC")
    soon = clock.next_reach(start + passed)
    if soon is not None:
        assert len(clock.reached(soon)) == len(clock.reached(soon - 1)) + 1
        assert clock.reached(soon - 1) == clock.reached(start + passed)


@given(
    clock_id=st.sampled_from(sorted(default_clocks().clocks)),
    zone=st.sampled_from(
        [BERLIN, "America/New_York", "Asia/Beirut", "Pacific/Auckland", "America/Sao_Paulo"]
    ),
    start=st.integers(0, 4 * 10**12),
    later=st.integers(0, 40 * 24 * HOUR_MS),
)
def test_knowing_later_never_makes_it_due_earlier(clock_id, zone, start, later):
    first, second = start_clock(clock_id, start, zone), start_clock(clock_id, start + later, zone)
    assert first.due_ms >= start
    assert second.due_ms >= first.due_ms
    assert first.remaining(start + later) == first.remaining(start) - later


def test_day_zero_is_the_earliest_awareness_of_anybody():
    assert day_zero([30, 10, 20]) == 10
    with pytest.raises(InputRefusedError):
        day_zero([])


def test_follow_ups_are_due_at_the_ends_of_their_days():
    plan = default_clocks().follow_up["standard"]
    due = follow_up_due(plan, at("2026-03-20 15:00"), BERLIN)
    assert due == (at("2026-03-21 00:00") - 1, at("2026-04-04 00:00") - 1, at("2026-04-20 00:00") - 1)
    assert plan.at_least == 2


@pytest.mark.parametrize(
    ("period", "day", "end"),
    [
        ("all", "2026-02-10", "2026-03-01"),
        ("all", "2026-12-31", "2027-01-01"),
        ("serious", "2026-11-16", "2026-11-23"),
        ("serious", "2026-11-22", "2026-11-23"),
    ],
)
def test_a_reconciliation_period_ends_with_its_month_or_week(period, day, end):
    rule = default_clocks().reconciliation[period]
    assert period_end(rule, at(f"{day} 12:00"), BERLIN) == at(f"{end} 00:00") - 1


@pytest.mark.parametrize(
    "change", [('"unit": "hour"', '"unit": "fortnight"'), ('"period": "week"', '"period": "year"')]
)
def test_an_unknown_unit_is_refused(change):
    text = load_text().replace(*change)
    with pytest.raises(EnvironmentFaultError):
        clocks_from(parse_rules("clocks.json", text))


def load_text() -> str:
    return resource_path("rules", "clocks.json").read_text(encoding="utf-8")
