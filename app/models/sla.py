"""Service levels of an inquiry, counted in the responsible office's hours.

A limit in business days is that many full working days of business time, so that a pause moves the due
time by exactly as much as it lasted. (Safety limits in days end with the calendar day: see `clocks`.)
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.errors import EnvironmentFaultError
from app.models.business_time import HOUR_MS, BusinessCalendar, Pause, add_business_ms, calendar_from
from app.models.rules_data import RulesFile, load_rules


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
        return self.count * (HOUR_MS if self.unit is BusinessUnit.HOUR else calendar.day_ms)


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """The limit of each priority and stage, with the calendar they count in."""

    version: str
    calendar: BusinessCalendar
    limits: Mapping[tuple[Priority, Stage], SlaLimit]


@functools.cache
def default_policy() -> SlaPolicy:
    """Return the service levels that the program ships."""
    return policy_from(load_rules("sla.json"))


def policy_from(rules: RulesFile) -> SlaPolicy:
    """Read service levels that name every priority and stage."""
    limits = {}
    try:
        for row in rules.body.sections("limits"):
            key = (Priority(row.text("priority")), Stage(row.text("stage")))
            limits[key] = SlaLimit(BusinessUnit(row.text("unit")), row.number("count"), row.texts("marks"))
    except ValueError as exc:
        raise EnvironmentFaultError(f"{rules.name} holds a value that is not known: {exc}.") from exc
    missing = [f"{p}/{s}" for p in Priority for s in Stage if (p, s) not in limits]
    if missing:
        raise EnvironmentFaultError(f"{rules.name} says nothing about {', '.join(missing)}.")
    return SlaPolicy(rules.version, calendar_from(rules.body.section("calendar")), limits)


def due_at(
    received_ms: int,
    zone: str,
    priority: Priority,
    stage: Stage,
    *,
    policy: SlaPolicy | None = None,
    pauses: Sequence[Pause] = (),
) -> int | None:
    """Return when a stage is due; None while a pause is open."""
    policy = policy or default_policy()
    duration = policy.limits[priority, stage].duration_ms(policy.calendar)
    return add_business_ms(received_ms, duration, zone, policy.calendar, pauses)
