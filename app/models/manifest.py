"""The manifest of a letter: what it is made of, what was checked, who released it."""

import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from app.models.canonical import canonical_json, sha256_hex
from app.models.checks.findings import Finding, Severity
from app.models.normal import NORMAL_VERSION, content_hash

FORMAT = 1
NAMESPACE = "urn:midesk:letter:1"
CODE_LENGTH = 16

_PART = re.compile(r"customXml/item\d+\.xml")
_MARK = re.compile(rb"<(?:\w+:)?midesk\b[^>]*>")
_ATTRIBUTE = re.compile(rb'(letter|edition|manifest)="([^"]*)"')
_MAX_PART = 4096


@dataclass(frozen=True, slots=True)
class ManifestBlock:
    """One block as it went into the letter."""

    id: str
    kind: str
    text: str
    origins: Sequence[Mapping[str, Any]]
    state: str
    question_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class ManifestEnclosure:
    """One document that goes with the letter."""

    title: str
    kind: str
    sha256: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class Release:
    """Who released the letter, when, and what the signature means."""

    user: str
    name: str
    credentials: str
    at: int
    zone: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ManifestLetter:
    """The letter and the template it was made with."""

    id: str
    reference: str
    edition: int
    inquiry: str
    language: str
    letter_date: str
    template: str
    template_number: str
    template_sha256: str


@dataclass(frozen=True, slots=True)
class ManifestReference:
    """One numbered reference as it is printed."""

    number: int
    text: str
    runs: Sequence[Mapping[str, Any]]


def manifest_of(
    letter: ManifestLetter,
    *,
    blocks: Sequence[ManifestBlock],
    enclosures: Sequence[ManifestEnclosure],
    references: Sequence[ManifestReference],
    fields: Mapping[str, str | None],
    rules: Sequence[str],
    findings: Sequence[Finding],
    program: str,
    release: Release | None,
) -> dict[str, Any]:
    """Build the manifest; without a release it is that of a draft."""
    return {
        "format": FORMAT,
        "normal": NORMAL_VERSION,
        "program": program,
        "letter": asdict(letter),
        "blocks": [_block(block) for block in blocks],
        "enclosures": [asdict(enclosure) for enclosure in enclosures],
        "references": [asdict(reference) for reference in references],
        "fields": dict(fields),
        "checks": {
            "rules": list(rules),
            "findings": [_finding(finding) for finding in findings],
            "blocking": sum(finding.severity is Severity.BLOCK for finding in findings),
        },
        "release": asdict(release) if release else None,
    }


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """Return the one text form of a manifest."""
    return canonical_json(manifest).decode()


def manifest_hash(manifest: Mapping[str, Any] | str) -> str:
    """Return the SHA-256 of a manifest in hex."""
    text = manifest if isinstance(manifest, str) else manifest_text(manifest)
    return sha256_hex(text.encode())


def footer_code(sha256: str) -> str:
    """Return what the footer of the letter prints of a manifest's hash."""
    return sha256[:CODE_LENGTH]


def part_of(letter_id: str, edition: int, sha256: str) -> bytes:
    """Return the XML part by which a Word file is known again."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<midesk xmlns="{NAMESPACE}" letter="{letter_id}" edition="{edition}" manifest="{sha256}"/>'
    ).encode()


def signing_payload(
    *, letter_id: str, package_sha256: str, user: str, name: str, meaning: str, at: int, zone: str
) -> bytes:
    """Return the bytes that a device signs, so that a signature cannot be moved to another record."""
    return canonical_json(
        {
            "at": at,
            "letter": letter_id,
            "meaning": meaning,
            "name": name,
            "package": package_sha256,
            "user": user,
            "zone": zone,
        }
    )


def verify_manifest(document: bytes, manifest: str) -> tuple[str, ...]:
    """List what is wrong between a Word file and its manifest; nothing if they belong together."""
    try:
        content = json.loads(manifest)
        if manifest_text(content) != manifest:
            return ("The manifest is not in its canonical form.",)
        found = marks_of(document)
        problems = [*_mark_problems(found, content, manifest), *_block_problems(content)]
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return ("The document or its manifest cannot be read.",)
    return tuple(problems)


def marks_of(document: bytes) -> dict[str, str]:
    """Read letter id, edition and manifest hash from a Word file; empty if it is none of ours."""
    with zipfile.ZipFile(BytesIO(document)) as archive:
        for part in archive.infolist():
            if _PART.fullmatch(part.filename) and part.file_size <= _MAX_PART:
                content = archive.read(part)
                mark = _MARK.search(content)
                if mark and NAMESPACE.encode() in content:
                    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(mark.group())}
    return {}


def _mark_problems(found: Mapping[str, str], content: Mapping[str, Any], manifest: str) -> list[str]:
    if not found:
        return ["The document carries no mark of this program."]
    letter, problems = content["letter"], []
    if found.get("letter") != letter["id"] or found.get("edition") != str(letter["edition"]):
        problems.append("The document belongs to another letter or edition.")
    if found.get("manifest") != manifest_hash(manifest):
        problems.append("The manifest differs from the one that the document names.")
    return problems


def _block_problems(content: Mapping[str, Any]) -> list[str]:
    if content["normal"] != NORMAL_VERSION:
        return []
    return [
        f"The text of block {block['id']} differs from its hash."
        for block in content["blocks"]
        if content_hash(block["text"]) != block["sha256"]
    ]


def _block(block: ManifestBlock) -> dict[str, Any]:
    return {**asdict(block), "sha256": content_hash(block.text)}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "where": finding.where,
        "message": finding.message,
    }
