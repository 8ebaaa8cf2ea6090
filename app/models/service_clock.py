"""The clocks of an inquiry's service levels, and which of them presses most."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.models.lifecycle_inquiry import ENDED, InquiryState
from app.models.sla import SoonRule


class ClockKind(StrEnum):
    """What a clock of an inquiry asks for."""

    ACKNOWLEDGE = "acknowledge"
    INTERIM_REPLY = "interim_reply"
    ANSWER = "answer"
    ESCALATION = "escalation"


class Pressure(StrEnum):
    """How a clock stands, in the order in which it gets worse."""

    PAUSED = "paused"
    ON_TIME = "on_time"
    SOON = "soon"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CalledFor:
    """An escalation that nobody has taken up or ended."""

    level: int
    target: str
    escalated_at: int
    due_at: int | None


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What of an inquiry says which clocks run; None where nothing is due."""

    state: str
    counted_from: int
    due_at: int | None
    acknowledge_by: int | None = None
    acknowledged_at: int | None = None
    interim_by: int | None = None
    interim_at: int | None = None
    paused_since: int | None = None
    escalations: tuple[CalledFor, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceClock:
    """One clock: due at an instant, or standing still since one."""

    kind: ClockKind
    due_at: int | None
    soon_from: int | None = None
    paused_since: int | None = None
    level: int = 0
    target: str = ""

    def pressure(self, now: int) -> Pressure:
        """Return how the clock stands now; it is over after its last millisecond."""
        if self.due_at is None:
            return Pressure.PAUSED
        if now > self.due_at:
            return Pressure.OVER
        return Pressure.SOON if self.soon_from is not None and now >= self.soon_from else Pressure.ON_TIME


def clocks_of(facts: ServiceFacts, soon: SoonRule) -> tuple[ServiceClock, ...]:
    """List the clocks of an inquiry, the next due first and a paused one last.

    Once it is answered nothing is due, whether or not somebody acknowledged it before.
    """
    if facts.state in ENDED or facts.state == InquiryState.ANSWERED:
        return ()
    return tuple(sorted(_clocks(facts, soon), key=lambda clock: (clock.due_at is None, clock.due_at or 0)))


def nearest(clocks: Iterable[ServiceClock]) -> ServiceClock | None:
    """Return the clock that a row, a head or the status bar shows."""
    return next(iter(clocks), None)


def _clocks(facts: ServiceFacts, soon: SoonRule) -> Iterable[ServiceClock]:
    start = facts.counted_from
    if facts.acknowledge_by is not None and facts.acknowledged_at is None:
        yield _running(ClockKind.ACKNOWLEDGE, start, facts.acknowledge_by, soon)
    if facts.interim_by is not None and facts.interim_at is None:
        yield _running(ClockKind.INTERIM_REPLY, start, facts.interim_by, soon)
    if facts.due_at is not None:
        yield _running(ClockKind.ANSWER, start, facts.due_at, soon)
    elif facts.paused_since is not None:
        yield ServiceClock(ClockKind.ANSWER, None, paused_since=facts.paused_since)
    for called in facts.escalations:
        if called.due_at is not None:
            soon_from = soon.begins_at(called.escalated_at, called.due_at)
            yield ServiceClock(
                ClockKind.ESCALATION, called.due_at, soon_from, level=called.level, target=called.target
            )


def _running(kind: ClockKind, start: int, due_at: int, soon: SoonRule) -> ServiceClock:
    return ServiceClock(kind, due_at, soon.begins_at(start, due_at))
