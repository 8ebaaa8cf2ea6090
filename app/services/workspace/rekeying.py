"""Encrypt a workspace anew under a new master key."""

from pathlib import Path
from typing import Any

from app.errors import EnvironmentFaultError, WorkspaceBusyError
from app.services.jobs import JobContext
from app.services.workspace.backup import check_database, copy_database
from app.services.workspace.blobs import BLOB_FOLDER, BlobStore
from app.services.workspace.engine import connect
from app.services.workspace.keys import SecretKey
from app.services.workspace.lock import DATABASE_FILE, alone
from app.services.workspace.slot_store import Disk
from app.services.workspace.vault import Vault


def rekey(vault: Vault, passphrase: str, job: JobContext | None = None) -> str:
    """Encrypt the workspace anew under a new master key; return the new recovery key.

    Needs the workspace alone. At every moment one of the two keys opens the
    database on disk; the old file goes after the next unlock.
    """
    with alone(vault.folder):
        pending = vault.prepare_rekey(passphrase)
        before = vault.database_key
        copy = _copy_under(vault.folder, before, pending.keys.database_key, job or JobContext())
        _seal_under(vault, before, vault.blob_key, pending.keys.blob_key, job or JobContext())
        vault.commit_rekey(pending)
        _swap(vault.folder / DATABASE_FILE, copy)
        vault.finish_rekey()
        _sweep(vault)
    return pending.recovery_key


def finish_rekey(vault: Vault, working_key: SecretKey) -> None:
    """End a change of keys that was broken off; `working_key` opens the database on disk."""
    with alone(vault.folder):
        if vault.retired_keys is not None:
            retired = vault.retired_keys.blob_key
            _seal_under(vault, working_key, retired, vault.blob_key, JobContext())
        if working_key != vault.database_key:
            copy = _copy_under(vault.folder, working_key, vault.database_key, JobContext())
            _swap(vault.folder / DATABASE_FILE, copy)
        vault.finish_rekey()
        _sweep(vault)


def _seal_under(vault: Vault, working: SecretKey, old: SecretKey, new: SecretKey, job: JobContext) -> None:
    """Seal the attached files under the new key beside those under the old one, before the keys change.

    A file that is lost or damaged already stays lost: it must not keep anyone from changing the keys.
    """
    folder = vault.folder / BLOB_FOLDER
    BlobStore(folder, old).reseal(BlobStore(folder, new), _attached(vault.folder, working), job)


def _sweep(vault: Vault) -> None:
    store = BlobStore(vault.folder / BLOB_FOLDER, vault.blob_key)
    store.sweep(_attached(vault.folder, vault.database_key), at_once=True)


def _attached(folder: Path, key: SecretKey) -> list[str]:
    source: Any = connect(folder / DATABASE_FILE, key.reveal())
    try:
        if not source.execute("SELECT 1 FROM sqlite_schema WHERE name = 'attachment'").fetchone():
            return []
        return [row[0] for row in source.execute("SELECT DISTINCT sha256 FROM attachment")]
    finally:
        source.close()


def _copy_under(folder: Path, old: SecretKey, new: SecretKey, job: JobContext) -> Path:
    path = folder / DATABASE_FILE
    copy = path.with_name(f"{path.name}.rekeyed")
    copy.unlink(missing_ok=True)
    source: Any = connect(path, old.reveal())
    try:
        copy_database(source, copy, new, job)
        # The swap must not leave a log behind that holds what the old file lacks.
        source.execute("PRAGMA query_only = OFF")
        busy = source.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        source.close()
    if busy:
        raise WorkspaceBusyError(
            "Another program reads the workspace, so its keys were not changed. Close it, then try again."
        )
    check_database(copy, new)
    return copy


def _swap(path: Path, copy: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    try:
        if log.exists() and log.stat().st_size:
            raise WorkspaceBusyError(
                "The workspace was written to meanwhile, so its keys were not changed. Try again."
            )
        for name in (log.name, f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        copy.replace(path)
        Disk().sync_folder(path.parent)
    except OSError as exc:
        raise EnvironmentFaultError(
            "The re-encrypted database could not be put in place. The old one and its key still work. "
            "Close other programs that use the folder, then open MI Desk again."
        ) from exc
