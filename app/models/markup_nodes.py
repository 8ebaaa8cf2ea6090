"""The frozen nodes of letter text and what may stand in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

KEY = r"\w[\w:./+-]*+"
FIELD_NAME = r"[A-Za-z][A-Za-z0-9_.-]*+"
# Only these leave the program as live links, so no tree can carry a script or a file path.
URL_SCHEME = r"(?i:https?://|ftp://|mailto:|tel:)"

_KEY = re.compile(KEY)
_FIELD_NAME = re.compile(FIELD_NAME)
_URL = re.compile(URL_SCHEME)
_LOCATOR_SPECIAL = re.compile(r"([\\;\[\]|])")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028]")
# C0 and C1 controls, lone surrogates and non-characters: XML refuses most of them and Qt gives U+FFFC
# and U+FDD0.. a meaning of its own, so none of them can be text in a letter.
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff]")
_MAX_NUMBER = 999_999_999


class Align(StrEnum):
    """How the cells of a table column are set."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of characters without marks of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class HardBreak:
    """A line break inside one paragraph, item or cell."""


@dataclass(frozen=True, slots=True)
class Field:
    """A merge field that stays a name until it is drawn."""

    name: str


@dataclass(frozen=True, slots=True)
class CitationItem:
    """One cited key and the place in that reference."""

    key: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """One or more references cited at one place in the text."""

    items: tuple[CitationItem, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Inline text of strong importance, usually drawn in bold."""

    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Inline text that is stressed, usually drawn in italics."""

    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Super:
    """Inline text raised above the line, such as powers."""

    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Sub:
    """Inline text set below the line, such as indices."""

    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Link:
    """Inline text that leads to an address outside the letter."""

    url: str
    children: "Inlines"


Atom = Citation | Field | HardBreak
Inline = Text | Strong | Emphasis | Super | Sub | Link | Citation | Field | HardBreak
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level one to four."""

    level: int
    children: Inlines


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list with the list below it."""

    children: Inlines
    sublist: "List | None" = None


@dataclass(frozen=True, slots=True)
class List:
    """A list of at most two levels, numbered from `start` if ordered."""

    ordered: bool
    items: tuple[ListItem, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row and an alignment per column."""

    header: tuple[Inlines, ...]
    align: tuple[Align, ...]
    rows: tuple[tuple[Inlines, ...], ...]


Block = Paragraph | Heading | List | Table


@dataclass(frozen=True, slots=True)
class Document:
    """The tree of one markup text: its blocks in order."""

    blocks: tuple[Block, ...] = ()


def clean_text(text: str) -> str:
    """Drop what is no text and unify all line ends."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    return _NOT_TEXT.sub("", text)


def clean_url(url: str) -> str:
    """Return the address fit for a link, or nothing if refused."""
    url = "%20".join(clean_text(url).split())
    return url if _URL.match(url) else ""


def clean_locator(locator: str) -> str:
    """Return the place in a reference on one line."""
    return " ".join(clean_text(locator).split())


def clean_citation(citation: Citation) -> Citation | None:
    """Return the citation in normal form, or None if unfit."""
    if not citation.items or not all(_KEY.fullmatch(item.key) for item in citation.items):
        return None
    return Citation(tuple(CitationItem(item.key, clean_locator(item.locator)) for item in citation.items))


def is_field_name(name: str) -> bool:
    """Tell whether a merge field may bear this name."""
    return _FIELD_NAME.fullmatch(name) is not None


def clean_start(start: int, count: int) -> int:
    """Keep the numbers of a list within nine digits."""
    return max(0, min(start, _MAX_NUMBER - count))


def source(atom: Citation | Field) -> str:
    """Return the markup of a citation or a merge field."""
    if isinstance(atom, Field):
        return "{{" + atom.name + "}}"
    return "[" + "; ".join(map(_item_source, atom.items)) + "]"


def _item_source(item: CitationItem) -> str:
    if not item.locator:
        return f"@{item.key}"
    escaped = _LOCATOR_SPECIAL.sub(r"\\\1", item.locator)
    return f"@{item.key}, {escaped}"


def inline_parts(block: Block) -> Sequence[Inlines]:
    """Return every inline text of a block in reading order."""
    match block:
        case Paragraph() | Heading():
            return (block.children,)
        case List():
            return [part for item in block.items for part in _item_parts(item)]
        case Table():
            return [cell for row in (block.header, *block.rows) for cell in row]


def _item_parts(item: ListItem) -> list[Inlines]:
    below = inline_parts(item.sublist) if item.sublist else ()
    return [item.children, *below]
