"""What a list shows of each inquiry; no row names a person outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.models.audit import JournalRow
from app.models.conversation import PhoneCall
from app.models.inquiry import Inquiry, InquiryQuestion, OffLabelAssessment
from app.models.people import Contact, Requester, User
from app.models.product import Product
from app.models.safety import AdverseEventReport, ProductQualityComplaint
from app.models.service_clock import ServiceClock, nearest
from app.models.vocabulary import vocabulary
from app.services.intake.inbox import InboxQuery, PageKey, id_page
from app.services.intake.inbox_passages import Passage
from app.services.intake.records import ACKNOWLEDGED
from app.services.intake.service_clocks import clocks_for
from app.services.safety.queries import is_running, unacknowledged
from app.services.work.service_levels import ServiceLevels, service_levels

# No clock is reckoned for a row, so no zone matters.
UTC = "UTC"
_OFF_LABEL = ("off_label", "unapproved_product")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One inquiry as a row of the inbox."""

    row: int
    id: str
    number: str
    title: str
    state: str
    escalated_to: str
    urgency: str
    channel: str
    received_at: int
    received_zone: str
    due_at: int | None
    acknowledge_by: int | None
    acknowledged_at: int | None
    is_paused: bool
    paused_since: int | None
    office: str
    clock: ServiceClock | None
    product: str
    topic: str
    role: str
    audience: str
    country: str
    language: str
    owner_id: str | None
    owner_initials: str
    tags: tuple[str, ...] = ()
    is_off_label: bool = False
    is_unsynced: bool = False
    safety_due_at: int | None = None
    safety_awareness_at: int | None = None
    safety_numbers: tuple[str, ...] = ()
    calls: int = 0
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of rows and the key of the next one, if any."""

    rows: tuple[InboxRow, ...]
    next: PageKey | None


@dataclass(slots=True)
class _Beside:
    """What other tables say of the inquiries of one page."""

    off_label: set[str] = field(default_factory=set)
    unsynced: set[str] = field(default_factory=set)
    running: dict[str, tuple[int, int]] = field(default_factory=dict)
    open_numbers: dict[str, list[str]] = field(default_factory=dict)
    clocks: dict[str, tuple[ServiceClock, ...]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    levels: ServiceLevels | None = None


def inbox_page(session: Session, query: InboxQuery, limit: int, after: PageKey | None = None) -> InboxPage:
    """Return a page of the view, filled, after the key of the last."""
    page = id_page(session, query, limit, after)
    rows = inbox_rows(session, page.rows)
    return InboxPage(tuple(rows[number] for number in page.rows if number in rows), page.next)


def inbox_rows(session: Session, rows: Iterable[int]) -> dict[int, InboxRow]:
    """Return what the list shows of these row numbers; missing ones are left out."""
    found = session.execute(_ROWS.where(Inquiry.row.in_(list(rows)))).all()
    beside = _beside(session, [row.Inquiry.id for row in found])
    inquiries = [row.Inquiry for row in found]
    beside.levels = service_levels(session, UTC)
    beside.clocks.update(clocks_for(session, inquiries, beside.levels))
    return {row.Inquiry.row: _row(row, beside) for row in found}


_ROWS = (
    select(
        Inquiry,
        Product.name.label("product"),
        User.name.label("owner"),
        func.coalesce(func.nullif(Contact.role, ""), Requester.role, "").label("role"),
    )
    .outerjoin(Product, Product.id == Inquiry.product_id)
    .outerjoin(User, User.id == Inquiry.owner_id)
    .outerjoin(Contact, Contact.id == Inquiry.contact_id)
    .outerjoin(Requester, Requester.id == Inquiry.requester_id)
)


def initials_of(name: str) -> str:
    """Return the initials of a colleague for an avatar."""
    parts = [part for part in name.replace(".", " ").split() if part[0].isalpha()]
    return "".join(part[0].upper() for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts))


def _row(found: Row[Any], beside: _Beside) -> InboxRow:
    inquiry: Inquiry = found.Inquiry
    extra = inquiry.extra or {}
    running = beside.running.get(inquiry.id)
    return InboxRow(
        row=inquiry.row,
        id=inquiry.id,
        number=inquiry.number,
        title=inquiry.title,
        state=inquiry.state,
        escalated_to=inquiry.escalated_to,
        urgency=inquiry.urgency,
        channel=inquiry.channel,
        received_at=inquiry.received_at,
        received_zone=inquiry.received_zone,
        due_at=inquiry.due_at,
        acknowledge_by=inquiry.acknowledge_by,
        acknowledged_at=extra.get(ACKNOWLEDGED),
        is_paused=inquiry.paused_since is not None,
        paused_since=inquiry.paused_since,
        office=beside.levels.office(inquiry.office_id).name if beside.levels else "",
        clock=nearest(beside.clocks.get(inquiry.id, ())),
        product=found.product or extra.get("product_given", ""),
        topic=inquiry.topic,
        role=found.role,
        audience=vocabulary().audience(found.role),
        country=inquiry.country,
        language=inquiry.language,
        owner_id=inquiry.owner_id,
        owner_initials=initials_of(found.owner or ""),
        tags=tuple(inquiry.tags),
        is_off_label=inquiry.id in beside.off_label,
        is_unsynced=inquiry.id in beside.unsynced,
        safety_due_at=running[0] if running else None,
        safety_awareness_at=running[1] if running else None,
        safety_numbers=tuple(beside.open_numbers.get(inquiry.id, ())),
        calls=beside.calls.get(inquiry.id, 0),
    )


def _beside(session: Session, ids: Sequence[str]) -> _Beside:
    beside = _Beside()
    beside.off_label.update(
        session.scalars(
            select(InquiryQuestion.inquiry_id)
            .join(OffLabelAssessment, OffLabelAssessment.question_id == InquiryQuestion.id)
            .where(
                InquiryQuestion.inquiry_id.in_(ids),
                InquiryQuestion.retired_at.is_(None),
                OffLabelAssessment.retired_at.is_(None),
                OffLabelAssessment.assessment.in_(_OFF_LABEL),
            )
        )
    )
    pending = select(JournalRow.entity_id).where(JournalRow.entity_id.in_(ids), JournalRow.acked.is_(None))
    beside.unsynced.update(session.scalars(pending.distinct()))
    for model in (AdverseEventReport, ProductQualityComplaint):
        _add_safety(session, model, ids, beside)
    calls = select(PhoneCall.inquiry_id, func.count()).where(
        PhoneCall.inquiry_id.in_(ids), PhoneCall.retired_at.is_(None)
    )
    rows = session.execute(calls.group_by(PhoneCall.inquiry_id))
    beside.calls.update({str(inquiry_id): count for inquiry_id, count in rows})
    return beside


def _add_safety(
    session: Session,
    model: type[AdverseEventReport] | type[ProductQualityComplaint],
    ids: Sequence[str],
    beside: _Beside,
) -> None:
    query = select(
        model.inquiry_id, model.number, model.due_at, model.awareness_at, is_running(model).label("runs")
    ).where(model.inquiry_id.in_(ids), unacknowledged(model))
    for row in session.execute(query.order_by(model.due_at, model.id)):
        beside.open_numbers.setdefault(row.inquiry_id, []).append(row.number)
        if row.runs:
            clock = (row.due_at, row.awareness_at)
            beside.running[row.inquiry_id] = min(clock, beside.running.get(row.inquiry_id, clock))
