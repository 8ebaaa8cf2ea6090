"""Citations and merge fields drawn inside the editor's text.

The document holds an object character with the atom's markup; what is shown comes from a callback. A new
number or a new name in the case therefore redraws the text without an edit and without an undo step.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import (
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
from app.ui.letters.formats import ATOM_CHARACTER, ATOM_OBJECT, source_of

_RAISED_SCALE = 0.66
_RAISE = 0.4


class Shown(NamedTuple):
    """What stands for an atom on screen."""

    text: str
    raised: bool = False


Draw = Callable[[Citation | Field], Shown]


class InlineObjects(QPyTextObject):
    """Measures and paints the atoms of one document."""

    def __init__(self, document: QTextDocument, draw: Draw) -> None:
        super().__init__(document)
        self._document = document
        self._draw = draw
        document.documentLayout().registerHandler(ATOM_OBJECT, self)

    def refresh(self) -> None:
        """Lay out all atoms anew after what they show has changed."""
        cursor = self._document.find(ATOM_CHARACTER)
        while not cursor.isNull():
            self._document.markContentsDirty(cursor.selectionStart(), 1)
            cursor = self._document.find(ATOM_CHARACTER, cursor)

    def shown_at(self, cursor: QTextCursor) -> str:
        """Return what is shown for the character before the cursor."""
        return self._shown(cursor.charFormat()).text

    def intrinsicSize(  # noqa: N802 - Qt calls by this name
        self,
        doc: QTextDocument,
        posInDocument: int,  # noqa: N803 - Qt's own name
        format: QTextFormat,  # noqa: A002 - Qt's own name
    ) -> QSizeF:
        """Return the room that the shown text takes in its line."""
        shown = self._shown(format.toCharFormat())
        metrics = QFontMetricsF(_font(doc, format.toCharFormat(), shown))
        # The object stands on the base line; its descent shares the room of the line's own.
        return QSizeF(metrics.horizontalAdvance(shown.text), metrics.ascent())

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
        shown = self._shown(characters)
        painter.setFont(_font(doc, characters, shown))
        if characters.foreground().style():
            painter.setPen(characters.foreground().color())
        lift = rect.height() * _RAISE if shown.raised else 0.0
        painter.drawText(QPointF(rect.x(), rect.y() + rect.height() - lift), shown.text)

    def _shown(self, characters: QTextCharFormat) -> Shown:
        markup = source_of(characters)
        atom = _atom(markup)
        return Shown(markup) if atom is None else self._draw(atom)


@lru_cache(maxsize=1024)
def _atom(markup: str) -> Citation | Field | None:
    return parse_atom(markup)


def _font(document: QTextDocument, characters: QTextCharFormat, shown: Shown) -> QFont:
    font = characters.font().resolve(document.defaultFont())
    if shown.raised:
        font.setPointSizeF(max(1.0, font.pointSizeF() * _RAISED_SCALE))
    return font
