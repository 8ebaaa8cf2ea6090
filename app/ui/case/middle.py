"""The middle pane: the letter, or what was asked before there is one."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui.case.desk import CaseDesk
from app.ui.case.ports import LetterPane, as_letter
from app.ui.case.reading import CaseRead
from app.ui.case.words_page import WordsPage

_WRITABLE = ("draft",)


class MiddlePane(QStackedWidget):
    """The words of the caller, and the letter once there is one."""

    letter_changed = Signal()
    block_entered = Signal(str)
    source_requested = Signal(str)

    def __init__(
        self, desk: CaseDesk, make_letter: Callable[[], QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._make_letter = make_letter
        self._widget: QWidget | None = None
        self._letter_id = ""
        self._wants_words = False
        self.words = WordsPage(desk)
        self.addWidget(self.words)

    @property
    def letter(self) -> LetterPane | None:
        """The letter, once one was opened."""
        return as_letter(self._widget) if self._widget is not None else None

    @property
    def shown(self) -> str:
        """Which of both is in front: letter or words."""
        return "letter" if self._widget is not None and self.currentWidget() is self._widget else "words"

    def show_read(self, read: CaseRead) -> None:
        """Show a case: its letter, if it has one."""
        letter = read.letter
        self.words.show_case(read.view, has_letter=letter is not None)
        if letter is None:
            self._letter_id = ""
            self._close_letter()
            return
        pane = self._opened()
        if letter.id != self._letter_id:
            self._letter_id = letter.id
            self._wants_words = False
            pane.load(letter.id)
        pane.set_read_only(letter.state not in _WRITABLE or read.view.state in ("closed", "cancelled"))
        self.choose("words" if self._wants_words else "letter")

    def choose(self, what: str) -> None:
        """Bring the letter or the words to the front."""
        self._wants_words = what == "words"
        if what == "letter" and self._widget is not None:
            self.setCurrentWidget(self._widget)
        else:
            self.setCurrentWidget(self.words)

    def reload_letter(self) -> None:
        """Read the letter again, after something was put into it."""
        if self.letter is not None and self._letter_id:
            self.letter.load(self._letter_id)

    def flush(self) -> None:
        """Save every word of the letter before returning."""
        if self.letter is not None and self._letter_id:
            self.letter.flush()

    def unsaved(self) -> Mapping[str, str]:
        """Return what was typed here and nobody logged."""
        return self.words.unsaved()

    def drop(self) -> None:
        """Let the letter go."""
        self._letter_id = ""
        self._close_letter()

    def _opened(self) -> LetterPane:
        if self._widget is None:
            self._widget = self._make_letter()
            self.addWidget(self._widget)
            pane = as_letter(self._widget)
            pane.changed.connect(self.letter_changed)
            pane.block_entered.connect(self.block_entered)
            pane.source_requested.connect(self.source_requested)
        return as_letter(self._widget)

    def _close_letter(self) -> None:
        widget, self._widget = self._widget, None
        self.setCurrentWidget(self.words)
        if widget is not None:
            self.removeWidget(widget)
            widget.deleteLater()
