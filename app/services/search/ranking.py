"""Join two rankings of the same documents: by words and by meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Meaning finds what is said in other words, words find exact names: measured in docs/search.md.
MEANING_WEIGHT: Final = 0.9
HELD_WEIGHT: Final = 0.6
# A document without vectors yet is judged by its words alone, a little below the best by meaning.
_UNREAD: Final = 0.9


@dataclass(frozen=True, slots=True)
class Ranked:
    """One version with its joined score, at most 1 + HELD_WEIGHT, and what each of the two rankings said."""

    version_id: str
    score: float
    words: float
    meaning: float | None


def best_of_both(words: Mapping[str, float], meaning: Mapping[str, float], most: int) -> list[str]:
    """Return the versions worth a closer look: `most` of each ranking, so that neither can lose what it finds."""
    return list(dict.fromkeys((*_best(words, most), *_best(meaning, most))))


def fused(
    words: Mapping[str, float], meaning: Mapping[str, float], held: Mapping[str, float]
) -> dict[str, Ranked]:
    """Join the scores by words and by meaning of each version; without the one the other decides alone.

    `held` tells which share of what the question says a version holds, rare words and names counting most.
    """
    most = max(words.values(), default=0.0)
    nearest = max(meaning.values(), default=0.0)
    ranked: dict[str, Ranked] = {}
    for version_id in {**words, **meaning, **held}:
        said = words.get(version_id, 0.0) / most if most > 0 else 0.0
        near = meaning.get(version_id)
        if nearest <= 0:
            score = said
        elif near is None:
            score = said * _UNREAD * nearest
        else:
            # Both on the scale of the nearest: the best by words weighs the same in every question.
            score = MEANING_WEIGHT * max(near, 0.0) + (1 - MEANING_WEIGHT) * said * nearest
        score += HELD_WEIGHT * held.get(version_id, 0.0)
        ranked[version_id] = Ranked(version_id, score, said, near)
    return ranked


def _best(scores: Mapping[str, float], most: int) -> list[str]:
    return sorted(scores, key=lambda each: (-scores[each], each))[:most]
