"""What a block of a letter is, and how it stands to its origin."""

import functools
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.models import rank
from app.models.canonical import sha256_hex
from app.models.checks.snapshot import BlockKind, BlockState
from app.models.letter_origins import Origin, approved, template_slot
from app.models.markup import Heading, List, Table, parse, plain_text, render
from app.models.normal import NORMAL_VERSION, content_hash

WRITTEN = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.TABLE})
ANSWERS = WRITTEN | {BlockKind.EVIDENCE_TABLE}
MADE = frozenset({BlockKind.REFERENCES, BlockKind.SIGNATURE})

_WORD = re.compile(r"\w+")

_hash = functools.lru_cache(maxsize=4096)(content_hash)


def state_of(kind: BlockKind | str, text: str, origins: Sequence[Origin]) -> BlockState:
    """Tell how a text stands to where it comes from.

    A text of several origins is changed: nobody approved it as one. So is one that was hashed by rules
    this program does not know.
    """
    if BlockKind(kind) in MADE:
        return BlockState.NONE
    if not origins:
        return BlockState.FREE
    if len(origins) == 1 and origins[0].normal == NORMAL_VERSION and _hash(text) == origins[0].sha256:
        return BlockState.VERBATIM
    return BlockState.CHANGED


def text_hash(text: str) -> str:
    """Return the hash that says which text an editor has seen."""
    return sha256_hex(text.encode())


def canonical_text(text: str) -> str:
    """Return the markup of a text in normal form, as a block stores it."""
    return render(parse(text))


def kind_of_text(text: str) -> BlockKind:
    """Tell what kind of block a text is by its first part."""
    match parse(text).blocks[:1]:
        case (Heading(),):
            return BlockKind.HEADING
        case (List(),):
            return BlockKind.LIST
        case (Table(),):
            return BlockKind.TABLE
        case _:
            return BlockKind.PARAGRAPH


def is_fixed(origins: Sequence[Origin]) -> bool:
    """Tell whether a block holds its place and text as the template has them."""
    slot = template_slot(origins)
    return slot is not None and not slot.editable


def kept_origins(
    text: str,
    stored: Iterable[Origin],
    proposed: Iterable[Origin],
    earlier: Collection[tuple[str, tuple[Origin, ...]]] = (),
) -> tuple[Origin, ...]:
    """Return the origins of a changed block, so that approved text never becomes free.

    An origin leaves only if the text is verbatim from another one, or if an undo gives the block back
    a text and origins that it had. Words that look new may still be the old ones, edited.
    """
    stored, proposed = tuple(stored), tuple(proposed)
    slot = template_slot(stored)
    if slot is not None:
        proposed = (slot, *(origin for origin in proposed if origin != slot))
    is_verbatim = state_of(BlockKind.PARAGRAPH, text, proposed) is BlockState.VERBATIM
    if is_verbatim or (text, proposed) in earlier:
        return proposed
    lost = [origin for origin in approved(stored) if origin not in proposed]
    # The order tells which came first, so what stays keeps its place before newcomers.
    return tuple(dict.fromkeys((*lost, *proposed)))


def cut_from(text: str, blocks: Iterable[tuple[str, tuple[Origin, ...]]]) -> tuple[Origin, ...]:
    """Return the approved origins of the first block in which a new text stood, if it stood in one.

    What was cut off keeps its origin even if the editor forgot to say so.
    """
    words = _plain(text)
    for old, origins in blocks:
        if words and words in _plain(old) and approved(origins):
            return approved(origins)
    return ()


def _plain(text: str) -> str:
    return " ".join(plain_text(parse(text)).split())


@dataclass(frozen=True, slots=True)
class Placed:
    """The ranks of newcomers, and of tied neighbours that must move."""

    ranks: tuple[str, ...]
    moved: tuple[tuple[int, str], ...] = ()


def place(ranks: Sequence[str], index: int, count: int) -> Placed:
    """Rank newcomers before the element at an index of an ordered list."""
    before = ranks[index - 1] if index > 0 else None
    end = index
    while before is not None and end < len(ranks) and ranks[end] == before:
        end += 1
    after = ranks[end] if end < len(ranks) else None
    fresh = rank.spread(count + end - index, before, after)
    return Placed(fresh[:count], tuple(zip(range(index, end), fresh[count:], strict=True)))


@dataclass(frozen=True, slots=True)
class Shares:
    """How many words of the answer are verbatim, changed and free."""

    verbatim: int = 0
    changed: int = 0
    free: int = 0

    @property
    def total(self) -> int:
        """All words of the answer."""
        return self.verbatim + self.changed + self.free


def shares(blocks: Iterable[tuple[BlockKind | str, str, BlockState]]) -> Shares:
    """Count the words of the answer by their state; fixed and made blocks are left out."""
    counts = dict.fromkeys((BlockState.VERBATIM, BlockState.CHANGED, BlockState.FREE), 0)
    for kind, text, state in blocks:
        if BlockKind(kind) in ANSWERS:
            counts[state] += word_count(text)
    return Shares(*counts.values())


@functools.lru_cache(maxsize=4096)
def word_count(text: str) -> int:
    """Count the words of a markup text."""
    return len(_WORD.findall(plain_text(parse(text))))
