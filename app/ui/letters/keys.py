"""The keys that the letter handles in place of Qt, so that closed text holds."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor

from app.ui.letters import marking
from app.ui.letters.document import id_at
from app.ui.letters.inserting import Inserter
from app.ui.letters.removing import Remover

if TYPE_CHECKING:
    from app.ui.letters.editor import LetterEditor

_REMOVALS = {
    QKeySequence.StandardKey.Delete: QTextCursor.MoveOperation.NextCharacter,
    QKeySequence.StandardKey.Backspace: QTextCursor.MoveOperation.PreviousCharacter,
    QKeySequence.StandardKey.DeleteEndOfWord: QTextCursor.MoveOperation.EndOfWord,
    QKeySequence.StandardKey.DeleteStartOfWord: QTextCursor.MoveOperation.PreviousWord,
    QKeySequence.StandardKey.DeleteEndOfLine: QTextCursor.MoveOperation.EndOfLine,
}


class Keys:
    """Decides what a key does in one editor."""

    def __init__(self, editor: "LetterEditor", remover: Remover, inserter: Inserter) -> None:
        self._editor = editor
        self._remover = remover
        self._inserter = inserter

    def takes(self, event: QKeyEvent) -> bool:
        """Do what a key asks for, or hold it back; false leaves it to Qt."""
        if self._is_command(event) or self._is_removal(event):
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._enter(event)
        return _types(event) and not self._editor.may_type()

    def _is_command(self, event: QKeyEvent) -> bool:
        """Run what the editor does itself in place of Qt's own way."""
        commands = {
            QKeySequence.StandardKey.Undo: self._editor.undo,
            QKeySequence.StandardKey.Redo: self._editor.redo,
            QKeySequence.StandardKey.Cut: self._editor.cut,
        }
        for key, run in commands.items():
            if event.matches(key):
                run()
                return True
        return False

    def _is_removal(self, event: QKeyEvent) -> bool:
        """Remove what the key names, where that is allowed."""
        for key, move in _REMOVALS.items():
            if event.matches(key):
                self._remover.remove_by(move)
                return True
        plain_backspace = event.key() == Qt.Key.Key_Backspace
        if plain_backspace:
            self._remover.remove_by(QTextCursor.MoveOperation.PreviousCharacter)
        return plain_backspace

    def _enter(self, event: QKeyEvent) -> bool:
        """Break the line or the block; false leaves a soft break to Qt."""
        cursor = self._editor.textCursor()
        block_id = self._editor.current_block_id()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return not self._editor.may_type()
        if block_id and self._editor.model.is_closed(block_id):
            self._enter_closed(cursor, block_id)
        elif self._editor.may_type():
            tag = id_at(self._editor.document(), cursor.position())
            with_own_break = cursor.currentTable() is None and not self._editor.model.is_whole(tag)
            if with_own_break and cursor.currentList() is not None and not cursor.block().text():
                marking.leave_list(cursor)
            else:
                marking.break_line(cursor, is_new_paragraph=with_own_break)
            self._editor.setTextCursor(cursor)
        return True

    def _enter_closed(self, cursor: QTextCursor, block_id: str) -> None:
        landing = None if cursor.hasSelection() else self._inserter.landing(cursor)
        if landing is None:
            self._editor.refuse(block_id)
            return
        cursor.setPosition(self._editor.open_sheet.open_line(block_id, is_before=landing == "before"))
        self._editor.setTextCursor(cursor)


def _types(event: QKeyEvent) -> bool:
    """Tell whether a key brings text or takes some away."""
    text = event.text()
    writes = bool(text) and (text.isprintable() or text == "\t")
    return writes or event.matches(QKeySequence.StandardKey.Paste)
