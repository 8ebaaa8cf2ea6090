"""Forms that were left with words in them; they are no inquiries yet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.settings import DraftText
from app.services.workspace.draft_text import drop, keep
from app.services.workspace.unit_of_work import UnitOfWork

DRAFT_TYPE: Final = "inquiry"
DRAFT_FIELD: Final = "form"


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A form that was left with words in it."""

    id: str
    saved_at: int
    values: Mapping[str, str]


def save_draft(uow: UnitOfWork, draft_id: str, values: Mapping[str, str]) -> None:
    """Keep the words of a form as they stand, without a journal row."""
    with uow:
        keep(uow, DRAFT_TYPE, draft_id, DRAFT_FIELD, json.dumps(dict(values), ensure_ascii=False))
        uow.commit()


def forget_draft(uow: UnitOfWork, draft_id: str) -> None:
    """Drop the words of a form; an unknown one is no error."""
    with uow:
        drop(uow, DRAFT_TYPE, [draft_id], DRAFT_FIELD)
        uow.commit()


def kept_drafts(session: Session) -> tuple[FormDraft, ...]:
    """List the forms that were left, the newest first."""
    query = select(DraftText).where(DraftText.type == DRAFT_TYPE, DraftText.field == DRAFT_FIELD)
    found = session.scalars(query.order_by(DraftText.saved_at.desc()))
    return tuple(FormDraft(each.entity_id, each.saved_at, json.loads(each.text)) for each in found)
