"""Read a Word document as an SRD: title, sections, references, and what could not be read."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]  # ships no types

from app.errors import InputRefusedError
from app.models.markup import Block, Document, Heading, List, Paragraph, Text, canonical, render
from app.models.markup_nodes import ListItem, inline_parts
from app.models.markup_plain import plain_inlines
from app.models.markup_runs import flatten
from app.services.library.importers.reference_lines import HEADING, link_citations, numbered, reference_record
from app.services.library.importers.word_body import WordBody
from app.services.library.importers.word_cleaning import clean
from app.services.library.importers.word_listing import Listing
from app.services.library.importers.word_stories import list_comments, list_edges, number_notes
from app.services.library.parsing.package import open_package, refused

_TITLE: Final = 300
# What python-docx calls a document that carries no properties.
_NO_TITLE: Final = "Word Document"
_VERSION: Final = re.compile(r"[ _-]+v(?:er(?:sion)?)?[ _.-]?(\d{1,4}(?:\.\d{1,4}){0,2})$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,4}(\.\d{1,4}){1,2}")
_WORD: Final = re.compile(r"\w+")
# What python-docx and lxml raise on parts that are there but not what they should be.
_BROKEN: Final = (
    PackageNotFoundError, etree.LxmlError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    NotImplementedError,
)  # fmt: skip


@dataclass(slots=True)
class _Section:
    heading: str
    blocks: list[Block] = field(default_factory=list)


def read_word(content: bytes, stem: str) -> dict[str, Any]:
    """Return one document as plain data; nothing of it is dropped without being listed."""
    package = open_package(content)
    listing = Listing()
    for linked in package.linked:
        listing.add("link to a file outside, not followed", linked)
    try:
        document = docx.Document(io.BytesIO(content))
        return _read(document, stem, listing)
    except InputRefusedError:
        raise
    except _BROKEN as exc:
        raise refused(f"Its parts do not fit together ({type(exc).__name__}).") from exc


def _read(document: WordDocument, stem: str, listing: Listing) -> dict[str, Any]:
    body = document.element.body
    clean(body, listing)
    notes = number_notes(document, listing)
    list_comments(document, listing)
    list_edges(document, listing)
    listing.count("links", sum(1 for _ in body.iter(qn("w:hyperlink"))))
    reader = WordBody(document, listing)
    blocks = reader.blocks(body)
    note_items = [_note(label, reader.blocks(note)) for label, note in notes]
    _list_unplaced(document, blocks, reader.title, listing)
    identity = _identity(document, stem)
    title, sections = _sections(blocks, reader.title, document.core_properties.title, identity["id"])
    references = _take_references(sections, listing)
    if note_items:
        sections.append(_Section("Notes", [block for item in note_items for block in item]))
    if not any(section.blocks for section in sections):
        what = "headings and no text" if sections else "no text"
        raise refused(f"It holds {what}.", "Choose a document with text.")
    if not listing.understood["headings"]:
        listing.add("no headings", "The whole text is one section. Give the headings a heading style.")
    return {**identity, "title": title[:_TITLE], "references": references,
            "sections": [_plain(section) for section in sections], **listing.plain()}  # fmt: skip


def _identity(document: WordDocument, stem: str) -> dict[str, str]:
    properties = document.core_properties
    version = _VERSION.search(stem)
    number = properties.version.strip() if _NUMBER.fullmatch(properties.version.strip()) else ""
    code = properties.identifier.strip() or (stem[: version.start()] if version else stem).strip()
    return {
        "id": " ".join(code.split())[:60] or "document",
        "kind": "faq" if code.lower().startswith("faq") else "srd",
        "version": version[1] if version else number,
    }


def _plain(section: _Section) -> dict[str, str]:
    return {"heading": section.heading, "text": render(canonical(Document(tuple(section.blocks))))}


def _sections(
    blocks: Sequence[Block], title: str, property_title: str, code: str
) -> tuple[str, list[_Section]]:
    blocks = list(blocks)
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    first = blocks[0] if blocks else None
    if not title and isinstance(first, Heading) and _is_title(first.level, levels):
        title = plain_inlines(first.children)
        blocks, levels = blocks[1:], levels[1:]
    top = min(levels, default=0)
    sections = [_Section("")]
    for block in blocks:
        heading = plain_inlines(block.children) if isinstance(block, Heading) and block.level == top else ""
        if heading and len(heading) <= _TITLE:
            sections.append(_Section(" ".join(heading.split())))
        else:
            sections[-1].blocks.append(block)
    named = next((section.heading for section in sections if section.heading), "")
    sections = [section for section in sections if section.heading or section.blocks]
    written = property_title.strip() if property_title != _NO_TITLE else ""
    return " ".join((title or written or named or code).split()) or code, sections


def _is_title(level: int, levels: Sequence[int]) -> bool:
    """Tell whether the first heading stands above all others."""
    return len(levels) > 1 and level == min(levels) and levels.count(level) == 1


def _take_references(sections: list[_Section], listing: Listing) -> list[dict[str, Any]]:
    """Take the section of references out, and link the numbers that can only mean them."""
    found = [section for section in sections if HEADING.fullmatch(section.heading) and section.blocks]
    lines = [line for section in found for line in _lines(section.blocks)]
    records: list[dict[str, Any]] = []
    known: dict[int, str] = {}
    for place, line in enumerate(lines, start=1):
        record = reference_record(line, place)
        if record is None:
            listing.add("reference that says nothing", line)
            continue
        records.append(record)
        known.setdefault(numbered(line, place), str(record["id"]))
    if not records:
        return []
    for section in found:
        sections.remove(section)
    linked = 0
    left: list[str] = []
    for section in sections:
        tree, number, rest = link_citations(canonical(Document(tuple(section.blocks))), known)
        section.blocks = list(tree.blocks)
        linked, left = linked + number, left + rest
    listing.count("references", len(records))
    listing.count("citations", linked)
    for words in left:
        listing.add("raised number, may be a citation or a power", words)
    if not linked:
        listing.add("references without a citation", "No number in the text could be linked to them.")
    return records


def _lines(blocks: Sequence[Block]) -> list[str]:
    return [
        line
        for block in blocks
        for part in inline_parts(block)
        for line in plain_inlines(part).split("\n")
        if line.strip()
    ]


def _note(label: str, blocks: Sequence[Block]) -> list[Block]:
    """Return a note with its number before its first words."""
    first = blocks[0] if blocks else None
    lead = Text(f"[{label}] ")
    if isinstance(first, Paragraph):
        return [Paragraph((lead, *first.children)), *blocks[1:]]
    if isinstance(first, List):
        items = (ListItem((lead, *first.items[0].children), first.items[0].sublist), *first.items[1:])
        return [List(first.ordered, items, first.start), *blocks[1:]]
    return [Paragraph((lead,)), *blocks]


def _list_unplaced(document: WordDocument, blocks: Sequence[Block], title: str, listing: Listing) -> None:
    """Catch what the reader missed: words of the tree that no block holds are listed."""
    placed = Counter(_WORD.findall("\n".join([title, *_texts(blocks)])))
    for paragraph in document.element.body.iter(qn("w:p")):
        shown = " ".join("".join(_shown(paragraph)).split())
        words = _WORD.findall(shown)
        placed.subtract(words)
        if any(placed[word] < 0 for word in words) and not _is_hidden(paragraph):
            listing.add("words that found no place", shown)
        for word in words:
            placed[word] = max(placed[word], 0)


def _texts(blocks: Sequence[Block]) -> list[str]:
    """Return the characters of every part as they stand, raised or not."""
    parts = [part for block in blocks for part in inline_parts(block)]
    return [
        "".join(run.body if isinstance(run.body, str) else " " for run in flatten(part)) for part in parts
    ]


def _shown(paragraph: Any) -> list[str]:
    gaps = {qn("w:tab"), qn("w:br"), qn("w:cr")}
    return [
        " " if each.tag in gaps else each.text or ""
        for each in paragraph.iter(qn("w:t"), *gaps)
        if next(each.iterancestors(qn("w:p")), None) is paragraph
    ]


def _is_hidden(paragraph: Any) -> bool:
    return paragraph.find(".//" + qn("w:vanish")) is not None
