"""Read configuration, the user, and the look of this device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.people import User
from app.models.product import Product
from app.models.settings import Configuration, LookSetting


@dataclass(frozen=True, slots=True)
class UserView:
    """Who works here; credentials are the letters after the name."""

    id: str
    name: str
    credentials: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductView:
    """One medicine for a completer."""

    id: str
    name: str
    substance: str
    aliases: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Every name that means this medicine."""
        return (self.name, self.substance, *self.aliases)


def user(session: Session, user_id: str) -> UserView:
    """Return one user."""
    found = session.get(User, user_id)
    if found is None:
        raise RecordNotFoundError(user_id)
    return UserView(found.id, found.name, found.credentials, tuple(found.roles))


def products(session: Session) -> tuple[ProductView, ...]:
    """List the company's medicines by name."""
    rows = session.scalars(select(Product).where(Product.retired_at.is_(None)).order_by(Product.name))
    return tuple(ProductView(row.id, row.name, row.substance, tuple(row.aliases)) for row in rows)


def configuration(session: Session, key: str) -> Mapping[str, Any]:
    """Return a configured object, or an empty one."""
    value = session.scalar(select(Configuration.value).where(Configuration.key == key))
    return value or {}


def look(session: Session) -> dict[str, Any]:
    """Return every look setting of this device."""
    return {row.key: row.value for row in session.scalars(select(LookSetting))}
