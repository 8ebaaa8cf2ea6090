"""Backups: one encrypted file with the key slots of its day in front.

    magic (16) | length of slots (4, big endian) | slots | length of database (8) | SHA-256 (32) | database
    | attached files (`backup_blobs.py`), only behind the second magic

The database inside is keyed with the backup key, so a backup never holds a plain page, not even while
it is made. The slots in front open it by the passphrase or recovery key that was right on that day.
"""

import errno
import hashlib
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import sqlcipher3.dbapi2 as sqlcipher

from app.errors import (
    DamagedDatabaseError,
    EnvironmentFaultError,
    InputRefusedError,
    NewerDatabaseError,
    NotAllowedError,
    WrongKeyError,
)
from app.services.jobs.context import JobContext
from app.services.workspace.backup_blobs import restore_blobs, write_blobs
from app.services.workspace.keys import SecretKey
from app.services.workspace.keyslots import MAX_SLOT_FILE_BYTES
from app.services.workspace.slot_store import Disk

_MAGIC_STEM: Final = b"MIDESK BACKUP "
_MAGIC: Final = _MAGIC_STEM + b"1\n"
_MAGIC_WITH_BLOBS: Final = _MAGIC_STEM + b"2\n"
_SLOTS_LENGTH: Final = struct.Struct(">I")
_DATABASE_LENGTH: Final = struct.Struct(">Q")
_DIGEST_BYTES: Final = 32
_CHUNK: Final = 1024 * 1024
# Pages a step: some 8 MB, after which other connections get their turn and a cancel is seen.
_STEP_PAGES: Final = 2048

DAMAGED_MESSAGE: Final = (
    "This backup file is damaged: what it holds does not match its checksum. "
    "Nothing was restored, and the workspace is as it was. Choose an earlier backup."
)


@dataclass(frozen=True, slots=True)
class BackupHeader:
    """What stands in front of the database in a backup file."""

    key_slots: bytes
    database_bytes: int
    sha256: bytes
    offset: int
    has_blobs: bool = False

    @property
    def blobs_offset(self) -> int:
        """Where the attached files begin."""
        return self.offset + self.database_bytes


def write_backup(
    connection: sqlcipher.Connection,
    key_slots: bytes,
    backup_key: SecretKey,
    target: Path,
    job: JobContext | None = None,
    *,
    blobs: Callable[[], Sequence[Path]] = tuple,
) -> None:
    """Copy the open database into one encrypted, verified file, and the attached files behind it.

    Readers and the writer go on meanwhile; the target appears only once it is whole and on the disk.
    """
    refuse_existing(target)
    job = job or JobContext()
    copy, part = _beside(target, "copy"), _beside(target, "part")
    with _environment("write", target), _removed_afterwards(copy, part):
        copy_database(connection, copy, backup_key, job)
        check_database(copy, backup_key)
        job.checkpoint()
        # Listed after the copy: whatever a row of the copy names is there by now.
        _assemble(key_slots, copy, part, blobs())
        _publish(part, target)


def read_backup_header(source: Path) -> BackupHeader:
    """Read the key slots of a backup and where its database is."""
    with _environment("read", source), source.open("rb") as file:
        magic = file.read(len(_MAGIC))
        if magic not in (_MAGIC, _MAGIC_WITH_BLOBS):
            raise _foreign(magic)
        slots_length: int = _SLOTS_LENGTH.unpack(_exactly(file, _SLOTS_LENGTH.size))[0]
        if slots_length > MAX_SLOT_FILE_BYTES:
            raise DamagedDatabaseError(DAMAGED_MESSAGE)
        slots = _exactly(file, slots_length)
        length: int = _DATABASE_LENGTH.unpack(_exactly(file, _DATABASE_LENGTH.size))[0]
        digest = _exactly(file, _DIGEST_BYTES)
        offset = file.tell()
        has_blobs = magic == _MAGIC_WITH_BLOBS
        size = source.stat().st_size
        if size < offset + length or (size > offset + length) != has_blobs:
            raise DamagedDatabaseError(DAMAGED_MESSAGE)
    return BackupHeader(slots, length, digest, offset, has_blobs)


def extract_database(source: Path, target: Path) -> None:
    """Take the database out of a backup, still under the backup key.

    The target appears only if every byte matches the checksum.
    """
    refuse_existing(target)
    header = read_backup_header(source)
    part = _beside(target, "part")
    with _environment("write", target), _removed_afterwards(part):
        with source.open("rb") as backup, _private(part) as database:
            backup.seek(header.offset)
            digest = hashlib.sha256()
            for chunk in _chunks(backup, header.database_bytes):
                digest.update(chunk)
                database.write(chunk)
            _synced(database)
        if digest.digest() != header.sha256:
            raise DamagedDatabaseError(DAMAGED_MESSAGE)
        _publish(part, target)


def restore_database(
    source: Path,
    backup_key: SecretKey,
    target: Path,
    database_key: SecretKey,
    job: JobContext | None = None,
) -> None:
    """Bring the database of a backup back under the database key."""
    refuse_existing(target)
    job = job or JobContext()
    extracted, part = _beside(target, "extracted"), _beside(target, "restored")
    with _environment("write", target), _removed_afterwards(extracted, part):
        extract_database(source, extracted)
        connection = _keyed(extracted, backup_key)
        try:
            copy_database(connection, part, database_key, job)
        finally:
            connection.close()
        check_database(part, database_key)
        _publish(part, target)


