"""Taking text or whole blocks out of the letter, where the blocks allow it."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

from app.ui.letters import guard, marking
from app.ui.letters.guard import Plan
from app.ui.letters.spans import Span, span_of

if TYPE_CHECKING:
    from app.ui.letters.editor import LetterEditor

_KEEP = QTextCursor.MoveMode.KeepAnchor
_BACKWARDS = (QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveOperation.PreviousWord)


class Remover:
    """Removes text of one editor after asking the guard."""

    def __init__(self, editor: "LetterEditor") -> None:
        self._editor = editor

    def remove_by(self, move: QTextCursor.MoveOperation) -> None:
        """Remove what a key reaches from the caret."""
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            self.remove(cursor)
            return
        is_backwards = move in _BACKWARDS
        span = self._span_at(cursor.position())
        if span is not None and cursor.position() == (span.start if is_backwards else span.end):
            self._join(span, is_backwards=is_backwards)
            return
        if is_backwards and self._leave_list(cursor):
            return
        cursor.movePosition(move, _KEEP)
        self.remove(cursor)

    def remove(self, cursor: QTextCursor) -> None:
        """Remove a selection: its text, or the blocks that it covers."""
        if not cursor.hasSelection():
            return
        plan = self._editor.plan(cursor)
        if plan.kind == "retire" and not self._is_last(plan):
            self._editor.open_sheet.retire(plan.block_ids)
        elif plan.kind == "refuse":
            self._editor.say(plan)
        else:
            cursor.removeSelectedText()
            self._editor.setTextCursor(cursor)

    def _join(self, span: Span, *, is_backwards: bool) -> None:
        near = self._editor.spans()
        at = near.index(span)
        pair = (near[at - 1] if at else None, span) if is_backwards else (span, (*near, None)[at + 1])
        if is_backwards and self._leave_list(self._editor.textCursor()):
            return
        plan = guard.plan_join(self._editor.model, *pair)
        if plan.kind == "retire":
            other = pair[0] if pair[1] is not None and plan.block_ids == (pair[1].block_id,) else pair[1]
            self._editor.open_sheet.retire(plan.block_ids)
            self._caret_to(other, at_end=is_backwards)
        elif plan.kind == "refuse":
            self._editor.say(plan)
        else:
            cursor = self._editor.textCursor()
            # Qt joins a later step only to one that was an edit block itself.
            cursor.beginEditBlock()
            cursor.deletePreviousChar() if is_backwards else cursor.deleteChar()
            cursor.endEditBlock()

    def _caret_to(self, span: Span | None, *, at_end: bool) -> None:
        found = span_of(self._editor.document(), span.block_id) if span is not None and span.tag else None
        if found is not None:
            cursor = self._editor.textCursor()
            cursor.setPosition(found.end if at_end else found.start)
            self._editor.setTextCursor(cursor)

    def _leave_list(self, cursor: QTextCursor) -> bool:
        """Make the list item at whose start the caret stands a paragraph."""
        if cursor.currentList() is None or not cursor.atBlockStart() or not self._editor.may_mark():
            return False
        marking.leave_list(cursor)
        return True

    def _is_last(self, plan: Plan) -> bool:
        return len(plan.block_ids) == len(self._editor.model.order)

    def _span_at(self, position: int) -> Span | None:
        return next((span for span in self._editor.spans() if span.start <= position <= span.end), None)
