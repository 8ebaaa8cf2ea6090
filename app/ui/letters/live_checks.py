"""The checks as you type: on what stands in the editor, after a short quiet, off the GUI thread."""

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.errors import AppError
from app.models.checks.findings import Finding
from app.services.jobs.context import JobContext
from app.services.letters.queries import LiveCheck, TypedBlock
from app.services.workspace.database import Database
from app.ui.jobs import JobHandle, JobRunner
from app.ui.letters.model import LetterModel
from app.ui.letters.saving import Held

QUIET_MS: Final = 400


class LetterChecker(Protocol):
    """Checks a letter as it stands in the editor; called off the GUI thread."""

    def check(
        self, letter_id: str, blocks: Sequence[TypedBlock], before: LiveCheck, job: JobContext
    ) -> LiveCheck:
        """Check these blocks, with what the last run has found."""


class DatabaseChecker:
    """Checks against the open workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def check(
        self, letter_id: str, blocks: Sequence[TypedBlock], before: LiveCheck, job: JobContext
    ) -> LiveCheck:
        """Check these blocks, with what the last run has found."""
        now = self._database.clock.now()
        return self._database.read(before.rerun, letter_id, blocks, now=now, job=job)


class LiveChecks(QObject):
    """Runs the checks of one open letter again and again; nothing is written.

    A newer run cancels the one before it, so that what arrives last is what was typed last.
    """

    found = Signal(object)

    def __init__(self, runner: JobRunner, checker: LetterChecker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._checker = checker
        self._model: LetterModel | None = None
        self._last = LiveCheck()
        self._handle: JobHandle | None = None
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self.run)
        self.findings: tuple[Finding, ...] | None = None

    def watch(self, model: LetterModel | None) -> None:
        """Check this letter from now on, or none."""
        self._stop()
        if self._model is not model:
            self._model, self._last, self.findings = model, LiveCheck(), None

    @Slot()
    def note(self) -> None:
        """Take note that the letter, or what it is compared to, has changed."""
        if self._model is not None:
            self._quiet.start()

    @Slot()
    def run(self) -> None:
        """Check what stands in the editor now."""
        self._stop()
        model, checker, before = self._model, self._checker, self._last
        if model is None:
            return
        letter_id, held = model.letter_id, model.order

        def check(job: JobContext) -> LiveCheck:
            return checker.check(letter_id, tuple(map(_typed, held)), before, job)

        self._handle = self._runner.run_query(
            check,
            on_done=self._on_checked,
            on_failed=self._on_failed,
            owner=self,
            label="Checking the letter",
        )

    def _stop(self) -> None:
        self._quiet.stop()
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _on_checked(self, checked: LiveCheck) -> None:
        self._handle = None
        self._last = checked
        self.findings = checked.findings
        self.found.emit(checked.findings)

    def _on_failed(self, _error: AppError) -> None:
        # The stored letter is checked before every step; the next key tries this again.
        self._handle = None


def _typed(held: Held) -> TypedBlock:
    return TypedBlock(held.id, held.kind, held.text, held.origins, held.question_ids)
