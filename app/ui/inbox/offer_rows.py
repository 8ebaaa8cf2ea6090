"""The completions under the filter field, and what is wrong with the filter."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QStyle, QVBoxLayout, QWidget

from app.models.inbox_filter_offers import Offer
from app.ui import theme
from app.ui.widgets import rounded, text_label

_ROW: Final = 28
_EDGE: Final = 12
_WIDEST_MEANING: Final = 0.5


class OfferRows(QWidget):
    """Paints a line an offer; the keyboard stays in the field."""

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: tuple[Offer, ...] = ()
        self.current = -1
        self.setMouseTracking(True)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered, the likeliest first."""
        return self._offers

    def show_offers(self, offers: tuple[Offer, ...]) -> None:
        """Show these, with none chosen."""
        self._offers, self.current = offers, -1
        self.setFixedHeight(self._row_height() * len(offers))
        self.update()

    def step(self, by: int) -> Offer | None:
        """Choose the next or the one before, none between last and first."""
        places = len(self._offers) + 1
        self.current = (self.current + 1 + by) % places - 1
        self.update()
        return self._offers[self.current] if self.current >= 0 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the mouse."""
        self.current = self._row_at(event.position().toPoint())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the row under the mouse."""
        at = self._row_at(event.position().toPoint())
        if 0 <= at < len(self._offers):
            self.taken.emit(self._offers[at])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what is offered left and what it means right."""
        with QPainter(self) as painter:
            for at, offer in enumerate(self._offers):
                row = QRect(0, at * self._row_height(), self.width(), self._row_height())
                self._paint_row(painter, row, offer, is_current=at == self.current)

    def _paint_row(self, painter: QPainter, row: QRect, offer: Offer, *, is_current: bool) -> None:
        if is_current:
            shape = row.adjusted(theme.SPACE.xs, 0, -theme.SPACE.xs, 0)
            rounded(painter, shape, theme.scaled(theme.RADIUS.control), fill=theme.color("bg.selected"))
        edge = theme.scaled(_EDGE)
        inner = row.adjusted(edge, 0, -edge, 0)
        small, body = theme.font("secondary"), theme.font("body", weight=500)
        meaning = QFontMetrics(small).elidedText(
            offer.meaning, Qt.TextElideMode.ElideRight, int(inner.width() * _WIDEST_MEANING)
        )
        taken = QFontMetrics(small).horizontalAdvance(meaning) + edge if meaning else 0
        label = QFontMetrics(body).elidedText(offer.label, Qt.TextElideMode.ElideRight, inner.width() - taken)
        middle, direction = Qt.AlignmentFlag.AlignVCenter, self.layoutDirection()
        for text, font, tone, side in (
            (label, body, "text.1", Qt.AlignmentFlag.AlignLeft),
            (meaning, small, "text.3", Qt.AlignmentFlag.AlignRight),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(tone))
            painter.drawText(inner, QStyle.visualAlignment(direction, middle | side), text)

    def _row_height(self) -> int:
        line = QFontMetrics(theme.font("body", weight=500)).height()
        return max(theme.scaled(_ROW), line + theme.scaled(8))

    def _row_at(self, point: QPoint) -> int:
        at = point.y() // self._row_height()
        return at if at < len(self._offers) else -1


class OfferCard(QFrame):
    """A card under a field: offers, then the one thing that cannot be read."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("surface", "raised")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows = OfferRows(self)
        self.problem = text_label(role="secondary", tone="over", wraps=True)
        self.keys = text_label(role="secondary", tone="text.3")
        self.keys.setText(self.tr("↓ choose    Tab take    Enter filter    Esc close"))
        column = QVBoxLayout(self)
        edge = theme.SPACE.xs
        column.setContentsMargins(1, edge, 1, theme.SPACE.s)
        column.setSpacing(edge)
        column.addWidget(self.rows)
        for label in (self.problem, self.keys):
            label.setContentsMargins(theme.SPACE.m, 0, theme.SPACE.m, 0)
            column.addWidget(label)
        self.hide()

    def show_under(self, field: QWidget, offers: tuple[Offer, ...], sentence: str) -> None:
        """Show under a field of the same window, as wide as it needs."""
        self.rows.show_offers(offers)
        self.rows.setVisible(bool(offers))
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.keys.setVisible(bool(offers))
        window = field.window()
        width = min(max(field.width(), theme.scaled(420)), window.width() - 2 * theme.SPACE.m)
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else 0
        self.resize(width, max(height, self.sizeHint().height()))
        corner = field.mapTo(window, QPoint(field.width() - width, field.height() + theme.SPACE.xs))
        self.move(max(theme.SPACE.m, corner.x()), corner.y())
        self.show()
        self.raise_()
