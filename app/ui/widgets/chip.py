"""The chip: a state in one glance, by icon, word, shape and colour."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.painting import rounded, text_width

ChipKind = Literal[
    "neutral",
    "ok",
    "soon",
    "over",
    "safety",
    "safety_filled",
    "accent",
    "outline",
    "outline_over",
    "dashed",
    "plain",
]
_HEIGHT: Final = 22
_PADDING: Final = 8
_GAP: Final = 5
_ICON: Final = 14
_LEAST_WIDTH: Final = 120


@dataclass(frozen=True, slots=True)
class _Look:
    """The tokens and the shape of one kind."""

    text: str
    fill: str = ""
    edge: str = ""
    weight: int = 500
    dashed: bool = False


_LOOKS: Final[dict[str, _Look]] = {
    "neutral": _Look("text.2", "neutral.soft"),
    "ok": _Look("ok", "ok.soft"),
    "soon": _Look("soon", "soon.soft"),
    "over": _Look("over", "over.soft", weight=600),
    "safety": _Look("safety", "safety.soft", weight=600),
    "safety_filled": _Look("on.fill", "safety.fill", weight=600),
    "accent": _Look("accent", "accent.soft"),
    "outline": _Look("text.2", edge="line.strong"),
    "outline_over": _Look("over", edge="over"),
    "dashed": _Look("accent", edge="accent", dashed=True),
    "plain": _Look("text.3", weight=400),
}


def chip_size(text: str, kind: ChipKind = "neutral", icon: str = "") -> QSize:
    """Return how large a chip is, for delegates that lay out a row."""
    written = theme.font("secondary", weight=_LOOKS[kind].weight)
    width = text_width(written, text) + 2 * _side(kind)
    if icon:
        width += theme.scaled(_ICON) + (theme.scaled(_GAP) if text else 0)
    return QSize(width, max(theme.scaled(_HEIGHT), QFontMetrics(written).height() + theme.scaled(4)))


def paint_chip(
    painter: QPainter,
    rect: QRect,
    text: str,
    kind: ChipKind = "neutral",
    icon: str = "",
    *,
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight,
) -> None:
    """Paint a chip that fills a rectangle; text too long is elided."""
    look = _LOOKS[kind]
    painter.save()
    _paint_shape(painter, rect, look)
    inner = rect.adjusted(_side(kind), 0, -_side(kind), 0)
    if icon:
        inner = _paint_icon(painter, inner, icon, look.text, direction)
    painter.setFont(theme.font("secondary", weight=look.weight))
    painter.setPen(theme.color(look.text))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, shown)
    painter.restore()


def _side(kind: str) -> int:
    return 0 if kind == "plain" else theme.scaled(_PADDING)


def _paint_shape(painter: QPainter, rect: QRect, look: _Look) -> None:
    # In high contrast a soft fill is never the only sign, so every chip has an edge.
    edge = look.edge or (look.text if look.fill and theme.current_theme() == "contrast" else "")
    if not look.fill and not edge:
        return
    rounded(
        painter,
        rect,
        theme.scaled(theme.RADIUS.chip),
        fill=theme.color(look.fill) if look.fill else None,
        edge=theme.color(edge) if edge else None,
        edge_width=theme.line_width(),
        dashed=look.dashed,
    )


def _paint_icon(
    painter: QPainter, inner: QRect, icon: str, token: str, direction: Qt.LayoutDirection
) -> QRect:
    size, gap = theme.scaled(_ICON), theme.scaled(_GAP)
    picture = theme.pixmap(icon, token, size, painter.device().devicePixelRatioF())
    top = inner.top() + (inner.height() - size) // 2
    if direction == Qt.LayoutDirection.RightToLeft:
        painter.drawPixmap(inner.right() - size + 1, top, picture)
        return inner.adjusted(0, 0, -size - gap, 0)
    painter.drawPixmap(inner.left(), top, picture)
    return inner.adjusted(size + gap, 0, 0, 0)


class Chip(QLabel):
    """A chip as a widget; its text is what a screen reader says."""

    def __init__(
        self, text: str = "", kind: ChipKind = "neutral", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._kind: ChipKind = kind
        self._icon = icon
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.theme_signals.changed.connect(self.updateGeometry)

    @property
    def kind(self) -> ChipKind:
        """The kind that sets colour and shape."""
        return self._kind

    def show_state(self, text: str, kind: ChipKind, icon: str = "") -> None:
        """Show another state in the same place."""
        self._kind, self._icon = kind, icon
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Fit the content at the text size in use."""
        return chip_size(self.text(), self._kind, self._icon)

    def minimumSizeHint(self) -> QSize:
        """Ask for the least that can still be read."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme.scaled(_LEAST_WIDTH)), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        with QPainter(self) as painter:
            direction = self.layoutDirection()
            paint_chip(painter, self.rect(), self.text(), self._kind, self._icon, direction=direction)
