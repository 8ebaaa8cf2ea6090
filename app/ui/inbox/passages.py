"""Paint and write the words that were searched for, on the colour of a marker."""

from html import escape

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from app.services.intake.queries import Passage
from app.ui import theme

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def paint_passage(painter: QPainter, line: QRect, passage: Passage, font: QFont) -> None:
    """Paint a passage on one line; it begins so that the first match is in it."""
    metrics = QFontMetrics(font)
    text, marks = _fitted(passage, metrics, line.width())
    painter.setFont(font)
    left, at = line.left(), 0
    for begin, end in (*marks, (len(text), len(text))):
        for piece, is_marked in ((text[at:begin], False), (text[begin:end], True)):
            width = metrics.horizontalAdvance(piece)
            shape = QRect(left, line.top(), width, line.height())
            if is_marked and piece:
                painter.fillRect(shape, theme.color("mark"))
            painter.setPen(theme.color("text.1" if is_marked else "text.3"))
            painter.drawText(shape.adjusted(0, 0, 1, 0), _LEFT, piece)
            left += width
        at = end


def marked_html(text: str, words: tuple[str, ...]) -> str:
    """Return a text as markup in which these words are marked; all else is escaped."""
    ground, ink = theme.color("mark").name(), theme.color("text.1").name()
    said = escape(text)
    for word in sorted(words, key=len, reverse=True):
        piece = escape(word)
        if piece.strip():
            said = said.replace(piece, f"\0{piece}\1")
    opened = f'<span style="background-color: {ground}; color: {ink}">'
    return said.replace("\0", opened).replace("\1", "</span>").replace("\n", "<br>")


def _fitted(passage: Passage, metrics: QFontMetrics, width: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    text, marks = passage.text, passage.marks
    first_end = marks[0][1] if marks else 0
    cut = 0
    while cut < marks[0][0] and metrics.horizontalAdvance("…" + text[cut:first_end]) > width * 2 // 3:
        space = text.find(" ", cut + 1, marks[0][0])
        if space < 0:
            break
        cut = space + 1
    if cut:
        text = "…" + text[cut:]
        marks = tuple((begin - cut + 1, end - cut + 1) for begin, end in marks)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return shown, tuple((b, min(e, len(shown))) for b, e in marks if b < len(shown) - 1)
