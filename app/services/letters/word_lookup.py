"""What styles and numberings of a Word document mean for the tree."""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.models.markup import Align
from app.models.markup_runs import PLAIN, SUB, SUPER, Marks

_HEADING = re.compile(r"(?:MID )?Heading ([1-9])", re.IGNORECASE)
_LIST = re.compile(r"(?:MID )?List (Bullet|Number)(?: ([2-5]))?", re.IGNORECASE)
_MID_MARKS = re.compile(r"MID(?: (?:Strong|Emphasis|Superscript|Subscript|Link))+")
_JUSTIFY = {"center": Align.CENTER, "right": Align.RIGHT, "end": Align.RIGHT}
_SHIFT = {"superscript": SUPER, "subscript": SUB, "baseline": ""}
_OFF = frozenset({"0", "false", "off", "none"})
_DEEPEST_HEADING = 4
_LEVELS = 9
_VAL = qn("w:val")
_NUMBERED = f"{qn('w:pPr')}/{qn('w:numPr')}"


class ListPlace(NamedTuple):
    """Where a paragraph stands in a list, and its number."""

    level: int
    ordered: bool
    number: int


class WordLookup:
    """Resolves styles along their ancestry and counts list items."""

    def __init__(self, document: WordDocument) -> None:
        styles = document.styles.element.iterchildren(qn("w:style"))
        self._styles = {style.get(qn("w:styleId"), ""): style for style in styles}
        self._numbering = _numbering(document)
        self._counters: dict[tuple[str, int], int] = {}
        self._begun: set[tuple[str, int]] = set()
        self._listed: dict[str, bool] = {}

    def heading_level(self, paragraph: BaseOxmlElement) -> int:
        """Return the heading level of a paragraph, or zero."""
        for style in self._ancestry(_value(paragraph, "w:pPr/w:pStyle")):
            match = _HEADING.fullmatch(_value(style, "w:name"))
            if match:
                return min(int(match.group(1)), _DEEPEST_HEADING)
        return 0

    def align(self, paragraph: BaseOxmlElement) -> Align:
        """Return how a paragraph is set, directly or by style."""
        own = _value(paragraph, "w:pPr/w:jc")
        inherited = (_value(style, "w:pPr/w:jc") for style in self._paragraph_styles(paragraph))
        return _JUSTIFY.get(own or next(filter(None, inherited), ""), Align.LEFT)

    def list_place(self, paragraph: BaseOxmlElement) -> ListPlace | None:
        """Return the place in a list and count this item."""
        if not self._is_listed(paragraph):
            return None
        sources = [paragraph, *self._paragraph_styles(paragraph)]
        number_id = next(filter(None, (_value(each, "w:pPr/w:numPr/w:numId") for each in sources)), "")
        level = next(filter(None, (_value(each, "w:pPr/w:numPr/w:ilvl") for each in sources)), "0")
        if number_id == "0":
            return None
        by_name = self._place_by_name(paragraph)
        if number_id and (abstract := self._abstract(number_id)) is not None:
            ordered = _level_value(abstract, int(level), "w:numFmt") not in ("bullet", "none")
            number = self._count(number_id, abstract, int(level)) if ordered else 1
            # Word's built-in "List Bullet 2" is the first level of a numbering of its own.
            named_level = by_name.level if by_name and level == "0" and not _has_level(paragraph) else 1
            return ListPlace(max(min(int(level) + 1, 2), named_level), ordered, number)
        return by_name

    def level_format(self, paragraph: BaseOxmlElement) -> BaseOxmlElement | None:
        """Return how the list level that a paragraph itself names is set, its own style's indents aside."""
        number_id = _value(paragraph, "w:pPr/w:numPr/w:numId")
        abstract = self._abstract(number_id) if number_id not in ("", "0") else None
        if abstract is None:
            return None
        wanted = _value(paragraph, "w:pPr/w:numPr/w:ilvl") or "0"
        levels = abstract.iterchildren(qn("w:lvl"))
        level = next((each for each in levels if each.get(qn("w:ilvl")) == wanted), None)
        return None if level is None else level.find(qn("w:pPr"))

    def style_marks(self, style_id: str) -> Marks:
        """Return the marks that a character style stands for."""
        name = _value(self._styles.get(style_id), "w:name")
        if _MID_MARKS.fullmatch(name):
            shift = SUPER if "Superscript" in name else SUB if "Subscript" in name else ""
            return Marks("", "Strong" in name, "Emphasis" in name, shift)
        marks = PLAIN
        for style in reversed(list(self._ancestry(style_id))):
            marks = direct_marks(style.find(qn("w:rPr")), marks)
        return marks

    def _is_listed(self, paragraph: BaseOxmlElement) -> bool:
        if paragraph.find(_NUMBERED) is not None:
            return True
        style_id = _value(paragraph, "w:pPr/w:pStyle")
        if style_id not in self._listed:
            self._listed[style_id] = any(
                style.find(_NUMBERED) is not None or _LIST.fullmatch(_value(style, "w:name"))
                for style in self._ancestry(style_id)
            )
        return self._listed[style_id]

    def _place_by_name(self, paragraph: BaseOxmlElement) -> ListPlace | None:
        for style in self._paragraph_styles(paragraph):
            match = _LIST.fullmatch(_value(style, "w:name"))
            if match:
                kind, level = match.groups()
                return ListPlace(2 if level else 1, kind.lower() == "number", 1)
        return None

    def _paragraph_styles(self, paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
        return self._ancestry(_value(paragraph, "w:pPr/w:pStyle"))

    def _ancestry(self, style_id: str) -> Iterator[BaseOxmlElement]:
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            yield style
            style_id = _value(style, "w:basedOn")

    def _abstract(self, number_id: str) -> BaseOxmlElement | None:
        number = self._number(number_id)
        if number is None or self._numbering is None:
            return None
        wanted = _value(number, "w:abstractNumId")
        abstracts = self._numbering.iterchildren(qn("w:abstractNum"))
        return next((each for each in abstracts if each.get(qn("w:abstractNumId")) == wanted), None)

    def _number(self, number_id: str) -> BaseOxmlElement | None:
        if self._numbering is None:
            return None
        numbers = self._numbering.iterchildren(qn("w:num"))
        return next((each for each in numbers if each.get(qn("w:numId")) == number_id), None)

    def _count(self, number_id: str, abstract: BaseOxmlElement, level: int) -> int:
        """Return this item's number as Word counts it.

        Numberings of one abstract numbering count on together until one with a start of its own begins.
        """
        key = (abstract.get(qn("w:abstractNumId"), ""), level)
        override = self._start_override(number_id, level)
        if key not in self._counters or (override and (number_id, level) not in self._begun):
            start = override or _level_value(abstract, level, "w:start") or "1"
            self._counters[key] = int(start)
        else:
            self._counters[key] += 1
        self._begun.add((number_id, level))
        for deeper in range(level + 1, _LEVELS):
            self._counters.pop((key[0], deeper), None)
        return self._counters[key]

    def _start_override(self, number_id: str, level: int) -> str:
        number = self._number(number_id)
        if number is None:
            return ""
        for override in number.iterchildren(qn("w:lvlOverride")):
            if override.get(qn("w:ilvl")) == str(level):
                return _value(override, "w:startOverride")
        return ""


def _has_level(paragraph: BaseOxmlElement) -> bool:
    return bool(_value(paragraph, "w:pPr/w:numPr/w:ilvl"))


def direct_marks(properties: BaseOxmlElement | None, marks: Marks) -> Marks:
    """Return the marks changed by direct formatting."""
    if properties is None:
        return marks
    bold, italic = properties.find(qn("w:b")), properties.find(qn("w:i"))
    if bold is not None:
        marks = marks._replace(strong=is_on(bold))
    if italic is not None:
        marks = marks._replace(emphasis=is_on(italic))
    shift = _SHIFT.get(_value(properties, "w:vertAlign"))
    return marks if shift is None else marks._replace(shift=shift)


def is_on(switch: BaseOxmlElement) -> bool:
    """Tell whether a Word on-off property is on."""
    return switch.get(qn("w:val"), "1").lower() not in _OFF


def _numbering(document: WordDocument) -> BaseOxmlElement | None:
    try:
        part = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:
        return None
    return part.element if isinstance(part, XmlPart) else None


def _level_value(abstract: BaseOxmlElement, level: int, name: str) -> str:
    for element in abstract.iterchildren(qn("w:lvl")):
        if element.get(qn("w:ilvl")) == str(level):
            return _value(element, name)
    return ""


def _value(element: BaseOxmlElement | None, path: str) -> str:
    found = None if element is None else element.find(_qualified(path))
    return "" if found is None else found.get(_VAL, "")


@functools.cache
def _qualified(path: str) -> str:
    return "/".join(map(qn, path.split("/")))
