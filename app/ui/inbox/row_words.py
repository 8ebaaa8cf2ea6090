"""Write what a row of the inbox says, once a minute and not while painting."""

import functools
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QTimeZone

from app.models.business_time import HOUR_MS, MINUTE_MS, local_day
from app.models.service_clock import ServiceClock
from app.models.topics import taxonomy
from app.models.vocabulary import vocabulary
from app.services.intake.queries import InboxRow, Passage
from app.ui.inbox.groups import Group, Horizon, horizon
from app.ui.shell.service_words import look_of, spoken_words, waits_since
from app.ui.widgets import ChipKind

_LATE_SHARE = 0.75
_WEEK_DAYS = 6
_COARSE_FROM_HOURS = 10
_DAY_MS = 24 * HOUR_MS
_ENDED = ("closed", "duplicate", "cancelled", "transferred")
_CHANNEL_ICONS = {
    "phone": "phone",
    "email": "mail",
    "web": "globe",
    "mail": "file-text",
    "fax": "printer",
    "field": "briefcase",
    "congress": "users",
    "chat": "message-square",
    "in_person": "user",
    "other": "inbox",
}


@dataclass(frozen=True, slots=True)
class ChipWords:
    """A chip of a row: icon, word, shape and what a voice says."""

    text: str
    kind: ChipKind
    icon: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One inquiry in the words of a row; no person outside is named."""

    id: str
    row: int
    title: str
    below: str
    icon: str
    is_unread: bool
    tags: tuple[ChipWords, ...]
    safety: ChipWords | None
    due: ChipWords | None
    owner_id: str
    owner_initials: str
    is_unsynced: bool
    sentence: str = field(repr=False)
    received: str = ""
    state: str = ""
    passage: Passage | None = None


def shown(row: InboxRow, now: int, zone: str) -> ShownRow:
    """Return a row in words, as of now."""
    tags, safety = tags_of(row), safety_words(row, now)
    due = due_words(row, horizon(now, zone), zone)
    return ShownRow(
        id=row.id,
        row=row.row,
        title=row.title or _tr("No words yet"),
        below=_below(row),
        icon=channel_icon(row.channel),
        is_unread=row.state == "new",
        tags=tags,
        safety=safety,
        due=due,
        owner_id=row.owner_id or "",
        # The avatar takes its letters from the words of a name.
        owner_initials=" ".join(row.owner_initials),
        is_unsynced=row.is_unsynced,
        sentence=_sentence(row, tags, safety, due),
        received=received_words(row.received_at, zone, now),
        state=short_state(row.state),
        passage=row.passage,
    )


def short_number(number: str) -> str:
    """Return the part of a number that tells it from others in a list."""
    head, _, tail = number.rpartition("-")
    return tail if head.startswith("MI-2") else number.removeprefix("MI-")


def channel_icon(channel: str) -> str:
    """Return the icon of a channel."""
    return _CHANNEL_ICONS.get(channel, "inbox")


def tags_of(row: InboxRow) -> tuple[ChipWords, ...]:
    """Return the outlined tags behind the question."""
    tags: list[ChipWords] = []
    if row.urgency == "urgent":
        tags.append(ChipWords(_tr("Urgent"), "outline_over"))
    if row.is_off_label:
        tags.append(ChipWords(_tr("Off-label"), "outline"))
    if row.audience == "patient":
        tags.append(ChipWords(_tr("Patient"), "outline"))
    if row.escalated_to:
        tags.append(ChipWords(_tr("Escalated"), "outline"))
    return (*tags, *(ChipWords(tag, "outline") for tag in row.tags))


def due_words(row: InboxRow, until: Horizon, zone: str) -> ChipWords | None:
    """Return when an inquiry is due, in the colours of the clocks."""
    if row.state in _ENDED:
        return ChipWords(state_label(row.state), "plain", "archive", state_label(row.state).lower())
    if row.state == "answered":
        return ChipWords(_tr("Answered"), "plain", "circle-check", _tr("answered"))
    return None if row.clock is None else _service_words(row.clock, until, zone)


def _service_words(clock: ServiceClock, until: Horizon, zone: str) -> ChipWords:
    look = look_of(clock, until.now)
    if clock.due_at is None:
        since = clock_time(clock.paused_since or until.now, zone, until.now)
        return ChipWords(_tr("Paused"), look.kind, look.icon, waits_since(since).lower())
    left = clock.due_at - until.now
    said = spoken_words(clock, until.now, spoken_span(abs(left)))
    if left < 0:
        over = _tr("{span} over").format(span=span(-left, is_past=True))
        return ChipWords(over, look.kind, look.icon, said)
    if look.kind == "soon" or clock.due_at < until.until:
        return ChipWords(span(left), look.kind, look.icon, said)
    return ChipWords(clock_time(clock.due_at, zone, until.now), look.kind, look.icon, said)


def safety_words(row: InboxRow, now: int) -> ChipWords | None:
    """Return the nearest safety clock, or that all is handed off."""
    if row.safety_due_at is None:
        if not row.safety_numbers:
            return None
        return ChipWords(_tr("Handed off"), "plain", "shield-check", _tr("safety record handed off"))
    return clock_words(row.safety_awareness_at or 0, row.safety_due_at, now)


def clock_words(awareness_at: int, due_at: int, now: int) -> ChipWords:
    """Return a running safety clock: soft, then filled, never red."""
    left = due_at - now
    if left < 0:
        late = _tr("late by {span}").format(span=span(-left, is_past=True))
        said = _tr("safety clock late by {span}").format(span=spoken_span(-left))
        return ChipWords(late, "safety_filled", "shield-alert", said)
    said = _tr("safety clock {span}").format(span=spoken_span(left))
    used = now - awareness_at
    if used >= _LATE_SHARE * (due_at - awareness_at):
        return ChipWords(_tr("{span} left").format(span=span(left)), "safety_filled", "shield-alert", said)
    return ChipWords(span(left), "safety", "shield-alert", said)


def group_title(group: Group) -> str:
    """Return how a group is called."""
    return {
        Group.OVERDUE: _tr("Overdue"),
        Group.TONIGHT: _tr("Tonight"),
        Group.TODAY: _tr("Today"),
        Group.AFTER_SHIFT: _tr("After this shift"),
        Group.AFTER_TODAY: _tr("After today"),
        Group.WAITING: _tr("Waiting for the requester"),
        Group.NO_DUE_TIME: _tr("No due time"),
        Group.ANSWERED: _tr("Answered"),
        Group.ENDED: _tr("Ended"),
    }[group]


def state_label(state: str) -> str:
    """Return how a state of an inquiry is called."""
    return {
        "new": _tr("New"),
        "triage": _tr("Triage"),
        "assigned": _tr("Assigned"),
        "in_progress": _tr("In progress"),
        "awaiting_requester": _tr("Waiting for the requester"),
        "awaiting_internal": _tr("Waiting for a colleague"),
        "answered": _tr("Answered"),
        "closed": _tr("Closed"),
        "reopened": _tr("Reopened"),
        "duplicate": _tr("Duplicate"),
        "cancelled": _tr("Cancelled"),
        "transferred": _tr("Transferred"),
    }.get(state, state.replace("_", " ").capitalize())


def short_state(state: str) -> str:
    """Return how a column calls a state."""
    return {
        "awaiting_requester": _tr("Waiting, requester"),
        "awaiting_internal": _tr("Waiting, colleague"),
    }.get(state, state_label(state))


def received_words(at: int, zone: str, now: int) -> str:
    """Write when an inquiry came in: a time within a week, else a day."""
    day, today = local_day(at, zone), local_day(now, zone)
    if abs((day - today).days) <= _WEEK_DAYS:
        return clock_time(at, zone, now)
    form = "d MMM" if day.year == today.year else "d MMM yyyy"
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(at, _zone(zone)), form)


def span(millis: int, *, is_past: bool = False) -> str:
    """Write a span as short as a chip needs it."""
    days, hours, minutes = _parts(millis)
    if is_past and not days and hours >= _COARSE_FROM_HOURS:
        return _tr("{hours} h").format(hours=hours)
    if days:
        return _tr("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _tr("{hours} h {minutes:02d} min").format(hours=hours, minutes=minutes)
    return _tr("{minutes} min").format(minutes=minutes)


def spoken_span(millis: int) -> str:
    """Write a span as a voice reads it."""
    days, hours, minutes = _parts(millis)
    named = [(days, _tr("day"), _tr("days")), (hours, _tr("hour"), _tr("hours"))]
    if not days:
        named.append((minutes, _tr("minute"), _tr("minutes")))
    said = [f"{count} {one if count == 1 else many}" for count, one, many in named if count]
    return " ".join(said) or _tr("less than a minute")


def clock_time(at: int, zone: str, now: int) -> str:
    """Write an instant as a clock time, with its day unless it is today."""
    moment = QDateTime.fromMSecsSinceEpoch(at, _zone(zone))
    locale, time = QLocale(), QLocale().toString(moment, "HH:mm")
    day, today = local_day(at, zone), local_day(now, zone)
    if day == today:
        return time
    if abs((day - today).days) <= _WEEK_DAYS:
        return f"{locale.toString(moment, 'ddd')} {time}"
    form = "d MMM HH:mm" if day.year == today.year else "d MMM yyyy"
    return locale.toString(moment, form)


@functools.cache
def _zone(name: str) -> QTimeZone:
    return QTimeZone(name.encode())


def _parts(millis: int) -> tuple[int, int, int]:
    days, rest = divmod(max(0, millis), _DAY_MS)
    hours, rest = divmod(rest, HOUR_MS)
    return days, hours, rest // MINUTE_MS


def _below(row: InboxRow) -> str:
    topic = taxonomy().label(row.topic) if row.topic else ""
    role = vocabulary().label("requester_role", row.role)
    who = " · ".join(part for part in (role, row.country) if part)
    facts = "  ·  ".join(part for part in (row.product, topic, who) if part)
    return f"{short_number(row.number)}   {facts}".rstrip()


def _sentence(
    row: InboxRow, tags: tuple[ChipWords, ...], safety: ChipWords | None, due: ChipWords | None
) -> str:
    said = [short_number(row.number), row.title]
    said += [tag.text for tag in tags]
    said += [chip.said for chip in (due, safety) if chip is not None]
    said.append(_tr("new") if row.state == "new" else "")
    said.append(_tr("no owner") if row.owner_id is None else "")
    said.append(_tr("not on the server yet") if row.is_unsynced else "")
    return ", ".join(part for part in said if part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("inbox_rows", text)
