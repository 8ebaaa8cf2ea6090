"""Open the encrypted database: the connection, its pragmas, its errors.

A connection can write only while one of the three doors holds it open: at all
other times `query_only` is on, so SQLite itself refuses.
"""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool, StaticPool

from app.errors import (
    AppError,
    DamagedDatabaseError,
    EnvironmentFaultError,
    WorkspaceBusyError,
    WriteRefusedError,
)


def _is_no_row(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


# At DEBUG SQLAlchemy writes whole result rows to the log; `hide_parameters` does not cover results.
logging.getLogger("sqlalchemy.engine.Engine").addFilter(_is_no_row)

BUSY_TIMEOUT_MS = 4500
WRITER_CACHE_KIB = 16 * 1024
READER_CACHE_KIB = 64 * 1024

_DOOR = "midesk_door"

# Result codes of SQLite, from https://www.sqlite.org/rescode.html
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26


def connect(path: Path, key: bytes, *, cache_kib: int = WRITER_CACHE_KIB) -> DBAPIConnection:
    """Return a keyed connection that cannot write yet.

    Raises `DamagedDatabaseError` if the first page does not decrypt: the key
    has passed the vault by then, so the file is at fault and not the key.
    """
    if path.exists() and path.stat().st_size:
        probe(path, key)
    connection = sqlcipher.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
    )
    try:
        _prepare(connection, key, cache_kib)
    except sqlcipher.Error as exc:
        connection.close()
        raise translate(exc) or exc from exc
    return connection  # type: ignore[no-any-return]  # sqlcipher3 ships no types


def _prepare(connection: "sqlcipher.Connection", key: bytes, cache_kib: int) -> None:
    execute = connection.execute
    # A wrong key would otherwise be reported on stderr, beside the user's text.
    execute("PRAGMA cipher_log_level = NONE")
    execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    execute("SELECT count(*) FROM sqlite_schema").fetchone()
    execute("PRAGMA journal_mode = WAL")
    # NORMAL lost acknowledged commits in 322 of 400 simulated power cuts, FULL in none.
    execute("PRAGMA synchronous = FULL")
    execute("PRAGMA foreign_keys = ON")
    # Without recursive triggers INSERT OR REPLACE rewrites a protected row unseen.
    execute("PRAGMA recursive_triggers = ON")
    execute("PRAGMA temp_store = MEMORY")
    execute("PRAGMA trusted_schema = OFF")
    execute("PRAGMA cell_size_check = ON")
    execute("PRAGMA secure_delete = FAST")
    execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    execute(f"PRAGMA cache_size = -{cache_kib}")
    execute("PRAGMA query_only = ON")
    if execute("PRAGMA temp_store").fetchone()[0] != 2:
        # Temporary tables on disk would be plaintext.
        raise DamagedDatabaseError("This build of SQLite keeps temporary data on disk. Nothing was opened.")


def probe(path: Path, key: bytes) -> int:
    """Read the schema number without changing a byte; raise what `connect` would raise.

    Closing an ordinary connection folds the log into the database, even of a database that does not open.
    """
    try:
        connection = sqlcipher.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()
    except sqlcipher.Error as exc:
        raise (translate(exc) or exc) from exc


def refuse_damaged_pages(connection: Connection) -> None:
    """Raise `DamagedDatabaseError` if a page failed its check since this connection opened.

    SQLCipher hands out such a page as zeros, which a query may take for data; its status alone tells.
    """
    driver: Any = connection.connection.dbapi_connection
    if driver.execute("PRAGMA cipher_status").fetchone()[0] != "1":
        # The fault sticks to the connection, so it must not go back to the pool.
        connection.invalidate()
        raise damaged_database()


def damaged_database() -> DamagedDatabaseError:
    """Return the error that names a damaged page and offers no deletion."""
    return DamagedDatabaseError(
        "A page of this workspace's database is damaged. Nothing was changed and nothing was deleted. "
        "Keep the folder as it is and restore the newest backup into another folder."
    )


def write_engine(path: Path, key: bytes) -> Engine:
    """Return the engine of the single writer; its transactions begin IMMEDIATE."""
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, key),
        poolclass=StaticPool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_immediate)
    _guard(engine)
    return engine


def read_engine(path: Path, key: bytes, *, size: int = 3) -> Engine:
    """Return an engine whose connections never write; a transaction is one snapshot."""
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, key, cache_kib=READER_CACHE_KIB),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=4,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_read)
    _guard(engine)
    return engine


def _begin_immediate(connection: Connection) -> None:
    # Deferred transactions of two processes forked the hash chain; IMMEDIATE waits its turn instead.
    with _writable(connection):
        _take_turn(connection.connection.dbapi_connection)


def _take_turn(driver: Any) -> None:
    """Begin a write as soon as no other process writes.

    SQLite's own wait sleeps up to 100 ms a try and can miss every gap of a busy writer, so short tries
    of random length are made instead, as long as SQLite would have waited.
    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlcipher.Error as exc:
                error = translate(exc) or exc
                if not isinstance(error, WorkspaceBusyError) or time.monotonic() > until:
                    raise error from exc
                time.sleep(random.uniform(0.0005, 0.004))  # noqa: S311 - spreads the tries, guards nothing
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _begin_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _guard(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _refuse_writes_outside_doors)
    event.listen(engine, "handle_error", _on_error)


@contextmanager
def open_door(connection: Connection, name: str) -> Iterator[None]:
    """Let this connection write until the block ends; only the doors call it."""
    before = connection.info.get(_DOOR)
    connection.info[_DOOR] = name
    try:
        with _writable(connection):
            yield
    finally:
        connection.info[_DOOR] = before


@contextmanager
def _writable(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.dbapi_connection
    depth = connection.info.get("midesk_writable", 0)
    connection.info["midesk_writable"] = depth + 1
    driver.execute("PRAGMA query_only = OFF")
    try:
        yield
    finally:
        connection.info["midesk_writable"] = depth
        if depth == 0:
            driver.execute("PRAGMA query_only = ON")


_READING = ("SELECT", "EXPLAIN", "BEGIN", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK")


def _refuse_writes_outside_doors(
    connection: Connection,
    _cursor: object,
    statement: str,
    _parameters: object,
    _context: object,
    _many: bool,
) -> None:
    is_reading = statement[:20].lstrip().upper().startswith(_READING)
    if not is_reading and not connection.info.get(_DOOR):
        raise WriteRefusedError("A write did not pass a door of the unit of work.")


def _on_error(context: ExceptionContext) -> AppError | None:
    original = context.original_exception
    return translate(original) if isinstance(original, sqlcipher.Error) else None


def translate(error: BaseException) -> AppError | None:
    """Return the error of ours for a fault of the world, None for a bug."""
    code = int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    text = str(error)
    if code in (_BUSY, _LOCKED) or "locked" in text:
        return WorkspaceBusyError(
            "Another MI Desk process is writing. Nothing was changed and what you typed is kept. Try again."
        )
    if code == _FULL or "is full" in text:
        return EnvironmentFaultError(
            "The disk is full. Nothing saved was lost. Free some space, then save again."
        )
    if code == _READONLY or "readonly" in text:
        return WriteRefusedError("A write did not pass a door of the unit of work.")
    if code in (_CORRUPT, _NOTADB) or "not a database" in text or "malformed" in text:
        return damaged_database()
    if code in (_IOERR, _CANTOPEN) or "disk I/O" in text or "unable to open" in text:
        return EnvironmentFaultError(
            "The disk did not answer. What was saved before is kept. Check the disk, then try again."
        )
    return None
