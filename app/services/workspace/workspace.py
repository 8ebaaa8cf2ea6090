"""A workspace: one user on one device, made, opened and closed here."""

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import filelock
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.errors import DamagedDatabaseError, WorkspaceMissingError
from app.models.base import freeze
from app.models.ids import uuid7
from app.models.migrations import SCHEMA
from app.models.people import Device, User
from app.models.settings import Configuration
from app.services.jobs import JobContext
from app.services.workspace import rekeying
from app.services.workspace import vault as vaults
from app.services.workspace.backup import check_database, copy_database
from app.services.workspace.blobs import BLOB_FOLDER, BlobStore
from app.services.workspace.clock import Clock, SystemClock
from app.services.workspace.database import Database, Identity
from app.services.workspace.engine import probe, write_engine
from app.services.workspace.keys import SecretKey
from app.services.workspace.lock import DATABASE_FILE, alone, shared_lock
from app.services.workspace.migrate import refuse_newer, schema_of, upgrade
from app.services.workspace.slot_store import Disk
from app.services.workspace.unit_of_work import UnitOfWork
from app.services.workspace.vault import Vault, VaultPorts

WORKSPACE_KEY: Final = "workspace"
_COPY_STAMP: Final = "%Y%m%dT%H%M%SZ"
_COPY: Final = re.compile(re.escape(DATABASE_FILE) + r"\.before-\d+\.(\d{8}T\d{6}Z)(?:-wal|-shm)?")
_COPY_KEPT: Final = timedelta(days=7)
# Crockford's base32: read over the phone without being misheard.
_SHORT_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class NewUser:
    """Who the workspace is made for; credentials are the letters after the name."""

    name: str
    credentials: str = ""


class Workspace:
    """An open workspace: the vault, the database, and a share of the lock."""

    def __init__(self, folder: Path, vault: Vault, database: Database, lock: filelock.ReadWriteLock) -> None:
        self.folder = folder
        self.vault = vault
        self.database = database
        self.blobs = database.blobs = BlobStore(folder / BLOB_FOLDER, vault.blob_key)
        self._lock = lock

    @property
    def identity(self) -> Identity:
        """Who writes here, and on which device."""
        return self.database.identity

    def sign(self, content: bytes) -> str:
        """Return the Ed25519 signature of this device as hex digits.

        The caller has asked for the passphrase: the keyring never signs.
        """
        device_id = self.identity.device
        raw = self.database.read(lambda session: session.get_one(Device, device_id).private_key)
        return Ed25519PrivateKey.from_private_bytes(raw).sign(content).hex()

    def close(self) -> None:
        """Close the database and give up the share of the lock."""
        self.database.close()
        # Closing gives the lock up from any thread; releasing it is the acquiring thread's alone.
        self._lock.close()


def create(
    folder: Path,
    passphrase: str,
    user: NewUser,
    *,
    clock: Clock | None = None,
    ports: VaultPorts | None = None,
) -> tuple[Workspace, str]:
    """Make a workspace in an empty folder; return it open, and its recovery key.

    The recovery key is shown once and kept nowhere.
    """
    vault, recovery_key = vaults.create(folder, passphrase, ports)
    database = _make_database(folder, vault, user, clock or SystemClock())
    return Workspace(folder, vault, database, shared_lock(folder)), recovery_key


def _make_database(folder: Path, vault: Vault, user: NewUser, clock: Clock) -> Database:
    """Make the database under another name and put it in its place once its first rows are durable.

    So a crash leaves slots without a database, which holds no record yet, and never half a database.
    """
    key = vault.database_key.reveal()
    making = folder / f"{DATABASE_FILE}.making"
    for leftover in folder.glob(f"{making.name}*"):
        leftover.unlink()
    first = Database(making, key, clock)
    try:
        upgrade(first.writer)
        with first.unit() as uow:
            _add_first_rows(uow, vault.workspace_id, user)
            uow.commit()
    finally:
        first.close()
    making.replace(folder / DATABASE_FILE)
    Disk().sync_folder(folder)
    database = Database(folder / DATABASE_FILE, key, clock)
    database.identity = database.read(_identity, vault.workspace_id)
    return database


def new_device(made_at: int) -> Device:
    """Make a device with its Ed25519 key."""
    private_key = Ed25519PrivateKey.generate()
    raw = serialization.Encoding.Raw
    return Device(
        id=uuid7(),
        short="".join(secrets.choice(_SHORT_ALPHABET) for _ in range(4)),
        private_key=private_key.private_bytes(
            raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        ),
        public_key=private_key.public_key().public_bytes(raw, serialization.PublicFormat.Raw),
        made_at=made_at,
    )