def refuse_existing(target: Path) -> None:
    """Refuse to write over a file that is there."""
    if target.exists():
        raise NotAllowedError(
            f"There is a file named {target.name} already. It was left as it is. Choose another name.",
            blockers=("The target exists.",),
        )


def copy_database(source: sqlcipher.Connection, target: Path, key: SecretKey, job: JobContext) -> None:
    """Copy an open database to a new file under a key of its own."""

    def on_step(_status: int, remaining: int, total: int) -> None:
        job.checkpoint()
        job.report(total - remaining, total)

    # Made private first: SQLite itself would create it with the permissions of the umask.
    with _private(target):
        pass
    copy = _keyed(target, key, is_new=True)
    try:
        copy.execute("PRAGMA journal_mode = MEMORY").fetchone()
        source.backup(copy, pages=_STEP_PAGES, progress=on_step)
        # The copied header says WAL; a single file must need no second one beside it.
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    finally:
        copy.close()


def check_database(path: Path, key: SecretKey) -> None:
    """Raise `DamagedDatabaseError` unless every page of a closed database is sound."""
    connection = _keyed(path, key)
    try:
        faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        verdict = connection.execute("PRAGMA quick_check").fetchone()
    finally:
        connection.close()
    if faults or verdict is None or verdict[0] != "ok":
        raise DamagedDatabaseError(
            "The copy of the database did not pass its check and was not used. "
            "The workspace is as it was. Run a check of the workspace, then try again."
        )


def _keyed(path: Path, key: SecretKey, *, is_new: bool = False) -> sqlcipher.Connection:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    try:
        # A wrong key would otherwise be reported on stderr.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA temp_store = MEMORY")
        if not is_new:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlcipher.DatabaseError as exc:
        connection.close()
        raise WrongKeyError(
            "This backup does not open with that key. Nothing was restored. "
            "Use the passphrase or recovery key that was right on the day of the backup."
        ) from exc
    return connection


def restore_attached(source: Path, folder: Path) -> int:
    """Bring the attached files of a backup into a workspace folder; return how many there are."""
    header = read_backup_header(source)
    if not header.has_blobs:
        return 0
    with _environment("write", folder):
        return restore_blobs(source, header.blobs_offset, folder, DAMAGED_MESSAGE)


def _assemble(key_slots: bytes, database: Path, part: Path, blobs: Sequence[Path]) -> None:
    with database.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").digest()
    with database.open("rb") as source, _private(part) as file:
        file.write((_MAGIC_WITH_BLOBS if blobs else _MAGIC) + _SLOTS_LENGTH.pack(len(key_slots)) + key_slots)
        file.write(_DATABASE_LENGTH.pack(database.stat().st_size) + digest)
        for chunk in _chunks(source, database.stat().st_size):
            file.write(chunk)
        if blobs:
            write_blobs(file, blobs)
        _synced(file)


def _publish(part: Path, target: Path) -> None:
    disk = Disk()
    try:
        disk.claim(part, target)
    except FileExistsError:
        refuse_existing(target)
    disk.sync_folder(target.parent)


def _beside(target: Path, purpose: str) -> Path:
    return target.with_name(f"{target.name}.{purpose}")


def _private(path: Path) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _synced(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _chunks(file: IO[bytes], length: int) -> Iterator[bytes]:
    while length and (chunk := file.read(min(_CHUNK, length))):
        length -= len(chunk)
        yield chunk


def _exactly(file: IO[bytes], length: int) -> bytes:
    content = file.read(length)
    if len(content) != length:
        raise DamagedDatabaseError(DAMAGED_MESSAGE)
    return content


def _foreign(magic: bytes) -> InputRefusedError | NewerDatabaseError:
    if magic.startswith(_MAGIC_STEM):
        return NewerDatabaseError(
            "This backup was written by a newer version of MI Desk. Nothing was restored. "
            "Install the current version to restore it."
        )
    return InputRefusedError(
        "This file is not a backup of MI Desk, or its beginning is damaged. Nothing was restored. "
        "Choose another file."
    )


@contextmanager
def _removed_afterwards(*paths: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for path in paths:
            for name in (path, *(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm"))):
                name.unlink(missing_ok=True)


@contextmanager
def _environment(step: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        full = exc.errno == errno.ENOSPC
        raise EnvironmentFaultError(_fault_message(step, path, is_full=full)) from exc
    except sqlcipher.OperationalError as exc:
        raise EnvironmentFaultError(_fault_message(step, path, is_full="full" in str(exc))) from exc
    except sqlcipher.DatabaseError as exc:
        raise DamagedDatabaseError(
            "A page of the database could not be read, so the copy was not made. "
            "What is there was kept. Restore the latest good backup into a new folder."
        ) from exc


def _fault_message(step: str, path: Path, *, is_full: bool) -> str:
    if is_full:
        return (
            f"The disk is full, so {path.name} was not written. The workspace is as it was. Free some space."
        )
    return (
        f"The system refused to {step} {path.name}. The workspace is as it was. "
        "Check the folder and its permissions, then try again."
    )
