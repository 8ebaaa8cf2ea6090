"""Typed reference lists: each line as a citation record, as far as it can be told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from app.models.csl_clean import UnusableRecordError, clean_csl
from app.models.markup import (
    Citation,
    CitationItem,
    Document,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Strong,
    Sub,
    Super,
    Text,
)
from app.models.markup_nodes import Heading, List, ListItem, Paragraph, Table
from app.models.markup_runs import canonical_inlines

HEADING: Final = re.compile(
    r"(?:\d+\.?\s+)?"
    r"(?:references?|reference list|list of references|bibliography|literature(?: cited)?|works cited)\s*:?",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"\s*(?:\[(\d{1,3})\]|(\d{1,3})[.)])\s+")
_DOI: Final = re.compile(r"10\.\d{4,9}/[^\s\]>\"]+[^\s\]>\".,;)]")
_PMID: Final = re.compile(r"PMID:?\s*(\d{1,9})", re.IGNORECASE)
_URL: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;)]")
_JOURNAL: Final = re.compile(
    r"(?P<authors>[^.]{2,600}?(?:et al)?)\.\s+(?P<title>[^.?!].{5,500}?[.?!])\s+(?P<journal>[A-Z][^.;:]{1,120})\.\s+"
    r"(?P<year>(?:19|20)\d\d)(?:\s+[A-Z][a-z]{2,8}(?:\s+\d{1,2})?)?;\s*(?P<volume>\d{1,5}[A-Za-z]?)"
    r"(?:\s*\((?P<issue>[^)]{1,30})\))?(?::\s*(?P<page>[A-Za-z]?\d[\w\u2013-]*))?"
)
_AUTHOR: Final = re.compile(r"(?P<family>[^\d,]+?)\s+(?P<given>[A-Z]{1,4}(?:-[A-Z])?)")
_BRACKETED: Final = re.compile(r"\[(\d{1,3}(?:\s*[,\u2013-]\s*\d{1,3})*)\]")
_RAISED: Final = re.compile(r"\d{1,3}(?:\s*[,\u2013-]\s*\d{1,3})*")
# After these a raised number is a citation and no power: a stop or comma, a bracket, or a word of four letters.
_BEFORE_CITATION: Final = re.compile(r"(?:[.,;:!?)\]\"'\u2019\u201d]|[A-Za-z]{4,})\s*$")


def reference_record(line: str, number: int) -> dict[str, Any] | None:
    """Return a record named `refN` that keeps the whole line in its note, or None when it says nothing."""
    line = _NUMBERED.sub("", " ".join(line.split()), count=1)
    record: dict[str, Any] = {
        "id": f"ref{number}",
        "type": "document",
        "title": line.rstrip("."),
        "note": line,
    }
    if found := _JOURNAL.match(line):
        record |= _article(found)
    if found := _DOI.search(line):
        record["DOI"] = found.group()
    if found := _PMID.search(line):
        record["PMID"] = found.group(1)
    if "DOI" not in record and (found := _URL.search(line)):
        record["URL"] = found.group()
    try:
        return clean_csl(record)
    except UnusableRecordError:
        return None


def _article(found: re.Match[str]) -> dict[str, Any]:
    authors = [
        _author(each) for each in found["authors"].split(",") if each.strip() and each.strip() != "et al"
    ]
    if found["authors"].rstrip().endswith("et al"):
        # Who the others are nobody knows; that there are others must stay in the list.
        authors.append({"family": "et al"})
    article = {
        "type": "article-journal",
        "author": authors,
        "title": found["title"].rstrip("."),
        "container-title": found["journal"],
        "issued": {"date-parts": [[int(found["year"])]]},
        "volume": found["volume"],
    }
    return article | {name: found[name] for name in ("issue", "page") if found[name]}


def _author(written: str) -> dict[str, str]:
    written = written.strip().removesuffix(" et al").strip()
    match = _AUTHOR.fullmatch(written)
    return {"family": match["family"], "given": match["given"]} if match else {"literal": written}


def link_citations(tree: Document, known: Mapping[int, str]) -> tuple[Document, int, list[str]]:
    """Turn numbers that can only be citations into citations of the references with these numbers.

    Returns the tree, how many places were linked, and the raised numbers that were left alone.
    """
    linker = _Linker(known)
    return Document(tuple(map(linker.block, tree.blocks))), linker.linked, linker.left


class _Linker:
    def __init__(self, known: Mapping[int, str]) -> None:
        self._known = known
        self.linked = 0
        self.left: list[str] = []

    def block(self, block: Any) -> Any:
        match block:
            case Paragraph():
                return Paragraph(self._inlines(block.children))
            case Heading():
                return block
            case List():
                return replace(block, items=tuple(map(self._item, block.items)))
            case Table():
                return replace(block, rows=tuple(tuple(map(self._inlines, row)) for row in block.rows))
        return block

    def _item(self, item: ListItem) -> ListItem:
        below = self.block(item.sublist) if item.sublist else None
        return ListItem(self._inlines(item.children), below)

    def _inlines(self, inlines: Inlines) -> Inlines:
        nodes: list[Inline] = []
        before = ""
        for node in inlines:
            nodes += self._node(node, before)
            before = _last_words(node) or before
        return canonical_inlines(nodes)

    def _node(self, node: Inline, before: str) -> Sequence[Inline]:
        match node:
            case Text():
                return self._bracketed(node.text)
            case Super(children=(Text(text=text),)) if _RAISED.fullmatch(text.strip()):
                return self._raised(node, text.strip(), before)
            case Strong() | Emphasis() | Super() | Sub() | Link():
                return [replace(node, children=self._inlines(node.children))]
        return [node]

    def _raised(self, node: Super, text: str, before: str) -> Sequence[Inline]:
        citation = self._citation(text)
        if citation is not None and _BEFORE_CITATION.search(before):
            self.linked += 1
            return [citation]
        self.left.append(f"{before[-30:]}^{text}^")
        return [node]

    def _bracketed(self, text: str) -> Sequence[Inline]:
        nodes: list[Inline] = []
        at = 0
        for found in _BRACKETED.finditer(text):
            citation = self._citation(found[1])
            if citation is not None:
                nodes += [Text(text[at : found.start()]), citation]
                at = found.end()
                self.linked += 1
        return [*nodes, Text(text[at:])]

    def _citation(self, written: str) -> Citation | None:
        numbers: list[int] = []
        for part in written.split(","):
            first, _, last = part.replace("\u2013", "-").partition("-")
            if int(last or first) - int(first) > len(self._known):
                return None
            numbers += range(int(first), int(last or first) + 1)
        if not numbers or not all(number in self._known for number in numbers):
            return None
        return Citation(tuple(CitationItem(self._known[number]) for number in numbers))


def _last_words(node: Inline) -> str:
    if isinstance(node, Text):
        return node.text
    children = getattr(node, "children", ())
    return _last_words(children[-1]) if children else ""


def numbered(line: str, default: int) -> int:
    """Return the number that a reference line carries, else the one of its place."""
    found = _NUMBERED.match(line)
    return int(found[1] or found[2]) if found else default