def _add_first_rows(uow: UnitOfWork, workspace_id: str, user: NewUser) -> None:
    device = new_device(uow.now())
    # Before enrolment the one user is specialist and librarian, and nobody is approver.
    person = User(id=uuid7(), name=user.name, credentials=user.credentials, roles=["specialist", "librarian"])
    uow.actor, uow.device = person.id, device.id
    uow.session.add_all([device, person])
    value = freeze({"id": workspace_id, "user": person.id, "device": device.id})
    uow.session.add(Configuration(key=WORKSPACE_KEY, value=value))
    uow.record_event(
        "workspace_created",
        type_="workspace",
        entity_id=workspace_id,
        device_public_key=device.public_key.hex(),
    )


def open_workspace(vault: Vault, *, clock: Clock | None = None) -> Workspace:
    """Open the database behind an opened vault, and journal the unlock.

    Migrates an older database when this process has the workspace alone.
    Raises the `WorkspaceError` that says why it does not open; nothing is changed then.
    """
    folder = vault.folder
    path = folder / DATABASE_FILE
    if not path.exists():
        raise WorkspaceMissingError(
            "The key slots are here, but the database file is gone. Nothing was changed. "
            "Restore the newest backup into another folder."
        )
    key = _working_key(vault, path)
    if vault.retired_keys is not None:
        rekeying.finish_rekey(vault, key)
        key = vault.database_key
    clock = clock or SystemClock()
    now = datetime.fromtimestamp(clock.now() / 1000, UTC)
    _migrate_if_older(path, key, now)
    database = Database(path, key.reveal(), clock)
    lock = shared_lock(folder)
    try:
        database.identity = database.read(_identity, vault.workspace_id)
        _journal_unlock(database, vault)
    except BaseException:
        database.close()
        lock.close()
        raise
    _remove_old_copies(folder, now)
    return Workspace(folder, vault, database, lock)


def _working_key(vault: Vault, path: Path) -> SecretKey:
    """Return the key of the database on disk; after a broken-off rekey it may be the retired one."""
    candidates = [vault.database_key]
    if vault.retired_keys is not None:
        candidates.append(vault.retired_keys.database_key)
    for index, key in enumerate(candidates):
        try:
            refuse_newer(probe(path, key.reveal()))
        except DamagedDatabaseError:
            if index == len(candidates) - 1:
                raise
        else:
            return key
    raise AssertionError("there is always a first key")


def _migrate_if_older(path: Path, key: SecretKey, now: datetime) -> None:
    engine = write_engine(path, key.reveal())
    try:
        with engine.connect() as connection:
            current = schema_of(connection)
        if current < SCHEMA:
            with alone(path.parent):
                # An earlier copy does not have what an older program wrote since.
                copy = path.with_name(f"{path.name}.before-{SCHEMA}.{now.strftime(_COPY_STAMP)}")
                _copy_before_update(engine, copy, key)
                upgrade(engine)
    finally:
        engine.dispose()


def _copy_before_update(engine: Engine, target: Path, key: SecretKey) -> None:
    """Keep an encrypted copy of the database as it was before a migration."""
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    with engine.connect() as connection:
        source: Any = connection.connection.dbapi_connection
        copy_database(source, part, key, JobContext())
    check_database(part, key)
    part.replace(target)


def _remove_old_copies(folder: Path, now: datetime) -> None:
    """Remove the copies of earlier updates, which would keep what is erased since."""
    for path in folder.glob(f"{DATABASE_FILE}.before-*"):
        stamp = _COPY.fullmatch(path.name)
        if stamp and now - datetime.strptime(stamp[1], _COPY_STAMP).replace(tzinfo=UTC) > _COPY_KEPT:
            # A copy that is held elsewhere must not keep the workspace shut; the next unlock tries again.
            with suppress(OSError):
                path.unlink()


def _identity(session: Session, workspace_id: str) -> Identity:
    value = session.scalars(select(Configuration.value).where(Configuration.key == WORKSPACE_KEY)).one()
    if value["id"] != workspace_id:
        raise DamagedDatabaseError(
            "The database in this folder belongs to another workspace. Nothing was changed. "
            "Put the files of one workspace back together, or restore a backup into another folder."
        )
    device = session.get_one(Device, value["device"])
    return Identity(workspace_id, device.id, device.short, value["user"])


def _journal_unlock(database: Database, vault: Vault) -> None:
    log = vault.attempts.read()
    failed = log.failures
    with database.unit() as uow:
        for attempt in failed:
            uow.record_event(
                "unlock_failed",
                type_="workspace",
                entity_id=vault.workspace_id,
                failed_at=attempt.at,
                zone_then=attempt.zone,
                attempt=attempt.attempt_id,
                by=str(attempt.kind),
                purpose=str(attempt.purpose),
            )
        if log.unreadable_lines:
            uow.record_event(
                "unlock_log_damaged",
                type_="workspace",
                entity_id=vault.workspace_id,
                lines=log.unreadable_lines,
            )
        uow.record_event("unlock", type_="workspace", entity_id=vault.workspace_id, by=str(vault.opened_by))
        uow.commit()
    vault.attempts.acknowledge(failed)
