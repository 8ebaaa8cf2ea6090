"""The notes of a case, saved as they are typed."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.services.intake import commands
from app.services.intake.queries import CaseView, NoteView
from app.ui.case.desk import CaseDesk
from app.ui.case.form import InlineForm, WordsEdit
from app.ui.case.section import Section, clear
from app.ui.case.wording import clock_time, moment
from app.ui.widgets import link_button, text_label

_QUIET_MS = 800
_MOST_SHOWN = 20


class NotesSection(Section):
    """Earlier notes, and a field whose words are kept within two seconds."""

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Notes"), parent=parent)
        self.edit = WordsEdit(self.tr("New note"), placeholder=self.tr("Add a note; it is saved as you type"))
        self._note_id = ""
        self._saved = ""
        self._is_saving = False
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self._save)
        self._list = QVBoxLayout()
        self._done = link_button(self.tr("Next note"), on_click=self._begin_next)
        self._build_notes()

    def fill(self, view: CaseView) -> None:
        """Show the notes, the newest first, without the one being typed."""
        clear(self._list)
        shown = [note for note in view.notes if note.id != self._note_id]
        for note in reversed(shown[-_MOST_SHOWN:]):
            self._list.addWidget(self._note(note))
        self._done.setVisible(bool(self._note_id))

    def show_case(self, view: CaseView) -> None:
        """Show another case; the note of the last one is kept first."""
        if self.view is not None and self.view.id != view.id:
            self.flush()
            self._begin_next()
        super().show_case(view)

    def flush(self) -> None:
        """Keep what is typed before returning."""
        self._quiet.stop()
        text = self.edit.toPlainText()
        if text.strip() and text != self._saved and self.view is not None:
            # What was queued is written first, so that an older text never lands on a newer one.
            self.desk.settle()
            self._remember(text, self.desk.write_now(self._command(text)))

    def _build_notes(self) -> None:
        self.edit.textChanged.connect(self._on_typed)
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

    def _on_typed(self) -> None:
        if self.edit.toPlainText() != self._saved:
            self._quiet.start()

    def _command(self, text: str) -> "partial[Changes]":
        if self._note_id:
            return partial(commands.edit_note, note_id=self._note_id, text=text)
        inquiry_id = self.view.id if self.view is not None else ""
        return partial(commands.add_note, inquiry_id=inquiry_id, text=text)

    def _save(self) -> None:
        text = self.edit.toPlainText()
        if self._is_saving or not text.strip() or text == self._saved or self.view is None:
            return
        self._is_saving = True
        self.desk.write(
            self._command(text), on_changed=partial(self._remember, text), on_failed=self._on_not_saved
        )

    def _remember(self, text: str, changes: Changes) -> None:
        self._is_saving = False
        self._saved = text
        self._note_id = self._note_id or next(iter(changes.ids), "")
        self._done.setVisible(True)
        at = clock_time(self.desk.now(), self.desk.zone())
        self.note.setText(self.tr("Saved {time}").format(time=at))
        self._on_typed()

    def _on_not_saved(self, error: AppError) -> None:
        self._is_saving = False
        self.note.setText("")
        self.show_error(self.tr("The note is not saved yet; it stays here. {why}").format(why=error))

    def _begin_next(self) -> None:
        self._quiet.stop()
        self._save_last()
        self._note_id = self._saved = ""
        self.edit.clear()
        self.note.setText("")
        self._done.hide()
        if self.view is not None:
            self.fill(self.view)

    def _save_last(self) -> None:
        text = self.edit.toPlainText()
        if self._note_id and text.strip() and text != self._saved:
            self.desk.write(partial(commands.edit_note, note_id=self._note_id, text=text))

    def _on_contact_try(self, values: dict[str, str]) -> None:
        if self.view is not None:
            command = partial(
                commands.add_note, inquiry_id=self.view.id, text=values["text"], is_contact_try=True
            )
            self.write(command, on_done=self.close_form)
