"""The reference list, drawn as one object that nobody can type into."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QPainter,
    QPalette,
    QPyTextObject,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
)

from app.models.reference_runs import Run
from app.services.letters.views import ReferenceView
from app.ui import theme
from app.ui.letters.formats import MADE_OBJECT, match_format

_NUMBER_ROOM = 28
_NONE = "No reference is cited yet."
_SCRIPTS = {
    "super": QTextCharFormat.VerticalAlignment.AlignSuperScript,
    "sub": QTextCharFormat.VerticalAlignment.AlignSubScript,
}


class ReferenceObject(QPyTextObject):
    """Measures and paints the reference list of one document."""

    def __init__(self, document: QTextDocument, lines: Callable[[], Sequence[ReferenceView]]) -> None:
        super().__init__(document)
        self._lines = lines
        self._document = document
        self._drawn: QTextDocument | None = None
        self._marked: tuple[tuple[tuple[int, int], ...], tuple[int, int] | None] = ((), None)
        document.documentLayout().registerHandler(MADE_OBJECT, self)

    def forget(self) -> None:
        """Drop the list as it was drawn, because it or its look changed."""
        self._drawn = None

    def text(self) -> str:
        """Return the list as it is read, line by line."""
        return self._list(self._document).toPlainText()

    def mark(self, places: Sequence[tuple[int, int]], present: tuple[int, int] | None = None) -> None:
        """Tint words of the list, the present ones stronger."""
        self._marked = (tuple(places), present)

    def line_top(self, place: int) -> float:
        """Return how far below its top the list has the line of a place."""
        drawn = self._list(self._document)
        block = drawn.findBlock(place)
        line = block.layout().lineForTextPosition(place - block.position())
        return drawn.documentLayout().blockBoundingRect(block).top() + (line.y() if line.isValid() else 0.0)

    def intrinsicSize(  # noqa: N802 - Qt calls by this name
        self,
        doc: QTextDocument,
        _posInDocument: int,  # noqa: N803 - Qt's own name
        _format: QTextFormat,
    ) -> QSizeF:
        """Return the room that the list takes."""
        return self._list(doc).size()

    def drawObject(  # noqa: N802 - Qt calls by this name
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        _posInDocument: int,  # noqa: N803 - Qt's own name
        _format: QTextFormat,
    ) -> None:
        """Paint the list in the colours of the theme."""
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, theme.color("text.1"))
        context.palette = palette
        context.selections = list(self._selections(self._list(doc)))
        painter.save()
        painter.translate(rect.x(), rect.y())
        self._list(doc).documentLayout().draw(painter, context)
        painter.restore()

    def _selections(self, drawn: QTextDocument) -> Iterator[QAbstractTextDocumentLayout.Selection]:
        places, present = self._marked
        # The list may have become shorter since it was searched.
        for place in (each for each in places if each[1] < drawn.characterCount()):
            selection = QAbstractTextDocumentLayout.Selection()
            cursor = QTextCursor(drawn)
            cursor.setPosition(place[0])
            cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format = match_format(is_present=place == present)
            yield selection

    def _list(self, document: QTextDocument) -> QTextDocument:
        width = document.textWidth() - 2 * document.documentMargin()
        if self._drawn is None or self._drawn.textWidth() != width:
            self._drawn = _written(self._lines(), document.defaultFont())
            self._drawn.setTextWidth(width)
        return self._drawn


def _written(lines: Sequence[ReferenceView], font: QFont) -> QTextDocument:
    drawn = QTextDocument()
    drawn.setDocumentMargin(0)
    drawn.setDefaultFont(font)
    cursor = QTextCursor(drawn)
    shape = QTextBlockFormat()
    shape.setLineHeight(114.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if lines:
        shape.setLeftMargin(_NUMBER_ROOM)
        shape.setTextIndent(-_NUMBER_ROOM)
        shape.setTabPositions([_tab()])
    for place, line in enumerate(lines):
        if place:
            cursor.insertBlock()
        cursor.setBlockFormat(shape)
        cursor.insertText(f"{line.number}.\t", QTextCharFormat())
        for run in line.runs:
            cursor.insertText(run.text, _run_format(run))
    if not lines:
        cursor.setBlockFormat(shape)
        muted = QTextCharFormat()
        muted.setForeground(theme.color("text.3"))
        cursor.insertText(_NONE, muted)
    return drawn


def _tab() -> QTextOption.Tab:
    return QTextOption.Tab(float(_NUMBER_ROOM), QTextOption.TabType.LeftTab)


def _run_format(run: Run) -> QTextCharFormat:
    shape = QTextCharFormat()
    shape.setFontItalic(run.italic)
    if run.script:
        shape.setVerticalAlignment(_SCRIPTS[run.script])
    if run.link:
        shape.setForeground(theme.color("accent"))
    return shape
