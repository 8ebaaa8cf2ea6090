"""Copied plain text as a tree, the lines of a PDF page joined to the paragraphs they were.

Only line breaks, hyphens at a line's end, ligatures and bullets are touched; in doubt a line or a hyphen stays.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.models.markup import canonical
from app.models.markup_flow import ListLine, gather
from app.models.markup_nodes import Block, Document, Paragraph, Text

_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_WRITTEN_OUT = str.maketrans({**_LIGATURES, "\u00ad": ""})
_SOFT_HYPHEN = "\u00ad"
_DASHES = "-\u2013"
# A dash before a figure may be its sign, and a raised dot its decimal point.
_BULLET = re.compile(rf"\s*(?:([•●▪■◦‣])\s*|(·)\s+|([{_DASHES}])\s+(?![\s0-9.,]))(?=\S)")
_NUMBER = re.compile(r"\s*([1-9][0-9]?)\.\s+(?=\S)")
_OWN_BULLETS = re.compile(r"^\s*[•●▪■◦‣]", re.MULTILINE)
_MID_SENTENCE = re.compile(r"[\w,;(/\u2013-]$")
_SENTENCE_END = re.compile(r"[.!?:…][\"'”\u2019)\]]*[0-9]*$")
_OPEN_END = re.compile("[,(/\u00ad-]$")
_CLAUSE_END = re.compile(r"[.:;?!]$")
_HYPHENED = re.compile(r"([^\W\d_]+)-$")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_GLUED = re.compile(r"\w[/-]$")
# Second halves that are never words of their own, so that the hyphen before them was the printer's.
_ENDINGS = frozenset(
    {
        *("tion", "tions", "tional", "tionally", "sion", "sions", "ment", "ments", "ing", "ings", "ness"),
        *(
            "ity",
            "ities",
            "bility",
            "bilities",
            "tive",
            "tives",
            "tively",
            "ative",
            "ical",
            "ically",
            "cally",
        ),
        *("ation", "ations", "dation", "dations", "lation", "lations", "mation", "tration", "trations"),
        *("zation", "sation", "isation", "ization", "mendation", "mendations", "centration", "centrations"),
        *("istration", "duction", "ductions", "tinued", "tinuation", "ticular", "ticularly", "cantly"),
        *(
            "tient",
            "tients",
            "cluding",
            "fied",
            "fically",
            "ance",
            "ances",
            "ence",
            "ences",
            "ency",
            "encies",
        ),
    }
)
_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"})
# What a line ends with shows in so many characters.
_TAIL = 64
_WRAP_WIDTHS = range(40, 200)
_FULL, _SHORT = 0.75, 0.55


class _Line(NamedTuple):
    """A line, parted from the bullet or number that it begins with."""

    text: str
    marker: str = ""
    bullet: str = ""
    number: int = 0

    @property
    def is_item(self) -> bool:
        return bool(self.bullet or self.number)

    def plain(self) -> "_Line":
        """Return the line as one without a bullet or number."""
        return _Line(self.marker + self.text)


def read_text(text: str) -> Document:
    """Return the canonical tree of copied plain text; whatever looks like markup stays its characters."""
    lines = [_tidied(line) for line in _LINE_END.split(text)]
    if _is_from_pdf(lines):
        parts = _Paragraphs(lines, _words(text)).parts()
    else:
        parts = [Paragraph((Text(line.removesuffix(_SOFT_HYPHEN)),)) for line in lines]
    return canonical(Document(tuple(gather(parts))))


def _tidied(line: str) -> str:
    has_soft_end = line.rstrip().endswith(_SOFT_HYPHEN)
    line = line.translate(_WRITTEN_OUT).rstrip()
    return line + _SOFT_HYPHEN if has_soft_end else line


def _is_from_pdf(lines: Sequence[str]) -> bool:
    """Tell whether lines end where a page did and not where a paragraph does."""
    if sum(bool(_OWN_BULLETS.match(line)) for line in lines) > 1:
        return True
    width = _width(lines)
    return any(
        line.endswith(_SOFT_HYPHEN)
        or (width in _WRAP_WIDTHS and len(line) >= width * _FULL and _runs_on(line, after))
        for line, after in pairwise(lines)
    )


def _runs_on(line: str, after: str) -> bool:
    after = after.lstrip()
    return bool(_MID_SENTENCE.search(line[-_TAIL:])) and after[:1].islower()


def _width(lines: Sequence[str]) -> int:
    """Return how long full lines are, a few longer ones aside."""
    lengths = sorted(map(len, lines), reverse=True)
    return lengths[len(lengths) // 10] if lengths else 0


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.translate(_WRITTEN_OUT).lower()))


class _Paragraphs:
    """Joins the lines of one page."""

    def __init__(self, lines: Sequence[str], words: frozenset[str]) -> None:
        self._lines = [_begun(line) for line in lines]
        self._words = words
        self._width = _width(lines)
        self._bullet = ""
        self._number = 0

    def parts(self) -> list[Block | ListLine]:
        """Return the paragraphs and the list lines in order."""
        return [self._part(line) for line in self._joined_lines() if line.text]

    def _joined_lines(self) -> Iterator[_Line]:
        first, pieces = _Line(""), [""]
        for each in self._counted():
            line = each
            if line.bullet and line.bullet in _DASHES and not _may_dash(first, pieces[-1]):
                line = line.plain()
            if self._begins(line, pieces[-1]):
                yield first._replace(text="".join(pieces))
                first, pieces = line, [line.text]
            else:
                last, between = self._join(pieces[-1][-_TAIL:], line.text.lstrip())
                pieces[-1] = f"{pieces[-1][:-_TAIL]}{last}{between}"
                pieces.append(line.text.lstrip())
        yield first._replace(text="".join(pieces))

    def _counted(self) -> Iterator[_Line]:
        """Yield the lines, and of the numbers only those that count on as items."""
        numbers = [line.number for line in self._lines]
        following = _following(numbers)
        counted = 0
        for line, after in zip(self._lines, following, strict=True):
            is_next = line.number in (after - 1, counted + 1 if counted else 0)
            if line.number and is_next:
                counted = line.number
            yield line if is_next or not line.number else line.plain()

    def _begins(self, line: _Line, last: str) -> bool:
        """Tell whether a line begins a paragraph or an item of its own."""
        end = last[-_TAIL:]
        if not line.text or not last or line.is_item:
            return True
        if _OPEN_END.search(end):
            return False
        if _SENTENCE_END.search(end):
            return len(last) < self._width * _FULL
        return len(last) < self._width * _SHORT and not line.text.lstrip()[:1].islower()

    def _join(self, end: str, after: str) -> tuple[str, str]:
        """Return the end of a line and what comes between it and the next one."""
        if end.endswith(_SOFT_HYPHEN):
            return end.removesuffix(_SOFT_HYPHEN), ""
        hyphened, word = _HYPHENED.search(end), _NEXT_WORD.match(after)
        if hyphened and word:
            if word.group() in _SUSPENDED:
                return end, " "
            is_printers = self._is_printers(hyphened.group(1), word.group())
            return (end.removesuffix("-") if is_printers else end), ""
        return end, "" if _GLUED.search(end) else " "

    def _is_printers(self, first: str, second: str) -> bool:
        """Tell whether a hyphen at a line's end stands there only because the line ended."""
        if not second.islower():
            return False
        one, two = f"{first}{second}".lower(), f"{first}-{second}".lower()
        return two not in self._words and (one in self._words or second in _ENDINGS)

    def _part(self, line: _Line) -> Block | ListLine:
        # A list counts on by itself, so an item with another number than the next cannot be one of it.
        if line.number and self._number in (0, line.number - 1):
            self._number, self._bullet = line.number, ""
            return ListLine(1, True, line.number, _shown(line.text))
        self._number = 0
        if line.bullet:
            self._bullet = self._bullet or line.bullet
            return ListLine(1 if line.bullet == self._bullet else 2, False, 1, _shown(line.text))
        self._bullet = ""
        return Paragraph(_shown(line.marker + line.text))


def _may_dash(open_line: _Line, last: str) -> bool:
    """Tell whether a dash may begin an item here: within a sentence it is a dash."""
    return not last or bool(open_line.bullet) or bool(_CLAUSE_END.search(last[-_TAIL:]))


def _following(numbers: Sequence[int]) -> list[int]:
    """Return the next number behind each line, or zero."""
    found: list[int] = []
    after = 0
    for number in reversed(numbers):
        found.append(after)
        after = number or after
    return found[::-1]


def _shown(text: str) -> tuple[Text, ...]:
    return (Text(text.removesuffix(_SOFT_HYPHEN)),)


def _begun(line: str) -> _Line:
    if bullet := _BULLET.match(line):
        return _Line(line[bullet.end() :], bullet.group(), "".join(filter(None, bullet.groups())))
    if number := _NUMBER.match(line):
        return _Line(line[number.end() :], number.group(), "", int(number.group(1)))
    return _Line(line)
