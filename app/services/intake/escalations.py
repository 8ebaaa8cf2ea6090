"""Call for help above the front line, and end that call."""

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Escalation, Inquiry
from app.models.inquiry_forms import check_text
from app.models.sla import Priority, escalation_due
from app.models.vocabulary import Term, vocabulary
from app.services.intake.due import DUE_CHOSEN, TAKEN_UP, WORK_ITEM, end_escalations, open_escalations
from app.services.intake.records import any_inquiry, extra_of, open_inquiry, put, set_extra
from app.services.intake.steps import add_item, colleague, said, take_step
from app.services.work.service_levels import service_levels
from app.services.workspace.unit_of_work import UnitOfWork


def escalate(
    uow: UnitOfWork,
    inquiry_id: str,
    *,
    target: str,
    reason: str,
    owner_id: str | None = None,
    due_at: int | None = None,
) -> Changes:
    """Call for help; by when it is taken up follows from the level, unless a time is given."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        take_step(uow, inquiry, "escalate", escalation_target=target, escalation_reason=reason)
        term = vocabulary().lists["escalation_target"][vocabulary().check("escalation_target", target)]
        uow.reason = check_text("reason", reason, 10_000).strip()
        _refuse_repeat(uow, inquiry, term)
        due = _due(uow, inquiry, term.level) if due_at is None else _chosen(uow, due_at)
        owner = colleague(uow, owner_id) if owner_id else None
        item = add_item(uow, inquiry, f"{inquiry.number}: {term.label}, escalated", due, owner)
        escalation = Escalation(
            id=uuid7(),
            inquiry_id=inquiry.id,
            level=term.level,
            target=term.code,
            reason=uow.reason,
            escalated_by=uow.actor,
            escalated_at=uow.now(),
            due_at=due,
        )
        set_extra(escalation, **{WORK_ITEM: item.id, DUE_CHOSEN: True if due_at is not None else None})
        put(uow, escalation)
        inquiry.escalated_to = open_escalations(uow.session, inquiry.id)[0].target
        return uow.commit()


def take_up_escalation(uow: UnitOfWork, inquiry_id: str, escalation_id: str | None = None) -> Changes:
    """Note that those who were called have it; their clock stops."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        for escalation in _named(uow, inquiry, escalation_id):
            if extra_of(escalation).get(TAKEN_UP) is None:
                set_extra(escalation, **{TAKEN_UP: uow.now()})
        return uow.commit()


def end_escalation(
    uow: UnitOfWork, inquiry_id: str, *, reason: str, escalation_id: str | None = None
) -> Changes:
    """Say that the help came, or is needed no more; without an id, every call ends."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        uow.reason = said(reason, "Say how the escalation ended.")
        for escalation in _named(uow, inquiry, escalation_id):
            set_extra(escalation, outcome=uow.reason)
        end_escalations(uow, inquiry, escalation_id)
        return uow.commit()


def _named(uow: UnitOfWork, inquiry: Inquiry, escalation_id: str | None) -> list[Escalation]:
    found = open_escalations(uow.session, inquiry.id)
    if not found:
        raise NotAllowedError(f"{inquiry.number} is not escalated. Nothing was changed.")
    if escalation_id is None:
        return found
    named = [escalation for escalation in found if escalation.id == escalation_id]
    if not named:
        raise RecordNotFoundError(escalation_id)
    return named


def _refuse_repeat(uow: UnitOfWork, inquiry: Inquiry, term: Term) -> None:
    if any(each.target == term.code for each in open_escalations(uow.session, inquiry.id)):
        raise NotAllowedError(
            f"{inquiry.number} is escalated to {term.label} already. End that first, or add a note."
        )


def _chosen(uow: UnitOfWork, due_at: int) -> int:
    if due_at <= uow.now():
        raise InputRefusedError("The time by which they are to take it up has passed. Choose a later one.")
    return due_at


def _due(uow: UnitOfWork, inquiry: Inquiry, level: int) -> int:
    now, levels = uow.now(), service_levels(uow.session, uow.zone())
    hours = levels.office(inquiry.office_id).hours
    return escalation_due(now, hours, Priority(inquiry.urgency), level, policy=levels.policy(now))
