"""The middle pane: the letter, or what was asked before there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.errors import EnvironmentFaultError
from app.services.workspace.clock import in_zone
from app.ui.case.desk import CaseDesk
from app.ui.case.reading import CaseRead
from app.ui.case.wording import ENDED
from app.ui.case.words_page import WordsPage
from app.ui.letters.autosave import DatabaseStore
from app.ui.letters.live_checks import DatabaseChecker, LiveChecks
from app.ui.letters.view import LetterView

_WRITABLE = "draft"


class MiddlePane(QStackedWidget):
    """The words of the caller, and the letter once there is one."""

    letter_saved = Signal()
    checked = Signal(object)
    block_entered = Signal(str, object)
    source_requested = Signal(str)

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._letter: LetterView | None = None
        self._letter_id = ""
        self._wants_words = False
        self._inserted: tuple[str, ...] = ()
        self._checks = LiveChecks(desk.runner, DatabaseChecker(desk.database), self)
        self._checks.found.connect(self.checked)
        self.words = WordsPage(desk)
        self.addWidget(self.words)

    @property
    def letter(self) -> LetterView | None:
        """The letter in its editor, once one was opened."""
        return self._letter

    @property
    def shown(self) -> str:
        """Which of both is in front: letter or words."""
        return "letter" if self._letter is not None and self.currentWidget() is self._letter else "words"

    def show_read(self, read: CaseRead) -> None:
        """Show a case: its letter, if it has one."""
        letter = read.letter
        self.words.show_case(read.view, has_letter=letter is not None)
        if letter is None:
            self.drop()
            return
        pane = self._opened()
        if letter.id != self._letter_id:
            self._letter_id, self._inserted, self._wants_words = letter.id, (), False
            pane.load(letter)
        else:
            fresh, self._inserted = self._inserted, ()
            if fresh:
                pane.insert_blocks(letter, fresh)
            pane.refresh(letter)
        pane.set_read_only(letter.state != _WRITABLE or read.view.state in ENDED)
        self._checks.watch(pane.editor.model if letter.state == _WRITABLE else None)
        # What the letter is compared to may have changed, and a draft of before a crash is checked too.
        self._checks.note()
        self.choose("words" if self._wants_words else "letter")

    def with_typed(self, read: CaseRead) -> CaseRead:
        """Return what was read with the findings of what stands in the editor, if that is not stored yet."""
        found, letter = self._checks.findings, self._letter
        is_here = read.letter is not None and read.letter.id == self._letter_id
        if found is None or letter is None or letter.is_saved or not is_here:
            return read
        return replace(read, findings=found)

    def choose(self, what: str) -> None:
        """Bring the letter or the words to the front."""
        self._wants_words = what == "words"
        if what == "letter" and self._letter is not None:
            self.setCurrentWidget(self._letter)
        else:
            self.setCurrentWidget(self.words)

    def take_inserted(self, block_ids: Sequence[str]) -> None:
        """Show these new blocks with the next read, as one step of undo."""
        self._inserted = (*self._inserted, *block_ids)

    def flush(self) -> None:
        """Save every word of the letter before returning.

        A text that waits for a decision is kept as a draft already and does not stop anybody.
        """
        if self._letter is None:
            return
        self._letter.flush()
        self._desk.settle()
        is_waiting = self._letter.autosave is not None and self._letter.autosave.is_stale
        if not self._letter.is_saved and not is_waiting:
            raise EnvironmentFaultError(
                self.tr("The last words of the letter could not be saved. They are kept here.")
            )

    def unsaved(self) -> Mapping[str, str]:
        """Return what was typed here and nobody logged."""
        return self.words.unsaved()

    def drop(self) -> None:
        """Let the letter go."""
        self._checks.watch(None)
        letter, self._letter, self._letter_id = self._letter, None, ""
        self.setCurrentWidget(self.words)
        if letter is not None:
            self.removeWidget(letter)
            letter.deleteLater()

    def _opened(self) -> LetterView:
        if self._letter is None:
            store = DatabaseStore(self._desk.database)
            self._letter = LetterView(self._desk.runner, store, now=self._wall_time)
            self._letter.cut.connect(self.letter_saved)
            self._letter.changed.connect(self._checks.note)
            self._letter.block_entered.connect(self.block_entered)
            self._letter.source_requested.connect(self.source_requested)
            self.addWidget(self._letter)
        return self._letter

    def _wall_time(self) -> datetime:
        return in_zone(self._desk.now(), self._desk.zone())
