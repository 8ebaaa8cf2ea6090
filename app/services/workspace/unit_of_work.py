"""The unit of work: the one way to write, through one of three doors.

1. `session`: the ORM, for editing. Every change becomes one journal row.
2. `insert_many`: set-based, for imports.
3. `apply_remote`: for sync; no journal row, the change goes to `history`.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, event, insert
from sqlalchemy.orm import ORMExecuteState, Session

from app.errors import AppError, WorkspaceBusyError, WriteRefusedError
from app.models.base import Synced, freeze
from app.models.canonical import canonical_json, sha256_hex
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.journal_hash import journal_value
from app.models.register import entry_of
from app.models.wire import RemoteChange
from app.services.workspace import journal, remote
from app.services.workspace.capture import (
    CaptureBuffer,
    CapturingSession,
    PendingEntry,
    created_fields,
    default_value,
    is_journalled,
)
from app.services.workspace.clock import Clock
from app.services.workspace.engine import open_door, refuse_damaged_pages

LOCK_WAIT_S = 4.5


class UnitOfWork:
    """One transaction; it rolls back unless `commit` is reached.

    Not reentrant and used by one thread at a time; another thread of this
    process waits its turn, another process waits in BEGIN IMMEDIATE.
    """

    def __init__(
        self, engine: Engine, lock: threading.Lock, *, actor: str, device: str, clock: Clock, reason: str = ""
    ) -> None:
        self._engine = engine
        self._lock = lock
        self._clock = clock
        self._buffer = CaptureBuffer()
        self._remote_changes = Changes()
        self._session: CapturingSession | None = None
        self._connection: Connection | None = None
        self.actor = actor
        self.device = device
        self.reason = reason
        self.committed = Changes()
        self.erased = 0
        self._to_erase: list[str] = []

    @property
    def session(self) -> Session:
        """The session of door 1; changes to its objects are journalled."""
        return self._open_session()

    @property
    def connection(self) -> Connection:
        """The connection of this transaction, for reading."""
        if self._connection is None:
            raise WriteRefusedError("This unit of work is not open.")
        return self._connection

    def now(self) -> int:
        """Return the UTC instant in milliseconds, as the journal will have it."""
        return self._clock.now()

    def zone(self) -> str:
        """Return the zone of this device."""
        return self._clock.zone()

    def __enter__(self) -> Self:
        if self._session is not None:
            raise WriteRefusedError("A unit of work is not entered twice.")
        if not self._lock.acquire(timeout=LOCK_WAIT_S):
            raise WorkspaceBusyError(
                "MI Desk is still writing. Nothing was changed; what you typed is kept. Try again."
            )
        try:
            connection = self._engine.connect()
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
        except BaseException:
            self._lock.release()
            raise
        self._buffer.clear()
        self._to_erase = []
        self._remote_changes = Changes()
        self._connection = connection
        self._session = CapturingSession(connection, self._buffer, self._clock.now)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        # After a failed flush the session no longer gives out its connection.
        session, connection = self._open_session(), self.connection
        try:
            session.close()
            transaction = connection.get_transaction()
            if transaction is not None and transaction.is_active:
                transaction.rollback()
            if value is not None and not isinstance(value, AppError):
                # What looks like a bug may be the zeros of a damaged page.
                refuse_damaged_pages(connection)
        finally:
            connection.close()
            self._session = self._connection = None
            self._lock.release()

    def commit(self) -> Changes:
        """Write the journal rows, make everything durable, and say what changed."""
        session = self._open_session()
        session.flush()
        connection = self.connection
        entries = list(self._buffer)
        if entries or self._to_erase:
            writer = self._writer(connection)
            writer.append(entries)
            self._erase(writer)
        refuse_damaged_pages(connection)
        transaction = connection.get_transaction()
        if transaction is None:
            raise WriteRefusedError("A unit of work is committed once.")
        # The search index writes its last pages only now.
        with open_door(connection, "commit"):
            transaction.commit()
        self._buffer.clear()
        local = Changes(frozenset(e.type for e in entries), frozenset(e.entity_id for e in entries))
        self.committed = self.committed | local | self._remote_changes
        return self.committed

    def insert_many(
        self, model: type[Synced], rows: Iterable[Mapping[str, Any]], *, source: str = ""
    ) -> list[str]:
        """Insert rows set-based and return their ids, in order.

        Inquiries get a journal row each; types whose register entry says
        `file` get one row with the hash of all. Foreign keys must be in place.
        """
        session = self._open_session()
        session.flush()
        filled = [_with_defaults(model, row, self._clock.now()) for row in rows]
        if not filled:
            return []
        connection = self.connection
        with open_door(connection, "insert_many"):
            connection.execute(insert(model), filled)
        if is_journalled(model):
            for entry in _bulk_entries(model, filled, source):
                self._buffer.add(entry)
        return [row["id"] for row in filled]

    def apply_remote(self, changes: Sequence[RemoteChange]) -> None:
        """Take over what the server says; pending edits of this device are kept on top."""
        session = self._open_session()
        session.flush()
        remote.apply(self.connection, changes, now=self._clock.now())
        session.expire_all()
        touched = Changes(frozenset(c.type for c in changes), frozenset(c.id for c in changes))
        self._remote_changes = self._remote_changes | touched

    def record_event(self, name: str, *, type_: str, entity_id: str, **details: Any) -> None:
        """Add a journal row for an act that changes no record: unlock, export, print."""
        self._buffer.add(journal.event_entry(name, type_=type_, entity_id=entity_id, details=details))

    def acknowledge(self, n: int, result: object) -> None:
        """Mark a journal row as taken by the server."""
        journal.acknowledge(self.connection, n, at=self._clock.now(), result=result)

    def erase_values(self, entity_ids: Sequence[str]) -> None:
        """Erase the journalled values of these records for good, when this unit commits.

        The live rows are the caller's to overwrite in the same unit. The erasure itself becomes a
        journal row that names each erased value; `erased` counts them after the commit.
        """
        self._open_session()
        self._to_erase.extend(entity_ids)

    def _erase(self, writer: journal.ChainWriter) -> None:
        # After the rows of this unit: the one that overwrites a value holds the old one too.
        erased = journal.erase_values(self.connection, self._to_erase)
        self.erased = sum(len(fields) for _, fields in erased)
        if self.erased:
            writer.append(
                [
                    journal.event_entry(
                        "erasure", type_="journal", entity_id=uuid7(), details={"erased": erased}
                    )
                ]
            )

    def _open_session(self) -> CapturingSession:
        if self._session is None:
            raise WriteRefusedError("This unit of work is not open.")
        return self._session

    def _writer(self, connection: Connection) -> journal.ChainWriter:
        stamp = journal.Stamp(self.actor, self.device, self._clock.now(), self._clock.zone(), self.reason)
        return journal.ChainWriter(connection, stamp)


def _with_defaults(model: type[Synced], row: Mapping[str, Any], now: int) -> dict[str, Any]:
    filled: dict[str, Any] = {"created_at": now}
    for col in model.__table__.columns:
        if col.name in row:
            filled[col.name] = freeze(row[col.name])
        elif col.name not in filled and col.name != "row":
            filled[col.name] = default_value(col.default)
    unknown = set(row) - set(filled)
    if unknown:
        raise WriteRefusedError(f"{model.__name__} has no column {', '.join(sorted(unknown))}.")
    return filled


def _bulk_entries(model: type[Synced], rows: Sequence[dict[str, Any]], source: str) -> list[PendingEntry]:
    entry = entry_of(model)
    if entry.bulk == "file":
        content = {"rows": len(rows), "sha256": sha256_hex(b"\n".join(_row_bytes(row) for row in rows))}
        fields: dict[str, tuple[Any, Any]] = {key: (None, value) for key, value in content.items()}
        if source:
            fields["source"] = (None, source)
        return [PendingEntry(entry.name, uuid7(), "local", 0, fields=fields, event="batch")]
    return [
        PendingEntry(
            entry.name,
            row["id"],
            row["scope"],
            row["version"],
            created=True,
            fields=created_fields(model, row),
        )
        for row in rows
    ]


def _row_bytes(row: Mapping[str, Any]) -> bytes:
    return canonical_json({name: journal_value(value) for name, value in row.items()})


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_statements(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise WriteRefusedError("A bulk statement does not pass a door of the unit of work.")
