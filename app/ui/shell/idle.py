"""Measure how long nobody touched the window."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

DEFAULT_MINUTES = 10
_CHECK_MS = 5_000
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


def seconds_awake_or_asleep() -> float:
    """Count seconds steadily, with the time the computer slept."""
    # Linux leaves sleep out of time.monotonic(); a laptop opened after a night must lock at once.
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_clock is None else time.clock_gettime(boot_clock)


class IdleWatch(QObject):
    """Tell once when no input came for the given minutes."""

    expired = Signal()

    def __init__(
        self,
        minutes: int = DEFAULT_MINUTES,
        *,
        clock: Callable[[], float] = seconds_awake_or_asleep,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._limit_s = minutes * 60
        self._last = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(self.check)
        self._watched: QWindow | None = None

    @property
    def minutes(self) -> int:
        """Return the limit in minutes."""
        return self._limit_s // 60

    @property
    def is_running(self) -> bool:
        """Whether the watch counts at the moment."""
        return self._timer.isActive()

    def set_minutes(self, minutes: int) -> None:
        """Change the limit; the time already idle counts."""
        self._limit_s = minutes * 60

    def start(self) -> None:
        """Begin to count from now."""
        self.touch()
        self._timer.start()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._on_focus_window_changed)
        self._on_focus_window_changed(QGuiApplication.focusWindow())

    def stop(self) -> None:
        """Stop counting, for instance while the lock page is shown."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.disconnect(self._on_focus_window_changed)
        self._on_focus_window_changed(None)

    def touch(self) -> None:
        """Take note of an input of the user."""
        self._last = self._clock()

    def minutes_left(self) -> int:
        """Return the whole minutes left, rounded up."""
        return max(0, math.ceil((self._limit_s - self._idle_s()) / 60))

    def check(self) -> None:
        """Report the end of the time if it has come."""
        if self._timer.isActive() and self._idle_s() >= self._limit_s:
            self.stop()
            self.expired.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of each input of the watched window."""
        if event.type() in _INPUT:
            self.touch()
        return super().eventFilter(watched, event)

    def _idle_s(self) -> float:
        return self._clock() - self._last

    def _on_focus_window_changed(self, window: QWindow | None) -> None:
        # A filter on the window alone sees each input once; one on the application would see every paint too.
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._on_watched_destroyed)
        self._watched = window
        if window is not None:
            window.installEventFilter(self)
            window.destroyed.connect(self._on_watched_destroyed)

    def _on_watched_destroyed(self) -> None:
        self._watched = None
