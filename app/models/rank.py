"""Order things by short strings that always leave room between."""

from collections.abc import Sequence
from dataclasses import dataclass

# ASCII order of the digits is their value, so bytes compare as numbers do.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(DIGITS)
_VALUE = {digit: value for value, digit in enumerate(DIGITS)}
# Steps of this many digits leave 238,000 appends before a rank grows by one digit.
_STEP_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Insertion:
    """The rank of a new element and the tied neighbours that must move."""

    rank: str
    moved: tuple[tuple[int, str], ...] = ()


def between(before: str | None, after: str | None) -> str:
    """Return a rank that sorts strictly between two ranks.

    `None` means the open end. Ranks that tie have nothing between them: see `insert_at`.
    """
    return spread(1, before, after)[0]


def spread(count: int, before: str | None = None, after: str | None = None) -> tuple[str, ...]:
    """Return ascending ranks between two ranks, evenly where both bounds are given."""
    _check(before, after)
    if before is not None and after is None:
        return _climb(before, count)
    if after is not None and before is None:
        return _descend(after, count)
    return _divide(count, before or "", after)


def insert_at(ranks: Sequence[str], index: int) -> Insertion:
    """Rank a newcomer at an index of a list that may hold ties.

    Two devices can give the same rank to different elements; then the tied followers move up.
    """
    before = ranks[index - 1] if index > 0 else None
    if before is None or index == len(ranks) or before != ranks[index]:
        return Insertion(between(before, ranks[index] if index < len(ranks) else None))
    end = index
    while end < len(ranks) and ranks[end] == before:
        end += 1
    fresh = spread(end - index + 1, before, ranks[end] if end < len(ranks) else None)
    return Insertion(fresh[0], tuple(zip(range(index, end), fresh[1:], strict=True)))


def is_rank(text: str) -> bool:
    """Tell whether a text is a rank that leaves room below it."""
    return bool(text) and text[-1] != DIGITS[0] and all(digit in _VALUE for digit in text)


def _check(before: str | None, after: str | None) -> None:
    for rank in (before, after):
        if rank is not None and not is_rank(rank):
            raise ValueError(f"{rank!r} is not a rank")
    if before is not None and after is not None and before >= after:
        raise ValueError(f"{before!r} does not sort before {after!r}")


def _climb(rank: str, count: int) -> tuple[str, ...]:
    climbed: list[str] = []
    for _ in range(count):
        width = _leading(rank, DIGITS[-1]) + _STEP_DIGITS
        rank = _digits(_number(rank, width) + 1, width)
        climbed.append(rank)
    return tuple(climbed)


def _descend(rank: str, count: int) -> tuple[str, ...]:
    descended: list[str] = []
    for _ in range(count):
        width = _leading(rank, DIGITS[0]) + _STEP_DIGITS
        rank = _digits(_number(rank, width) - 1, width)
        descended.append(rank)
    return tuple(reversed(descended))


def _divide(count: int, before: str, after: str | None) -> tuple[str, ...]:
    width = 1
    while True:
        low = _number(before, width)
        high = _BASE**width if after is None else _number(after, width)
        if high - low > count:
            break
        width += 1
    gap = high - low
    return tuple(_digits(low + gap * place // (count + 1), width) for place in range(1, count + 1))


def _leading(rank: str, digit: str) -> int:
    return len(rank) - len(rank.lstrip(digit))


def _number(rank: str, width: int) -> int:
    number = 0
    for digit in rank[:width].ljust(width, DIGITS[0]):
        number = number * _BASE + _VALUE[digit]
    return number


def _digits(number: int, width: int) -> str:
    digits: list[str] = []
    for _ in range(width):
        number, value = divmod(number, _BASE)
        digits.append(DIGITS[value])
    return "".join(reversed(digits)).rstrip(DIGITS[0])
