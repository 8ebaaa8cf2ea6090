"""Service levels of an inquiry, counted in the responsible office's hours.

A limit in business days is that many mean working days of business time, so that a pause moves the due
time by exactly as much as it lasted. (Safety limits in days end with the calendar day: see `clocks`.)
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.business_time import HOUR_MS, BusinessCalendar, Pause, add_business_ms
from app.models.office_hours import OfficeHours, shipped_office
from app.models.rules_data import RulesFile, Section, load_rules

MAX_COUNT = 1_000
LEVELS = (1, 2, 3)

_TYPED = re.compile(r"\s*(\d{1,5})\s*(h|hours?|d|days?)\s*", re.IGNORECASE)


class Priority(StrEnum):
    """How soon an inquiry must be dealt with."""

    ROUTINE = "routine"
    URGENT = "urgent"


class Stage(StrEnum):
    """What is due: the acknowledgement or a kind of answer."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER_STANDARD = "answer_standard"
    ANSWER_CUSTOM = "answer_custom"
    INTERIM_REPLY = "interim_reply"
    ANSWER_COMPLEX = "answer_complex"


class BusinessUnit(StrEnum):
    """What the number of a service level counts."""

    HOUR = "business_hour"
    DAY = "business_day"


@dataclass(frozen=True, slots=True)
class SlaLimit:
    """So many business hours or days, with the marks of its source."""

    unit: BusinessUnit
    count: int
    marks: tuple[str, ...] = ()

    def duration_ms(self, calendar: BusinessCalendar) -> int:
        """Return the limit as business time of this calendar."""
        return self.count * HOUR_MS if self.unit is BusinessUnit.HOUR else calendar.days_ms(self.count)


@dataclass(frozen=True, slots=True)
class SoonRule:
    """When a clock presses: so little time or so small a share is left."""

    hours: int = 5
    percent: int = 25

    def begins_at(self, start_ms: int, due_ms: int) -> int:
        """Return the instant from which a clock is due soon."""
        share = (due_ms - start_ms) * self.percent // 100
        return due_ms - max(self.hours * HOUR_MS, share)


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """The limit of each priority and stage, and of each level of escalation.

    An inquiry that comes by one of `acknowledged_at_once` needs no acknowledgement: somebody spoke to the
    requester.
    """

    version: str
    limits: Mapping[tuple[Priority, Stage], SlaLimit]
    escalation: Mapping[tuple[int, Priority], SlaLimit]
    soon: SoonRule = SoonRule()
    acknowledged_at_once: frozenset[str] = frozenset()

    @property
    def calendar(self) -> BusinessCalendar:
        """The calendar of the office that the program ships."""
        return shipped_office().calendar


@functools.cache
def default_policy() -> SlaPolicy:
    """Return the service levels that the program ships."""
    return policy_from(load_rules("sla.json"))


def policy_from(rules: RulesFile) -> SlaPolicy:
    """Read service levels that name every priority, stage and level."""
    body, limits, escalation = rules.body, {}, {}
    try:
        for row in body.sections("limits"):
            limits[Priority(row.text("priority")), Stage(row.text("stage"))] = _limit(row)
        for row in body.sections("escalation"):
            escalation[row.number("level"), Priority(row.text("priority"))] = _limit(row)
    except ValueError as exc:
        raise EnvironmentFaultError(f"{rules.name} holds a value that is not known: {exc}.") from exc
    soon = body.section("soon")
    policy = SlaPolicy(
        rules.version,
        limits,
        escalation,
        SoonRule(soon.number("hours"), soon.number("percent")),
        frozenset(body.texts("acknowledged_at_once")),
    )
    missing = gaps_of(policy)
    if missing:
        raise EnvironmentFaultError(f"{rules.name} says nothing about {', '.join(missing)}.")
    return policy


def gaps_of(policy: SlaPolicy) -> tuple[str, ...]:
    """List what a policy says nothing about."""
    stages = tuple(f"{p}/{s}" for p in Priority for s in Stage if (p, s) not in policy.limits)
    levels = ((level, p) for level in LEVELS for p in Priority)
    return stages + tuple(f"{p}/level {n}" for n, p in levels if (n, p) not in policy.escalation)


def rules_of(policy: SlaPolicy) -> dict[str, Any]:
    """Return a policy as a record keeps it, in the shape of the data file."""
    return {
        "limits": [
            {"priority": p.value, "stage": s.value, **_fields(limit)}
            for (p, s), limit in policy.limits.items()
        ],
        "escalation": [
            {"level": level, "priority": p.value, **_fields(limit)}
            for (level, p), limit in policy.escalation.items()
        ],
        "soon": {"hours": policy.soon.hours, "percent": policy.soon.percent},
        "acknowledged_at_once": sorted(policy.acknowledged_at_once),
    }


def kept_policy(number: str, rules: Mapping[str, Any]) -> SlaPolicy:
    """Return the policy that a record holds."""
    return policy_from(
        RulesFile(f"service levels {number}", number, "this workspace", Section(number, rules))
    )


def read_limit(text: str) -> SlaLimit:
    """Return the limit that was typed, such as “4 h” or “2 d”, or refuse it."""
    found = _TYPED.fullmatch(text)
    if found is None:
        raise InputRefusedError(f"“{text[:20]}” is no limit. Write business hours as 4 h and days as 2 d.")
    unit = BusinessUnit.HOUR if found[2].lower().startswith("h") else BusinessUnit.DAY
    return SlaLimit(unit, int(found[1]))


def limit_text(limit: SlaLimit) -> str:
    """Return a limit as it is typed."""
    return f"{limit.count} {'h' if limit.unit is BusinessUnit.HOUR else 'd'}"


def check_policy(policy: SlaPolicy) -> SlaPolicy:
    """Return service levels that can be promised, or refuse them with the reason."""
    missing = gaps_of(policy)
    if missing:
        raise InputRefusedError(f"Say how long {missing[0]} may take.")
    for limit in (*policy.limits.values(), *policy.escalation.values()):
        if not 0 < limit.count <= MAX_COUNT:
            raise InputRefusedError(f"A limit is a whole number from 1 to {MAX_COUNT:,}.")
    if not (0 <= policy.soon.hours <= MAX_COUNT and 0 <= policy.soon.percent <= 100):
        raise InputRefusedError("“Due soon” begins with hours from 0 on and a share from 0 to 100 %.")
    return policy


def due_at(
    start_ms: int,
    hours: OfficeHours,
    priority: Priority,
    stage: Stage,
    *,
    policy: SlaPolicy | None = None,
    pauses: Sequence[Pause] = (),
) -> int | None:
    """Return when a stage is due; None while a pause is open."""
    duration = (policy or default_policy()).limits[priority, stage].duration_ms(hours.calendar)
    return add_business_ms(start_ms, duration, hours.zone, hours.calendar, pauses)


def escalation_due(
    start_ms: int, hours: OfficeHours, priority: Priority, level: int, *, policy: SlaPolicy | None = None
) -> int:
    """Return by when an escalation is to be taken up; it never pauses."""
    duration = (policy or default_policy()).escalation[level, priority].duration_ms(hours.calendar)
    due = add_business_ms(start_ms, duration, hours.zone, hours.calendar)
    return start_ms if due is None else due


def _limit(row: Section) -> SlaLimit:
    return SlaLimit(BusinessUnit(row.text("unit")), row.number("count"), row.texts("marks"))


def _fields(limit: SlaLimit) -> dict[str, Any]:
    return {"unit": limit.unit.value, "count": limit.count, "marks": list(limit.marks)}
