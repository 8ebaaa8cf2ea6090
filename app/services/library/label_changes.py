"""What became of the sections of a label from one version to another."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from app.models.word_diff import Kind, Piece, word_diff
from app.services.library.labels import UNCLASSIFIED, LabelText, sections_of

_NUMBER_AT_START: Final = re.compile(r"^[\d.]+\s+")


class SectionState(StrEnum):
    """What became of a section from one version to the next."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section in two versions; `pieces` are whole words of both."""

    state: SectionState
    code: str
    heading: str
    older: LabelText | None
    newer: LabelText | None
    pieces: tuple[Piece, ...]


def compare(session: Session, older_id: str, newer_id: str) -> tuple[SectionChange, ...]:
    """Compare two versions section by section, in the order of the newer one.

    Sections meet by code and place among those of the same code; without a code of their own, by heading.
    A removed section stands after the one before it.
    """
    older, newer = _keyed(sections_of(session, older_id)), _keyed(sections_of(session, newer_id))
    changes = [_change(older.get(key), section) for key, section in newer.items()]
    places = {key: place for place, key in enumerate(newer)}
    before = -1
    removed: list[tuple[int, SectionChange]] = []
    for key, section in older.items():
        if key in places:
            before = places[key]
        else:
            removed.append((before, _change(section, None)))
    for place, change in reversed(removed):
        changes.insert(place + 1, change)
    return tuple(changes)


_Key = tuple[str, str, int]


def _keyed(sections: Sequence[LabelText]) -> dict[_Key, LabelText]:
    counts: Counter[tuple[str, str]] = Counter()
    keyed: dict[_Key, LabelText] = {}
    for section in sections:
        has_code = section.code not in ("", UNCLASSIFIED)
        name = "" if has_code else _NUMBER_AT_START.sub("", section.heading).casefold()
        keyed[section.code, name, counts[section.code, name]] = section
        counts[section.code, name] += 1
    return keyed


def _change(older: LabelText | None, newer: LabelText | None) -> SectionChange:
    shown = newer or older
    if shown is None:
        raise ValueError("a change is of at least one section")
    before, after = older.text if older else "", newer.text if newer else ""
    # Most sections of a new version are the old ones, and a long one takes a while to compare.
    pieces = word_diff(before, after) if before != after else (Piece(Kind.SAME, after),) if after else ()
    if older is None:
        state = SectionState.ADDED
    elif newer is None:
        state = SectionState.REMOVED
    else:
        same = (older.text, older.heading) == (newer.text, newer.heading)
        state = SectionState.SAME if same else SectionState.CHANGED
    return SectionChange(state, shown.code, shown.heading, older, newer, pieces)
