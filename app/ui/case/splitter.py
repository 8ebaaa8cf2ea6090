"""The splitter of the case, whose handles may be resized while they are seen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSplitterHandle

from app.ui import theme
from app.ui.widgets import Splitter

_MARGIN = 3


class _Handle(QSplitterHandle):
    """Paints one pixel and takes the mouse three pixels to each side."""

    def __init__(self, owner: "PaneSplitter") -> None:
        super().__init__(Qt.Orientation.Horizontal, owner)
        self._owner = owner
        self._is_widening = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Widen the area that takes the mouse, once a resize."""
        # Setting margins of a visible widget sends another resize event, in which Qt sets its own again.
        if self._is_widening:
            return
        self._is_widening = True
        super().resizeEvent(event)
        self.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        self.setAttribute(Qt.WidgetAttribute.WA_MouseNoMask)
        self.setMask(QRegion(self.contentsRect()))
        self._is_widening = False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        with QPainter(self) as painter:
            token = "accent" if self.underMouse() else "line.soft"
            painter.fillRect(self.contentsRect(), theme.color(token))

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Give the panes their usual widths."""
        self._owner.reset()


class PaneSplitter(Splitter):
    """Panes side by side; a double click on a handle resets the widths."""

    def createHandle(self) -> QSplitterHandle:  # noqa: N802 - Qt calls this name
        """Make the thin handle that is easy to grab."""
        return _Handle(self)
