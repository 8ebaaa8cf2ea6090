"""The time of day, as a port that tests replace."""

import functools
import time
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

import tzlocal


class Clock(Protocol):
    """Says what time it is and in which zone this device stands."""

    def now(self) -> int:
        """Return the UTC instant in milliseconds."""
        ...

    def zone(self) -> str:
        """Return the IANA name of the zone of this device."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> int:
        """Return the UTC instant in milliseconds."""
        return time.time_ns() // 1_000_000

    def zone(self) -> str:
        """Return the zone of the machine, or UTC where it has no IANA name."""
        name = tzlocal.get_localzone_name()
        return name if is_zone(name) else "UTC"


def in_zone(millis: int, zone: str) -> datetime:
    """Return the instant as the wall clock of a zone showed it."""
    return datetime.fromtimestamp(millis / 1000, ZoneInfo(zone))


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Tell whether this is an IANA zone name that we know."""
    return name in _zones()
