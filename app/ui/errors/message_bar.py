"""The message bar: what went wrong, in a strip with one way on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets import announce, icon_button, secondary_button, text_label

MessageKind = Literal["info", "soon", "over"]
_LOOKS: Final[dict[str, tuple[str, str]]] = {
    "info": ("info", "accent"),
    "soon": ("triangle-alert", "soon"),
    "over": ("octagon-x", "over"),
}
_MOST_DETAILS: Final = 6


@dataclass(frozen=True, slots=True)
class MessageAction:
    """The button of a message: a verb, and what it does."""

    text: str
    run: Callable[[], None]


class MessageBar(QFrame):
    """A strip above the bottom edge of a page; it stays until it is closed.

    Put it last in the layout of its parent, or let `for_window` lay it over the bottom of a window.
    """

    dismissed = Signal()

    def __init__(self, parent: QWidget, *, is_overlay: bool = False) -> None:
        super().__init__(parent)
        self.kind: MessageKind = "info"
        self.is_overlay = is_overlay
        self._parent = parent
        self._action: MessageAction | None = None
        self._picture = QLabel()
        self._text = text_label(role="body", weight=500, wraps=True)
        self._details = text_label(role="body", tone="text.2", wraps=True)
        self._button = secondary_button("", on_click=self._on_action)
        self._close = icon_button("x", "Close the message", "Esc", on_click=self.dismiss)
        self._build()
        self.hide()
        if is_overlay:
            parent.installEventFilter(self)

    @classmethod
    def for_window(cls, window: QWidget) -> "MessageBar":
        """Return the bar of a window, laid over its bottom if it has none."""
        bars = window.findChildren(cls)
        shown = [bar for bar in bars if bar.is_overlay or bar.is_on_visible_page]
        return shown[0] if shown else cls(window, is_overlay=True)

    @property
    def is_on_visible_page(self) -> bool:
        """Whether the page that holds the bar is on screen."""
        return self._parent.isVisible()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    @property
    def details(self) -> str:
        """The lines below the sentence."""
        return self._details.text()

    def show_message(
        self,
        text: str,
        *,
        kind: MessageKind = "info",
        action: MessageAction | None = None,
        details: Sequence[str] = (),
    ) -> None:
        """Show a message in place of the last one."""
        self.kind = kind
        icon, token = _LOOKS[kind]
        theme.set_picture(self._picture, icon, token, 18)
        theme.set_variant(self, message=kind)
        self._text.setText(text)
        self._show_details(details)
        self._action = action
        self._button.setVisible(action is not None)
        if action is not None:
            self._button.setText(action.text)
            self._button.setAccessibleName(action.text)
        self.setAccessibleName(text)
        self.show()
        self.raise_()
        self._place()
        announce(self, text, assertive=kind == "over")

    def dismiss(self) -> None:
        """Leave; the reason may still be there."""
        if self.isHidden():
            return
        self._action = None
        self.hide()
        self.dismissed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the window when it is resized."""
        if watched is self._parent and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.page_edge, theme.SPACE.s, theme.SPACE.m, theme.SPACE.s)
        row.setSpacing(theme.SPACE.m)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE.xs)
        words.addWidget(self._text)
        words.addWidget(self._details)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _show_details(self, details: Sequence[str]) -> None:
        shown = [f"\N{BULLET} {line}" for line in details[:_MOST_DETAILS]]
        if len(details) > _MOST_DETAILS:
            shown.append(f"and {len(details) - _MOST_DETAILS} more")
        self._details.setText("\n".join(shown))
        self._details.setVisible(bool(shown))

    def _on_action(self) -> None:
        action = self._action
        self.dismiss()
        if action is not None:
            action.run()

    def _place(self) -> None:
        if self.is_overlay:
            width, low = self._parent.width(), self._parent.height()
            height = max(self.sizeHint().height(), self.heightForWidth(width))
            self.setGeometry(0, low - height, width, height)
