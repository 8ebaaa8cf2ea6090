"""What was typed and is no journal row yet."""

from collections.abc import Iterable

from sqlalchemy import select

from app.errors import NotAllowedError
from app.models.checks.snapshot import BlockKind
from app.models.letter import LetterBlock
from app.models.letter_blocks import MADE, is_fixed
from app.models.letter_origins import origins_from
from app.models.settings import DraftText
from app.services.letters.loading import BLOCK_TYPE, TEXT_FIELD
from app.services.letters.records import block_of, open_letter
from app.services.workspace.draft_text import drop, keep
from app.services.workspace.unit_of_work import UnitOfWork


def save_draft(uow: UnitOfWork, block_id: str, text: str, seen_sha256: str) -> None:
    """Keep what is typed in a block, without a journal row."""
    with uow:
        block = block_of(uow.session, block_id)
        open_letter(uow, block.letter_id)
        if BlockKind(block.kind) in MADE or is_fixed(origins_from(block.origins)):
            raise NotAllowedError("This part of the letter is fixed. Nothing was changed.")
        put_in(uow, block_id, text, seen_sha256)
        uow.commit()


def clear_draft(uow: UnitOfWork, block_id: str) -> None:
    """Forget what was typed in a block and not yet saved."""
    with uow:
        take_out(uow, [block_id])
        uow.commit()


def put_in(uow: UnitOfWork, block_id: str, text: str, seen_sha256: str) -> None:
    """Keep what is typed in a block inside an open unit of work."""
    keep(uow, BLOCK_TYPE, block_id, TEXT_FIELD, text, seen_sha256)


def take_out(uow: UnitOfWork, block_ids: Iterable[str]) -> None:
    """Remove the drafts of these blocks inside an open unit of work."""
    drop(uow, BLOCK_TYPE, block_ids, TEXT_FIELD)


def waiting(uow: UnitOfWork, letter_id: str) -> list[tuple[LetterBlock, DraftText]]:
    """Return the live blocks of a letter that have a draft."""
    query = (
        select(LetterBlock, DraftText)
        .join(DraftText, DraftText.entity_id == LetterBlock.id)
        .where(
            LetterBlock.letter_id == letter_id,
            LetterBlock.retired_at.is_(None),
            DraftText.type == BLOCK_TYPE,
            DraftText.field == TEXT_FIELD,
        )
    )
    return [(block, draft) for block, draft in uow.session.execute(query)]
