"""Read a Word file as paper: everything it shows, in order, with the looks resolved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Final
from zipfile import BadZipFile

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import Part
from docx.oxml.xmlchemy import BaseOxmlElement

from app.errors import InputRefusedError
from app.services.letters.paper import (
    PAGE,
    PAGES,
    Cell,
    Flow,
    Grid,
    Line,
    Look,
    Paper,
    Picture,
    Piece,
    Sheet,
)
from app.services.letters.paper_looks import Looks, is_hidden, qn
from app.services.letters.word_lookup import WordLookup

_WRAPPERS: Final = frozenset(
    map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag", "w:dir", "w:bdo"))
)
_FIELDS: Final = {"PAGE": PAGE, "NUMPAGES": PAGES}
_BULLETS: Final = ("\u2022", "\u2013")
_SIGNS: Final = {qn("w:tab"): "\t", qn("w:noBreakHyphen"): "\u2011", qn("w:softHyphen"): "\u00ad"}
_BREAK: Final = "\u2028"
_EMU: Final = 12_700
_WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def read_paper(document: bytes) -> Paper:
    """Return a Word file as paper.

    Shapes that float are left out: a letterhead's logo stands in a line. Raises `InputRefusedError` for
    bytes that are no Word file.
    """
    try:
        opened = docx.Document(BytesIO(document))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as exc:
        raise InputRefusedError("The letter is not a Word file. Nothing was painted.") from exc
    looks, lookup = Looks(opened), WordLookup(opened)
    section = opened.sections[0]
    margins = {
        name: _Reader(part.part, looks, lookup).flow(part._element)  # noqa: SLF001 - no public way to it
        for name, part in (("header", section.header), ("footer", section.footer))
    }
    facts = opened.core_properties
    return Paper(
        sheet=_sheet(opened),
        body=tuple(_Reader(opened.part, looks, lookup).flow(opened.element.body)),
        header=tuple(margins["header"]),
        footer=tuple(margins["footer"]),
        title=facts.title or "",
        author=facts.author or "",
        language=facts.language or "",
        created=facts.created.strftime("%Y-%m-%dT%H:%M:%SZ") if facts.created else "",
    )


def _sheet(document: WordDocument) -> Sheet:
    section, usual = document.sections[0], Sheet()
    lengths = {
        "width": section.page_width,
        "height": section.page_height,
        "left": section.left_margin,
        "right": section.right_margin,
        "top": section.top_margin,
        "bottom": section.bottom_margin,
        "header": section.header_distance,
        "footer": section.footer_distance,
    }
    return replace(usual, **{name: length.pt for name, length in lengths.items() if length is not None})


@dataclass(slots=True)
class _OpenField:
    """A field between its begin and end marks."""

    code: str = ""
    in_result: bool = False
    pieces: list[Piece | Picture] = field(default_factory=list)


class _Reader:
    """Reads the body, a header or a footer."""

    def __init__(self, part: Part, looks: Looks, lookup: WordLookup) -> None:
        self._part, self._looks, self._lookup = part, looks, lookup
        self._pieces: list[Piece | Picture] = []
        self._open: list[_OpenField] = []

    def flow(self, elements: Iterable[BaseOxmlElement]) -> Iterator[Flow]:
        for element in elements:
            if element.tag == qn("w:p"):
                yield self._line(element)
            elif element.tag == qn("w:tbl"):
                yield self._grid(element)
            elif element.tag in _WRAPPERS:
                yield from self.flow(element)

    def _line(self, element: BaseOxmlElement) -> Line:
        place = self._lookup.list_place(element)
        marker = ""
        if place is not None:
            bullet = _BULLETS[min(place.level, len(_BULLETS)) - 1]
            marker = f"{place.number}." if place.ordered else bullet
        look, shape, level = self._looks.of(element, self._lookup.level_format(element))
        self._pieces, self._open = [], []
        self._walk(element, look, "")
        while self._open:
            self._close()
        return Line(tuple(_joined(self._pieces)), shape, look, level, marker)

    def _grid(self, table: BaseOxmlElement) -> Grid:
        edges, padding = self._looks.table(table)
        rows, head = [], 0
        for row in table.iterchildren(qn("w:tr")):
            rows.append(tuple(self._cell(cell) for cell in row.iterchildren(qn("w:tc"))))
            is_head = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
            head += is_head and head == len(rows) - 1
        columns = max((sum(cell.columns for cell in row) for row in rows), default=0)
        return Grid(tuple(rows), columns, head, *padding, edges)

    def _cell(self, cell: BaseOxmlElement) -> Cell:
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        lines = tuple(each for each in self.flow(cell) if isinstance(each, Line))
        return Cell(lines, int(span.get(qn("w:val"), "1")) if span is not None else 1)

    def _walk(self, parent: BaseOxmlElement, look: Look, link: str) -> None:
        for element in parent:
            if element.tag == qn("w:r"):
                self._run(element, look, link)
            elif element.tag == qn("w:hyperlink"):
                self._walk(element, look, self._address(element) or link)
            elif element.tag == qn("w:fldSimple"):
                self._open.append(_OpenField(element.get(qn("w:instr"), ""), in_result=True))
                self._walk(element, look, link)
                self._close()
            elif element.tag in _WRAPPERS:
                self._walk(element, look, link)

    def _run(self, run: BaseOxmlElement, look: Look, link: str) -> None:
        properties = run.find(qn("w:rPr"))
        if is_hidden(properties):
            return
        own = self._looks.run(look, properties)
        for element in run:
            if element.tag == qn("w:t"):
                self._emit(Piece(element.text or "", own, link))
            elif element.tag in _SIGNS:
                self._emit(Piece(_SIGNS[element.tag], own, link))
            elif element.tag in (qn("w:br"), qn("w:cr")):
                if element.get(qn("w:type"), "textWrapping") == "textWrapping":
                    self._emit(Piece(_BREAK, own, link))
            elif element.tag == qn("w:drawing"):
                for picture in self._pictures(element):
                    self._emit(picture)
            else:
                self._mark(element)

    def _mark(self, element: BaseOxmlElement) -> None:
        if element.tag == qn("w:instrText") and self._open:
            self._open[-1].code += element.text or ""
        elif element.tag == qn("w:fldChar"):
            kind = element.get(qn("w:fldCharType"), "")
            if kind == "begin":
                self._open.append(_OpenField())
            elif kind == "separate" and self._open:
                self._open[-1].in_result = True
            elif kind == "end" and self._open:
                self._close()

    def _emit(self, piece: Piece | Picture) -> None:
        if not self._open:
            self._pieces.append(piece)
        elif self._open[-1].in_result:
            self._open[-1].pieces.append(piece)

    def _close(self) -> None:
        closed = self._open.pop()
        into = self._open[-1].pieces if self._open else self._pieces
        kind = _FIELDS.get(next(iter(closed.code.split()), "").upper(), "")
        first = next((each for each in closed.pieces if isinstance(each, Piece)), None)
        into += [replace(first, field=kind)] if kind and first is not None else closed.pieces

    def _address(self, link: BaseOxmlElement) -> str:
        relation = self._part.rels.get(link.get(qn("r:id"), ""))
        return relation.target_ref if relation is not None and relation.is_external else ""

    def _pictures(self, drawing: BaseOxmlElement) -> Iterator[Picture]:
        for inline in drawing.iterchildren(f"{_WP}inline"):
            extent, blip = inline.find(f"{_WP}extent"), inline.find(f".//{_A}blip")
            relation = None if blip is None else self._part.rels.get(blip.get(qn("r:embed"), ""))
            if extent is None or relation is None or relation.reltype != RELATIONSHIP_TYPE.IMAGE:
                continue
            about = inline.find(f"{_WP}docPr")
            width, height = (int(extent.get(name, "0")) / _EMU for name in ("cx", "cy"))
            described = about.get("descr", "") if about is not None else ""
            yield Picture(relation.target_part.blob, width, height, described)


def _joined(pieces: Iterable[Piece | Picture]) -> Iterator[Piece | Picture]:
    """Join neighbours of one look: Word cuts runs where it likes."""
    held: Piece | None = None
    for piece in pieces:
        if (
            isinstance(piece, Piece)
            and held is not None
            and (held.look, held.link, held.field, "") == (piece.look, piece.link, piece.field, piece.field)
        ):
            held = replace(held, text=held.text + piece.text)
            continue
        if held is not None:
            yield held
        held = piece if isinstance(piece, Piece) else None
        if held is None:
            yield piece
    if held is not None:
        yield held
