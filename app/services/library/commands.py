"""Take documents into the library and move their versions through their lifecycle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.canonical import sha256_hex
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.library_forms import Approval, DocumentForm, Refusal
from app.models.lifecycle import Actor, Position, Role, apply
from app.models.lifecycle_srd import SRD, SrdFacts, SrdState
from app.models.product import Product
from app.models.standard_response import (
    StandardResponse,
    StandardResponseSection,
    StandardResponseVersion,
)
from app.services.jobs import JobContext
from app.services.library.importers import read_documents
from app.services.library.queries import number_parts
from app.services.workspace.unit_of_work import UnitOfWork

_V, _S = StandardResponseVersion, StandardResponseSection


@dataclass(frozen=True, slots=True)
class Imported:
    """One document version that is in the library now, or was before."""

    id: str
    code: str
    number: str
    title: str
    state: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class LibraryImport:
    """What became of every document of a file."""

    imported: tuple[Imported, ...]
    refused: tuple[Refusal, ...]
    changes: Changes


def import_file(
    uow: UnitOfWork, path: Path, *, approval: Approval | None = None, job: JobContext | None = None
) -> LibraryImport:
    """Take in every document of a file; its hash stays with each version.

    Raises `InputRefusedError` when nothing of the file can be read.
    """
    documents = list(read_documents(path))
    source_sha256 = sha256_hex(path.read_bytes())
    return import_documents(uow, documents, source_sha256=source_sha256, approval=approval, job=job)


def import_documents(
    uow: UnitOfWork,
    documents: Iterable[DocumentForm | Refusal],
    *,
    source_sha256: str = "",
    approval: Approval | None = None,
    job: JobContext | None = None,
) -> LibraryImport:
    """Take in each document as a version; a version that is there already is left as it is.

    With an approval given elsewhere the versions become effective, and their
    predecessors superseded; without one they are drafts.
    """
    job = job or JobContext()
    imported: list[Imported] = []
    refused: list[Refusal] = []
    with uow:
        for done, form in enumerate(documents, start=1):
            job.report(done, label="Reading documents")
            if isinstance(form, Refusal):
                refused.append(form)
                continue
            outcome = _take_in(uow, form, source_sha256, approval)
            (imported if isinstance(outcome, Imported) else refused).append(outcome)  # type: ignore[arg-type]  # sorted
        changes = uow.commit()
    return LibraryImport(tuple(imported), tuple(refused), changes)


def _take_in(
    uow: UnitOfWork, form: DocumentForm, source_sha256: str, approval: Approval | None
) -> Imported | Refusal:
    session = uow.session
    response = session.scalars(select(StandardResponse).where(StandardResponse.code == form.code)).first()
    if response is None:
        response = StandardResponse(id=uuid7(), code=form.code, kind=form.kind, title=form.title)
        session.add(response)
    known = _same_version(session, response, form)
    if known is not None:
        return _known(session, known, response, form)
    response.title, response.kind = form.title, form.kind
    response.topic = form.topic or response.topic
    response.product_id = _product(session, form.product) or response.product_id
    session.flush()
    version = _add_version(session, response, form, source_sha256)
    session.flush()
    if approval is not None:
        _adopt(uow, version, approval, source_sha256)
        session.flush()
    return Imported(version.id, response.code, version.number, version.title, version.state)


def _same_version(
    session: Session, response: StandardResponse, form: DocumentForm
) -> StandardResponseVersion | None:
    return session.scalars(
        select(_V).where(
            _V.response_id == response.id,
            _V.number == form.number,
            _V.country == form.country,
            _V.language == form.language,
            _V.audience == form.audience,
        )
    ).first()


def _known(
    session: Session, version: StandardResponseVersion, response: StandardResponse, form: DocumentForm
) -> Imported | Refusal:
    stored = session.execute(
        select(_S.heading, _S.text).where(_S.version_id == version.id).order_by(_S.position)
    ).all()
    if [tuple(row) for row in stored] != [(section.heading, section.text) for section in form.sections]:
        return Refusal(
            form.where or form.code,
            f"{form.code} {form.number} is in the library with another text. It was left as it is. "
            "Give the new text a new version number.",
        )
    return Imported(version.id, response.code, version.number, version.title, version.state, known=True)


def _product(session: Session, name: str) -> str | None:
    if not name:
        return None
    return session.scalar(select(Product.id).where(func.lower(Product.name) == name.lower()))


def _add_version(
    session: Session, response: StandardResponse, form: DocumentForm, source_sha256: str
) -> StandardResponseVersion:
    version = StandardResponseVersion(
        id=uuid7(),
        response_id=response.id,
        number=form.number,
        state=SrdState.DRAFT.value,
        title=form.title,
        audience=form.audience,
        country=form.country,
        language=form.language,
        effective_from=form.effective_from,
        review_due=form.review_due,
        source_sha256=source_sha256,
        references=form.references,
    )
    session.add(version)
    session.flush()
    for position, section in enumerate(form.sections):
        session.add(
            StandardResponseSection(
                version_id=version.id, position=position, heading=section.heading, text=section.text
            )
        )
    return version


def _adopt(uow: UnitOfWork, version: StandardResponseVersion, approval: Approval, source_sha256: str) -> None:
    """Take over an approval given elsewhere; publish when its day has come."""
    version.effective_from = version.effective_from or approval.approved_on
    facts = _facts(uow, version, approval, source_sha256)
    _move(uow, version, "adopt", facts)
    version.approved_by, version.approved_on = approval.approved_by, approval.approved_on
    if facts.effective_from_ms is not None and facts.effective_from_ms <= facts.now_ms:
        _move(uow, version, "publish", facts)
        _supersede_older(uow, version)


def publish(uow: UnitOfWork, version_id: str, approval: Approval) -> Changes:
    """Make a draft effective on an approval given elsewhere."""
    with uow:
        version = _version(uow.session, version_id)
        _adopt(uow, version, approval, version.source_sha256 or "entered by hand")
        return uow.commit()


def hold(uow: UnitOfWork, version_id: str, reason: str) -> Changes:
    """Put a version on hold: nobody can insert it from now on."""
    uow.reason = reason
    with uow:
        version = _version(uow.session, version_id)
        _move(uow, version, "hold", SrdFacts(hold_reason=reason))
        version.hold_reason = reason
        return uow.commit()


def _supersede_older(uow: UnitOfWork, version: StandardResponseVersion) -> None:
    older: Sequence[StandardResponseVersion] = uow.session.scalars(
        select(_V).where(
            _V.response_id == version.response_id,
            _V.id != version.id,
            _V.country == version.country,
            _V.language == version.language,
            _V.audience == version.audience,
            _V.state.in_([SrdState.EFFECTIVE, SrdState.ON_HOLD, SrdState.EXPIRED]),
        )
    ).all()
    for other in older:
        if number_parts(other.number) < number_parts(version.number):
            _move(uow, other, "supersede", SrdFacts(successor_effective=True))


def _move(uow: UnitOfWork, version: StandardResponseVersion, step: str, facts: SrdFacts) -> None:
    actor = Actor(frozenset({Role.LIBRARIAN}), enrolled=False, online=False)
    version.state = apply(SRD, Position(version.state), step, facts, actor).state
    uow.session.flush()


def _facts(
    uow: UnitOfWork, version: StandardResponseVersion, approval: Approval, source_sha256: str
) -> SrdFacts:
    return SrdFacts(
        approved_elsewhere_by=approval.approved_by,
        approved_elsewhere_on=approval.approved_on,
        source_hash=source_sha256,
        now_ms=uow.now(),
        effective_from_ms=_start_of(version.effective_from, uow.zone()),
        # Whoever approved it elsewhere checked it against the label there; labels come with their own issue.
        label_current=True,
    )


def _start_of(day: str, zone: str) -> int | None:
    if not day:
        return None
    begins = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
    return int(begins.astimezone(UTC).timestamp() * 1000)


def _version(session: Session, version_id: str) -> StandardResponseVersion:
    version = session.get(StandardResponseVersion, version_id)
    if version is None:
        raise RecordNotFoundError(version_id)
    return version
