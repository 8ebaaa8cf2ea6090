"""Verify a journal: the same rule on a device, on the server and in an inspector's copy."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.models.journal_hash import GENESIS, commitment, row_hash

# `bytes.fromhex` would also take capitals and spaces, so an edited salt could pass.
_SALT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, and at which row."""

    n: int
    message: str


@dataclass(frozen=True, slots=True)
class Value:
    """One stored value with its salt."""

    salt: str
    old: Any
    new: Any


@dataclass(slots=True)
class Verification:
    """The outcome: how many rows, the first flaws, and the head of the chain."""

    events: int = 0
    head: str = GENESIS
    flaws: list[Flaw] = field(default_factory=list)
    erased: int = 0

    @property
    def ok(self) -> bool:
        """Whether the chain is whole."""
        return not self.flaws

    @property
    def first_bad(self) -> int | None:
        """The first row that is not as it was written."""
        return min((flaw.n for flaw in self.flaws), default=None)


class Verifier:
    """Takes the rows in order of `n`, each with its values, and says what is wrong.

    A missing value is a flaw unless a later erasure row names it; a whole chain
    rewritten by the holder of the key, or a tail cut off, is found only by the
    server, which signs each device's acknowledged head.
    """

    def __init__(self) -> None:
        self.result = Verification()
        self._missing: dict[tuple[int, str], None] = {}
        self._expected = 1

    def take(self, row: Mapping[str, Any], values: Mapping[str, Value]) -> None:
        """Check one row against its predecessor and its values."""
        n = row["n"]
        if n != self._expected:
            self._flaw(
                self._expected,
                f"rows {self._expected} to {n - 1} are missing"
                if n > self._expected
                else f"row {n} stands where row {self._expected} belongs",
            )
        elif row["prev_hash"] != self.result.head:
            self._flaw(n, "does not follow the row before it")
        if self._hash_of(row) != row["hash"]:
            self._flaw(n, "was changed after it was written")
        self._check_values(row, values)
        self._expected = n + 1
        self.result.head = row["hash"]
        self.result.events += 1

    def finish(self) -> Verification:
        """Return the outcome; values that no erasure explains are flaws."""
        for n, name in self._missing:
            self._flaw(n, f"the value of {name} is gone and no erasure names it")
        return self.result

    def _hash_of(self, row: Mapping[str, Any]) -> str:
        try:
            return row_hash(row)
        except (TypeError, ValueError, RecursionError):
            return ""

    def _check_values(self, row: Mapping[str, Any], values: Mapping[str, Value]) -> None:
        n, fields = row["n"], row["fields"]
        if not isinstance(fields, Mapping):
            self._flaw(n, "has no readable fields")
            return
        for name, committed in fields.items():
            value = values.get(name)
            if value is None:
                self._missing[n, name] = None
            elif not _fits(value, committed):
                self._flaw(n, f"the value of {name} was changed")
        for name in values.keys() - fields.keys():
            self._flaw(n, f"the value of {name} was added")
        self._take_erasure(row, values)

    def _take_erasure(self, row: Mapping[str, Any], values: Mapping[str, Value]) -> None:
        erased = values.get("erased")
        if row["op"] != "event" or row["type"] != "journal" or erased is None:
            return
        named = _erased_fields(erased.new)
        if named is None:
            self._flaw(row["n"], "does not say readably what was erased")
            return
        for place in named:
            if self._missing.pop(place, "absent") is None:
                self.result.erased += 1

    def _flaw(self, n: int, message: str) -> None:
        self.result.flaws.append(Flaw(n, message))


def _erased_fields(listed: object) -> list[tuple[int, str]] | None:
    """Return each row and field that an erasure names, or None if it cannot be read."""
    if not isinstance(listed, list | tuple):
        return None
    found: list[tuple[int, str]] = []
    for item in listed:
        match item:
            case [int(n), list() | tuple() as names] if all(isinstance(name, str) for name in names):
                found.extend((n, name) for name in names)
            case _:
                return None
    return found


def _fits(value: Value, committed: object) -> bool:
    try:
        is_salt = _SALT.fullmatch(value.salt) is not None
        return is_salt and commitment(value.salt, value.old, value.new) == committed
    except (TypeError, ValueError, RecursionError):
        return False


def verify(rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Value]]]) -> Verification:
    """Verify a whole journal given in order."""
    verifier = Verifier()
    for row, values in rows:
        verifier.take(row, values)
    return verifier.finish()
