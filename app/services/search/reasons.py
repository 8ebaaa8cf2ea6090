"""Say in a few words why a document was suggested."""

from collections.abc import Mapping
from typing import Final

from app.services.search.lexicon import Lexicon
from app.services.search.past import Use
from app.services.search.question import Question
from app.services.search.ranking import Ranked
from app.services.search.stems import stem, tokens

_MOST_WORDS: Final = 4
_CLOSE: Final = 0.35


def reasons(
    question: Question, found: tuple[str, ...], ranked: Ranked, *, product: str, use: Use | None
) -> tuple[str, ...]:
    """Return the reasons for one document: `found` are its stems, `product` its medicine if that was asked for."""
    order = tokens(question.text)
    said = sorted((question.words[each] for each in found if each in question.words), key=order.index)
    said = said[:_MOST_WORDS]
    told = [each for each in said if each not in question.corrected]
    told += [f"{typed} read as {meant}" for typed, meant in question.corrected.items() if typed in said]
    told += _also(question, found)
    if product:
        told.append("same product")
    if use is not None:
        told.append(
            "answered a similar question" if use.letters == 1 else f"answered {use.letters} similar questions"
        )
    if ranked.meaning is not None and ranked.meaning >= _CLOSE:
        told.append("close in meaning")
    return tuple(told)


def weights_of(question: Question, lexicon: Lexicon) -> Mapping[str, float]:
    """Return how much each stem of a question, or of what is also said for it, counts in a sentence."""
    weights = {each: lexicon.rarity(each) for each in question.words}
    for phrase in question.also:
        for word in map(stem, tokens(phrase)):
            weights.setdefault(word, lexicon.rarity(word) / 2)
    return weights


def _also(question: Question, found: tuple[str, ...]) -> list[str]:
    stems = set(found)
    told: dict[str, str] = {}
    for phrase, typed in question.also.items():
        if all(stem(word) in stems for word in tokens(phrase)) and not _says(found, typed):
            told.setdefault(typed, f"{phrase} for {typed}")
    return list(told.values())[:2]


def _says(found: tuple[str, ...], typed: str) -> bool:
    return all(stem(word) in found for word in tokens(typed))
