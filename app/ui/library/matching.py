"""Find the words of a question in a text, as the search does."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.markup import parse, plain_text
from app.services.library.queries import Section, match_expression

_WORD: Final = re.compile(r"\w+")
_QUERY_WORD: Final = re.compile(r'"(\w+)"(\*?)')
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[ ]+(?=[\"\u201c(A-Z0-9])|\n+")
_BULLET: Final = re.compile(r"^(?:- |\d+\. )")
# What may follow a common stem; the search folds the same endings away.
_ENDINGS: Final = frozenset(
    {
        "",
        "s",
        "d",
        "e",
        "es",
        "ed",
        "ing",
        "er",
        "ers",
        "y",
        "ies",
        "ly",
        "al",
        "ally",
        "ation",
        "ations",
        "ion",
    }
)
_SHORTEST_STEM: Final = 4
_LEAD: Final = 32
_CUT: Final = "\N{HORIZONTAL ELLIPSIS} "

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that answers best, with the places of matching words."""

    text: str
    marks: tuple[Span, ...] = ()
    paragraph: int = -1


NO_PASSAGE: Final = Passage("")


class Matcher:
    """The words of one question, compared as the search compares them."""

    def __init__(self, words: str) -> None:
        found = _QUERY_WORD.findall(match_expression(words))
        self._exact = tuple(_fold(word) for word, star in found if not star)
        self._starts = tuple(_fold(word) for word, star in found if star)
        self.words = tuple(word for word, _star in found)

    def __bool__(self) -> bool:
        return bool(self.words)

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return where matching words stand."""
        if not self.words:
            return ()
        return tuple(word.span() for word in _WORD.finditer(text) if self.matched(word.group()))

    def matched(self, word: str) -> str:
        """Return the asked word that a word of a text matches."""
        folded = _fold(word)
        for start in self._starts:
            if folded.startswith(start) or _share_stem(folded, start):
                return start
        return next((asked for asked in self._exact if _share_stem(folded, asked)), "")

    def found_in(self, *texts: str) -> tuple[str, ...]:
        """Return the asked words that stand in some text, as asked."""
        seen = {self.matched(word) for text in texts for word in _WORD.findall(text)}
        return tuple(word for word in self.words if _fold(word) in seen)


def best_passage(section: Section, matcher: Matcher) -> Passage:
    """Return the sentence of a section in which most asked words meet."""
    best, most = Passage(""), (-1, -1)
    for paragraph in section.paragraphs:
        for sentence in sentences(plain_text(parse(paragraph.markup))):
            marks = matcher.spans(sentence)
            score = (len(matcher.found_in(sentence)), -len(sentence) if marks else 0)
            if score[0] > most[0] or (score[0] == most[0] and score[0] > 0 and score > most):
                best, most = Passage(sentence, marks, paragraph.index), score
    return best


def focused(passage: Passage) -> Passage:
    """Begin a passage shortly before its first marked word, for one line."""
    if not passage.marks or passage.marks[0][0] <= _LEAD:
        return passage
    start = passage.text.rfind(" ", 0, passage.marks[0][0] - _LEAD // 2) + 1
    if start <= 0:
        return passage
    shift = start - len(_CUT)
    marks = tuple((begin - shift, end - shift) for begin, end in passage.marks)
    return Passage(_CUT + passage.text[start:], marks, passage.paragraph)


def sentences(text: str) -> list[str]:
    """Cut a plain text into sentences, list items and table rows."""
    return [_BULLET.sub("", piece.strip()) for piece in _SENTENCE_END.split(text) if piece.strip()]


def joined_spans(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Join neighbours with only a space between into one mark."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def holds_all(words: Sequence[str], *texts: str) -> bool:
    """Tell whether every typed word stands somewhere in the texts."""
    folded = _fold(" ".join(texts))
    return all(_fold(word) in folded for word in words)


def _share_stem(one: str, other: str) -> bool:
    if one == other:
        return True
    if one.isdigit() or other.isdigit():
        return False
    shared = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        shared += 1
    return shared >= _SHORTEST_STEM and one[shared:] in _ENDINGS and other[shared:] in _ENDINGS


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
