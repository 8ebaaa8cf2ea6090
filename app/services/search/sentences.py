"""Find the sentence of a text that answers a question best."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.models.markup import Document, parse, plain_text
from app.services.search.stems import fold, stem

Span: TypeAlias = tuple[int, int]

_END: Final = re.compile(r"[.!?] +(?=[\"\u201c(A-Z0-9])|\n+")
_BULLET: Final = re.compile(r"^(?:- |\d+\. )")
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_TEXT: Final = 40_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the places of matching words, and the paragraph it stands in."""

    text: str
    marks: tuple[Span, ...] = ()
    paragraph: int = -1
    weight: float = 0.0


def best_sentence(markup: str, weights: Mapping[str, float]) -> Sentence:
    """Return the sentence in which the weightiest stems meet, the shorter of equals."""
    best = Sentence("")
    for place, block in enumerate(parse(markup[:_LONGEST_TEXT]).blocks):
        for sentence in sentences(plain_text(Document((block,)))):
            marks, weight = matched(sentence, weights)
            is_better = (weight, -len(sentence)) > (best.weight, -len(best.text))
            if not best.text or (is_better and weight > 0):
                best = Sentence(sentence, marks, place, weight)
    return best


def sentences(text: str) -> list[str]:
    """Cut a plain text into sentences, list items and table rows."""
    pieces: list[str] = []
    start = 0
    for end in _END.finditer(text):
        pieces.append(text[start : end.start() + 1])
        start = end.end()
    pieces.append(text[start:])
    return [_BULLET.sub("", kept, count=1) for piece in pieces if (kept := piece.strip())]


def matched(text: str, weights: Mapping[str, float]) -> tuple[tuple[Span, ...], float]:
    """Return where the weighted stems stand in a text, and the sum of their weights, each once."""
    found: list[Span] = []
    seen: set[str] = set()
    for word in _may_match(text, tuple(weights)):
        asked = _stem_of(word.group())
        if asked in weights:
            found.append(word.span())
            seen.add(asked)
    return tuple(found), sum(weights[each] for each in sorted(seen))


def words_in(texts: Sequence[str], weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the weighted stems that stand in some text, the weightiest first."""
    seen = {_stem_of(word) for text in texts for word in _WORD.findall(text)}
    return tuple(sorted((each for each in weights if each in seen), key=lambda each: -weights[each]))


def _may_match(text: str, stems: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Return the words of a text that can have one of the stems, and some more: to stem them all takes ten times."""
    if not text.isascii():
        # Folded, it may have other places.
        return _WORD.finditer(text)
    folded = text.lower()
    begins, pattern = _beginnings(stems)
    return pattern.finditer(folded) if any(each in folded for each in begins) else iter(())


@functools.lru_cache(maxsize=16)
def _beginnings(stems: tuple[str, ...]) -> tuple[tuple[str, ...], re.Pattern[str]]:
    # A stem differs from its word in no more than its last two letters: "sensibl", "sensibility".
    begins = tuple(sorted({each[: max(len(each) - 2, 1)] for each in stems}))
    either = "|".join(map(re.escape, begins))
    return begins, re.compile(rf"(?<![^\W_])(?:{either})[^\W_]*")


@functools.lru_cache(maxsize=20_000)
def _stem_of(word: str) -> str:
    return stem(fold(word))
