"""Say in words how hard a passphrase is to guess."""

import math
from dataclasses import dataclass
from enum import IntEnum

MINIMUM_LENGTH = 12

# The words that head every published list of leaked passwords, and what a colleague would try first.
_COMMON = frozenset(
    {
        "password",
        "passwort",
        "motdepasse",
        "passphrase",
        "letmein",
        "welcome",
        "dragon",
        "monkey",
        "football",
        "baseball",
        "iloveyou",
        "princess",
        "sunshine",
        "master",
        "shadow",
        "superman",
        "trustno1",
        "admin",
        "login",
        "secret",
        "qwerty",
        "qwertz",
        "azerty",
        "midesk",
        "medical",
        "information",
        "pharma",
        "pharmacist",
        "hospital",
        "safety",
    }
)
_WALKS = ("qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "1234567890")
_COMMON_BITS = 8.0
_WORD_BITS = 11.0
_PREDICTABLE_BITS = 1.0
_LETTER_BITS_IN_WORD = 2.2


class Level(IntEnum):
    """Order the estimates from refused to very strong."""

    TOO_SHORT = 0
    WEAK = 1
    FAIR = 2
    STRONG = 3
    VERY_STRONG = 4


@dataclass(frozen=True, slots=True)
class Strength:
    """Hold the level, the bits behind it and a sentence."""

    level: Level
    bits: float
    words: str

    @property
    def is_accepted(self) -> bool:
        """Whether a workspace may be made with it."""
        return self.level >= Level.FAIR


def estimate(passphrase: str, personal: tuple[str, ...] = ()) -> Strength:
    """Estimate the strength, with personal words counted as known."""
    if len(passphrase) < MINIMUM_LENGTH:
        missing = MINIMUM_LENGTH - len(passphrase)
        plural = "" if missing == 1 else "s"
        return Strength(Level.TOO_SHORT, 0.0, f"{missing} more character{plural} needed")
    bits = _bits(passphrase, personal)
    if bits < 30:
        return Strength(Level.WEAK, bits, "Weak: easy to guess. Add words that do not belong together.")
    if bits < 42:
        return Strength(Level.FAIR, bits, "Fair. One more unrelated word makes it strong.")
    if bits < 65:
        return Strength(Level.STRONG, bits, "Strong")
    return Strength(Level.VERY_STRONG, bits, "Very strong")


def _bits(passphrase: str, personal: tuple[str, ...]) -> float:
    known = {part.lower() for text in personal for part in text.split() if len(part) > 2}
    folded, bits = _take_known_words(passphrase.lower(), known)
    words = [word for word in folded.split() if word]
    seen: set[str] = set()
    for word in words:
        if word not in seen:
            bits += _word_bits(word)
        seen.add(word)
    return bits + _variety_bits(passphrase)


def _take_known_words(text: str, personal: set[str]) -> tuple[str, float]:
    bits = 0.0
    for word in sorted({*_COMMON, *personal}, key=len, reverse=True):
        if word in text:
            text = text.replace(word, " ")
            bits += _PREDICTABLE_BITS if word in personal else _COMMON_BITS
    return text, bits


def _word_bits(word: str) -> float:
    letters = sum(not _continues_a_run(word, at) for at in range(len(word)))
    if word.isalpha():
        # A word of a language: about eleven bits from a list of common ones, a little more if it is long.
        return min(letters * _LETTER_BITS_IN_WORD, _WORD_BITS + max(0, letters - 5) * _PREDICTABLE_BITS)
    return letters * _class_bits(word)


def _continues_a_run(word: str, at: int) -> bool:
    """Tell whether a letter goes on with aaa, abc, cba or a row of keys."""
    if at < 2:
        return False
    first, second, third = word[at - 2], word[at - 1], word[at]
    step = ord(third) - ord(second)
    if step == ord(second) - ord(first) and abs(step) <= 1:
        return True
    run = first + second + third
    return any(run in walk or run[::-1] in walk for walk in _WALKS)


def _class_bits(word: str) -> float:
    size = 0
    size += 26 if any(char.isalpha() for char in word) else 0
    size += 10 if any(char.isdigit() for char in word) else 0
    size += 33 if any(not char.isalnum() for char in word) else 0
    return math.log2(max(size, 2)) * (0.8 if any(char.isalpha() for char in word) else 0.9)


def _variety_bits(passphrase: str) -> float:
    inner_capitals = sum(char.isupper() for char in passphrase[1:])
    return min(inner_capitals, 3) * 1.0
