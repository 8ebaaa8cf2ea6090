"""When an inquiry is to be acknowledged and answered, and what moves that."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import sla
from app.models.business_time import Pause
from app.models.inquiry import Escalation, Inquiry
from app.models.work import WorkItem
from app.services.intake.records import (
    COUNTED_FROM,
    INTERIM_BY,
    OFFICE_CHOSEN,
    PAUSES,
    answer_class,
    extra_of,
    pauses_of,
    set_extra,
)
from app.services.work.service_levels import ServiceLevels, service_levels
from app.services.workspace.unit_of_work import UnitOfWork

WORK_ITEM = "work_item"
TAKEN_UP = "acknowledged_at"
DUE_CHOSEN = "due_chosen"

_STAGES = {
    "standard": sla.Stage.ANSWER_STANDARD,
    "custom": sla.Stage.ANSWER_CUSTOM,
    "complex": sla.Stage.ANSWER_COMPLEX,
}


@dataclass(frozen=True, slots=True)
class DueTimes:
    """By when an inquiry is acknowledged, told how it stands, and answered."""

    acknowledge_by: int | None
    interim_by: int | None
    due_at: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of an inquiry its due times depend on."""

    counted_from: int
    channel: str
    urgency: str
    office_id: str | None
    kind: str = "standard"
    pauses: Sequence[Pause] = ()


def due_times(levels: ServiceLevels, asked: Asked) -> DueTimes:
    """Return every due time of an inquiry; None where nothing is due or a pause is open."""
    start, priority = asked.counted_from, sla.Priority(asked.urgency)
    hours, policy = levels.office(asked.office_id).hours, levels.policy(start)

    def due(stage: sla.Stage, pauses: Sequence[Pause] = ()) -> int | None:
        return sla.due_at(start, hours, priority, stage, policy=policy, pauses=pauses)

    return DueTimes(
        None if asked.channel in policy.acknowledged_at_once else due(sla.Stage.ACKNOWLEDGE),
        due(sla.Stage.INTERIM_REPLY, asked.pauses) if asked.kind == "complex" else None,
        due(_STAGES[asked.kind], asked.pauses),
    )


def set_due_times(
    uow: UnitOfWork, inquiry: Inquiry, *, counted_from: int | None = None, levels: ServiceLevels | None = None
) -> None:
    """Reckon every due time of an inquiry again; a new start is kept for the next time."""
    levels = levels or service_levels(uow.session, uow.zone())
    if counted_from is not None:
        set_extra(inquiry, **{COUNTED_FROM: counted_from})
    found = due_times(
        levels,
        Asked(
            start_of(inquiry),
            inquiry.channel,
            inquiry.urgency,
            inquiry.office_id,
            answer_class(inquiry),
            pauses_of(inquiry),
        ),
    )
    inquiry.acknowledge_by, inquiry.due_at = found.acknowledge_by, found.due_at
    if extra_of(inquiry).get(INTERIM_BY) != found.interim_by:
        set_extra(inquiry, **{INTERIM_BY: found.interim_by})
    if inquiry.escalated_to:
        _move_escalations(uow, inquiry, levels)


def begin_clocks(uow: UnitOfWork, inquiry: Inquiry) -> None:
    """Find the responsible office, unless a person chose it, and set the due times."""
    levels = service_levels(uow.session, uow.zone())
    if not extra_of(inquiry).get(OFFICE_CHOSEN):
        inquiry.office_id = levels.responsible(inquiry.country)
    set_due_times(uow, inquiry, levels=levels)


def start_of(inquiry: Inquiry) -> int:
    """Return the instant from which the service levels count: the receipt or the last reopening."""
    start: int = extra_of(inquiry).get(COUNTED_FROM, inquiry.received_at)
    return start


def end_pause(uow: UnitOfWork, inquiry: Inquiry) -> None:
    """Keep the pause that ends now, and move the due times by it."""
    if inquiry.paused_since is None:
        return
    known = extra_of(inquiry).get(PAUSES, ())
    set_extra(inquiry, **{PAUSES: [*known, [inquiry.paused_since, uow.now()]]})
    inquiry.paused_since = None
    set_due_times(uow, inquiry)


def open_escalations(session: Session, inquiry_id: str) -> list[Escalation]:
    """Return the escalations that have not ended, the highest level first."""
    query = select(Escalation).where(
        Escalation.inquiry_id == inquiry_id, Escalation.ended_at.is_(None), Escalation.retired_at.is_(None)
    )
    return list(session.scalars(query.order_by(Escalation.level.desc(), Escalation.escalated_at.desc())))


def end_escalations(uow: UnitOfWork, inquiry: Inquiry, escalation_id: str | None = None) -> None:
    """End one escalation or all, with the work they asked for."""
    remaining = []
    for escalation in open_escalations(uow.session, inquiry.id):
        if escalation_id not in (None, escalation.id):
            remaining.append(escalation.target)
            continue
        escalation.ended_at = uow.now()
        item = _item_of(uow, escalation)
        if item is not None and item.done_at is None:
            item.done_at = uow.now()
    inquiry.escalated_to = next(iter(remaining), "")


def _move_escalations(uow: UnitOfWork, inquiry: Inquiry, levels: ServiceLevels) -> None:
    hours = levels.office(inquiry.office_id).hours
    for escalation in open_escalations(uow.session, inquiry.id):
        told = extra_of(escalation)
        if told.get(DUE_CHOSEN) or told.get(TAKEN_UP) is not None:
            continue
        begun, priority = escalation.escalated_at, sla.Priority(inquiry.urgency)
        due = sla.escalation_due(begun, hours, priority, escalation.level, policy=levels.policy(begun))
        escalation.due_at = due
        item = _item_of(uow, escalation)
        if item is not None and item.done_at is None:
            item.due_at = due


def _item_of(uow: UnitOfWork, escalation: Escalation) -> WorkItem | None:
    item_id = extra_of(escalation).get(WORK_ITEM)
    return uow.session.get(WorkItem, item_id) if item_id else None
