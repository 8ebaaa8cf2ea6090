"""Calendar days and business hours of an office, right over daylight saving.

An instant is a UTC integer of milliseconds. A business calendar is data: the hours of each weekday, public
holidays and closures; the zone is the office's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import InputRefusedError
from app.models.public_holidays import public_holidays

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
DAY_MINUTES = 24 * 60
DAYS_A_WEEK = 7
MAX_SCAN_DAYS = 20 * 366

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY = timedelta(days=1)

Window: TypeAlias = tuple[int, int]
Week: TypeAlias = tuple[tuple[Window, ...], ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stood still; open while `until_ms` is None."""

    from_ms: int
    until_ms: int | None = None


def same_hours(weekdays: Iterable[int] = (1, 2, 3, 4, 5), opens: int = 9 * 60, closes: int = 17 * 60) -> Week:
    """Return a week that has the same hours on each of these weekdays."""
    days = frozenset(weekdays)
    if not days <= set(range(1, 8)):
        raise InputRefusedError("A business calendar has working days from Monday (1) to Sunday (7).")
    return tuple(((opens, closes),) if day in days else () for day in range(1, 8))


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The days and hours at which an office works.

    `week` holds the open minutes of Monday to Sunday. A public holiday is a closed day unless it is one of
    `worked_holidays`; `holidays` are the office's own closures.
    """

    week: Week = field(default_factory=same_hours)
    holidays: frozenset[date] = field(default_factory=frozenset)
    country: str = ""
    subdivision: str = ""
    worked_holidays: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if len(self.week) != DAYS_A_WEEK or not any(self.week):
            raise InputRefusedError("A business calendar needs at least one working day.")
        for windows in self.week:
            edges = [minute for window in windows for minute in window]
            if any(not 0 <= opens < closes <= DAY_MINUTES for opens, closes in windows):
                raise InputRefusedError("A business calendar must open before it closes, within one day.")
            if edges != sorted(edges):
                raise InputRefusedError("The hours of one day follow each other and do not overlap.")

    @property
    def day_ms(self) -> int:
        """Return the business time of one working day, the mean of the week."""
        return self.days_ms(1)

    def days_ms(self, count: int) -> int:
        """Return the business time of so many working days.

        The days of one week are together exactly the business time of that week.
        """
        minutes = sum(closes - opens for windows in self.week for opens, closes in windows)
        return count * minutes * MINUTE_MS // sum(bool(windows) for windows in self.week)

    def is_business_day(self, day: date) -> bool:
        """Tell whether the office works on this day."""
        return bool(self.windows(day))

    def windows(self, day: date) -> tuple[Window, ...]:
        """Return the minutes at which the office is open on this day."""
        windows = self.week[day.isoweekday() - 1]
        if not windows or day in self.holidays:
            return ()
        if self.country and day not in self.worked_holidays:
            return () if day in public_holidays(self.country, self.subdivision, day.year) else windows
        return windows


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """Return the time zone of this name or refuse it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise InputRefusedError(
            f"There is no time zone called “{name}”. Choose one such as Europe/Berlin."
        ) from exc


def local_day(at_ms: int, zone: str) -> date:
    """Return the calendar day of an instant in a zone."""
    return (_EPOCH + at_ms * _MILLISECOND).astimezone(zone_named(zone)).date()


def instant_of(day: date, minute: int, zone: str) -> int:
    """Return the instant of a wall-clock minute, 1440 being midnight."""
    moment = datetime.combine(day + _DAY * (minute // DAY_MINUTES), time(*divmod(minute % DAY_MINUTES, 60)))
    return (moment.replace(tzinfo=zone_named(zone)) - _EPOCH) // _MILLISECOND


def end_of_day(day: date, zone: str) -> int:
    """Return the last millisecond that belongs to this calendar day."""
    return instant_of(day, DAY_MINUTES, zone) - 1


def add_calendar_days(at_ms: int, days: int, zone: str) -> int:
    """Return the end of the day that lies so many days later."""
    return end_of_day(local_day(at_ms, zone) + _DAY * days, zone)


def add_business_days(at_ms: int, days: int, zone: str, calendar: BusinessCalendar) -> int:
    """Return the end of the business day that lies so many later.

    The day of the start is day 0, whether the office works on it or not.
    """
    day, counted, scanned = local_day(at_ms, zone), 0, 0
    while counted < days:
        day += _DAY
        scanned += 1
        counted += calendar.is_business_day(day)
        if scanned > MAX_SCAN_DAYS:
            raise InputRefusedError("This business calendar has no working day in twenty years.")
    return end_of_day(day, zone)


def business_ms(
    from_ms: int, until_ms: int, zone: str, calendar: BusinessCalendar, pauses: Sequence[Pause] = ()
) -> int:
    """Return the business time between two instants, without the pauses."""
    total = 0
    for start, end in _open_windows(from_ms, zone, calendar):
        if start >= until_ms:
            break
        total += sum(b - a for a, b in _without(start, min(end, until_ms), pauses))
    return total


def add_business_ms(
    from_ms: int, duration_ms: int, zone: str, calendar: BusinessCalendar, pauses: Sequence[Pause] = ()
) -> int | None:
    """Return the instant at which this much business time has run.

    None says that an open pause keeps that instant from being known.
    """
    left = duration_ms
    if left <= 0:
        return from_ms
    still_open = min((pause.from_ms for pause in pauses if pause.until_ms is None), default=None)
    for start, end in _open_windows(from_ms, zone, calendar):
        if still_open is not None and start >= still_open:
            return None
        for running_from, running_until in _without(start, end, pauses):
            if running_until - running_from >= left:
                return running_from + left
            left -= running_until - running_from
    raise InputRefusedError("This business calendar has too few working days for that limit.")


def _open_windows(from_ms: int, zone: str, calendar: BusinessCalendar) -> Iterator[tuple[int, int]]:
    day, reached = local_day(from_ms, zone), from_ms
    for _ in range(MAX_SCAN_DAYS):
        for opens, closes in calendar.windows(day):
            # Where the clocks jump over a closing time, the next window may begin before this one ends.
            start, end = max(reached, instant_of(day, opens, zone)), instant_of(day, closes, zone)
            if start < end:
                yield start, end
                reached = end
        day += _DAY


def _without(start: int, end: int, pauses: Sequence[Pause]) -> list[tuple[int, int]]:
    running = [(start, end)] if start < end else []
    for pause in pauses:
        until = end if pause.until_ms is None else pause.until_ms
        if until <= pause.from_ms:
            continue
        cut = []
        for a, b in running:
            cut += [(a, min(b, pause.from_ms)), (max(a, until), b)]
        running = [(a, b) for a, b in cut if a < b]
    return running
