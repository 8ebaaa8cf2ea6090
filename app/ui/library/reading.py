"""Write a document into a text document, for reading."""

from typing import Final

from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from app.models.reference_runs import Runs
from app.ui import theme
from app.ui.letters.document import write_tree
from app.ui.letters.formats import Look
from app.ui.library.cited import CitedDocument
from app.ui.library.wording import say

_LINE_HEIGHT: Final = 114.0
_HEADING: Final = 17
_REFERENCE: Final = 14
_NUMBER_ROOM: Final = 28


class Reading:
    """The text of one document and the places of its sections."""

    def __init__(self, document: QTextDocument, content: CitedDocument) -> None:
        self._document = document
        self.places: dict[str, int] = {}
        self.sections = tuple((section.id, section.heading) for section in content.sections)
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(theme.font("letter"))
        document.setDocumentMargin(theme.SPACE.page_edge)
        document.clear()
        self._write(content)

    def _write(self, content: CitedDocument) -> None:
        cursor = QTextCursor(self._document)
        look = Look(theme.color("accent").name(), theme.color("line.strong").name())
        cursor.beginEditBlock()
        for section in content.sections:
            self.places[section.id] = self._heading(cursor, section.heading)
            write_tree(cursor, section.tree, section.id, look)
        self._open_lines()
        if content.references:
            self.places["references"] = self._heading(cursor, say("References"))
            for number, runs in enumerate(content.references, start=1):
                self._reference(cursor, number, runs)
        cursor.endEditBlock()

    def _heading(self, cursor: QTextCursor, text: str) -> int:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        block = QTextBlockFormat()
        block.setHeadingLevel(2)
        block.setTopMargin(0 if cursor.atStart() else theme.scaled(theme.SPACE.l))
        block.setBottomMargin(theme.scaled(6))
        if cursor.atStart():
            cursor.setBlockFormat(block)
        else:
            cursor.insertBlock(block)
        characters = QTextCharFormat()
        characters.setFont(serif_font(_HEADING, 600))
        cursor.insertText(text, characters)
        return cursor.block().position()

    def _open_lines(self) -> None:
        cursor = QTextCursor(self._document)
        cursor.select(QTextCursor.SelectionType.Document)
        lines = QTextBlockFormat()
        lines.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.mergeBlockFormat(lines)

    def _reference(self, cursor: QTextCursor, number: int, runs: Runs) -> None:
        block = QTextBlockFormat()
        room = theme.scaled(_NUMBER_ROOM)
        block.setLeftMargin(room)
        block.setTextIndent(-room)
        block.setTabPositions([QTextOption.Tab(room, QTextOption.TabType.LeftTab)])
        block.setBottomMargin(theme.scaled(6))
        block.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        plain = QTextCharFormat()
        plain.setFont(serif_font(_REFERENCE))
        cursor.insertBlock(block, plain)
        cursor.insertText(f"{number}.\t", plain)
        for run in runs:
            cursor.insertText(run.text, _run_format(plain, run.italic, run.link, run.script))


def _run_format(plain: QTextCharFormat, italic: bool, link: str, script: str) -> QTextCharFormat:
    characters = QTextCharFormat(plain)
    if italic:
        characters.setFontItalic(True)
    if script:
        raised, lowered = (
            QTextCharFormat.VerticalAlignment.AlignSuperScript,
            QTextCharFormat.VerticalAlignment.AlignSubScript,
        )
        characters.setVerticalAlignment(raised if script == "super" else lowered)
    if link:
        characters.setAnchor(True)
        characters.setAnchorHref(link)
        characters.setForeground(QBrush(theme.color("accent")))
        characters.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    return characters


def serif_font(pixels: int, weight: int = 400) -> QFont:
    """Return the letter face in another size at the text size in use."""
    font = theme.font("letter", weight=weight)
    font.setPixelSize(theme.scaled(pixels))
    return font
