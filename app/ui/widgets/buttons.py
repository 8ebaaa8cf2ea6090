"""Buttons: one loud per page, the rest outlined or quiet."""

import weakref
from collections.abc import Callable
from types import MethodType
from typing import Literal, Protocol

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from app.ui import theme
from app.ui.widgets.keycap import KeyCap
from app.ui.widgets.painting import focus_ring

Variant = Literal["primary", "secondary", "quiet", "link", "danger", "safety"]
Size = Literal["header", "form", "lock"]
_FILLED = ("primary", "safety")
_ICON_TOKENS = {
    "primary": "on.fill",
    "safety": "on.fill",
    "danger": "over",
    "link": "accent",
    "quiet": "text.2",
}


class Button(QPushButton):
    """A button whose focus ring shows on its filled variants too."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        super().paintEvent(event)
        if self.hasFocus() and self.property("v") in _FILLED:
            with QPainter(self) as painter:
                # The outer ring has the colour of the fill, so the visible one lies inside it.
                inner = self.rect().adjusted(2, 2, -2, -2)
                focus_ring(painter, inner, theme.scaled(theme.RADIUS.control) - 2, "on.fill")


def make_button(
    text: str,
    variant: Variant,
    *,
    shortcut: str = "",
    icon: str = "",
    size: Size = "header",
    on_click: Callable[[], None] | None = None,
) -> Button:
    """Make a button of a variant; its shortcut is shown, not bound.

    Keys are bound once, by the action registry; a second binding would make both ambiguous.
    """
    button = Button(text)
    button.setProperty("v", variant)
    button.setProperty("control", size)
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    theme.set_font(button, "body", weight=400 if variant == "link" else 500)
    if icon:
        theme.set_icon(button, icon, _ICON_TOKENS.get(variant, "text.1"))
    name_button(button, text, shortcut)
    if on_click is not None:
        connect_click(button, on_click)
    return button


def connect_click(button: QAbstractButton, on_click: Callable[[], None]) -> None:
    """Call a function on each click, without keeping its owner alive."""
    owner = getattr(on_click, "__self__", None)
    if not isinstance(owner, QObject):
        button.clicked.connect(lambda _checked=False: on_click())
        return
    if not isinstance(on_click, MethodType):
        button.clicked.connect(on_click)
        return
    # A parent that holds its button through Qt and is held by the button's slot would never be freed.
    method = weakref.WeakMethod(on_click)

    def call() -> None:
        alive = method()
        if alive is not None:
            alive()

    button.clicked.connect(call)


def name_button(button: QPushButton | QToolButton, text: str, shortcut: str = "") -> None:
    """Tell screen readers and the tooltip what a button does."""
    button.setAccessibleName(text)
    if shortcut:
        button.setToolTip(f"{text} ({shortcut})")
        button.setAccessibleDescription(f"Shortcut {shortcut}")
    elif isinstance(button, QToolButton):
        button.setToolTip(text)


class MakeButton(Protocol):
    """Makes a button of one variant."""

    def __call__(
        self,
        text: str,
        shortcut: str = "",
        *,
        icon: str = "",
        size: Size = "header",
        on_click: Callable[[], None] | None = None,
    ) -> Button:
        """Make a button; its shortcut is shown, not bound."""


def _maker(variant: Variant) -> MakeButton:
    def make(
        text: str,
        shortcut: str = "",
        *,
        icon: str = "",
        size: Size = "header",
        on_click: Callable[[], None] | None = None,
    ) -> Button:
        return make_button(text, variant, shortcut=shortcut, icon=icon, size=size, on_click=on_click)

    return make


primary_button = _maker("primary")
"""Make the one filled button of a page."""
secondary_button = _maker("secondary")
"""Make an outlined button."""
quiet_button = _maker("quiet")
"""Make a button without an edge."""
link_button = _maker("link")
"""Make a button that reads as a link."""
danger_button = _maker("danger")
"""Make the red-outlined button for what stops others."""
safety_button = _maker("safety")
"""Make the magenta button of a waiting safety decision."""


def icon_button(
    icon: str, text: str, shortcut: str = "", *, on_click: Callable[[], None] | None = None
) -> QToolButton:
    """Make a square button that shows an icon and names itself."""
    button = QToolButton()
    theme.set_icon(button, icon)
    theme.set_font(button, "body", weight=500)
    name_button(button, text, shortcut)
    button.setMinimumSize(QSize(theme.HEIGHT.smallest_target, theme.HEIGHT.smallest_target))
    if on_click is not None:
        connect_click(button, on_click)
    return button


def with_keycap(button: QWidget, shortcut: str) -> QWidget:
    """Put a button and its key cap side by side."""
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE.s)
    row.addWidget(button)
    row.addWidget(KeyCap(shortcut))
    return pair
