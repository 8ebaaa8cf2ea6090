"""The reads and writes of one case page, off the GUI thread."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.errors import AppError, UserFacingError
from app.models.changes import Changes
from app.services.workspace.database import Database
from app.services.workspace.unit_of_work import UnitOfWork
from app.ui.errors import show_error
from app.ui.jobs import JobHandle, JobRunner

T = TypeVar("T")
Command = Callable[[UnitOfWork], Changes]
OnFailed = Callable[[AppError], None]


class CaseDesk(QObject):
    """Write and read for a page, which is the initiator of its writes.

    `written` follows every write of the page, so that all of its parts read again.
    """

    written = Signal(object)

    def __init__(self, database: Database, runner: JobRunner, page: QWidget) -> None:
        super().__init__(page)
        self.database = database
        self.runner = runner
        self._page = page

    @property
    def user_id(self) -> str:
        """Who works here."""
        return self.database.identity.user

    def now(self) -> int:
        """Return the instant that the journal would write."""
        return self.database.clock.now()

    def zone(self) -> str:
        """Return the zone of this device."""
        return self.database.clock.zone()

    def write(
        self,
        command: Command,
        *,
        on_done: Callable[[], None] | None = None,
        on_changed: Callable[[Changes], None] | None = None,
        on_failed: OnFailed | None = None,
    ) -> JobHandle:
        """Run a command in its turn; a failure goes to its own place."""
        return self.runner.run_command(
            lambda _job: self.database.write(command),
            initiator=self._page,
            on_done=partial(self._on_written, on_done, on_changed),
            on_failed=partial(self._on_failed, on_failed),
        )

    def settle(self) -> None:
        """Wait until every write that was begun has ended."""
        self.runner.drain()

    def write_now(self, command: Command) -> Changes:
        """Run a command before returning; for the moment in which a page is left."""
        return self.database.write(command)

    def read(
        self,
        query: Callable[[], T],
        *,
        on_done: Callable[[T], None],
        on_failed: OnFailed | None = None,
        after_writes: bool = False,
    ) -> JobHandle:
        """Run a read; its answer is dropped once the page is gone."""
        return self.runner.run_query(
            lambda _job: query(),
            on_done=on_done,
            on_failed=partial(self._on_failed, on_failed),
            owner=self._page,
            after_commands=after_writes,
        )

    def report(self, error: AppError) -> None:
        """Show an error that belongs to no field of the page."""
        show_error(self._page, error)

    def _on_written(
        self,
        on_done: Callable[[], None] | None,
        on_changed: Callable[[Changes], None] | None,
        changes: Changes,
    ) -> None:
        if on_changed is not None:
            on_changed(changes)
        if on_done is not None:
            on_done()
        self.written.emit(changes)

    def _on_failed(self, on_failed: OnFailed | None, error: AppError) -> None:
        # The world's failures are shown once, with a way to try again; a field explains only its own rule.
        if on_failed is not None and isinstance(error, UserFacingError):
            on_failed(error)
            return
        if on_failed is not None:
            on_failed(error)
        self.report(error)
