"""Instants, zones and business calendars that several test files share."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from app.models.business_time import HOUR_MS, BusinessCalendar, Pause

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
ZONES = st.sampled_from(
    [
        BERLIN,
        NEW_YORK,
        "Asia/Beirut",
        "Pacific/Auckland",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
    ]
)
# 2016 to 2033: enough leap years and weekdays, few enough tables of holidays.
INSTANTS = st.integers(1_451_606_400_000, 2_000_000_000_000)
CLOSED_PAUSES = st.lists(
    st.tuples(st.integers(0, 20 * 24 * HOUR_MS), st.integers(0, 90 * HOUR_MS)), max_size=3
)


REGIONS = (("", ""), ("DE", "BY"), ("DE", "SN"), ("US", "ME"), ("GB", "SCT"))


def calendar(days: int, opens: int, length: int, pause: int, region: tuple[str, str]) -> BusinessCalendar:
    """A calendar whose weekdays are the bits of a number, with a break in the middle and a shorter Friday."""
    closes = min(24 * 60, opens + length)
    middle = (opens + closes) // 2
    split = ((opens, middle), (min(middle + pause, closes - 1), closes))
    whole = ((opens, closes),)
    shapes = (split, whole, split, whole, ((opens, middle),), whole, split)
    week = tuple(shape if days >> n & 1 else () for n, shape in enumerate(shapes))
    return BusinessCalendar(week, country=region[0], subdivision=region[1])


CALENDARS = st.builds(
    calendar,
    st.integers(1, 127),
    st.integers(0, 22 * 60),
    st.integers(30, 24 * 60),
    st.integers(0, 120),
    st.sampled_from(REGIONS),
)


def at(text: str, zone: str = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


def pauses_after(start: int, offsets: list[tuple[int, int]]) -> list[Pause]:
    return [Pause(start + begin, start + begin + length) for begin, length in offsets]
