"""The MID styles and numberings of a Word document.

Whatever the company's template defines is kept; only what it lacks is added.
"""

from collections.abc import Callable

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from app.models.markup import Align
from app.models.markup_runs import SUB, SUPER, Marks

PREFIX = "MID "
BODY = "MID Body"
TABLE = "MID Table"
TABLE_HEAD = "MID Table Head"
TABLE_CELL = "MID Table Cell"

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LINK_COLOR = RGBColor(0x05, 0x50, 0xAE)
_HEADING_POINTS = {1: 15, 2: 13, 3: 11.5, 4: 10.5}
_ALIGN_SUFFIX = {Align.LEFT: "", Align.CENTER: " Center", Align.RIGHT: " Right"}
_JUSTIFY = {Align.CENTER: WD_PARAGRAPH_ALIGNMENT.CENTER, Align.RIGHT: WD_PARAGRAPH_ALIGNMENT.RIGHT}
_BULLETS = ("\u2022", "\u2013")
_LEVEL_STEP_TWIPS = 357
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLE_PROPERTIES = (
    f'<w:tblPr xmlns:w="{_W}"><w:tblBorders>{_BORDERS}</w:tblBorders><w:tblCellMar>'
    '<w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)


def marks_style(marks: Marks) -> str:
    """Return the name of the character style for these marks.

    A Word run bears one character style, so marks together have a style of their own: MID Strong Emphasis.
    """
    names = (
        "Strong" if marks.strong else "",
        "Emphasis" if marks.emphasis else "",
        {SUPER: "Superscript", SUB: "Subscript"}.get(marks.shift, ""),
        "Link" if marks.link else "",
    )
    return " ".join(filter(None, ("MID", *names))) if any(names) else ""


def list_style(ordered: bool, level: int) -> str:
    """Return the name of the paragraph style of list items."""
    name = "MID List Number" if ordered else "MID List Bullet"
    return name if level == 1 else f"{name} {level}"


def heading_style(level: int) -> str:
    """Return the name of the paragraph style of headings."""
    return f"MID Heading {level}"


def cell_style(name: str, align: Align) -> str:
    """Return the name of a table text style set this way."""
    return name + _ALIGN_SUFFIX[align]


class WordStyles:
    """Finds the MID styles of a document and adds missing ones."""

    def __init__(self, document: WordDocument) -> None:
        self._styles = document.styles
        self._ids: dict[str, str] = {style.name: style.style_id for style in document.styles if style.name}
        self._add_missing()

    def style_id(self, name: str) -> str:
        """Return the id under which Word knows the style."""
        return self._ids[name]

    def marks_id(self, marks: Marks) -> str:
        """Return the id of the character style for these marks."""
        name = marks_style(marks)
        if not name:
            return ""
        if name not in self._ids:
            self._add_character(name, marks)
        return self._ids[name]

    def _add_missing(self) -> None:
        self._paragraph(BODY, _shape_body, based_on="Normal")
        for level in _HEADING_POINTS:
            self._paragraph(heading_style(level), _heading_shape(level))
        for ordered in (False, True):
            for level in (1, 2):
                self._paragraph(list_style(ordered, level), _shape_item)
        for align in Align:
            # What a template says of its cells holds for those set to the right or the middle too.
            head, cell = (BODY, BODY) if align is Align.LEFT else (TABLE_HEAD, TABLE_CELL)
            self._paragraph(cell_style(TABLE_HEAD, align), _cell_shape(align, bold=True), head)
            self._paragraph(cell_style(TABLE_CELL, align), _cell_shape(align, bold=False), cell)
        for marks in (Marks(strong=True), Marks(emphasis=True), Marks(shift=SUPER), Marks(shift=SUB)):
            self.marks_id(marks)
        self.marks_id(Marks(link="https://"))
        if TABLE not in self._ids:
            style = self._styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
            style.element.append(parse_xml(_TABLE_PROPERTIES))
            self._ids[TABLE] = style.style_id

    def _paragraph(self, name: str, shape: Callable[[ParagraphStyle], None], based_on: str = BODY) -> None:
        if name in self._ids:
            return
        style = self._styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if based_on in self._ids:
            style.base_style = self._styles[based_on]
        shape(style)
        style.quick_style = True
        self._ids[name] = style.style_id

    def _add_character(self, name: str, marks: Marks) -> None:
        style: CharacterStyle = self._styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        font = style.font
        font.bold = marks.strong or None
        font.italic = marks.emphasis or None
        font.superscript = marks.shift == SUPER or None
        font.subscript = marks.shift == SUB or None
        if marks.link:
            font.underline = True
            font.color.rgb = _LINK_COLOR
        self._ids[name] = style.style_id


class WordNumbering:
    """Gives each list a Word numbering that starts at its own number."""

    def __init__(self, document: WordDocument) -> None:
        self._numbering = _numbering(document)
        self._bullets = 0

    def bullet_id(self) -> int:
        """Return the numbering that all bullet lists share."""
        if not self._bullets:
            self._bullets = self._add("MID Bullet", ordered=False).numId
        return self._bullets

    def ordered_id(self, level: int, start: int) -> int:
        """Return a new numbering whose level counts from a number."""
        num = self._add("MID Number", ordered=True)
        num.add_lvlOverride(level - 1).add_startOverride(start)
        return int(num.numId)

    def _add(self, name: str, *, ordered: bool) -> BaseOxmlElement:
        found = self._numbering.xpath(f'./w:abstractNum[w:name/@w:val="{name}"]/@w:abstractNumId')
        abstract_id = int(found[0]) if found else self._add_abstract(name, ordered=ordered)
        num: BaseOxmlElement = self._numbering.add_num(abstract_id)
        return num

    def _add_abstract(self, name: str, *, ordered: bool) -> int:
        used = [int(value) for value in self._numbering.xpath("./w:abstractNum/@w:abstractNumId")]
        abstract_id = max(used, default=-1) + 1
        levels = "".join(_level_xml(level, ordered=ordered) for level in range(2))
        element = parse_xml(
            f'<w:abstractNum xmlns:w="{_W}" w:abstractNumId="{abstract_id}">'
            f'<w:multiLevelType w:val="hybridMultilevel"/><w:name w:val="{name}"/>{levels}</w:abstractNum>'
        )
        numbers = self._numbering.xpath("./w:num")
        # The schema wants every abstract numbering before the first concrete one.
        if numbers:
            numbers[0].addprevious(element)
        else:
            self._numbering.append(element)
        return abstract_id


def _level_xml(level: int, *, ordered: bool) -> str:
    indent = (level + 1) * _LEVEL_STEP_TWIPS
    form, text = ("decimal", f"%{level + 1}.") if ordered else ("bullet", _BULLETS[level])
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent}" w:hanging="{_LEVEL_STEP_TWIPS}"/></w:pPr>'
        "</w:lvl>"
    )


