"""How an inquiry ends without an answer: cancelled, or elsewhere."""

from typing import Any

from app.errors import InputRefusedError
from app.models.changes import Changes
from app.models.inquiry import Inquiry
from app.models.inquiry_forms import check_text
from app.models.lifecycle_inquiry import CancelReason
from app.services.intake.records import ENDING, any_inquiry, set_extra
from app.services.intake.steps import take_step
from app.services.workspace.unit_of_work import UnitOfWork


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
