"""Send a letter to review, release it, and deliver it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.errors import NotAllowedError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.checks import registry
from app.models.checks.snapshot import LetterKind
from app.models.ids import uuid7
from app.models.inquiry import InquiryQuestion
from app.models.letter import DeliveryAttempt, Letter, Package, Response, Signature
from app.models.lifecycle import Actor, Position, Role, apply
from app.models.lifecycle_letter import LETTER, LetterFacts, LetterState
from app.models.manifest import Release, signing_payload
from app.models.people import Contact, User
from app.models.vocabulary import vocabulary
from app.models.work import WorkItem
from app.services.intake.records import ACKNOWLEDGED, INTERIM_AT, extra_of, set_extra
from app.services.letters.assembly import NOT_ON_SERVER, Built, build
from app.services.letters.facts import facts_of, step_blockers
from app.services.letters.loading import LetterCase, load
from app.services.letters.records import any_letter, put
from app.services.letters.saving import cut_drafts
from app.services.letters.snapshots import snapshot_of
from app.services.letters.writing import today
from app.services.work.queries import actor_of, is_enrolled
from app.services.workspace.unit_of_work import UnitOfWork

RELEASED = "released"
SENT = "sent"
FAILED = "failed"

Sign = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Released:
    """A frozen letter: the hash of its bytes and of its manifest."""

    package_id: str
    sha256: str
    manifest_sha256: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Submitted:
    """The work item by which a second person reviews the letter."""

    work_item_id: str
    changes: Changes


def release(uow: UnitOfWork, letter_id: str, *, passphrase_verified: bool, sign: Sign) -> Released:
    """Freeze and sign a letter that needs no review.

    Raises `NotAllowedError` with every blocker at once; the letter is then as it was.
    """
    cut_drafts(uow, letter_id)
    with uow:
        letter = any_letter(uow, letter_id)
        letter.letter_date = today(uow).isoformat()
        case = load(uow.session, letter_id, now=uow.now(), zone=uow.zone())
        findings = registry.run(snapshot_of(uow.session, case))
        facts = facts_of(
            uow.session,
            case,
            findings,
            acting=uow.actor,
            reauthenticated=passphrase_verified,
            signature_meaning=RELEASED,
        )
        _ensure(uow, case, "release", facts)
        signed = _release(uow, uow.session.get_one(User, uow.actor))
        notice = NOT_ON_SERVER if is_enrolled(uow.session) else ""
        built = build(case, findings, release=signed, notice=notice)
        package = _freeze(uow, letter, built, signed, sign)
        letter.state, letter.released_at = LetterState.RELEASED.value, uow.now()
        uow.record_event(
            "release",
            type_="letter",
            entity_id=letter.id,
            package=built.sha256,
            manifest=built.manifest_sha256,
        )
        changes = uow.commit()
    return Released(package.id, built.sha256, built.manifest_sha256, changes)


def submit(uow: UnitOfWork, letter_id: str, *, reviewer_id: str | None = None) -> Submitted:
    """Send a letter to review, with a work item that names the state it was in."""
    cut_drafts(uow, letter_id)
    with uow:
        letter = any_letter(uow, letter_id)
        case = load(uow.session, letter_id, now=uow.now(), zone=uow.zone())
        findings = registry.run(snapshot_of(uow.session, case))
        facts = facts_of(uow.session, case, findings, acting=uow.actor, snapshot_taken=True)
        _ensure(uow, case, "submit", facts)
        built = build(case, findings)
        item = WorkItem(
            id=uuid7(),
            kind="review",
            title=f"Review {letter.reference}",
            owner_id=reviewer_id,
            due_at=case.inquiry.due_at,
            linked=freeze(
                [{"type": "letter", "id": letter.id}, {"type": "inquiry", "id": letter.inquiry_id}]
            ),
            extra=freeze({"manifest": built.manifest_sha256}),
        )
        put(uow, item)
        letter.state = LetterState.IN_REVIEW.value
        return Submitted(item.id, uow.commit())


def send(uow: UnitOfWork, letter_id: str, method: str, address: str | None = None) -> Changes:
    """Record that the frozen letter goes out to the verified contact, and what it answers."""
    method = vocabulary().check("delivery", method)
    with uow:
        letter = any_letter(uow, letter_id)
        case = load(uow.session, letter_id, now=uow.now(), zone=uow.zone())
        known = address_of(case.contact, method)
        facts = facts_of(uow.session, case, acting=uow.actor)
        equal = facts.recipient_equals_contact and bool(known) and _same(address or known, known)
        facts = replace(facts, recipient_equals_contact=equal)
        step = "resend" if letter.state == LetterState.DELIVERY_FAILED else "send"
        actor = actor_of(uow.session, uow.actor)
        landed = apply(LETTER, Position(letter.state), step, facts, actor)
        put(uow, _attempt(uow, letter, method, address or known, SENT))
        letter.state, letter.sent_at = landed.state, uow.now()
        if case.kind is not LetterKind.INTERIM:
            _answer(uow, case)
        if case.kind is not LetterKind.ANSWER:
            _tell(uow, case)
        _supersede(uow, letter)
        return uow.commit()


def record_failure(uow: UnitOfWork, letter_id: str, reason: str) -> Changes:
    """Record that the last delivery failed, and why."""
    with uow:
        letter = any_letter(uow, letter_id)
        facts = LetterFacts(failure_reason=reason)
        actor = actor_of(uow.session, uow.actor)
        letter.state = apply(LETTER, Position(letter.state), "fail", facts, actor).state
        attempt = _last_attempt(uow, letter.id)
        if attempt is not None:
            attempt.outcome, attempt.reason = FAILED, reason.strip()
        return uow.commit()


def address_of(contact: Contact | None, method: str) -> str:
    """Return where this contact is reached by a method of delivery."""
    if contact is None:
        return ""
    by_method = {"email": contact.email, "mail": contact.address}
    return by_method.get(method, contact.phone)


def _ensure(uow: UnitOfWork, case: LetterCase, step: str, facts: LetterFacts) -> None:
    found = step_blockers(case, step, facts, actor_of(uow.session, uow.actor))
    if found:
        deed = LETTER.transition(step).deed
        raise NotAllowedError(f"This letter cannot {deed} yet. Nothing was changed.", found)


def _release(uow: UnitOfWork, user: User) -> Release:
    return Release(user.id, user.name, user.credentials, uow.now(), uow.zone(), RELEASED)


def _freeze(uow: UnitOfWork, letter: Letter, built: Built, signed: Release, sign: Sign) -> Package:
    package = Package(
        id=uuid7(),
        letter_id=letter.id,
        sha256=built.sha256,
        manifest=built.manifest,
        document=built.document,
        frozen_at=uow.now(),
    )
    name = ", ".join(filter(None, (signed.name, signed.credentials)))
    payload = signing_payload(
        letter_id=letter.id,
        package_sha256=built.sha256,
        user=signed.user,
        name=name,
        meaning=signed.meaning,
        at=signed.at,
        zone=signed.zone,
    )
    signature = Signature(
        id=uuid7(),
        letter_id=letter.id,
        package_id=package.id,
        user_id=signed.user,
        printed_name=name,
        meaning=signed.meaning,
        signed_at=signed.at,
        zone=signed.zone,
        sha256=built.sha256,
        device_id=uow.device,
        device_signature=sign(payload),
    )
    put(uow, package, signature)
    return package


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _attempt(uow: UnitOfWork, letter: Letter, method: str, address: str, outcome: str) -> DeliveryAttempt:
    return DeliveryAttempt(
        id=uuid7(),
        letter_id=letter.id,
        method=method,
        address=address,
        attempted_at=uow.now(),
        outcome=outcome,
    )


def _last_attempt(uow: UnitOfWork, letter_id: str) -> DeliveryAttempt | None:
    query = select(DeliveryAttempt).where(DeliveryAttempt.letter_id == letter_id)
    newest = query.order_by(DeliveryAttempt.attempted_at.desc(), DeliveryAttempt.id.desc())
    return uow.session.scalars(newest.limit(1)).first()


def _answer(uow: UnitOfWork, case: LetterCase) -> None:
    """Say which questions the sent letter answers."""
    answered = {question for block in case.blocks for question in block.row.question_ids}
    ids = [question.id for question in case.questions if question.id in answered]
    response = uow.session.get_one(Response, case.letter.response_id)
    response.question_ids = freeze(ids)
    if ids or case.kind is LetterKind.ANSWER:
        response.answered_at = uow.now()
    for question_id in ids:
        uow.session.get_one(InquiryQuestion, question_id).answered_by = response.id


def _tell(uow: UnitOfWork, case: LetterCase) -> None:
    """Say what the requester knows now, unless it was known: that it arrived, how it stands."""
    names = (ACKNOWLEDGED, INTERIM_AT) if case.kind is LetterKind.INTERIM else (ACKNOWLEDGED,)
    known = extra_of(case.inquiry)
    set_extra(case.inquiry, **{name: uow.now() for name in names if known.get(name) is None})


def _supersede(uow: UnitOfWork, letter: Letter) -> None:
    if letter.amends_id is None:
        return
    older = uow.session.get_one(Letter, letter.amends_id)
    if older.state == LetterState.SUPERSEDED:
        return
    system = Actor(frozenset({Role.SYSTEM}))
    facts = LetterFacts(newer_version_sent=True)
    older.state = apply(LETTER, Position(older.state), "supersede", facts, system).state
