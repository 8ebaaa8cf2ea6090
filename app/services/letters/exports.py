"""Export a letter as a file, which the trail records."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import EnvironmentFaultError, InputRefusedError, NotAllowedError
from app.models.canonical import sha256_hex
from app.models.changes import Changes
from app.models.checks import registry
from app.models.manifest import manifest_hash
from app.services.letters.assembly import Built, build
from app.services.letters.enclosures import enclosed
from app.services.letters.facts import is_unchanged
from app.services.letters.loading import LetterCase, load
from app.services.letters.mail import Attached, MailFacts, build_mail
from app.services.letters.paper import Painter
from app.services.letters.pdf import build_pdf
from app.services.letters.records import any_letter
from app.services.letters.saving import cut_drafts
from app.services.letters.snapshots import snapshot_of
from app.services.letters.word import DRAFT_MARK
from app.services.workspace.blobs import BlobStore
from app.services.workspace.unit_of_work import UnitOfWork

WORD, PDF, MAIL = "docx", "pdf", "eml"
FORMATS = (WORD, PDF, MAIL)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that left the program, with its hash and its manifest."""

    document: bytes
    sha256: str
    manifest: str
    manifest_sha256: str
    is_draft: bool
    file_name: str
    changes: Changes


def export(
    uow: UnitOfWork,
    letter_id: str,
    *,
    to: Path | None = None,
    file_format: str = WORD,
    paint: Painter | None = None,
    blobs: BlobStore | None = None,
) -> Exported:
    """Return a letter as a Word file, a PDF or the draft of a mail, and write it where asked.

    A released letter leaves as its frozen bytes, a draft with a mark on it; PDF and mail are made of the Word
    file, so all three say the same. The trail has the export before the file exists, so that none leaves
    unseen. PDF and mail need `paint`, and `blobs` for the enclosures, which stand behind the letter in the PDF.
    """
    cut_drafts(uow, letter_id)
    ready = _read(uow, letter_id)
    # Painting takes its time: nobody else waits for it.
    document = _in_format(ready, file_format, paint, blobs)
    built, sha256 = ready.built, sha256_hex(document)
    with uow:
        _record(uow, letter_id, file_format, sha256, built.manifest_sha256, is_draft=ready.is_draft)
        changes = uow.commit()
    if to is not None:
        write_file(to, document)
    return Exported(
        document,
        sha256,
        built.manifest,
        built.manifest_sha256,
        ready.is_draft,
        f"{ready.name}.{file_format}",
        changes,
    )


@dataclass(frozen=True, slots=True)
class _Ready:
    """What a letter is exported from, without a live row."""

    name: str
    is_draft: bool
    built: Built
    mail: MailFacts
    enclosures: tuple[tuple[str, str], ...]


def _read(uow: UnitOfWork, letter_id: str) -> _Ready:
    with uow:
        any_letter(uow, letter_id)
        case = load(uow.session, letter_id, now=uow.now(), zone=uow.zone())
        is_draft = case.package is None
        name = f"{case.letter.reference}{'-draft' if is_draft else ''}"
        enclosures = tuple((each.title, each.sha256) for each in case.enclosures)
        return _Ready(name, is_draft, _built(uow, case), _mail_facts(case), enclosures)


def _in_format(ready: _Ready, file_format: str, paint: Painter | None, blobs: BlobStore | None) -> bytes:
    built = ready.built
    if file_format == WORD:
        return built.document
    if file_format not in FORMATS or paint is None:
        raise InputRefusedError(
            f"A letter cannot be written as {file_format}. Nothing was written. "
            f"Choose one of {', '.join(FORMATS)}."
        )
    pdf = build_pdf(built.document, paint, enclosed(ready.enclosures, blobs)).document
    if file_format == PDF:
        return pdf
    return build_mail(built.document, ready.mail, [Attached(f"{ready.name}.{PDF}", pdf)])


def _mail_facts(case: LetterCase) -> MailFacts:
    contact, company = case.contact, case.company
    subject = case.drawing.values.get("inquiry.number") or case.inquiry.number
    draft = f"{DRAFT_MARK}: " if case.package is None else ""
    return MailFacts(
        to_name=" ".join(filter(None, (contact.first_name, contact.last_name))) if contact else "",
        to_address=contact.email if contact else "",
        from_name=str(company.get("name", "")),
        from_address=str(company.get("mi_email", "")),
        subject=f"{draft}Your inquiry {subject}",
        language=case.letter.language,
    )


def record_export(uow: UnitOfWork, letter_id: str, *, file_format: str, document: bytes) -> Changes:
    """Record in the trail that another form of a letter leaves: a PDF, a mail, a print."""
    with uow:
        letter = any_letter(uow, letter_id)
        case = load(uow.session, letter_id, now=uow.now(), zone=uow.zone())
        manifest = manifest_hash(case.package.manifest) if case.package else ""
        is_draft = case.package is None
        _record(uow, letter.id, file_format, sha256_hex(document), manifest, is_draft=is_draft)
        return uow.commit()


def write_file(target: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".midesk-", delete=False) as aside:
            aside.write(content)
        Path(aside.name).replace(target)
    except OSError as exc:
        with suppress(OSError, UnboundLocalError):
            Path(aside.name).unlink(missing_ok=True)
        raise EnvironmentFaultError(
            f"{target.name} could not be written ({exc.strerror}). The letter is unchanged. "
            "Choose another folder, or close the file where it is open."
        ) from exc


def _built(uow: UnitOfWork, case: LetterCase) -> Built:
    package = case.package
    if package is None:
        return build(case, registry.run(snapshot_of(uow.session, case)))
    if not is_unchanged(case):
        raise NotAllowedError(
            "The frozen letter differs from what was signed. Nothing was exported. Check the audit trail."
        )
    return Built(package.document, package.sha256, package.manifest, manifest_hash(package.manifest))


def _record(
    uow: UnitOfWork, letter_id: str, file_format: str, sha256: str, manifest: str, *, is_draft: bool
) -> None:
    uow.record_event(
        "export",
        type_="letter",
        entity_id=letter_id,
        format=file_format,
        sha256=sha256,
        manifest=manifest,
        draft=is_draft,
    )
