"""What a person decided about two inquiries that look alike: link, merge, dismiss, undo."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, NotAllowedError
from app.models.base import Synced, freeze
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryLink, InquiryQuestion
from app.models.inquiry_forms import PersonForm, QuestionForm
from app.models.lifecycle_inquiry import ENDED, INQUIRY, Decision, InquiryState
from app.models.people import Contact, Requester
from app.models.repeats import plain
from app.models.safety import AdverseEventReport
from app.models.vocabulary import vocabulary
from app.services.intake.capture import new_question
from app.services.intake.records import (
    any_inquiry,
    extra_of,
    open_inquiry,
    put,
    questions_of,
    record,
    set_extra,
)
from app.services.intake.similar import likeness_reasons
from app.services.intake.steps import take_step
from app.services.safety.queries import SafetyRecord, is_live, live_records, set_due
from app.services.work.queries import office_zone
from app.services.workspace.unit_of_work import UnitOfWork

FOLLOW_UP, REPEAT, DUPLICATE, UNRELATED = "follow_up", "repeat", "duplicate", "unrelated"

_SAFETY_QUESTIONS: Final = ("adverse_event", "special_situation", "quality_complaint")
_PARTS: Final = {"requester": Requester, "contact": Contact}
# What a link was decided to answer of the triage, so that its undo takes back no more than that.
_ANSWERED: Final = "answered_triage"
_COPIED_FROM: Final = "copied_from"


@dataclass(frozen=True, slots=True)
class LinkView:
    """One decision about two inquiries, seen from one of them."""

    id: str
    kind: str
    other_id: str
    number: str
    state: str
    title: str
    received_at: int
    is_later: bool
    reasons: tuple[str, ...]
    decided_by: str
    decided_at: int


@dataclass(frozen=True, slots=True)
class MergeOffer:
    """What only the duplicate has and the first inquiry may take over."""

    questions: tuple[tuple[str, str], ...]
    people: tuple[str, ...]


def links_of(session: Session, inquiry_id: str) -> tuple[LinkView, ...]:
    """List the decisions that stand about an inquiry, the newest first."""
    query = select(InquiryLink).where(
        or_(InquiryLink.inquiry_id == inquiry_id, InquiryLink.other_id == inquiry_id),
        InquiryLink.retired_at.is_(None),
    )
    links = session.scalars(query.order_by(InquiryLink.decided_at.desc(), InquiryLink.id.desc()))
    return tuple(_view(session, link, inquiry_id) for link in links)


def merge_offer(session: Session, inquiry_id: str, first_id: str) -> MergeOffer:
    """Tell which questions and people the first inquiry does not have."""
    inquiry, first = record(session, Inquiry, inquiry_id), record(session, Inquiry, first_id)
    if first.state in ENDED:
        return MergeOffer((), ())
    known = {
        plain(words) for item in questions_of(session, first.id) for words in (item.verbatim, item.restated)
    }
    questions = tuple(
        (item.id, item.restated or item.verbatim)
        for item in questions_of(session, inquiry.id)
        if plain(item.verbatim) not in known and plain(item.restated or item.verbatim) not in known
    )
    parts = (part for part in _PARTS if getattr(inquiry, f"{part}_id") and not getattr(first, f"{part}_id"))
    return MergeOffer(questions, tuple(parts))


def link(uow: UnitOfWork, inquiry_id: str, other_id: str, kind: str, *, reason: str = "") -> Changes:
    """Say that an inquiry follows another, repeats its contact, or has nothing to do with it."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        uow.reason = uow.reason or reason.strip()
        _link(uow, inquiry, other_id, kind)
        return uow.commit()


def undo_link(uow: UnitOfWork, link_id: str, *, reason: str) -> Changes:
    """Take a link or a dismissal back; what it answered in triage is open again."""
    with uow:
        item = record(uow.session, InquiryLink, link_id)
        inquiry = open_inquiry(uow, item.inquiry_id)
        if not reason.strip():
            sentence = "Say why this decision is taken back."
            raise NotAllowedError(f"{sentence} Nothing was changed.", (sentence,))
        if item.kind == DUPLICATE:
            raise NotAllowedError("A merge cannot be taken back, because safety records have moved with it.")
        uow.reason = reason.strip()
        _retire(uow, inquiry, item)
        return uow.commit()


def decide_duplicate(
    uow: UnitOfWork, inquiry_id: str, decision: str, *, first_id: str | None = None, reason: str = ""
) -> Changes:
    """Say whether an inquiry is new, a follow-up or a duplicate."""
    if vocabulary().check("duplicate_decision", decision) == DUPLICATE:
        return mark_duplicate(uow, inquiry_id, first_id or "", reason=reason)
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        uow.reason = uow.reason or reason
        if decision == FOLLOW_UP:
            _link(uow, inquiry, first_id or "", FOLLOW_UP)
        else:
            for item in _live(uow.session, inquiry.id):
                if item.inquiry_id == inquiry.id and item.kind == FOLLOW_UP:
                    _retire(uow, inquiry, item)
            inquiry.first_id = None
        inquiry.duplicate_decision = decision
        return uow.commit()


def mark_duplicate(
    uow: UnitOfWork,
    inquiry_id: str,
    first_id: str,
    *,
    reason: str = "",
    question_ids: Sequence[str] = (),
    people: Sequence[str] = (),
) -> Changes:
    """End a repeat; its safety records, and what is named of the rest, go to the first inquiry."""
    with uow:
        inquiry = any_inquiry(uow, inquiry_id)
        uow.reason = uow.reason or reason
        first = _first(uow, inquiry, first_id) if first_id else None
        take_step(uow, inquiry, "mark_duplicate", first_inquiry=first_id, safety_joined=first is not None)
        if first is not None:
            _join_safety(uow, inquiry, first)
            _copy(uow, inquiry, first, question_ids, people)
            _put_link(uow, inquiry, first, DUPLICATE)
        inquiry.first_id = first_id
        inquiry.duplicate_decision = DUPLICATE
        return uow.commit()


