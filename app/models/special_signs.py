"""Signs that letters need and keyboards lack, by the words that find them."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import EnvironmentFaultError
from app.models.rules_data import RulesFile, load_rules


@dataclass(frozen=True, slots=True)
class SpecialSign:
    """One sign, its Unicode name in lower case, and other words for it."""

    sign: str
    name: str
    words: tuple[str, ...] = ()


@functools.cache
def special_signs() -> tuple[SpecialSign, ...]:
    """Return every sign in the order in which it is offered."""
    return signs_from(load_rules("special_signs.json"))


def signs_from(rules: RulesFile) -> tuple[SpecialSign, ...]:
    """Read the signs of a file; each must be one sign and stand there once."""
    signs = tuple(
        SpecialSign(entry.text("sign"), entry.text("name"), entry.texts("words"))
        for entry in rules.body.sections("signs")
    )
    known = [each.sign for each in signs]
    if any(len(sign) != 1 for sign in known) or len(set(known)) != len(known):
        raise EnvironmentFaultError(
            f"The program's own rules are damaged ({rules.name} must hold each sign once). "
            "Your work is untouched. Install MI Desk again."
        )
    return signs


def find_signs(text: str, recent: Sequence[str] = ()) -> tuple[SpecialSign, ...]:
    """Return the signs whose name or words begin with what is typed, the last used ones first.

    Each word that is typed must begin a word of the sign; the sign itself finds itself.
    """
    typed = text.lower().split()
    found = [each for each in special_signs() if text.strip() == each.sign or _is_named(each, typed)]
    places = {sign: place for place, sign in enumerate(recent)}
    exact = {each.sign for each in found if text.strip().lower() in (each.name, *each.words)}
    return tuple(
        sorted(
            found,
            key=lambda each: (bool(typed) and each.sign not in exact, places.get(each.sign, len(places))),
        )
    )


def _is_named(sign: SpecialSign, typed: Sequence[str]) -> bool:
    words = [word for phrase in (sign.name, *sign.words) for word in phrase.replace("-", " ").split()]
    phrases = (sign.name, *sign.words)
    return all(any(word.startswith(part) for word in (*words, *phrases)) for part in typed)
