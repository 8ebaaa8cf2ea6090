"""What tags and styles of copied HTML mean for the marks of its text."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from app.models.markup_nodes import Align, clean_url
from app.models.markup_runs import PLAIN, SUB, SUPER, Marks
from app.models.symbol_font import SYMBOL_FONT

Declared = Mapping[str, str]
Attributes = Mapping[str, str]

NO_STYLE: Declared = {}
MARKER, GAP = "marker", "gap"

_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]*)")
_BRACE = re.compile(r"[{}]")
_CLASS = re.compile(r"\w*\.([\w-]+)")
_UNSEEN = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_LENGTH = re.compile(r"(-?)[0-9]*\.?[0-9]")
_BOLD = re.compile(r"bold|bolder|[6-9]00|1000")
_LIGHT = re.compile(r"normal|lighter|[1-5]00")
_LINK = re.compile(r"https?://|mailto:", re.IGNORECASE)
# A class may be overruled by a rule that is not read here, and then hidden text would be lost.
_BY_CLASS = ("font", "font-weight", "font-style", "font-family", "vertical-align", "text-align")
_STRONG = frozenset({"b", "strong"})
_EMPHASIS = frozenset({"i", "em", "cite", "dfn", "var"})
_SHIFTS = {"sup": SUPER, "sub": SUB}
_SHIFT_STYLES = {"super": SUPER, "text-top": SUPER, "sub": SUB, "text-bottom": SUB}
_ALIGN = {"center": Align.CENTER, "right": Align.RIGHT, "end": Align.RIGHT}
_ALIGN |= {"-webkit-right": Align.RIGHT, "-webkit-center": Align.CENTER}
_NOT_INLINE = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th", "img", "col"})
# Their `align` places the thing itself and not its text.
_PLACED = frozenset({"table", "img", "hr", "caption"})
_SYMBOL_FONTS = ("wingdings", "webdings", "zapfdingbats", "mt extra")


class Look(NamedTuple):
    """How text at one place is shown, taken over from what stands around it."""

    marks: Marks = PLAIN
    is_hidden: bool = False
    is_pre: bool = False
    font: str = ""
    align: Align = Align.LEFT
    role: str = ""


@lru_cache(maxsize=4096)
def declarations(style: str) -> Declared:
    """Return the properties of one style attribute by name."""
    found = _DECLARATION.findall(style.lower())
    return {name: value.replace("!important", "").strip() for name, value in found}


def class_rules(sheet: str) -> dict[str, Declared]:
    """Return what a style sheet says of single classes."""
    rules: dict[str, Declared] = {}
    for selectors, body in _rules(_UNSEEN.sub("", sheet)):
        declared = {name: value for name, value in declarations(body).items() if name in _BY_CLASS}
        if not declared:
            continue
        for selector in selectors.split(","):
            if named := _CLASS.fullmatch(selector.strip()):
                rules[named.group(1)] = {**rules.get(named.group(1), NO_STYLE), **declared}
    return rules


def look_of(tag: str, attributes: Attributes, declared: Declared, outer: Look) -> Look:
    """Return how the text of an element is shown."""
    if not declared and not attributes and tag not in _OWN_LOOK:
        return outer
    return Look(
        _marks(tag, attributes, declared, outer.marks),
        outer.is_hidden or _hides(attributes, declared),
        _is_pre(tag, declared, outer.is_pre),
        _font(attributes, declared, outer.font),
        _align(tag, attributes, declared, outer.align),
        _role(declared) or outer.role,
    )


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the rules that hold for every medium: those within no other braces."""
    depth, start, selector = 0, 0, ""
    for brace in _BRACE.finditer(sheet):
        if brace.group() == "{":
            if not depth:
                selector = sheet[start : brace.start()]
            depth += 1
        else:
            if depth == 1 and "@" not in selector:
                yield selector, sheet[start : brace.start()]
            depth = max(0, depth - 1)
        start = brace.end()


def _marks(tag: str, attributes: Attributes, declared: Declared, outer: Marks) -> Marks:
    link, strong, emphasis, shift = outer
    if tag == "a":
        link = _link(attributes.get("href", "")) or link
    strong = _weight(declared, is_strong=strong or tag in _STRONG)
    emphasis = _slant(declared, is_slanted=emphasis or tag in _EMPHASIS)
    shift = _SHIFTS.get(tag, shift)
    if tag not in _NOT_INLINE:
        shift = _shift(declared) or shift
    return Marks(link, strong, emphasis, shift)


def _link(href: str) -> str:
    url = clean_url(href)
    return url if _LINK.match(url) else ""


def _weight(declared: Declared, *, is_strong: bool) -> bool:
    if declared.get("font", "inherit") != "inherit":
        is_strong = any(map(_BOLD.fullmatch, declared["font"].split()))
    weight = declared.get("font-weight", "")
    return bool(_BOLD.fullmatch(weight)) or (is_strong and not _LIGHT.fullmatch(weight))


def _slant(declared: Declared, *, is_slanted: bool) -> bool:
    if declared.get("font", "inherit") != "inherit":
        is_slanted = any(word in ("italic", "oblique") for word in declared["font"].split())
    style = declared.get("font-style", "")
    return style.startswith(("italic", "oblique")) or (is_slanted and style != "normal")


def _shift(declared: Declared) -> str:
    """Return super or sub; what raised text holds stays raised on whatever baseline."""
    for name in ("vertical-align", "mso-text-raise"):
        value = declared.get(name, "")
        if value in _SHIFT_STYLES:
            return _SHIFT_STYLES[value]
        length = _LENGTH.match(value)
        if length and value.strip("-0.ptxemr%"):
            return SUB if length.group(1) else SUPER
    return ""


def _hides(attributes: Attributes, declared: Declared) -> bool:
    return (
        "hidden" in attributes
        or declared.get("display") == "none"
        or declared.get("visibility") in ("hidden", "collapse")
        or declared.get("mso-hide") in ("all", "screen")
        or declared.get("mso-element") == "comment-list"
        or declared.get("mso-special-character") == "comment"
        or "msocomanchor" in attributes.get("class", "").lower()
    )


def _is_pre(tag: str, declared: Declared, is_outer: bool) -> bool:
    space = declared.get("white-space", "")
    if space:
        return space.startswith(("pre", "break-spaces"))
    return is_outer or tag == "pre"


def _font(attributes: Attributes, declared: Declared, outer: str) -> str:
    """Return which symbol font text is set in, if any."""
    face = declared.get("font-family") or attributes.get("face", "")
    if face and face != "inherit":
        outer = _symbol_font(face)
    own = _symbol_font(declared.get("mso-symbol-font-family", ""))
    return own if own and declared.get("mso-char-type") == "symbol" else outer


def _symbol_font(face: str) -> str:
    first = face.split(",")[0].strip().strip("\"'").lower()
    if first == SYMBOL_FONT.lower():
        return SYMBOL_FONT
    return first if first.startswith(_SYMBOL_FONTS) else ""


def _align(tag: str, attributes: Attributes, declared: Declared, outer: Align) -> Align:
    own = declared.get("text-align") or ("" if tag in _PLACED else attributes.get("align", "").lower())
    if own:
        return _ALIGN.get(own, Align.LEFT)
    return Align.LEFT if tag == "table" else outer


def _role(declared: Declared) -> str:
    if "ignore" in declared.get("mso-list", ""):
        return MARKER
    return GAP if "mso-tab-count" in declared or declared.get("mso-spacerun") == "yes" else ""


_OWN_LOOK = _STRONG | _EMPHASIS | {"sup", "sub", "pre", "table"}
