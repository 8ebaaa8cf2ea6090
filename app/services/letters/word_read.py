"""The body of a Word document as a tree.

Reads what `word_body` wrote and what people make of it in Word: direct formatting, built-in styles, tracked
insertions, fields and merged cells. What the tree cannot hold is marked visibly, never dropped in silence.
"""

from collections.abc import Iterable, Iterator

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.models.markup import (
    Align,
    Block,
    Document,
    HardBreak,
    Heading,
    Inline,
    Inlines,
    Paragraph,
    Table,
    Text,
    canonical,
)
from app.models.markup_flow import ListLine, gather
from app.models.markup_runs import nest, tidy
from app.services.letters.word_inline import FIELD_CODE, InlineReader
from app.services.letters.word_lookup import ListPlace, WordLookup

__all__ = ["FIELD_CODE", "read_tree"]

_WRAPPERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag")))


def read_tree(
    document: WordDocument, elements: Iterable[BaseOxmlElement] | None = None, *, as_shown: bool = False
) -> Document:
    """Return the canonical tree of a document or of some of its elements.

    Fields of ours come back as citations and merge fields, or `as_shown` as the words they show.
    """
    reader = _BodyReader(document, as_shown=as_shown)
    parts = reader.parts(document.element.body if elements is None else elements)
    return canonical(Document(tuple(gather(parts))))


class _BodyReader:
    """Reads paragraphs and tables of one document in order."""

    def __init__(self, document: WordDocument, *, as_shown: bool) -> None:
        self._lookup = WordLookup(document)
        self._inline = InlineReader(document, self._lookup, as_shown=as_shown)

    def parts(self, elements: Iterable[BaseOxmlElement]) -> Iterator[Block | ListLine]:
        for element in elements:
            if element.tag == qn("w:p"):
                yield from self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                yield self._table(element)
            elif element.tag in _WRAPPERS:
                yield from self.parts(element)

    def _paragraph(self, element: BaseOxmlElement) -> Iterator[Block | ListLine]:
        children = nest(tidy(self._inline.runs(element)))
        level = self._lookup.heading_level(element)
        place = None if level else self._lookup.list_place(element)
        if level:
            yield Heading(level, children)
        elif place:
            yield ListLine(place.level, place.ordered, place.number, children)
        elif children:
            yield Paragraph(children)

    def _table(self, table: BaseOxmlElement) -> Table:
        rows = [list(self._cells(row)) for row in table.iterchildren(qn("w:tr"))]
        cells = [tuple(inlines for inlines, _ in row) for row in rows] or [()]
        # A header is often centred over figures set to the right: the first body row tells.
        telling = rows[1] if len(rows) > 1 else (rows or [[]])[0]
        return Table(cells[0], tuple(align for _, align in telling), tuple(cells[1:]))

    def _cells(self, row: BaseOxmlElement) -> Iterator[tuple[Inlines, Align]]:
        for cell in row.iterchildren(qn("w:tc"), qn("w:sdt")):
            content = cell if cell.tag == qn("w:tc") else cell.find(f"{qn('w:sdtContent')}/{qn('w:tc')}")
            if content is None:
                continue
            paragraph = content.find(qn("w:p"))
            align = Align.LEFT if paragraph is None else self._lookup.align(paragraph)
            yield tuple(self._cell_inlines(content)), align
            yield from [((), Align.LEFT)] * (_span(content) - 1)

    def _cell_inlines(self, cell: BaseOxmlElement) -> Iterator[Inline]:
        """Yield the paragraphs of a cell with breaks between them."""
        for element in cell:
            if element.tag == qn("w:p"):
                place = self._lookup.list_place(element)
                yield from (Text(_label(place)),) if place else ()
                yield from nest(tidy(self._inline.runs(element)))
                yield HardBreak()
            elif element.tag == qn("w:tbl"):
                for row in element.iterchildren(qn("w:tr")):
                    for inner in row.iterchildren(qn("w:tc")):
                        yield from self._cell_inlines(inner)


def _label(place: ListPlace) -> str:
    return f"{place.number}. " if place.ordered else "\u2022 "


def _span(cell: BaseOxmlElement) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return 1 if span is None else max(1, int(span.get(qn("w:val"), "1")))
