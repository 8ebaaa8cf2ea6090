"""Outline icons in the colour of a token, painted once and kept."""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui.theme.fonts import RESOURCES
from app.ui.theme.state import color, scaled

_ICON_FOLDER: Final = RESOURCES / "icons"
USUAL_COLOR: Final = "text.2"
_GRID: Final = 24
_STROKE: Final = 1.5
_LARGEST_WITH_THIN_STROKE: Final = 20
_PIXEL_RATIOS: Final = (1.0, 2.0, 3.0)
_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


@cache
def _drawing(name: str) -> str:
    return (_ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def has_icon(name: str) -> bool:
    """Tell whether an icon of this name is shipped."""
    return (_ICON_FOLDER / f"{name}.svg").is_file()


def svg_source(name: str, token: str, size: int) -> str:
    """Return the drawing of an icon in the colour of a token."""
    pixels = _STROKE * max(1.0, size / _LARGEST_WITH_THIN_STROKE)
    stroke = f'stroke-width="{pixels * _GRID / size:.3f}"'
    coloured = _drawing(name).replace("currentColor", color(token).name())
    return coloured.replace('stroke-width="2"', stroke, 1)


def pixmap(name: str, token: str = USUAL_COLOR, size: int = 16, dpr: float = 1.0) -> QPixmap:
    """Return an icon of exactly this size, sharp at this pixel ratio."""
    key = (name, token, size, dpr)
    cached = _pixmaps.get(key)
    if cached is None:
        cached = _pixmaps[key] = _render(svg_source(name, token, size), size, dpr)
    return cached


def icon(
    name: str, token: str = USUAL_COLOR, size: int = 16, *, pad_left: int = 0, pad_right: int = 0
) -> QIcon:
    """Return an icon for buttons and menus at the text size in use."""
    made = QIcon()
    for dpr in _PIXEL_RATIOS:
        for mode, tone in ((QIcon.Mode.Normal, token), (QIcon.Mode.Disabled, "text.3")):
            painted = pixmap(name, tone, scaled(size), dpr)
            made.addPixmap(_padded(painted, pad_left, pad_right) if pad_left or pad_right else painted, mode)
    return made


def app_mark(size: int, dpr: float = 1.0) -> QPixmap:
    """Return the mark of MI Desk."""
    return _render(_drawing("midesk"), size, dpr)


def app_icon() -> QIcon:
    """Return the icon of the windows of MI Desk."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(app_mark(size))
    return made


def forget_pixmaps() -> None:
    """Drop painted icons, because their colours or sizes changed."""
    _pixmaps.clear()


def _padded(painted: QPixmap, left: int, right: int) -> QPixmap:
    size, dpr = painted.deviceIndependentSize(), painted.devicePixelRatioF()
    made = QPixmap(round((size.width() + left + right) * dpr), round(size.height() * dpr))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        painter.drawPixmap(left, 0, painted)
    return made


def _render(source: str, size: int, dpr: float) -> QPixmap:
    made = QPixmap(QSize(round(size * dpr), round(size * dpr)))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    with QPainter(made) as painter:
        renderer.render(painter, QRectF(0, 0, size, size))
    return made
