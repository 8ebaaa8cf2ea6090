"""Identifiers of records: UUIDs that sort by the time they were made."""

import os
import time
import uuid


def uuid7() -> str:
    """Return a new UUID version 7 (RFC 9562) in its text form."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=value))
