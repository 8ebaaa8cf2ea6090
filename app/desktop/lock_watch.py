"""When the window locks: nobody at it, the computer locked, asleep or in other hands."""

from PySide6.QtCore import QObject

from app.models.changes import Changes
from app.services.settings import locking
from app.services.workspace.database import Database
from app.ui.jobs import JobRunner
from app.ui.shell.idle import IdleWatch
from app.ui.shell.main_window import MainWindow
from app.ui.shell.system_events import SystemEvents


class LockWatch(QObject):
    """Holds the idle watch and the system's events, and locks the window by them."""

    def __init__(
        self, database: Database, runner: JobRunner, events: SystemEvents | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._database, self._runner = database, runner
        self._rule = database.read(locking.lock_rule)
        self.idle = IdleWatch(self._rule.minutes, parent=self)
        self._events = events or SystemEvents()
        self._events.setParent(self)
        self._window: MainWindow | None = None

    def guard(self, window: MainWindow) -> None:
        """Lock this window from now on."""
        self._window = window
        self._events.os_locked.connect(self._on_os_locked)
        for key_must_go in (self._events.about_to_sleep, self._events.user_switched, self._events.slept):
            key_must_go.connect(self._lock_fully)
        window.screen_locked.connect(self._on_screen_locked)
        self._runner.data_changed.connect(self._on_data_changed)
        self._events.start()

    def stop(self) -> None:
        """Listen no more; the window closes."""
        self._events.stop()
        self._window = None

    def _on_os_locked(self) -> None:
        if self._window is not None:
            self._window.lock_screen(self.tr("Locked with the computer"))

    def _on_screen_locked(self) -> None:
        if self._rule.is_full:
            self._lock_fully()

    def _lock_fully(self) -> None:
        window = self._window
        if window is None:
            return
        if window.stack.flush() is None:
            window.lock_now()
        else:
            # Words that cannot be saved would die with the process: hide them, and keep the key for them.
            window.lock_screen(self.tr("Locked. Some words are not saved yet, so the key is kept for them."))

    def _on_data_changed(self, changes: Changes, _initiator: QObject | None) -> None:
        if changes.touch("configuration"):
            self._runner.run_query(
                lambda _job: self._database.read(locking.lock_rule), on_done=self._on_rule, owner=self
            )

    def _on_rule(self, rule: locking.LockRule) -> None:
        self._rule = rule
        self.idle.set_minutes(rule.minutes)
        if self._window is not None:
            # The status bar shows the minutes left.
            self._window.set_status(self._window.status_bar.facts)
