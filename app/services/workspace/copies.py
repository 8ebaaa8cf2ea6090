"""Back up and restore a workspace."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import EnvironmentFaultError, NotAllowedError
from app.models.audit import JournalRow
from app.models.base import freeze
from app.models.conversation import Attachment
from app.models.people import Device
from app.models.settings import Configuration
from app.services.jobs import JobContext
from app.services.workspace import vault as vaults
from app.services.workspace.backup import (
    read_backup_header,
    restore_attached,
    restore_database,
    write_backup,
)
from app.services.workspace.backup_rotation import expired_backups
from app.services.workspace.clock import Clock, SystemClock
from app.services.workspace.database import Database, Identity
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.lock import DATABASE_FILE
from app.services.workspace.slot_store import Disk
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import WORKSPACE_KEY, Workspace, new_device

BACKUP_FOLDER: Final = "backups"
_STAMP: Final = "%Y%m%dT%H%M%SZ"


def backup(workspace: Workspace, target: Path, job: JobContext | None = None) -> Path:
    """Write an encrypted, verified backup of the open workspace and journal it."""
    with workspace.database.reader.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        slots, key = workspace.vault.slots_bytes(), workspace.vault.backup_key
        write_backup(driver, slots, key, target, job, blobs=workspace.blobs.paths)
    with workspace.database.unit() as uow:
        uow.record_event("backup", type_="workspace", entity_id=workspace.identity.workspace)
        uow.commit()
    return target


def daily_backup(workspace: Workspace, job: JobContext | None = None) -> Path | None:
    """Write today's backup into the workspace's folder if there is none, and let old ones go."""
    folder = workspace.folder / BACKUP_FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as exc:
        raise EnvironmentFaultError(
            f"The folder {BACKUP_FOLDER} of the workspace cannot be used. The workspace itself is unharmed. "
            "Look what stands in its place, then back up again."
        ) from exc
    now = datetime.fromtimestamp(workspace.database.clock.now() / 1000, UTC)
    taken = {taken_at(path): path for path in folder.glob("*.midesk-backup") if taken_at(path)}
    if any(instant.date() == now.date() for instant in taken if instant is not None):
        return None
    # What no row names any more would else be copied on and on.
    workspace.blobs.sweep(workspace.database.read(attached_hashes))
    made = backup(workspace, folder / backup_name(now), job)
    for instant in expired_backups([instant for instant in taken if instant is not None], now):
        taken[instant].unlink(missing_ok=True)
    return made


def backup_name(now: datetime) -> str:
    """Name the backup of an instant."""
    return f"{now.strftime(_STAMP)}.midesk-backup"


def taken_at(path: Path) -> datetime | None:
    """Tell from its name when a backup was made; None for other files."""
    try:
        return datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Secret:
    """The passphrase or recovery key that was right on the day of the backup."""

    kind: SlotKind
    text: str


def restore(
    source: Path,
    folder: Path,
    secret: Secret,
    *,
    clock: Clock | None = None,
    ports: VaultPorts | None = None,
    job: JobContext | None = None,
) -> Identity:
    """Restore a backup with its attached files into an empty folder, as a new device.

    `n` and the chain go on; the first new row names the old device and its head,
    so that the server starts the new device there.
    """
    ports = ports or VaultPorts()
    header = read_backup_header(source)
    keys = vaults.unlock_copy(header.key_slots, secret.kind, secret.text, ports.policy.floor)
    if (folder / DATABASE_FILE).exists():
        raise NotAllowedError(
            "There is a workspace in this folder already. It was left as it is. Choose an empty folder."
        )
    # The slots first: a crash then leaves a folder without a database, and the restore can be repeated.
    vaults.restore_slots(folder, header.key_slots, ports)
    restoring = folder / f"{DATABASE_FILE}.restoring"
    restoring.unlink(missing_ok=True)
    restore_database(source, keys.backup_key, restoring, keys.database_key, job)
    database = Database(restoring, keys.database_key.reveal(), clock or SystemClock())
    try:
        identity = _become_new_device(database)
    finally:
        database.close()
    restore_attached(source, folder)
    restoring.replace(folder / DATABASE_FILE)
    Disk().sync_folder(folder)
    return identity


def attached_hashes(session: Session) -> frozenset[str]:
    """Return the SHA-256 of every file that a row names."""
    return frozenset(session.scalars(select(Attachment.sha256).distinct()))


def _become_new_device(database: Database) -> Identity:
    with database.unit() as uow:
        session = uow.session
        configuration = session.scalars(select(Configuration).where(Configuration.key == WORKSPACE_KEY)).one()
        old = session.get_one(Device, configuration.value["device"])
        head = session.scalars(select(JournalRow).order_by(JournalRow.n.desc()).limit(1)).one()
        device = new_device(uow.now())
        old.replaced_by = device.id
        session.add(device)
        configuration.value = freeze({**configuration.value, "device": device.id})
        uow.actor, uow.device = configuration.value["user"], device.id
        uow.record_event(
            "restored_from_backup",
            type_="workspace",
            entity_id=configuration.value["id"],
            old_device=old.id,
            old_head_n=head.n,
            old_head_hash=head.hash,
            device_public_key=device.public_key.hex(),
        )
        uow.commit()
        return Identity(configuration.value["id"], device.id, device.short, configuration.value["user"])