def _numbering(document: WordDocument) -> BaseOxmlElement:
    part = document.part
    if not any(relation.reltype == RELATIONSHIP_TYPE.NUMBERING for relation in part.rels.values()):
        uri = PackURI("/word/numbering.xml")
        blob = f'<w:numbering xmlns:w="{_W}"/>'.encode()
        numbering = NumberingPart.load(uri, CONTENT_TYPE.WML_NUMBERING, blob, part.package)
        part.relate_to(numbering, RELATIONSHIP_TYPE.NUMBERING)
    element: BaseOxmlElement = part.numbering_part.element
    return element


def _shape_body(style: ParagraphStyle) -> None:
    style.paragraph_format.space_after = Pt(6)


def _shape_item(style: ParagraphStyle) -> None:
    style.paragraph_format.space_after = Pt(3)


def _heading_shape(level: int) -> Callable[[ParagraphStyle], None]:
    def shape(style: ParagraphStyle) -> None:
        style.font.size = Pt(_HEADING_POINTS[level])
        style.font.bold = True
        style.paragraph_format.space_before = Pt(10)
        style.paragraph_format.keep_with_next = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        style.element.get_or_add_pPr().append(outline)

    return shape


def _cell_shape(align: Align, *, bold: bool) -> Callable[[ParagraphStyle], None]:
    def shape(style: ParagraphStyle) -> None:
        style.font.bold = bold or None
        style.paragraph_format.space_after = Cm(0)
        style.paragraph_format.alignment = _JUSTIFY.get(align)

    return shape
