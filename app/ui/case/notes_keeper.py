"""Keeps the note that is being typed: a draft at once, a journal row when it is left."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.errors import AppError
from app.models.changes import Changes
from app.models.ids import uuid7
from app.services.intake import commands
from app.services.intake.queries import NoteDraft, note_draft, note_hash
from app.services.jobs.context import JobContext
from app.ui.case.desk import CaseDesk
from app.ui.jobs import JobHandle
from app.ui.jobs.typing_clock import TypingClock


class NoteKeeper(QObject):
    """The note of one case on its way from the keys to the journal.

    Writes run in order on one lane, and a note has its id before its first word is stored: so no text
    lands on a newer one and none becomes two notes.
    """

    saved = Signal()
    failed = Signal(object)
    found = Signal(object)
    returned = Signal(str)

    def __init__(self, desk: CaseDesk, read: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._read = read
        self._inquiry_id = ""
        self.note_id = ""
        self._stored = self._drafted = self._seen = ""
        # Until it is known whether a draft waits, none is written over it.
        self._is_asking = False
        self._question: JobHandle | None = None
        self._clock = TypingClock(self)
        self._clock.draft_due.connect(self._on_draft_due)
        self._clock.cut_due.connect(self.cut)

    @property
    def has_begun(self) -> bool:
        """Whether a note is in the field or has left words of it in the database."""
        return bool(self.note_id)

    def open(self, inquiry_id: str) -> None:
        """Keep the notes of this case from now on; `found` tells of one that was left half typed."""
        self._clock.stop()
        self._inquiry_id = inquiry_id
        self._forget()
        self._is_asking = True
        self._ask()

    def go_on(self, draft: NoteDraft) -> None:
        """Take up a note that was left half typed."""
        self.note_id, self._seen = draft.note_id, draft.seen_sha256
        self._stored, self._drafted = "", draft.text

    @Slot()
    def typed(self) -> None:
        """Take note that something was typed."""
        text = self._read()
        if not self.note_id and text.strip():
            self.note_id = uuid7()
        if self._inquiry_id and text != self._drafted:
            self._clock.typed()

    @Slot()
    def cut(self) -> None:
        """Make what is typed one row of the journal."""
        self._clock.stop()
        if not self._is_due():
            self._on_draft_due()
            return
        text, seen = self._read(), self._seen
        command = self._command(text)
        self._stored = self._drafted = text
        self._seen = note_hash(text)
        self._desk.write(
            command,
            on_changed=partial(self._on_cut, self.note_id),
            on_failed=partial(self._on_not_cut, (self._inquiry_id, self.note_id), text, seen),
        )

    def flush(self) -> None:
        """Make what is typed a row of the journal before returning; raise if it cannot be."""
        self._clock.stop()
        # What was queued is written first, and may come back as not written.
        self._desk.settle()
        if self._is_due():
            text = self._read()
            changes = self._desk.write_now(self._command(text))
            self._stored = self._drafted = text
            self._seen = note_hash(text)
            self._on_cut(self.note_id, changes)
        else:
            self._on_draft_due()
            self._desk.settle()

    def begin_next(self) -> None:
        """End the note; what is typed from now on is another one."""
        self.cut()
        self._forget()

    def _forget(self) -> None:
        self.note_id = self._stored = self._drafted = self._seen = ""

    def _is_due(self) -> bool:
        text = self._read()
        return bool(self._inquiry_id and self.note_id and text.strip()) and text != self._stored

    def _command(self, text: str) -> "partial[Changes]":
        return partial(
            commands.keep_note,
            inquiry_id=self._inquiry_id,
            note_id=self.note_id,
            text=text,
            seen_sha256=self._seen,
        )

    @Slot()
    def _on_draft_due(self) -> None:
        text = self._read()
        if not self.note_id or text == self._drafted:
            return
        if self._is_asking:
            if self._is_due():
                self.cut()
            return
        self._drafted = text
        database, inquiry_id, note_id, seen = self._desk.database, self._inquiry_id, self.note_id, self._seen
        # What the journal has already waits for nothing.
        waiting = text if text != self._stored else ""

        def write(_context: JobContext) -> Changes:
            database.write(commands.save_note_draft, inquiry_id, note_id, waiting, seen)
            return Changes()

        self._desk.runner.run_command(
            write,
            label="Saving the note",
            initiator=self,
            on_done=self._on_drafted,
            on_failed=partial(self._on_not_drafted, note_id),
        )

    def _on_drafted(self, _changes: Changes) -> None:
        self.saved.emit()

    def _on_not_drafted(self, note_id: str, error: AppError) -> None:
        if note_id == self.note_id:
            self._drafted = self._stored
            self._clock.typed()
        self.failed.emit(error)

    def _on_cut(self, note_id: str, changes: Changes) -> None:
        if note_id == self.note_id and note_id not in changes.ids:
            # Somebody changed that note meanwhile, so the words stand in one of their own.
            self.note_id = next(iter(changes.ids), note_id)
        self.saved.emit()

    def _on_not_cut(self, place: tuple[str, str], text: str, seen: str, error: AppError) -> None:
        if place == (self._inquiry_id, self.note_id):
            self._stored, self._drafted, self._seen = "", "", seen
            self._clock.typed()
        elif place[0] == self._inquiry_id:
            self.returned.emit(text)
        self.failed.emit(error)

    def _ask(self) -> None:
        query = partial(self._desk.database.read, note_draft, self._inquiry_id)
        handle = self._desk.read(query, on_done=partial(self._on_found, self._inquiry_id))
        self._question = handle
        handle.ended.connect(self._on_asked)

    def _on_found(self, inquiry_id: str, draft: NoteDraft | None) -> None:
        if inquiry_id != self._inquiry_id:
            return
        self._is_asking = False
        if draft is None or draft.note_id == self.note_id:
            return
        if not self.has_begun:
            self.found.emit(draft)
            return
        # Another note stands in the field by now; both are kept.
        command = partial(
            commands.keep_note,
            inquiry_id=inquiry_id,
            note_id=draft.note_id,
            text=draft.text,
            seen_sha256=draft.seen_sha256,
        )
        self._desk.write(command, on_failed=self.failed.emit)

    @Slot()
    def _on_asked(self) -> None:
        # A flush elsewhere cancels every read that runs.
        if self._is_asking and self._question is not None and self._question.is_cancelled:
            self._ask()
