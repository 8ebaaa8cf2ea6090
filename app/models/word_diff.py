"""Show what changed between two texts in whole words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

# A sign, a decimal point or a per cent mark belongs to its number: a dose must never be shown in parts.
_WORD = r"[^\W_][\u0300-\u036f]*(?:[^\W_]|[\u0300-\u036f])*"
_SIGN = r"[<>\u2264\u2265\u00b1+\-\u2212~]*"
_INNER = r"[.,'\u2019/\-\u2013\u2212\u00b7]"
_TOKEN = re.compile(rf"\s+|{_SIGN}{_WORD}(?:{_INNER}{_WORD})*%?|.", re.DOTALL)


class Kind(StrEnum):
    """Whether a piece stands in both texts or in one."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of whole words with what happened to it."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts by words; a deletion comes before its insertion.

    The pieces that are not inserted join to the old text, those not deleted to the new.
    """
    old_tokens, new_tokens = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_joined(_bridged(_changes(old_tokens, new_tokens))))


def old_text(pieces: Iterable[Piece]) -> str:
    """Join the pieces back to the old text."""
    return "".join(piece.text for piece in pieces if piece.kind is not Kind.INSERTED)


def new_text(pieces: Iterable[Piece]) -> str:
    """Join the pieces back to the new text."""
    return "".join(piece.text for piece in pieces if piece.kind is not Kind.DELETED)


@dataclass(slots=True)
class _Change:
    same: str
    deleted: str = ""
    inserted: str = ""


def _changes(old: list[str], new: list[str]) -> list[_Change]:
    # Numbers of our own rule out that two words share a hash and are taken as equal.
    number: dict[str, int] = {}
    old_numbers = [number.setdefault(token, len(number)) for token in old]
    new_numbers = [number.setdefault(token, len(number)) for token in new]
    changes = [_Change("")]
    for code in Indel.opcodes(old_numbers, new_numbers):
        if code.tag == "equal":
            changes.append(_Change("".join(old[code.src_start : code.src_end])))
        elif code.tag == "delete":
            changes[-1].deleted += "".join(old[code.src_start : code.src_end])
        else:
            changes[-1].inserted += "".join(new[code.dest_start : code.dest_end])
    return changes


def _bridged(changes: list[_Change]) -> list[_Change]:
    # Two changes with only a space between them read as one.
    bridged = [changes[0]]
    for change in changes[1:]:
        last = bridged[-1]
        spans = (last.deleted or last.inserted) and (change.deleted or change.inserted)
        if spans and change.same.isspace() and "\n" not in change.same:
            last.deleted += change.same + change.deleted
            last.inserted += change.same + change.inserted
        else:
            bridged.append(change)
    return bridged


def _joined(changes: list[_Change]) -> Iterator[Piece]:
    for change in changes:
        for kind, text in (
            (Kind.SAME, change.same),
            (Kind.DELETED, change.deleted),
            (Kind.INSERTED, change.inserted),
        ):
            if text:
                yield Piece(kind, text)
