"""Take documents into the library and move their versions through their lifecycle."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.canonical import sha256_hex
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.library_forms import Approval, DocumentForm, Listed, Refusal, Understood
from app.models.lifecycle_srd import SrdFacts, SrdState
from app.models.product import Product
from app.models.standard_response import (
    StandardResponse,
    StandardResponseSection,
    StandardResponseVersion,
)
from app.services.jobs import JobContext
from app.services.library.importers import read_documents
from app.services.library.moving import adopt, move, version_of
from app.services.workspace.unit_of_work import UnitOfWork

_V, _S = StandardResponseVersion, StandardResponseSection


@dataclass(frozen=True, slots=True)
class Imported:
    """One document version that is in the library now, or was before.

    `understood` counts what of its file the text holds, `listed` names what it does not; `note` says
    what is left to do by hand.
    """

    id: str
    code: str
    number: str
    title: str
    state: str
    known: bool = False
    kind: str = "srd"
    understood: tuple[Understood, ...] = ()
    listed: tuple[Listed, ...] = ()
    note: str = ""


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
        adopt(uow, version, approval, source_sha256)
        session.flush()
    return Imported(
        version.id,
        response.code,
        version.number,
        version.title,
        version.state,
        kind=response.kind,
        understood=form.understood,
        listed=form.listed,
    )


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
    return Imported(
        version.id,
        response.code,
        version.number,
        version.title,
        version.state,
        known=True,
        kind=response.kind,
    )


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
        extra=_provenance(form),
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


def _provenance(form: DocumentForm) -> dict[str, Any]:
    """Return what the file held that the sections do not, kept with the version."""
    if not form.listed and not form.where:
        return {}
    listed = [{"kind": each.kind, "text": each.text} for each in form.listed]
    return {"imported": {"file": form.where, "listed": listed}}


def publish(uow: UnitOfWork, version_id: str, approval: Approval) -> Changes:
    """Make a draft effective on an approval given elsewhere."""
    with uow:
        version = version_of(uow.session, version_id)
        adopt(uow, version, approval, version.source_sha256 or "entered by hand")
        return uow.commit()


def hold(uow: UnitOfWork, version_id: str, reason: str) -> Changes:
    """Put a version on hold: nobody can insert it from now on."""
    uow.reason = reason
    with uow:
        version = version_of(uow.session, version_id)
        move(uow, version, "hold", SrdFacts(hold_reason=reason))
        version.hold_reason = reason
        return uow.commit()
