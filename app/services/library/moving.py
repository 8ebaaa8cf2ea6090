"""Steps of a version through its lifecycle, shared by all commands of the library."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.library_forms import Approval
from app.models.lifecycle import Actor, Position, Role, apply
from app.models.lifecycle_srd import SRD, UNDER_REVISION, SrdFacts, SrdState
from app.models.standard_response import StandardResponseVersion
from app.services.library.queries import number_parts
from app.services.workspace.unit_of_work import UnitOfWork

_V = StandardResponseVersion
_IN_FORCE: Final = (SrdState.EFFECTIVE, SrdState.ON_HOLD, SrdState.EXPIRED)
# Before a server knows the roles of people, the one user keeps the library; a timer acts for the system.
_LONE: Final = Actor(frozenset({Role.LIBRARIAN, Role.SYSTEM}), enrolled=False, online=False)


def version_of(session: Session, version_id: str) -> StandardResponseVersion:
    """Return a version; raises `RecordNotFoundError`."""
    version = session.get(StandardResponseVersion, version_id)
    if version is None:
        raise RecordNotFoundError(version_id)
    return version


def position_of(version: StandardResponseVersion) -> Position:
    """Return where a version stands, with its overlay."""
    return Position(version.state, frozenset({UNDER_REVISION} if version.under_revision else ()))


def move(uow: UnitOfWork, version: StandardResponseVersion, step: str, facts: SrdFacts) -> None:
    """Take one step inside an open unit of work, or refuse it with every blocker."""
    landed = apply(SRD, position_of(version), step, facts, _LONE)
    version.state = landed.state
    if version.under_revision or landed.overlays:
        version.under_revision = UNDER_REVISION in landed.overlays
    uow.session.flush()


def adopt(uow: UnitOfWork, version: StandardResponseVersion, approval: Approval, source_sha256: str) -> None:
    """Take over an approval given elsewhere; publish when its day has come."""
    version.effective_from = version.effective_from or approval.approved_on
    move(uow, version, "adopt", _facts(uow, version, approval, source_sha256))
    version.approved_by, version.approved_on = approval.approved_by, approval.approved_on
    if has_begun(uow, version):
        make_effective(uow, version)


def make_effective(uow: UnitOfWork, version: StandardResponseVersion) -> None:
    """Publish an approved version, end its predecessors, and ask their variants to be looked at."""
    move(uow, version, "publish", _facts(uow, version, None, version.source_sha256))
    for other in uow.session.scalars(
        select(_V).where(
            _V.response_id == version.response_id,
            _V.id != version.id,
            _V.country == version.country,
            _V.language == version.language,
            _V.audience == version.audience,
            _V.state.in_(_IN_FORCE),
        )
    ):
        if number_parts(other.number) < number_parts(version.number):
            move(uow, other, "supersede", SrdFacts(successor_effective=True))
            _ask_variants(uow, other)


def has_begun(uow: UnitOfWork, version: StandardResponseVersion) -> bool:
    """Tell whether the day from which a version is effective has come."""
    begins = start_of(version.effective_from, uow.zone())
    return begins is not None and begins <= uow.now()


def start_of(day: str, zone: str) -> int | None:
    """Return the first millisecond of a day in a zone; None without a day."""
    if not day:
        return None
    begins = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
    return int(begins.astimezone(UTC).timestamp() * 1000)


def _ask_variants(uow: UnitOfWork, parent: StandardResponseVersion) -> None:
    children = select(_V).where(
        _V.parent_id == parent.id,
        _V.retired_at.is_(None),
        _V.state.not_in([SrdState.SUPERSEDED, SrdState.WITHDRAWN, SrdState.ARCHIVED]),
    )
    for child in uow.session.scalars(children):
        child.needs_assessment = True


def _facts(
    uow: UnitOfWork, version: StandardResponseVersion, approval: Approval | None, source_sha256: str
) -> SrdFacts:
    return SrdFacts(
        approved_elsewhere_by=approval.approved_by if approval else "",
        approved_elsewhere_on=approval.approved_on if approval else "",
        source_hash=source_sha256,
        now_ms=uow.now(),
        effective_from_ms=start_of(version.effective_from, uow.zone()),
        # Whoever approved it elsewhere checked it against the label there.
        label_current=True,
    )
