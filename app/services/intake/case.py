"""One inquiry as its page shows it, with what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.inquiry import (
    Escalation,
    Inquiry,
    InquiryQuestion,
    Note,
    OffLabelAssessment,
    UnsolicitedAttestation,
)
from app.models.inquiry_forms import PersonForm
from app.models.letter import Letter, Response
from app.models.lifecycle import Actor, blockers
from app.models.lifecycle_inquiry import (
    INQUIRY,
    CancelReason,
    InquiryFacts,
    answering,
    safety_decisions,
    safety_handed_off,
)
from app.models.people import Contact, ContactVerification, Requester, User
from app.models.product import Product
from app.models.vocabulary import vocabulary
from app.services.intake.calls import CallView, calls_of
from app.services.intake.due import TAKEN_UP
from app.services.intake.facts import CONFIRMATIONS, Coverage, coverage_of, facts_of, position_of
from app.services.intake.links import LinkView, links_of
from app.services.intake.records import ACKNOWLEDGED, CONTACT_TRY, extra_of, questions_of
from app.services.intake.service_clocks import ServiceView, service_of
from app.services.intake.similar import Proposal, similar
from app.services.safety.queries import SafetyView, records_of
from app.services.work.queries import WorkItemView, actor_of, linked_to

# What a person says in the dialog of a step; it is no blocker before they were asked.
_ASKED_IN_THE_STEP: dict[str, dict[str, Any]] = {
    "assign": {"owner": "?"},
    "ask_requester": {"asked": "?", "asked_why": "?"},
    "ask_internal": {"work_item": "?", "work_item_due_ms": 0},
    "escalate": {"escalation_target": "?", "escalation_reason": "?"},
    "reopen": {"reopen_reason": "?"},
    "mark_duplicate": {"first_inquiry": "?", "safety_joined": True},
    "cancel": {"cancel_reason": CancelReason.WITHDRAWN},
    "transfer": {"transfer_target": "?", "transfer_receipt": "?"},
}


@dataclass(frozen=True, slots=True)
class PersonView:
    """The requester or the contact, as entered."""

    id: str
    fields: PersonForm
    audience: str

    @property
    def name(self) -> str:
        """The name as it is written in a list."""
        return " ".join(part for part in (self.fields.first_name, self.fields.last_name) if part)


@dataclass(frozen=True, slots=True)
class VerificationView:
    """How the contact was verified, and whether that still holds."""

    method: str
    evidence: str
    verified_at: int
    verified_by: str
    expires_at: int | None


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """Whether a question is on label, by which version and by whom."""

    assessment: str
    label_version: str
    assessed_by: str
    assessed_at: int


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question with its label assessment and its answer so far."""

    id: str
    position: int
    verbatim: str
    restated: str
    topic: str
    assessment: AssessmentView | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class NoteView:
    """One note as it was typed."""

    id: str
    text: str
    author_id: str
    noted_at: int
    is_contact_try: bool


@dataclass(frozen=True, slots=True)
class LetterSummary:
    """One letter of the inquiry in a line."""

    id: str
    reference: str
    edition: int
    state: str
    sent_at: int | None


@dataclass(frozen=True, slots=True)
class ResponseView:
    """One answer, spoken or written, and which questions it answers."""

    id: str
    kind: str
    text: str
    question_ids: tuple[str, ...]
    author_id: str
    answered_at: int | None
    letters: tuple[LetterSummary, ...]


@dataclass(frozen=True, slots=True)
class EscalationView:
    """One call for help, by when it is taken up, and whether it has ended."""

    id: str
    target: str
    level: int
    reason: str
    escalated_at: int
    ended_at: int | None
    due_at: int | None
    taken_up_at: int | None
    outcome: str

    @property
    def is_open(self) -> bool:
        """Whether the call still stands."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the closing checklist: done or what is missing."""

    key: str
    is_done: bool
    missing: tuple[str, ...]
    is_ticked_by_hand: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step that the state offers, and what blocks it."""

    name: str
    deed: str
    target: str | None
    is_claim: bool
    blockers: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        """Whether nothing blocks it now."""
        return not self.blockers


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything about one inquiry but its timeline."""

    id: str
    row: int
    facts: Mapping[str, Any]
    product: str
    owner: str
    requester: PersonView | None
    contact: PersonView | None
    is_same_person: bool
    verification: VerificationView | None
    is_attested_unsolicited: bool
    questions: tuple[QuestionView, ...]
    safety: tuple[SafetyView, ...]
    notes: tuple[NoteView, ...]
    responses: tuple[ResponseView, ...]
    escalations: tuple[EscalationView, ...]
    work_items: tuple[WorkItemView, ...]
    checklist: tuple[ChecklistItem, ...]
    steps: tuple[NextStep, ...]
    proposals: tuple[Proposal, ...]
    links: tuple[LinkView, ...]
    calls: tuple[CallView, ...]
    service: ServiceView

    @property
    def number(self) -> str:
        """The number as letters and lists show it."""
        return str(self.facts["number"])

    @property
    def state(self) -> str:
        """The state of the lifecycle."""
        return str(self.facts["state"])


