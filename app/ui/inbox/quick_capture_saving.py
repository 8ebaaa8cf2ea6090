"""Keep one call off the GUI thread: the inquiry with it, and what was decided of safety."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from app.errors import AppError
from app.models.changes import Changes
from app.services.intake import commands
from app.services.jobs import JobContext
from app.services.safety import commands as safety
from app.services.workspace.database import Database
from app.ui.inbox.quick_capture_values import ReadCall
from app.ui.inbox.stores import DraftStore
from app.ui.jobs import JobRunner


@dataclass(frozen=True, slots=True)
class CallSaved:
    """What became of a call, for the sentence that tells it."""

    inquiry_id: str
    number: str
    opens: bool
    left_open: int
    trouble: str = ""


class CallScreen(Protocol):
    """The form whose call is kept."""

    @property
    def database(self) -> Database:
        """The workspace in which the call is kept."""

    @property
    def runner(self) -> JobRunner:
        """What runs the save off the GUI thread."""

    @property
    def store(self) -> DraftStore:
        """Where the draft of the call lies."""

    def done(self, saved: CallSaved) -> None:
        """Take note that the call was kept."""

    def fail(self, error: AppError) -> None:
        """Take note that nothing was kept."""


class CallSave:
    """One save: the words by value, and what came of them."""

    def __init__(self, screen: CallScreen, read: ReadCall, *, opens: bool = False, outcome: str = "") -> None:
        self._screen, self._read, self._opens, self._outcome = screen, read, opens, outcome
        self._saved: CallSaved | None = None

    def run(self) -> None:
        """Keep the call behind what is being written already."""
        self._screen.runner.run_command(self._work, on_done=self._on_done, on_failed=self._screen.fail)

    def _work(self, _job: JobContext) -> Changes:
        call, inquiry = self._read.call, self._read.inquiry
        if call is None or inquiry is None:
            return Changes()
        database = self._screen.database
        if self._outcome:
            kept = database.write(commands.keep_call, replace(call, outcome=self._outcome))
            self._screen.store.forget(call.id)
            self._saved = CallSaved("", "", opens=False, left_open=0)
            return kept.changes
        taken = database.write(commands.take_call, call, inquiry)
        # A save that was under way may come after the one that took the draft away.
        self._screen.store.forget(call.id)
        changes, trouble = self._decide(database.write, taken.inquiry_id)
        left = len(self._read.decisions.left_open)
        self._saved = CallSaved(taken.inquiry_id, taken.number, self._opens, left, trouble)
        return taken.changes | changes

    def _decide(self, write: Callable[..., Changes], inquiry_id: str) -> tuple[Changes, str]:
        told = self._read.decisions
        if not told.answers:
            return Changes(), ""
        try:
            # The words of the call are what the record opens with; the specialist completes it in the case.
            return write(
                safety.decide, inquiry_id, **told.answers, reason=told.reason, description=self._words()
            ), ""
        except AppError as error:
            # The inquiry is there; what could not be entered is asked again before it leaves triage.
            return Changes(), str(error)

    def _words(self) -> str:
        return self._read.call.notes if self._read.call is not None else ""

    def _on_done(self, _changes: Changes) -> None:
        if self._saved is not None:
            self._screen.done(self._saved)
