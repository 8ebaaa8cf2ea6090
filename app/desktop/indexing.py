"""Keep search by meaning true in the background, while nobody waits for it."""

import functools

from PySide6.QtCore import QObject, QTimer, Slot

from app.models.changes import Changes
from app.services.search.vectors import make_vectors
from app.services.workspace.database import Database
from app.ui.jobs import JobHandle, JobRunner

# The window and what the user began come first.
_AFTER_MS = 20_000
_KINDS = (
    "standard_response",
    "standard_response_version",
    "standard_response_section",
    "label",
    "label_version",
    "label_section",
)


class MeaningIndex(QObject):
    """Makes missing vectors some time after the start and after a change of the library; one run at a time."""

    def __init__(self, database: Database, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database, self._runner = database, runner
        self._handle: JobHandle | None = None
        self._wait = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._wait.timeout.connect(self.run)
        runner.data_changed.connect(self._on_data_changed)
        self._wait.start()

    @Slot()
    def run(self) -> None:
        """Make what is missing; a run that is under way begins anew, for its list is old."""
        self.stop()
        self._handle = self._runner.run_io(
            functools.partial(make_vectors, self._database),
            owner=self,
            label=self.tr("Preparing search by meaning"),
        )

    def stop(self) -> None:
        """Cancel the run; what it made is kept."""
        self._wait.stop()
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    @Slot(object, object)
    def _on_data_changed(self, changes: Changes, _initiator: QObject | None) -> None:
        if changes.touch(*_KINDS):
            self._wait.start()
