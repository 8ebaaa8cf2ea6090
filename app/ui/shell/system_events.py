"""Tell when the computer locks, sleeps or is handed to another user."""

import sys

from PySide6.QtCore import QObject, Signal

from app.ui.shell.system_events_clock import SleepWatch


class SystemSource(QObject):
    """Be what one operating system tells; the base tells nothing."""

    os_locked = Signal()
    about_to_sleep = Signal()
    user_switched = Signal()

    def start(self) -> None:
        """Begin to listen; where there is nothing to listen to, stay silent."""

    def stop(self) -> None:
        """Listen no more."""


class SystemEvents(QObject):
    """Join what the system tells with a watch over the clocks.

    The clocks notice a sleep that nobody announced, `slept`, when it is over.
    """

    os_locked = Signal()
    about_to_sleep = Signal()
    user_switched = Signal()
    slept = Signal()

    def __init__(
        self,
        source: SystemSource | None = None,
        watch: SleepWatch | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source or system_source()
        self._source.setParent(self)
        self._watch = watch or SleepWatch()
        self._watch.setParent(self)
        self._source.os_locked.connect(self.os_locked)
        self._source.about_to_sleep.connect(self.about_to_sleep)
        self._source.user_switched.connect(self.user_switched)
        self._watch.slept.connect(self.slept)

    def start(self) -> None:
        """Begin to listen and to watch."""
        self._source.start()
        self._watch.start()

    def stop(self) -> None:
        """Listen and watch no more."""
        self._source.stop()
        self._watch.stop()


def system_source(platform: str = sys.platform) -> SystemSource:
    """Make the source of this system; its libraries are loaded only there."""
    if platform == "win32":
        from app.ui.shell.system_events_windows import WindowsSource

        return WindowsSource()
    if platform == "darwin":
        from app.ui.shell.system_events_mac import MacSource

        return MacSource()
    if platform.startswith(("linux", "freebsd")):
        from app.ui.shell.system_events_linux import LinuxSource

        return LinuxSource()
    return SystemSource()
