"""The runs inside a Word paragraph, with fields and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.models.markup import HardBreak, parse_atom
from app.models.markup_nodes import clean_url
from app.models.markup_runs import PLAIN, Marks, Run
from app.models.symbol_font import SYMBOL_FONT, UNKNOWN, from_symbol, is_private
from app.services.letters.word_lookup import WordLookup, direct_marks, is_on

FIELD_CODE = "ADDIN MIDESK"

_HYPERLINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_CONTAINERS = frozenset(
    map(qn, ("w:ins", "w:moveTo", "w:smartTag", "w:sdt", "w:sdtContent", "w:customXml", "w:dir", "w:bdo"))
)
_CHARACTERS = {
    qn("w:tab"): " ",
    qn("w:ptab"): " ",
    qn("w:noBreakHyphen"): "\u2011",
    qn("w:softHyphen"): "\u00ad",
    qn("w:drawing"): "[figure]",
    qn("w:pict"): "[figure]",
    qn("w:object"): "[figure]",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent": "[figure]",
    qn("w:footnoteReference"): "[footnote]",
    qn("w:endnoteReference"): "[footnote]",
}
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


@dataclass(slots=True)
class _OpenField:
    """A complex field between its begin and end marks."""

    marks: Marks
    code: str = ""
    in_result: bool = False
    result: list[Run] = field(default_factory=list)


class InlineReader:
    """Reads the runs of paragraphs of one document."""

    def __init__(self, document: WordDocument, lookup: WordLookup, *, as_shown: bool = False) -> None:
        self._as_shown = as_shown
        self._relations = document.part.rels
        self._lookup = lookup
        self._open: list[_OpenField] = []
        self._runs: list[Run] = []

    def runs(self, paragraph: BaseOxmlElement) -> list[Run]:
        """Return the runs of a paragraph, deletions left out."""
        self._runs, self._open = [], []
        self._walk(paragraph, "")
        # A field may end in a later paragraph; what it shows here belongs here.
        while self._open:
            self._close_field()
        return self._runs

    def _walk(self, parent: BaseOxmlElement, link: str) -> None:
        for element in parent:
            if element.tag == qn("w:r"):
                self._run(element, link)
            elif element.tag == qn("w:hyperlink"):
                self._walk(element, self._address(element) or link)
            elif element.tag == qn("w:fldSimple"):
                self._simple_field(element, link)
            elif element.tag in _CONTAINERS:
                self._walk(element, link)
            elif isinstance(element.tag, str) and element.tag.startswith(_MATH):
                self._emit("".join(text.text or "" for text in element.iter(f"{_MATH}t")), Marks(link))

    def _address(self, link: BaseOxmlElement) -> str:
        relation = self._relations.get(link.get(qn("r:id"), ""))
        if relation is None or not relation.is_external:
            return ""
        anchor = link.get(qn("w:anchor"), "")
        return clean_url(f"{relation.target_ref}#{anchor}" if anchor else relation.target_ref)

    def _run(self, run: BaseOxmlElement, link: str) -> None:
        properties = run.find(qn("w:rPr"))
        if properties is not None:
            hidden = properties.find(qn("w:vanish"))
            if hidden is not None and is_on(hidden):
                return
        marks = self._marks(properties)._replace(link=link)
        for element in run:
            if element.tag == qn("w:t") and _is_symbol(properties):
                self._emit("".join(from_symbol(ord(sign)) for sign in element.text or ""), marks)
            else:
                self._piece(element, marks)

    def _marks(self, properties: BaseOxmlElement | None) -> Marks:
        if properties is None:
            return PLAIN
        style = properties.find(qn("w:rStyle"))
        marks = PLAIN if style is None else self._lookup.style_marks(style.get(qn("w:val"), ""))
        return direct_marks(properties, marks)

    def _piece(self, element: BaseOxmlElement, marks: Marks) -> None:
        tag = element.tag
        if tag == qn("w:t"):
            self._emit(element.text or "", marks)
        elif tag in (qn("w:br"), qn("w:cr")):
            if element.get(qn("w:type"), "textWrapping") == "textWrapping":
                self._emit(HardBreak(), marks)
        elif tag == qn("w:sym"):
            self._emit(_symbol(element), marks)
        elif tag == qn("w:fldChar"):
            self._field_mark(element.get(qn("w:fldCharType"), ""), marks)
        elif tag == qn("w:instrText"):
            if self._open:
                self._open[-1].code += element.text or ""
        elif tag in _CHARACTERS:
            self._emit(_CHARACTERS[tag], marks)

    def _emit(self, body: str | HardBreak, marks: Marks) -> None:
        if not self._open:
            self._runs.append(Run(body, marks))
        elif self._open[-1].in_result:
            self._open[-1].result.append(Run(body, marks))

    def _field_mark(self, kind: str, marks: Marks) -> None:
        if kind == "begin":
            self._open.append(_OpenField(marks))
        elif kind == "separate" and self._open:
            self._open[-1].in_result = True
        elif kind == "end" and self._open:
            self._close_field()

    def _close_field(self) -> None:
        closed = self._open.pop()
        into = self._open[-1].result if self._open else self._runs
        into += _field_runs(closed, as_shown=self._as_shown)

    def _simple_field(self, element: BaseOxmlElement, link: str) -> None:
        run = element.find(qn("w:r"))
        marks = PLAIN if run is None else self._marks(run.find(qn("w:rPr")))
        code = element.get(qn("w:instr"), "")
        self._open.append(_OpenField(marks._replace(link=link), code, in_result=True))
        self._walk(element, link)
        self._close_field()


def _field_runs(closed: _OpenField, *, as_shown: bool) -> Iterator[Run]:
    code = closed.code.strip()
    if code.startswith(FIELD_CODE) and not as_shown:
        atom = parse_atom(code.removeprefix(FIELD_CODE).strip())
        if atom:
            yield Run(atom, closed.marks)
            return
    address = _HYPERLINK.match(code)
    url = clean_url(address.group(1)) if address else ""
    for run in closed.result:
        yield Run(run.body, run.marks._replace(link=url)) if url else run


def _symbol(element: BaseOxmlElement) -> str:
    code = int(element.get(qn("w:char"), "FFFD"), 16)
    return from_symbol(code) if element.get(qn("w:font")) == SYMBOL_FONT else _visible(code)


def _visible(code: int) -> str:
    """Return a character, or a visible sign for one of another font's own."""
    return UNKNOWN if is_private(code) else chr(code)


def _is_symbol(properties: BaseOxmlElement | None) -> bool:
    fonts = None if properties is None else properties.find(qn("w:rFonts"))
    return fonts is not None and fonts.get(qn("w:ascii")) == SYMBOL_FONT
