"""LC16: numbers and reference list tell the same story."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.models.checks.findings import Finding
from app.models.checks.rule_config import pattern, rule_config
from app.models.checks.snapshot import BlockKind, LetterSnapshot, ReferenceEntry
from app.models.duplicates import reference_fingerprints, same_reference

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒", "0123456789-,")


@dataclass(frozen=True, slots=True)
class _Callout:
    block_id: str
    offset: int
    quote: str
    numbers: tuple[int, ...]
    is_reversed: bool


def integrity(snapshot: LetterSnapshot) -> Iterator[Finding]:
    """Find citations and references that do not match each other."""
    callouts = _callouts(snapshot)
    yield from _unresolved(snapshot)
    yield from _missing(callouts, len(snapshot.references))
    yield from _uncited(callouts, snapshot)
    yield from _order(callouts, len(snapshot.references))
    yield from _duplicates(snapshot.references)


def _unresolved(snapshot: LetterSnapshot) -> Iterator[Finding]:
    for citation in snapshot.citations:
        if citation.number is None:
            yield rule_config("LC16").finding(
                "unresolved",
                "This citation leads to no reference.",
                "Choose the reference, or delete the citation.",
                where=citation.block_id,
                quote=f"[@{citation.key}]",
            )


def _missing(callouts: list[_Callout], count: int) -> Iterator[Finding]:
    for callout in callouts:
        lost = [number for number in callout.numbers if not 1 <= number <= count]
        if lost:
            message = f"There is no reference {lost[0]}; the list ends at {count}."
        elif callout.is_reversed:
            message = "This range of citations runs backwards."
        else:
            continue
        yield rule_config("LC16").finding(
            "missing",
            message,
            "Cite from the library, or correct the number.",
            where=callout.block_id,
            quote=callout.quote,
            offset=callout.offset,
        )


def _uncited(callouts: list[_Callout], snapshot: LetterSnapshot) -> Iterator[Finding]:
    cited = {number for callout in callouts for number in callout.numbers}
    cited |= {citation.number for citation in snapshot.citations if citation.number is not None}
    for number, entry in enumerate(snapshot.references, start=1):
        if number not in cited:
            yield rule_config("LC16").finding(
                "uncited",
                f"Reference {number} is cited nowhere.",
                "Cite it, or take it off the list.",
                where=_list_block(snapshot),
                quote=entry.name,
            )


def _order(callouts: list[_Callout], count: int) -> Iterator[Finding]:
    expected, seen = 1, set[int]()
    for callout in callouts:
        for number in callout.numbers:
            if number in seen or not 1 <= number <= count:
                continue
            if number != expected:
                yield rule_config("LC16").finding(
                    "order",
                    f"Reference {number} is cited before reference {expected}.",
                    "Number the references in the order of first use.",
                    where=callout.block_id,
                    quote=callout.quote,
                    offset=callout.offset,
                )
                return
            seen.add(number)
            expected += 1


def _duplicates(references: tuple[ReferenceEntry, ...]) -> Iterator[Finding]:
    near: dict[str, list[int]] = {}
    for number, entry in enumerate(references, start=1):
        marks = reference_fingerprints(entry.record)
        known = sorted({other for mark in marks for other in near.get(mark, ())})
        twin = next((n for n in known if same_reference(entry.record, references[n - 1].record)), None)
        if twin is not None:
            yield rule_config("LC16").finding(
                "duplicate",
                f"References {twin} and {number} are the same.",
                "Join them to one reference.",
                quote=entry.name,
            )
        for mark in marks:
            near.setdefault(mark, []).append(number)


def _callouts(snapshot: LetterSnapshot) -> list[_Callout]:
    count = len(snapshot.references)
    found = []
    for block in snapshot.blocks:
        if block.kind in {BlockKind.REFERENCES, BlockKind.SIGNATURE}:
            continue
        here = [
            _callout(block.id, match.start(), match.group(), match.group(1), count)
            for match in pattern("LC16", "callout").finditer(block.drawn)
            if not _is_interval(block.drawn, match, count)
        ]
        here += [
            _callout(block.id, match.start(), match.group(), match.group().translate(_SUPERSCRIPTS), count)
            for match in pattern("LC16", "superscript").finditer(block.drawn)
        ]
        found += sorted(here, key=lambda callout: callout.offset)
    return found


def _callout(block_id: str, offset: int, quote: str, text: str, count: int) -> _Callout:
    numbers: list[int] = []
    is_reversed = False
    for piece in text.split(","):
        ends = [int(end) for end in re.split("[-–]", piece) if end.strip()]  # noqa: RUF001 - ranges use both
        if len(ends) == 1:
            numbers += ends
        elif ends:
            is_reversed = is_reversed or ends != sorted(ends)
            # One number past the list is enough to say that a reference is missing.
            numbers += range(min(ends), min(max(ends), max(count, min(ends)) + 1) + 1)
    return _Callout(block_id, offset, quote, tuple(numbers), is_reversed)


def _is_interval(text: str, match: re.Match[str], count: int) -> bool:
    values = [int(value) for value in re.findall(r"\d+", match.group(1))]
    if len(values) < 2 or all(1 <= value <= count for value in values):
        return False
    return (
        pattern("LC16", "interval_before").search(text[max(0, match.start() - 24) : match.start()])
        is not None
    )


def _list_block(snapshot: LetterSnapshot) -> str | None:
    return next((block.id for block in snapshot.blocks if block.kind is BlockKind.REFERENCES), None)
