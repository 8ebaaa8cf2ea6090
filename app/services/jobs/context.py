"""How a background job reports its progress and learns that it was cancelled."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import JobCancelledError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: steps done, of how many (0 if unknown), and what it does now."""

    done: int
    total: int
    label: str = ""


class JobContext:
    """Given to every job; safe to use from any thread."""

    def __init__(self, on_progress: Callable[[Progress], None] | None = None) -> None:
        self._on_progress = on_progress
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next checkpoint."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked the job to stop."""
        return self._cancelled.is_set()

    def checkpoint(self) -> None:
        """Raise `JobCancelledError` if the job was cancelled."""
        if self._cancelled.is_set():
            raise JobCancelledError

    def report(self, done: int, total: int = 0, label: str = "") -> None:
        """Say how far the job is and stop here if it was cancelled."""
        self.checkpoint()
        if self._on_progress is not None:
            self._on_progress(Progress(done, total, label))
