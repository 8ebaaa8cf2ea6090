"""Join two rankings of the same documents: by words and by meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Meaning finds what is said in other words, words find exact names: measured in docs/search.md.
MEANING_WEIGHT: Final = 0.8
# A document without vectors yet is judged by its words alone, a little below the best by meaning.
_UNREAD: Final = 0.9


@dataclass(frozen=True, slots=True)
class Ranked:
    """One version with its joined score from 0 to 1, and what each of the two rankings said."""

    version_id: str
    score: float
    words: float
    meaning: float | None


def fused(words: Mapping[str, float], meaning: Mapping[str, float]) -> list[Ranked]:
    """Join the scores by words and by meaning of each version; without the one the other decides alone."""
    most = max(words.values(), default=0.0)
    nearest = max(meaning.values(), default=0.0)
    ranked: list[Ranked] = []
    for version_id in {**words, **meaning}:
        said = words.get(version_id, 0.0) / most if most > 0 else 0.0
        near = meaning.get(version_id)
        if nearest <= 0:
            score = said
        elif near is None:
            score = said * _UNREAD * nearest
        else:
            # Both on the scale of the nearest: the best by words weighs the same in every question.
            score = MEANING_WEIGHT * max(near, 0.0) + (1 - MEANING_WEIGHT) * said * nearest
        ranked.append(Ranked(version_id, score, said, near))
    return sorted(ranked, key=lambda each: (-each.score, each.version_id))
