"""The steps of an inquiry, each judged by its lifecycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Inquiry
from app.models.inquiry_forms import check_text
from app.models.letter import Response
from app.models.lifecycle import apply
from app.models.lifecycle_inquiry import ESCALATED, INQUIRY, InquiryState
from app.models.people import User
from app.models.work import WorkItem
from app.services.intake.due import end_escalations, end_pause, set_due_times
from app.services.intake.facts import CONFIRMATIONS, VERBAL, facts_of, position_of
from app.services.intake.records import (
    any_inquiry,
    extra_of,
    mark_acknowledged,
    open_inquiry,
    put,
    questions_of,
    record,
)
from app.services.work.queries import actor_of
from app.services.workspace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Refusal:
    """One inquiry of a bulk step that stayed as it was, and why."""

    inquiry_id: str
    number: str
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a step on many inquiries changed and what it left."""

    changes: Changes
    refused: tuple[Refusal, ...] = ()


def take_step(uow: UnitOfWork, inquiry: Inquiry, name: str, **told: Any) -> None:
    """Move an inquiry by a step, or refuse it with every blocker."""
    facts = facts_of(uow.session, inquiry, **told)
    landed = apply(INQUIRY, position_of(inquiry), name, facts, actor_of(uow.session, uow.actor))
    inquiry.state = landed.state
    if landed.state != InquiryState.AWAITING_REQUESTER:
        end_pause(uow, inquiry)
    if ESCALATED not in landed.overlays and inquiry.escalated_to:
        end_escalations(uow, inquiry)


def triage(uow: UnitOfWork, inquiry_id: str) -> Changes:
    """Begin the triage of a new inquiry."""
    with uow:
        take_step(uow, any_inquiry(uow, inquiry_id), "triage")
        return uow.commit()


def assign(uow: UnitOfWork, inquiry_id: str, owner_id: str | None = None) -> Changes:
    """Give a triaged inquiry to its owner; without a name, to oneself."""
    with uow:
        _assign(uow, any_inquiry(uow, inquiry_id), owner_id or uow.actor)
        return uow.commit()


def assign_many(uow: UnitOfWork, inquiry_ids: Sequence[str], owner_id: str | None = None) -> BulkResult:
    """Give many inquiries to one owner; those that refuse stay as they are."""
    with uow:
        refused = []
        for inquiry_id in inquiry_ids:
            inquiry = any_inquiry(uow, inquiry_id)
            try:
                _assign(uow, inquiry, owner_id or uow.actor)
            except NotAllowedError as exc:
                refused.append(Refusal(inquiry.id, inquiry.number, exc.blockers or (str(exc),)))
        return BulkResult(uow.commit(), tuple(refused))


def hand_over(uow: UnitOfWork, inquiry_id: str, owner_id: str, *, reason: str) -> Changes:
    """Give an inquiry that has an owner to another one."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        uow.reason = said(reason, "Say why the inquiry changes hands.")
        if inquiry.state in ("new", "triage"):
            raise NotAllowedError(f"{inquiry.number} has not left triage yet. Finish triage first.")
        inquiry.owner_id = colleague(uow, owner_id)
        return uow.commit()


def start(uow: UnitOfWork, inquiry_id: str) -> Changes:
    """Begin to work on an assigned inquiry."""
    with uow:
        take_step(uow, any_inquiry(uow, inquiry_id), "start")
        return uow.commit()


def ask_requester(uow: UnitOfWork, inquiry_id: str, *, asked: str, reason: str) -> Changes:
    """Wait for the requester; only this pauses the service level.

    Who is asked something knows that the inquiry arrived.
    """
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        take_step(uow, inquiry, "ask_requester", asked=asked, asked_why=reason)
        uow.reason = reason.strip()
        inquiry.waiting_for = check_text("question", asked, 10_000).strip()
        inquiry.paused_since = uow.now()
        mark_acknowledged(uow, inquiry)
        set_due_times(uow, inquiry)
        return uow.commit()


def ask_internal(
    uow: UnitOfWork, inquiry_id: str, *, asked: str, due_at: int | None, owner_id: str | None = None
) -> Changes:
    """Wait for a colleague, who gets a work item with its own clock."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        title = check_text("work item", asked, 500).strip()
        take_step(uow, inquiry, "ask_internal", work_item=title, work_item_due_ms=due_at)
        inquiry.waiting_for = title
        add_item(uow, inquiry, title, due_at, colleague(uow, owner_id) if owner_id else None)
        return uow.commit()


