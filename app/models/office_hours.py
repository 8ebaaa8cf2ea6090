"""The hours of an office as data: read from a file, from a record and from a form."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.errors import InputRefusedError
from app.models.business_time import BusinessCalendar, Week, Window, zone_named
from app.models.public_holidays import check_region
from app.models.rules_data import RulesFile, load_rules
from app.models.vocabulary import check_country

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_CLOSURE_DAYS = 366

_LONG_DASH = "\u2013"
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Where and when an office works; every service level is counted in it."""

    zone: str
    calendar: BusinessCalendar


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which an office is closed though its country works."""

    first: date
    last: date
    name: str = ""

    def days(self) -> Iterable[date]:
        """Return each closed day."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class OfficeForm:
    """What somebody enters of an office.

    `week` has the hours of a weekday as text, such as "09:00-12:00, 13:00-17:00"; `closures` one a line,
    such as "2026-12-24 to 2026-12-31 Winter closure".
    """

    name: str
    zone: str
    week: Mapping[str, str]
    countries: tuple[str, ...] = ()
    country: str = ""
    subdivision: str = ""
    closures: str = ""
    worked_holidays: tuple[str, ...] = ()
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class ShippedOffice:
    """The office of a workspace that has entered none; its zone is the device's."""

    version: str
    name: str
    calendar: BusinessCalendar


@functools.cache
def shipped_office() -> ShippedOffice:
    """Return the default office that the program ships."""
    return shipped_office_from(load_rules("offices.json"))


def shipped_office_from(rules: RulesFile) -> ShippedOffice:
    """Read the default office from a data file."""
    row = rules.body.section("default")
    calendar = row.section("calendar")
    hours = calendar.section("hours")
    week = {name: hours.texts(name) for name in hours.names()}
    return ShippedOffice(rules.version, row.text("name"), calendar_of({"hours": week}))


def calendar_of(fields: Mapping[str, Any]) -> BusinessCalendar:
    """Return the calendar that a record or a form holds, or refuse it."""
    hours = fields.get("hours") or {}
    unknown = [name for name in hours if name not in WEEKDAYS]
    if unknown:
        raise InputRefusedError(f"“{unknown[0][:20]}” is no weekday. Write it as monday.")
    country, subdivision = check_region(str(fields.get("country", "")), str(fields.get("subdivision", "")))
    closures = closures_of(fields.get("closures", ()))
    return BusinessCalendar(
        week=_week({name: tuple(_window(text) for text in hours[name]) for name in hours}),
        holidays=frozenset(day for closure in closures for day in closure.days()),
        country=country,
        subdivision=subdivision,
        worked_holidays=frozenset(day_of(text) for text in fields.get("worked_holidays", ())),
    )


def closures_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Closure, ...]:
    """Return the closures of a record, or refuse a day that is none."""
    return tuple(
        _closure(day_of(row["from"]), day_of(row.get("until") or row["from"]), str(row.get("name", "")))
        for row in rows
    )


def fields_of(form: OfficeForm) -> dict[str, Any]:
    """Return the calendar of a form as a record keeps it, once it is checked."""
    hours = {day: [_span(window) for window in read_hours(form.week.get(day, ""))] for day in WEEKDAYS}
    fields = {
        "hours": {day: windows for day, windows in hours.items() if windows},
        "country": form.country.strip().upper(),
        "subdivision": form.subdivision.strip(),
        "closures": [_row(closure) for closure in read_closures(form.closures)],
        "worked_holidays": [day_of(text.strip()).isoformat() for text in form.worked_holidays],
    }
    calendar_of(fields)
    return fields


def form_of(
    name: str, zone: str, countries: Sequence[str], calendar: Mapping[str, Any], *, is_default: bool
) -> OfficeForm:
    """Return a kept office as a form shows it."""
    closures = closures_of(calendar.get("closures", ()))
    return OfficeForm(
        name=name,
        zone=zone,
        week={day: ", ".join(calendar.get("hours", {}).get(day, ())) for day in WEEKDAYS},
        countries=tuple(countries),
        country=str(calendar.get("country", "")),
        subdivision=str(calendar.get("subdivision", "")),
        closures="\n".join(_line(closure) for closure in closures),
        worked_holidays=tuple(calendar.get("worked_holidays", ())),
        is_default=is_default,
    )


def hours_of(calendar: BusinessCalendar) -> dict[str, Any]:
    """Return the hours of a calendar in the shape of a record."""
    named = zip(WEEKDAYS, calendar.week, strict=True)
    return {"hours": {day: [_span(window) for window in windows] for day, windows in named if windows}}


def check_office(form: OfficeForm) -> OfficeForm:
    """Return the form with tidy names and codes, or refuse it."""
    name = " ".join(form.name.split())
    if not name or len(name) > 120:
        raise InputRefusedError("Give the office a name of at most 120 characters.")
    zone_named(form.zone)
    countries = tuple(dict.fromkeys(check_country(code) for code in form.countries if code.strip()))
    fields_of(form)
    return OfficeForm(
        name,
        form.zone,
        form.week,
        countries,
        form.country.strip().upper(),
        form.subdivision.strip(),
        form.closures,
        form.worked_holidays,
        form.is_default,
    )


def read_hours(text: str) -> tuple[Window, ...]:
    """Return the hours of one day as typed; nothing means closed."""
    parts = (part.strip() for part in re.split(r"[,;]|\band\b", text.replace(_LONG_DASH, "-")))
    return tuple(_window(part) for part in parts if part)


def read_closures(text: str) -> tuple[Closure, ...]:
    """Return the closures as typed, one a line."""
    return tuple(_typed_closure(line.strip()) for line in text.splitlines() if line.strip())


def day_of(text: str) -> date:
    """Return the day that a text means, or refuse it."""
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError) as exc:
        raise InputRefusedError(f"“{str(text)[:20]}” is not a date. Write it as 2026-12-25.") from exc


def _typed_closure(line: str) -> Closure:
    first, _, rest = line.partition(" ")
    last = first
    if rest.lower().replace(_LONG_DASH, "-").startswith(("to ", "- ")):
        last, _, rest = rest.split(" ", 1)[1].strip().partition(" ")
    return _closure(day_of(first), day_of(last), rest.strip())


def _closure(first: date, last: date, name: str) -> Closure:
    if not 0 <= (last - first).days < MAX_CLOSURE_DAYS:
        raise InputRefusedError(
            f"The closure from {first} to {last} does not end within a year after it begins. Correct its days."
        )
    return Closure(first, last, name[:120])


def _row(closure: Closure) -> dict[str, str]:
    return {"from": closure.first.isoformat(), "until": closure.last.isoformat(), "name": closure.name}


def _line(closure: Closure) -> str:
    days = closure.first.isoformat()
    if closure.last != closure.first:
        days += f" to {closure.last.isoformat()}"
    return f"{days} {closure.name}".strip()


def _week(hours: Mapping[str, tuple[Window, ...]]) -> Week:
    return tuple(tuple(sorted(hours.get(day, ()))) for day in WEEKDAYS)


def _window(text: str) -> Window:
    opens, dash, closes = text.partition("-")
    if not dash:
        raise InputRefusedError(f"“{text[:20]}” says no hours. Write them as 09:00-17:00.")
    return _minute(opens.strip()), _minute(closes.strip())


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise InputRefusedError(f"“{text[:20]}” is not a time of day. Write it as 09:00.")
    return int(found[1]) * 60 + int(found[2])


def _span(window: Window) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in window)
