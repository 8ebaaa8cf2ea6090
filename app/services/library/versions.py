"""New versions of documents: planned, drafted, revised, withdrawn, archived, and what their days bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotAllowedError
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.library_forms import SectionForm
from app.models.library_rules import library_rules
from app.models.lifecycle_srd import SrdFacts, SrdState
from app.models.product import Product
from app.models.standard_response import StandardResponse, StandardResponseSection, StandardResponseVersion
from app.services.library.moving import has_begun, make_effective, move, start_of, version_of
from app.services.library.queries import DocumentRow, number_parts, versions_of
from app.services.library.where_used import open_uses
from app.services.workspace.clock import in_zone
from app.services.workspace.unit_of_work import UnitOfWork

_V, _R, _S = StandardResponseVersion, StandardResponse, StandardResponseSection
_WRITABLE = (SrdState.PLANNED, SrdState.DRAFT)
_ON_ITS_WAY = (*_WRITABLE, SrdState.MEDICAL_REVIEW, SrdState.APPROVED)
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a planned document is about, for whom, and what asks for it."""

    code: str
    title: str
    product_id: str
    topic: str
    audience: str
    country: str
    language: str
    source: str
    kind: str = "srd"


def plan(uow: UnitOfWork, wanted: Plan) -> Changes:
    """Put a document on the backlog; raises `NotAllowedError` with everything that is missing."""
    with uow:
        product = uow.session.get(Product, wanted.product_id) if wanted.product_id else None
        response = uow.session.scalars(select(_R).where(_R.code == wanted.code)).first()
        if response is not None or not wanted.code.strip():
            told = f"{wanted.code} is in the library." if response is not None else "The number is missing."
            raise NotAllowedError(f"{told} Nothing was changed.", (f"{told} Choose another number.",))
        response = _R(
            id=uuid7(),
            code=wanted.code,
            kind=wanted.kind,
            title=wanted.title,
            product_id=product.id if product is not None else None,
            topic=wanted.topic,
        )
        uow.session.add(response)
        uow.session.flush()
        version = _V(
            id=uuid7(),
            response_id=response.id,
            number="0.1",
            state="-",
            title=wanted.title,
            audience=wanted.audience,
            country=wanted.country,
            language=wanted.language,
            source=wanted.source,
        )
        facts = SrdFacts(
            topic=wanted.topic,
            product=product.name if product is not None else "",
            audience=wanted.audience,
            region=wanted.country or "all countries",
            origin=wanted.source.strip(),
        )
        move(uow, version, "plan", facts)
        uow.session.add(version)
        return uow.commit()


def begin_draft(uow: UnitOfWork, version_id: str) -> Changes:
    """Turn a planned version into a draft."""
    with uow:
        move(uow, version_of(uow.session, version_id), "draft", SrdFacts())
        return uow.commit()


def revise(uow: UnitOfWork, version_id: str, reason: str) -> Changes:
    """Begin the next version as a copy; the one in force stays usable meanwhile.

    Refused while the next version is being written; once that draft was put away, another may begin.
    """
    uow.reason = reason
    with uow:
        version = version_of(uow.session, version_id)
        begun = revision_of(uow.session, version_id)
        if begun is not None:
            raise NotAllowedError("Nothing was changed.", (already_revised(begun),))
        move(uow, version, "revise", SrdFacts(revision_reason=reason))
        copy_as_draft(uow, version, number=next_draft_number(uow.session, version), source=reason)
        return uow.commit()


def revision_of(session: Session, version_id: str) -> DocumentRow | None:
    """Return the version that is being written to replace this one, or none while nobody revises it."""
    version = version_of(session, version_id)
    if not version.under_revision:
        return None
    code = session.scalar(select(_R.code).where(_R.id == version.response_id)) or ""
    whom = (version.country, version.language, version.audience)
    begun = (
        row
        for row in versions_of(session, code)
        if (row.country, row.language, row.audience) == whom
        and row.state in _ON_ITS_WAY
        and number_parts(row.number) > number_parts(version.number)
    )
    return next(begun, None)


def already_revised(draft: DocumentRow) -> str:
    """Say that a revision is on its way already."""
    state = draft.state.replace("_", " ")
    return f"It is under revision already: version {draft.number} is being written ({state}). Open that one."


def write_draft(
    uow: UnitOfWork, version_id: str, sections: Sequence[SectionForm], *, title: str = ""
) -> Changes:
    """Replace the text of a planned or draft version; a text that left draft never changes."""
    with uow:
        version = version_of(uow.session, version_id)
        if version.state not in _WRITABLE:
            told = f"{version.title} {version.number} is {version.state.replace('_', ' ')}."
            raise NotAllowedError(f"{told} Its text does not change any more.", ("Begin a revision.",))
        stored = list(
            uow.session.scalars(select(_S).where(_S.version_id == version_id).order_by(_S.position))
        )
        for position, form in enumerate(sections):
            if position < len(stored):
                stored[position].heading, stored[position].text = form.heading, form.text
            else:
                uow.session.add(
                    _S(version_id=version_id, position=position, heading=form.heading, text=form.text)
                )
        for section in stored[len(sections) :]:
            uow.session.delete(section)
        version.title = title or version.title
        return uow.commit()