def resume(uow: UnitOfWork, inquiry_id: str) -> Changes:
    """Go on after waiting; a pause ends and moves the due time."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        take_step(uow, inquiry, "resume")
        inquiry.waiting_for = ""
        return uow.commit()


def answer_verbal(
    uow: UnitOfWork, inquiry_id: str, *, text: str, question_ids: Sequence[str], at: int | None = None
) -> Changes:
    """Log what was said in answer to some of the questions."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        words = said(text, "Write down what you said.")
        questions = {item.id: item for item in questions_of(uow.session, inquiry.id)}
        missing = [question for question in question_ids if question not in questions]
        if missing:
            raise RecordNotFoundError(missing[0])
        if not question_ids:
            raise NotAllowedError("Say which question this answers. Nothing was changed.")
        response = Response(
            id=uuid7(),
            inquiry_id=inquiry.id,
            kind=VERBAL,
            text=words,
            question_ids=freeze(list(dict.fromkeys(question_ids))),
            author_id=uow.actor,
            answered_at=uow.now() if at is None else at,
        )
        put(uow, response)
        for question in question_ids:
            questions[question].answered_by = questions[question].answered_by or response.id
        return uow.commit()


def answered(uow: UnitOfWork, inquiry_id: str) -> Changes:
    """Say that every question has been answered."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        take_step(uow, inquiry, "answer")
        inquiry.answered_at = uow.now() if inquiry.answered_at is None else inquiry.answered_at
        return uow.commit()


def confirm(uow: UnitOfWork, inquiry_id: str, item: str, *, is_done: bool = True) -> Changes:
    """Tick or untick one confirmation of the closing checklist."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        if item not in CONFIRMATIONS:
            raise InputRefusedError(f"“{item[:40]}” is no confirmation of the closing checklist.")
        _confirm(uow, inquiry, [item], is_done=is_done)
        return uow.commit()


def close(uow: UnitOfWork, inquiry_id: str, confirmations: Sequence[str] = ()) -> Changes:
    """Close an answered inquiry against its checklist and freeze its figures."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        _confirm(uow, inquiry, [item for item in confirmations if item in CONFIRMATIONS], is_done=True)
        take_step(uow, inquiry, "close")
        inquiry.closed_at = uow.now()
        figures = {
            "received_at": inquiry.received_at,
            "acknowledged_at": extra_of(inquiry).get("acknowledged_at"),
            "answered_at": inquiry.answered_at,
            "closed_at": inquiry.closed_at,
            "due_at": inquiry.due_at,
        }
        inquiry.closing = freeze({**inquiry.closing, "figures": figures})
        return uow.commit()


def reopen(uow: UnitOfWork, inquiry_id: str, *, reason: str) -> Changes:
    """Open a closed inquiry again; what was sent stays as it is."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        take_step(uow, inquiry, "reopen", reopen_reason=reason)
        uow.reason = reason.strip()
        inquiry.closed_at = None
        # The checklist is gone through again; the figures of the first closing stay.
        inquiry.closing = freeze({k: v for k, v in inquiry.closing.items() if k not in CONFIRMATIONS})
        set_due_times(uow, inquiry, counted_from=uow.now())
        return uow.commit()


def restart(uow: UnitOfWork, inquiry_id: str) -> Changes:
    """Begin to work on a reopened inquiry."""
    with uow:
        take_step(uow, any_inquiry(uow, inquiry_id), "restart")
        return uow.commit()


def add_item(
    uow: UnitOfWork, inquiry: Inquiry, title: str, due_at: int | None, owner_id: str | None
) -> WorkItem:
    """Add the work that somebody owes to an inquiry."""
    item = WorkItem(
        id=uuid7(),
        kind="internal_question",
        title=title,
        due_at=due_at,
        owner_id=owner_id,
        linked=freeze([{"type": "inquiry", "id": inquiry.id}]),
    )
    put(uow, item)
    return item


def colleague(uow: UnitOfWork, user_id: str) -> str:
    """Return the id of somebody who works here, or say that nobody has it."""
    return record(uow.session, User, user_id).id


def said(text: str, sentence: str) -> str:
    """Return what somebody said, or refuse with the sentence that asks for it."""
    words = check_text("text", text).strip()
    if not words:
        raise NotAllowedError(f"{sentence} Nothing was changed.", (sentence,))
    return words


def _assign(uow: UnitOfWork, inquiry: Inquiry, owner_id: str) -> None:
    owner = colleague(uow, owner_id)
    take_step(uow, inquiry, "assign_to_me" if owner == uow.actor else "assign", owner=owner)
    inquiry.owner_id = owner


def _confirm(uow: UnitOfWork, inquiry: Inquiry, items: Sequence[str], *, is_done: bool) -> None:
    kept = {name: value for name, value in inquiry.closing.items() if name not in items or is_done}
    ticked = {name: {"by": uow.actor, "at": uow.now()} for name in items if is_done and name not in kept}
    if ticked or len(kept) != len(inquiry.closing):
        inquiry.closing = freeze({**kept, **ticked})
