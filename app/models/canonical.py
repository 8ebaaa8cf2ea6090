"""Canonical JSON after RFC 8785, for everything that is hashed."""

import hashlib
import json
from collections.abc import Mapping

_MAX_SAFE_INTEGER = 2**53 - 1
# Made once: `json.dumps` makes one for each call, which an import of 100,000 rows does millions of times.
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def canonical_json(value: object) -> bytes:
    """Return the one byte form of a JSON value without floats.

    Raises `TypeError` for a float, a foreign type or a key that is no text, and `ValueError` for an
    integer beyond 2**53 - 1 or a lone surrogate, which RFC 8785 forbids.
    """
    return _ENCODER.encode(_ordered(value)).encode()


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of the bytes as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def _ordered(value: object) -> object:
    if type(value) is str or value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > _MAX_SAFE_INTEGER:
            raise ValueError("integers beyond 2**53 - 1 have no canonical form")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key that is no text has no canonical JSON form")
        # RFC 8785 orders keys by UTF-16 code units, which differs from code points beyond U+FFFF.
        plain = all(key.isascii() for key in value)
        return {key: _ordered(value[key]) for key in sorted(value, key=None if plain else _utf16)}
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")
