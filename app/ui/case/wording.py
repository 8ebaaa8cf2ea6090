"""How the case page writes times, clocks and states."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from app.services.intake.queries import CaseView, Coverage
from app.services.safety.queries import SafetyView
from app.services.workspace.clock import in_zone
from app.ui.shell.durations import time_span
from app.ui.shell.service_words import clock_words, kind_name, look_of, waits_since
from app.ui.widgets import ChipKind

STATES: Final = ("new", "triage", "assigned", "in_progress", "answered", "closed")
_USED_SHARE: Final = 4
ENDED: Final = frozenset({"closed", "duplicate", "cancelled", "transferred"})

_STEP_NAMES: Final = {
    "new": "New",
    "triage": "Triage",
    "assigned": "Assigned",
    "in_progress": "In progress",
    "answered": "Answered",
    "closed": "Closed",
    "awaiting_requester": "Waiting for the requester",
    "awaiting_internal": "Waiting for a colleague",
    "reopened": "Reopened",
    "duplicate": "Duplicate",
    "cancelled": "Cancelled",
    "transferred": "Transferred",
}
_STEP_PLACES: Final = {
    "awaiting_requester": 3,
    "awaiting_internal": 3,
    "reopened": 3,
    "duplicate": 5,
    "cancelled": 5,
    "transferred": 5,
}


def words(text: str) -> str:
    """Return a sentence of this page in the language of the user."""
    return QCoreApplication.translate("case", text)


def step_names() -> tuple[str, ...]:
    """Return the six steps of every inquiry."""
    return tuple(words(_STEP_NAMES[state]) for state in STATES)


def step_place(state: str) -> int:
    """Return at which of the six steps a state stands."""
    return STATES.index(state) if state in STATES else _STEP_PLACES[state]


def state_name(state: str) -> str:
    """Return how a state is called."""
    return words(_STEP_NAMES.get(state, state.replace("_", " ").capitalize()))


def moment(at: int, zone: str, *, now: int | None = None) -> str:
    """Write an instant as the wall clock of a zone showed it."""
    then = in_zone(at, zone)
    if now is not None and then.year == in_zone(now, zone).year:
        return f"{then:%a} {then.day} {then:%b}, {then:%H:%M}"
    return f"{then:%a} {then.day} {then:%b %Y}, {then:%H:%M}"


def clock_time(at: int, zone: str) -> str:
    """Write the time of day of an instant."""
    return f"{in_zone(at, zone):%H:%M}"


def stamp(at: int, zone: str) -> str:
    """Write an instant with its zone, as a signature shows it."""
    then = in_zone(at, zone)
    return f"{then.day} {then:%B %Y}, {then:%H:%M} {then.tzname()} ({zone})"


def typed_time(at: int, zone: str) -> str:
    """Write an instant as it is typed in."""
    return f"{in_zone(at, zone):%Y-%m-%d %H:%M}"


def read_time(text: str, zone: str) -> int | None:
    """Return the instant that a typed time means in a zone."""
    try:
        typed = datetime.strptime(" ".join(text.split()), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the zone follows
        return int(typed.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
    except (ValueError, OSError, KeyError):
        return None


def span(milliseconds: int) -> str:
    """Write a length of time in the words of the clocks."""
    return time_span(timedelta(milliseconds=milliseconds))


def due_chip(view: CaseView, now: int) -> tuple[str, ChipKind, str] | None:
    """Return the nearest clock as a chip, or none once it is answered."""
    clock = view.service.nearest
    if clock is None:
        return None
    look = look_of(clock, now)
    if clock.due_at is None:
        return (
            waits_since(moment(clock.paused_since or now, view.service.zone, now=now)),
            look.kind,
            look.icon,
        )
    return clock_words(clock, now, span(abs(clock.due_at - now))), look.kind, look.icon


def clock_lines(view: CaseView, now: int) -> str:
    """Return every clock and the office they count in, a line each."""
    zone, lines = view.service.zone, []
    for clock in view.service.clocks:
        when = moment(clock.due_at, zone, now=now) if clock.due_at is not None else ""
        since = waits_since(moment(clock.paused_since or now, zone, now=now))
        lines.append(f"{kind_name(clock.kind)}: {when or since}")
    return "\n".join(
        (*lines, words("Hours of {office}, {zone}").format(office=view.service.office, zone=zone))
    )


def safety_clock(record: SafetyView, now: int) -> tuple[str, bool]:
    """Return the hand-off clock in words, and whether it presses."""
    left = record.due_at - now
    if left < 0:
        return words("late by {time}").format(time=span(-left)), True
    limit = max(1, record.due_at - record.awareness_at)
    return words("{time} left").format(time=span(left)), left * _USED_SHARE <= limit


def nearest_running(view: CaseView) -> SafetyView | None:
    """Return the safety record whose clock runs out first."""
    running = [record for record in view.safety if record.is_running]
    return min(running, key=lambda record: (record.due_at, record.id), default=None)


def coverage_words(coverage: Coverage, blocks: int) -> tuple[str, str, str]:
    """Return icon, words and tone of how a question is answered."""
    if coverage.kind == "verbal":
        return "circle-check", words("Answered by phone"), "ok"
    if coverage.kind == "letter" and coverage.is_sent:
        return "circle-check", words("Answered by letter"), "ok"
    if coverage.kind == "letter" and blocks:
        count = words("1 block") if blocks == 1 else words("{n} blocks").format(n=blocks)
        return "circle-dot", words("In the letter: {count}").format(count=count), "accent"
    if coverage.kind == "letter":
        return "circle-dot", words("In a letter that is not sent"), "accent"
    return "circle-dashed", words("No answer yet"), "text.3"
