"""Fonts and icons of widgets that follow a change of theme by themselves."""

from collections.abc import Callable
from typing import Final, cast

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from app.ui.theme.fonts import font
from app.ui.theme.icons import USUAL_COLOR, icon, pixmap
from app.ui.theme.state import scaled, theme_signals

_MORE_GAP: Final = 4


class _Follower(QObject):
    """Repeats one setting of its parent whenever the theme changes."""

    def __init__(self, parent: QObject, kind: str, repeat: Callable[[QObject], None]) -> None:
        super().__init__(parent)
        self.setObjectName(f"follows-{kind}")
        self._repeat = repeat
        theme_signals.changed.connect(self.follow)

    @Slot()
    def follow(self) -> None:
        """Set it once more, with the colours and sizes of now."""
        self._repeat(cast("QObject", self.parent()))


def _follow(target: QObject, kind: str, repeat: Callable[[QObject], None]) -> None:
    only_own = Qt.FindChildOption.FindDirectChildrenOnly
    for old in target.findChildren(_Follower, f"follows-{kind}", only_own):
        theme_signals.changed.disconnect(old.follow)
        old.setParent(None)
        old.deleteLater()
    _Follower(target, kind, repeat).follow()


def set_font(
    widget: QWidget,
    role: str,
    *,
    weight: int | None = None,
    italic: bool = False,
    tabular: bool = False,
) -> None:
    """Give a widget the font of a role, at every text size."""

    def repeat(owner: QObject) -> None:
        cast("QWidget", owner).setFont(font(role, weight=weight, italic=italic, tabular=tabular))

    _follow(widget, "font", repeat)


def set_icon(target: QAbstractButton | QAction, name: str, token: str = USUAL_COLOR, size: int = 16) -> None:
    """Give a button or action an icon in every theme and size."""

    def repeat(owner: QObject) -> None:
        if isinstance(owner, QPushButton):
            _set_padded_icon(owner, name, token, size)
            return
        cast("QAbstractButton | QAction", owner).setIcon(icon(name, token, size) if name else QIcon())
        if isinstance(owner, QAbstractButton):
            owner.setIconSize(QSize(scaled(size), scaled(size)))

    _follow(target, "icon", repeat)


def _set_padded_icon(button: QPushButton, name: str, token: str, size: int) -> None:
    # Qt leaves four pixels between icon and text and has no setting for it; the rest is in the icon.
    gap = scaled(_MORE_GAP) if button.text() else 0
    is_mirrored = button.layoutDirection() == Qt.LayoutDirection.RightToLeft
    left, right = (gap, 0) if is_mirrored else (0, gap)
    button.setIcon(icon(name, token, size, pad_left=left, pad_right=right) if name else QIcon())
    button.setIconSize(QSize(scaled(size) + gap, scaled(size)))


def set_picture(label: QLabel, name: str, token: str = USUAL_COLOR, size: int = 16) -> None:
    """Show an icon in a label, in every theme and size."""

    def repeat(owner: QObject) -> None:
        picture = cast("QLabel", owner)
        picture.setPixmap(pixmap(name, token, scaled(size), picture.devicePixelRatioF()))
        picture.setFixedSize(scaled(size), scaled(size))

    _follow(label, "picture", repeat)


def set_size(widget: QWidget, *, width: int = 0, height: int = 0) -> None:
    """Fix a width or height that grows with the text."""

    def repeat(owner: QObject) -> None:
        fixed = cast("QWidget", owner)
        if width:
            fixed.setFixedWidth(scaled(width))
        if height:
            fixed.setFixedHeight(scaled(height))

    _follow(widget, "size", repeat)


def set_variant(widget: QWidget, **properties: str) -> None:
    """Set style properties of a widget and repaint it by them."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
