"""The keys of an inbox filter, what they may say, and what their dates mean."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from app.models.business_time import HOUR_MS, MINUTE_MS, instant_of, local_day
from app.models.countries import country_name
from app.models.lifecycle_inquiry import ENDED, InquiryState
from app.models.topics import taxonomy
from app.models.vocabulary import vocabulary

YES_NO: Final = ("yes", "no")
SAFETY: Final = ("open", "running", "late", "yes", "no", "undecided")
IS: Final = (
    "open",
    "closed",
    "mine",
    "unassigned",
    "overdue",
    "waiting",
    "paused",
    "escalated",
    "offlabel",
    "unread",
    "tagged",
)
OPEN_STATES: Final = tuple(state.value for state in InquiryState if state not in ENDED)
ENDED_STATES: Final = tuple(state.value for state in InquiryState if state in ENDED)
WAITING_STATES: Final = (InquiryState.AWAITING_REQUESTER.value, InquiryState.AWAITING_INTERNAL.value)
STATE_GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"open": OPEN_STATES, "ended": ENDED_STATES, "waiting": WAITING_STATES}
)
# `-closed` means the state and not the word; a minus before any other word means the word.
SAID_AS_IS: Final = frozenset(IS)
NAMED_DAYS: Final[Mapping[str, int]] = MappingProxyType({"yesterday": -1, "today": 0, "tomorrow": 1})
NONE: Final = "none"
# Instants of other years cannot be reckoned in every zone.
_YEARS: Final = (1900, 2200)

_RELATIVE: Final = re.compile(r"([+-]?)(\d{1,4})(min|h|d|w)")
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH: Final = re.compile(r"(\d{4})-(\d\d)")
_HALF_A_DATE: Final = re.compile(r"[+-]?\d{1,4}|[+-]|\d{4}-\d{0,2}-?\d?")


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it is for, an example, and whether it has an order."""

    name: str
    meaning: str
    example: str
    aliases: tuple[str, ...] = ()
    has_order: bool = False
    lies_behind: bool = False


_ALL: Final = (
    Key("product", "The product that is asked about", "product:atorvastatin", ("drug",)),
    Key("due", "When its next clock runs out", "due:<2d", has_order=True),
    Key("owner", "Who works on it", "owner:me", ("assigned",)),
    Key("state", "Where it stands", "state:triage", ("status",)),
    Key("topic", "What the question is about", "topic:dosing"),
    Key("tag", "A tag it bears", "tag:kol", ("tags", "label")),
    Key("received", "When it came in", "received:>=2026-11-01", has_order=True, lies_behind=True),
    Key("ae", "Its adverse events", "ae:open", ("safety",)),
    Key("pqc", "Its quality complaints", "pqc:open", ("complaint",)),
    Key("urgent", "Whether it is urgent", "urgent:yes"),
    Key("country", "The country of the requester", "country:de"),
    Key("channel", "How it came in", "channel:phone"),
    Key("number", "A part of its number", "number:4817", ("no",)),
    Key("language", "The language of the requester", "language:en", ("lang",)),
    Key("is", "What else it is", "is:overdue"),
    Key("answered", "When it was answered", "answered:>=-7d", has_order=True, lies_behind=True),
    Key("closed", "When it was closed", "closed:>=-30d", has_order=True, lies_behind=True),
)
KEYS: Final[Mapping[str, Key]] = MappingProxyType({key.name: key for key in _ALL})
_NAMES: Final = {name: key.name for key in _ALL for name in (key.name, *key.aliases)}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be; `may_grow` means that more letters could mend it."""

    message: str
    suggestion: str = ""
    may_grow: bool = False
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a date means: from an instant until before another; both the same for a moment."""

    begin: int
    end: int


def key_of(name: str) -> str:
    """Return the key that a name or an alias means, or nothing."""
    return _NAMES.get(name.lower(), "")


def value_problem(key: str, text: str, operator: str) -> Fault | None:
    """Return why a key cannot have this value, or nothing."""
    if KEYS[key].has_order:
        return _date_problem(key, text, operator)
    if key == "country":
        return None if country_code(text) else _unknown("country", text, (), "Write two letters, such as GB.")
    if key == "topic":
        known = tuple(taxonomy().topics)
        return None if topics_of(text) else _unknown("topic", text, known)
    if key == "channel":
        known = tuple(vocabulary().lists["channel"])
        return None if vocabulary().recognise("channel", text) else _unknown("channel", text, known)
    known = closed_values(key)
    if not known or text.lower().replace(" ", "_") in known:
        return None
    return _unknown(key, text, known)


