"""How many panes of the inbox fit beside each other."""

from typing import Final, Literal

from app.ui import theme

Fold = Literal["wide", "folded", "single"]

_WIDE_FROM: Final = 1_240
_TWO_PANES_FROM: Final = 900
USUAL_SIZES: Final[dict[Fold, tuple[int, int, int]]] = {
    "wide": (204, 780, 384),
    "folded": (0, 848, 360),
    "single": (0, 848, 360),
}


def fold_of(width: int) -> Fold:
    """Return how a page this wide is folded at the text size in use."""
    if width < theme.scaled(_TWO_PANES_FROM):
        return "single"
    return "wide" if width >= theme.scaled(_WIDE_FROM) else "folded"
