"""What each day asks for: a backup, and what begins or ends in the library today."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer, Slot

from app.errors import AppError
from app.models.changes import Changes
from app.services.jobs import JobContext
from app.services.library import versions
from app.services.workspace import copies
from app.services.workspace.clock import in_zone
from app.services.workspace.workspace import Workspace
from app.ui.jobs import JobRunner

_MINUTE_MS = 60_000


class Housekeeping(QObject):
    """Runs the day's work when the window opens and when the date of this device changes."""

    def __init__(
        self, workspace: Workspace, runner: JobRunner, tell: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._runner = runner
        self._tell = tell
        self._day: date | None = None
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._minute.timeout.connect(self.look)

    def start(self) -> None:
        """Do today's work and watch for the next day."""
        self._minute.start()
        self.look()

    def stop(self) -> None:
        """Watch no longer."""
        self._minute.stop()

    @Slot()
    def look(self) -> None:
        """Do the work of the day if that was not done yet."""
        clock = self._workspace.database.clock
        today = in_zone(clock.now(), clock.zone()).date()
        if today == self._day:
            return
        self._day = today
        self._runner.run_command(
            self._turn_the_day, label=self.tr("Library"), on_failed=self._on_library_failed
        )
        self._runner.run_command(
            self._back_up, label=self.tr("Daily backup"), on_failed=self._on_backup_failed
        )

    def _turn_the_day(self, _job: JobContext) -> Changes:
        return self._workspace.database.write(versions.turn_the_day)

    def _back_up(self, job: JobContext) -> Changes:
        copies.daily_backup(self._workspace, job)
        return Changes()

    def _on_library_failed(self, error: AppError) -> None:
        self._tell(self.tr("The library was not brought to today: {why}").format(why=error))

    def _on_backup_failed(self, error: AppError) -> None:
        self._tell(self.tr("Today's backup was not made: {why}").format(why=error))
