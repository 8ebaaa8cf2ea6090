"""A letter as paper: what a Word file shows, with the looks resolved, ready to be painted.

Lengths are in points. What is painted comes from the Word file itself, so that both say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

PAGE, PAGES = "page", "pages"
LEFT, CENTER, RIGHT = "left", "center", "right"
BLACK: Final = "#000000"


@dataclass(frozen=True, slots=True)
class Look:
    """How characters look."""

    family: str = ""
    points: float = 10.5
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = BLACK
    script: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one look; `field` is `page` or `pages` where a number is put in at painting."""

    text: str
    look: Look
    link: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in a line, as its file's bytes."""

    content: bytes
    width: float
    height: float
    description: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line above or below a paragraph, in points."""

    width: float
    color: str
    space: float


@dataclass(frozen=True, slots=True)
class Shape:
    """How a paragraph stands."""

    align: str = LEFT
    before: float = 0.0
    after: float = 0.0
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0
    """Further in than `left` for the first line; below zero it hangs out, as in lists."""
    spacing: float = 1.0
    keep_next: bool = False
    tabs: tuple[tuple[float, str], ...] = ()
    above: Rule | None = None
    below: Rule | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; `level` is that of a heading, else zero; `marker` is the number or bullet of a list item."""

    pieces: tuple[Piece | Picture, ...]
    shape: Shape
    look: Look
    level: int = 0
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    lines: tuple[Line, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Edges:
    """The lines of a table: around it, between its cells, and below its head."""

    top: Rule | None = None
    bottom: Rule | None = None
    left: Rule | None = None
    right: Rule | None = None
    inside_h: Rule | None = None
    inside_v: Rule | None = None
    head: Rule | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; its first rows stand again on each page."""

    rows: tuple[tuple[Cell, ...], ...]
    columns: int
    head_rows: int = 0
    padding: float = 5.4
    padding_down: float = 0.0
    edges: Edges = Edges()


Flow = Line | Grid


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper: its size and its margins, in points."""

    width: float = 595.3
    height: float = 841.9
    left: float = 70.9
    right: float = 70.9
    top: float = 70.9
    bottom: float = 70.9
    header: float = 35.4
    footer: float = 35.4


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole letter to be painted."""

    sheet: Sheet
    body: tuple[Flow, ...]
    header: tuple[Flow, ...] = ()
    footer: tuple[Flow, ...] = ()
    title: str = ""
    author: str = ""
    language: str = ""
    created: str = ""
    """When the letter was made, as in the Word file's properties: ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a heading stands: its page from zero, and how far its top is below the page's, in points."""

    level: int
    title: str
    page: int
    down: float


@dataclass(frozen=True, slots=True)
class Painted:
    """Painted pages as the bytes of a PDF, without properties and bookmarks."""

    document: bytes
    pages: int
    marks: tuple[Mark, ...] = field(default=())


class Painter(Protocol):
    """Paints paper; implemented with Qt in `ui/print`, so any thread may call it."""

    def __call__(self, paper: Paper) -> Painted:
        """Return the pages."""


def text_of(flow: Sequence[Flow]) -> str:
    """Return the words of a flow, a line a paragraph, cells apart by tabs."""
    lines: list[str] = []
    for each in flow:
        if isinstance(each, Line):
            marker = f"{each.marker}\t" if each.marker else ""
            lines.append(marker + "".join(p.text for p in each.pieces if isinstance(p, Piece)))
        else:
            lines += ["\t".join(text_of(cell.lines) for cell in row) for row in each.rows]
    return "\n".join(lines)
