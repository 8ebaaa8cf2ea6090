"""Find the records that a command on a letter writes to."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.base import Synced
from app.models.inquiry import InquiryQuestion
from app.models.letter import Letter, LetterBlock
from app.models.lifecycle_letter import LETTER, LetterState
from app.services.work.queries import ensure_may_write
from app.services.workspace.unit_of_work import UnitOfWork


def put(uow: UnitOfWork, *records: Synced) -> None:
    """Add records in this order, each after those it points to."""
    for record in records:
        uow.session.add(record)
        # Without mapped relationships the session knows no order between tables.
        uow.session.flush()


def any_letter(uow: UnitOfWork, letter_id: str) -> Letter:
    """Return a letter in any state, for somebody who may write."""
    ensure_may_write(uow.session, uow.actor)
    letter = uow.session.get(Letter, letter_id)
    if letter is None or letter.retired_at is not None:
        raise RecordNotFoundError(letter_id)
    return letter


def open_letter(uow: UnitOfWork, letter_id: str) -> Letter:
    """Return a letter whose text may still change."""
    letter = any_letter(uow, letter_id)
    if letter.state != LetterState.DRAFT:
        raise NotAllowedError(
            f"{letter.reference} is {LETTER.word(letter.state)}, so its text cannot change. "
            "Nothing was changed."
        )
    return letter


def block_of(session: Session, block_id: str) -> LetterBlock:
    """Return a live block of any letter."""
    block = session.get(LetterBlock, block_id)
    if block is None or block.retired_at is not None:
        raise RecordNotFoundError(block_id)
    return block


def letter_of_block(uow: UnitOfWork, block_id: str) -> str:
    """Return the letter of a live block; call it inside a unit of work."""
    return block_of(uow.session, block_id).letter_id


def check_questions(session: Session, inquiry_id: str, question_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the questions in their own order, or refuse one that was not asked here."""
    wanted = set(question_ids)
    if not wanted:
        return ()
    query = select(InquiryQuestion.id).where(
        InquiryQuestion.inquiry_id == inquiry_id, InquiryQuestion.retired_at.is_(None)
    )
    known = list(session.scalars(query.order_by(InquiryQuestion.position, InquiryQuestion.id)))
    if not wanted <= set(known):
        raise InputRefusedError("A block can only answer questions of this inquiry. Nothing was changed.")
    return tuple(question for question in known if question in wanted)


def only_question(session: Session, inquiry_id: str) -> tuple[str, ...]:
    """Return the question of an inquiry that has just one, else nothing."""
    query = select(InquiryQuestion.id).where(
        InquiryQuestion.inquiry_id == inquiry_id, InquiryQuestion.retired_at.is_(None)
    )
    found = tuple(session.scalars(query.limit(2)))
    return found if len(found) == 1 else ()
