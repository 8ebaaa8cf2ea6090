"""What every table has in common: identity, sync columns, frozen JSON."""

import functools
import json
from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from sqlalchemy import Integer, String, Text, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.orm.attributes import QueryableAttribute
from sqlalchemy.types import TypeDecorator

from app.models.canonical import canonical_json
from app.models.ids import uuid7

LOCAL_SCOPE = "local"

# Without active history a field set on an expired row would journal an unknown old value.
column = functools.partial(mapped_column, active_history=True)


class FrozenDict(dict[str, Any]):
    """A JSON object that refuses every change in place.

    A change inside a JSON column would pass the journal unseen, so such a
    column is only ever replaced whole.
    """

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("a JSON column is replaced whole, never changed in place")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # frozen, so it may be hashed
        return hash(tuple(sorted(self.items())))


def freeze(value: Any) -> Any:
    """Return a JSON value whose objects and lists cannot change."""
    if isinstance(value, Mapping):
        return FrozenDict({str(key): freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    return value


class Json(TypeDecorator[Any]):
    """A JSON value kept as canonical text and read back frozen."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write canonical JSON, so equal values are equal bytes."""
        return None if value is None else canonical_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the text back as a frozen value."""
        return None if value is None else freeze(json.loads(value))


class Base(DeclarativeBase):
    """The base of every mapped class."""

    journalled: ClassVar[bool] = True


class Entity(Base):
    """A record with a stable row number for the search index and a UUID for all else."""

    __abstract__ = True

    row: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True, nullable=False, default=uuid7)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Identify records by UUID, not by the row number of this device."""
        return {"primary_key": ["id"]}


class Synced(Entity):
    """A record that a server may come to share: it has a scope and a server version."""

    __abstract__ = True

    scope: Mapped[str] = column(String(64), default=LOCAL_SCOPE)
    version: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[int] = column(Integer)
    retired_at: Mapped[int | None] = column(Integer)
    extra: Mapped[Any] = column(Json, default=lambda: freeze({}))


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _freeze_json_on_assignment(cls: type, key: str, attribute: QueryableAttribute[Any]) -> None:
    columns = getattr(attribute, "expression", None)
    if isinstance(getattr(columns, "type", None), Json):
        event.listen(attribute, "set", _frozen, retval=True, active_history=True)


def _frozen(_target: object, value: Any, _old: object, _initiator: object) -> Any:
    return freeze(value)
