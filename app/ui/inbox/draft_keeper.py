"""Keep what is typed: after 400 ms of quiet, and at most 2 s apart."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.errors import AppError
from app.models.ids import uuid7
from app.services.jobs import JobContext
from app.ui.inbox.stores import DraftStore
from app.ui.jobs import JobRunner
from app.ui.jobs.typing_clock import TypingClock

_RETRY_MS: Final = 1_000


class DraftKeeper(QObject):
    """Saves the words of one form off the GUI thread."""

    saved = Signal()
    failed = Signal(str)

    def __init__(
        self, store: DraftStore, runner: JobRunner, read: Callable[[], Mapping[str, str]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._store, self._runner, self._read = store, runner, read
        self.id = uuid7()
        self._is_dirty = False
        self._is_saving = False
        # A form has no row of the journal to cut, so only the draft of the typing clock counts.
        self._clock = TypingClock(self)
        self._clock.draft_due.connect(self.save_soon)
        self._retry = QTimer(self, singleShot=True, interval=_RETRY_MS)
        self._retry.timeout.connect(self.save_soon)

    @property
    def is_dirty(self) -> bool:
        """Whether words are not in the database yet."""
        return self._is_dirty

    def begin(self, draft_id: str = "") -> None:
        """Keep another form from now on, under this id or a new one."""
        self._stop()
        self._is_dirty = False
        self.id = draft_id or uuid7()

    def touch(self) -> None:
        """Take note that something was typed."""
        self._is_dirty = True
        self._clock.typed()

    @Slot()
    def save_soon(self) -> None:
        """Save now, or right after the save that runs."""
        self._stop()
        if not self._is_dirty or self._is_saving:
            return
        self._is_dirty, self._is_saving = False, True
        values, draft_id = dict(self._read()), self.id

        def call(_job: JobContext) -> None:
            self._store.save(draft_id, values)

        handle = self._runner.run_io(call, on_done=self._on_saved, on_failed=self._on_failed, owner=self)
        handle.ended.connect(self._on_ended)

    def flush(self) -> None:
        """Save before returning; raise if it cannot be."""
        self._stop()
        if self._is_dirty or self._is_saving:
            self._store.save(self.id, dict(self._read()))
            self._is_dirty = False

    def forget(self) -> None:
        """Stop keeping this form; its words are elsewhere now."""
        self._stop()
        self._is_dirty = False

    def _stop(self) -> None:
        self._clock.stop()
        self._retry.stop()

    def _on_saved(self, _nothing: None) -> None:
        self.saved.emit()

    def _on_failed(self, error: AppError) -> None:
        self._is_dirty = True
        self._retry.start()
        self.failed.emit(str(error))

    @Slot()
    def _on_ended(self) -> None:
        self._is_saving = False
        if self._is_dirty and not self._retry.isActive():
            self._clock.typed()
