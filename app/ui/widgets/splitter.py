"""A splitter with a hairline handle that is easy to grab."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from app.ui import theme

_GRAB: Final = 7


class _Handle(QSplitterHandle):
    """Paints one pixel and takes the mouse three pixels to each side."""

    def __init__(self, orientation: Qt.Orientation, parent: "Splitter") -> None:
        super().__init__(orientation, parent)
        self._owner = parent
        self._widen()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Fit the content to the new width."""
        # Qt's own handler sets other margins, which would send another resize event without end.
        self._widen()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        with QPainter(self) as painter:
            token = "accent" if self.underMouse() else "line.soft"
            painter.fillRect(self.contentsRect(), theme.color(token))

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Give the panes their usual widths."""
        self._owner.reset()

    def _widen(self) -> None:
        margin = (_GRAB - 1) // 2
        if self.orientation() == Qt.Orientation.Horizontal:
            self.setContentsMargins(margin, 0, margin, 0)
        else:
            self.setContentsMargins(0, margin, 0, margin)
        self.setAttribute(Qt.WidgetAttribute.WA_MouseNoMask)
        self.setMask(QRegion(self.contentsRect()))


class Splitter(QSplitter):
    """Panes side by side; a double click on a handle resets the widths."""

    def __init__(
        self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None
    ) -> None:
        super().__init__(orientation, parent)
        self._usual_sizes: tuple[int, ...] = ()
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)

    def set_usual_sizes(self, sizes: Sequence[int]) -> None:
        """Set the widths at 100 % text that a double click brings back."""
        self._usual_sizes = tuple(sizes)
        self.reset()

    def reset(self) -> None:
        """Give every pane its usual width again."""
        if self._usual_sizes:
            self.setSizes([theme.scaled(size) for size in self._usual_sizes])

    def createHandle(self) -> QSplitterHandle:  # noqa: N802 - Qt calls this name
        """Make the thin handle that is easy to grab."""
        return _Handle(self.orientation(), self)

    def grab_area(self, index: int) -> QRect:
        """Return where the mouse takes a handle."""
        return self.handle(index).geometry()
