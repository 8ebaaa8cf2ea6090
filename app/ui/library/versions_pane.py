"""The versions of a document, and what changed between two of them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.models.word_diff import Kind, Piece
from app.services.library.queries import Document, DocumentRow
from app.ui import theme
from app.ui.library import states
from app.ui.library.delegate import VERSION_COLUMNS, DocumentDelegate
from app.ui.library.list_pane import DocumentList
from app.ui.library.reading import serif_font
from app.ui.library.rows import version_rows
from app.ui.library.text_view import TextView
from app.ui.library.version_diff import PairedSection, changed_count, compare
from app.ui.widgets import Splitter, set_tone, text_label

_DIFF_WIDTH: Final = 1200


class VersionsPane(QFrame):
    """A list of versions beside the words that changed."""

    version_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions: tuple[DocumentRow, ...] = ()
        self._pair: tuple[Document, Document] | None = None
        self.list = DocumentList("Versions")
        self.list.setItemDelegate(DocumentDelegate(self.list, names=VERSION_COLUMNS))
        self.summary = text_label(role="body", weight=500, wraps=True)
        self.note = text_label(role="secondary", tone="text.2", wraps=True)
        self.diff = TextView("Changed words", widest=_DIFF_WIDTH)
        self.splitter = Splitter()
        self._build()
        self.list.moved.connect(self._on_moved)
        theme.theme_signals.changed.connect(self._on_theme_changed)

    def show_versions(self, versions: Sequence[DocumentRow], chosen: str) -> None:
        """List all versions of a document, one of them chosen."""
        self._versions = tuple(versions)
        self.list.show_rows(version_rows(versions), chosen)

    def older_of(self, version_id: str) -> DocumentRow | None:
        """Return the version that this one is compared with, if any."""
        place = next((at for at, row in enumerate(self._versions) if row.id == version_id), None)
        if place is None:
            return None
        one, older = self._versions[place], self._versions[place + 1 :]
        alike = [row for row in older if _variant(row) == _variant(one)]
        return next(iter(alike or older), None)

    def show_pair(self, old: Document, new: Document) -> None:
        """Show what changed from one version to the next, side by side."""
        self._pair = (old, new)
        sections = compare(old, new)
        changed = changed_count(sections)
        noun = "paragraph" if changed == 1 else "paragraphs"
        self.summary.setText(
            f"{changed} {noun} changed from {old.row.number} to {new.row.number}"
            if changed
            else f"The text of {old.row.number} and {new.row.number} is the same"
        )
        self.note.setText("New words are underlined, old ones struck out. References stand by their keys.")
        set_tone(self.summary, "text.1")
        self._write(sections, old.row, new.row)
        self.diff.show()

    def show_single(self, row: DocumentRow) -> None:
        """Say that a version has no older one to compare with."""
        self._pair = None
        self.summary.setText(f"{states.name_of(row)} is the first version here")
        self.note.setText("There is nothing older to compare it with.")
        self.diff.clear()
        self.diff.hide()

    def clear(self) -> None:
        """Forget every version."""
        self._versions, self._pair = (), None
        self.list.show_rows([], "")
        self.diff.clear()

    def _write(self, sections: Sequence[PairedSection], old: DocumentRow, new: DocumentRow) -> None:
        document = self.diff.document()
        document.setUndoRedoEnabled(False)
        document.clear()
        document.setDefaultFont(serif_font(14))
        document.setDocumentMargin(theme.scaled(theme.SPACE.l))
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        rows = 1 + sum(1 + len(section.paragraphs) for section in sections)
        table = cursor.insertTable(rows, 2, _table_format())
        at = 0
        for column, row in enumerate((old, new)):
            word = states.state_look(row.state).word.lower()
            _write_head(table.cellAt(0, column).firstCursorPosition(), f"{row.number}, {word}")
        for section in sections:
            at += 1
            headings = (section.old_heading, section.new_heading)
            for column, heading in enumerate(headings):
                is_lonely = not all(headings)
                _write_heading(table.cellAt(at, column).firstCursorPosition(), heading, column, is_lonely)
            for paragraph in section.paragraphs:
                at += 1
                for column, hidden in enumerate((Kind.INSERTED, Kind.DELETED)):
                    cell = table.cellAt(at, column).firstCursorPosition()
                    _write_pieces(cell, [piece for piece in paragraph.pieces if piece.kind is not hidden])
        cursor.endEditBlock()
        # What is written at the view's own cursor pushes it to the end.
        self.diff.setTextCursor(QTextCursor(document))
        self.diff.verticalScrollBar().setValue(0)

    @Slot(str)
    def _on_moved(self, version_id: str) -> None:
        if version_id:
            self.version_chosen.emit(version_id)

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._pair is not None:
            self.show_pair(*self._pair)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        right = QWidget()
        inside = QVBoxLayout(right)
        inside.setContentsMargins(0, theme.SPACE.m, 0, 0)
        inside.setSpacing(theme.SPACE.xs)
        words = QVBoxLayout()
        words.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        words.setSpacing(2)
        words.addWidget(self.summary)
        words.addWidget(self.note)
        inside.addLayout(words)
        inside.addWidget(self.diff, 1)
        inside.addStretch(0)
        self.list.setMinimumWidth(theme.scaled(200))
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.set_usual_sizes((260, 560))
        column.addWidget(self.splitter)


def _variant(row: DocumentRow) -> tuple[str, str, str]:
    return row.country, row.language, row.audience


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
