"""Put a loaded letter together: its manifest, and the content of its Word file."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from app import __version__
from app.errors import NotAllowedError
from app.models.canonical import sha256_hex
from app.models.checks import registry
from app.models.checks.findings import Finding
from app.models.letter_origins import origins_json, template_slot
from app.models.letter_references import Line, reference_lines
from app.models.manifest import (
    ManifestBlock,
    ManifestEnclosure,
    ManifestLetter,
    ManifestReference,
    Release,
    manifest_hash,
    manifest_of,
    manifest_text,
)
from app.models.reference_runs import plain_runs
from app.services.letters.loading import LetterCase
from app.services.letters.word import LetterContent, LetterPart, build_docx
from app.services.workspace.clock import in_zone

NOT_ON_SERVER = "Not yet on server"


@dataclass(frozen=True, slots=True)
class Built:
    """The Word file of a letter with its manifest."""

    document: bytes
    sha256: str
    manifest: str
    manifest_sha256: str


def build(
    case: LetterCase, findings: Sequence[Finding], *, release: Release | None = None, notice: str = ""
) -> Built:
    """Build manifest and Word file; without a release both are those of a draft.

    The manifest comes first: its hash is printed in the file.
    """
    if case.template is None:
        raise NotAllowedError(
            f"The letter template {case.letter.template} is not in this workspace. Nothing was written."
        )
    lines = reference_lines(case.numbering, case.references)
    manifest = _manifest(case, findings, lines, release)
    sha256 = manifest_hash(manifest)
    document = build_docx(_content(case, lines, sha256, release, notice), case.template.document)
    return Built(document, sha256_hex(document), manifest_text(manifest), sha256)


def _manifest(
    case: LetterCase, findings: Sequence[Finding], lines: Sequence[Line], release: Release | None
) -> dict[str, Any]:
    letter, template = case.letter, case.template
    return manifest_of(
        ManifestLetter(
            id=letter.id,
            reference=letter.reference,
            edition=letter.edition,
            inquiry=case.inquiry.number,
            language=letter.language,
            letter_date=letter.letter_date,
            template=letter.template,
            template_number=letter.template_version,
            template_sha256=sha256_hex(template.document) if template else "",
        ),
        blocks=[
            ManifestBlock(
                block.id,
                block.kind.value,
                block.text,
                origins_json(block.origins),
                block.state.value,
                list(block.row.question_ids),
            )
            for block in case.blocks
        ],
        enclosures=[ManifestEnclosure(e.title, e.kind, e.sha256, e.pages) for e in case.enclosures],
        references=[
            ManifestReference(line.number, plain_runs(line.runs), [asdict(run) for run in line.runs])
            for line in lines
        ],
        fields=case.drawing.values,
        rules=registry.ran_rules(),
        findings=findings,
        program=__version__,
        release=release,
    )


def _content(
    case: LetterCase, lines: Sequence[Line], sha256: str, release: Release | None, notice: str
) -> LetterContent:
    letter = case.letter
    return LetterContent(
        id=letter.id,
        reference=letter.reference,
        edition=letter.edition,
        title=f"Medical information response {letter.reference}",
        company=str(case.company.get("name", "")),
        language=letter.language,
        dated=_dated(letter.letter_date, release),
        parts=tuple(
            LetterPart(
                block.id,
                block.kind,
                slot.slot if (slot := template_slot(block.origins)) else "",
                block.text,
                block.origins,
            )
            for block in case.blocks
        ),
        references=tuple(line.runs for line in lines),
        drawing=case.drawing,
        manifest_sha256=sha256,
        is_draft=release is None,
        notice=notice,
        signed=_signed(release) if release else (),
    )


def _signed(release: Release) -> tuple[str, ...]:
    """Write name, time with zone and meaning, which every copy of a signed record shows."""
    name = ", ".join(filter(None, (release.name, release.credentials)))
    at = in_zone(release.at, release.zone)
    return (
        f"Signed electronically by {name}",
        f"{at.day} {at:%B %Y %H:%M} {release.zone} ({at:%z}) · Meaning: {release.meaning}",
    )


def _dated(letter_date: str, release: Release | None) -> datetime:
    if release is not None:
        return datetime.fromtimestamp(release.at // 1000, UTC)
    day = date.fromisoformat(letter_date) if letter_date else date(2026, 1, 1)
    return datetime.combine(day, time(), UTC)
