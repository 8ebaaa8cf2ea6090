"""The words that the search index knows, and in how many texts each stands."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.search.stems import stem

# A word of more than this share of the texts tells none of them apart; in a small library every word counts.
_COMMON_SHARE: Final = 0.15
_SMALL: Final = 50
_RARE_SHARE: Final = 0.01
_FEW: Final = 5
_SHORTEST_GUESS: Final = 6
_LONG: Final = 9
_MOST_GUESSES: Final = 8


@dataclass(frozen=True)
class Lexicon:
    """A snapshot of the index's vocabulary: stems and the number of texts that hold each."""

    stamp: tuple[int, ...]
    texts: int
    words: Mapping[str, int]
    _by_length: dict[int, list[str]] = field(default_factory=dict)

    def knows(self, word: str) -> bool:
        """Tell whether the index holds a stem."""
        return word in self.words

    def is_common(self, word: str) -> bool:
        """Tell whether a stem stands in so many texts that it tells none apart."""
        return self.texts > _SMALL and self.words.get(word, 0) > _COMMON_SHARE * self.texts

    def is_rare(self, word: str) -> bool:
        """Tell whether a known stem stands in so few texts that it is soon a name."""
        return 0 < self.words.get(word, 0) <= max(_FEW, _RARE_SHARE * self.texts)

    def rarity(self, word: str) -> float:
        """Return how much a stem tells: the fewer texts hold it, the more."""
        return math.log(1 + (self.texts + 1) / (self.words.get(word, 0) + 0.5))

    def nearest(self, word: str) -> str | None:
        """Return the known stem that an unknown word was probably meant to be, or None."""
        asked = stem(word)
        if len(asked) < _SHORTEST_GUESS or not asked.isalpha() or self.knows(asked):
            return None
        most = 2 if len(asked) >= _LONG else 1
        # People rarely miss the first letter; without it another medicine is soon as near.
        near = [
            each
            for size in range(len(asked) - most, len(asked) + most + 1)
            for each in self._of(size)
            if each[0] == asked[0]
        ]
        found = process.extract(asked, near, scorer=OSA.distance, score_cutoff=most, limit=_MOST_GUESSES)
        ranked = sorted(found, key=lambda hit: (hit[1], -self.words[hit[0]], hit[0]))
        return ranked[0][0] if ranked else None

    def _of(self, size: int) -> list[str]:
        if not self._by_length:
            sorted_in: dict[int, list[str]] = {}
            for word in self.words:
                sorted_in.setdefault(len(word), []).append(word)
            self._by_length.update(sorted_in)
        return self._by_length.get(size, [])


_STAMP = text(
    """
    SELECT coalesce((SELECT max(row) FROM standard_response_section), 0),
           coalesce((SELECT max(row) FROM standard_response), 0),
           coalesce((SELECT max(row) FROM label_section), 0)
    """
)
_COUNT = text("SELECT count(*) FROM standard_response_section")
_WORDS = text(
    """
    SELECT term, doc FROM section_search_words
    UNION ALL SELECT term, doc FROM document_search_words
    UNION ALL SELECT term, doc FROM label_search_words
    """
)


def read_lexicon(session: Session, known: Lexicon | None = None) -> Lexicon:
    """Read the vocabulary, unless nothing was added since `known` was read."""
    stamp = tuple(int(value) for value in session.execute(_STAMP).one())
    if known is not None and known.stamp == stamp:
        return known
    words: dict[str, int] = {}
    for word, texts in session.execute(_WORDS):
        words[word] = max(texts, words.get(word, 0))
    return Lexicon(stamp, int(session.execute(_COUNT).scalar_one()), words)
