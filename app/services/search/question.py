"""Understand a question: which of its words to search for, and what else they may be called."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.rules_data import load_rules
from app.services.search import wordpiece
from app.services.search.lexicon import Lexicon
from app.services.search.products import Named
from app.services.search.stems import fold, stem, tokens
from app.services.search.synonyms import LONGEST, synonyms

# A long message says the same again; its rarest words say what it is about.
_MOST_WORDS: Final = 12
_MOST_SYNONYMS: Final = 12
# To read a word as another takes a millisecond each; a long text in another language has hundreds.
_MOST_GUESSES: Final = 20
# The index reads every text that holds a word: after this many the common words only order what the rare ones found.
_MOST_TEXTS: Final = 2_000
_STRANGE: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
_STOP: Final = frozenset(load_rules("search.json").body.texts("en"))


@dataclass(frozen=True, slots=True)
class Question:
    """How a question was understood.

    `words` maps the stems to search for to the words as typed, the rarest first; `corrected` the words nobody
    wrote to the ones they were read as; `also` the further phrases to the typed ones they stand for; `typed` are the
    words as they stand there, without the most common of the language; `sought` are the stems that find texts.
    """

    text: str
    words: Mapping[str, str]
    corrected: Mapping[str, str]
    also: Mapping[str, str]
    products: tuple[Named, ...]
    typed: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()

    @property
    def meant(self) -> str:
        """The question as it was meant: misspelt words put right, and the other names of its medicines."""
        text = _WORD.sub(lambda word: self.corrected.get(fold(word.group()), word.group()), self.text)
        names = dict.fromkeys(name for named in self.products for name in named.others)
        return f"{text} ({', '.join(names)})" if names else text

    @property
    def match(self) -> str:
        """The query of the index for the words; empty if there are none."""
        return " OR ".join(term(word) for word in self.sought)

    @property
    def match_typed(self) -> str:
        """The query of another index for every word as typed, known to this one or not."""
        return " OR ".join(f'"{word}"' for word in self.typed)

    @property
    def match_also(self) -> str:
        """The query of the index for the further phrases; empty if there are none."""
        return " OR ".join(f'"{phrase}"' for phrase in self.also)


def understand(text: str, lexicon: Lexicon, products: Sequence[Named] = ()) -> Question:
    """Choose what to search for: rare words first, misspelt ones as they were meant."""
    typed = list(dict.fromkeys(tokens(text)))
    meant = {named.said: named.read_as for named in products if named.said != named.read_as}
    corrected = dict(meant)
    words: dict[str, str] = {}
    guesses = 0
    telling = [each for each in typed if each not in _STOP]
    for word in telling:
        known = stem(meant.get(word, word))
        if not lexicon.knows(known):
            guesses += 1
            guess = lexicon.nearest(word) if guesses <= _MOST_GUESSES else None
            if guess is None:
                continue
            corrected[word], known = guess, guess
        words.setdefault(known, word)
    kept = tuple(sorted(telling, key=lambda each: lexicon.words.get(stem(each), 0))[:_MOST_WORDS])
    also = _also(text, lexicon, products)
    told = _telling(words, lexicon)
    sought = _affordable({word: lexicon.words.get(word, 0) for word in told}, _MOST_TEXTS)
    return Question(text, told, corrected, also, tuple(products), kept, sought)


def _telling(words: Mapping[str, str], lexicon: Lexicon) -> dict[str, str]:
    rare = [word for word in words if not lexicon.is_common(word)] or list(words)
    rare.sort(key=lambda word: lexicon.words.get(word, 0))
    return {word: words[word] for word in rare[:_MOST_WORDS]}


def _affordable(costs: Mapping[str, int], most: int) -> tuple[str, ...]:
    """Return the first of what is searched for, until the index would read too many texts; at least one."""
    totals = itertools.accumulate(costs.values())
    return tuple(
        each
        for place, (each, total) in enumerate(zip(costs, totals, strict=True))
        if not place or total <= most
    )


def _also(text: str, lexicon: Lexicon, products: Sequence[Named]) -> dict[str, str]:
    found: dict[str, str] = {}
    for named in products:
        found.update(dict.fromkeys(named.others, named.said))
    said = {stem(word) for word in tokens(text)}
    for typed, phrase in _phrases(text):
        stems = [stem(word) for word in tokens(phrase)]
        is_new = not said.issuperset(stems)
        if is_new and all(map(lexicon.knows, stems)) and not all(map(lexicon.is_common, stems)):
            found.setdefault(phrase, typed)
    # A phrase is read in the texts of its rarest word.
    costs = {
        phrase: min((lexicon.words.get(stem(word), 0) for word in tokens(phrase)), default=0)
        for phrase in found
    }
    chosen = _affordable(costs, _MOST_TEXTS // 2)
    return {phrase: found[phrase] for phrase in chosen[:_MOST_SYNONYMS]}


def _phrases(text: str) -> Iterator[tuple[str, str]]:
    typed = tokens(text)
    stems = [stem(word) for word in typed]
    table = synonyms()
    for size in range(LONGEST, 0, -1):
        for start in range(len(stems) - size + 1):
            for phrase in table.get(tuple(stems[start : start + size]), ()):
                yield " ".join(typed[start : start + size]), " ".join(tokens(phrase))


def names_in(question: Question, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the rare stems that stand for words the sentence encoder does not know, such as names of medicines.

    The encoder takes such a word apart and finds what sounds like it: another medicine.
    """
    return tuple(
        each
        for each, typed in question.words.items()
        if each.isalpha() and lexicon.is_rare(each) and len(wordpiece.pieces(typed)) >= _STRANGE
    )


def term(word: str) -> str:
    """Return the query of the index for one stem."""
    # The index stems what it is asked for; a stem that would be cut again must match as a beginning.
    return f'"{word}"' if stem(word) == word else f'"{word}"*'
