"""Copied HTML of word processors, browsers and spreadsheets as a tree.

What the tree cannot hold is marked visibly; scripts, styles and whatever the other program hides are left out.
Nothing of the HTML itself comes through, only its characters and what they mean.
"""

import re
from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from app.models.markup_from_html_css import (
    GAP,
    MARKER,
    Attributes,
    Declared,
    Look,
    class_rules,
    declarations,
    look_of,
)
from app.models.markup_from_html_flow import MOST_COLUMNS, Cell, Flow, Grid, Place, TooMuchError
from app.models.markup_nodes import Align, Document, HardBreak, Paragraph, inline_parts
from app.models.markup_runs import Run, flatten
from app.models.symbol_font import SYMBOL_FONT, UNKNOWN, from_symbol

MOST_CHARACTERS = 2_000_000
MOST_ELEMENTS = 20_000

_HEADER = re.compile(r"\A\ufeff?(?:[A-Za-z]+:[^\r\n<]*(?:\r\n|\r|\n))+(?=\s*<)")
_START, _END = "StartFragment", "EndFragment"
_FRAGMENT = re.compile(rf"<!--\s*{_START}\s*-->")
_SPACE = re.compile("[ \t\r\n\f]+")
_NEW_LINE = re.compile("\r\n?|\n")
_NOTE = re.compile(r"#_?(?:ftn|edn)t?[0-9]+$")
_NOTE_CLASSES = frozenset({"sdfootnoteanc", "sdendnoteanc"})
_WORD_LIST = re.compile(r"\blevel([1-9])\b")
_MOST_NESTED = 12
_LATIN = 0x100
_PRIVATE = 0xF000
# Up to these widths a picture is an icon or counts readers.
_DECORATION = {"svg": 32, "img": 2}
_DIGITS = 9
_SKIPPED = frozenset(
    {
        *("head", "style", "script", "title", "template", "noscript", "noframes", "xml", "iframe", "audio"),
        *("del", "button", "select", "textarea", "datalist", "meter", "progress", "rp"),
    }
)
_FIGURES = frozenset({"img", "svg", "canvas", "object", "embed", "video"})
_BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "header", "footer", "nav", "aside", "main", "figure", "pre"),
        *("blockquote", "figcaption", "address", "center", "body", "html", "dl", "dt", "dd", "hr", "form"),
        *("summary", "caption", "hgroup", "search", "table", "tbody", "thead", "tfoot", "tr", "td", "th"),
        *("fieldset", "legend", "details"),
    }
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_BLOCK_DISPLAYS = ("block", "flex", "grid", "list-item", "table", "flow-root")

_Closer = Callable[[], None]


class _Frame(NamedTuple):
    look: Look
    close: _Closer | None = None


def read_html(html: str) -> Document | None:
    """Return the canonical tree of copied HTML, or nothing where there is more than is taken over."""
    if len(html) > MOST_CHARACTERS:
        return None
    html = _HEADER.sub("", html.replace("\0", ""))
    reader = _Reader(is_whole=_FRAGMENT.search(html) is None)
    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True)
    try:
        parser.feed(html.encode("utf-8", "replace"))
        tree: Document = parser.close()
    except TooMuchError:
        return None
    except etree.LxmlError:
        return Document()
    return tree


def has_structure(tree: Document) -> bool:
    """Tell whether a tree says more than its lines: a heading, a list, a table, a mark or a link."""
    return any(
        not isinstance(block, Paragraph)
        or any(any(run.marks) for part in inline_parts(block) for run in flatten(part))
        for block in tree.blocks
    )


class _Reader:
    """Follows the parser through the elements and fills the flow of the page or of the open cell."""

    def __init__(self, *, is_whole: bool) -> None:
        self._is_inside = is_whole
        self._frames = [_Frame(Look())]
        self._flows = [Flow()]
        self._grids: list[Grid] = []
        self._lists: list[list[tuple[bool, count[int]]]] = [[]]
        self._rules: dict[str, Declared] = {}
        self._looks: dict[tuple[object, ...], tuple[Declared, Look]] = {}
        self._sheet: list[str] | None = None
        self._left = MOST_ELEMENTS
        self._openers: dict[str, Callable[[Attributes], _Closer]] = {
            "table": self._open_table,
            "tr": self._open_row,
            "td": self._open_cell,
            "th": self._open_cell,
            "li": self._open_item,
        }

    @property
    def _flow(self) -> Flow:
        return self._flows[-1]

    # What the parser calls

    def start(self, tag: str, attributes: Attributes) -> None:
        """Open an element."""
        self._count()
        outer = self._frames[-1].look
        if outer.is_hidden or tag in _SKIPPED:
            self._sheet = [] if tag == "style" else self._sheet
            self._frames.append(_Frame(outer._replace(is_hidden=True)))
            return
        declared, look = self._seen(tag, attributes, outer)
        shown = "" if look.is_hidden else _shown_as(tag, attributes, declared)
        if shown:
            self._add(shown, outer._replace(marks=look.marks, font=""))
            look = look._replace(is_hidden=True)
        close = None if look.is_hidden else self._open(tag, attributes, declared, look)
        self._frames.append(_Frame(look, close))

    def end(self, tag: str) -> None:
        """Close an element."""
        if len(self._frames) > 1:
            close = self._frames.pop().close
            if close is not None:
                close()
        if tag == "style" and self._sheet is not None:
            self._rules |= class_rules("".join(self._sheet))
            self._looks.clear()
            self._sheet = None

    def data(self, text: str) -> None:
        """Take the characters between two tags."""
        look = self._frames[-1].look
        if look.is_hidden:
            if self._sheet is not None:
                self._sheet.append(text)
        elif look.role == MARKER:
            self._flow.marker = (self._flow.marker or "") + (text if self._is_inside else "")
        elif look.is_pre:
            for place, line in enumerate(_NEW_LINE.split(text)):
                if place:
                    self._count()
                    self._add(HardBreak(), look)
                self._add(line, look)
        else:
            self._add(" " if look.role == GAP and text.isspace() else _SPACE.sub(" ", text), look)

    def comment(self, text: str) -> None:
        """Notice where the copied part begins and ends."""
        if text.strip() == _START:
            self._is_inside = True
        elif text.strip() == _END:
            self._is_inside = False

    def close(self) -> Document:
        """Return what was read."""
        while len(self._frames) > 1:
            self.end("")
        self._flow.flush()
        return self._flow.tree()

    # Elements

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooMuchError

    def _seen(self, tag: str, attributes: Attributes, outer: Look) -> tuple[Declared, Look]:
        """Return what an element declares and how it looks; word processors repeat few styles very often."""
        key = (tag, outer, *attributes.items())
        found = self._looks.get(key)
        if found is None:
            declared = self._declared(attributes)
            found = self._looks[key] = (declared, look_of(tag, attributes, declared, outer))
        return found

    def _declared(self, attributes: Attributes) -> Declared:
        style = attributes.get("style") or ""
        declared = declarations(style)
        names = (attributes.get("class") or "").split() if self._rules else ()
        for name in reversed(names):
            if name in self._rules:
                declared = {**self._rules[name], **declared}
        return declared

    def _open(self, tag: str, attributes: Attributes, declared: Declared, look: Look) -> _Closer | None:
        if tag == "br":
            self._add(HardBreak(), look)
        elif tag in self._openers:
            return self._openers[tag](attributes)
        elif tag in _LISTS:
            return self._open_list(tag, attributes)
        elif tag in _HEADINGS:
            self._flow.flush()
            self._flow.heading = _HEADINGS[tag]
            self._begin_word_item(declared)
            return self._close_heading
        elif _is_block(tag, declared):
            self._flow.flush()
            self._begin_word_item(declared)
            return self._flow.flush
        elif tag in _STRUCK or "line-through" in declared.get("text-decoration", ""):
            # Left as it is, struck text would say the opposite of what its writer meant.
            self._add("[struck out: ", look)
            return lambda: self._add("]", look)
        elif look.role == MARKER and not self._flow.items and not self._flow.word_level:
            self._flow.word_level = 1
        return None

    def _begin_word_item(self, declared: Declared) -> None:
        level = _WORD_LIST.search(declared.get("mso-list", ""))
        if level:
            self._flow.word_level, self._flow.marker = int(level.group(1)), None

    def _close_heading(self) -> None:
        self._flow.flush()
        self._flow.heading = 0

    def _open_list(self, tag: str, attributes: Attributes) -> _Closer:
        self._flow.flush()
        lists = self._lists[-1]
        lists.append((tag == "ol", count(_number(attributes.get("start"), 1))))

        def close() -> None:
            self._flow.flush()
            lists.pop()

        return close

    def _open_item(self, attributes: Attributes) -> _Closer:
        flow = self._flow
        flow.flush()
        lists = self._lists[-1]
        ordered, numbers = lists[-1] if lists else (False, count(1))
        number = next(numbers)
        if attributes.get("value") and ordered:
            number = _number(attributes.get("value"), number)
            lists[-1] = (ordered, count(number + 1))
        flow.item = Place(max(1, len(lists)), ordered, number)
        flow.items += 1

        def close() -> None:
            flow.flush()
            flow.item = None
            flow.items -= 1

        return close

    def _open_table(self, _attributes: Attributes) -> _Closer:
        self._flow.flush()
        if len(self._grids) >= _MOST_NESTED:
            return self._flow.flush
        self._grids.append(Grid())
        return self._close_table

    def _close_table(self) -> None:
        grid = self._grids.pop()
        self._flow.flush()
        if grid.only is not None:
            # One cell around everything is there for the page's looks.
            self._flow.take_over(grid.only)
        elif (table := grid.table()) is not None:
            self._flow.put(table)

    def _open_row(self, _attributes: Attributes) -> _Closer:
        self._flow.flush()
        if self._is_in_table():
            self._grids[-1].begin_row()
        return self._flow.flush

    def _open_cell(self, attributes: Attributes) -> _Closer:
        if not self._is_in_table():
            self._flow.flush()
            return self._flow.flush
        columns = min(max(1, _number(attributes.get("colspan"), 1)), MOST_COLUMNS)
        rows = max(1, _number(attributes.get("rowspan"), 1))
        flow, is_inside = Flow(), self._is_inside
        self._flows.append(flow)
        self._lists.append([])

        def close() -> None:
            flow.flush()
            self._flows.pop()
            self._lists.pop()
            inlines = flow.inlines()
            if inlines or is_inside:
                self._grids[-1].add(Cell(inlines, flow.align or Align.LEFT, columns, rows), flow)

        return close

    def _is_in_table(self) -> bool:
        """Tell whether a row or a cell belongs to the open table and not to a cell of it."""
        return len(self._grids) == len(self._flows)

    def _add(self, body: str | HardBreak, look: Look) -> None:
        if not self._is_inside or body == "":
            return
        if look.font and isinstance(body, str):
            body = "".join(_of_symbol_font(sign, look.font) for sign in body)
        self._flow.add(Run(body, look.marks), look.align)


