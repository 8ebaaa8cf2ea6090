"""Number the citations of a whole letter and place their callouts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from app.models.csl import CslRecord
from app.models.duplicates import joined_references, reference_fingerprints, same_reference

__all__ = [
    "Callout", "Citation", "CitationKey", "Numbering", "Placement", "fold_numbers", "joined_references",
    "number_citations", "place_callout", "place_callouts", "reference_fingerprints", "same_reference",
]  # fmt: skip

# A period or comma before a digit belongs to a number ("262,000", "2.5"), not to the sentence.
_OUTSIDE = re.compile(r"\s*((?:\.{3}|\u2026|[.,](?!\d))[\"'\u2019\u201d\u00bb]*)")
_INSIDE = re.compile(r"\s*([:;])\s*$")
# Superscript digits after these read as a power or as more digits (AMA 11, 3.6).
_COLLIDES = re.compile(r"\d(?:\s?(?:[mck\u00b5\u03bcdn]?m|[mk\u00b5\u03bc]?g|mcg|[md]?[Ll]|s|h|in|ft))?$")
_LOCATOR_DOTS = re.compile(r"\b(pp?|chap|para)\.\s*", re.IGNORECASE)


class CitationKey(NamedTuple):
    """A key as a text wrote it, and the origin version whose key it is."""

    scope: str
    key: str


@dataclass(frozen=True, slots=True)
class Citation:
    """One work cited in a callout, with the place in it if one is named."""

    key: CitationKey
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Callout:
    """The works cited at one place; `collides` if a superscript would be misread."""

    citations: tuple[Citation, ...]
    collides: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """The text before and after a callout once it stands where AMA wants it."""

    before: str
    after: str
    collides: bool


@dataclass(frozen=True, slots=True)
class Numbering:
    """Which number each citation of a letter has, and what stays unresolved."""

    references: tuple[str, ...] = ()
    unresolved: tuple[CitationKey, ...] = ()
    numbers: Mapping[CitationKey, int] = field(default_factory=lambda: MappingProxyType({}))

    def number_of(self, key: CitationKey) -> int | None:
        """Return the number of a cited key, if it has one."""
        return self.numbers.get(key)

    def callout(self, citations: Iterable[Citation]) -> str:
        """Write the callout of one place: ranges folded, unknown keys as "?"."""
        plain: set[int] = set()
        located: dict[int, list[str]] = {}
        unknown = False
        for citation in citations:
            number = self.numbers.get(citation.key)
            if number is None:
                unknown = True
            elif citation.locator.strip():
                located.setdefault(number, []).append(_locator(citation.locator))
            else:
                plain.add(number)
        return _written(plain, located, unknown=unknown)


def number_citations(
    cited: Iterable[CitationKey],
    references: Mapping[CitationKey, str],
    records: Mapping[str, CslRecord] | None = None,
) -> Numbering:
    """Give the works of a whole letter numbers in order of first use.

    `references` takes a key of a version to a reference; records of the same work share a number.
    """
    cited = tuple(cited)
    used = dict.fromkeys(references[key] for key in cited if key in references)
    joined = joined_references({each: records[each] for each in used if each in records}) if records else {}
    order: dict[str, int] = {}
    numbers: dict[CitationKey, int] = {}
    unresolved: dict[CitationKey, None] = {}
    for key in cited:
        if key not in references:
            unresolved[key] = None
            continue
        work = joined.get(references[key], references[key])
        numbers[key] = order.setdefault(work, len(order) + 1)
    return Numbering(tuple(order), tuple(unresolved), MappingProxyType(numbers))


def fold_numbers(numbers: Iterable[int]) -> str:
    """Write numbers ascending with series of three or more folded: 1-3,10."""
    return _written(set(numbers), {}, unknown=False)


def place_callout(before: str, after: str) -> Placement:
    """Move a callout behind commas and full stops, before colons and semicolons.

    The text itself stays: only the callout's place and the space before it change.
    """
    spaced, before = before, before.rstrip(" \t\u00a0")
    if moved := _OUTSIDE.match(after):
        before, after = before + moved.group(1), after[moved.end() :]
    elif moved := _INSIDE.search(before):
        before, after = before[: moved.start()], spaced[moved.start(1) :] + after
    return Placement(before, after, bool(_COLLIDES.search(before)))


def place_callouts(pieces: Sequence[str | Callout]) -> tuple[str | Callout, ...]:
    """Place every callout of a text; neighbours with only space between become one."""
    placed: list[str | Callout] = []
    waiting: Callout | None = None
    for piece in (*_gathered(pieces), ""):
        if isinstance(piece, Callout):
            waiting = piece
            continue
        if waiting is None:
            placed.append(piece)
            continue
        before = placed.pop() if placed and isinstance(placed[-1], str) else ""
        place = place_callout(str(before), piece)
        placed += [place.before, replace(waiting, collides=place.collides), place.after]
        waiting = None
    return tuple(piece for piece in placed if piece != "")


def _gathered(pieces: Sequence[str | Callout]) -> list[str | Callout]:
    gathered: list[str | Callout] = []
    for piece in pieces:
        last = gathered[-1] if gathered else None
        if isinstance(piece, str) and isinstance(last, str):
            gathered[-1] = last + piece
        elif isinstance(piece, Callout) and isinstance(last, Callout):
            gathered[-1] = replace(last, citations=last.citations + piece.citations)
        elif isinstance(piece, Callout) and isinstance(last, str) and not last.strip() and len(gathered) > 1:
            gathered.pop()
            previous = gathered.pop()
            earlier = previous.citations if isinstance(previous, Callout) else ()
            gathered.append(replace(piece, citations=earlier + piece.citations))
        elif piece != "":
            gathered.append(piece)
    return gathered


def _locator(locator: str) -> str:
    return _LOCATOR_DOTS.sub(r"\1", " ".join(locator.split())).strip(" ,;.()")


def _written(plain: set[int], located: Mapping[int, list[str]], *, unknown: bool) -> str:
    units: list[str] = []
    series: list[int] = []
    for number in sorted(plain | located.keys()):
        if number in located:
            units += [*_series(series), f"{number}({','.join(dict.fromkeys(located[number]))})"]
            series = []
        elif series and number == series[-1] + 1:
            series.append(number)
        else:
            units += _series(series)
            series = [number]
    units += _series(series)
    return ",".join([*units, "?"] if unknown else units)


def _series(numbers: list[int]) -> list[str]:
    if len(numbers) > 2:
        return [f"{numbers[0]}-{numbers[-1]}"]
    return [str(number) for number in numbers]
