"""Decide what is suspected, record it, and hand it off."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Inquiry
from app.models.inquiry_forms import check_text
from app.models.lifecycle import NOTHING, Position, apply
from app.models.lifecycle_inquiry import Decision
from app.models.lifecycle_safety import SAFETY, SafetyFacts, SafetyState, next_name
from app.models.numbering import Series
from app.models.safety import AdverseEventReport, ProductQualityComplaint, SafetyHandoff
from app.models.vocabulary import vocabulary
from app.services.safety.due import SafetyRecord, is_live, kind_of, set_due
from app.services.safety.queries import live_records
from app.services.work.queries import actor_of, ensure_may_write, next_number, office_zone
from app.services.workspace.unit_of_work import UnitOfWork

SERIOUSNESS = (
    "death",
    "life_threatening",
    "hospitalisation",
    "disability",
    "congenital_anomaly",
    "medically_important",
)
_EVENT_QUESTIONS = ("adverse_event", "special_situation")
_QUESTIONS = (*_EVENT_QUESTIONS, "quality_complaint")


def decide(
    uow: UnitOfWork,
    inquiry_id: str,
    *,
    adverse_event: Decision | None = None,
    special_situation: Decision | None = None,
    quality_complaint: Decision | None = None,
    reason: str = "",
    description: str = "",
    special_situations: Sequence[str] = (),
) -> Changes:
    """Answer safety questions; what is suspected opens a record at once.

    A question that is left out keeps its answer. Uncertain counts as suspected, No needs a reason.
    """
    answers = {
        "adverse_event": adverse_event,
        "special_situation": special_situation,
        "quality_complaint": quality_complaint,
    }
    with uow:
        ensure_may_write(uow.session, uow.actor)
        inquiry = _inquiry(uow, inquiry_id)
        _answer(uow, inquiry, {k: Decision(v) for k, v in answers.items() if v is not None}, reason)
        _record_suspected(uow, inquiry, check_text("description", description), special_situations)
        return uow.commit()


def edit_record(uow: UnitOfWork, record_id: str, field: str, value: Any) -> Changes:
    """Replace the description, the special situations or one fact."""
    with uow:
        item = _record(uow, record_id)
        if field == "description":
            item.description = check_text("description", str(value))
        elif field == "special_situations" and isinstance(item, AdverseEventReport):
            item.special_situations = freeze([_situation(code) for code in value])
        else:
            item.facts = freeze(_with_fact(item.facts or {}, field, value))
        if item.state == SafetyState.SUSPECTED and _is_known(item):
            _step(uow, item, "capture", SafetyFacts(known=True))
        _set_due(uow, item)
        return uow.commit()


def learn_earlier(uow: UnitOfWork, record_id: str, known_at: int, *, reason: str) -> Changes:
    """Move Day 0 to an earlier time at which somebody already knew."""
    with uow:
        uow.reason = _reason(reason, "Say how it was known earlier.")
        item = _record(uow, record_id)
        if known_at >= item.awareness_at:
            raise NotAllowedError("Day 0 moves to an earlier time only. Nothing was changed.")
        _set_due(uow, item, known_at)
        return uow.commit()


def dismiss(uow: UnitOfWork, record_id: str, *, reason: str) -> Changes:
    """Say that a record is no safety case, and why."""
    with uow:
        uow.reason = _reason(reason, "Say why it is no safety case.")
        _dismiss(uow, _record(uow, record_id))
        return uow.commit()


def hand_off(
    uow: UnitOfWork, record_id: str, *, method: str, receiver: str, note: str = "", at: int | None = None
) -> Changes:
    """Record that a safety record went to its department."""
    with uow:
        item = _record(uow, record_id)
        if not is_live(item):
            raise NotAllowedError(f"{item.number} was found to be no safety case. Nothing was handed off.")
        method, receiver = vocabulary().check("handoff_method", method), _named(receiver)
        _step(uow, item, "hand_off", SafetyFacts(method=method, receiver=receiver))
        done_at = uow.now() if at is None else at
        uow.session.add(
            SafetyHandoff(
                id=uuid7(),
                record_kind=kind_of(item),
                record_id=item.id,
                method=method,
                receiver=receiver,
                handed_off_at=done_at,
                handed_off_by=uow.actor,
                note=check_text("note", note, 10_000),
            )
        )
        item.handed_off_at = done_at if item.handed_off_at is None else min(item.handed_off_at, done_at)
        return uow.commit()


def acknowledge(uow: UnitOfWork, record_id: str, *, external_number: str, at: int | None = None) -> Changes:
    """Record that the department has it, under which number."""
    with uow:
        item = _record(uow, record_id)
        handoff = uow.session.scalars(
            select(SafetyHandoff)
            .where(SafetyHandoff.record_id == item.id)
            .order_by(SafetyHandoff.handed_off_at.desc(), SafetyHandoff.id.desc())
            .limit(1)
        ).first()
        if handoff is None:
            raise NotAllowedError(f"{item.number} has no recorded hand-off yet. Hand it off first.")
        number = check_text("case number", external_number, 60).strip()
        if not number:
            raise InputRefusedError("The case number is missing. Enter the one they gave you.")
        _step(uow, item, "acknowledge", SafetyFacts(handed_off=True, external_number=number))
        handoff.acknowledged_at = uow.now() if at is None else at
        handoff.external_number = item.external_number = number
        return uow.commit()


def _answer(uow: UnitOfWork, inquiry: Inquiry, answers: Mapping[str, Decision], reason: str) -> None:
    if Decision.NO in answers.values():
        inquiry.safety_reason = _reason(reason, "A safety question is answered No. Say why.")
    uow.reason = uow.reason or reason.strip()
    for question, decision in answers.items():
        setattr(inquiry, question, decision.value)
    for item in live_records(uow.session, inquiry.id):
        asked = _EVENT_QUESTIONS if isinstance(item, AdverseEventReport) else ("quality_complaint",)
        values = [getattr(inquiry, question) for question in asked]
        if is_live(item) and Decision.NO in answers.values() and set(values) <= {Decision.NO.value, None}:
            _dismiss(uow, item)


def _dismiss(uow: UnitOfWork, item: SafetyRecord) -> None:
    if item.handed_off_at is not None:
        raise NotAllowedError(
            f"{item.number} was handed off already. Nothing was changed. Tell the department that has it."
        )
    flagged = any((item.facts or {}).get(criterion) == "yes" for criterion in SERIOUSNESS)
    _step(uow, item, "dismiss", SafetyFacts(reason=uow.reason, flagged_serious=flagged, acting=uow.actor))


def _step(uow: UnitOfWork, item: SafetyRecord, step: str, facts: SafetyFacts) -> None:
    """Take a step of the lifecycle, or refuse it with every blocker."""
    actor = actor_of(uow.session, uow.actor)
    item.state = apply(SAFETY, Position(item.state), next_name(item.state, step), facts, actor).state


def _is_known(item: SafetyRecord) -> bool:
    return bool(item.description.strip() or item.facts or getattr(item, "special_situations", ()))


def _record_suspected(
    uow: UnitOfWork, inquiry: Inquiry, description: str, special_situations: Sequence[str]
) -> None:
    event = any(_is_suspected(getattr(inquiry, question)) for question in _EVENT_QUESTIONS)
    if event:
        report = _opened(uow, inquiry, AdverseEventReport, Series.ADVERSE_EVENT, description)
        if special_situations and isinstance(report, AdverseEventReport):
            report.special_situations = freeze([_situation(code) for code in special_situations])
    if _is_suspected(inquiry.quality_complaint):
        _opened(uow, inquiry, ProductQualityComplaint, Series.QUALITY_COMPLAINT, description)
    uow.session.flush()
    # An event beside a complaint makes the complaint critical, so both clocks are set again.
    for item in live_records(uow.session, inquiry.id):
        _set_due(uow, item)


def _opened(
    uow: UnitOfWork,
    inquiry: Inquiry,
    model: type[AdverseEventReport] | type[ProductQualityComplaint],
    series: Series,
    description: str,
) -> SafetyRecord:
    same = [item for item in live_records(uow.session, inquiry.id) if isinstance(item, model)]
    known: SafetyRecord | None = next((item for item in same if is_live(item)), same[0] if same else None)
    if known is None:
        actor = actor_of(uow.session, uow.actor)
        opened = apply(SAFETY, Position(NOTHING), "suspect", SafetyFacts(), actor)
        known = model(
            id=uuid7(),
            state=opened.state,
            inquiry_id=inquiry.id,
            number=next_number(uow.session, uow.device, series),
            # A time of receipt in the future is a wrong clock: it is known now at the latest.
            awareness_at=min(inquiry.received_at, uow.now()),
            awareness_zone=inquiry.received_zone,
            recorded_by=uow.actor,
            description=description,
            facts=freeze({}),
        )
        set_due(known, office_zone(uow.session, uow.zone()), ())
        uow.session.add(known)
    elif not is_live(known):
        _step(uow, known, "suspect", SafetyFacts())
    known.description = known.description or description
    return known


def _set_due(uow: UnitOfWork, item: SafetyRecord, *known_at: int) -> None:
    beside = live_records(uow.session, item.inquiry_id)
    set_due(item, office_zone(uow.session, uow.zone()), [o for o in beside if o.id != item.id], *known_at)


def _with_fact(facts: Mapping[str, Any], field: str, value: Any) -> dict[str, Any]:
    if not field.isidentifier() or len(field) > 60:
        raise InputRefusedError(f"“{field[:40]}” is no name of a fact.")
    if field in SERIOUSNESS and value not in ("yes", "no", "unknown", None):
        raise InputRefusedError("A criterion of seriousness is yes, no or unknown.")
    if isinstance(value, str):
        check_text(field.replace("_", " "), value)
    return {name: known for name, known in {**facts, field: value}.items() if known is not None}


def _is_suspected(decision: str | None) -> bool:
    return decision in (Decision.YES.value, Decision.UNCERTAIN.value)


def _situation(code: str) -> str:
    return vocabulary().check("special_situation", code)


def _reason(reason: str, sentence: str) -> str:
    text = check_text("reason", reason, 10_000).strip()
    if not text:
        raise NotAllowedError(f"{sentence} Nothing was changed.", (sentence,))
    return text


def _named(receiver: str) -> str:
    name = check_text("receiver", receiver, 200).strip()
    if not name:
        raise InputRefusedError("The receiver is missing. Say who took it.")
    return name


def _inquiry(uow: UnitOfWork, inquiry_id: str) -> Inquiry:
    inquiry = uow.session.get(Inquiry, inquiry_id)
    if inquiry is None:
        raise RecordNotFoundError(inquiry_id)
    return inquiry


def _record(uow: UnitOfWork, record_id: str) -> SafetyRecord:
    ensure_may_write(uow.session, uow.actor)
    found = uow.session.get(AdverseEventReport, record_id) or uow.session.get(
        ProductQualityComplaint, record_id
    )
    if found is None:
        raise RecordNotFoundError(record_id)
    return found
