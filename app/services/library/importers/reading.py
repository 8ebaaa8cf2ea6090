"""Read a library file of any kind: in this process where it is plain text, else in the child."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from app.errors import InputRefusedError
from app.models.canonical import sha256_hex
from app.models.library_forms import (
    DocumentForm,
    LabelForm,
    LabelSectionForm,
    Listed,
    Refusal,
    Understood,
)
from app.models.markup import parse, render
from app.services.jobs import JobContext
from app.services.library.importers.structured import document_from_record, read_documents
from app.services.library.parsing.limits import FILE_BYTES
from app.services.library.parsing.parent import read_in_child

SUFFIXES: Final = (".docx", ".md", ".json", ".jsonl", ".xml")
_CHILD_KINDS: Final = {".docx": "word", ".xml": "spl"}
_LABEL_JSON: Final = re.compile(rb'"(?:spl_)?set_id"\s*:|"results"\s*:')
_SECTION_TEXT: Final = 1_000_000
_HEADING: Final = 300
_DEEPEST: Final = 40
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a file holds, checked: documents, labels, and what was refused of it."""

    sha256: str
    documents: tuple[DocumentForm, ...] = ()
    labels: tuple[LabelForm, ...] = ()
    refused: tuple[Refusal, ...] = ()


def read_file(path: Path, *, product: str = "", job: JobContext | None = None) -> FileReading:
    """Read one file whole; `product` is the medicine of documents that name none.

    Raises `InputRefusedError` when nothing of the file can be read, and `JobCancelledError` on cancel.
    """
    suffix = path.suffix.lower()
    kind = _CHILD_KINDS.get(suffix, "")
    if not kind and suffix == ".json" and _looks_like_labels(path):
        kind = "label_json"
    if kind:
        return _from_child(path, read_in_child(path, kind, job), product)
    if suffix not in SUFFIXES:
        raise InputRefusedError(
            f"{path.name} is not a library file. Nothing was taken in. "
            f"Choose a {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]} file."
        )
    read = list(read_documents(path))
    forms = [form for form in read if isinstance(form, DocumentForm)]
    return FileReading(
        sha256_hex(path.read_bytes()),
        tuple(replace(form, product=form.product or product) for form in forms),
        refused=tuple(form for form in read if isinstance(form, Refusal)),
    )


def _looks_like_labels(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > FILE_BYTES:
            return False
        content = path.read_bytes()
    except OSError:
        return False
    return _LABEL_JSON.search(content) is not None and b'"sections"' not in content


def _from_child(path: Path, read: Mapping[str, Any], product: str) -> FileReading:
    """Check what the child gave back: it read a foreign file, so it is believed in nothing."""
    sha256 = _words(read.get("sha256"), 64)
    documents: list[DocumentForm] = []
    labels: list[LabelForm] = []
    refused = [
        Refusal(f"{path.name}, {_words(each.get('where'), 80)}", _words(each.get("reason"), 500))
        for each in _mappings(read.get("refused"))
    ]
    for record in _mappings(read.get("documents")):
        form = document_from_record({**record, "product": product}, keep_headings=True)
        documents.append(
            replace(form, where=path.name, understood=_understood(record), listed=_listed(record))
        )
    for number, record in enumerate(_mappings(read.get("labels")), start=1):
        try:
            labels.append(_label(record, path.name, sha256))
        except InputRefusedError as exc:
            refused.append(Refusal(f"{path.name}, label {number}", str(exc)))
    return FileReading(sha256, tuple(documents), tuple(labels), tuple(refused))


def _label(record: Mapping[str, Any], where: str, sha256: str) -> LabelForm:
    set_id, number = _words(record.get("set_id"), 81), _words(record.get("number"), 21)
    day = _words(record.get("effective_from"), 10)
    if not set_id or len(set_id) > 80 or len(number) > 20:
        raise InputRefusedError("Its set id or version number is not one of a label.")
    sections = tuple(map(_label_section, _mappings(record.get("sections"))))
    if not any(section.text for section in sections):
        raise InputRefusedError("It holds no section with text.")
    return LabelForm(
        set_id=set_id,
        kind=_words(record.get("kind"), 12) or "label",
        title=_words(record.get("title"), _HEADING) or set_id,
        sections=sections,
        document_id=_words(record.get("document_id"), 80),
        number=number,
        effective_from=day if _DAY.fullmatch(day) else "",
        region=_words(record.get("region"), 2),
        language=_words(record.get("language"), 10) or "en",
        source=_words(record.get("source"), 40),
        source_sha256=_words(record.get("sha256"), 64) or sha256,
        names=_names(record, "names"),
        substances=_names(record, "substances"),
        codes=_names(record, "codes"),
        where=where,
        understood=_understood(record),
        listed=_listed(record),
    )


def _label_section(record: Mapping[str, Any]) -> LabelSectionForm:
    heading, text = _words(record.get("heading"), _SECTION_TEXT), record.get("text")
    text = render(parse(text)) if isinstance(text, str) else ""
    if len(text) > _SECTION_TEXT:
        raise InputRefusedError("A section is longer than a million characters.")
    if len(heading) > _HEADING:
        # Nothing of it is lost: what does not fit a heading stands at the head of the text.
        text = "\n\n".join(filter(None, (render(parse(heading)), text)))
        heading = heading[: _HEADING - 1] + "\u2026"
    depth = record.get("depth")
    depth = depth if isinstance(depth, int) and 1 <= depth <= _DEEPEST else 1
    return LabelSectionForm(_words(record.get("code"), 12), depth, heading, text)


def _understood(record: Mapping[str, Any]) -> tuple[Understood, ...]:
    counts = record.get("understood")
    counts = counts if isinstance(counts, Mapping) else {}
    return tuple(
        Understood(_words(what, 40), count)
        for what, count in counts.items()
        if isinstance(count, int) and count
    )


def _listed(record: Mapping[str, Any]) -> tuple[Listed, ...]:
    return tuple(
        Listed(_words(each.get("kind"), 80), _words(each.get("text"), 400))
        for each in _mappings(record.get("listed"))
    )


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _names(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name)
    found = [_words(each, 300) for each in value] if isinstance(value, list) else []
    return tuple(dict.fromkeys(filter(None, found)))


def _words(value: Any, limit: int) -> str:
    return " ".join(value.replace("\x00", "").split())[:limit] if isinstance(value, str) else ""
