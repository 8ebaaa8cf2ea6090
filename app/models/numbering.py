"""Provisional numbers: valid on this device, and as aliases for ever."""

import hashlib
from enum import StrEnum

# Crockford's base 32, which has no letter that is taken for a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Series(StrEnum):
    """What a number counts: inquiries, adverse events or quality complaints."""

    INQUIRY = "MI"
    ADVERSE_EVENT = "AE"
    QUALITY_COMPLAINT = "PQC"


def stem(series: Series, device_short: str) -> str:
    """Return what every provisional number of a device begins with."""
    return f"{series.value}-L-{device_short}-"


def provisional(series: Series, device_short: str, serial: int) -> str:
    """Return the provisional number of the n-th record of a device."""
    return f"{stem(series, device_short)}{serial}"


def short_of(device: str) -> str:
    """Return four characters for a device that has no short name."""
    value = int.from_bytes(hashlib.sha256(device.encode()).digest()[:3])
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in (15, 10, 5, 0))
