"""Whether a requester is still owed a word that is no answer: an acknowledgement, an interim reply."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotAllowedError
from app.models.checks.snapshot import LetterKind
from app.models.inquiry import Inquiry
from app.models.letter import Letter, LetterTemplate
from app.models.letter_templates import letter_kind
from app.models.lifecycle_letter import LetterState
from app.services.intake.records import ACKNOWLEDGED, INTERIM_AT, INTERIM_BY, extra_of

_GONE = (LetterState.SENT.value, LetterState.SUPERSEDED.value)


def ensure_owed(session: Session, inquiry: Inquiry, template: LetterTemplate) -> None:
    """Refuse a letter that nobody waits for; an answer is always waited for."""
    kind = letter_kind(template.slots)
    if kind is LetterKind.ANSWER:
        return
    told = _not_owed(inquiry, kind)
    query = select(Letter.reference).where(
        Letter.inquiry_id == inquiry.id,
        Letter.retired_at.is_(None),
        Letter.template == template.code,
        Letter.state.not_in(_GONE),
    )
    begun = session.scalars(query).first()
    if not told and begun is not None:
        told = f"{begun} is begun already. Finish that one."
    if told:
        raise NotAllowedError(f"{told} No letter was begun.", (told,))


def _not_owed(inquiry: Inquiry, kind: LetterKind) -> str:
    facts = extra_of(inquiry)
    if kind is LetterKind.ACKNOWLEDGEMENT:
        known = facts.get(ACKNOWLEDGED) is not None
        return f"The requester of {inquiry.number} knows that it arrived." if known else ""
    if facts.get(INTERIM_AT) is not None:
        return f"An interim reply to {inquiry.number} is recorded."
    if facts.get(INTERIM_BY) is None:
        return f"{inquiry.number} owes no interim reply: it is not complex, or it waits for the requester."
    return ""
