"""Two texts side by side with the words that changed."""

from collections.abc import Sequence

from PySide6.QtGui import (
    QBrush,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from app.models.word_diff import Kind, Piece
from app.ui import theme
from app.ui.library.reading import serif_font
from app.ui.library.text_view import TextView
from app.ui.library.version_diff import PairedSection


def write_sections(view: TextView, heads: tuple[str, str], sections: Sequence[PairedSection]) -> list[int]:
    """Write sections in two columns; return where each changed paragraph or heading stands."""
    document = view.document()
    document.setUndoRedoEnabled(False)
    document.clear()
    document.setDefaultFont(serif_font(14))
    document.setDocumentMargin(theme.scaled(theme.SPACE.l))
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    rows = 1 + sum(1 + len(section.paragraphs) for section in sections)
    table = cursor.insertTable(rows, 2, _table_format())
    for column, head in enumerate(heads):
        _write_head(table.cellAt(0, column).firstCursorPosition(), head)
    places = _write_rows(table, sections)
    cursor.endEditBlock()
    positions = [table.cellAt(row, column).firstPosition() for row, column in places]
    # What is written at the view's own cursor pushes it to the end.
    view.setTextCursor(QTextCursor(document))
    view.verticalScrollBar().setValue(0)
    return positions


def _write_rows(table: QTextTable, sections: Sequence[PairedSection]) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    at = 0
    for section in sections:
        at += 1
        headings = (section.old_heading, section.new_heading)
        for column, heading in enumerate(headings):
            is_lonely = not all(headings)
            _write_heading(table.cellAt(at, column).firstCursorPosition(), heading, column, is_lonely)
        if section.old_heading != section.new_heading:
            places.append((at, 1 if section.new_heading else 0))
        for paragraph in section.paragraphs:
            at += 1
            for column, hidden in enumerate((Kind.INSERTED, Kind.DELETED)):
                cell = table.cellAt(at, column).firstCursorPosition()
                _write_pieces(cell, [piece for piece in paragraph.pieces if piece.kind is not hidden])
            # A section that is new or gone is one change, however long it is.
            if paragraph.is_changed and all(headings):
                places.append((at, 1))
    return places


def _table_format() -> QTextTableFormat:
    table = QTextTableFormat()
    table.setBorder(0)
    table.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
    table.setCellPadding(theme.scaled(4))
    table.setCellSpacing(theme.scaled(2))
    table.setHeaderRowCount(1)
    half = QTextLength(QTextLength.Type.PercentageLength, 50)
    table.setColumnWidthConstraints([half, half])
    table.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    return table


def _write_head(cursor: QTextCursor, text: str) -> None:
    characters = QTextCharFormat()
    characters.setFont(theme.font("secondary", weight=600))
    characters.setForeground(QBrush(theme.color("text.2")))
    cursor.insertText(text, characters)


def _write_heading(cursor: QTextCursor, heading: str, column: int, is_lonely: bool) -> None:
    block = QTextBlockFormat()
    block.setHeadingLevel(2)
    block.setTopMargin(theme.scaled(8))
    cursor.mergeBlockFormat(block)
    kind = (Kind.DELETED, Kind.INSERTED)[column] if is_lonely else Kind.SAME
    characters = _piece_format(kind)
    characters.setFontWeight(600)
    cursor.insertText(heading, characters)


def _write_pieces(cursor: QTextCursor, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        cursor.insertText(piece.text.replace("\n", "\u2028"), _piece_format(piece.kind))


def _piece_format(kind: Kind) -> QTextCharFormat:
    characters = QTextCharFormat()
    characters.setFont(serif_font(14))
    if kind is Kind.INSERTED:
        characters.setForeground(QBrush(theme.color("prov.changed")))
        characters.setBackground(QBrush(theme.color("prov.changed.soft")))
        characters.setFontUnderline(True)
    elif kind is Kind.DELETED:
        characters.setForeground(QBrush(theme.color("text.2")))
        characters.setBackground(QBrush(theme.color("neutral.soft")))
        characters.setFontStrikeOut(True)
    return characters
