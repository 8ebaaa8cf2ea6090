"""How the journal is hashed: shared by every device and the server.

The rule is the storage design's: `hash = SHA-256(canonical JSON of the row
without acked and result || prev_hash)`; each field is a salted commitment.
"""

import os
from collections.abc import Mapping
from typing import Any

from app.models.canonical import canonical_json, sha256_hex

GENESIS = "0" * 64
HEADER = (
    "n", "group_id", "at", "zone", "actor", "device", "op", "type", "entity_id", "scope", "base", "fields",
    "schema", "prev_hash",
)  # fmt: skip
REASON = "@reason"


def new_salt() -> str:
    """Return 16 random bytes as hex digits."""
    return os.urandom(16).hex()


def commitment(salt: str, old: object, new: object) -> str:
    """Return SHA-256(salt || canonical [old, new])."""
    return sha256_hex(bytes.fromhex(salt) + canonical_json([old, new]))


def row_hash(row: Mapping[str, Any]) -> str:
    """Return the chain hash of a journal row; `acked` and `result` do not count."""
    return sha256_hex(canonical_json({name: row[name] for name in HEADER}) + bytes.fromhex(row["prev_hash"]))


def journal_value(value: Any) -> Any:
    """Return a column's value as the journal keeps it; bytes stand as their hash and size."""
    if isinstance(value, bytes):
        return {"sha256": sha256_hex(value), "size": len(value)}
    return value
