"""A block that changed elsewhere: both texts are shown, and one decides."""

import functools

from PySide6.QtCore import QObject, Signal

from app.models.markup import parse, plain_text
from app.models.word_diff import word_diff
from app.services.letters.queries import BlockView, LetterView
from app.ui.letters.differences import as_html
from app.ui.letters.editor import LetterEditor
from app.ui.letters.strip import TextStrip

_HEAD = "Changed elsewhere. Struck out: the stored text. Underlined: what you typed. Both are kept until you choose."


class Conflicts(QObject):
    """Asks about each block whose stored text is not the one that was read.

    `decided` comes when no block is left to ask about.
    """

    decided = Signal()

    def __init__(self, editor: LetterEditor, strip: TextStrip) -> None:
        super().__init__(editor)
        self._editor = editor
        self.strip = strip
        self._open: list[BlockView] = []

    def show(self, stored: LetterView) -> None:
        """Ask about the blocks that differ, one after the other."""
        model = self._editor.model
        for gone in model.forget_missing(block.id for block in stored.blocks):
            self._editor.reveal(gone)
        known = [block for block in stored.blocks if model.has(block.id)]
        self._open = [block for block in known if model.is_behind(block)]
        self._ask()

    def _ask(self) -> None:
        model = self._editor.model
        while self._open and not model.differs(self._open[0]):
            model.book.see(self._open[0].id, self._open[0].sha256)
            self._open.pop(0)
        if not self._open:
            self.decided.emit()
            return
        block = self._open[0]
        mine, theirs = plain_text(parse(model.held(block.id).text)), plain_text(parse(block.text))
        self._editor.reveal(block.id)
        self.strip.show_text(
            block.id,
            _HEAD,
            as_html(word_diff(theirs, mine)),
            (
                ("Take the stored text", functools.partial(self._take, block)),
                ("Keep mine", functools.partial(self._keep, block)),
            ),
        )

    def _take(self, block: BlockView) -> None:
        self._editor.model.book.see(block.id, block.sha256)
        self._editor.take_text(block.id, block.text, block.origins)
        self._open.pop(0)
        self._ask()

    def _keep(self, block: BlockView) -> None:
        self._editor.model.book.see(block.id, block.sha256)
        self._open.pop(0)
        self._ask()
