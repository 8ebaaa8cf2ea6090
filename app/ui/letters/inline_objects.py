"""Citations and merge fields drawn inside the editor's text.

The document holds an object character with the atom's markup; what is shown comes from a callback. A new
number or a new name in the case therefore redraws the text without an edit and without an undo step.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from app.models.markup import Citation, Field, parse_atom
from app.ui.letters.formats import ATOM_OBJECT, match_format, source_of

_RAISED_SCALE = 0.66
_RAISE = 0.4
# Qt makes a text a fifth larger for each step of its size.
_STEP = 1.2
# Room for the full stop that may follow a value as wide as the page.
_KEPT_FREE = 12


class Shown(NamedTuple):
    """What stands for an atom on screen; without a colour it has that of the text."""

    text: str
    raised: bool = False
    color: QColor | None = None


Draw = Callable[[Citation | Field, int], Shown]


class InlineObjects(QPyTextObject):
    """Measures and paints the atoms of one document.

    The callback gets an atom and the position where it stands, because a key means what its block says.
    """

    def __init__(self, document: QTextDocument, draw: Draw) -> None:
        super().__init__(document)
        self._document = document
        self._draw = draw
        self._marked: Mapping[int, bool] = {}
        self._sizes: dict[tuple[object, ...], QSizeF] = {}
        document.documentLayout().registerHandler(ATOM_OBJECT, self)

    def refresh(self) -> None:
        """Lay out all atoms anew after what they show has changed."""
        self._sizes.clear()
        # One pass over all is far cheaper than one layout for each atom.
        self._document.markContentsDirty(0, self._document.characterCount())

    def mark(self, places: Mapping[int, bool]) -> None:
        """Tint the atoms at these positions, the present ones stronger.

        Qt itself would lay the colour of a selection over an object and make it hard to read.
        """
        self._marked = dict(places)

    def shown_at(self, cursor: QTextCursor) -> str:
        """Return what is shown for the character before the cursor."""
        return self.shown(cursor.charFormat(), cursor.position() - 1)

    def shown(self, characters: QTextCharFormat, position: int) -> str:
        """Return what is shown for an atom of a format at a position."""
        return self._shown(characters, position).text

    def intrinsicSize(  # noqa: N802 - Qt calls by this name
        self,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803 - Qt's own name
        format: QTextFormat,  # noqa: A002 - Qt's own name
    ) -> QSizeF:
        """Return the room that the shown text takes in its line."""
        characters = format.toCharFormat()
        shown = self._shown(characters, posInDocument)
        step = characters.intProperty(QTextFormat.Property.FontSizeAdjustment.value)
        look = (characters.fontWeight(), characters.fontItalic(), step, doc.defaultFont().key(), _room(doc))
        # Qt asks for the same few objects again and again while it lays out a line.
        size = self._sizes.get((shown.text, shown.raised, look))
        if size is None:
            size = self._sizes[shown.text, shown.raised, look] = _measured(doc, characters, shown)
        return size

    def drawObject(  # noqa: N802 - Qt calls by this name
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803 - Qt's own name
        format: QTextFormat,  # noqa: A002 - Qt's own name
    ) -> None:
        """Paint the shown text, raised or on the base line."""
        characters = format.toCharFormat()
        shown = self._shown(characters, posInDocument)
        font = _font(doc, characters, shown)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        if shown.color is not None:
            painter.setPen(shown.color)
        elif characters.foreground().style():
            painter.setPen(characters.foreground().color())
        if posInDocument in self._marked:
            tint = match_format(is_present=self._marked[posInDocument])
            painter.fillRect(QRectF(rect).adjusted(0, 0, 0, metrics.descent()), tint.background())
            painter.setPen(tint.foreground().color())
        lines = _lines(shown.text, metrics, _room(doc))
        lift = rect.height() * _RAISE if shown.raised else 0.0
        base = rect.y() + rect.height() - lift - (len(lines) - 1) * _pitch(metrics)
        for place, line in enumerate(lines):
            painter.drawText(QPointF(rect.x(), base + place * _pitch(metrics)), line)

    def _shown(self, characters: QTextCharFormat, position: int) -> Shown:
        markup = source_of(characters)
        atom = _atom(markup)
        return Shown(markup) if atom is None else self._draw(atom, position)


@lru_cache(maxsize=1024)
def _atom(markup: str) -> Citation | Field | None:
    return parse_atom(markup)


def _measured(document: QTextDocument, characters: QTextCharFormat, shown: Shown) -> QSizeF:
    metrics = QFontMetricsF(_font(document, characters, shown))
    lines = _lines(shown.text, metrics, _room(document))
    width = max(metrics.horizontalAdvance(line) for line in lines)
    # The object stands on the base line; its descent shares the room of the line's own.
    return QSizeF(width, metrics.ascent() + (len(lines) - 1) * _pitch(metrics))


def _font(document: QTextDocument, characters: QTextCharFormat, shown: Shown) -> QFont:
    # Qt hands over the widget's own font as part of the format, so only what a block asks for is taken.
    font = QFont(document.defaultFont())
    if characters.fontWeight() > QFont.Weight.Medium.value:
        font.setWeight(QFont.Weight(characters.fontWeight()))
    font.setItalic(characters.fontItalic())
    scale = _STEP ** characters.intProperty(QTextFormat.Property.FontSizeAdjustment.value)
    return _sized(font, scale * (_RAISED_SCALE if shown.raised else 1.0))


def _sized(font: QFont, scale: float) -> QFont:
    if font.pixelSize() > 0:
        font.setPixelSize(max(1, round(font.pixelSize() * scale)))
    else:
        font.setPointSizeF(max(1.0, font.pointSizeF() * scale))
    return font


def _pitch(metrics: QFontMetricsF) -> float:
    return round(metrics.lineSpacing() * 1.14)


def _room(document: QTextDocument) -> float:
    room = document.textWidth() - 2 * document.documentMargin() - _KEPT_FREE
    return room if room > 0 else float("inf")


def _lines(text: str, metrics: QFontMetricsF, room: float) -> list[str]:
    """Cut a value into the lines it has, and those too wide between words."""
    lines: list[str] = []
    for written in text.split("\n"):
        line = ""
        for word in written.split(" "):
            longer = f"{line} {word}" if line else word
            if line and metrics.horizontalAdvance(longer) > room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines
