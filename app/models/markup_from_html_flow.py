"""Copied text on its way into a tree: paragraphs and list lines in order, and tables in a grid."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from app.models.markup import canonical
from app.models.markup_flow import ListLine, gather
from app.models.markup_nodes import (
    Align,
    Block,
    Document,
    HardBreak,
    Heading,
    Inline,
    Inlines,
    List,
    Paragraph,
    Table,
    Text,
    inline_parts,
)
from app.models.markup_runs import Run, canonical_inlines, flatten, nest, tidy

MOST_CELLS = 50_000
MOST_COLUMNS = 256

_COUNTED = re.compile(r"[(\[]?((?:[0-9]+\.)*)(?:([0-9]{1,9})|([a-zA-Z]{1,5}))([.)\]:]*)")
_DEEPEST_HEADING = 4
_BLANKS = (" ", "\u00a0")


class TooMuchError(Exception):
    """What was copied is larger than is taken over."""


class Place(NamedTuple):
    """The place of a list item: how deep, and its number if it is counted."""

    level: int
    ordered: bool
    number: int = 1


@dataclass(slots=True)
class _Line:
    """A list item whose text may go on after what stands below it."""

    place: Place
    children: list[Inline]

    def line(self) -> ListLine:
        return ListLine(*self.place, tuple(self.children))


@dataclass(slots=True)
class Flow:
    """The text of a page or of one cell while it is read."""

    heading: int = 0
    align: Align | None = None
    marker: str | None = None
    word_level: int = 0
    item: Place | None = None
    items: int = 0
    _runs: list[Run] = field(default_factory=list)
    _breaks: int = 0
    _parts: list[Block | _Line] = field(default_factory=list)
    _base: int = 1
    _sublist: bool | None = None
    _is_begun: bool = False

    def add(self, run: Run, align: Align) -> None:
        """Add a stretch of text to the open paragraph."""
        if isinstance(run.body, HardBreak):
            self._breaks += 1
        elif run.body in _BLANKS:
            if not self._runs:
                return
        elif self.align is None:
            self.align = align
        self._runs.append(run)

    def flush(self) -> None:
        """End the open paragraph."""
        if self._runs:
            groups = _split(self._runs) if self._breaks > 1 else (self._runs,)
            self._runs, self._breaks = [], 0
            for group in groups:
                if children := nest(tidy(group)):
                    self._put(children)
        if self.word_level:
            self.word_level, self.marker, self._is_begun = 0, None, False

    def put(self, block: Block) -> None:
        """Add a finished block."""
        self._parts.append(block)

    def take_over(self, other: "Flow") -> None:
        """Add all that another one holds."""
        self._parts += other._parts  # noqa: SLF001 - the same class

    def tree(self) -> Document:
        """Return the canonical tree of what was read."""
        lines = (part.line() if isinstance(part, _Line) else part for part in self._parts)
        return Document(tuple(_settled(gather(lines))))

    def inlines(self) -> Inlines:
        """Return what was read as the text of one cell, with breaks between its parts."""
        nodes: list[Inline] = []
        for part in self._parts:
            for children in _lines(part):
                nodes += ([HardBreak()] if nodes else []) + list(children)
        return tuple(nodes)

    def _put(self, children: Inlines) -> None:
        if self.word_level:
            self._put_word_item(children)
        elif self.items:
            self._put_item(children)
        elif self.heading:
            self.put(Heading(min(self.heading, _DEEPEST_HEADING), without_strong(children)))
        else:
            self.put(Paragraph(children))

    def _put_word_item(self, children: Inlines) -> None:
        marker = (self.marker or "").strip()
        counted = _counted(marker)
        is_shown = counted is not None if self.heading else counted is None and _says_more(marker)
        if is_shown and not self._is_begun:
            children = canonical_inlines((Text(f"{marker} "), *children))
        if self.heading:
            self.put(Heading(min(self.heading, _DEEPEST_HEADING), without_strong(children)))
        elif self._is_begun:
            self._continue(children)
        elif is_shown:
            self.put(Paragraph(children))
        else:
            self._line(Place(self.word_level, counted is not None, counted or self._next()), children)
        self._is_begun = True

    def _put_item(self, children: Inlines) -> None:
        if self.item is None:
            self._continue(children)
        else:
            self._line(self.item, children)
            self.item = None

    def _continue(self, children: Inlines) -> None:
        last = self._parts[-1] if self._parts else None
        if isinstance(last, _Line):
            last.children += (HardBreak(), *children)
        else:
            self.put(Paragraph(children))

    def _line(self, place: Place, children: Inlines) -> None:
        """Add a list item at one of the two levels there are.

        What these cannot hold without other numbers or bullets stays a line of the item before.
        """
        if not self._parts or not isinstance(self._parts[-1], _Line):
            self._base, self._sublist = place.level, None
        self._base = min(self._base, place.level)
        depth = place.level - self._base + 1
        if depth == 1:
            self._sublist = None
        elif self._sublist is None:
            self._sublist = place.ordered
        elif self._sublist != place.ordered or (depth > 2 and place.ordered):
            self._continue((Text(_label(place)), *children))
            return
        self._parts.append(_Line(place._replace(level=min(depth, 2)), list(children)))

    def _next(self) -> int:
        last = self._parts[-1] if self._parts else None
        return last.place.number + 1 if isinstance(last, _Line) else 1


class Cell(NamedTuple):
    """A cell and how many columns and rows it takes."""

    inlines: Inlines
    align: Align
    columns: int
    rows: int


class Grid:
    """A table while it is read, with the cells that span several places laid out."""

    def __init__(self) -> None:
        self._rows: list[dict[int, Cell]] = []
        self._spans: dict[int, int] = {}
        self._column = 0
        self._cells = 0
        self.only: Flow | None = None

    def begin_row(self) -> None:
        """Begin the next row below."""
        self._rows.append({})
        self._spans = {column: left - 1 for column, left in self._spans.items() if left > 1}
        self._column = 0

    def add(self, cell: Cell, flow: Flow) -> None:
        """Put a cell at the next free place of the row."""
        if not self._rows:
            self.begin_row()
        while self._spans.get(self._column):
            self._column += 1
        self.only = None if self._cells else flow
        self._cells += 1
        self._rows[-1][self._column] = cell
        if cell.rows > 1:
            taken = range(self._column, self._column + cell.columns)
            # Until the end of this row the place counts as taken, too.
            self._spans.update(dict.fromkeys(taken, cell.rows))
        self._column += cell.columns
        if self._column > MOST_COLUMNS + cell.columns:
            raise TooMuchError

    def table(self) -> Table | None:
        """Return the table, or nothing where it has no cell."""
        rows = [row for row in self._rows if row]
        if not rows:
            return None
        width = max(max(row) for row in rows) + 1
        if width * len(rows) > MOST_CELLS:
            raise TooMuchError
        texts = [tuple(row[at].inlines if at in row else () for at in range(width)) for row in rows]
        header = tuple(map(without_strong, texts[0]))
        return Table(header, tuple(_align(rows, at) for at in range(width)), tuple(texts[1:]))


def without_strong(inlines: Inlines) -> Inlines:
    """Return text that is strong all over without that mark, for places that are bold by themselves."""
    runs = flatten(inlines)
    if not all(run.marks.strong for run in runs if not (isinstance(run.body, str) and run.body.isspace())):
        return inlines
    return nest(tidy(Run(run.body, run.marks._replace(strong=False)) for run in runs))


def _settled(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield canonical blocks; what is one paragraph was made canonical when it ended."""
    for block in blocks:
        if isinstance(block, Paragraph | Heading):
            yield block
        else:
            yield from canonical(Document((block,))).blocks


def _align(rows: list[dict[int, Cell]], column: int) -> Align:
    """Return how a column is set: a header is often centred over figures set to the right."""
    body = (row[column].align for row in rows[1:] if column in row and row[column].inlines)
    header = rows[0][column].align if column in rows[0] else Align.LEFT
    return next(body, header)


def _split(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Cut text where an empty line stands in it."""
    group: list[Run] = []
    breaks = 0
    for run in runs:
        if isinstance(run.body, HardBreak):
            breaks += 1
        elif not (isinstance(run.body, str) and run.body.isspace()):
            if breaks > 1:
                yield group
                group = []
            breaks = 0
        group.append(run)
    yield group


def _counted(marker: str) -> int | None:
    """Return the number that a marker counts to, zero where it is not a number, or nothing for a bullet."""
    match = _COUNTED.fullmatch(marker)
    if match is None:
        return None
    _, digits, letters, end = match.groups()
    if digits:
        return int(digits)
    if not end:
        return None
    letter = letters.lower()
    return ord(letter) - ord("a") + 1 if len(letter) == 1 and letter != "i" else 0


def _says_more(marker: str) -> bool:
    """Tell whether a marker has words, as in "Table 1:", and is no bullet."""
    return len(marker) > 1 and any(map(str.isalnum, marker))


def _label(place: Place) -> str:
    return f"{place.number}. " if place.ordered else "\u2022 "


def _lines(part: Block | _Line) -> Iterator[Inlines]:
    match part:
        case _Line():
            yield (Text(_label(part.place)), *part.children)
        case Table():
            yield from (cell for cell in inline_parts(part) if cell)
        case List():
            yield from inline_parts(part)
        case _:
            yield part.children
