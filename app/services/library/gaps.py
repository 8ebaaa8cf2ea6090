"""Content gaps: topics that people ask about and the library does not answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.letter import Letter, LetterBlock, Response
from app.models.letter_blocks import ANSWERS, state_of
from app.models.letter_origins import origins_from
from app.models.library_rules import library_rules
from app.models.product import Product

_DAY_MS = 86_400_000
_SPOKEN = "verbal"
_FREE = "free"


@dataclass(frozen=True, slots=True)
class Gap:
    """A product and topic whose questions were answered in words of our own; the newest inquiry first."""

    product: str
    topic: str
    answers: int
    last_at: int
    inquiries: tuple[tuple[str, str], ...]

    @property
    def is_due(self) -> bool:
        """Whether so many answers ask for a standard response (`library.json`)."""
        return self.answers >= library_rules().gap_answers


def gaps(session: Session, now: int) -> tuple[Gap, ...]:
    """List what was answered in free text or by word of mouth within the window, the most frequent first.

    Each question counts once, however many paragraphs or tries its answer took.
    """
    since = now - library_rules().gap_days * _DAY_MS
    found: dict[tuple[str, str], dict[str, tuple[int, str, str]]] = defaultdict(dict)
    for row in _custom_questions(session, since):
        found[row.product or "", row.topic or row.inquiry_topic].setdefault(
            row.question_id, (row.answered_at, row.inquiry_id, row.number)
        )
    listed = [_gap(*key, list(answers.values())) for key, answers in found.items()]
    return tuple(sorted(listed, key=lambda gap: (-gap.answers, -gap.last_at, gap.product, gap.topic)))


def _gap(product: str, topic: str, answers: list[tuple[int, str, str]]) -> Gap:
    newest = sorted(answers, reverse=True)
    cases = dict.fromkeys((inquiry_id, number) for _, inquiry_id, number in newest)
    return Gap(product, topic, len(answers), newest[0][0], tuple(cases))


def _custom_questions(session: Session, since: int) -> Sequence[Any]:
    questions = _questions(session, since)
    free = _answered_freely(session, [row.response_id for row in questions if row.kind != _SPOKEN])
    return [row for row in questions if row.kind == _SPOKEN or row.question_id in free]


def _questions(session: Session, since: int) -> Sequence[Any]:
    query = (
        select(
            InquiryQuestion.id.label("question_id"),
            InquiryQuestion.topic,
            Inquiry.topic.label("inquiry_topic"),
            Inquiry.id.label("inquiry_id"),
            Inquiry.number,
            Product.name.label("product"),
            Response.id.label("response_id"),
            Response.kind,
            Response.answered_at,
        )
        .join(Response, Response.id == InquiryQuestion.answered_by)
        .join(Inquiry, Inquiry.id == InquiryQuestion.inquiry_id)
        .outerjoin(Product, Product.id == Inquiry.product_id)
        .where(Response.answered_at >= since, InquiryQuestion.retired_at.is_(None))
    )
    return session.execute(query).all()


def _answered_freely(session: Session, response_ids: list[str]) -> frozenset[str]:
    """Return the questions that a free block of a sent letter answers."""
    query = (
        select(LetterBlock.kind, LetterBlock.text, LetterBlock.origins, LetterBlock.question_ids)
        .join(Letter, Letter.id == LetterBlock.letter_id)
        .where(
            Letter.response_id.in_(response_ids),
            Letter.sent_at.is_not(None),
            LetterBlock.retired_at.is_(None),
            LetterBlock.kind.in_([kind.value for kind in ANSWERS]),
        )
    )
    return frozenset(
        question_id
        for kind, text, origins, question_ids in session.execute(query)
        if state_of(kind, text, origins_from(origins)).value == _FREE and text.strip()
        for question_id in question_ids
    )
