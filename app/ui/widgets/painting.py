"""Shapes that widgets and delegates paint alike."""

import math

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.ui import theme

FOCUS_RING = 2


def text_width(font: QFont, text: str) -> int:
    """Return the room a text needs so that it is never elided."""
    # Unhinted faces have fractional widths; a width rounded down would cut the last letter off.
    return math.ceil(QFontMetricsF(font).horizontalAdvance(text)) + 1


def rounded(
    painter: QPainter,
    rect: QRect,
    radius: float,
    *,
    fill: QColor | None = None,
    edge: QColor | None = None,
    edge_width: float = 1,
    dashed: bool = False,
) -> None:
    """Paint a rounded shape whose edge lies inside the rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = edge_width / 2 if edge is not None else 0.0
    shape = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    pen = QPen(Qt.PenStyle.NoPen)
    if edge is not None:
        pen = QPen(edge, edge_width, Qt.PenStyle.CustomDashLine if dashed else Qt.PenStyle.SolidLine)
        if dashed:
            pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(shape, radius, radius)
    painter.restore()


def focus_ring(painter: QPainter, rect: QRect, radius: float, token: str = "accent") -> None:  # noqa: S107 - a colour
    """Paint the focus ring inside a shape."""
    rounded(painter, rect, radius, edge=theme.color(token), edge_width=FOCUS_RING)


def on_left(rect: QRect, width: int, direction: Qt.LayoutDirection) -> QRect:
    """Return the leading part of a rectangle, right in Arabic and Hebrew."""
    if direction == Qt.LayoutDirection.RightToLeft:
        return QRect(rect.right() - width + 1, rect.top(), width, rect.height())
    return QRect(rect.left(), rect.top(), width, rect.height())