def resolve(session: Session, text: str) -> str:
    """Return the id of an inquiry named by id or by number."""
    wanted = text.strip()
    query = select(Inquiry.id).where((Inquiry.id == wanted) | (Inquiry.number == wanted.upper()))
    found = session.scalar(query)
    if found is None:
        raise RecordNotFoundError(wanted[:60])
    return found


def case(session: Session, inquiry_id: str, user_id: str = "", now: int | None = None) -> CaseView:
    """Return one inquiry as its page shows it to this user."""
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is None:
        raise RecordNotFoundError(inquiry_id)
    proposals = similar(session, inquiry.id)
    is_undecided = inquiry.duplicate_decision is None and bool(proposals)
    facts = facts_of(session, inquiry, duplicates_undecided=is_undecided)
    requester = _person(session, Requester, inquiry.requester_id)
    contact = _person(session, Contact, inquiry.contact_id)
    return CaseView(
        id=inquiry.id,
        row=inquiry.row,
        facts=_facts(inquiry),
        product=_name(session, Product, inquiry.product_id)
        or str(extra_of(inquiry).get("product_given", "")),
        owner=_name(session, User, inquiry.owner_id),
        requester=requester,
        contact=contact,
        is_same_person=bool(requester and contact and requester.fields == contact.fields),
        verification=_verification(session, inquiry.contact_id, now),
        is_attested_unsolicited=_is_attested(session, inquiry.id),
        questions=_questions(session, inquiry.id),
        safety=records_of(session, inquiry.id),
        notes=_notes(session, inquiry.id),
        responses=_responses(session, inquiry.id),
        escalations=_escalations(session, inquiry.id),
        work_items=linked_to(session, inquiry.id),
        checklist=_checklist(facts),
        steps=next_steps(inquiry, facts, actor_of(session, user_id)),
        proposals=proposals,
        links=links_of(session, inquiry.id),
        calls=calls_of(session, inquiry.id),
        service=service_of(session, inquiry, inquiry.received_zone),
    )


def next_steps(inquiry: Inquiry, facts: InquiryFacts, actor: Actor) -> tuple[NextStep, ...]:
    """List the steps of the state, each with what blocks it."""
    position = position_of(inquiry)
    found = []
    for step in INQUIRY.transitions:
        if position.state not in step.sources:
            continue
        told = _ASKED_IN_THE_STEP.get(step.name, {})
        asked = InquiryFacts(**{**{f: getattr(facts, f) for f in facts.__slots__}, **told})
        blocked = blockers(INQUIRY, position, step.name, asked, actor)
        found.append(NextStep(step.name, step.deed, step.target, step.klass.value == "C", blocked))
    return tuple(found)


def _facts(inquiry: Inquiry) -> dict[str, Any]:
    columns = {column.key: getattr(inquiry, column.key) for column in Inquiry.__mapper__.column_attrs}
    extra = dict(columns.pop("extra") or {})
    return {**extra, **columns, "tags": tuple(inquiry.tags), ACKNOWLEDGED: extra.get(ACKNOWLEDGED)}


def _person(
    session: Session, model: type[Requester] | type[Contact], person_id: str | None
) -> PersonView | None:
    found = session.get(model, person_id) if person_id else None
    person = found if isinstance(found, Requester | Contact) else None
    if person is None:
        return None
    form = PersonForm(**{name: getattr(person, name) for name in PersonForm().values()})
    return PersonView(person.id, form, vocabulary().audience(person.role))


