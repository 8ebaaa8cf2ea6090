"""What is stored of a letter, what is on its way, and what is still to save."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.models import rank
from app.models.checks.snapshot import BlockKind
from app.models.letter_blocks import text_hash
from app.models.letter_origins import Origin

Op = Literal["create", "update", "move", "retire"]


@dataclass(frozen=True, slots=True)
class Held:
    """One block as it stands in the editor."""

    id: str
    kind: BlockKind
    text: str
    origins: tuple[Origin, ...]
    question_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """One block as the database has it."""

    block: Held
    rank: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """One block that the database must be told of."""

    op: Op
    block: Held
    rank: str
    seen_sha256: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that are saved together or not at all."""

    number: int
    changes: tuple[Change, ...]


class SaveBook:
    """Keeps account of what was saved, so that nothing is saved twice or forgotten.

    A batch on its way counts as stored until it is reported lost; then its changes are due again.
    """

    def __init__(self, stored: Iterable[Stored] = ()) -> None:
        self._stored = {each.block.id: each for each in stored}
        self._sent: list[Batch] = []
        self._last = 0

    @property
    def is_waiting(self) -> bool:
        """Whether a batch is on its way."""
        return bool(self._sent)

    def is_stored(self, block_id: str) -> bool:
        """Tell whether the database has the block, for sure."""
        return block_id in self._stored

    def seen_sha256(self, block_id: str) -> str:
        """Return the hash of the stored text that the editor has seen."""
        return self._expected()[block_id].sha256

    def stored_text(self, block_id: str) -> str:
        """Return the text of a block as it is stored."""
        return self._stored[block_id].block.text

    def see(self, block_id: str, sha256: str) -> None:
        """Take note that another text is stored, which the next save may replace."""
        self._stored[block_id] = replace(self._stored[block_id], sha256=sha256)

    def take(self, stored: Stored) -> None:
        """Take note of a block that the database already has."""
        self._stored[stored.block.id] = stored

    def rank(self, block_id: str, place: str) -> None:
        """Take note of the place that a stored block has now."""
        if block_id in self._stored:
            self._stored[block_id] = replace(self._stored[block_id], rank=place)

    def forget(self, block_id: str) -> None:
        """Take note that a block is no longer stored."""
        self._stored.pop(block_id, None)

    def due(self, order: Sequence[Held], fixed: frozenset[str] = frozenset()) -> tuple[Change, ...]:
        """Return what must be saved so that the database has this letter.

        Fixed blocks never move: the others are ranked between them.
        """
        expected = self._expected()
        known = [expected[held.id].rank if held.id in expected else None for held in order]
        ranks = _ranks(known, [place for place, held in enumerate(order) if held.id in fixed])
        changes: list[Change] = []
        for held, place in zip(order, ranks, strict=True):
            changes += _changes(held, place, expected.get(held.id))
        here = {held.id for held in order}
        gone = (each for block_id, each in expected.items() if block_id not in here)
        return (*changes, *(Change("retire", each.block, each.rank, each.sha256) for each in gone))

    def send(self, changes: Sequence[Change]) -> Batch:
        """Count changes as on their way."""
        self._last += 1
        batch = Batch(self._last, tuple(changes))
        self._sent.append(batch)
        return batch

    def arrived(self, batch: Batch, sha256s: Mapping[str, str] | None = None) -> None:
        """Count a batch as stored, under the hashes that the database reports."""
        self._sent.remove(batch)
        _apply(self._stored, batch)
        for block_id, sha256 in (sha256s or {}).items():
            if block_id in self._stored:
                self.see(block_id, sha256)

    def lost(self, batch: Batch) -> None:
        """Count a batch as not stored, so that it is due again."""
        self._sent.remove(batch)

    def _expected(self) -> dict[str, Stored]:
        expected = dict(self._stored)
        for batch in self._sent:
            _apply(expected, batch)
        return expected


def _apply(stored: dict[str, Stored], batch: Batch) -> None:
    for change in batch.changes:
        if change.op == "retire":
            stored.pop(change.block.id, None)
        elif change.op == "move" and change.block.id in stored:
            stored[change.block.id] = replace(stored[change.block.id], rank=change.rank)
        else:
            stored[change.block.id] = Stored(change.block, change.rank, text_hash(change.block.text))


def _changes(held: Held, place: str, stored: Stored | None) -> list[Change]:
    if stored is None:
        return [Change("create", held, place, None)]
    changes: list[Change] = []
    if stored.rank != place:
        changes.append(Change("move", held, place, stored.sha256))
    if stored.block != held:
        changes.append(Change("update", held, place, stored.sha256))
    return changes


def _ranks(known: Sequence[str | None], anchors: Sequence[int]) -> list[str]:
    """Return ascending ranks that move as few blocks as possible, and no anchor."""
    kept = set(anchors)
    for low, high in zip([-1, *anchors], [*anchors, len(known)], strict=True):
        bottom = known[low] if low >= 0 else None
        top = known[high] if high < len(known) else None
        between = [_within(known[place], bottom, top) for place in range(low + 1, high)]
        kept |= {low + 1 + place for place in _longest_ascent(between)}
    return _filled(known, kept)


def _within(value: str | None, bottom: str | None, top: str | None) -> str | None:
    is_inside = value is not None and (bottom is None or value > bottom) and (top is None or value < top)
    return value if is_inside else None


def _filled(known: Sequence[str | None], kept: set[int]) -> list[str]:
    ranks: list[str] = []
    waiting = 0
    before: str | None = None
    for place, value in enumerate([*known, None]):
        if place < len(known) and place not in kept:
            waiting += 1
            continue
        ranks += rank.spread(waiting, before, value) if waiting else ()
        waiting = 0
        if value is not None:
            ranks.append(value)
            before = value
    return ranks


def _longest_ascent(known: Sequence[str | None]) -> frozenset[int]:
    tails: list[str] = []
    ends: list[int] = []
    previous: dict[int, int] = {}
    for place, value in enumerate(known):
        if value is None:
            continue
        at = bisect_left(tails, value)
        tails[at : at + 1] = [value]
        ends[at : at + 1] = [place]
        if at:
            previous[place] = ends[at - 1]
    kept: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.append(at)
        at = previous.get(at, -1)
    return frozenset(kept)
