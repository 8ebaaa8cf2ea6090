"""Phone calls: noted while they last, kept with their times, and listed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, NotAllowedError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.conversation import PhoneCall
from app.models.ids import uuid7
from app.models.inquiry import Inquiry
from app.models.inquiry_forms import InquiryForm, check_text
from app.models.phone_script import call_outcomes
from app.models.settings import DraftText
from app.services.intake.capture import check_zone, take_in
from app.services.intake.drafts import FormDraft
from app.services.intake.records import any_inquiry, extra_of, put, set_extra
from app.services.work.queries import ensure_may_write
from app.services.workspace.draft_text import drop, keep
from app.services.workspace.unit_of_work import UnitOfWork

CALL_DRAFT: Final = "phone_call"
PHONE: Final = "phone"
INQUIRY, EXISTING = "inquiry", "existing"
_FORM: Final = "form"
_SCRIPT: Final = "script"
_GIVEN: Final = "given"
# A device whose clock was set back meanwhile is forgiven this much.
_GRACE_MS: Final = 60_000
_LONGEST_MS: Final = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class CallForm:
    """One call as it was noted; `said` names the steps of the script that were ticked off.

    The id is that of its draft, so that a call is never kept twice.
    """

    started_at: int
    outcome: str = ""
    id: str = ""
    ended_at: int | None = None
    zone: str = ""
    direction: str = "in"
    caller: str = ""
    phone: str = ""
    notes: str = ""
    script_version: str = ""
    said: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TakenCall:
    """The call that was kept, and the inquiry it became, if it did."""

    changes: Changes
    call_id: str
    inquiry_id: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class CallView:
    """One call as the log and the case show it."""

    id: str
    direction: str
    caller: str
    phone: str
    started_at: int
    ended_at: int | None
    zone: str
    outcome: str
    outcome_label: str
    notes: str
    taken_by: str
    inquiry_id: str
    number: str
    script_version: str
    said: tuple[str, ...]

    @property
    def seconds(self) -> int | None:
        """How long the call lasted, None while that is unknown."""
        return None if self.ended_at is None else max(0, self.ended_at - self.started_at) // 1000


CallKey = tuple[int, str]


def save_call_draft(uow: UnitOfWork, draft_id: str, values: Mapping[str, str]) -> None:
    """Keep a call as it stands on the screen, without a journal row."""
    with uow:
        keep(uow, CALL_DRAFT, draft_id, _FORM, json.dumps(dict(values), ensure_ascii=False))
        uow.commit()


def forget_call_draft(uow: UnitOfWork, draft_id: str) -> None:
    """Drop the notes of a call; unknown ones are no error."""
    with uow:
        drop(uow, CALL_DRAFT, [draft_id], _FORM)
        uow.commit()


def kept_calls(session: Session) -> tuple[FormDraft, ...]:
    """List the calls that wait to be finished, the newest first."""
    query = select(DraftText).where(DraftText.type == CALL_DRAFT, DraftText.field == _FORM)
    found = session.scalars(query.order_by(DraftText.saved_at.desc(), DraftText.entity_id.desc()))
    return tuple(FormDraft(each.entity_id, each.saved_at, json.loads(each.text)) for each in found)


def take_call(uow: UnitOfWork, call: CallForm, inquiry: InquiryForm) -> TakenCall:
    """Make an inquiry of a call: both are there or neither, and the draft is gone with it."""
    with uow:
        known = _known(uow, call)
        if known is not None:
            return known
        form = replace(
            inquiry,
            channel=PHONE,
            received_at=call.started_at if inquiry.received_at is None else inquiry.received_at,
            received_zone=call.zone or inquiry.received_zone,
        )
        taken = take_in(uow, form)
        item = _put(uow, replace(call, outcome=call.outcome or INQUIRY), taken.id)
        return TakenCall(uow.commit(), item.id, taken.id, taken.number)


def keep_call(uow: UnitOfWork, call: CallForm, inquiry_id: str | None = None) -> TakenCall:
    """Keep a call by itself, or with an inquiry that is there already."""
    with uow:
        ensure_may_write(uow.session, uow.actor)
        known = _known(uow, call)
        if known is not None:
            return known
        inquiry = any_inquiry(uow, inquiry_id) if inquiry_id else None
        if inquiry is None and call.outcome in (INQUIRY, EXISTING):
            raise NotAllowedError("Say which inquiry this call belongs to. The call is still a draft.")
        item = _put(uow, call, inquiry.id if inquiry else None)
        return TakenCall(
            uow.commit(), item.id, inquiry.id if inquiry else "", inquiry.number if inquiry else ""
        )


def calls(
    session: Session, limit: int = 200, *, before: CallKey | None = None, words: str = ""
) -> tuple[CallView, ...]:
    """List calls in and out, the newest first; `before` is the key of the last one known."""
    query = _ROWS.where(PhoneCall.retired_at.is_(None))
    if before is not None:
        query = query.where(tuple_(PhoneCall.started_at, PhoneCall.id) < before)
    for word in words.split()[:6]:
        fields = (PhoneCall.caller, PhoneCall.phone, PhoneCall.notes, Inquiry.number)
        query = query.where(or_(*(field.icontains(word, autoescape=True) for field in fields)))
    newest = query.order_by(PhoneCall.started_at.desc(), PhoneCall.id.desc()).limit(limit)
    return tuple(_view(call, number) for call, number in session.execute(newest))


def calls_of(session: Session, inquiry_id: str) -> tuple[CallView, ...]:
    """List the calls of one inquiry, oldest first."""
    query = _ROWS.where(PhoneCall.inquiry_id == inquiry_id, PhoneCall.retired_at.is_(None))
    found = session.execute(query.order_by(PhoneCall.started_at, PhoneCall.id))
    return tuple(_view(call, number) for call, number in found)


_ROWS = select(PhoneCall, Inquiry.number).outerjoin(Inquiry, Inquiry.id == PhoneCall.inquiry_id)


def _known(uow: UnitOfWork, call: CallForm) -> TakenCall | None:
    item = uow.session.get(PhoneCall, call.id) if call.id else None
    if item is None:
        return None
    drop(uow, CALL_DRAFT, [call.id], _FORM)
    number = uow.session.scalar(select(Inquiry.number).where(Inquiry.id == item.inquiry_id)) or ""
    return TakenCall(uow.commit(), item.id, item.inquiry_id or "", number)


def _put(uow: UnitOfWork, call: CallForm, inquiry_id: str | None) -> PhoneCall:
    if call.direction not in ("in", "out"):
        raise InputRefusedError("A call goes in or out.")
    started, ended = _times(uow, call)
    item = PhoneCall(
        id=call.id or uuid7(),
        inquiry_id=inquiry_id,
        direction=call.direction,
        caller=" ".join(check_text("name", call.caller, 200).split()),
        phone=check_text("phone number", call.phone, 60).strip(),
        started_at=started,
        ended_at=ended,
        zone=check_zone(call.zone or uow.zone()),
        outcome=call_outcomes().check(call.direction, call.outcome),
        notes=check_text("notes", call.notes),
        taken_by=uow.actor,
    )
    script: dict[str, Any] = {"version": call.script_version, "said": list(call.said)}
    set_extra(
        item,
        **{
            _SCRIPT: freeze(script) if call.script_version else None,
            _GIVEN: freeze(dict(call.given)) or None,
        },
    )
    put(uow, item)
    if call.id:
        drop(uow, CALL_DRAFT, [call.id], _FORM)
    return item


def _times(uow: UnitOfWork, call: CallForm) -> tuple[int, int]:
    ended = uow.now() if call.ended_at is None else call.ended_at
    if call.started_at > uow.now() + _GRACE_MS or ended > uow.now() + _GRACE_MS:
        raise InputRefusedError("This call has not taken place yet. Correct its time. Nothing is lost.")
    if ended < call.started_at:
        raise InputRefusedError("The call ends before it begins. Correct its times. Nothing is lost.")
    # A draft that is finished next day has no end of its own; nobody was on the phone that long.
    is_known = call.ended_at is not None or ended - call.started_at <= _LONGEST_MS
    return call.started_at, ended if is_known else call.started_at


def _view(call: PhoneCall, number: str | None) -> CallView:
    script = extra_of(call).get(_SCRIPT) or {}
    return CallView(
        id=call.id,
        direction=call.direction,
        caller=call.caller,
        phone=call.phone,
        started_at=call.started_at,
        ended_at=call.ended_at,
        zone=call.zone,
        outcome=call.outcome,
        outcome_label=call_outcomes().label(call.direction, call.outcome),
        notes=call.notes,
        taken_by=call.taken_by,
        inquiry_id=call.inquiry_id or "",
        number=number or "",
        script_version=str(script.get("version", "")),
        said=tuple(str(step) for step in script.get("said", ())),
    )
