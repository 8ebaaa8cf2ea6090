"""Lay a card over the dimmed window without leaving it."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.ui import theme

_WIDTH = 680
_TOP = 92
_SHADOW_STEPS = 12


class Overlay(QWidget):
    """Cover a window with a backdrop and one card."""

    closed = Signal()

    def __init__(self, window: QWidget, *, width: int = _WIDTH) -> None:
        super().__init__(window)
        self._width = width
        self._focus_before: QWidget | None = None
        self.card = QFrame(self)
        self.card.setProperty("surface", "raised")
        self.column = QVBoxLayout(self.card)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        window.installEventFilter(self)
        theme.theme_signals.changed.connect(self._place)
        self.hide()

    def open(self) -> None:
        """Show the card and remember where the keyboard was."""
        if not self.isVisible():
            self._focus_before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        """Close the card and give the keyboard back."""
        if not self.isVisible():
            return
        self.hide()
        before, self._focus_before = self._focus_before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802 - Qt calls this name
        """Keep the Tab key within the card; Esc leads out."""
        stops = [
            child
            for child in self.card.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled()
        ]
        if not stops:
            return True
        focused = QApplication.focusWidget()
        at = stops.index(focused) if focused in stops else -1
        reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if is_next else -1)) % len(stops)].setFocus(reason)
        return True

    def wanted_height(self, room: int) -> int:
        """Return the height of the card within the room below its top."""
        return min(room, self.card.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window underneath."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the card anew."""
        super().resizeEvent(event)
        self.place_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a press beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dimmed backdrop and the shadow of the card."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("scrim"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            shade = theme.color("shadow")
            shade.setAlpha(shade.alpha() // _SHADOW_STEPS)
            painter.setBrush(shade)
            card = QRectF(self.card.geometry()).translated(0, _SHADOW_STEPS / 2)
            for step in range(_SHADOW_STEPS):
                radius = theme.RADIUS.overlay + step
                painter.drawRoundedRect(card.adjusted(-step, -step, step, step), radius, radius)

    def place_card(self) -> None:
        """Give the card its place and size."""
        edge = theme.SPACE.page_edge
        width = min(theme.scaled(self._width), self.width() - 2 * edge)
        top = min(_TOP, max(edge, self.height() // 8))
        height = self.wanted_height(self.height() - top - 2 * edge)
        self.card.setGeometry((self.width() - width) // 2, top, width, height)

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        if self.size() == window.size():
            self.place_card()
        self.setGeometry(window.rect())
