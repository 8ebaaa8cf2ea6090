"""Notice that another process of the workspace has written."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.jobs import JobContext
from app.services.workspace.database import Database
from app.ui.jobs import JobRunner

_EVERY_MS: Final = 1_000


class OtherWriters(QObject):
    """Asks the database once a second, off the GUI thread."""

    written = Signal()

    def __init__(self, database: Database, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._database = database
        self._runner = runner
        self._seen: int | None = None
        self._is_asking = False
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.ask)

    def start(self) -> None:
        """Begin to watch; what was written meanwhile is told at once."""
        self._timer.start()
        self.ask()

    def stop(self) -> None:
        """Watch no more until the next start."""
        self._timer.stop()

    @Slot()
    def ask(self) -> None:
        """Ask once, unless an earlier question waits behind a write."""
        if self._is_asking:
            return
        self._is_asking = True
        # Behind the commands: the version is read on the connection that writes, so it waits for its turn.
        handle = self._runner.run_query(self._read, on_done=self._on_version, owner=self, after_commands=True)
        if handle.is_done:
            self._is_asking = False
        else:
            handle.ended.connect(self._on_ended)

    def _read(self, _job: JobContext) -> int:
        return self._database.data_version()

    def _on_version(self, version: int) -> None:
        is_news = self._seen is not None and version != self._seen
        self._seen = version
        if is_news:
            self.written.emit()

    @Slot()
    def _on_ended(self) -> None:
        self._is_asking = False
