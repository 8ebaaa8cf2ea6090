"""Group the rows of a view by when they are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from app.models.business_time import instant_of, local_day
from app.services.intake.queries import InboxRow

MOST_GROUPED = 2_000
_EVENING_MINUTE, _MORNING_MINUTE = 18 * 60, 6 * 60
_SHIFT_ENDS_MINUTE = 8 * 60
_ENDED = frozenset({"closed", "duplicate", "cancelled", "transferred"})


class Group(Enum):
    """The groups in the order in which they are shown."""

    OVERDUE = 0
    TONIGHT = 1
    TODAY = 2
    AFTER_SHIFT = 3
    AFTER_TODAY = 4
    WAITING = 5
    NO_DUE_TIME = 6
    ANSWERED = 7
    ENDED = 8


@dataclass(frozen=True, slots=True)
class GroupHead:
    """The head of a group: a row of the list that nobody can choose."""

    group: Group
    count: int


@dataclass(frozen=True, slots=True)
class Due:
    """What of an inquiry decides its group."""

    state: str
    due_at: int | None
    is_paused: bool
    safety_due_at: int | None = None


@dataclass(frozen=True, slots=True)
class Horizon:
    """Now, and until when a row belongs to this day or this night."""

    now: int
    until: int
    is_night: bool


Entry = GroupHead | int


def due_of(row: InboxRow) -> Due:
    """Return what of a row decides its group."""
    clock = row.clock
    if clock is None:
        return Due(row.state, row.due_at, row.is_paused, row.safety_due_at)
    return Due(row.state, clock.due_at, clock.paused_since is not None, row.safety_due_at)


def horizon(now: int, zone: str) -> Horizon:
    """Return how far today reaches, or tonight for those on call."""
    day = local_day(now, zone)
    if now >= instant_of(day, _EVENING_MINUTE, zone):
        return Horizon(now, _shift_end(day + timedelta(days=1), zone), is_night=True)
    if now < instant_of(day, _MORNING_MINUTE, zone):
        return Horizon(now, _shift_end(day, zone), is_night=True)
    return Horizon(now, instant_of(day + timedelta(days=1), 0, zone), is_night=False)


def group_of(due: Due, until: Horizon) -> Group:
    """Return the group of an inquiry; a late safety clock is overdue whatever else it is."""
    if due.safety_due_at is not None and due.safety_due_at < until.now:
        return Group.OVERDUE
    if due.state in _ENDED:
        return Group.ENDED
    if due.state == "answered":
        return Group.ANSWERED
    if due.is_paused:
        return Group.WAITING
    if due.due_at is None:
        return Group.NO_DUE_TIME
    if due.due_at < until.now:
        return Group.OVERDUE
    if due.due_at < until.until:
        return Group.TONIGHT if until.is_night else Group.TODAY
    return Group.AFTER_SHIFT if until.is_night else Group.AFTER_TODAY


def grouped(dues: Sequence[Due], until: Horizon) -> list[Entry]:
    """Return heads and positions, each group in the order of the view."""
    members: dict[Group, list[int]] = {group: [] for group in Group}
    for position, due in enumerate(dues):
        members[group_of(due, until)].append(position)
    entries: list[Entry] = []
    for group, positions in members.items():
        if positions:
            entries.append(GroupHead(group, len(positions)))
            entries.extend(positions)
    return entries


def _shift_end(day: date, zone: str) -> int:
    return instant_of(day, _SHIFT_ENDS_MINUTE, zone)