def closed_values(key: str) -> tuple[str, ...]:
    """Return everything that a key may say, where that is fixed."""
    return {
        "state": tuple(state.value for state in InquiryState) + tuple(STATE_GROUPS),
        "ae": SAFETY,
        "pqc": SAFETY,
        "urgent": YES_NO,
        "is": IS,
    }.get(key, ())


def states_of(text: str) -> tuple[str, ...]:
    """Return the states that a value means."""
    code = text.lower().replace(" ", "_")
    return STATE_GROUPS.get(code, (code,))


def topics_of(text: str) -> tuple[str, ...]:
    """Return the topics whose code, label or other name a value begins."""
    known = taxonomy().recognise(text)
    if known:
        return (known,)
    wanted = text.lower().replace(" ", "_")
    begun = (
        topic.code
        for topic in taxonomy().topics.values()
        if topic.code.startswith(wanted) or topic.label.lower().replace(" ", "_").startswith(wanted)
    )
    return tuple(begun) if len(wanted) > 1 else ()


def country_code(text: str) -> str:
    """Return the code of a country that is written as a code."""
    code = {"UK": "GB"}.get(text.upper(), text.upper())
    return code if len(code) == 2 and country_name(code) != code else ""


def stretch_of(text: str, now: int, zone: str) -> Stretch | None:
    """Return what a date means as of now in the zone of the office; None for no date."""
    word = text.lower()
    if word == "now":
        return Stretch(now, now)
    found = _RELATIVE.fullmatch(word)
    if found and found.group(3) in ("h", "min"):
        size = HOUR_MS if found.group(3) == "h" else MINUTE_MS
        at = now + _signed(found) * size
        return Stretch(at, at)
    days = _days(word, local_day(now, zone))
    if days is None or not _YEARS[0] <= days[0].year <= _YEARS[1]:
        return None
    return Stretch(instant_of(days[0], 0, zone), instant_of(days[1], 0, zone))


def _days(word: str, today: date) -> tuple[date, date] | None:
    one = timedelta(days=1)
    if word in NAMED_DAYS:
        day = today + NAMED_DAYS[word] * one
        return day, day + one
    found = _RELATIVE.fullmatch(word)
    try:
        if found:
            day = today + _signed(found) * (7 if found.group(3) == "w" else 1) * one
            return day, day + one
        if _DAY.fullmatch(word):
            day = date.fromisoformat(word)
            return day, day + one
        if _MONTH.fullmatch(word):
            begin = date.fromisoformat(f"{word}-01")
            return begin, (begin + 31 * one).replace(day=1)
    except (ValueError, OverflowError):
        return None
    return None


def _signed(found: "re.Match[str]") -> int:
    return -int(found.group(2)) if found.group(1) == "-" else int(found.group(2))


def _date_problem(key: str, text: str, operator: str) -> Fault | None:
    word = text.lower()
    if word == NONE:
        return None if not operator else Fault(f"“{key}:none” has no more or less.", NONE)
    # Any day will do to see whether the text is a date; it is far enough from both ends of the calendar.
    stretch = stretch_of(word, 1_500_000_000_000, "UTC")
    if stretch is None:
        message = f"“{text[:40]}” is no date. Write 2026-11-30, today, 2d or -3d."
        return Fault(message, may_grow=bool(_HALF_A_DATE.fullmatch(word)) or _begins(word, NAMED_DAYS))
    found = _RELATIVE.fullmatch(word)
    if KEYS[key].lies_behind and found and _signed(found) > 0:
        return Fault(f"“{text[:40]}” lies ahead of now.", f"-{word.lstrip('+')}")
    if stretch.begin == stretch.end and not operator:
        return Fault(f"“{text[:40]}” is a moment. Say before or after it.", word, operator="<")
    return None


def _begins(word: str, names: Iterable[str]) -> bool:
    return any(name.startswith(word) for name in (*names, NONE, "now"))


def _unknown(key: str, text: str, known: tuple[str, ...], hint: str = "") -> Fault:
    word = text.lower().replace(" ", "_")
    begun = [name for name in known if name.startswith(word)]
    near = begun or difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    may_grow = bool(begun) or (key == "country" and len(word) == 1) or (key == "topic" and len(word) < 2)
    message = f"There is no {key} “{text[:40]}”."
    return Fault(f"{message} {hint}".strip(), near[0] if near else "", may_grow)
