"""Failed tries at the key, kept beside the slots until the journal has them.

The delay is a brake for the person at the keyboard and a mark in the trail. It stops nobody who took the
disk: against guessing there the cost of Argon2id stands.
"""

import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.errors import WorkspaceError
from app.services.workspace.clock import Clock, SystemClock
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.slot_store import Disk

logger = logging.getLogger(__name__)

ATTEMPTS_FILE: Final = "unlock-attempts.jsonl"
LONGEST_DELAY_MS: Final = 60_000
_FIRST_DELAY_MS: Final = 1_000
_MAX_FILE_BYTES: Final = 1024 * 1024


class KeyPurpose(StrEnum):
    """What a key was asked for."""

    UNLOCK = "unlock"
    SCREEN = "screen"
    SIGN = "sign"
    CHANGE = "change"


class TooEarlyError(WorkspaceError):
    """The next try is not due yet; the key was not looked at."""

    def __init__(self, next_try_at: int, now: int) -> None:
        seconds = max(1, -(-(next_try_at - now) // 1000))
        super().__init__(
            f"The last passphrase or key was wrong, so this one was not tried. Nothing was changed. "
            f"Next try in {seconds} s."
        )
        self.next_try_at = next_try_at


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """One wrong key: when, where on the clock, which way in, what for."""

    attempt_id: str
    at: int
    zone: str
    kind: SlotKind
    purpose: KeyPurpose


@dataclass(frozen=True, slots=True)
class AttemptLog:
    """What the side file says; unreadable lines are counted, not hidden."""

    failures: tuple[FailedAttempt, ...]
    failures_in_a_row: int
    last_failure_at: int | None
    unreadable_lines: int


def delay_after(failures_in_a_row: int) -> int:
    """Milliseconds to wait after this many wrong tries in a row.

    It doubles from one second and stays at a minute: nobody with a safety clock running is locked out.
    """
    if failures_in_a_row <= 0:
        return 0
    doublings = min(failures_in_a_row - 1, 16)
    return min(_FIRST_DELAY_MS << doublings, LONGEST_DELAY_MS)


def next_try_at(failures_in_a_row: int, last_failure_at: int | None, now: int) -> int:
    """Instant of the next try; never further off than the delay itself.

    So a clock that was set back does not keep the owner out for hours.
    """
    if last_failure_at is None:
        return now
    delay = delay_after(failures_in_a_row)
    return max(now, min(last_failure_at + delay, now + delay))


class UnlockAttempts:
    """The side file of failed tries of one workspace folder."""

    def __init__(self, folder: Path, clock: Clock | None = None, disk: Disk | None = None) -> None:
        self._path = folder / ATTEMPTS_FILE
        self._clock = clock or SystemClock()
        self._disk = disk or Disk()

    def read(self) -> AttemptLog:
        """Read the tries that the journal does not have yet."""
        return _parsed(self._lines())

    def next_try_at(self) -> int:
        """Instant from which the next try is looked at."""
        log = self.read()
        return next_try_at(log.failures_in_a_row, log.last_failure_at, self._clock.now())

    def refuse_too_early(self) -> None:
        """Raise if the delay after the last wrong try still runs."""
        now = self._clock.now()
        log = self.read()
        due = next_try_at(log.failures_in_a_row, log.last_failure_at, now)
        if due > now:
            raise TooEarlyError(due, now)

    def record_failure(self, kind: SlotKind, purpose: KeyPurpose) -> None:
        """Note a wrong key; a full disk does not hide that it was wrong."""
        fields = {
            "at": self._clock.now(),
            "id": secrets.token_hex(8),
            "kind": kind.value,
            "purpose": purpose.value,
            "zone": self._clock.zone(),
        }
        self._append(fields)

    def record_success(self) -> None:
        """Note a right key, after which the delay starts anew."""
        log = self.read()
        if log.failures:
            if log.failures_in_a_row:
                self._append({"at": self._clock.now(), "opened": True})
        elif log.failures_in_a_row:
            self._replace_lines([])

    def acknowledge(self, journalled: Sequence[FailedAttempt]) -> None:
        """Forget the tries that are rows of the journal by now.

        Call it after the commit. A crash in between leaves them here; their ids tell that they are known.
        Tries since the last right key go on counting for the delay.
        """
        known = {attempt.attempt_id for attempt in journalled}
        lines = self._lines()
        last_opening = max((place for place, line in enumerate(lines) if _is_opening(line)), default=-1)
        kept: list[bytes] = []
        for place, line in enumerate(lines):
            attempt = _attempt_from(line)
            if attempt is None or attempt.attempt_id not in known:
                kept.append(line)
            elif place > last_opening:
                kept.append(_marked_journalled(line))
        self._replace_lines(kept if any(_attempt_from(line) for line in kept) else [])

    def _replace_lines(self, lines: Sequence[bytes]) -> None:
        try:
            if lines:
                following = self._path.with_suffix(".next")
                self._disk.write(following, b"".join(line + b"\n" for line in lines))
                self._disk.rename(following, self._path)
            else:
                self._disk.remove(self._path)
        except OSError as exc:
            logger.warning("Failed tries stay beside the key slots: errno %s", exc.errno)

    def _append(self, fields: dict[str, object]) -> None:
        # A line end first: a line torn by a crash then spoils itself alone.
        line = b"\n" + json.dumps(fields, sort_keys=True).encode("ascii") + b"\n"
        try:
            self._disk.append(self._path, line)
        except OSError as exc:
            logger.warning("A try at the key could not be noted: errno %s", exc.errno)

    def _lines(self) -> list[bytes]:
        try:
            content = self._disk.read(self._path) or b""
        except OSError as exc:
            logger.warning("The failed tries could not be read: errno %s", exc.errno)
            return []
        return [line for line in content[-_MAX_FILE_BYTES:].split(b"\n") if line]


def _parsed(lines: Sequence[bytes]) -> AttemptLog:
    pending: list[FailedAttempt] = []
    in_a_row = unreadable = 0
    last_at: int | None = None
    for line in lines:
        attempt = _attempt_from(line)
        if attempt is None:
            opened = _is_opening(line)
            in_a_row = 0 if opened else in_a_row
            unreadable += not opened
            continue
        if not _is_journalled(line):
            pending.append(attempt)
        # The keyring is asked by the program itself: its failure must not make the person wait.
        if attempt.kind is not SlotKind.KEYRING:
            in_a_row += 1
            last_at = attempt.at
    return AttemptLog(tuple(pending), in_a_row, last_at, unreadable)


def _marked_journalled(line: bytes) -> bytes:
    return json.dumps({**(_fields(line) or {}), "journalled": True}, sort_keys=True).encode("ascii")


def _is_journalled(line: bytes) -> bool:
    return (_fields(line) or {}).get("journalled") is True


def _is_opening(line: bytes) -> bool:
    fields = _fields(line)
    return fields is not None and fields.get("opened") is True


def _attempt_from(line: bytes) -> FailedAttempt | None:
    fields = _fields(line)
    try:
        if fields is None or not isinstance(fields["at"], int):
            return None
        return FailedAttempt(
            attempt_id=str(fields["id"]),
            at=fields["at"],
            zone=str(fields["zone"]),
            kind=SlotKind(str(fields["kind"])),
            purpose=KeyPurpose(str(fields["purpose"])),
        )
    except (KeyError, ValueError):
        return None


def _fields(line: bytes) -> dict[str, object] | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None
