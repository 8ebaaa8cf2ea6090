"""Find the records of an inquiry, and read what has no column of its own."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotAllowedError, RecordNotFoundError
from app.models.base import Synced, freeze
from app.models.business_time import Pause
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.lifecycle_inquiry import ENDED, INQUIRY
from app.services.work.queries import ensure_may_write
from app.services.workspace.unit_of_work import UnitOfWork

# Facts of an inquiry that are kept in `extra` until they have columns.
PAUSES = "pauses"
ACKNOWLEDGED = "acknowledged_at"
ENDING = "ending"
ANSWER_CLASS = "answer_class"
CONTACT_TRY = "contact_try"
COUNTED_FROM = "counted_from"
INTERIM_BY = "interim_by"
INTERIM_AT = "interim_at"
OFFICE_CHOSEN = "office_chosen"

R = TypeVar("R", bound=Synced)


def record(session: Session, model: type[R], record_id: str) -> R:
    """Return a record that is not retired, or say that it is missing."""
    found = session.get(model, record_id)
    if found is None or found.retired_at is not None:
        raise RecordNotFoundError(record_id)
    return found


def put(uow: UnitOfWork, *records: Synced) -> None:
    """Add records in this order, each after those it points to."""
    for item in records:
        uow.session.add(item)
        # Without mapped relationships the session knows no order between tables.
        uow.session.flush()


def any_inquiry(uow: UnitOfWork, inquiry_id: str) -> Inquiry:
    """Return an inquiry in any state, for somebody who may write."""
    ensure_may_write(uow.session, uow.actor)
    return record(uow.session, Inquiry, inquiry_id)


def open_inquiry(uow: UnitOfWork, inquiry_id: str) -> Inquiry:
    """Return an inquiry that has not ended, for somebody who may write."""
    inquiry = any_inquiry(uow, inquiry_id)
    if inquiry.state in ENDED:
        raise NotAllowedError(f"{inquiry.number} is {INQUIRY.word(inquiry.state)}. Nothing was changed.")
    return inquiry


def questions_of(session: Session, inquiry_id: str) -> list[InquiryQuestion]:
    """Return the live questions of an inquiry in their order."""
    query = select(InquiryQuestion).where(
        InquiryQuestion.inquiry_id == inquiry_id, InquiryQuestion.retired_at.is_(None)
    )
    return list(session.scalars(query.order_by(InquiryQuestion.position, InquiryQuestion.id)))


def extra_of(item: Synced) -> Mapping[str, Any]:
    """Return the facts of a record that have no column."""
    return item.extra or {}


def set_extra(item: Synced, **facts: Any) -> None:
    """Replace facts that have no column; None takes one away."""
    merged = {**extra_of(item), **facts}
    item.extra = freeze({name: value for name, value in merged.items() if value is not None})


def mark_acknowledged(uow: UnitOfWork, inquiry: Inquiry, at: int | None = None) -> None:
    """Note when the requester first heard from us; the first time stays."""
    if extra_of(inquiry).get(ACKNOWLEDGED) is None:
        set_extra(inquiry, **{ACKNOWLEDGED: uow.now() if at is None else at})


def pauses_of(inquiry: Inquiry) -> tuple[Pause, ...]:
    """Return every pause of the service level, the open one last."""
    ended = tuple(Pause(start, end) for start, end in extra_of(inquiry).get(PAUSES, ()))
    return ended if inquiry.paused_since is None else (*ended, Pause(inquiry.paused_since))


def answer_class(inquiry: Inquiry) -> str:
    """Return what kind of answer the service level counts on."""
    return str(extra_of(inquiry).get(ANSWER_CLASS, "standard"))
