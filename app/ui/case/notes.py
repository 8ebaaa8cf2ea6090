"""The notes of a case, saved as they are typed."""

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QFocusEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.intake import commands
from app.services.intake.queries import CaseView, NoteDraft, NoteView
from app.ui.case.desk import CaseDesk
from app.ui.case.form import InlineForm, WordsEdit
from app.ui.case.notes_keeper import NoteKeeper
from app.ui.case.section import Section, clear
from app.ui.case.wording import clock_time, moment
from app.ui.widgets import link_button, text_label

_MOST_SHOWN = 20
_STILL_HERE: Final = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class NotesSection(Section):
    """Earlier notes, and a field whose words are kept within two seconds."""

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Notes"), parent=parent)
        self.edit = WordsEdit(self.tr("New note"), placeholder=self.tr("Add a note; it is saved as you type"))
        self._keeper = NoteKeeper(desk, self.edit.toPlainText, self)
        self._list = QVBoxLayout()
        self._done = link_button(self.tr("Next note"), on_click=self._begin_next)
        self._build_notes()

    def fill(self, view: CaseView) -> None:
        """Show the notes, the newest first, without the one being typed."""
        clear(self._list)
        shown = [note for note in view.notes if note.id != self._keeper.note_id]
        for note in reversed(shown[-_MOST_SHOWN:]):
            self._list.addWidget(self._note(note))
        self._done.setVisible(self._keeper.has_begun)

    def show_case(self, view: CaseView) -> None:
        """Show another case; the note of the last one is kept first."""
        if self.view is None or self.view.id != view.id:
            self._keep_last()
            self._empty()
            self._keeper.open(view.id)
        super().show_case(view)

    def flush(self) -> None:
        """Keep what is typed before returning."""
        if self.view is not None:
            self._keeper.flush()

    @Slot()
    def cut(self) -> None:
        """Make what is typed a fact of the case, in its turn among the writes."""
        self._keeper.cut()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cut a journal row when the note is left."""
        # A menu over the field, or another window in front, is no leaving.
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _STILL_HERE:
            self._keeper.cut()
        return super().eventFilter(watched, event)

    def _build_notes(self) -> None:
        self.edit.textChanged.connect(self._on_typed)
        self.edit.installEventFilter(self)
        self._keeper.saved.connect(self._on_saved)
        self._keeper.failed.connect(self._on_not_saved)
        self._keeper.found.connect(self._on_found)
        self._keeper.returned.connect(self._on_returned)
        self.column.addWidget(self.edit)
        row = QHBoxLayout()
        row.addWidget(self._done)
        row.addStretch(1)
        row.addWidget(link_button(self.tr("Log a vain call"), icon="phone", on_click=self.ask_contact_try))
        self.column.addLayout(row)
        self.column.addLayout(self._list)
        self._done.hide()

    def ask_contact_try(self) -> None:
        """Open the field for a try that reached nobody."""
        form = InlineForm(self.tr("Vain call"), self.tr("Log the try"))
        form.add_text("text", self.tr("What happened"), self.tr("Nobody answered."))
        self.open_form(form, self._on_contact_try)

    def _note(self, note: NoteView) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        head = moment(note.noted_at, self.desk.zone(), now=self.desk.now())
        if note.is_contact_try:
            head = self.tr("{time}, vain try to reach the contact").format(time=head)
        column.addWidget(text_label(head, role="secondary", tone="text.3"))
        column.addWidget(text_label(note.text, wraps=True, selectable=True))
        return box

    @Slot()
    def _on_typed(self) -> None:
        self._keeper.typed()
        self._done.setVisible(self._keeper.has_begun)

    @Slot()
    def _on_saved(self) -> None:
        self.show_error("")
        at = clock_time(self.desk.now(), self.desk.zone())
        self.note.setText(self.tr("Saved {time}").format(time=at))

    @Slot(object)
    def _on_not_saved(self, error: AppError) -> None:
        self.note.setText("")
        self.show_error(self.tr("The note is not saved yet; it stays here. {why}").format(why=error))

    @Slot(object)
    def _on_found(self, draft: NoteDraft) -> None:
        self._keeper.go_on(draft)
        self.edit.setPlainText(draft.text)
        self.edit.moveCursor(QTextCursor.MoveOperation.End)
        at = moment(draft.saved_at, self.desk.zone(), now=self.desk.now())
        self.note.setText(self.tr("Kept from {time}").format(time=at))
        if self.view is not None:
            self.fill(self.view)

    @Slot(str)
    def _on_returned(self, text: str) -> None:
        beside = self.edit.toPlainText()
        self.edit.setPlainText(f"{text}\n{beside}" if beside else text)

    def _keep_last(self) -> None:
        try:
            self.flush()
        except AppError as error:
            self.desk.report(error)

    def _empty(self) -> None:
        # Before the field is emptied, so that an empty field says nothing about the last note.
        self._keeper.begin_next()
        self.edit.clear()
        self.note.setText("")
        self._done.hide()

    def _begin_next(self) -> None:
        self._empty()
        if self.view is not None:
            self.fill(self.view)

    def _on_contact_try(self, values: dict[str, str]) -> None:
        if self.view is not None:
            command = partial(
                commands.add_note, inquiry_id=self.view.id, text=values["text"], is_contact_try=True
            )
            self.write(command, on_done=self.close_form)
