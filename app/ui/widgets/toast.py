"""The toast: what left the screen, with Undo for five seconds."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, Qt, QTimer, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStyle, QWidget

from app.ui import theme
from app.ui.widgets.announce import announce
from app.ui.widgets.buttons import icon_button, link_button
from app.ui.widgets.keycap import KeyCap
from app.ui.widgets.labels import text_label

_SHOWN_MS: Final = 5000
_SLIDE_MS: Final = 120
_ABOVE_STATUS_BAR: Final = 16


class Toast(QFrame):
    """One sentence at the bottom centre of its window.

    It leaves after five seconds, but stays while the mouse or the focus is in it.
    """

    def __init__(self, window: QWidget, *, bottom: int = theme.HEIGHT.status_bar) -> None:
        super().__init__(window)
        self._window = window
        self._bottom = bottom
        self._on_undo: Callable[[], None] | None = None
        self._text = text_label(role="body", weight=500)
        self._undo = link_button("Undo", on_click=self._on_undo_clicked)
        self._keycap = KeyCap("Ctrl+Z")
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self._on_time_over)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._build()
        window.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def show_message(
        self, text: str, *, on_undo: Callable[[], None] | None = None, undo_text: str = "Undo"
    ) -> None:
        """Show a sentence in place of the last one."""
        self._on_undo = on_undo
        self._text.setText(text)
        self._undo.setText(undo_text)
        self._undo.setAccessibleName(undo_text)
        self._undo.setVisible(on_undo is not None)
        self._keycap.setVisible(on_undo is not None and undo_text == "Undo")
        self._show_in_place()
        self._timer.start()
        announce(self, text)

    @Slot()
    def dismiss(self) -> None:
        """Leave at once; what was done stays done."""
        self._timer.stop()
        self._on_undo = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom centre when the window is resized."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._slide.stop()
            self.move(self._place())
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while the mouse is here."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Count the five seconds anew."""
        if self.isVisible():
            self._timer.start()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.setProperty("surface", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Message")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.l, theme.SPACE.s, theme.SPACE.s, theme.SPACE.s)
        row.setSpacing(theme.SPACE.s)
        row.addWidget(self._text)
        row.addWidget(self._undo)
        row.addWidget(self._keycap)
        row.addWidget(icon_button("x", "Close the message", on_click=self.dismiss))

    def _show_in_place(self) -> None:
        self._text.setWordWrap(False)
        most = self._window.width() - 2 * theme.SPACE.page_edge
        if self.sizeHint().width() > most:
            self._text.setWordWrap(True)
            self.setFixedWidth(most)
        else:
            self.setMinimumWidth(0)
            self.setMaximumWidth(most)
        self.adjustSize()
        self.raise_()
        self.show()
        self._slide_in(self._place())

    def _slide_in(self, place: QPoint) -> None:
        duration = _SLIDE_MS
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) == 0:
            duration = 0
        self._slide.stop()
        self._slide.setDuration(duration)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.setStartValue(place + QPoint(0, theme.SPACE.xl))
        self._slide.setEndValue(place)
        self._slide.start()

    def _place(self) -> QPoint:
        window = self._window
        left = (window.width() - self.width()) // 2
        low = theme.scaled(self._bottom) + _ABOVE_STATUS_BAR
        return QPoint(max(0, left), window.height() - low - self.height())

    def _on_undo_clicked(self) -> None:
        undo = self._on_undo
        self.dismiss()
        if undo is not None:
            undo()

    @Slot()
    def _on_time_over(self) -> None:
        focused = self.window().focusWidget()
        if focused is not None and self.isAncestorOf(focused) and self.isActiveWindow():
            self._timer.start()
        else:
            self.dismiss()
