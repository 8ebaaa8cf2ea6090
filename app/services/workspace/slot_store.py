"""Where the key slots lie on disk, and how they are replaced without a gap.

`keyslots.json` is the generation in force, `keyslots.json.previous` the one before it, kept until the one
in force has opened the workspace once. At every instant at least one of the two is whole.
"""

import errno
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import filelock

from app.errors import (
    AppError,
    DamagedKeySlotsError,
    EnvironmentFaultError,
    NotAllowedError,
    WorkspaceBusyError,
    WorkspaceMissingError,
)
from app.services.workspace.keys import Argon2Cost
from app.services.workspace.keyslots import DAMAGED_MESSAGE, KeySlots, read_key_slots, write_key_slots

logger = logging.getLogger(__name__)

SLOT_FILE: Final = "keyslots.json"
LOCK_FILE: Final = "keyslots.lock"
_LOCK_TIMEOUT_S: Final = 4.5
_NO_HARD_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


class Disk:
    """The few calls that change files, as a port that tests make fail."""

    def read(self, path: Path) -> bytes | None:
        """Read a whole file, or give nothing if it is not there."""
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def write(self, path: Path, content: bytes) -> None:
        """Write a private file and wait until the disk holds it."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def append(self, path: Path, content: bytes) -> None:
        """Add to a private file and wait until the disk holds it."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, source: Path, target: Path) -> None:
        """Put a file in the place of another in one step."""
        source.replace(target)

    def claim(self, source: Path, target: Path) -> None:
        """Give a file its name only if nobody else has it."""
        if sys.platform == "win32":
            source.rename(target)
            return
        try:
            os.link(source, target)
        except OSError as exc:
            if exc.errno not in _NO_HARD_LINKS:
                raise
            source.replace(target)
        else:
            source.unlink()

    def remove(self, path: Path) -> None:
        """Delete a file that may be gone already."""
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Wait until the disk holds the names in a folder.

        Some file systems refuse it; the files themselves are synced, so that is logged and not fatal.
        """
        if sys.platform == "win32":
            return
        try:
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as exc:
            logger.warning("The folder of the workspace could not be synced: errno %s", exc.errno)


@dataclass(frozen=True, slots=True)
class StoredSlots:
    """Key slots as read; `from_previous` when the file in force is lost or damaged."""

    slots: KeySlots
    content: bytes
    from_previous: bool


class SlotStore:
    """Reads and replaces the key slots of one workspace folder."""

    def __init__(self, folder: Path, floor: Argon2Cost, disk: Disk | None = None) -> None:
        self._floor = floor
        self._disk = disk or Disk()
        self.folder = folder
        self.current = folder / SLOT_FILE
        self.previous = folder / f"{SLOT_FILE}.previous"
        self._set_aside = folder / f"{SLOT_FILE}.damaged"
        self._next = folder / f"{SLOT_FILE}.next"
        self._lock = folder / LOCK_FILE

    def exists(self) -> bool:
        """Whether there is a workspace here, whole or damaged."""
        return self._read(self.current) is not None or self._read(self.previous) is not None

    def read(self) -> StoredSlots:
        """Read the generation in force, or the previous one if that is damaged."""
        content = self._read(self.current)
        earlier = self._read(self.previous)
        if content is None and earlier is None:
            raise self._nothing_here()
        try:
            return self._parsed(content, from_previous=False)
        except DamagedKeySlotsError:
            if earlier is None:
                raise
        return self._parsed(earlier, from_previous=True)

    def create(self, slots: KeySlots) -> None:
        """Write the first key slots, never over those of another workspace."""
        content = self._checked(slots)
        with self._alone(_LOCK_TIMEOUT_S):
            self._create(content)

    def replace(self, slots: KeySlots) -> None:
        """Put a new generation in force and keep the one before it.

        On any failure a whole generation is left: the old one, or the new one.
        """
        content = self._checked(slots)
        with self._alone(_LOCK_TIMEOUT_S):
            self._replace(slots, content)

    def settle(self, opened: StoredSlots) -> None:
        """Drop what an opened generation makes needless, or put it back in force.

        A failure is logged only: the workspace is open and the next opening tries again.
        """
        try:
            with self._alone(0):
                self._settle(opened)
        except (AppError, OSError) as exc:
            logger.warning("The previous key slots were not settled: %s", type(exc).__name__)

    def _create(self, content: bytes) -> None:
        if self.exists():
            raise already_here()
        try:
            self._disk.write(self._next, content)
            self._disk.claim(self._next, self.current)
            self._disk.sync_folder(self.folder)
        except FileExistsError as exc:
            raise already_here() from exc
        except OSError as exc:
            raise _not_written(exc) from exc

    def _replace(self, slots: KeySlots, content: bytes) -> None:
        before = self.read()
        if before.slots.generation >= slots.generation:
            raise _changed_elsewhere()
        try:
            self._keep(before)
            self._disk.write(self._next, content)
            self._disk.rename(self._next, self.current)
            self._disk.sync_folder(self.folder)
        except OSError as exc:
            raise _not_written(exc) from exc

    def _settle(self, opened: StoredSlots) -> None:
        if opened != self.read():
            # Another process changed the slots since: its own next opening settles them.
            return
        if opened.from_previous:
            self._restore(opened)
        else:
            self._disk.remove(self.previous)
        self._disk.remove(self._next)

    @contextmanager
    def _alone(self, timeout: float) -> Iterator[None]:
        # Two processes that read the same generation would otherwise lose one of their changes.
        lock = filelock.FileLock(self._lock, timeout=timeout, mode=0o600)
        try:
            lock.acquire()
        except filelock.Timeout as exc:
            raise _changed_elsewhere() from exc
        except OSError as exc:
            raise _not_written(exc) from exc
        try:
            yield
        finally:
            lock.release()

    def _keep(self, before: StoredSlots) -> None:
        if before.from_previous:
            self._put_aside()
            return
        self._disk.write(self._next, before.content)
        self._disk.rename(self._next, self.previous)
        self._disk.sync_folder(self.folder)

    def _restore(self, opened: StoredSlots) -> None:
        self._put_aside()
        self._disk.write(self._next, opened.content)
        self._disk.rename(self._next, self.current)
        self._disk.sync_folder(self.folder)

    def _put_aside(self) -> None:
        # A damaged file is never deleted: someone may still read a slot out of it.
        if self.current.exists():
            self._disk.rename(self.current, self._set_aside)

    def _checked(self, slots: KeySlots) -> bytes:
        content = write_key_slots(slots)
        if read_key_slots(content, self._floor) != slots:
            raise AssertionError("the key slots do not read back")
        return content

    def _parsed(self, content: bytes | None, *, from_previous: bool) -> StoredSlots:
        if content is None:
            raise DamagedKeySlotsError(DAMAGED_MESSAGE)
        return StoredSlots(read_key_slots(content, self._floor), content, from_previous)

    def _read(self, path: Path) -> bytes | None:
        try:
            return self._disk.read(path)
        except OSError as exc:
            raise EnvironmentFaultError(
                "The key slot file of this workspace could not be read: the system refused it. "
                "Nothing was changed. Check the permissions of the folder and try again."
            ) from exc

    def _nothing_here(self) -> WorkspaceMissingError | DamagedKeySlotsError:
        if any(self.folder.glob("*.db")):
            return DamagedKeySlotsError(
                "The key slot file of this workspace is missing, and the records open only with it. "
                "Nothing was changed, and the records are still there, encrypted. "
                "Put keyslots.json back, or restore it from a backup of this workspace."
            )
        return WorkspaceMissingError(
            "There is no workspace in this folder. Nothing was changed. "
            "Choose the folder of a workspace, or make a new one."
        )


def already_here() -> NotAllowedError:
    """Say that a workspace is never made over another one."""
    return NotAllowedError(
        "There is a workspace in this folder already. It was left as it is. "
        "Open it, or choose another folder for the new one.",
        blockers=("The folder holds the key slots of a workspace.",),
    )


def _changed_elsewhere() -> WorkspaceBusyError:
    return WorkspaceBusyError(
        "The key slots are being changed by another window or command. "
        "That change was kept, yours was not made. Try again."
    )


def _not_written(exc: OSError) -> EnvironmentFaultError:
    if exc.errno == errno.ENOSPC:
        return EnvironmentFaultError(
            "The disk is full, so the key slots were not changed. The workspace opens as before. "
            "Free 1 MB and try again."
        )
    return EnvironmentFaultError(
        "The key slots could not be written: the system refused it. The workspace opens as before. "
        "Check the permissions of the folder and try again."
    )
