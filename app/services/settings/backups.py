"""The backups beside the workspace: which there are, and one more on demand."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.errors import EnvironmentFaultError
from app.services.jobs import JobContext
from app.services.workspace import copies
from app.services.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """Where the backups are, how many, and the last of them."""

    folder: Path
    count: int
    last_at: datetime | None
    last_bytes: int


def backup_facts(folder: Path) -> BackupFacts:
    """Look at the backups of a workspace; files of other names are not ours."""
    home = folder / copies.BACKUP_FOLDER
    try:
        taken = [
            (instant, path) for path in home.glob("*.midesk-backup") if (instant := copies.taken_at(path))
        ]
        if not taken:
            return BackupFacts(home, 0, None, 0)
        last_at, last = max(taken)
        return BackupFacts(home, len(taken), last_at, last.stat().st_size)
    except OSError as exc:
        raise EnvironmentFaultError(
            f"The folder of the backups cannot be read ({exc.strerror}). Nothing was changed. Check its rights."
        ) from exc


def back_up_now(workspace: Workspace, job: JobContext | None = None) -> Path:
    """Write one more encrypted backup beside the workspace and verify it."""
    home = workspace.folder / copies.BACKUP_FOLDER
    now = datetime.fromtimestamp(workspace.database.clock.now() / 1000, UTC)
    try:
        home.mkdir(mode=0o700, exist_ok=True)
    except OSError as exc:
        raise EnvironmentFaultError(
            f"The folder of the backups cannot be made ({exc.strerror}). Nothing was written. Check the disk."
        ) from exc
    return copies.backup(workspace, home / copies.backup_name(now), job)
