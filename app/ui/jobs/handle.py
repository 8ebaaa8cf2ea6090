"""What the interface holds of a job that runs in the background."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs.context import JobContext, Progress


class Mailbox:
    """The latest report of a job, from the worker to the GUI thread.

    A report that nobody has read yet is replaced, so a job that reports each of 100,000 rows does not fill
    the event queue. The worker holds this and never the handle: a QObject must end on its own thread.
    """

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce = announce
        self._latest: Progress | None = None
        self._is_waiting = False

    def put(self, progress: Progress) -> None:
        """Leave a report and announce it, unless one still waits."""
        self._latest = progress
        if not self._is_waiting:
            self._is_waiting = True
            self._announce()

    def take(self) -> Progress | None:
        """Return the latest report; the next one is announced again."""
        self._is_waiting = False
        return self._latest


class JobHandle(QObject):
    """One background job, seen and cancelled from the GUI thread.

    `progressed` carries a `Progress`; `ended` comes once, after the result was delivered.
    """

    progressed = Signal(object)
    ended = Signal()

    def __init__(self, label: str, mailbox: Mailbox) -> None:
        super().__init__()
        self.label = label
        self.mailbox = mailbox
        self.context = JobContext(mailbox.put)
        self.is_done = False

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked the job to stop."""
        return self.context.is_cancelled

    @Slot()
    def cancel(self) -> None:
        """Ask the job to stop; it ends at its next checkpoint."""
        self.context.cancel()

    def end(self) -> None:
        """Say that the job is over; called once, by the runner."""
        self.is_done = True
        self.ended.emit()
