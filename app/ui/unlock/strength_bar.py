"""Draw the strength of a passphrase beside its words."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import theme
from app.ui.unlock.strength import Level
from app.ui.widgets import rounded

_PARTS = 4
_TONES = {Level.WEAK: "over", Level.FAIR: "soon", Level.STRONG: "ok", Level.VERY_STRONG: "ok"}


class StrengthBar(QWidget):
    """Fill up to four parts; the words beside it say the same."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._level = Level.TOO_SHORT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_level(self, level: Level) -> None:
        """Show another level."""
        self._level = level
        self.update()

    def sizeHint(self) -> QSize:
        """Be low and as wide as the column."""
        return QSize(theme.scaled(160), theme.scaled(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the filled and the empty parts."""
        gap = theme.SPACE.xs
        width = (self.width() - gap * (_PARTS - 1)) // _PARTS
        with QPainter(self) as painter:
            for part in range(_PARTS):
                tone = _TONES.get(self._level, "line.soft") if part < int(self._level) else "line.soft"
                place = QRect(part * (width + gap), 0, width, self.height())
                rounded(painter, place, 2, fill=theme.color(tone))
