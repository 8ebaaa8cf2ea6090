"""Export a letter as a file, which the trail records."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import EnvironmentFaultError, NotAllowedError
from app.models.canonical import sha256_hex
from app.models.changes import Changes
from app.models.checks import registry
from app.models.manifest import manifest_hash
from app.services.letters.assembly import Built, build
from app.services.letters.facts import is_unchanged
from app.services.letters.loading import LetterCase, load
from app.services.letters.records import any_letter
from app.services.letters.saving import cut_drafts
from app.services.letters.snapshots import snapshot_of
from app.services.workspace.unit_of_work import UnitOfWork

WORD = "docx"


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


def export(uow: UnitOfWork, letter_id: str, *, to: Path | None = None) -> Exported:
    """Return the Word file of a letter, and write it where asked.

    A released letter leaves as its frozen bytes, a draft with a mark on it. The trail has the export
    before the file exists, so that none leaves unseen.
    """
    cut_drafts(uow, letter_id)
    with uow:
        letter = any_letter(uow, letter_id)
        case = load(uow.session, letter_id, now=uow.now(), zone=uow.zone())
        is_draft = case.package is None
        built = _built(uow, case)
        _record(uow, letter.id, WORD, built.sha256, built.manifest_sha256, is_draft=is_draft)
        name = f"{letter.reference}{'-draft' if is_draft else ''}.{WORD}"
        changes = uow.commit()
    if to is not None:
        write_file(to, built.document)
    return Exported(
        built.document, built.sha256, built.manifest, built.manifest_sha256, is_draft, name, changes
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
