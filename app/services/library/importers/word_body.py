"""Read the cleaned body of a Word document into blocks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.models.markup import Align, Block, HardBreak, Heading, Inline, Inlines, Paragraph, Table, Text
from app.models.markup_flow import ListLine, gather
from app.models.markup_plain import plain_inlines
from app.models.markup_runs import nest, tidy
from app.services.letters.word_inline import InlineReader
from app.services.letters.word_lookup import WordLookup
from app.services.library.importers.word_listing import Listing

_WRAPPERS = frozenset(
    map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag", "w:dir", "w:bdo"))
)
_DEEPEST_HEADING = 4
_DEEPEST_LIST = 2
_DEEP_STYLE = re.compile(r"list (?:bullet|number) [3-5]")
_BODY_TEXT = 9


class WordBody:
    """Reads paragraphs and tables in order; the title is kept apart."""

    def __init__(self, document: WordDocument, listing: Listing) -> None:
        self._lookup = WordLookup(document)
        self._inline = InlineReader(document, self._lookup)
        self._listing = listing
        self._names, self._outlines = _styles(document)
        self.title = ""

    def blocks(self, elements: Iterable[BaseOxmlElement]) -> list[Block]:
        """Return the blocks of some elements in reading order."""
        return gather(_folded(self._parts(elements)))

    def _parts(self, elements: Iterable[BaseOxmlElement]) -> Iterator[Block | ListLine]:
        for element in elements:
            if element.tag == qn("w:p"):
                yield from self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                yield from self._table(element)
            elif element.tag in _WRAPPERS:
                yield from self._parts(element)

    def _paragraph(self, element: BaseOxmlElement) -> Iterator[Block | ListLine]:
        children = self._children(element)
        level = self._heading_level(element)
        place = None if level else self._lookup.list_place(element)
        if not children:
            return
        if level:
            self._listing.count("headings")
            if level > _DEEPEST_HEADING:
                self._listing.add("heading deeper than level 4, kept as level 4", plain_inlines(children))
            yield Heading(min(level, _DEEPEST_HEADING), children)
        elif place:
            self._listing.count("list items")
            deep = _is_deep(element) or _DEEP_STYLE.fullmatch(self._names.get(_style(element), ""))
            if deep:
                self._listing.add(
                    "list item deeper than level 2, kept as a line of the item above", plain_inlines(children)
                )
            level = _DEEPEST_LIST + 1 if deep else place.level
            yield ListLine(level, place.ordered, place.number, children)
        elif not self.title and self._names.get(_style(element)) == "title":
            self.title = " ".join(plain_inlines(children).split())
        else:
            self._listing.count("paragraphs")
            yield Paragraph(children)

    def _children(self, element: BaseOxmlElement) -> Inlines:
        children = nest(tidy(self._inline.runs(element)))
        if "\ufffd" in (text := plain_inlines(children)):
            self._listing.add("sign of a symbol font, shown as \ufffd", text)
        return children

    def _heading_level(self, element: BaseOxmlElement) -> int:
        level = self._lookup.heading_level(element)
        if level == _DEEPEST_HEADING and (name := self._names.get(_style(element), "")).startswith("heading"):
            last = name.split()[-1]
            return int(last) if last.isdigit() else level
        if level:
            return level
        outline = _value(element, "w:pPr/w:outlineLvl") or self._outlines.get(_style(element), "")
        return int(outline) + 1 if outline.isdigit() and int(outline) < _BODY_TEXT else 0

    def _table(self, table: BaseOxmlElement) -> Iterator[Block | ListLine]:
        rows = list(_inside(table, "w:tr"))
        cells = [list(_inside(row, "w:tc")) for row in rows]
        if len(rows) == 1 and len(cells[0]) == 1 and len(cells[0][0].findall(qn("w:p"))) > 1:
            # A table of one cell is a frame around its paragraphs.
            self._listing.count("frames")
            yield from self._parts(cells[0][0])
            return
        self._listing.count("tables")
        filled = [tuple(self._row(row, its)) for row, its in zip(rows, cells, strict=True)] or [()]
        telling = cells[1] if len(cells) > 1 else (cells or [[]])[0]
        yield Table(filled[0], tuple(map(self._align, telling)), tuple(filled[1:]))

    def _row(self, row: BaseOxmlElement, cells: list[BaseOxmlElement]) -> Iterator[Inlines]:
        yield from [()] * _number(row, "w:trPr/w:gridBefore")
        for cell in cells:
            yield tuple(self._cell(cell))
            span = _number(cell, "w:tcPr/w:gridSpan")
            merged = span > 1 or cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is not None
            self._listing.count("merged cells", int(merged))
            yield from [()] * (span - 1)

    def _align(self, cell: BaseOxmlElement) -> Align:
        paragraph = cell.find(qn("w:p"))
        return Align.LEFT if paragraph is None else self._lookup.align(paragraph)

    def _cell(self, cell: BaseOxmlElement) -> Iterator[Inline]:
        """Yield the paragraphs of a cell with breaks between them."""
        for element in cell:
            if element.tag == qn("w:p"):
                place = self._lookup.list_place(element)
                children = self._children(element)
                if place and children:
                    yield Text(f"{place.number}. " if place.ordered else "\u2022 ")
                yield from children
                yield HardBreak()
            elif element.tag == qn("w:tbl"):
                self._listing.add(
                    "table within a table, kept as lines", plain_inlines(tuple(self._lines(element)))
                )
                yield from self._lines(element)
            elif element.tag in _WRAPPERS:
                yield from self._cell(element)

    def _lines(self, table: BaseOxmlElement) -> Iterator[Inline]:
        for row in _inside(table, "w:tr"):
            for cell in _inside(row, "w:tc"):
                yield from self._cell(cell)


def _inside(parent: BaseOxmlElement, tag: str) -> Iterator[BaseOxmlElement]:
    """Yield the rows or cells of a parent, also those within content controls."""
    for element in parent:
        if element.tag == qn(tag):
            yield element
        elif element.tag in _WRAPPERS:
            yield from _inside(element, tag)


def _styles(document: WordDocument) -> tuple[dict[str, str], dict[str, str]]:
    """Return the lower-case name and the outline level of each style, inherited ones too."""
    styles = {
        each.get(qn("w:styleId"), ""): each for each in document.styles.element.iterchildren(qn("w:style"))
    }
    names = {key: _value(each, "w:name").lower() for key, each in styles.items()}
    outlines: dict[str, str] = {}
    for key in styles:
        seen: set[str] = set()
        own, found = key, ""
        while own in styles and own not in seen and not found:
            seen.add(own)
            found = _value(styles[own], "w:pPr/w:outlineLvl")
            own = _value(styles[own], "w:basedOn")
        outlines[key] = found
    return names, outlines


def _style(paragraph: BaseOxmlElement) -> str:
    return _value(paragraph, "w:pPr/w:pStyle")


def _folded(parts: Iterable[Block | ListLine]) -> Iterator[Block | ListLine]:
    """Put items below the second level as lines into the item above: "all of these" must stay with its parts."""
    last: ListLine | None = None
    for part in parts:
        if isinstance(part, ListLine) and part.level > _DEEPEST_LIST and last is not None:
            label = Text(f"{part.number}. " if part.ordered else "\u2022 ")
            last = replace(last, children=(*last.children, HardBreak(), label, *part.children))
            continue
        if last is not None:
            yield last
            last = None
        if isinstance(part, ListLine):
            last = replace(part, level=min(part.level, _DEEPEST_LIST))
        else:
            yield part
    if last is not None:
        yield last


def _is_deep(paragraph: BaseOxmlElement) -> bool:
    level = _value(paragraph, "w:pPr/w:numPr/w:ilvl")
    return level.isdigit() and int(level) >= _DEEPEST_LIST


def _number(element: BaseOxmlElement, path: str) -> int:
    written = _value(element, path)
    return min(int(written), 60) if written.isdigit() else 0


def _value(element: BaseOxmlElement, path: str) -> str:
    found = element.find("/".join(map(qn, path.split("/"))))
    return "" if found is None else found.get(qn("w:val"), "")
