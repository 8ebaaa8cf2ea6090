"""The journal: append rows to the chain, acknowledge them, erase values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from app.models.audit import History, JournalRow, JournalValue
from app.models.base import freeze
from app.models.ids import uuid7
from app.models.journal_hash import GENESIS, REASON, commitment, new_salt, row_hash
from app.models.migrations import SCHEMA
from app.services.workspace.capture import PendingEntry
from app.services.workspace.engine import open_door

# A group is pushed all or nothing, and a push takes 500 rows at most (sync design).
GROUP_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who, where and when: the same for every row of a unit of work."""

    actor: str
    device: str
    at: int
    zone: str
    reason: str = ""


class ChainWriter:
    """Appends entries to the chain within the caller's transaction."""

    def __init__(self, connection: Connection, stamp: Stamp) -> None:
        self._connection = connection
        self._stamp = stamp
        head = connection.execute(
            select(JournalRow.n, JournalRow.hash).order_by(JournalRow.n.desc()).limit(1)
        ).first()
        self._n: int = head.n if head else 0
        self._hash: str = head.hash if head else GENESIS

    def append(self, entries: Sequence[PendingEntry]) -> int:
        """Write one row an entry, in groups of at most 500, and return the last n."""
        rows: list[dict[str, Any]] = []
        values: list[dict[str, Any]] = []
        pending = self._pending_bases({entry.entity_id for entry in entries})
        group = uuid7()
        for index, entry in enumerate(entries):
            if index and index % GROUP_LIMIT == 0:
                group = uuid7()
            rows.append(self._row(entry, group, pending, values))
        if rows:
            with open_door(self._connection, "journal"):
                self._connection.execute(insert(JournalRow), rows)
                if values:
                    self._connection.execute(insert(JournalValue), values)
        return self._n

    def _row(
        self, entry: PendingEntry, group: str, pending: dict[str, int], values: list[dict[str, Any]]
    ) -> dict[str, Any]:
        self._n += 1
        stamp = self._stamp
        fields = self._commit_fields(entry, values)
        after = pending.get(entry.entity_id)
        row: dict[str, Any] = {
            "n": self._n,
            "group_id": group,
            "at": stamp.at,
            "zone": stamp.zone,
            "actor": stamp.actor,
            "device": stamp.device,
            "op": entry.op,
            "type": entry.type,
            "entity_id": entry.entity_id,
            "scope": entry.scope,
            "base": {"after": after} if after else {"version": entry.version},
            "fields": fields,
            "schema": SCHEMA,
            "prev_hash": self._hash,
        }
        self._hash = row["hash"] = row_hash(row)
        pending[entry.entity_id] = self._n
        return row

    def _commit_fields(self, entry: PendingEntry, values: list[dict[str, Any]]) -> dict[str, str]:
        changed = dict(entry.fields)
        if self._stamp.reason:
            changed[REASON] = (None, self._stamp.reason)
        fields = {}
        for name, (old, new) in changed.items():
            salt = new_salt()
            fields[name] = commitment(salt, old, new)
            values.append({"n": self._n, "field": name, "salt": salt, "old": old, "new": new})
        return fields

    def _pending_bases(self, ids: set[str]) -> dict[str, int]:
        """Return the newest unacknowledged row of each entity, for edits on top of own edits."""
        found: dict[str, int] = {}
        ordered = sorted(ids)
        for start in range(0, len(ordered), GROUP_LIMIT):
            part = ordered[start : start + GROUP_LIMIT]
            query = (
                select(JournalRow.entity_id, func.max(JournalRow.n))
                .where(JournalRow.entity_id.in_(part), JournalRow.acked.is_(None))
                .group_by(JournalRow.entity_id)
            )
            found.update((entity, n) for entity, n in self._connection.execute(query))
        return found


def acknowledge(connection: Connection, n: int, *, at: int, result: object) -> None:
    """Mark a row as taken by the server, with the server's result."""
    with open_door(connection, "acknowledge"):
        connection.execute(
            update(JournalRow)
            .where(JournalRow.n == n, JournalRow.acked.is_(None))
            .values(acked=at, result=result)
        )


def erase_values(connection: Connection, entity_ids: Iterable[str]) -> list[tuple[int, list[str]]]:
    """Delete the values behind the commitments of these entities; the chain stays.

    Returns what was erased as (n, fields), which the caller records in the
    journal in the same transaction.
    """
    erased: list[tuple[int, list[str]]] = []
    with open_door(connection, "erase"):
        for entity_id in entity_ids:
            query = (
                select(JournalValue.n, JournalValue.field)
                .join(JournalRow, JournalRow.n == JournalValue.n)
                .where(JournalRow.entity_id == entity_id)
                .order_by(JournalValue.n, JournalValue.field)
            )
            found: dict[int, list[str]] = {}
            for n, name in connection.execute(query):
                found.setdefault(n, []).append(name)
            erased.extend(found.items())
            connection.execute(delete(JournalValue).where(JournalValue.n.in_(list(found))))
            connection.execute(delete(History).where(History.entity_id == entity_id))
    return erased


def event_entry(
    name: str, *, type_: str, entity_id: str, details: dict[str, Any] | None = None
) -> PendingEntry:
    """Return an entry that records an act and changes no record, such as an export."""
    fields = {"event": name, **(details or {})}
    return PendingEntry(
        type=type_,
        entity_id=entity_id,
        scope="local",
        version=0,
        fields={key: (None, freeze(value)) for key, value in fields.items()},
        event="event",
    )
