"""Where the parts of a row lie, the same for rows and their heads."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect

from app.ui import theme
from app.ui.widgets import chip_size

_INSET: Final = 8
_EDGE: Final = 20
_ICON: Final = 16
_AVATAR: Final = 24
_MARK: Final = 16
_GAP: Final = 12
# Narrower than this the safety and due chips are what stays beside the words.
_ROOM_FOR_OWNER: Final = 560
# So much stays for the question before a column that was asked for is shown.
_LEAST_WORDS: Final = 200
USUAL: Final = ("safety", "due", "owner")
CHOOSABLE: Final = ("safety", "due", "received", "state", "owner")


@dataclass(frozen=True, slots=True)
class Columns:
    """The left edge and width of each part, from the left of the list."""

    icon: int
    words: int
    words_width: int
    safety: int
    safety_width: int
    due: int
    due_width: int
    owner: int
    mark: int
    inset: int
    received: int = -1
    received_width: int = 0
    state: int = -1
    state_width: int = 0

    def has(self, name: str) -> bool:
        """Tell whether a part is shown at all."""
        return int(getattr(self, name)) >= 0

    def part(self, name: str, row: QRect) -> QRect:
        """Return one part of a row as a rectangle of its full height."""
        return QRect(row.left() + int(getattr(self, name)), row.top(), self.width_of(name), row.height())

    def width_of(self, name: str) -> int:
        """Return how wide a part is."""
        sizes = {
            "icon": theme.scaled(_ICON),
            "words": self.words_width,
            "safety": self.safety_width,
            "due": self.due_width,
            "received": self.received_width,
            "state": self.state_width,
            "owner": theme.scaled(_AVATAR) if self.owner >= 0 else 0,
            "mark": theme.scaled(_MARK),
        }
        return sizes[name]


def known_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return those names that are columns, in the order of the row; none for the usual ones."""
    known = tuple(name for name in CHOOSABLE if name in names)
    return () if known == USUAL else known


def columns(width: int, shown: tuple[str, ...] = ()) -> Columns:
    """Return the parts of a row of this width at the text size in use."""
    return _columns(width, shown or USUAL, theme.text_factor())


@functools.lru_cache(maxsize=64)
def _columns(width: int, shown: tuple[str, ...], _factor: float) -> Columns:
    edge, gap, near = theme.scaled(_EDGE), theme.scaled(_GAP), theme.scaled(theme.SPACE.s)
    words = edge + theme.scaled(_ICON) + theme.scaled(10)
    mark = width - edge - theme.scaled(_MARK)
    widths = _widths()
    wanted = [name for name in CHOOSABLE if name in shown]
    if width < theme.scaled(_ROOM_FOR_OWNER):
        wanted = [name for name in wanted if name in ("safety", "due")]
    for spare in ("received", "state"):
        room = mark - words - sum(widths[name] + gap for name in wanted)
        if spare in wanted and room < theme.scaled(_LEAST_WORDS):
            wanted.remove(spare)
    places, right = {}, mark
    for name in reversed(wanted):
        # The two clocks stand close together.
        right -= widths[name] + (near if name == "safety" and "due" in wanted else gap)
        places[name] = right
    words_width = max(theme.scaled(40), right - gap - words)
    found = {name: places.get(name, -1) for name in CHOOSABLE}
    own_widths = {f"{name}_width": widths[name] for name in CHOOSABLE if name != "owner"}
    inset = theme.scaled(_INSET)
    return Columns(edge, words, words_width, mark=mark, inset=inset, **found, **own_widths)


def _widths() -> dict[str, int]:
    # The widest words of each column, so that chips line up and are never cut.
    return {
        "safety": chip_size("late by 9 h 59 min", "safety_filled", "shield-alert").width(),
        "due": chip_size("9 h 59 min over", "over", "circle-alert").width(),
        "received": chip_size("28 Sep 2026", "plain").width() + theme.scaled(6),
        "state": chip_size("Waiting, requester", "plain").width(),
        "owner": theme.scaled(_AVATAR),
    }
