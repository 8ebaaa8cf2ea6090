"""Bringing pieces into the letter at the caret, where the blocks allow it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

from app.models.letter_origins import joined_origins
from app.models.markup import Paragraph, parse
from app.ui.letters import clipboard
from app.ui.letters.document import id_at, insert_inlines
from app.ui.letters.removing import Remover
from app.ui.letters.spans import span_of

if TYPE_CHECKING:
    from app.ui.letters.editor import LetterEditor


class Inserter:
    """Inserts into one editor after asking the guard."""

    def __init__(self, editor: "LetterEditor", remover: Remover) -> None:
        self._editor = editor
        self._remover = remover

    def insert(self, pieces: Sequence[clipboard.Piece]) -> None:
        """Insert pieces at the caret in one undo step."""
        if not pieces:
            return
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            if self._editor.plan(cursor).kind == "refuse":
                self._editor.say(self._editor.plan(cursor))
                return
            self._remover.remove(cursor)
            cursor = self._editor.textCursor()
        landing = self.landing(cursor)
        if landing is None:
            self._editor.refuse(self._editor.current_block_id())
        elif len(pieces) == 1 and landing == "inside" and _is_paragraph(pieces[0].text):
            self._insert_inside(cursor, pieces[0])
        else:
            self._insert_beside(cursor, pieces, landing)

    def landing(self, cursor: QTextCursor) -> str | None:
        """Tell where a piece would go: inside the block, before or after it."""
        block_id = id_at(self._editor.document(), cursor.position()).partition("/")[0]
        if self._editor.model.is_read_only:
            return None
        if not block_id or not self._editor.model.is_closed(block_id):
            return "inside"
        span = span_of(self._editor.document(), block_id)
        if span is not None and cursor.position() == span.end and not span.is_table:
            return "after"
        return "before" if span is not None and cursor.position() == span.start else None

    def _insert_inside(self, cursor: QTextCursor, piece: clipboard.Piece) -> None:
        block_id = self._editor.current_block_id()
        paragraph = parse(piece.text).blocks[0]
        with self._editor.open_sheet.step():
            if not block_id:
                self._editor.open_sheet.give_tag(
                    cursor.position(), self._editor.model.new_block("", piece.origins)
                )
            elif piece.origins:
                joined = joined_origins(self._editor.model.held(block_id).origins, piece.origins)
                self._editor.open_sheet.give_origins(block_id, self._editor.model.tag(block_id, joined))
            insert_inlines(cursor, getattr(paragraph, "children", ()), self._editor.look())
        self._editor.setTextCursor(cursor)

    def _insert_beside(self, cursor: QTextCursor, pieces: Sequence[clipboard.Piece], landing: str) -> None:
        block_id = self._nearest(cursor)
        order = [held.id for held in self._editor.model.order]
        at = order.index(block_id) if block_id in order else 0
        after = (order[at - 1] if at else "") if landing == "before" else block_id
        tagged = [(self._editor.model.new_block(piece.text, piece.origins), piece.text) for piece in pieces]
        self._editor.insert_blocks(tagged, after)

    def _nearest(self, cursor: QTextCursor) -> str:
        before = [span for span in self._editor.spans() if span.tag and span.start <= cursor.position()]
        return before[-1].block_id if before else ""

    def take_away(self, target: QTextCursor) -> bool:
        """Take the dragged text out; tell whether the drop may go on."""
        cursor = self._editor.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if start <= target.position() <= end or self.landing(target) is None:
            return False
        plan = self._editor.plan(cursor)
        if plan.kind == "refuse":
            self._editor.say(plan)
            return False
        self._remover.remove(cursor)
        return True


def _is_paragraph(text: str) -> bool:
    blocks = parse(text).blocks
    return len(blocks) == 1 and isinstance(blocks[0], Paragraph)
