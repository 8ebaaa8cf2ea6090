"""Variants of a document for a country, a region or a language, and which of them fits whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.errors import NotAllowedError
from app.models.audit import JournalRow, JournalValue
from app.models.base import freeze
from app.models.changes import Changes
from app.models.library_rules import library_rules
from app.models.lifecycle import Role, needed
from app.models.lifecycle_srd import SrdState
from app.models.normal import content_hash
from app.models.people import User
from app.models.standard_response import StandardResponseSection, StandardResponseVersion
from app.services.library.moving import version_of
from app.services.library.queries import DocumentRow, ForWhom, obstacle, versions_of
from app.services.library.versions import copy_as_draft
from app.services.work.desk import actor_of
from app.services.workspace.unit_of_work import UnitOfWork

_V, _S = StandardResponseVersion, StandardResponseSection
CORE, REGIONAL, LOCAL = "core", "regional", "country"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A section in which a variant differs from its parent; without a reason it is open."""

    heading: str
    reason: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a version and how it stands to it."""

    version_id: str
    number: str
    state: str
    variant: str
    country: str
    language: str
    audience: str
    needs_assessment: bool
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class ExportDecision:
    """One decision whether a text may go abroad; `at` in UTC milliseconds."""

    at: int
    by: str
    is_exportable: bool
    reason: str


def make_variant(
    uow: UnitOfWork, parent_id: str, *, country: str, language: str, audience: str = ""
) -> Changes:
    """Begin a variant as a draft copy; what is changed in it later is a deviation with a reason."""
    with uow:
        parent = version_of(uow.session, parent_id)
        audience = audience or parent.audience
        if (country, language, audience) == (parent.country, parent.language, parent.audience):
            told = "A variant needs another country, language or audience."
            raise NotAllowedError(f"{told} Nothing was changed.", (told,))
        taken = uow.session.scalars(
            select(_V.number).where(
                _V.response_id == parent.response_id,
                _V.country == country,
                _V.language == language,
                _V.audience == audience,
            )
        ).first()
        if taken is not None:
            told = f"There is a version for it already ({taken}). Revise that one."
            raise NotAllowedError(f"{told} Nothing was changed.", (told,))
        kind = CORE if not country else REGIONAL if country in library_rules().regions else LOCAL
        copy_as_draft(
            uow,
            parent,
            number="0.1",
            source=f"variant of {parent.number}",
            country=country,
            language=language,
            audience=audience,
            variant=kind,
            parent_id=parent.id,
        )
        return uow.commit()


def explain_deviation(uow: UnitOfWork, version_id: str, heading: str, reason: str) -> Changes:
    """Say why a section of a variant differs from its parent."""
    if not reason.strip():
        raise NotAllowedError("Nothing was changed.", ("Say why the section differs.",))
    with uow:
        version = version_of(uow.session, version_id)
        kept = {each["heading"]: each["reason"] for each in version.deviations or ()}
        kept[heading] = reason.strip()
        version.deviations = freeze([{"heading": key, "reason": why} for key, why in kept.items()])
        return uow.commit()


def assess(uow: UnitOfWork, version_id: str, parent_id: str, reason: str) -> Changes:
    """Record that a variant was held against its parent's new version, and what came of it."""
    if not reason.strip():
        raise NotAllowedError("Nothing was changed.", ("Say what the assessment found.",))
    uow.reason = reason
    with uow:
        version = version_of(uow.session, version_id)
        parent = version_of(uow.session, parent_id)
        if parent.response_id != version.response_id or parent.id == version.id:
            told = "The parent must be a version of the same document."
            raise NotAllowedError(f"{told} Nothing was changed.", (told,))
        version.parent_id, version.needs_assessment = parent.id, False
        return uow.commit()


