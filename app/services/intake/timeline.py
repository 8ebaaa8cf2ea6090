"""What happened to an inquiry: who, what, from, to, when and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.audit import History, JournalRow, JournalValue
from app.models.conversation import Attachment, Message, PhoneCall
from app.models.inquiry import (
    Escalation,
    Inquiry,
    InquiryLink,
    InquiryQuestion,
    Note,
    OffLabelAssessment,
    UnsolicitedAttestation,
)
from app.models.journal_hash import REASON
from app.models.letter import DeliveryAttempt, Enclosure, Letter, Package, Response, Signature
from app.models.people import ContactVerification, User
from app.models.product import Product
from app.models.safety import AdverseEventReport, ProductQualityComplaint, SafetyHandoff
from app.models.vocabulary import vocabulary
from app.services.intake.words import label_of
from app.services.work.queries import linked_to

ERASED = "(erased)"

_TERMS = {
    "channel": "channel",
    "urgency": "urgency",
    "role": "requester_role",
    "solicited": "solicited",
    "assessment": "label_assessment",
    "method": "verification_method",
    "target": "escalation_target",
    "escalated_to": "escalation_target",
}
# What the trail keeps and no reader looks for.
_HIDDEN = frozenset({"scope", "created_at", "extra", "received_zone", "awareness_zone", "inquiry_id", "row"})
_CHILDREN: tuple[Any, ...] = (
    InquiryQuestion,
    Note,
    UnsolicitedAttestation,
    Escalation,
    Response,
    Letter,
    AdverseEventReport,
    ProductQualityComplaint,
    PhoneCall,
    InquiryLink,
    Message,
)
_PART = 400


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field and what it went from and to, as text."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event of an inquiry, the journal's or another device's."""

    at: int
    zone: str
    who: str
    actor_id: str
    op: str
    type: str
    entity_id: str
    what: str
    changes: tuple[FieldChange, ...]
    why: str
    is_pending: bool


def timeline(session: Session, inquiry_id: str) -> tuple[TimelineEntry, ...]:
    """Return every event of an inquiry and its parts, oldest first."""
    ids = sorted(_ids(session, inquiry_id))
    names = _names(session)
    entries = [*_from_journal(session, ids, names), *_from_history(session, ids, names)]
    return tuple(entry for _, entry in sorted(entries, key=lambda item: item[0]))


def _ids(session: Session, inquiry_id: str) -> set[str]:
    found = {inquiry_id}
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is not None:
        found |= {person for person in (inquiry.requester_id, inquiry.contact_id) if person}
    for model in _CHILDREN:
        found.update(session.scalars(select(model.id).where(model.inquiry_id == inquiry_id)))
    for model, parent in (
        (OffLabelAssessment, OffLabelAssessment.question_id),
        (ContactVerification, ContactVerification.contact_id),
        (SafetyHandoff, SafetyHandoff.record_id),
        (DeliveryAttempt, DeliveryAttempt.letter_id),
        (Signature, Signature.letter_id),
        (Enclosure, Enclosure.letter_id),
        (Package, Package.letter_id),
        (Attachment, Attachment.owner_id),
    ):
        found.update(session.scalars(select(model.id).where(parent.in_(found))))
    return found | {item.id for item in linked_to(session, inquiry_id)}


def _names(session: Session) -> dict[str, str]:
    users = session.execute(select(User.id, User.name))
    products = session.execute(select(Product.id, Product.name))
    return {row.id: row.name for rows in (users, products) for row in rows}


_Sorted = tuple[tuple[int, int, int], TimelineEntry]


def _from_journal(session: Session, ids: Sequence[str], names: Mapping[str, str]) -> Iterator[_Sorted]:
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        rows = list(session.scalars(select(JournalRow).where(JournalRow.entity_id.in_(part))))
        values = _values(session, [row.n for row in rows])
        for row in rows:
            told = values.get(row.n, {})
            # A commitment whose value is gone was erased; the trail still shows that there was one.
            fields = {name: told.get(name, (ERASED, ERASED)) for name in row.fields}
            why = fields.pop(REASON, (None, ""))[1]
            yield (row.at, 0, row.n), _entry(row, fields, why, names, is_pending=row.acked is None)


def _from_history(session: Session, ids: Sequence[str], names: Mapping[str, str]) -> Iterator[_Sorted]:
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        for row in session.scalars(select(History).where(History.entity_id.in_(part))):
            fields = {name: _pair(value) for name, value in row.fields.items()}
            yield (row.at, 1, row.seq), _entry(row, fields, row.reason, names, is_pending=False)


def _pair(value: Any) -> tuple[Any, Any]:
    if isinstance(value, Mapping):
        return value.get("old"), value.get("new")
    return (value[0], value[1]) if isinstance(value, Sequence) and len(value) == 2 else (None, value)


def _values(session: Session, numbers: Sequence[int]) -> dict[int, dict[str, tuple[Any, Any]]]:
    found: dict[int, dict[str, tuple[Any, Any]]] = {}
    for start in range(0, len(numbers), _PART):
        query = select(JournalValue).where(JournalValue.n.in_(numbers[start : start + _PART]))
        for value in session.scalars(query):
            found.setdefault(value.n, {})[value.field] = (value.old, value.new)
    return found


def _entry(
    row: JournalRow | History,
    fields: Mapping[str, tuple[Any, Any]],
    why: object,
    names: Mapping[str, str],
    *,
    is_pending: bool,
) -> TimelineEntry:
    shown = {name: pair for name, pair in fields.items() if name not in _HIDDEN}
    return TimelineEntry(
        at=row.at,
        zone=getattr(row, "zone", "UTC"),
        who=names.get(row.actor, row.actor),
        actor_id=row.actor,
        op=row.op,
        type=row.type,
        entity_id=row.entity_id,
        what=label_of(row.type),
        changes=tuple(
            FieldChange(name, label_of(name), _shown(name, old, names), _shown(name, new, names))
            for name, (old, new) in sorted(shown.items())
        ),
        why=str(why or ""),
        is_pending=is_pending,
    )


def _shown(field: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str) and field in _TERMS:
        return vocabulary().label(_TERMS[field], value)
    if isinstance(value, Mapping):
        return ", ".join(f"{label_of(str(key))}: {_shown('', item, names)}" for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_shown("", item, names) for item in value)
    return names.get(value, value) if isinstance(value, str) else str(value)
