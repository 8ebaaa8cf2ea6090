"""What the library page reads and changes, off the GUI thread."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal, Slot

from app.errors import AppError, NotAllowedError
from app.models.changes import Changes
from app.models.library_forms import Approval
from app.services.jobs import JobContext
from app.services.library import commands, queries
from app.services.library.queries import Document, DocumentRow
from app.services.settings import queries as settings
from app.services.workspace.database import Database
from app.ui.jobs import JobHandle, JobRunner
from app.ui.library.found import read_document
from app.ui.library.import_run import ImportRun
from app.ui.library.wording import say

KINDS: Final = ("standard_response", "standard_response_version", "standard_response_section", "product")
LABEL_KINDS: Final = ("label", "label_version")


class LibraryDesk(QObject):
    """Ask the database for the page; only the last answer of a kind comes.

    `failed` carries the error and whether it was a read, which can be tried again.
    """

    document_read = Signal(object, object)
    pair_read = Signal(object, object)
    changed = Signal(str)
    failed = Signal(object, bool)
    imported = Signal()

    def __init__(self, database: Database, runner: JobRunner, page: QObject) -> None:
        super().__init__(page)
        self._database, self._runner, self._page = database, runner, page
        self._asked: dict[str, JobHandle] = {}

    @property
    def database(self) -> Database:
        """The workspace, for queries that run within a job."""
        return self._database

    def today(self) -> date:
        """Return the day of this device."""
        clock = self._database.clock
        return datetime.fromtimestamp(clock.now() / 1000, UTC).astimezone(ZoneInfo(clock.zone())).date()

    def is_reading(self, what: str) -> bool:
        """Tell whether an answer of this kind was asked for before."""
        return what in self._asked

    def read(self, version_id: str) -> None:
        """Read one version and the list of its siblings."""

        def query(_job: JobContext) -> tuple[Document | None, list[DocumentRow]]:
            document = read_document(self._database, version_id)
            code = document.row.code if document is not None else ""
            return document, self._database.read(queries.versions_of, code)

        self.ask("document", query, self._on_document)

    def read_pair(self, older_id: str, version_id: str) -> None:
        """Read a version and the one before it, if there is one."""

        def query(_job: JobContext) -> tuple[Document | None, Document | None]:
            old = read_document(self._database, older_id) if older_id else None
            return old, read_document(self._database, version_id)

        self.ask("versions", query, self._on_pair)

    def publish(self, version_id: str, approval: Approval, reopen: Callable[[], None]) -> None:
        """Publish a draft; the form opens again if that is refused."""
        self.change(
            lambda _job: self._database.write(commands.publish, version_id, approval),
            say("Published."),
            reopen,
        )

    def hold(self, version_id: str, reason: str, reopen: Callable[[], None]) -> None:
        """Hold a version; the form opens again if that is refused."""
        self.change(
            lambda _job: self._database.write(commands.hold, version_id, reason),
            say("On hold. Nobody can insert it from now on."),
            reopen,
        )

    def read_products(self, on_done: Callable[[tuple[str, ...]], None]) -> None:
        """Read the names of the medicines."""

        def query(_job: JobContext) -> tuple[str, ...]:
            return tuple(product.name for product in self._database.read(settings.products))

        self.ask("products", query, on_done)

    def take_in(
        self, paths: Sequence[Path], approval: Approval | None, product: str = ""
    ) -> tuple[ImportRun, JobHandle]:
        """Start to take files in; the run has the report at the end."""
        run = ImportRun(self._database, tuple(paths), approval, product)
        handle = self._runner.run_command(
            run.run,
            label=say("Importing documents"),
            initiator=self._page,
            on_done=self._on_imported,
            on_failed=self._on_failed_write,
        )
        return run, handle

    def cancel_reads(self) -> None:
        """Drop every answer that has not come yet."""
        for handle in self._asked.values():
            handle.cancel()

    def ask(self, what: str, query: Callable[[JobContext], object], on_done: Callable[..., None]) -> None:
        """Run a query off the GUI thread; a newer one of its kind replaces it."""
        last = self._asked.get(what)
        if last is not None:
            last.cancel()
        self._asked[what] = self._runner.run_query(
            query,
            on_done=on_done,
            on_failed=self._on_failed_read,
            owner=self,
            label=f"library {what}",
        )

    def change(
        self, command: Callable[[JobContext], Changes], outcome: str, reopen: Callable[[], None]
    ) -> None:
        """Run a command and tell its outcome; the form opens again if it is refused."""

        def on_refused(error: AppError) -> None:
            reopen()
            self._on_failed_write(error)

        self._run(command, lambda: self.changed.emit(outcome), on_refused)

    def take_step(
        self,
        command: Callable[[JobContext], Changes],
        on_done: Callable[[], None],
        on_blocked: Callable[[Sequence[str]], None],
    ) -> None:
        """Run a step of the lifecycle; every blocker goes to the form that asked."""

        def on_refused(error: AppError) -> None:
            blockers = error.blockers if isinstance(error, NotAllowedError) else ()
            if blockers:
                on_blocked(blockers)
            else:
                self._on_failed_write(error)

        self._run(command, on_done, on_refused)

    def _run(
        self,
        command: Callable[[JobContext], Changes],
        on_done: Callable[[], None],
        on_refused: Callable[[AppError], None],
    ) -> None:
        self._runner.run_command(
            command,
            label=say("Changing a document"),
            initiator=self._page,
            on_done=lambda _changes: on_done(),
            on_failed=on_refused,
        )

    @Slot(object)
    def _on_document(self, answer: tuple[Document | None, list[DocumentRow]]) -> None:
        self.document_read.emit(*answer)

    @Slot(object)
    def _on_pair(self, answer: tuple[Document | None, Document | None]) -> None:
        self.pair_read.emit(*answer)

    @Slot(object)
    def _on_imported(self, _changes: Changes) -> None:
        self.imported.emit()

    def _on_failed_read(self, error: AppError) -> None:
        self.failed.emit(error, True)

    def _on_failed_write(self, error: AppError) -> None:
        self.failed.emit(error, False)
