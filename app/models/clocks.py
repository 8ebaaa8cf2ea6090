"""Safety clocks, which run in calendar time and never pause.

A limit in hours is exact. A limit in days ends at the end of that calendar day in the office's zone; the
day of awareness is day 0, weekend or holiday or not. A due time is the last millisecond still in time.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.business_time import (
    HOUR_MS,
    BusinessCalendar,
    add_business_days,
    add_calendar_days,
    end_of_day,
    local_day,
)
from app.models.rules_data import RulesFile, Section, load_rules


class LimitUnit(StrEnum):
    """What the number of a safety clock counts."""

    HOUR = "hour"
    CALENDAR_DAY = "calendar_day"
    BUSINESS_DAY = "business_day"


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """The limit of one safety clock, where it starts and its basis."""

    id: str
    title: str
    starts: str
    unit: LimitUnit
    count: int
    restarts_on_new_information: bool
    basis: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowUpPlan:
    """The days after a hand-off by which to ask again."""

    id: str
    title: str
    earliest_days: tuple[int, ...]
    latest_days: tuple[int, ...]
    at_least: int
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReconciliationPeriod:
    """How often both sides compare their lists: week or month."""

    id: str
    title: str
    period: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockRules:
    """Every clock, follow-up plan and reconciliation period by its id."""

    version: str
    reach_percent: tuple[int, ...]
    clocks: Mapping[str, ClockPolicy]
    follow_up: Mapping[str, FollowUpPlan]
    reconciliation: Mapping[str, ReconciliationPeriod]


@dataclass(frozen=True, slots=True)
class SafetyClock:
    """A running clock; new information starts another and leaves it be."""

    policy: ClockPolicy
    start_ms: int
    due_ms: int
    reach_percent: tuple[int, ...]

    def remaining(self, now_ms: int) -> int:
        """Return the milliseconds left, negative once it is late."""
        return self.due_ms - now_ms

    def is_late(self, now_ms: int) -> bool:
        """Tell whether the due time has passed."""
        return now_ms > self.due_ms

    def reached(self, now_ms: int) -> tuple[int, ...]:
        """List the percentages of the limit that are used up."""
        elapsed = now_ms - self.start_ms
        limit = self.due_ms - self.start_ms
        return tuple(mark for mark in self.reach_percent if elapsed * 100 >= mark * limit)

    def next_reach(self, now_ms: int) -> int | None:
        """Return when the next percentage is reached, if any is left."""
        limit = self.due_ms - self.start_ms
        # Rounded up, so that waiting until then is never a millisecond short.
        times = (self.start_ms - (-mark * limit // 100) for mark in self.reach_percent)
        return min((at for at in times if at > now_ms), default=None)


@functools.cache
def default_clocks() -> ClockRules:
    """Return the safety clocks that the program ships."""
    return clocks_from(load_rules("clocks.json"))


def clocks_from(rules: RulesFile) -> ClockRules:
    """Read safety clocks from a data file."""
    body = rules.body
    return ClockRules(
        version=rules.version,
        reach_percent=body.numbers("reach_percent"),
        clocks={row.text("id"): _policy(row) for row in body.sections("clocks")},
        follow_up={row.text("id"): _plan(row) for row in body.sections("follow_up")},
        reconciliation={row.text("id"): _period(row) for row in body.sections("reconciliation")},
    )


def day_zero(awareness_ms: Iterable[int]) -> int:
    """Return the earliest of all times at which anybody knew."""
    earliest = min(awareness_ms, default=None)
    if earliest is None:
        raise InputRefusedError("This safety record says nowhere when it became known. Enter that time.")
    return earliest


def start_clock(
    clock_id: str,
    start_ms: int,
    zone: str,
    *,
    calendar: BusinessCalendar | None = None,
    rules: ClockRules | None = None,
) -> SafetyClock:
    """Start a safety clock in the zone of the responsible office."""
    rules = rules or default_clocks()
    policy = rules.clocks[clock_id]
    return SafetyClock(
        policy, start_ms, _due(policy, start_ms, zone, calendar or BusinessCalendar()), rules.reach_percent
    )


def follow_up_due(plan: FollowUpPlan, handed_off_ms: int, zone: str) -> tuple[int, ...]:
    """Return the latest time of each follow-up attempt."""
    return tuple(add_calendar_days(handed_off_ms, days, zone) for days in plan.latest_days)


def period_end(period: ReconciliationPeriod, at_ms: int, zone: str) -> int:
    """Return the end of the period in which an instant lies."""
    day = local_day(at_ms, zone)
    if period.period == "week":
        return end_of_day(day + timedelta(days=7 - day.isoweekday()), zone)
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return end_of_day(next_month - timedelta(days=1), zone)


def _due(policy: ClockPolicy, start_ms: int, zone: str, calendar: BusinessCalendar) -> int:
    match policy.unit:
        case LimitUnit.HOUR:
            return start_ms + policy.count * HOUR_MS
        case LimitUnit.CALENDAR_DAY:
            return add_calendar_days(start_ms, policy.count, zone)
        case LimitUnit.BUSINESS_DAY:
            return add_business_days(start_ms, policy.count, zone, calendar)


def _policy(row: Section) -> ClockPolicy:
    return ClockPolicy(
        id=row.text("id"),
        title=row.text("title"),
        starts=row.text("starts"),
        unit=_unit(row),
        count=row.number("count"),
        restarts_on_new_information=row.flag("restarts"),
        basis=row.text("basis"),
        marks=row.texts("marks"),
    )


def _unit(row: Section) -> LimitUnit:
    try:
        return LimitUnit(row.text("unit"))
    except ValueError as exc:
        raise EnvironmentFaultError(f"{row.where}.unit is not a unit of a clock.") from exc


def _plan(row: Section) -> FollowUpPlan:
    return FollowUpPlan(
        row.text("id"),
        row.text("title"),
        row.numbers("earliest_days"),
        row.numbers("latest_days"),
        row.number("at_least"),
        row.texts("marks"),
    )


def _period(row: Section) -> ReconciliationPeriod:
    if row.text("period") not in {"week", "month"}:
        raise EnvironmentFaultError(f"{row.where}.period must be week or month.")
    return ReconciliationPeriod(row.text("id"), row.text("title"), row.text("period"), row.texts("marks"))
