"""What a reader sees of a letter as one searchable text, and where words stand in it.

The document has objects where fields, citation numbers and the reference list are read. Here they are written
out, and every place found leads back to positions in the document.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextDocument

from app.ui.letters import formats
from app.ui.letters.formats import ATOM_CHARACTER, MADE_OBJECT

# What looks alike is found alike; every sign stands for one, so that places stay the same.
_ALIKE = str.maketrans({
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ", "\u2011": "-", "\u2010": "-",
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00b5": "\u03bc",
})  # fmt: skip
_FIRST_WIDE = "\U00010000"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, and how exactly."""

    text: str
    matches_case: bool = False
    is_whole_word: bool = False


class Place(NamedTuple):
    """Where a match stands in the document; `inner` counts within the reference list, or is -1."""

    start: int
    end: int
    has_object: bool
    inner: int = -1


class _Piece(NamedTuple):
    offset: int
    position: int
    is_object: bool
    is_made: bool


class ShownText:
    """The text of one document as it is read, at one moment."""

    def __init__(
        self,
        document: QTextDocument,
        shown: Callable[[QTextCharFormat, int], str],
        made_text: Callable[[], str],
    ) -> None:
        self._shown = shown
        self._made_text = made_text
        self._pieces: list[_Piece] = []
        self._edges: set[int] = set()
        parts: list[str] = []
        at = 0
        block = document.begin()
        while block.isValid():
            for text in self._parts(block, at):
                parts.append(text)
                at += len(text)
            block = block.next()
        self._exact = "".join(parts).translate(_ALIKE)
        self._lower = _lowered(self._exact)
        self._offsets = [piece.offset for piece in self._pieces]
        self._positions = [piece.position for piece in self._pieces]

    def find(self, wanted: Wanted) -> list[int]:
        """Return where every match begins in the shown text, none within another."""
        term = folded(wanted)
        text = self._exact if wanted.matches_case else self._lower
        found: list[int] = []
        at = text.find(term) if term else -1
        while at >= 0:
            is_taken = not wanted.is_whole_word or self._is_word(text, at, at + len(term))
            if is_taken:
                found.append(at)
            at = text.find(term, at + len(term) if is_taken else at + 1)
        return found

    def place(self, offset: int, length: int) -> Place:
        """Return where a match stands in the document."""
        first, last = self._piece(offset), self._piece(offset + length - 1)
        start = first.position if first.is_object else first.position + offset - first.offset
        end = last.position if last.is_object else last.position + offset + length - 1 - last.offset
        at, until = bisect_right(self._offsets, offset) - 1, bisect_right(self._offsets, offset + length - 1)
        # An object that shows nothing now has no piece of its own, but it has a position.
        has_object = end + 1 - start != length or any(piece.is_object for piece in self._pieces[at:until])
        return Place(start, end + 1, has_object, offset - first.offset if first.is_made else -1)

    def offset(self, position: int) -> int:
        """Return where a position of the document stands in the shown text."""
        at = max(0, bisect_right(self._positions, position) - 1)
        piece = self._pieces[at]
        return piece.offset if piece.is_object else piece.offset + position - piece.position

    def words(self, start: int, end: int) -> str:
        """Return what is read between two positions of the document."""
        return self._exact[self.offset(start) : self.offset(end)]

    def _piece(self, offset: int) -> _Piece:
        return self._pieces[bisect_right(self._offsets, offset) - 1]

    def _parts(self, block: QTextBlock, at: int) -> Iterator[str]:
        text = block.text()
        if ATOM_CHARACTER not in text:
            self._pieces.append(_Piece(at, block.position(), False, False))
            yield _paired(text)
        else:
            yield from self._mixed(block, at)
        yield "\n"

    def _mixed(self, block: QTextBlock, at: int) -> Iterator[str]:
        """Yield the text of a block with what its objects show in their place."""
        pieces, position = block.begin(), block.position()
        while not pieces.atEnd():
            fragment = pieces.fragment()
            shape = fragment.charFormat()
            for place, stretch in enumerate(_paired(fragment.text()).split(ATOM_CHARACTER)):
                if place:
                    text = self._object(shape, at, position)
                    yield text
                    at += len(text)
                    position += 1
                self._pieces.append(_Piece(at, position, False, False))
                yield stretch
                at += len(stretch)
                position += len(stretch)
            pieces += 1

    def _object(self, shape: QTextCharFormat, at: int, position: int) -> str:
        is_made = shape.objectType() == MADE_OBJECT
        text = _paired(self._made_text() if is_made else self._shown(shape, position))
        if text:
            self._pieces.append(_Piece(at, position, True, is_made))
        if formats.source_of(shape).startswith("["):
            # The number of a citation stands close to a word and is no part of it.
            self._edges.update((at, at + len(text)))
        return text

    def _is_word(self, text: str, start: int, end: int) -> bool:
        return self._is_edge(text, start) and self._is_edge(text, end)

    def _is_edge(self, text: str, at: int) -> bool:
        if at in self._edges or not 0 < at < len(text):
            return True
        return not (_is_letter(text[at - 1]) and _is_letter(text[at]))


def folded(wanted: Wanted) -> str:
    """Return the words as they are compared."""
    exact = _paired(wanted.text).translate(_ALIKE)
    return exact if wanted.matches_case else _lowered(exact)


def nearest(offsets: list[int], offset: int, by: int) -> tuple[int, bool]:
    """Return which match comes next after or before an offset, and whether that went round the end."""
    at = bisect_left(offsets, offset) if by > 0 else bisect_left(offsets, offset) - 1
    return at % len(offsets), not 0 <= at < len(offsets)


def _paired(text: str) -> str:
    """Write signs beyond the first plane as two, as the document counts them."""
    if text.isascii() or max(text) < _FIRST_WIDE:
        return text
    wide = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(wide[at] + (wide[at + 1] << 8)) for at in range(0, len(wide), 2))


def _lowered(text: str) -> str:
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    return lower.replace("\u03c2", "\u03c3")


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
