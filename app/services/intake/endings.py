"""How an inquiry ends without an answer: repeat, cancelled, elsewhere."""

from typing import Any

from app.errors import InputRefusedError, NotAllowedError
from app.models.changes import Changes
from app.models.inquiry import Inquiry
from app.models.inquiry_forms import check_text
from app.models.lifecycle_inquiry import CancelReason, Decision, InquiryState
from app.models.safety import AdverseEventReport
from app.models.vocabulary import vocabulary
from app.services.intake.records import ENDING, any_inquiry, open_inquiry, record, set_extra
from app.services.intake.steps import take_step
from app.services.safety.queries import SafetyRecord, is_live, live_records, set_due
from app.services.work.queries import office_zone
from app.services.workspace.unit_of_work import UnitOfWork

_QUESTIONS = ("adverse_event", "special_situation", "quality_complaint")


def decide_duplicate(
    uow: UnitOfWork, inquiry_id: str, decision: str, *, first_id: str | None = None, reason: str = ""
) -> Changes:
    """Say whether an inquiry is new, a follow-up or a duplicate."""
    if vocabulary().check("duplicate_decision", decision) == "duplicate":
        return mark_duplicate(uow, inquiry_id, first_id or "", reason=reason)
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        uow.reason = uow.reason or reason
        if decision == "follow_up":
            inquiry.first_id = _first(uow, inquiry, first_id or "").id
        else:
            inquiry.first_id = None
        inquiry.duplicate_decision = decision
        return uow.commit()


def mark_duplicate(uow: UnitOfWork, inquiry_id: str, first_id: str, *, reason: str = "") -> Changes:
    """End a repeat; its safety records go to the first inquiry."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        uow.reason = uow.reason or reason
        first = _first(uow, inquiry, first_id) if first_id else None
        take_step(uow, inquiry, "mark_duplicate", first_inquiry=first_id, safety_joined=first is not None)
        if first is not None:
            _join_safety(uow, inquiry, first)
        inquiry.first_id = first_id
        inquiry.duplicate_decision = "duplicate"
        return uow.commit()


def cancel(uow: UnitOfWork, inquiry_id: str, *, why: CancelReason | str, note: str = "") -> Changes:
    """Cancel an inquiry; what is suspected is handed off all the same."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        reason = _cancel_reason(why)
        take_step(uow, inquiry, "cancel", cancel_reason=reason)
        words = check_text("note", note, 10_000).strip()
        uow.reason = f"{reason.value}: {words}" if words else reason.value
        _end(uow, inquiry, cancelled=reason.value, note=words)
        return uow.commit()


def transfer(uow: UnitOfWork, inquiry_id: str, *, target: str, receipt: str) -> Changes:
    """Give an inquiry to another desk that confirmed its receipt."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        to, proof = check_text("target", target, 200).strip(), check_text("receipt", receipt, 2_000).strip()
        take_step(uow, inquiry, "transfer", transfer_target=to, transfer_receipt=proof)
        _end(uow, inquiry, transferred_to=to, receipt=proof)
        return uow.commit()


def _cancel_reason(why: CancelReason | str) -> CancelReason:
    try:
        return CancelReason(why)
    except ValueError as exc:
        known = ", ".join(CancelReason)
        raise InputRefusedError(f"“{str(why)[:40]}” is no reason to cancel. Choose one of {known}.") from exc


def _end(uow: UnitOfWork, inquiry: Inquiry, **facts: Any) -> None:
    inquiry.closed_at = uow.now()
    inquiry.paused_since = None
    set_extra(inquiry, **{ENDING: {**facts, "by": uow.actor}})


def _first(uow: UnitOfWork, inquiry: Inquiry, first_id: str) -> Inquiry:
    if not first_id:
        raise NotAllowedError("Say which inquiry came first. Nothing was changed.")
    first = record(uow.session, Inquiry, first_id)
    if first.state == InquiryState.DUPLICATE:
        raise NotAllowedError(f"{first.number} is a duplicate itself. Choose the inquiry that came first.")
    if first.first_id == inquiry.id:
        raise NotAllowedError(f"{first.number} already follows {inquiry.number}. Nothing was changed.")
    return first


def _join_safety(uow: UnitOfWork, repeat: Inquiry, first: Inquiry) -> None:
    moved = live_records(uow.session, repeat.id)
    for item in moved:
        item.inquiry_id = first.id
    for question in _QUESTIONS:
        mine = getattr(repeat, question)
        if mine in (Decision.YES, Decision.UNCERTAIN) and getattr(first, question) != Decision.YES:
            setattr(first, question, mine)
    uow.session.flush()
    _set_clocks(uow, first, moved)


def _set_clocks(uow: UnitOfWork, first: Inquiry, moved: list[SafetyRecord]) -> None:
    zone = office_zone(uow.session, uow.zone())
    every = live_records(uow.session, first.id)
    # Day 0 is the earliest receipt of either inquiry.
    known_at = min(first.received_at, uow.now())
    kinds = {isinstance(item, AdverseEventReport) for item in moved if is_live(item)}
    for item in every:
        if item in moved or isinstance(item, AdverseEventReport) in kinds:
            earliest = [other.awareness_at for other in moved if type(other) is type(item)]
            set_due(item, zone, [o for o in every if o.id != item.id], known_at, *earliest)