def _name(session: Session, model: type[Product] | type[User], record_id: str | None) -> str:
    return session.scalar(select(model.name).where(model.id == record_id)) or ""


def _verification(session: Session, contact_id: str | None, now: int | None) -> VerificationView | None:
    query = (
        select(ContactVerification)
        .where(ContactVerification.contact_id == contact_id, ContactVerification.retired_at.is_(None))
        .order_by(ContactVerification.verified_at.desc(), ContactVerification.id.desc())
    )
    for item in session.scalars(query):
        if now is None or item.expires_at is None or item.expires_at >= now:
            return VerificationView(
                item.method, item.evidence, item.verified_at, item.verified_by, item.expires_at
            )
    return None


def _is_attested(session: Session, inquiry_id: str) -> bool:
    query = select(UnsolicitedAttestation.id).where(
        UnsolicitedAttestation.inquiry_id == inquiry_id, UnsolicitedAttestation.retired_at.is_(None)
    )
    return session.scalar(query.limit(1)) is not None


def _questions(session: Session, inquiry_id: str) -> tuple[QuestionView, ...]:
    questions = questions_of(session, inquiry_id)
    covers = coverage_of(session, inquiry_id, questions)
    return tuple(
        QuestionView(q.id, q.position, q.verbatim, q.restated, q.topic, _assessment(session, q), covers[q.id])
        for q in questions
    )


def _assessment(session: Session, question: InquiryQuestion) -> AssessmentView | None:
    query = select(OffLabelAssessment).where(
        OffLabelAssessment.question_id == question.id, OffLabelAssessment.retired_at.is_(None)
    )
    found = session.scalars(query.order_by(OffLabelAssessment.assessed_at.desc()).limit(1)).first()
    if found is None:
        return None
    return AssessmentView(found.assessment, found.label_version, found.assessed_by, found.assessed_at)


def _notes(session: Session, inquiry_id: str) -> tuple[NoteView, ...]:
    query = select(Note).where(Note.inquiry_id == inquiry_id, Note.retired_at.is_(None))
    return tuple(
        NoteView(n.id, n.text, n.author_id, n.noted_at, bool(extra_of(n).get(CONTACT_TRY)))
        for n in session.scalars(query.order_by(Note.noted_at, Note.id))
    )


def _responses(session: Session, inquiry_id: str) -> tuple[ResponseView, ...]:
    letters: dict[str, list[LetterSummary]] = {}
    query = select(Letter).where(Letter.inquiry_id == inquiry_id, Letter.retired_at.is_(None))
    for item in session.scalars(query.order_by(Letter.edition, Letter.id)):
        summary = LetterSummary(item.id, item.reference, item.edition, item.state, item.sent_at)
        letters.setdefault(item.response_id, []).append(summary)
    found = select(Response).where(Response.inquiry_id == inquiry_id, Response.retired_at.is_(None))
    return tuple(
        ResponseView(
            r.id,
            r.kind,
            r.text,
            tuple(r.question_ids),
            r.author_id,
            r.answered_at,
            tuple(letters.get(r.id, ())),
        )
        for r in session.scalars(found.order_by(Response.created_at, Response.id))
    )


def _escalations(session: Session, inquiry_id: str) -> tuple[EscalationView, ...]:
    query = select(Escalation).where(Escalation.inquiry_id == inquiry_id, Escalation.retired_at.is_(None))
    return tuple(
        EscalationView(
            e.id,
            e.target,
            e.level,
            e.reason,
            e.escalated_at,
            e.ended_at,
            e.due_at,
            extra_of(e).get(TAKEN_UP),
            str(extra_of(e).get("outcome", "")),
        )
        for e in session.scalars(query.order_by(Escalation.escalated_at, Escalation.id))
    )


def _checklist(facts: InquiryFacts) -> tuple[ChecklistItem, ...]:
    judged = {
        "answered": answering(facts),
        "safety_decided": safety_decisions(facts),
        "safety_handed_off": safety_handed_off(facts),
        "contact_complete": () if facts.contact_complete else ("The contact is not complete.",),
    }
    items = [ChecklistItem(key, not missing, missing, False) for key, missing in judged.items()]
    for key in CONFIRMATIONS:
        is_done = bool(getattr(facts, key))
        items.append(ChecklistItem(key, is_done, () if is_done else ("Nobody has confirmed it.",), True))
    return tuple(items)
