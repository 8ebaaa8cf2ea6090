"""Saving what is typed: drafts at once, a journal row when a block is left."""

import functools
from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.errors import AppError, StaleEditError
from app.models.changes import Changes
from app.models.letter_origins import Origin
from app.services.jobs.context import JobContext
from app.services.letters import commands, queries
from app.services.letters.commands import BlockEdit, Saved
from app.services.letters.queries import CitableWork, LetterView
from app.services.workspace.database import Database
from app.ui.jobs import JobRunner
from app.ui.jobs.typing_clock import TypingClock
from app.ui.letters.model import LetterModel
from app.ui.letters.saving import Batch, Change

_RETRY_MS = 5000


class LetterStore(Protocol):
    """Where letters are kept; every call is made off the GUI thread."""

    def save_draft(self, block_id: str, text: str, seen_sha256: str) -> None:
        """Keep what is typed without a journal row."""

    def save_blocks(self, letter_id: str, edits: tuple[BlockEdit, ...]) -> Saved:
        """Save blocks in one step, or none."""

    def letter(self, letter_id: str) -> LetterView:
        """Read a letter as it is stored now."""

    def sources(self, origins: tuple[Origin, ...]) -> Mapping[Origin, str]:
        """Read the approved wording behind origins."""

    def citable(self, letter_id: str, wanted: str) -> tuple[CitableWork, ...]:
        """Find works that a letter can cite."""


class DatabaseStore:
    """The letters of the open workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_draft(self, block_id: str, text: str, seen_sha256: str) -> None:
        """Keep what is typed without a journal row."""
        self._database.write(commands.save_draft, block_id, text, seen_sha256)

    def save_blocks(self, letter_id: str, edits: tuple[BlockEdit, ...]) -> Saved:
        """Save blocks in one step, or none."""
        return self._database.write(commands.save_blocks, letter_id, edits)

    def letter(self, letter_id: str) -> LetterView:
        """Read a letter as it is stored now."""
        return self._database.read(queries.letter, letter_id)

    def sources(self, origins: tuple[Origin, ...]) -> Mapping[Origin, str]:
        """Read the approved wording behind origins."""
        return self._database.read(queries.approved_texts, origins)

    def citable(self, letter_id: str, wanted: str) -> tuple[CitableWork, ...]:
        """Find works that a letter can cite."""
        return self._database.read(queries.citable, letter_id, wanted, now=self._database.clock.now())


class Autosave(QObject):
    """Saves one open letter in the background.

    A draft follows 400 ms after the last key and at most 2 s after the first; a journal row is cut when a
    block is left, after 30 s of quiet and on `flush`. What could not be saved stays due and is tried again.
    `saved` comes after each of both, `cut` only after a journal row.
    """

    saved = Signal()
    cut = Signal()
    failed = Signal(str)
    stale = Signal(str)

    def __init__(
        self, runner: JobRunner, store: LetterStore, model: LetterModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._runner = runner
        self._store = store
        self._drafted: dict[str, str] = {}
        self._has_failed = False
        self.is_stale = False
        self._clock = TypingClock(self)
        self._clock.draft_due.connect(self._on_draft_due)
        self._clock.cut_due.connect(self.flush)
        self._retry = QTimer(self, singleShot=True, interval=_RETRY_MS)
        self._retry.timeout.connect(self.flush)

    @property
    def is_saved(self) -> bool:
        """Whether the database has, for sure, what the editor shows."""
        return not self.model.book.is_waiting and not self.model.due()

    @Slot()
    def note(self) -> None:
        """Take note that something was typed or moved."""
        if self.model.due():
            self._clock.typed()

    @Slot()
    def flush(self) -> None:
        """Cut a journal row of everything that is due, now."""
        self._clock.stop()
        self._retry.stop()
        batch = None if self.is_stale else self.model.send()
        if batch is not None:
            self._save(batch)

    def stop(self) -> None:
        """Save what is due and come to rest."""
        self.flush()
        self._retry.stop()

    @Slot()
    def _on_draft_due(self) -> None:
        due = self.model.due()
        if any(change.op != "update" for change in due):
            # A block that is not stored yet has no place for a draft.
            self.flush()
            return
        for change in due:
            self._save_draft(change)

    def _save_draft(self, change: Change) -> None:
        block = change.block
        if self._drafted.get(block.id) == block.text or change.seen_sha256 is None:
            return
        self._drafted[block.id] = block.text
        store, seen = self._store, change.seen_sha256

        def write(_context: JobContext) -> Changes:
            store.save_draft(block.id, block.text, seen)
            return Changes()

        self._runner.run_command(
            write,
            label="Saving the letter",
            initiator=self,
            on_done=self._on_draft_saved,
            on_failed=functools.partial(self._on_draft_failed, block.id),
        )

    def _save(self, batch: Batch) -> None:
        store, letter_id = self._store, self.model.letter_id
        edits = tuple(map(_edit, batch.changes))
        hashes: dict[str, str] = {}

        def write(_context: JobContext) -> Changes:
            saved = store.save_blocks(letter_id, edits)
            hashes.update(saved.sha256s)
            return saved.changes

        self._runner.run_command(
            write,
            label="Saving the letter",
            initiator=self,
            on_done=functools.partial(self._on_saved, batch, hashes),
            on_failed=functools.partial(self._on_failed, batch),
        )

    def _on_draft_saved(self, _changes: Changes) -> None:
        self._has_failed = False
        self.saved.emit()

    def _on_draft_failed(self, block_id: str, error: AppError) -> None:
        self._drafted.pop(block_id, None)
        self._report(error)

    def _on_saved(self, batch: Batch, hashes: Mapping[str, str], _changes: Changes) -> None:
        self.model.book.arrived(batch, hashes)
        for change in batch.changes:
            self._drafted.pop(change.block.id, None)
        self._has_failed = False
        self.saved.emit()
        self.cut.emit()

    def _on_failed(self, batch: Batch, error: AppError) -> None:
        self.model.book.lost(batch)
        if isinstance(error, StaleEditError):
            self.is_stale = True
            self.stale.emit(str(error))
        else:
            self._report(error)

    def _report(self, error: AppError) -> None:
        self._has_failed = True
        self._retry.start()
        self.failed.emit(str(error))


def _edit(change: Change) -> BlockEdit:
    if change.op == "move":
        return BlockEdit("move", change.block.id, rank=change.rank)
    if change.op == "retire":
        return BlockEdit("retire", change.block.id, seen_sha256=change.seen_sha256)
    block = change.block
    return BlockEdit(
        change.op,
        block.id,
        text=block.text,
        origins=block.origins,
        rank=change.rank if change.op == "create" else None,
        question_ids=block.question_ids,
        seen_sha256=change.seen_sha256,
    )
