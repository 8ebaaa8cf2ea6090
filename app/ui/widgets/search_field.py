"""The search field: icon, words, and the key that leads to it."""

from typing import Final, Literal

from PySide6.QtCore import QMargins, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from app.ui import theme
from app.ui.widgets.buttons import icon_button
from app.ui.widgets.keycap import keycap_setting, keycap_size, paint_keycap

_ICON: Final = 16
_EDGE: Final = 10
_PAUSE_MS: Final = 150


class SearchField(QLineEdit):
    """A filter: Esc clears it, and Esc again goes back to the list.

    `searched` comes a short pause after the last key, at once for Enter and for clearing.
    """

    searched = Signal(str)
    left = Signal()

    def __init__(
        self,
        placeholder: str,
        shortcut: str = "",
        *,
        size: Literal["header", "form"] = "header",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shortcut = shortcut
        self._searched_for = ""
        self.setProperty("control", size)
        self.setProperty("v", "search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._clear_button = self._make_clear_button()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.search_now)
        self.textChanged.connect(self._on_text_changed)
        self.returnPressed.connect(self.search_now)
        theme.theme_signals.changed.connect(self._arrange)
        keycap_setting.changed.connect(self._arrange)
        self._arrange()

    @Slot()
    def search_now(self) -> None:
        """Tell what is asked for, if it was not told before."""
        self._pause.stop()
        if self.text() != self._searched_for:
            self._searched_for = self.text()
            self.searched.emit(self._searched_for)

    def settle(self, text: str) -> None:
        """Take a text as searched for already."""
        self._pause.stop()
        self._searched_for = text

    @Slot()
    def clear_search(self) -> None:
        """Empty the field and tell at once."""
        self.clear()
        self.search_now()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Esc, and with a second Esc leave."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.text():
            self.clear_search()
        else:
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep icon, words and key in their places."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon before and the key cap behind the words."""
        super().paintEvent(event)
        icon, is_mirrored = theme.scaled(_ICON), self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        edge = theme.scaled(_EDGE)
        with QPainter(self) as painter:
            picture = theme.pixmap("search", "text.2", icon, self.devicePixelRatioF())
            left = self.width() - edge - icon if is_mirrored else edge
            painter.drawPixmap(left, (self.height() - icon) // 2, picture)
            if self._shows_keycap():
                width = keycap_size(self._shortcut).width()
                cap_left = edge if is_mirrored else self.width() - edge - width
                paint_keycap(painter, QRect(cap_left, 0, width, self.height()), self._shortcut)

    def _make_clear_button(self) -> QToolButton:
        button = icon_button("x", "Clear the filter", "Esc", on_click=self.clear_search)
        button.setParent(self)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.hide()
        return button

    def _shows_keycap(self) -> bool:
        return bool(self._shortcut) and not self.text() and keycap_setting.is_on

    @Slot()
    def _on_text_changed(self) -> None:
        self._clear_button.setVisible(bool(self.text()))
        self._arrange()
        self._pause.start()

    @Slot()
    def _arrange(self) -> None:
        lead = theme.scaled(_ICON) + theme.scaled(theme.SPACE.s)
        target = theme.scaled(theme.HEIGHT.smallest_target)
        trail = target if self.text() else 0
        if self._shows_keycap():
            trail = keycap_size(self._shortcut).width() + theme.scaled(theme.SPACE.s)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setTextMargins(QMargins(trail, 0, lead, 0) if is_mirrored else QMargins(lead, 0, trail, 0))
        inset = theme.scaled(3)
        left = inset if is_mirrored else self.width() - target - inset
        self._clear_button.setGeometry(left, (self.height() - target) // 2, target, target)
