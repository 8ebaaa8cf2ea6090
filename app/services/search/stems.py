"""Word stems as the search index makes them (Porter's algorithm), to look words up in its vocabulary."""

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST: Final = 3
_LONGEST: Final = 64

_STEP_2: Final = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("logi", "log"),
    ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"),
    ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"),
    ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_STEP_3: Final = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_STEP_4: Final = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
    "iti", "ous", "ive", "ize",
)  # fmt: skip


def fold(text: str) -> str:
    """Return a text in lower case and without accents, as the index compares it."""
    if text.isascii():
        return text.lower()
    # The micro sign is a Greek letter to the index.
    decomposed = unicodedata.normalize("NFD", text.lower().replace("\u00b5", "\u03bc"))
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded, as the index cuts them."""
    return _WORD.findall(fold(text))


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a folded word."""
    if not _SHORTEST <= len(word.encode()) <= _LONGEST or not word.isascii():
        return word
    word = _without_e(_step_4(_swapped(_swapped(_step_1(word), _STEP_2), _STEP_3)))
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


def _step_1(word: str) -> str:
    word = _singular(word)
    if word.endswith("eed"):
        word = word[:-1] if _measure(word[:-3]) > 0 else word
    else:
        for ending in ("ed", "ing"):
            if word.endswith(ending) and _has_vowel(word[: -len(ending)]):
                word = _mended(word[: -len(ending)])
                break
    return f"{word[:-1]}i" if word.endswith("y") and _has_vowel(word[:-1]) else word


def _singular(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _mended(word: str) -> str:
    if word.endswith(("at", "bl", "iz")):
        return f"{word}e"
    if len(word) > 1 and word[-1] == word[-2] and word[-1] not in "aeioulsz":
        return word[:-1]
    return f"{word}e" if _measure(word) == 1 and _is_short(word) else word


def _swapped(word: str, pairs: Sequence[tuple[str, str]]) -> str:
    for ending, other in pairs:
        if word.endswith(ending):
            body = word[: -len(ending)]
            return body + other if _measure(body) > 0 else word
    return word


def _step_4(word: str) -> str:
    endings = [ending for ending in _STEP_4 if word.endswith(ending)]
    if not endings:
        return word
    body = word[: -len(max(endings, key=len))]
    if word.endswith("ion") and not body.endswith(("s", "t")):
        return word
    return body if _measure(body) > 1 else word


def _without_e(word: str) -> str:
    if not word.endswith("e"):
        return word
    size = _measure(word[:-1])
    return word[:-1] if size > 1 or (size == 1 and not _is_short(word[:-1])) else word


def _shape(word: str) -> str:
    shape = ""
    for char in word:
        is_vowel = char in "aeiou" or (char == "y" and shape.endswith("c"))
        shape += "v" if is_vowel else "c"
    return shape


def _measure(word: str) -> int:
    """Count how often a vowel is followed by a consonant."""
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _is_short(word: str) -> bool:
    return _shape(word).endswith("cvc") and word[-1] not in "wxy"
