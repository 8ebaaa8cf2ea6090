"""Find the sentence of a text that answers a question best."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.models.markup import parse, plain_text, split_blocks
from app.services.search.stems import fold, stem

Span: TypeAlias = tuple[int, int]

_END: Final = re.compile(r"(?<=[.!?])[ ]+(?=[\"\u201c(A-Z0-9])|\n+")
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
    for place, block in enumerate(split_blocks(markup[:_LONGEST_TEXT])):
        for sentence in sentences(plain_text(parse(block))):
            marks, weight = matched(sentence, weights)
            is_better = (weight, -len(sentence)) > (best.weight, -len(best.text))
            if not best.text or (is_better and weight > 0):
                best = Sentence(sentence, marks, place, weight)
    return best


def sentences(text: str) -> list[str]:
    """Cut a plain text into sentences, list items and table rows."""
    return [_BULLET.sub("", piece.strip()) for piece in _END.split(text) if piece.strip()]


def matched(text: str, weights: Mapping[str, float]) -> tuple[tuple[Span, ...], float]:
    """Return where the weighted stems stand in a text, and the sum of their weights, each once."""
    found: list[Span] = []
    seen: set[str] = set()
    for word in _WORD.finditer(text):
        asked = stem(fold(word.group()))
        if asked in weights:
            found.append(word.span())
            seen.add(asked)
    return tuple(found), sum(weights[each] for each in sorted(seen))


def words_in(texts: Sequence[str], weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the weighted stems that stand in some text, the weightiest first."""
    seen = {stem(fold(word)) for text in texts for word in _WORD.findall(text)}
    return tuple(sorted((each for each in weights if each in seen), key=lambda each: -weights[each]))
