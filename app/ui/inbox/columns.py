"""Where the parts of a row lie, the same for rows and their heads."""

import functools
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
            "owner": theme.scaled(_AVATAR) if self.owner >= 0 else 0,
            "mark": theme.scaled(_MARK),
        }
        return sizes[name]


def columns(width: int) -> Columns:
    """Return the parts of a row of this width at the text size in use."""
    return _columns(width, theme.text_factor())


@functools.lru_cache(maxsize=64)
def _columns(width: int, _factor: float) -> Columns:
    # The widest words of each column, so that chips line up and are never cut.
    safety_width = chip_size("late by 9 h 59 min", "safety_filled", "shield-alert").width()
    due_width = chip_size("9 h 59 min over", "over", "circle-alert").width()
    edge, gap = theme.scaled(_EDGE), theme.scaled(_GAP)
    words = edge + theme.scaled(_ICON) + theme.scaled(10)
    mark = width - edge - theme.scaled(_MARK)
    has_owner = width >= theme.scaled(_ROOM_FOR_OWNER)
    owner = mark - gap - theme.scaled(_AVATAR) if has_owner else -1
    due = (owner if has_owner else mark) - gap - due_width
    safety = due - theme.scaled(theme.SPACE.s) - safety_width
    words_width = max(theme.scaled(40), safety - gap - words)
    return Columns(
        edge, words, words_width, safety, safety_width, due, due_width, owner, mark, theme.scaled(_INSET)
    )
