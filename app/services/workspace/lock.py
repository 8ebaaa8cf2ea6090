"""Who has the workspace open: many share it, a few steps need it alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import filelock

from app.errors import EnvironmentFaultError, WorkspaceBusyError

DATABASE_FILE: Final = "workspace.db"
LOCK_FILE: Final = "workspace.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the workspace alone; raise `WorkspaceBusyError` while any process has it open."""
    lock = filelock.ReadWriteLock(folder / LOCK_FILE, is_singleton=False)
    try:
        with lock.write_lock(timeout=0.5):
            yield
    except filelock.Timeout as exc:
        raise WorkspaceBusyError(
            "This needs the workspace alone, and it is open elsewhere. Nothing was changed. "
            "Close the window of MI Desk first, then try again."
        ) from exc
    finally:
        lock.close()


def shared_lock(folder: Path) -> filelock.ReadWriteLock:
    """Take a share of the workspace; the holder releases and closes it."""
    lock = filelock.ReadWriteLock(folder / LOCK_FILE, is_singleton=False)
    try:
        lock.acquire_read(timeout=4.5)
    except filelock.Timeout as exc:
        lock.close()
        raise WorkspaceBusyError(
            "Another MI Desk process is restoring, re-keying or updating this workspace. "
            "Nothing was changed. Try again when it has ended."
        ) from exc
    except OSError as exc:
        lock.close()
        raise EnvironmentFaultError(
            "The lock file of the workspace cannot be used. Nothing was changed. Check the folder's rights."
        ) from exc
    return lock
