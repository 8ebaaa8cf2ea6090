"""Small frames under a block: why it holds, what changed, and two texts to choose from."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout

from app.ui import theme
from app.ui.letters.editor import LetterEditor
from app.ui.letters.spans import span_of
from app.ui.widgets import announce, icon_button, icon_label, secondary_button, text_label

_MOST_WIDTH = 560


class Strip(QFrame):
    """A frame that stays under its block while the letter scrolls."""

    def __init__(self, editor: LetterEditor) -> None:
        super().__init__(editor.viewport())
        self._editor = editor
        self.block_id = ""
        self.setProperty("surface", "toast")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        editor.changed.connect(self.follow)
        editor.verticalScrollBar().valueChanged.connect(self.follow)
        self.hide()

    @Slot()
    def follow(self) -> None:
        """Go where the block has gone."""
        span = span_of(self._editor.document(), self.block_id) if self.block_id else None
        if span is None:
            self.hide()
            return
        room = self._editor.viewport().width() - 2 * theme.SPACE.s
        width = min(room, theme.scaled(_MOST_WIDTH))
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        rect = self._editor.block_rect(span)
        low = rect.bottom() + theme.SPACE.s
        if low + height > self._editor.viewport().height() and rect.top() > height + theme.SPACE.s:
            low = rect.top() - height - theme.SPACE.s
        self.setGeometry(theme.SPACE.s, low, width, height)

    def show_under(self, block_id: str) -> None:
        """Come up under a block."""
        self.block_id = block_id
        self.follow()
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Go away; the letter has the keyboard again."""
        self.block_id = ""
        # Not `self.focusWidget()`: that is who had the keyboard here last, and may have lost it long ago.
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)


class ReasonStrip(Strip):
    """Says why a block holds, without a beep."""

    def __init__(self, editor: LetterEditor) -> None:
        super().__init__(editor)
        self._text = text_label(role="secondary", tone="text.1", wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.m, theme.SPACE.s)
        row.addWidget(icon_label("lock", "prov.verbatim", 14))
        row.addWidget(self._text, 1)

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def show_reason(self, block_id: str, why: str) -> None:
        """Show a reason under a block and say it."""
        self._text.setText(why)
        self.setAccessibleName(why)
        self.show_under(block_id)
        announce(self, why)


class TextStrip(Strip):
    """Shows marked words of a block, with buttons that decide."""

    def __init__(self, editor: LetterEditor) -> None:
        super().__init__(editor)
        self._head = text_label(role="secondary", tone="text.2", weight=600, wraps=True)
        self._body = QLabel()
        self._body.setTextFormat(Qt.TextFormat.RichText)
        self._body.setWordWrap(True)
        theme.set_font(self._body, "letter")
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._build()

    @property
    def html(self) -> str:
        """The marked words that are shown."""
        return self._body.text()

    def show_text(
        self, block_id: str, head: str, html: str, choices: tuple[tuple[str, Callable[[], None]], ...] = ()
    ) -> None:
        """Show marked words under a block, and what can be done with them."""
        self._head.setText(head)
        self._body.setText(html)
        self.setAccessibleName(head)
        while self._buttons.count() > 1:
            item = self._buttons.takeAt(1)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for text, run in choices:
            self._buttons.addWidget(secondary_button(text, on_click=self._deciding(run)))
        self.show_under(block_id)
        announce(self, head)

    def _deciding(self, run: Callable[[], None]) -> Callable[[], None]:
        def decide() -> None:
            self.leave()
            run()

        return decide

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.m, theme.SPACE.s)
        column.setSpacing(theme.SPACE.xs)
        top = QHBoxLayout()
        top.addWidget(self._head, 1)
        top.addWidget(icon_button("x", "Close", "Esc", on_click=self.leave))
        column.addLayout(top)
        column.addWidget(self._body)
        column.addLayout(self._buttons)


def plain_html(text: str) -> str:
    """Write plain words as rich text."""
    return escape(text).replace("\n", "<br>")
