"""Mappings that people made here, kept as configuration."""

import re
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.settings import Configuration
from app.services.intake.importers.mapping import ColumnMapping, mapping_of, shipped_mappings
from app.services.work.queries import ensure_may_write
from app.services.workspace.unit_of_work import UnitOfWork

_KEY: Final = "mapping:"
_NAME: Final = re.compile(r"[\w][\w .-]{0,58}")


def known_mappings(session: Session) -> tuple[ColumnMapping, ...]:
    """Return every mapping: our own columns, those that ship, and those made here."""
    query = select(Configuration).where(
        Configuration.key.startswith(_KEY, autoescape=True), Configuration.retired_at.is_(None)
    )
    kept = session.scalars(query.order_by(Configuration.key))
    return (*shipped_mappings(), *(mapping_of(item.key.removeprefix(_KEY), item.value) for item in kept))


def mapping_named(session: Session, name: str) -> ColumnMapping:
    """Return the mapping of this name, or say which there are."""
    known = {mapping.name: mapping for mapping in known_mappings(session)}
    if name not in known:
        raise InputRefusedError(f"There is no mapping “{name[:60]}”. Choose one of {', '.join(known)}.")
    return known[name]


def save_mapping(uow: UnitOfWork, name: str, mapping: ColumnMapping) -> Changes:
    """Keep a mapping under a name of its own; an earlier one of that name is replaced."""
    name = " ".join(name.split())
    if not _NAME.fullmatch(name):
        raise InputRefusedError("A mapping needs a name of letters, digits and blanks. It was not kept.")
    if name in {shipped.name for shipped in shipped_mappings()}:
        raise InputRefusedError(f"“{name}” comes with the program. It was not kept. Choose another name.")
    value = freeze({**mapping.as_json(), "title": name})
    with uow:
        ensure_may_write(uow.session, uow.actor)
        query = select(Configuration).where(Configuration.key == f"{_KEY}{name}")
        item = uow.session.scalars(query).one_or_none()
        if item is None:
            uow.session.add(Configuration(key=f"{_KEY}{name}", value=value))
        else:
            item.value, item.retired_at = value, None
        return uow.commit()


def forget_mapping(uow: UnitOfWork, name: str) -> Changes:
    """Stop proposing a mapping that was made here."""
    with uow:
        ensure_may_write(uow.session, uow.actor)
        query = select(Configuration).where(Configuration.key == f"{_KEY}{name}")
        item = uow.session.scalars(query).one_or_none()
        if item is None or item.retired_at is not None:
            raise InputRefusedError(f"There is no mapping “{name[:60]}” that was made here.")
        item.retired_at = uow.now()
        return uow.commit()
