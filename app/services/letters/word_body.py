"""A tree as the body of a Word document, and back."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as WordParagraph

from app.models.markup import (
    Align,
    Block,
    Citation,
    Document,
    Field,
    HardBreak,
    Heading,
    Inlines,
    List,
    Paragraph,
    Table,
    canonical,
    source,
)
from app.models.markup_flow import list_lines
from app.models.markup_runs import Run, flatten
from app.services.letters.word_read import FIELD_CODE, read_tree
from app.services.letters.word_styles import (
    BODY,
    TABLE,
    TABLE_CELL,
    TABLE_HEAD,
    WordNumbering,
    WordStyles,
    cell_style,
    heading_style,
    list_style,
)

__all__ = ["Draw", "WordBody", "read_tree"]

Draw = Callable[[Citation | Field], str]

_HEADER_ROW = ("w:cantSplit", "w:tblHeader")
_BODY_ROW = ("w:cantSplit",)


class WordBody:
    """Writes trees into a Word document with MID styles alone.

    Citations and merge fields become Word fields: they show what `draw` says and keep their markup, so that
    a letter that comes back from Word still knows what it cites.
    """

    def __init__(self, document: WordDocument, draw: Draw = source) -> None:
        self._document = document
        self._draw = draw
        self._styles = WordStyles(document)
        self._numbering = WordNumbering(document)

    def write(self, tree: Document, before: WordParagraph | None = None) -> list[BaseOxmlElement]:
        """Add the tree at the end, or before a paragraph of the template.

        Returns the new paragraphs and tables, for a caller that bookmarks them.
        """
        elements = [element for block in canonical(tree).blocks for element in self._block(block)]
        for element in elements:
            self._place(element, before)
        return elements

    def _place(self, element: BaseOxmlElement, before: WordParagraph | None) -> None:
        body = self._document.element.body
        if before is not None:
            before._p.addprevious(element)  # noqa: SLF001 - python-docx has no public way to its element
        elif body.sectPr is not None:
            body.sectPr.addprevious(element)
        else:
            body.append(element)

    def _block(self, block: Block) -> Iterator[BaseOxmlElement]:
        match block:
            case Paragraph():
                yield self._paragraph(BODY, block.children)
            case Heading():
                yield self._paragraph(heading_style(block.level), block.children)
            case List():
                yield from self._list(block)
            case Table():
                yield self._table(block)
                # Word joins two tables that touch, and wants a paragraph after the last one.
                yield self._paragraph(BODY, ())

    def _list(self, block: List) -> Iterator[BaseOxmlElement]:
        open_numbers: dict[int, int] = {}
        for line in list_lines(block):
            if line.level == 1:
                open_numbers.pop(2, None)
            if line.level not in open_numbers:
                open_numbers[line.level] = self._number_id(line.ordered, line.level, line.number)
            paragraph = self._paragraph(list_style(line.ordered, line.level), line.children)
            number = _child(_child(paragraph, "w:pPr"), "w:numPr")
            _child(number, "w:ilvl", val=str(line.level - 1))
            _child(number, "w:numId", val=str(open_numbers[line.level]))
            yield paragraph

    def _number_id(self, ordered: bool, level: int, start: int) -> int:
        return self._numbering.ordered_id(level, start) if ordered else self._numbering.bullet_id()

    def _table(self, table: Table) -> BaseOxmlElement:
        element = OxmlElement("w:tbl")
        properties = _child(element, "w:tblPr")
        _child(properties, "w:tblStyle", val=self._styles.style_id(TABLE))
        _child(properties, "w:tblW", w="5000", type="pct")
        _child(properties, "w:tblLook", val="0020", firstRow="1")
        grid = _child(element, "w:tblGrid")
        for _ in table.align:
            _child(grid, "w:gridCol")
        element.append(self._row(table.header, table.align, TABLE_HEAD, _HEADER_ROW))
        for row in table.rows:
            element.append(self._row(row, table.align, TABLE_CELL, _BODY_ROW))
        return element

    def _row(
        self, cells: Iterable[Inlines], align: Iterable[Align], style: str, properties: Iterable[str]
    ) -> BaseOxmlElement:
        element = OxmlElement("w:tr")
        row_properties = _child(element, "w:trPr")
        for name in properties:
            _child(row_properties, name)
        for cell, of_column in zip(cells, align, strict=True):
            paragraph = self._paragraph(cell_style(style, of_column), cell)
            _child(element, "w:tc").append(paragraph)
        return element

    def _paragraph(self, style: str, inlines: Inlines) -> BaseOxmlElement:
        element = OxmlElement("w:p")
        _child(_child(element, "w:pPr"), "w:pStyle", val=self._styles.style_id(style))
        for link, runs in groupby(flatten(inlines), key=lambda run: run.marks.link):
            parent = self._link(element, link) if link else element
            for run in runs:
                parent.append(self._run(run))
        return element

    def _link(self, paragraph: BaseOxmlElement, url: str) -> BaseOxmlElement:
        relation = self._document.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _child(paragraph, "w:hyperlink")
        link.set(qn("r:id"), relation)
        return link

    def _run(self, run: Run) -> BaseOxmlElement:
        element = OxmlElement("w:r")
        style = self._styles.marks_id(run.marks)
        if style:
            _child(_child(element, "w:rPr"), "w:rStyle", val=style)
        match run.body:
            case HardBreak():
                _child(element, "w:br")
            case str() as text:
                _text(element, text)
            case atom:
                _text(element, self._draw(atom))
                return _word_field(source(atom), element)
        return element


def _word_field(markup: str, shown: BaseOxmlElement) -> BaseOxmlElement:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" {FIELD_CODE} {markup} ")
    field.append(shown)
    return field


def _text(run: BaseOxmlElement, text: str) -> None:
    element = _child(run, "w:t")
    element.text = text
    element.set(qn("xml:space"), "preserve")


def _child(parent: BaseOxmlElement, name: str, **attributes: str) -> BaseOxmlElement:
    """Return the parent's child of this name, added if single or new."""
    element = parent.find(qn(name)) if name in _SINGLE else None
    if element is None:
        element = OxmlElement(name)
        parent.append(element)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


_SINGLE = frozenset({"w:pPr", "w:rPr", "w:numPr"})
