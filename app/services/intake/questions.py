"""The questions of an inquiry and the label assessment."""

from collections.abc import Sequence

from sqlalchemy import select

from app.errors import NotAllowedError
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import InquiryQuestion, OffLabelAssessment
from app.models.inquiry_forms import QuestionForm, check_text
from app.models.topics import taxonomy
from app.models.vocabulary import vocabulary
from app.services.intake.capture import new_question
from app.services.intake.facts import coverage_of
from app.services.intake.records import open_inquiry, put, questions_of, record
from app.services.workspace.unit_of_work import UnitOfWork


def add_question(uow: UnitOfWork, inquiry_id: str, question: QuestionForm) -> Changes:
    """Add a question below the others."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        last = max((item.position for item in questions_of(uow.session, inquiry.id)), default=0)
        put(uow, new_question(inquiry.id, last + 1, question))
        return uow.commit()


def edit_question(
    uow: UnitOfWork,
    question_id: str,
    *,
    verbatim: str | None = None,
    restated: str | None = None,
    topic: str | None = None,
) -> Changes:
    """Change the words or the topic of one question."""
    with uow:
        question = _question(uow, question_id)
        if verbatim is not None:
            question.verbatim = new_question(question.inquiry_id, 0, QuestionForm(verbatim)).verbatim
        if restated is not None:
            question.restated = check_text("restated question", restated)
        if topic is not None:
            question.topic = taxonomy().check(topic)
        return uow.commit()


def reorder_questions(uow: UnitOfWork, inquiry_id: str, question_ids: Sequence[str]) -> Changes:
    """Put the questions of an inquiry into this order."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        known = {item.id: item for item in questions_of(uow.session, inquiry.id)}
        if sorted(known) != sorted(question_ids):
            raise NotAllowedError("The questions have changed meanwhile. Nothing was moved. Look again.")
        for position, question_id in enumerate(question_ids, start=1):
            known[question_id].position = position
        return uow.commit()


def retire_question(uow: UnitOfWork, question_id: str, *, reason: str) -> Changes:
    """Take a question out; it stays in the trail."""
    with uow:
        question = _question(uow, question_id)
        uow.reason = _needed(reason, "Say why the question is taken out.")
        if coverage_of(uow.session, question.inquiry_id, [question])[question.id].is_answered:
            raise NotAllowedError("This question is answered already. Nothing was changed.")
        question.retired_at = uow.now()
        return uow.commit()


def restore_question(uow: UnitOfWork, question_id: str) -> Changes:
    """Bring back a question that was taken out."""
    with uow:
        question = uow.session.get(InquiryQuestion, question_id)
        if question is not None:
            open_inquiry(uow, question.inquiry_id)
            question.retired_at = None
        return uow.commit()


def assess_label(uow: UnitOfWork, question_id: str, assessment: str, *, label_version: str = "") -> Changes:
    """Say whether a question lies within the label, by which version."""
    with uow:
        question = _question(uow, question_id)
        vocabulary().check("label_assessment", assessment)
        for earlier in uow.session.scalars(
            select(OffLabelAssessment).where(
                OffLabelAssessment.question_id == question.id, OffLabelAssessment.retired_at.is_(None)
            )
        ):
            earlier.retired_at = uow.now()
        put(
            uow,
            OffLabelAssessment(
                id=uuid7(),
                question_id=question.id,
                assessment=assessment,
                label_version=check_text("label version", label_version, 120),
                assessed_by=uow.actor,
                assessed_at=uow.now(),
            ),
        )
        return uow.commit()


def _question(uow: UnitOfWork, question_id: str) -> InquiryQuestion:
    question = record(uow.session, InquiryQuestion, question_id)
    open_inquiry(uow, question.inquiry_id)
    return question


def _needed(text: str, sentence: str) -> str:
    if not check_text("text", text).strip():
        raise NotAllowedError(f"{sentence} Nothing was changed.", (sentence,))
    return text
