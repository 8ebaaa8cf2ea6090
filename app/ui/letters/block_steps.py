"""What a hand does to a whole block: open it, restore its approved wording, move it."""

from typing import TYPE_CHECKING

from app.models.checks.snapshot import BlockState

if TYPE_CHECKING:
    from app.ui.letters.editor import LetterEditor

_SEVERAL = "This block comes from several approved texts. Undo the joining instead."


class BlockSteps:
    """Takes steps on blocks of one editor, or says why a block holds; no id is no step."""

    def __init__(self, editor: "LetterEditor") -> None:
        self._editor = editor

    def unlock(self, block_id: str) -> None:
        """Open an approved block for changes."""
        model = self._editor.model
        if block_id and model.is_locked(block_id) and not model.is_read_only:
            model.unlocked.add(block_id)
            self._editor.changed.emit()
        elif block_id and model.is_closed(block_id):
            self._editor.refuse(block_id)

    def restore(self, block_id: str) -> None:
        """Put the approved wording back into a block."""
        model = self._editor.model
        if not block_id or model.state(block_id) is not BlockState.CHANGED:
            return
        source = model.source(block_id)
        if model.is_read_only or model.is_fixed(block_id):
            self._editor.refuse(block_id)
        elif source is None or len(model.held(block_id).origins) > 1:
            self._editor.refused.emit(block_id, _SEVERAL)
        else:
            model.unlocked.discard(block_id)
            self._editor.open_sheet.restore(block_id, source)
            self._editor.reveal(block_id)

    def move(self, block_id: str, steps: int) -> None:
        """Move a block up or down."""
        model = self._editor.model
        if not block_id:
            return
        if model.is_read_only or model.is_fixed(block_id):
            self._editor.refuse(block_id)
        elif self._editor.open_sheet.move(block_id, steps):
            self._editor.reveal(block_id)
