"""Door 3: take over what the server says, without a journal row.

A row with pending edits of this device is rebased (sync design): the server's
body becomes `base`, the pending edits stay on top field by field, and where the
value they started from has changed, the server's value waits in `conflict`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from app.errors import WriteRefusedError
from app.models.audit import Conflict, History, JournalRow, JournalValue, SyncBase
from app.models.base import Base, freeze
from app.models.register import TYPES
from app.models.wire import RemoteChange
from app.services.workspace.engine import open_door

_OWN = frozenset({"row", "id", "scope", "version", "next_due_at"})


def apply(connection: Connection, changes: Sequence[RemoteChange], *, now: int) -> None:
    """Apply the changes in order, each with its row in `history`."""
    with open_door(connection, "apply_remote"):
        # A page of changes may name a parent after its child.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for change in changes:
            entry = TYPES.get(change.type)
            if entry is None or not entry.synced:
                raise WriteRefusedError(f"The type {change.type} is not synced.")
            table = _table(entry.model)
            if change.op == "REMOVE":
                connection.execute(delete(table).where(table.c.id == change.id))
            else:
                _put(connection, table, change, now)
            connection.execute(insert(History).values(_history(change)))


def _table(model: type[Base]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise WriteRefusedError(f"{model.__name__} has no table.")
    return table


def _put(connection: Connection, table: Table, change: RemoteChange, now: int) -> None:
    known = connection.execute(select(table).where(table.c.id == change.id)).mappings().first()
    values = _columns(table, change)
    if known is None:
        connection.execute(insert(table).values(id=change.id, **values))
        return
    pending = dict(_pending(connection, change))
    if pending:
        _keep_pending(connection, change, pending, values, now)
    if values:
        connection.execute(update(table).where(table.c.id == change.id).values(**values))


def _columns(table: Table, change: RemoteChange) -> dict[str, Any]:
    """Sort the body into columns; what this program does not know goes to `extra`."""
    names = {col.name for col in table.columns} - _OWN
    values = {name: freeze(value) for name, value in change.body.items() if name in names}
    unknown = {name: value for name, value in change.body.items() if name not in names | _OWN}
    if unknown:
        values["extra"] = freeze({**dict(values.get("extra") or {}), **unknown})
    return {**values, "scope": change.scope, "version": change.version}


def _pending(connection: Connection, change: RemoteChange) -> Iterator[tuple[str, Any]]:
    """List each field with an unacknowledged edit and the value that edit started from."""
    query = (
        select(JournalValue.field, JournalValue.old)
        .join(JournalRow, JournalRow.n == JournalValue.n)
        .where(
            JournalRow.entity_id == change.id,
            JournalRow.type == change.type,
            JournalRow.acked.is_(None),
            JournalRow.op != "event",
            JournalValue.field.not_like("@%"),
        )
        .order_by(JournalValue.n.desc())
    )
    return ((name, old) for name, old in connection.execute(query))


def _keep_pending(
    connection: Connection, change: RemoteChange, pending: dict[str, Any], values: dict[str, Any], now: int
) -> None:
    connection.execute(delete(SyncBase).where(SyncBase.type == change.type, SyncBase.entity_id == change.id))
    connection.execute(
        insert(SyncBase).values(
            type=change.type, entity_id=change.id, version=change.version, body=dict(change.body)
        )
    )
    for name, started_from in pending.items():
        if name not in values:
            continue
        server = values.pop(name)
        if server != freeze(started_from):
            connection.execute(insert(Conflict).values(_conflict(connection, change, name, server, now)))


def _conflict(
    connection: Connection, change: RemoteChange, name: str, server: Any, now: int
) -> dict[str, Any]:
    table = _table(TYPES[change.type].model)
    mine = connection.execute(select(table.c[name]).where(table.c.id == change.id)).scalar_one()
    return {
        "type": change.type,
        "entity_id": change.id,
        "field": name,
        "server": server,
        "mine": mine,
        "by": {"actor": change.actor, "device": change.device, "at": change.at},
        "found_at": now,
    }


def _history(change: RemoteChange) -> dict[str, Any]:
    return {
        "type": change.type,
        "entity_id": change.id,
        "scope": change.scope,
        "seq": change.seq,
        "op": change.op,
        "actor": change.actor,
        "device": change.device,
        "at": change.at,
        "reason": change.reason,
        "fields": dict(change.fields),
    }
