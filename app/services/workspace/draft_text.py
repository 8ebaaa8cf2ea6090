"""Keystrokes on their way to the journal: what is typed stays here until it is cut."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.canonical import sha256_hex
from app.models.settings import DraftText
from app.services.workspace.unit_of_work import UnitOfWork

_NOTHING_SEEN = sha256_hex(b"")


def keep(uow: UnitOfWork, kind: str, entity_id: str, field: str, text: str, seen_sha256: str = "") -> None:
    """Keep a draft inside an open unit of work; an earlier one of the same field is replaced."""
    seen = seen_sha256 or _NOTHING_SEEN
    uow.session.merge(
        DraftText(
            type=kind, entity_id=entity_id, field=field, text=text, seen_sha256=seen, saved_at=uow.now()
        )
    )
    uow.session.flush()


def drop(uow: UnitOfWork, kind: str, entity_ids: Iterable[str], field: str) -> None:
    """Drop drafts inside an open unit of work; an unknown one is no error."""
    query = select(DraftText).where(
        DraftText.type == kind, DraftText.field == field, DraftText.entity_id.in_(list(entity_ids))
    )
    for draft in uow.session.scalars(query):
        uow.session.delete(draft)
    uow.session.flush()


def draft_of(session: Session, kind: str, entity_id: str, field: str) -> DraftText | None:
    """Return what is typed in a field and not yet cut, if anything is."""
    return session.get(DraftText, (kind, entity_id, field))
