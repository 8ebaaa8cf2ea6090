"""Find out from the clocks that the computer slept."""

import ctypes
import sys
import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

_CHECK_MS = 2_000
_EXACT_S = 2.0
# A wall clock is also set by hand and by the network; locking for that is harmless but should be rare.
_WALL_S = 30.0

Clock = Callable[[], float]


def seconds_awake() -> float:
    """Count seconds steadily, without the time the computer slept."""
    if sys.platform == "win32":
        ticks = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value / 10_000_000
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_UPTIME_RAW)
    return time.monotonic()


def seconds_with_sleep() -> float:
    """Count seconds steadily, with the time the computer slept."""
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_clock is None else time.clock_gettime(boot_clock)


class SleepWatch(QObject):
    """Tell when another clock ran ahead of the one that stands still in sleep.

    The wall clock stands beside the steady one: of a virtual machine that was halted, it alone knows.
    """

    slept = Signal()

    def __init__(
        self,
        *,
        awake: Clock = seconds_awake,
        others: Sequence[tuple[Clock, float]] = ((seconds_with_sleep, _EXACT_S), (time.time, _WALL_S)),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._awake = awake
        self._others = tuple(others)
        self._ahead: list[float] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(self.check)

    @property
    def is_running(self) -> bool:
        """Whether the clocks are compared at the moment."""
        return self._timer.isActive()

    def start(self) -> None:
        """Compare the clocks from now on."""
        self._ahead = self._measure()
        self._timer.start()

    def stop(self) -> None:
        """Compare the clocks no more."""
        self._timer.stop()

    def check(self) -> None:
        """Tell of a jump since the last look; a clock set back is none."""
        if not self._timer.isActive():
            return
        before, self._ahead = self._ahead, self._measure()
        allowed = (seconds for _clock, seconds in self._others)
        if any(now - then > most for now, then, most in zip(self._ahead, before, allowed, strict=True)):
            self.slept.emit()

    def _measure(self) -> list[float]:
        awake = self._awake()
        return [clock() - awake for clock, _allowed in self._others]