def set_exportable(uow: UnitOfWork, version_id: str, *, is_exportable: bool, reason: str) -> Changes:
    """Say whether a core text may go to countries that have none of their own.

    Refused with every blocker: without a reason, for a text of one country, and to whoever keeps no library.
    """
    uow.reason = reason.strip()
    with uow:
        actor, version = actor_of(uow.session, uow.actor), version_of(uow.session, version_id)
        is_so = version.exportable is not False
        found = needed(
            (
                Role.LIBRARIAN in actor.effective_roles,
                "Only a librarian may decide this, and that is not among your roles. Ask one.",
            ),
            (not version.country, f"It is a text for {version.country}. Only a core text can be cleared."),
            (is_so != is_exportable, f"It is {'' if is_so else 'not '}cleared for use abroad already."),
            (bool(uow.reason), "Say why, so that others can follow the decision."),
        )
        if found:
            raise NotAllowedError(f"Nothing was changed. {' '.join(found)}", found)
        version.exportable = is_exportable
        return uow.commit()


def export_decisions(session: Session, version_id: str) -> tuple[ExportDecision, ...]:
    """List who cleared or closed a text for use abroad, when and why, the newest first."""
    reason = aliased(JournalValue)
    query = (
        select(JournalRow.at, JournalValue.new, reason.new.label("reason"), User.name)
        .join(JournalValue, JournalValue.n == JournalRow.n)
        .outerjoin(reason, (reason.n == JournalRow.n) & (reason.field == "@reason"))
        .outerjoin(User, User.id == JournalRow.actor)
        .where(JournalRow.entity_id == version_id, JournalValue.field == "exportable")
        .order_by(JournalRow.n.desc())
    )
    return tuple(
        ExportDecision(row.at, row.name or "", bool(row.new), str(row.reason or ""))
        for row in session.execute(query)
        # A version is made without a decision.
        if row.new is not None
    )


def variants_of(session: Session, version_id: str) -> tuple[Variant, ...]:
    """List the variants of a version, each with its deviations."""
    children = session.scalars(
        select(_V)
        .where(_V.parent_id == version_id, _V.retired_at.is_(None))
        .order_by(_V.country, _V.language)
    )
    return tuple(
        Variant(
            version_id=child.id,
            number=child.number,
            state=child.state,
            variant=child.variant or CORE,
            country=child.country,
            language=child.language,
            audience=child.audience,
            needs_assessment=bool(child.needs_assessment),
            deviations=deviations_of(session, child.id),
        )
        for child in children.all()
    )


def deviations_of(session: Session, version_id: str) -> tuple[Deviation, ...]:
    """Compare a variant with its parent, section by section; an equal section is none."""
    version = version_of(session, version_id)
    if version.parent_id is None:
        return ()
    own, parents = _texts(session, version.id), _texts(session, version.parent_id)
    why = {each["heading"]: each["reason"] for each in version.deviations or ()}
    headings = dict.fromkeys((*own, *parents))
    return tuple(
        Deviation(heading, why.get(heading, ""))
        for heading in headings
        if own.get(heading) != parents.get(heading)
    )


def fitting(session: Session, code: str, whom: ForWhom) -> DocumentRow | None:
    """Return the version to use for somebody: their country's, else their region's, else an exportable core."""
    rows = [row for row in versions_of(session, code) if row.state == SrdState.EFFECTIVE]
    closed = _not_exportable(session, rows)
    order = [whom.country, library_rules().region_of(whom.country), ""]
    for country in dict.fromkeys(order):
        for row in rows:
            if row.country == country and (country or row.id not in closed) and not obstacle(row, whom):
                return row
    return None


def _not_exportable(session: Session, rows: Iterable[DocumentRow]) -> frozenset[str]:
    ids = [row.id for row in rows]
    return frozenset(session.scalars(select(_V.id).where(_V.id.in_(ids), _V.exportable.is_(False))))


def _texts(session: Session, version_id: str) -> dict[str, str]:
    query = select(_S.heading, _S.text).where(_S.version_id == version_id).order_by(_S.position)
    return {row.heading: content_hash(row.text) for row in session.execute(query)}
