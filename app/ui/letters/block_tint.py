"""The tint behind a block: of the one under the caret, and for a moment of one that came in."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from app.models.checks.snapshot import BlockState
from app.ui import theme
from app.ui.letters.spans import span_of
from app.ui.widgets import rounded

if TYPE_CHECKING:
    from app.ui.letters.editor import LetterEditor

_FLASH_MS = 600
_TINTS = {
    BlockState.VERBATIM: "prov.verbatim.soft",
    BlockState.CHANGED: "prov.changed.soft",
    BlockState.FREE: "prov.free.soft",
    BlockState.NONE: "prov.free.soft",
}


class BlockTint(QObject):
    """Paints behind the text of one editor."""

    def __init__(self, editor: "LetterEditor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._flashed = ""
        self._end = QTimer(self, singleShot=True, interval=_FLASH_MS)
        self._end.timeout.connect(self._on_end)

    def flash(self, block_id: str) -> None:
        """Tint a block for a moment, if anything may move on this screen."""
        self._flashed = block_id
        if self._editor.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0:
            self._end.start()
        else:
            self._on_end()

    def tinted(self, entered: str) -> tuple[str, str]:
        """Return the block that is tinted now, and its colour token."""
        block_id = self._flashed or (entered if self._editor.hasFocus() else "")
        if self._editor.sheet is None or not block_id or not self._editor.model.has(block_id):
            return "", ""
        state = self._editor.model.state(block_id)
        is_plain = state is BlockState.VERBATIM and not self._flashed
        is_quiet = is_plain or self._editor.model.is_fixed(block_id)
        return ("", "") if is_quiet else (block_id, _TINTS[state])

    def paint(self) -> None:
        """Paint the tint below the text."""
        block_id, token = self._editor.tinted()
        span = span_of(self._editor.document(), block_id) if block_id else None
        if span is None:
            return
        rect = self._editor.block_rect(span).adjusted(-theme.RADIUS.card, -6, -theme.SPACE.s, 6)
        with QPainter(self._editor.viewport()) as painter:
            rounded(painter, rect, theme.RADIUS.chip, fill=theme.color(token))

    @Slot()
    def _on_end(self) -> None:
        self._flashed = ""
        self._editor.viewport().update()
        self._editor.changed.emit()
