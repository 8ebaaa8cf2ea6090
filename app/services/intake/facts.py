"""What the lifecycle looks at, read from the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.checks.snapshot import LetterKind
from app.models.inquiry import Inquiry, InquiryQuestion, Note, OffLabelAssessment
from app.models.letter import Letter, LetterBlock, LetterTemplate, Response
from app.models.letter_templates import letter_kind
from app.models.lifecycle import Position
from app.models.lifecycle_inquiry import (
    ESCALATED,
    Decision,
    InquiryFacts,
    QuestionFacts,
    SafetyKind,
    SafetyRecordFacts,
)
from app.models.people import Contact
from app.services.intake.records import CONTACT_TRY, extra_of, questions_of
from app.services.intake.similar import similar
from app.services.safety.queries import SafetyView, records_of

VERBAL = "verbal"
LETTER = "letter"

CONFIRMATIONS = ("no_medical_advice", "category_confirmed", "self_checked")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a question is answered so far: nothing, spoken or by letter."""

    kind: str = ""
    is_sent: bool = False
    response_id: str = ""
    letter_id: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether the answer was said or sent."""
        return self.kind == VERBAL or (self.kind == LETTER and self.is_sent)


def position_of(inquiry: Inquiry) -> Position:
    """Return the state of an inquiry and its overlay."""
    return Position(inquiry.state, frozenset({ESCALATED}) if inquiry.escalated_to else frozenset())


def facts_of(session: Session, inquiry: Inquiry, **said: Any) -> InquiryFacts:
    """Build the facts of an inquiry; what is said now comes on top."""
    notes = _notes(session, inquiry.id)
    contact = session.get(Contact, inquiry.contact_id) if inquiry.contact_id else None
    facts: dict[str, Any] = {
        "channel": inquiry.channel,
        "received_ms": inquiry.received_at,
        "verbatim": inquiry.verbatim,
        "note": " ".join(note.text for note in notes),
        "contact_known": contact is not None,
        "anonymous_reason": inquiry.anonymous_reason,
        "product_known": inquiry.product_id is not None,
        "no_product": inquiry.no_product,
        "duplicates_undecided": "duplicates_undecided" not in said
        and inquiry.duplicate_decision is None
        and bool(similar(session, inquiry.id)),
        "questions": _question_facts(session, inquiry.id),
        "solicitation_answered": inquiry.solicited is not None,
        "owner": inquiry.owner_id or "",
        "contact_complete": is_complete(contact)
        or bool(contact is None and inquiry.anonymous_reason.strip()),
        "itself": inquiry.id,
        "contact_tries": sum(bool(extra_of(note).get(CONTACT_TRY)) for note in notes),
        "answered_before": inquiry.answered_at is not None,
    }
    confirmed = {name: name in (inquiry.closing or {}) for name in CONFIRMATIONS}
    return InquiryFacts(**(facts | confirmed | _safety(session, inquiry) | said))


def is_complete(contact: Contact | None) -> bool:
    """Tell whether a contact has a name, a role and an address."""
    if contact is None:
        return False
    reachable = contact.email or contact.phone or contact.address
    return bool(contact.last_name and contact.role and reachable)


def coverage_of(
    session: Session, inquiry_id: str, questions: Sequence[InquiryQuestion]
) -> dict[str, Coverage]:
    """Tell for each question which answer covers it, the best one."""
    found = {question.id: Coverage() for question in questions}
    pointed: dict[str, set[str]] = {}
    for question in questions:
        pointed.setdefault(question.answered_by or "", set()).add(question.id)
    responses = list(
        session.scalars(
            select(Response).where(Response.inquiry_id == inquiry_id, Response.retired_at.is_(None))
        )
    )
    for question_id, cover in _covers(session, inquiry_id, responses, pointed):
        if question_id in found and _worth(cover) > _worth(found[question_id]):
            found[question_id] = cover
    return found


def _covers(
    session: Session, inquiry_id: str, responses: list[Response], pointed: dict[str, set[str]]
) -> Iterator[tuple[str, Coverage]]:
    letters: dict[str, list[Letter]] = {}
    interim = _interim_templates(session)
    for letter in session.scalars(
        select(Letter).where(Letter.inquiry_id == inquiry_id, Letter.retired_at.is_(None))
    ):
        # Whatever it says, an interim letter promises the answer.
        if letter.template not in interim:
            letters.setdefault(letter.response_id, []).append(letter)
    for response in responses:
        named = set(response.question_ids) | pointed.get(response.id, set())
        if response.kind == VERBAL:
            yield from ((q, Coverage(VERBAL, True, response.id)) for q in named)
            continue
        for letter in letters.get(response.id, []):
            cover = Coverage(LETTER, letter.sent_at is not None, response.id, letter.id)
            yield from ((q, cover) for q in named | _in_blocks(session, letter.id))


def _interim_templates(session: Session) -> set[str]:
    kinds = select(LetterTemplate.code, LetterTemplate.slots)
    return {row.code for row in session.execute(kinds) if letter_kind(row.slots) is LetterKind.INTERIM}


def _in_blocks(session: Session, letter_id: str) -> set[str]:
    query = select(LetterBlock.question_ids).where(
        LetterBlock.letter_id == letter_id, LetterBlock.retired_at.is_(None)
    )
    return {question for ids in session.scalars(query) for question in ids}


def _worth(cover: Coverage) -> int:
    return 3 if cover.is_answered and cover.kind == LETTER else 2 if cover.is_answered else bool(cover.kind)


def _question_facts(session: Session, inquiry_id: str) -> tuple[QuestionFacts, ...]:
    questions = questions_of(session, inquiry_id)
    covers = coverage_of(session, inquiry_id, questions)
    assessed = set(
        session.scalars(
            select(OffLabelAssessment.question_id).where(
                OffLabelAssessment.question_id.in_([q.id for q in questions]),
                OffLabelAssessment.retired_at.is_(None),
            )
        )
    )
    return tuple(QuestionFacts(q.id in assessed, covers[q.id].kind, covers[q.id].is_sent) for q in questions)


def _safety(session: Session, inquiry: Inquiry) -> dict[str, Any]:
    return {
        "adverse_event": _decision(inquiry.adverse_event),
        "special_situation": _decision(inquiry.special_situation),
        "quality_complaint": _decision(inquiry.quality_complaint),
        "safety_reason": inquiry.safety_reason,
        "safety_records": tuple(_record_facts(view) for view in records_of(session, inquiry.id)),
    }


def _record_facts(view: SafetyView) -> SafetyRecordFacts:
    kind = SafetyKind.ADVERSE_EVENT if view.is_event else SafetyKind.QUALITY_COMPLAINT
    return SafetyRecordFacts(view.number, kind, view.handed_off_at is not None, view.is_dismissed)


def _decision(value: str | None) -> Decision | None:
    return Decision(value) if value else None


def _notes(session: Session, inquiry_id: str) -> list[Note]:
    query = select(Note).where(Note.inquiry_id == inquiry_id, Note.retired_at.is_(None))
    return list(session.scalars(query))
