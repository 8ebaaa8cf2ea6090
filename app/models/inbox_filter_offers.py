"""What completes a filter at the place of the cursor: keys, then their values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.models.inbox_filter import Reading, Spot, quoted
from app.models.inbox_filter_keys import KEYS, NONE, closed_values

_AHEAD: Final = ("<today", "today", "tomorrow", "<2d", "<1w", NONE)
_BEHIND: Final = ("today", "yesterday", ">=-7d", ">=-30d")
_FEWEST_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that exists: how it is written, how it is called, how often it is there."""

    text: str
    label: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One completion: what to put in place of which stretch of the text."""

    begin: int
    end: int
    insert: str
    label: str
    meaning: str = ""
    is_key: bool = False


def offers(
    reading: Reading, cursor: int, known: Mapping[str, tuple[Choice, ...]], *, most: int = 8
) -> tuple[Offer, ...]:
    """Return what may stand at the cursor, the likeliest first."""
    spot = reading.spot_at(cursor)
    found = _of_key(spot, known) if spot.key else _of_words(spot, known)
    return tuple(offer for offer, _ in zip(found, range(most), strict=False))


def completed(text: str, offer: Offer) -> tuple[str, int]:
    """Return the text with an offer taken, and where the cursor then stands."""
    tail = text[offer.end :]
    gap = "" if offer.is_key or tail[:1] in (" ", ",") else " "
    head = text[: offer.begin] + offer.insert + gap
    return head + tail, len(head) + (1 if not offer.is_key and tail[:1] == " " else 0)


def _of_key(spot: Spot, known: Mapping[str, tuple[Choice, ...]]) -> Iterator[Offer]:
    wanted = spot.text.lower()
    if KEYS[spot.key].has_order:
        for text in _BEHIND if KEYS[spot.key].lies_behind else _AHEAD:
            if text.lstrip("<>=").startswith(wanted):
                yield Offer(spot.begin, spot.end, text, f"{spot.key}:{text}")
        return
    for choice in _ranked(_choices(spot.key, known), wanted):
        insert = quoted(choice.text)
        yield Offer(spot.begin, spot.end, insert, choice.label or choice.text, _counted(choice))


def _of_words(spot: Spot, known: Mapping[str, tuple[Choice, ...]]) -> Iterator[Offer]:
    wanted = spot.text.lower()
    begin = spot.begin
    for key in KEYS.values():
        if any(name.startswith(wanted) for name in (key.name, *key.aliases)):
            yield Offer(begin, spot.end, f"{key.name}:", f"{key.name}:", key.meaning, is_key=True)
    if len(wanted) < _FEWEST_LETTERS:
        return
    for name in KEYS:
        for choice in _ranked(_choices(name, known), wanted):
            insert = f"{name}:{quoted(choice.text)}"
            yield Offer(begin, spot.end, insert, f"{name}:{choice.label or choice.text}", _counted(choice))


def _choices(key: str, known: Mapping[str, tuple[Choice, ...]]) -> tuple[Choice, ...]:
    return known.get(key) or tuple(Choice(text) for text in closed_values(key))


def _ranked(choices: Iterable[Choice], wanted: str) -> list[Choice]:
    """Return those with a word that begins so, those that begin so themselves first."""
    ranked: list[tuple[int, Choice]] = []
    for choice in choices:
        said = f"{choice.text} {choice.label}".lower().replace("_", " ")
        if said.startswith(wanted.replace("_", " ")):
            ranked.append((0, choice))
        elif f" {wanted}" in f" {said}":
            ranked.append((1, choice))
    return [choice for _, choice in sorted(ranked, key=lambda pair: pair[0])]


def _counted(choice: Choice) -> str:
    return "" if choice.count is None else f"{choice.count:,}"
