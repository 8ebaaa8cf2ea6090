"""Key caps: the shortcut of an action, drawn beside it."""

import sys
from functools import cache
from typing import Final

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.painting import rounded

_HEIGHT: Final = 18
_PADDING: Final = 4
_GAP: Final = 3


class KeyCapSetting(QObject):
    """Whether key caps are shown; off for those who know the keys."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_on = True

    def turn(self, is_on: bool) -> None:
        """Show or hide every key cap of the program."""
        self.is_on = is_on
        self.changed.emit()


keycap_setting: Final = KeyCapSetting()


@cache
def key_names(shortcut: str) -> tuple[str, ...]:
    """Split a portable shortcut such as "Ctrl+Enter" into its keys."""
    native = QKeySequence(shortcut, QKeySequence.SequenceFormat.PortableText)
    if sys.platform == "darwin" and native.toString():
        return (native.toString(QKeySequence.SequenceFormat.NativeText),)
    keys: list[str] = []
    for chord in shortcut.split(" "):
        head, plus, tail = chord.rpartition("+")
        if not tail and plus:
            head, tail = head.rstrip("+"), "+"
        keys += [part for part in head.split("+") if part] + [tail]
    return tuple(key for key in keys if key)


def keycap_size(shortcut: str) -> QSize:
    """Return how large the caps of a shortcut are."""
    metrics = QFontMetrics(theme.font("badge"))
    widths = [_cap_width(metrics, key) for key in key_names(shortcut)]
    height = max(theme.scaled(_HEIGHT), metrics.height() + theme.scaled(2))
    return QSize(sum(widths) + theme.scaled(_GAP) * max(0, len(widths) - 1), height)


def paint_keycap(painter: QPainter, rect: QRect, shortcut: str) -> None:
    """Paint the caps of a shortcut from the left of a rectangle."""
    painter.save()
    painter.setFont(theme.font("badge"))
    metrics, left = painter.fontMetrics(), rect.left()
    height = keycap_size(shortcut).height()
    top = rect.top() + (rect.height() - height) // 2
    for key in key_names(shortcut):
        cap = QRect(left, top, _cap_width(metrics, key), height)
        edge = theme.color("line.strong" if theme.current_theme() == "contrast" else "line.soft")
        radius = theme.scaled(theme.RADIUS.keycap)
        rounded(painter, cap, radius, fill=theme.color("bg.sunken"), edge=edge, edge_width=1)
        painter.setPen(theme.color("text.2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        left = cap.right() + 1 + theme.scaled(_GAP)
    painter.restore()


def _cap_width(metrics: QFontMetrics, key: str) -> int:
    return max(theme.scaled(_HEIGHT), metrics.horizontalAdvance(key) + 2 * theme.scaled(_PADDING) + 2)


class KeyCap(QLabel):
    """The caps of one shortcut as a widget."""

    def __init__(self, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(shortcut, parent)
        self.setAccessibleName(f"Shortcut {shortcut}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if not keycap_setting.is_on:
            # Showing it here, before it has a parent, would open a window of its own.
            self.hide()
        keycap_setting.changed.connect(self._on_setting_changed)
        theme.theme_signals.changed.connect(self.updateGeometry)

    def _on_setting_changed(self) -> None:
        self.setVisible(keycap_setting.is_on)

    def sizeHint(self) -> QSize:
        """Fit the content at the text size in use."""
        return keycap_size(self.text())

    def minimumSizeHint(self) -> QSize:
        """Ask for the least that can still be read."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        with QPainter(self) as painter:
            paint_keycap(painter, self.rect(), self.text())