_STRUCK = frozenset({"s", "strike"})


def _shown_as(tag: str, attributes: Attributes, declared: Declared) -> str:
    """Return the visible marker of what the tree cannot hold."""
    if tag == "a":
        names = (attributes.get("class") or "").split()
        is_note = "mso-footnote-id" in declared or "mso-endnote-id" in declared
        href = attributes.get("href") or ""
        is_back = "ref" in href.partition("#")[2]
        is_note = (is_note and not is_back) or bool(_NOTE.search(href))
        return "[footnote]" if is_note or not _NOTE_CLASSES.isdisjoint(names) else ""
    if tag in _FIGURES:
        return "[figure]" if _width(attributes, declared) > _DECORATION.get(tag, 0) else ""
    return "[formula]" if tag == "math" else ""


def _width(attributes: Attributes, declared: Declared) -> int:
    width = declared.get("width") or attributes.get("width") or ""
    return _number(width.removesuffix("px"), MOST_CHARACTERS)


def _is_block(tag: str, declared: Declared) -> bool:
    display = declared.get("display", "")
    if tag in _BLOCKS:
        return not display.startswith("inline")
    return display in _BLOCK_DISPLAYS


def _of_symbol_font(sign: str, font: str) -> str:
    code = ord(sign)
    if sign.isspace() or _LATIN <= code < _PRIVATE or code > _PRIVATE + _LATIN:
        return sign
    return from_symbol(code) if font == SYMBOL_FONT else UNKNOWN


def _number(text: str | None, otherwise: int) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else otherwise