def _link(uow: UnitOfWork, inquiry: Inquiry, other_id: str, kind: str) -> None:
    if kind not in (FOLLOW_UP, REPEAT, UNRELATED):
        raise InputRefusedError(f"“{kind[:40]}” is no link. Choose follow-up, repeat contact or unrelated.")
    if other_id == inquiry.id:
        raise NotAllowedError(f"{inquiry.number} cannot be linked to itself. Nothing was changed.")
    other = _first(uow, inquiry, other_id) if kind == FOLLOW_UP else _other(uow, other_id)
    item = _put_link(uow, inquiry, other, kind)
    if kind == FOLLOW_UP:
        _retire_others(uow, inquiry, item)
        inquiry.first_id = other.id
    answer = {FOLLOW_UP: FOLLOW_UP, REPEAT: "new"}.get(kind)
    if answer is not None and (kind == FOLLOW_UP or inquiry.duplicate_decision is None):
        inquiry.duplicate_decision = answer
        set_extra(item, **{_ANSWERED: answer})


def _other(uow: UnitOfWork, other_id: str) -> Inquiry:
    if not other_id:
        raise NotAllowedError("Say which other inquiry is meant. Nothing was changed.")
    return record(uow.session, Inquiry, other_id)


def _put_link(uow: UnitOfWork, inquiry: Inquiry, other: Inquiry, kind: str) -> InquiryLink:
    for known in _live(uow.session, inquiry.id):
        if other.id in (known.inquiry_id, known.other_id):
            _retire(uow, inquiry, known)
    item = InquiryLink(
        id=uuid7(),
        inquiry_id=inquiry.id,
        other_id=other.id,
        kind=kind,
        reasons=freeze(list(likeness_reasons(uow.session, inquiry.id, other.id))),
        decided_by=uow.actor,
        decided_at=uow.now(),
    )
    put(uow, item)
    return item


def _retire_others(uow: UnitOfWork, inquiry: Inquiry, kept: InquiryLink) -> None:
    # An inquiry follows one other; the newest decision counts.
    for item in _live(uow.session, inquiry.id):
        if item.id != kept.id and item.inquiry_id == inquiry.id and item.kind == FOLLOW_UP:
            item.retired_at = uow.now()


def _retire(uow: UnitOfWork, inquiry: Inquiry, item: InquiryLink) -> None:
    item.retired_at = uow.now()
    if item.inquiry_id != inquiry.id:
        return
    if item.kind == FOLLOW_UP and inquiry.first_id == item.other_id:
        inquiry.first_id = None
    answered = extra_of(item).get(_ANSWERED)
    if answered and answered == inquiry.duplicate_decision:
        inquiry.duplicate_decision = None


def _live(session: Session, inquiry_id: str) -> list[InquiryLink]:
    query = select(InquiryLink).where(
        or_(InquiryLink.inquiry_id == inquiry_id, InquiryLink.other_id == inquiry_id),
        InquiryLink.retired_at.is_(None),
    )
    return list(session.scalars(query))


def _view(session: Session, item: InquiryLink, seen_from: str) -> LinkView:
    other_id = item.other_id if item.inquiry_id == seen_from else item.inquiry_id
    other = session.get(Inquiry, other_id)
    return LinkView(
        id=item.id,
        kind=item.kind,
        other_id=other_id,
        number=other.number if other else "",
        state=other.state if other else "",
        title=other.title if other else "",
        received_at=other.received_at if other else 0,
        is_later=item.inquiry_id == seen_from,
        reasons=tuple(str(reason) for reason in item.reasons),
        decided_by=item.decided_by,
        decided_at=item.decided_at,
    )


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
    for question in _SAFETY_QUESTIONS:
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


def _copy(
    uow: UnitOfWork, repeat: Inquiry, first: Inquiry, question_ids: Sequence[str], people: Sequence[str]
) -> None:
    if not question_ids and not people:
        return
    if first.state in ENDED:
        raise NotAllowedError(
            f"{first.number} is {INQUIRY.word(first.state)}, so it takes over nothing. Nothing was changed."
        )
    last = max((item.position for item in questions_of(uow.session, first.id)), default=0)
    for at, question_id in enumerate(question_ids, start=1):
        question = record(uow.session, InquiryQuestion, question_id)
        if question.inquiry_id != repeat.id:
            raise NotAllowedError("This question belongs to another inquiry. Nothing was changed.")
        form = QuestionForm(question.verbatim, question.restated, question.topic)
        copied = new_question(first.id, last + at, form)
        set_extra(copied, **{_COPIED_FROM: question.id})
        put(uow, copied)
    for part in people:
        _copy_person(uow, repeat, first, part)


def _copy_person(uow: UnitOfWork, repeat: Inquiry, first: Inquiry, part: str) -> None:
    if part not in _PARTS:
        raise InputRefusedError(f"“{part[:40]}” is neither the requester nor the contact.")
    model: Any = _PARTS[part]
    source_id = getattr(repeat, f"{part}_id")
    if source_id is None or getattr(first, f"{part}_id") is not None:
        raise NotAllowedError(f"{first.number} has a {part} already. Nothing was changed.")
    source = record(uow.session, model, source_id)
    # A copy, because each inquiry corrects its own people.
    form = replace(PersonForm(), **{name: getattr(source, name) for name in PersonForm().values()})
    person: Synced = model(id=uuid7(), **form.values())
    put(uow, person)
    setattr(first, f"{part}_id", person.id)
