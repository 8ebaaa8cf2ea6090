"""Wrapped text with marked words, laid out once for painting."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from app.ui import theme
from app.ui.library.matching import Span

_ENDLESS: Final = 10_000
_QUOTE: Final = 14


class FlowingText:
    """A text in lines of one width; `paint` uses no other size."""

    def __init__(
        self, text: str, font: QFont, width: int, *, marks: Sequence[Span] = (), lines: int = _ENDLESS
    ) -> None:
        shown = text.replace("\n", "\u2028")
        self._layout = _laid_out(shown, font, width, marks, lines)
        if self._layout.lineCount() > lines or self._is_cut(shown):
            shown = self._shortened(shown, font, width, lines)
            kept = [(start, min(end, len(shown) - 1)) for start, end in marks if start < len(shown) - 1]
            self._layout = _laid_out(shown, font, width, kept, lines)

    @property
    def height(self) -> int:
        """How high the lines are together."""
        return round(self._layout.boundingRect().height())

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return self._layout.lineCount()

    def paint(self, painter: QPainter, left: int, top: int, token: str) -> None:
        """Paint the lines in the colour of a token."""
        painter.setPen(theme.color(token))
        self._layout.draw(painter, QPointF(left, top))

    def _is_cut(self, shown: str) -> bool:
        if not shown:
            return False
        last = self._layout.lineAt(self._layout.lineCount() - 1)
        return last.isValid() and last.textStart() + last.textLength() < len(shown)

    def _shortened(self, shown: str, font: QFont, width: int, lines: int) -> str:
        last = self._layout.lineAt(min(lines, self._layout.lineCount()) - 1)
        rest = shown[last.textStart() :].replace("\u2028", " ")
        cut = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width - 1)
        return shown[: last.textStart()] + cut


def _laid_out(text: str, font: QFont, width: int, marks: Sequence[Span], lines: int) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats([_mark(start, end) for start, end in marks])
    layout.setCacheEnabled(True)
    layout.beginLayout()
    top = 0.0
    for _ in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(1, width))
        line.setPosition(QPointF(0, top))
        top += line.height()
    layout.endLayout()
    return layout


def _mark(start: int, end: int) -> QTextLayout.FormatRange:
    marked = QTextCharFormat()
    marked.setBackground(QBrush(theme.color("mark")))
    marked.setForeground(QBrush(theme.color("text.1")))
    if theme.current_theme() == "contrast":
        marked.setFontUnderline(True)
    span = QTextLayout.FormatRange()
    span.start, span.length, span.format = start, end - start, marked
    return span


@lru_cache(maxsize=512)
def _cached(
    _look: tuple[str, float],
    text: str,
    role: str,
    weight: int | None,
    width: int,
    marks: tuple[Span, ...],
    lines: int,
) -> FlowingText:
    return FlowingText(text, _font(role, weight), width, marks=marks, lines=lines)


def _font(role: str, weight: int | None) -> QFont:
    if role != "quote":
        return theme.font(role, weight=weight)
    quoted = theme.font("letter", weight=weight)
    quoted.setPixelSize(theme.scaled(_QUOTE))
    return quoted


def flowing(
    text: str,
    role: str,
    width: int,
    *,
    weight: int | None = None,
    marks: tuple[Span, ...] = (),
    lines: int = _ENDLESS,
) -> FlowingText:
    """Return a text laid out for the theme and size in use."""
    look = (theme.current_theme(), theme.text_factor())
    return _cached(look, text, role, weight, width, marks, lines)


def forget_texts() -> None:
    """Drop laid out texts, so that no record stays in memory."""
    _cached.cache_clear()
