from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputRefusedError
from app.models.business_time import (
    HOUR_MS,
    BusinessCalendar,
    Pause,
    add_business_days,
    add_business_ms,
    business_ms,
    same_hours,
    zone_named,
)
from app.models.public_holidays import check_region, public_holidays, regions
from tests.models.calendars import BERLIN, CALENDARS, CLOSED_PAUSES, INSTANTS, ZONES, at, pauses_after

DAY_AND_NIGHT = BusinessCalendar(same_hours(range(1, 8), 0, 24 * 60))
LIMITS = st.integers(0, 60 * HOUR_MS)


def test_a_holiday_is_not_counted():
    calendar = BusinessCalendar(holidays=frozenset({date(2026, 12, 25)}))
    assert add_business_ms(at("2026-12-24 13:00"), 8 * HOUR_MS, BERLIN, calendar) == at("2026-12-28 13:00")


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-15", 24)])
def test_an_office_open_day_and_night_counts_real_hours(day, hours):
    start = at(f"{day} 00:00")
    assert business_ms(start, start + 30 * HOUR_MS, BERLIN, DAY_AND_NIGHT) == 30 * HOUR_MS
    only_sundays = BusinessCalendar(same_hours([7], 0, 24 * 60))
    assert business_ms(start, start + 30 * HOUR_MS, BERLIN, only_sundays) == hours * HOUR_MS


def test_hours_on_both_sides_of_a_jump_of_the_clocks_are_counted_once():
    # On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00, over the closing time of 02:30.
    calendar = BusinessCalendar((*((),) * 6, ((60, 150), (180, 300))))
    start = at("2026-03-29 00:00")
    assert business_ms(start, start + 24 * HOUR_MS, BERLIN, calendar) == 3 * HOUR_MS


@given(INSTANTS, LIMITS, ZONES, CALENDARS, CLOSED_PAUSES)
def test_business_time_until_the_due_time_is_the_limit(start, limit, zone, calendar, offsets):
    pauses = pauses_after(start, offsets)
    due = add_business_ms(start, limit, zone, calendar, pauses)
    assert due is not None
    assert business_ms(start, due, zone, calendar, pauses) == limit
    if limit:
        assert business_ms(start, due - 1, zone, calendar, pauses) == limit - 1


@given(INSTANTS, LIMITS, st.integers(0, 20 * HOUR_MS), ZONES, CALENDARS)
def test_a_longer_limit_is_never_due_earlier(start, limit, more, zone, calendar):
    due = add_business_ms(start, limit, zone, calendar)
    later = add_business_ms(start, limit + more, zone, calendar)
    assert later >= due + more


@given(INSTANTS, st.integers(0, 9 * 24 * HOUR_MS), LIMITS, ZONES, CALENDARS)
def test_received_later_or_paused_is_never_due_earlier(start, later, limit, zone, calendar):
    due = add_business_ms(start, limit, zone, calendar)
    assert add_business_ms(start + later, limit, zone, calendar) >= due
    assert add_business_ms(start, limit, zone, calendar, [Pause(start, start + later)]) >= due


@given(INSTANTS, st.integers(1, 60 * HOUR_MS), st.integers(0, 9 * 24 * HOUR_MS), ZONES, CALENDARS, st.data())
def test_a_pause_moves_the_due_time_by_exactly_its_business_time(start, limit, length, zone, calendar, data):
    due = add_business_ms(start, limit, zone, calendar)
    begins = data.draw(st.integers(start, due - 1))
    paused = business_ms(begins, begins + length, zone, calendar)
    moved = add_business_ms(start, limit, zone, calendar, [Pause(begins, begins + length)])
    assert moved == add_business_ms(start, limit + paused, zone, calendar)
    assert business_ms(due, moved, zone, calendar) == paused


@given(INSTANTS, LIMITS, ZONES, CALENDARS, CLOSED_PAUSES, st.integers(0, 100))
def test_a_pause_in_two_pieces_is_the_same_pause(start, limit, zone, calendar, offsets, share):
    pauses = pauses_after(start, offsets)
    pieces = []
    for pause in pauses:
        cut = pause.from_ms + (pause.until_ms - pause.from_ms) * share // 100
        pieces += [Pause(cut, pause.until_ms), Pause(pause.from_ms, cut)]
    whole = add_business_ms(start, limit, zone, calendar, pauses)
    assert add_business_ms(start, limit, zone, calendar, pieces) == whole


@given(INSTANTS, st.integers(0, 9 * 24 * HOUR_MS), st.integers(0, 9 * 24 * HOUR_MS), ZONES, CALENDARS)
def test_business_time_adds_up(start, first, second, zone, calendar):
    middle, end = start + first, start + first + second
    whole = business_ms(start, end, zone, calendar)
    assert whole == business_ms(start, middle, zone, calendar) + business_ms(middle, end, zone, calendar)
    assert 0 <= whole <= end - start


@given(INSTANTS, st.integers(1, 60 * HOUR_MS), ZONES, CALENDARS, st.integers(0, 9 * 24 * HOUR_MS))
def test_an_open_pause_leaves_a_due_time_only_if_it_was_reached_before(start, limit, zone, calendar, after):
    due = add_business_ms(start, limit, zone, calendar)
    found = add_business_ms(start, limit, zone, calendar, [Pause(start + after)])
    assert found == (due if due <= start + after else None)


@given(INSTANTS, ZONES, CALENDARS)
def test_a_day_is_the_mean_of_the_week_and_days_add_up(start, zone, calendar):
    worked = sum(bool(windows) for windows in calendar.week)
    assert calendar.days_ms(2 * worked) == 2 * calendar.days_ms(worked)
    assert abs(calendar.days_ms(worked) - worked * calendar.day_ms) < worked


@given(st.sampled_from(["BE", "BY", "SN"]), INSTANTS)
def test_no_business_time_runs_on_a_public_holiday(land, start):
    calendar = BusinessCalendar(same_hours(range(1, 8), 0, 24 * 60), country="DE", subdivision=land)
    year = 1970 + start // 31_557_600_000
    for day in public_holidays("DE", land, year):
        begins, ends = at(day.isoformat()), at((day + timedelta(days=1)).isoformat())
        assert business_ms(begins, ends, BERLIN, calendar) == 0


def test_a_country_with_parts_needs_one_and_others_have_none():
    assert check_region("DE", "SN") == ("DE", "SN")
    assert check_region("", "SN") == ("", "")
    assert {"DE", "GB", "US", "JP"} <= set(regions())
    whole = next(code for code, parts in regions().items() if not parts)
    assert check_region(whole, "") == (whole, "")
    for country, part, said in [("DE", "", "Say where"), ("DE", "ZZ", "BE, BW, BY"), ("ZZ", "", "not known")]:
        with pytest.raises(InputRefusedError, match=said):
            check_region(country, part)
    with pytest.raises(InputRefusedError, match="everywhere"):
        check_region(whole, "AA")


@pytest.mark.parametrize(
    "week",
    [
        ((),) * 7,
        (((540, 1020),),),
        (((1020, 540),), *((),) * 6),
        (((540, 1441),), *((),) * 6),
        (((-1, 60),), *((),) * 6),
        (((540, 720), (700, 1020)), *((),) * 6),
        (((780, 1020), (540, 720)), *((),) * 6),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(week):
    with pytest.raises(InputRefusedError):
        BusinessCalendar(week)


def test_only_weekdays_have_hours():
    with pytest.raises(InputRefusedError, match="Sunday"):
        same_hours([8])


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
