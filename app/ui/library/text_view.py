"""A text to read: letter type, a readable width, marked words."""

from typing import Final

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from app.ui import theme
from app.ui.library.matching import Matcher

_WIDEST: Final = 720
_MOST_MARKS: Final = 500
_OVERHANG: Final = 3
_LINK_SCHEMES: Final = ("http", "https")


class TextView(QTextBrowser):
    """A read-only text that opens web links outside and nothing else."""

    def __init__(self, name: str, *, widest: int = _WIDEST, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widest = widest
        self.setProperty("v", "bare")
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.horizontalScrollBar().rangeChanged.connect(self._on_range_changed)
        self.anchorClicked.connect(self._on_anchor_clicked)

    def mark_words(self, matcher: Matcher, *, start: int = 0) -> int:
        """Mark matching words and show the first behind a place; return how many."""
        selections: list[QTextEdit.ExtraSelection] = []
        first = -1
        block = self.document().begin()
        while block.isValid() and len(selections) < _MOST_MARKS:
            for begin, end in matcher.spans(block.text()):
                selections.append(self._marked(block.position() + begin, block.position() + end))
                if first < 0 and block.position() + begin >= start:
                    first = block.position() + begin
            block = block.next()
        self.setExtraSelections(selections)
        self.show_place(first if first >= 0 else start)
        return len(selections)

    def show_place(self, position: int) -> None:
        """Scroll so that a place of the text stands near the top."""
        # Writing a text moves the caret to its end, and Qt scrolls to the caret when the view gets its size.
        self.moveCursor(QTextCursor.MoveOperation.Start)
        if position <= 0:
            self.verticalScrollBar().setValue(0)
            return
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(position, self.document().characterCount() - 1))
        room = theme.scaled(48)
        self.verticalScrollBar().setValue(
            self.verticalScrollBar().value() + self.cursorRect(cursor).top() - room
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep lines as short as they read best."""
        right = max(0, event.size().width() + self.viewportMargins().right() - theme.scaled(self._widest))
        margins = self.viewportMargins()
        if margins.right() != right:
            self.setViewportMargins(0, 0, right, 0)
        super().resizeEvent(event)

    def _marked(self, start: int, end: int) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(QColor(theme.color("mark")))
        look.setForeground(QColor(theme.color("text.1")))
        selection = QTextEdit.ExtraSelection()
        selection.cursor, selection.format = cursor, look
        return selection

    @Slot(int, int)
    def _on_range_changed(self, _least: int, most: int) -> None:
        # The border of a table of full width stands half a dot outside: nothing to scroll for.
        policies = Qt.ScrollBarPolicy
        is_wide = most > _OVERHANG
        self.setHorizontalScrollBarPolicy(
            policies.ScrollBarAsNeeded if is_wide else policies.ScrollBarAlwaysOff
        )

    @Slot(QUrl)
    def _on_anchor_clicked(self, url: QUrl) -> None:
        if url.scheme().lower() in _LINK_SCHEMES:
            QDesktopServices.openUrl(url)
