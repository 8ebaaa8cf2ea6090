"""Lay a card over the dimmed window without leaving it."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.ui import theme

_WIDTH = 680
_TOP = 92
_SHADOW_STEPS = 12


class Overlay(QWidget):
    """Cover a window with a backdrop and one card, which keeps the keyboard while it is open.

    What lies beneath may be read again at any moment and ask for the keyboard; a passphrase must not
    land in a letter for that.
    """

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
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

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
        stops = self._stops()
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

    def _stops(self) -> list[QWidget]:
        return [
            child
            for child in self.card.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled()
        ]

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self.isVisible() or not self._covers(new):
            return
        keeper = old if old is not None and self.isAncestorOf(old) and old.isVisible() else None
        keeper = keeper or next(iter(self._stops()), None)
        if keeper is not None:
            keeper.setFocus(Qt.FocusReason.OtherFocusReason)

    def _covers(self, widget: QWidget) -> bool:
        """Tell whether a widget lies beneath this card, and in no other card."""
        under = self.parentWidget()
        if under is None or widget.window() is not self.window() or not under.isAncestorOf(widget):
            return False
        cards = (each for each in under.findChildren(Overlay) if each.isVisible())
        return not any(each is widget or each.isAncestorOf(widget) for each in cards)

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        if self.size() == window.size():
            self.place_card()
        self.setGeometry(window.rect())