def withdraw(uow: UnitOfWork, version_id: str, reason: str) -> Changes:
    """Take a version out of use for good; it is kept for where it was used."""
    if not reason.strip():
        raise NotAllowedError("Nothing was changed.", ("Say why the version is withdrawn.",))
    uow.reason = reason
    with uow:
        move(uow, version_of(uow.session, version_id), "withdraw", SrdFacts())
        return uow.commit()


def archive(uow: UnitOfWork, version_id: str) -> Changes:
    """Put a version away; refused while a letter being written holds its text."""
    with uow:
        version = version_of(uow.session, version_id)
        move(uow, version, "archive", SrdFacts(open_uses=open_uses(uow.session, version_id)))
        return uow.commit()


def turn_the_day(uow: UnitOfWork) -> Changes:
    """Make effective what begins today, and expire what was due for review and its grace before.

    Safe to repeat; run when the workspace opens and once a day.
    """
    rules = library_rules()
    with uow:
        waiting = select(_V).where(_V.state == SrdState.APPROVED, _V.retired_at.is_(None))
        for version in uow.session.scalars(waiting).all():
            if has_begun(uow, version):
                make_effective(uow, version)
        for version in uow.session.scalars(select(_V).where(_V.state == SrdState.EFFECTIVE)).all():
            # The day itself is still in time, so the grace counts from its end.
            due = start_of(version.review_due, uow.zone())
            late = SrdFacts(
                now_ms=uow.now(),
                review_due_ms=due + _DAY_MS if due is not None else None,
                grace_ms=rules.grace_days * _DAY_MS,
            )
            if due is not None and late.now_ms > due + _DAY_MS + late.grace_ms:
                move(uow, version, "expire", late)
        return uow.commit()


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """A version in force whose periodic review is due soon, late, or has no day at all."""

    version_id: str
    code: str
    number: str
    title: str
    review_due: str
    days_left: int | None
    state: str


def reviews_due(session: Session, now: int, zone: str) -> tuple[ReviewDue, ...]:
    """List what must be reviewed within the warning time, the latest first, then what has no day."""
    rules = library_rules()
    today = in_zone(now, zone).date()
    limit = (today + timedelta(days=rules.warn_days)).isoformat()
    query = (
        select(_V.id, _R.code, _V.number, _V.title, _V.review_due, _V.state)
        .join(_R, _R.id == _V.response_id)
        .where(
            _V.retired_at.is_(None),
            _V.state.in_([SrdState.EFFECTIVE, SrdState.EXPIRED]),
            _V.review_due <= limit,
        )
    )
    found = [
        ReviewDue(
            row.id, row.code, row.number, row.title, row.review_due, _left(row.review_due, today), row.state
        )
        for row in session.execute(query)
    ]
    return tuple(sorted(found, key=lambda each: (not each.review_due, each.review_due, each.code)))


def next_draft_number(session: Session, version: StandardResponseVersion) -> str:
    """Return the next minor number after the newest of a document's line."""
    numbers = session.scalars(
        select(_V.number).where(
            _V.response_id == version.response_id,
            _V.country == version.country,
            _V.language == version.language,
            _V.audience == version.audience,
        )
    )
    newest = max((number_parts(number) for number in numbers), default=(0, 0))
    major, minor = (*newest, 0, 0)[:2]
    return f"{major}.{minor + 1}"


def copy_as_draft(
    uow: UnitOfWork, version: StandardResponseVersion, *, number: str, source: str, **changes: object
) -> StandardResponseVersion:
    """Copy a version with its sections as a draft, inside an open unit of work."""
    kept = ("response_id", "title", "audience", "country", "language", "references", "variant", "parent_id")
    values = {name: getattr(version, name) for name in kept} | changes
    copy = _V(id=uuid7(), number=number, state=SrdState.DRAFT.value, source=source, **values)
    uow.session.add(copy)
    uow.session.flush()
    for section in uow.session.scalars(
        select(_S).where(_S.version_id == version.id).order_by(_S.position)
    ).all():
        uow.session.add(
            _S(
                version_id=copy.id,
                position=section.position,
                heading=section.heading,
                text=section.text,
            )
        )
    uow.session.flush()
    return copy


def _left(day: str, today: date) -> int | None:
    return (date.fromisoformat(day) - today).days if day else None
