"""How the text of a Word file looks: styles resolved along their ancestry, direct formatting last."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn as qualified
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from app.services.letters.paper import BLACK, CENTER, LEFT, RIGHT, Edges, Look, Rule, Shape

qn = functools.cache(qualified)

_TWIPS: Final = 20
_HALF_POINTS: Final = 2
_EIGHTHS: Final = 8
_LINE: Final = 240
_DEFAULT_POINTS: Final = 10.0
_ALIGN: Final = {"center": CENTER, "right": RIGHT, "end": RIGHT}
_OFF: Final = frozenset({"0", "false", "off", "none"})
_SCRIPTS: Final = {"superscript": "super", "subscript": "sub"}
_OUTLINE_LEVELS: Final = 9
_PARAGRAPH: Final = qn("w:pPr")
_RUN: Final = qn("w:rPr")
_DRAWINGML: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Padding = tuple[float, float]
_DEFAULT_PADDING: Final[Padding] = (5.4, 0.0)


class Looks:
    """Resolves the styles of one document."""

    def __init__(self, document: WordDocument) -> None:
        styles = document.styles.element
        self._styles = {each.get(qn("w:styleId"), ""): each for each in styles.iterchildren(qn("w:style"))}
        self._default = next(
            (
                name
                for name, each in self._styles.items()
                if each.get(qn("w:type")) == "paragraph" and each.get(qn("w:default")) in ("1", "true")
            ),
            "",
        )
        self._theme = _theme_fonts(document)
        defaults = styles.find(qn("w:docDefaults"))
        look, shape = Look(points=_DEFAULT_POINTS), Shape()
        if defaults is not None:
            look = self._looked(look, defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}"))
            shape = shaped(shape, defaults.find(f"{qn('w:pPrDefault')}/{qn('w:pPr')}"))
        self._base = look, shape
        self._styled: dict[str, tuple[Look, Shape, int]] = {}
        self._runs: dict[tuple[Look, str], Look] = {}

    def of(
        self, paragraph: BaseOxmlElement, numbered: BaseOxmlElement | None = None
    ) -> tuple[Look, Shape, int]:
        """Return look, shape and outline level from one, or zero, of a paragraph.

        `numbered` is the format of its list level.
        """
        own = paragraph.find(_PARAGRAPH)
        look, shape, level = self._of_style(_value(own, "w:pStyle") or self._default)
        return look, shaped(shaped(shape, numbered), own), _level(own, level)

    def run(self, look: Look, properties: BaseOxmlElement | None) -> Look:
        """Return the look of a run in a paragraph of a look."""
        if properties is None:
            return look
        style_id = _value(properties, "w:rStyle")
        if style_id:
            key = (look, style_id)
            if key not in self._runs:
                for style in reversed(list(self._ancestry(style_id))):
                    look = self._looked(look, style.find(_RUN))
                self._runs[key] = look
            look = self._runs[key]
        return self._looked(look, properties) if len(properties) > bool(style_id) else look

    def table(self, table: BaseOxmlElement) -> tuple[Edges, Padding]:
        """Return the lines of a table and the padding of its cells, across and down."""
        own = table.find(qn("w:tblPr"))
        edges, padding = Edges(), _DEFAULT_PADDING
        styles = [*reversed(list(self._ancestry(_value(own, "w:tblStyle"))))]
        for style in styles:
            edges, padding = _tabled(edges, padding, style.find(qn("w:tblPr")))
            for part in style.iterchildren(qn("w:tblStylePr")):
                if part.get(qn("w:type")) == "firstRow":
                    head = _rules(part.find(f"{qn('w:tcPr')}/{qn('w:tcBorders')}")).get("bottom")
                    edges = replace(edges, head=head or edges.head)
        return _tabled(edges, padding, own)

    def _of_style(self, style_id: str) -> tuple[Look, Shape, int]:
        if style_id not in self._styled:
            look, shape = self._base
            level = 0
            for style in reversed(list(self._ancestry(style_id))):
                look = self._looked(look, style.find(_RUN))
                own = style.find(_PARAGRAPH)
                shape, level = shaped(shape, own), _level(own, level)
            self._styled[style_id] = look, shape, level
        return self._styled[style_id]

    def _ancestry(self, style_id: str) -> Iterator[BaseOxmlElement]:
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            yield style
            style_id = _value(style, "w:basedOn")

    def _looked(self, look: Look, properties: BaseOxmlElement | None) -> Look:
        if properties is None:
            return look
        changed: dict[str, Any] = {}
        fonts = properties.find(qn("w:rFonts"))
        if fonts is not None:
            themed = self._theme.get(fonts.get(qn("w:asciiTheme"), "")[:5], "")
            changed["family"] = fonts.get(qn("w:ascii"), "") or themed or look.family
        if size := _value(properties, "w:sz"):
            changed["points"] = float(size) / _HALF_POINTS
        for name, tag in (("bold", "w:b"), ("italic", "w:i")):
            if (switch := properties.find(qn(tag))) is not None:
                changed[name] = is_on(switch)
        if underline := _value(properties, "w:u"):
            changed["underline"] = underline != "none"
        if color := _value(properties, "w:color"):
            changed["color"] = BLACK if color == "auto" else f"#{color}"
        if shift := _value(properties, "w:vertAlign"):
            changed["script"] = _SCRIPTS.get(shift, "")
        return replace(look, **changed)


def _level(properties: BaseOxmlElement | None, inherited: int) -> int:
    found = _value(properties, "w:outlineLvl")
    if not found.isdigit():
        return inherited
    return int(found) + 1 if int(found) < _OUTLINE_LEVELS else 0


def is_hidden(properties: BaseOxmlElement | None) -> bool:
    """Tell whether a run is hidden text."""
    hidden = None if properties is None else properties.find(qn("w:vanish"))
    return hidden is not None and is_on(hidden)


def is_on(switch: BaseOxmlElement) -> bool:
    """Tell whether a Word on-off property is on."""
    return switch.get(qn("w:val"), "1").lower() not in _OFF


def shaped(shape: Shape, properties: BaseOxmlElement | None) -> Shape:
    """Return a shape changed by the properties of a paragraph, a style or a list level."""
    if properties is None:
        return shape
    changed: dict[str, Any] = {**_indents(properties), **_spaces(properties)}
    if align := _value(properties, "w:jc"):
        changed["align"] = _ALIGN.get(align, LEFT)
    if (keep := properties.find(qn("w:keepNext"))) is not None:
        changed["keep_next"] = is_on(keep)
    tabs = properties.find(qn("w:tabs"))
    if tabs is not None:
        changed["tabs"] = tuple(
            (_points(tab, "w:pos"), tab.get(qn("w:val"), LEFT)) for tab in tabs.iterchildren(qn("w:tab"))
        )
    rules = _rules(properties.find(qn("w:pBdr")))
    changed |= {name: rules[side] for name, side in (("above", "top"), ("below", "bottom")) if side in rules}
    return replace(shape, **changed)


def _indents(properties: BaseOxmlElement) -> dict[str, float]:
    indent = properties.find(qn("w:ind"))
    if indent is None:
        return {}
    found: dict[str, float] = {}
    for name, tags in (("left", ("w:left", "w:start")), ("right", ("w:right", "w:end"))):
        for tag in tags:
            if indent.get(qn(tag)) is not None:
                found[name] = _points(indent, tag)
    if indent.get(qn("w:firstLine")) is not None:
        found["first"] = _points(indent, "w:firstLine")
    if indent.get(qn("w:hanging")) is not None:
        found["first"] = -_points(indent, "w:hanging")
    return found


def _spaces(properties: BaseOxmlElement) -> dict[str, float]:
    spacing = properties.find(qn("w:spacing"))
    if spacing is None:
        return {}
    found = {
        name: _points(spacing, f"w:{name}")
        for name in ("before", "after")
        if spacing.get(qn(f"w:{name}")) is not None
    }
    if spacing.get(qn("w:line")) is not None and spacing.get(qn("w:lineRule"), "auto") == "auto":
        found["spacing"] = float(spacing.get(qn("w:line"))) / _LINE
    return found


def _tabled(edges: Edges, padding: Padding, properties: BaseOxmlElement | None) -> tuple[Edges, Padding]:
    if properties is None:
        return edges, padding
    rules = _rules(properties.find(qn("w:tblBorders")))
    named: Mapping[str, Rule | None] = {
        name: rules[side]
        for name, side in (
            ("top", "top"),
            ("bottom", "bottom"),
            ("left", "left"),
            ("right", "right"),
            ("inside_h", "insideH"),
            ("inside_v", "insideV"),
        )
        if side in rules
    }
    margins = properties.find(qn("w:tblCellMar"))
    if margins is not None:
        across, down = margins.find(qn("w:left")), margins.find(qn("w:top"))
        padding = (
            _points(across, "w:w") if across is not None else padding[0],
            _points(down, "w:w") if down is not None else padding[1],
        )
    return replace(edges, **named), padding


def _rules(borders: BaseOxmlElement | None) -> dict[str, Rule | None]:
    if borders is None:
        return {}
    return {str(side.tag).rpartition("}")[2]: _rule(side) for side in borders}


def _rule(side: BaseOxmlElement) -> Rule | None:
    if side.get(qn("w:val"), "nil") in ("nil", "none"):
        return None
    color = side.get(qn("w:color"), "auto")
    return Rule(
        float(side.get(qn("w:sz"), "4")) / _EIGHTHS,
        BLACK if color == "auto" else f"#{color}",
        float(side.get(qn("w:space"), "0")),
    )


def _points(element: BaseOxmlElement, name: str) -> float:
    return float(element.get(qn(name), "0")) / _TWIPS


def _value(element: BaseOxmlElement | None, path: str) -> str:
    found = None if element is None else element.find(qn(path))
    return "" if found is None else str(found.get(qn("w:val"), ""))


def _theme_fonts(document: WordDocument) -> dict[str, str]:
    """Return the typefaces of the theme under the first five letters of the names Word calls them by."""
    try:
        part = document.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    except KeyError:
        return {}
    root = parse_xml(part.blob)
    found: dict[str, str] = {}
    for kind in ("minor", "major"):
        latin = root.find(f".//{_DRAWINGML}{kind}Font/{_DRAWINGML}latin")
        if latin is not None:
            found[kind] = latin.get("typeface", "")
    return found
