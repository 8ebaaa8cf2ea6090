"""Change configuration, products, one's name, and the look of this device."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, RecordNotFoundError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.people import User
from app.models.product import Product
from app.models.settings import Configuration, LookSetting
from app.services.workspace.unit_of_work import UnitOfWork


def configure(uow: UnitOfWork, key: str, value: Mapping[str, Any]) -> Changes:
    """Set one configured object; the change is journalled."""
    with uow:
        put_configuration(uow.session, key, value)
        return uow.commit()


def put_configuration(session: Session, key: str, value: Mapping[str, Any]) -> None:
    """Set one configured object within an open unit of work."""
    found = session.scalars(select(Configuration).where(Configuration.key == key)).first()
    if found is None:
        session.add(Configuration(key=key, value=freeze(value)))
    else:
        found.value = freeze(value)


def add_products(uow: UnitOfWork, products: Iterable[Mapping[str, Any]]) -> Changes:
    """Add the medicines that are not known by name yet."""
    with uow:
        known = set(uow.session.scalars(select(Product.name)))
        for fields in products:
            if fields["name"] not in known:
                uow.session.add(Product(**fields))
                known.add(fields["name"])
        return uow.commit()


def rename_user(uow: UnitOfWork, user_id: str, name: str, credentials: str) -> Changes:
    """Change name and letters of a user; released letters keep theirs."""
    with uow:
        found = uow.session.get(User, user_id)
        if found is None:
            raise RecordNotFoundError(user_id)
        if not name.strip():
            raise InputRefusedError("Your name is missing. Letters are signed with it.")
        found.name, found.credentials = name.strip(), credentials.strip()
        return uow.commit()


def save_look(uow: UnitOfWork, settings: Mapping[str, Any]) -> None:
    """Keep look settings of this device; they are not journalled."""
    with uow:
        for key, value in settings.items():
            uow.session.merge(LookSetting(key=key, value=freeze(value)))
        uow.commit()
