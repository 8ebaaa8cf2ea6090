"""What the form needs of the workspace beside intake: products and drafts."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.models.canonical import sha256_hex
from app.models.product import Product
from app.models.settings import DraftText
from app.services.workspace.database import Database
from app.services.workspace.unit_of_work import UnitOfWork

DRAFT_TYPE: Final = "inquiry"
DRAFT_FIELD: Final = "form"


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """A product with every word that means it."""

    id: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was left with words in it."""

    id: str
    saved_at: int
    values: Mapping[str, str]


def product_choices(database: Database) -> tuple[ProductChoice, ...]:
    """List the products that an inquiry can be about."""

    def read(session: Any) -> tuple[ProductChoice, ...]:
        products = session.query(Product).filter(Product.retired_at.is_(None)).order_by(Product.name)
        return tuple(
            ProductChoice(each.id, each.name, (each.name, each.substance, *map(str, each.aliases)))
            for each in products
        )

    return database.read(read)


class DraftStore:
    """Forms that are not saved yet, in the encrypted workspace.

    Safe from any thread; what is forgotten is never written again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._forgotten: set[str] = set()

    def save(self, draft_id: str, values: Mapping[str, str]) -> None:
        """Keep the words of a form as they stand now."""
        with self._lock:
            if draft_id not in self._forgotten:
                self._database.write(_write, draft_id, json.dumps(dict(values), ensure_ascii=False))

    def forget(self, draft_id: str) -> None:
        """Drop a form, because it was saved or thrown away."""
        with self._lock:
            self._forgotten.add(draft_id)
            self._database.write(_drop, draft_id)

    def kept(self) -> tuple[Draft, ...]:
        """List the forms that were left, the newest first."""

        def read(session: Any) -> tuple[Draft, ...]:
            found = session.query(DraftText).filter_by(type=DRAFT_TYPE, field=DRAFT_FIELD)
            return tuple(
                Draft(each.entity_id, each.saved_at, json.loads(each.text))
                for each in found.order_by(DraftText.saved_at.desc())
            )

        return self._database.read(read)


def _write(uow: UnitOfWork, draft_id: str, text: str) -> None:
    with uow:
        uow.session.merge(
            DraftText(
                type=DRAFT_TYPE,
                entity_id=draft_id,
                field=DRAFT_FIELD,
                text=text,
                seen_sha256=sha256_hex(b""),
                saved_at=uow.now(),
            )
        )
        uow.commit()


def _drop(uow: UnitOfWork, draft_id: str) -> None:
    with uow:
        known = uow.session.get(DraftText, (DRAFT_TYPE, draft_id, DRAFT_FIELD))
        if known is not None:
            uow.session.delete(known)
        uow.commit()
