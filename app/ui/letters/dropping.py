"""Dragging text within the letter and dropping it there from outside."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent, QDropEvent

from app.ui.letters import clipboard
from app.ui.letters.inserting import Inserter

if TYPE_CHECKING:
    from app.ui.letters.editor import LetterEditor


class Dropper:
    """Decides where a drop may go in one editor, and takes it."""

    def __init__(self, editor: "LetterEditor", inserter: Inserter) -> None:
        self._editor = editor
        self._inserter = inserter

    def accepts(self, event: QDragMoveEvent) -> bool:
        """Tell whether a drop may go where it is held."""
        cursor = self._editor.cursorForPosition(event.position().toPoint())
        return self._inserter.landing(cursor) is not None

    def take(self, event: QDropEvent) -> None:
        """Insert what is dropped; what was dragged from here moves."""
        editor = self._editor
        target = editor.cursorForPosition(event.position().toPoint())
        is_own = event.source() in (editor, editor.viewport())
        is_move = is_own and event.proposedAction() is Qt.DropAction.MoveAction
        # The source removes nothing by itself, so that both halves of a move pass the guard.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        # Qt keeps showing its drop caret until the drag has left.
        editor.dragLeaveEvent(QDragLeaveEvent())
        pieces = clipboard.from_mime(event.mimeData())
        if is_move and not self._inserter.take_away(target):
            return
        editor.setTextCursor(target)
        editor.insert_pieces(pieces)
