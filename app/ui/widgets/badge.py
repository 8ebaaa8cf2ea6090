"""The badge: a small filled count."""

from typing import Final, Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.painting import rounded

BadgeKind = Literal["fill", "safety", "neutral", "soon", "over"]
_DIAMETER: Final = 16
_MOST: Final = 99
_TOKENS: Final[dict[str, tuple[str, str]]] = {
    "fill": ("fill", "on.fill"),
    "safety": ("safety.fill", "on.fill"),
    "neutral": ("neutral.soft", "text.2"),
    "soon": ("soon.soft", "soon"),
    "over": ("over.soft", "over"),
}


def badge_text(count: int) -> str:
    """Return a count as a badge writes it."""
    return f"{_MOST}+" if count > _MOST else str(count)


def badge_size(count: int) -> QSize:
    """Return how large the badge of a count is."""
    metrics = QFontMetrics(theme.font("badge", weight=600))
    height = max(theme.scaled(_DIAMETER), metrics.height())
    return QSize(max(height, metrics.horizontalAdvance(badge_text(count)) + theme.scaled(8)), height)


def paint_badge(painter: QPainter, rect: QRect, count: int, kind: BadgeKind = "fill") -> None:
    """Paint the badge of a count that fills a rectangle."""
    fill, text = _TOKENS[kind]
    painter.save()
    edge = theme.color(text) if theme.current_theme() == "contrast" else None
    rounded(painter, rect, rect.height() / 2, fill=theme.color(fill), edge=edge, edge_width=1)
    painter.setFont(theme.font("badge", weight=600))
    painter.setPen(theme.color(text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, badge_text(count))
    painter.restore()


class Badge(QLabel):
    """A count as a widget; nothing is shown for zero."""

    def __init__(
        self, count: int = 0, kind: BadgeKind = "fill", *, noun: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kind: BadgeKind = kind
        self._noun = noun
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme_signals.changed.connect(self.updateGeometry)
        self.set_count(count)

    @property
    def count(self) -> int:
        """The count that is shown."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show another count, or nothing for zero."""
        self._count = count
        self.setText(badge_text(count))
        self.setAccessibleName(f"{count} {self._noun}".strip())
        self.setVisible(count > 0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Fit the content at the text size in use."""
        return badge_size(self._count)

    def minimumSizeHint(self) -> QSize:
        """Ask for the least that can still be read."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        with QPainter(self) as painter:
            paint_badge(painter, self.rect(), self._count, self._kind)
