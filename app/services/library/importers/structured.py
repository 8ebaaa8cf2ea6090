"""Read SRDs and FAQs from JSON, JSON lines and Markdown files."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from app.errors import InputRefusedError
from app.models.csl_clean import UnusableRecordError, clean_csl
from app.models.library_forms import DocumentForm, Refusal, SectionForm
from app.models.markup import citations, parse, render

MAX_FILE_BYTES: Final = 25 * 1024 * 1024
_KINDS: Final = ("srd", "faq")
_AUDIENCES: Final = ("hcp", "patient")
_NUMBER: Final = re.compile(r"\d{1,4}(\.\d{1,4}){0,2}")
_FRONT_LINE: Final = re.compile(r"([a-z_]+)\s*:\s*(.*)")


def read_documents(path: Path) -> Iterator[DocumentForm | Refusal]:
    """Yield each document of a file, or why it was refused.

    Raises `InputRefusedError` when nothing of the file can be read.
    """
    suffix = path.suffix.lower()
    content = _content(path)
    if suffix == ".md":
        yield _guarded(path.name, lambda: _from_markdown(content, path.stem))
    elif suffix == ".jsonl":
        # A JSON text may hold the other separators at which splitlines would cut it.
        for number, line in enumerate(content.split("\n"), start=1):
            if line.strip():
                where = f"{path.name}, line {number}"
                yield _guarded(where, lambda line=line: document_from_record(_json(line)))
    elif suffix == ".json":
        records = _json_file(content, path)
        for index, record in enumerate(records if isinstance(records, list) else [records], start=1):
            where = path.name if not isinstance(records, list) else f"{path.name}, document {index}"
            yield _guarded(where, lambda record=record: document_from_record(record))
    else:
        raise InputRefusedError(
            f"{path.name} is not a library file. Nothing was taken in. Choose a .md, .json or .jsonl file."
        )


def _content(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise InputRefusedError(
                f"{path.name} is {size // 1024**2} MB, the limit is {MAX_FILE_BYTES // 1024**2} MB. "
                "Nothing was taken in. Split the file."
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise InputRefusedError(
            f"{path.name} is not UTF-8 text. Nothing was taken in. Save it as UTF-8, then import it again."
        ) from exc
    except OSError as exc:
        raise InputRefusedError(
            f"{path.name} cannot be read ({exc.strerror}). Nothing was taken in. Check the file's rights."
        ) from exc


def _guarded(where: str, read: Any) -> DocumentForm | Refusal:
    try:
        form: DocumentForm = read()
    except InputRefusedError as exc:
        return Refusal(where, str(exc))
    return form


def _json(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise InputRefusedError("This line is not JSON.") from exc


def _json_file(content: str, path: Path) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise InputRefusedError(
            f"{path.name} is not JSON. Nothing was taken in. Check the file where it was made."
        ) from exc


def document_from_record(record: Any, *, keep_headings: bool = False) -> DocumentForm:
    """Return the checked form of one record; with `keep_headings` a section may have no text."""
    if not isinstance(record, Mapping):
        raise InputRefusedError("A document must be a JSON object.")
    references = tuple(_reference(item) for item in _list(record, "references"))
    form = DocumentForm(
        code=_text(record, "id", needed=True, limit=60),
        kind=_choice(record, "kind", _KINDS, "srd"),
        title=_text(record, "title", needed=True, limit=300),
        sections=_sections(_list(record, "sections"), keep_headings=keep_headings),
        product=_text(record, "product", limit=160),
        topic=_text(record, "topic", limit=80),
        audience=_choice(record, "audience", _AUDIENCES, "hcp"),
        country=_country(record),
        language=_text(record, "language", limit=10) or "en",
        number=_number(record),
        effective_from=_day(record, "effective_from"),
        review_due=_day(record, "review_due"),
        references=references,
    )
    _check_citations(form)
    return form


def _from_markdown(content: str, stem: str) -> DocumentForm:
    """Read front lines `name: value` between `---`, then `# Heading` sections."""
    front, body = _split_front(content)
    sections: list[dict[str, str]] = []
    for line in body.splitlines():
        if line.startswith("# "):
            sections.append({"heading": line[2:].strip(), "text": ""})
        elif sections:
            sections[-1]["text"] += line + "\n"
        elif line.strip():
            sections.append({"heading": "", "text": line + "\n"})
    references = front.pop("references", "")
    record: dict[str, Any] = {"id": stem, **front, "sections": sections}
    if references:
        record["references"] = _json(references)
    return document_from_record(record)


def _split_front(content: str) -> tuple[dict[str, str], str]:
    lines = content.splitlines(keepends=True)
    if not lines or lines[0].strip() != "---":
        return {}, content
    front: dict[str, str] = {}
    for index, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return front, "".join(lines[index + 1 :])
        match = _FRONT_LINE.fullmatch(line.strip())
        if match is None:
            raise InputRefusedError(f"Line {index + 1} is not of the form name: value.")
        front[match[1]] = match[2].strip()
    raise InputRefusedError("The lines at the top do not end with ---.")


def _sections(raw: list[Any], *, keep_headings: bool) -> tuple[SectionForm, ...]:
    sections = []
    for item in raw:
        if not isinstance(item, Mapping):
            raise InputRefusedError("A section must have a heading and a text.")
        text = render(parse(_text(item, "text", limit=200_000)))
        heading = _text(item, "heading", limit=300)
        if text or (keep_headings and heading):
            sections.append(SectionForm(heading, text))
    if not any(section.text for section in sections):
        raise InputRefusedError("It has no section with text.")
    return tuple(sections)


def _reference(raw: Any) -> dict[str, Any]:
    try:
        return clean_csl(raw)
    except UnusableRecordError as exc:
        raise InputRefusedError(f"A reference cannot be used: {exc}.") from exc


def _check_citations(form: DocumentForm) -> None:
    known = {str(reference.get("id", "")) for reference in form.references}
    for section in form.sections:
        for citation in citations(parse(section.text)):
            for item in citation.items:
                if item.key not in known:
                    raise InputRefusedError(
                        f"Section “{section.heading}” cites {item.key}, and no reference has this id."
                    )


def _list(record: Mapping[str, Any], name: str) -> list[Any]:
    value = record.get(name, [])
    if not isinstance(value, list):
        raise InputRefusedError(f"{name} must be a list.")
    return value


def _text(record: Mapping[str, Any], name: str, *, limit: int, needed: bool = False) -> str:
    value = record.get(name, "")
    if value is None:
        value = ""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise InputRefusedError(f"{name} must be text.")
    text = str(value).replace("\x00", "").strip()
    if needed and not text:
        raise InputRefusedError(f"{name} is missing.")
    if len(text) > limit:
        raise InputRefusedError(f"{name} is longer than {limit} characters.")
    return text


def _choice(record: Mapping[str, Any], name: str, choices: tuple[str, ...], default: str) -> str:
    value = _text(record, name, limit=40).lower() or default
    if value not in choices:
        raise InputRefusedError(f"{name} is “{value}”; it must be one of {', '.join(choices)}.")
    return value


def _country(record: Mapping[str, Any]) -> str:
    value = _text(record, "country", limit=40).upper()
    if value and not re.fullmatch(r"[A-Z]{2}", value):
        raise InputRefusedError(f"country is “{value}”; it must be a code of two letters, such as GB.")
    return value


def _number(record: Mapping[str, Any]) -> str:
    value = _text(record, "version", limit=20) or "1.0"
    if not _NUMBER.fullmatch(value):
        raise InputRefusedError(f"version is “{value}”; it must be a number such as 2.0.")
    return value


def _day(record: Mapping[str, Any], name: str) -> str:
    value = _text(record, name, limit=20)
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as exc:
        raise InputRefusedError(f"{name} is “{value}”; it must be a day such as 2026-11-22.") from exc
