"""Door 1, the listening half: what the ORM wrote, as pending journal entries.

`before_flush` alone misses defaults, foreign keys set by relationships and
orphans, so the mapper's own events are used.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ClauseElement, Connection, event, inspect
from sqlalchemy.orm import Mapper, Session, object_session
from sqlalchemy.orm.state import InstanceState

from app.errors import WriteRefusedError
from app.models.base import Base, Entity, Synced
from app.models.journal_hash import journal_value
from app.models.register import TYPES
from app.services.workspace.engine import open_door

# What triggers reckon is no edit of anybody.
UNTRACKED = frozenset({"row", "id", "version", "next_due_at"})


@dataclass(slots=True)
class PendingEntry:
    """One entity's change in this unit of work: field -> (old, new)."""

    type: str
    entity_id: str
    scope: str
    version: int
    created: bool = False
    deleted: bool = False
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    event: str | None = None

    @property
    def op(self) -> str:
        """The operation as the journal names it."""
        if self.event is not None:
            return self.event
        if self.created:
            return "sign" if self.type == "signature" else "create"
        if self.deleted or self.fields.get("retired_at", (0, None))[1] is not None:
            return "retire"
        return "transition" if "state" in self.fields else "patch"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to tell: no change, or made and removed again."""
        return self.event is None and ((self.created and self.deleted) or not self.fields)


class CaptureBuffer:
    """The entries of one unit of work, one an entity, in the order of first touch."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], PendingEntry] = {}

    def __iter__(self) -> Iterator[PendingEntry]:
        return (entry for entry in self._entries.values() if not entry.is_empty)

    def clear(self) -> None:
        """Forget everything, as after a rollback."""
        self._entries.clear()

    def add(self, entry: PendingEntry) -> None:
        """Take in an entry; a second one of the same entity is merged into the first."""
        known = self._entries.get((entry.type, entry.entity_id))
        if known is None or entry.event is not None:
            key = (
                (entry.type, entry.entity_id) if entry.event is None else ("@event", str(len(self._entries)))
            )
            self._entries[key] = entry
            return
        known.deleted = entry.deleted
        for name, (old, new) in entry.fields.items():
            first_old = known.fields[name][0] if name in known.fields else old
            if first_old == new:
                known.fields.pop(name, None)
            else:
                known.fields[name] = (first_old, new)


class CapturingSession(Session):
    """A session whose flushes are journalled by the unit of work that owns it."""

    def __init__(self, connection: Connection, buffer: CaptureBuffer, now: Callable[[], int]) -> None:
        super().__init__(bind=connection, autoflush=False, expire_on_commit=False)
        self.buffer = buffer
        self.now = now

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write the pending changes through the door of the ORM."""
        with open_door(self.connection(), "session"):
            super().flush(objects)


def _session_of(target: object) -> CapturingSession:
    session = object_session(target)
    if not isinstance(session, CapturingSession):
        raise WriteRefusedError("A write did not pass a door of the unit of work.")
    return session


def _entry(target: Any, *, created: bool = False, deleted: bool = False) -> PendingEntry:
    return PendingEntry(
        type=str(target.__tablename__),
        entity_id=target.id,
        scope=getattr(target, "scope", "local"),
        version=getattr(target, "version", 0),
        created=created,
        deleted=deleted,
    )


def _tracked(mapper: Mapper[Any]) -> Iterator[str]:
    return (prop.key for prop in mapper.column_attrs if prop.key not in UNTRACKED)


@event.listens_for(CapturingSession, "before_flush")
def _prepare_rows(session: CapturingSession, _context: object, _instances: object) -> None:
    for target in session.new:
        if isinstance(target, Synced) and getattr(target, "created_at", None) is None:
            target.created_at = session.now()
    # After the flush an expression has expired and its change would go untold.
    for target in (*session.new, *session.dirty):
        if any(isinstance(value, ClauseElement) for value in inspect(target).dict.values()):
            raise WriteRefusedError("A SQL expression has no value that the journal could keep.")


@event.listens_for(Entity, "after_insert", propagate=True)
def _on_insert(mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    session = _session_of(target)
    if not mapper.class_.journalled:
        return
    entry = _entry(target, created=True)
    entry.fields = created_fields(mapper.class_, {name: getattr(target, name) for name in _tracked(mapper)})
    session.buffer.add(entry)


@event.listens_for(Entity, "after_update", propagate=True)
def _on_update(mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    session = _session_of(target)
    if not mapper.class_.journalled:
        return
    entry = _entry(target)
    state: InstanceState[Any] = inspect(target)
    for name in _tracked(mapper):
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        old = journal_value(history.deleted[0]) if history.deleted else None
        new = journal_value(history.added[0]) if history.added else None
        if old != new:
            entry.fields[name] = (old, new)
    if entry.fields:
        session.buffer.add(entry)


@event.listens_for(Entity, "after_delete", propagate=True)
def _on_delete(mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    session = _session_of(target)
    if not mapper.class_.journalled:
        return
    entry = _entry(target, deleted=True)
    values = ((name, journal_value(getattr(target, name))) for name in _tracked(mapper))
    entry.fields = {name: (value, None) for name, value in values if value is not None}
    session.buffer.add(entry)


def created_fields(model: type[Base], values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what a create row tells: every value that is not the column's default.

    The row's `schema` says which defaults hold for a field that it leaves out.
    """
    defaults = defaults_of(model)
    return {
        name: (None, journal_value(value))
        for name, value in values.items()
        if name not in UNTRACKED and value is not None and value != defaults[name]
    }


@functools.cache
def defaults_of(model: type[Base]) -> Mapping[str, Any]:
    """Return the default of each column; made ids are left out."""
    columns = (col for col in model.__table__.columns if col.name not in UNTRACKED)
    return {col.name: default_value(col.default) for col in columns}


def default_value(default: Any) -> Any:
    """Return what a column holds when nothing is said."""
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def is_journalled(model: type[Base]) -> bool:
    """Tell whether writes to this class leave a row in the journal."""
    return model.journalled and str(model.__tablename__) in TYPES
