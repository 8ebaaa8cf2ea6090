"""Progress at the place of the action: what, how far, and Cancel."""

from typing import Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from app.services.jobs.context import Progress
from app.ui import theme
from app.ui.jobs import JobHandle
from app.ui.widgets.buttons import quiet_button
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.labels import text_label

_DELAY_MS: Final = 1000


def progress_words(progress: Progress) -> str:
    """Return how far a job is, in words."""
    if progress.total:
        return f"{progress.done:,} of {progress.total:,}"
    return f"{progress.done:,}" if progress.done else ""


class InlineProgress(QFrame):
    """A line that shows a job of more than a second."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handle: JobHandle | None = None
        self._what = ElidedLabel()
        self._how_far = text_label(role="secondary", tone="text.2")
        self._bar = QProgressBar()
        self._cancel = quiet_button("Cancel", on_click=self._on_cancel)
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self.show)
        self._build()
        self.hide()

    def follow(self, handle: JobHandle) -> None:
        """Show a job once it has run for a second, until it ends."""
        self._handle = handle
        self.start(handle.label)
        handle.progressed.connect(self.set_progress)
        handle.ended.connect(self.finish)
        if handle.is_done:
            self.finish()

    def start(self, what: str, *, at_once: bool = False) -> None:
        """Begin to wait for a job; the line comes after a second."""
        self._what.setText(what)
        self._bar.setAccessibleName(what)
        self._cancel.setEnabled(True)
        self.set_progress(Progress(0, 0))
        if at_once:
            self.show()
        else:
            self._delay.start()

    @Slot(object)
    def set_progress(self, progress: Progress) -> None:
        """Show how far the job is."""
        if progress.label:
            self._what.setText(progress.label)
        self._how_far.setText(progress_words(progress))
        # Qt sweeps a bar without an end for ever, and nothing here may loop: the bar stays empty instead.
        self._bar.setRange(0, progress.total or 1)
        self._bar.setValue(progress.done if progress.total else 0)

    @Slot()
    def finish(self) -> None:
        """Leave; the result is shown by whoever asked for it."""
        self._delay.stop()
        self._handle = None
        self.hide()

    def _on_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._how_far.setText("Stopping")
        if self._handle is not None:
            self._handle.cancel()
        self.cancelled.emit()

    def _build(self) -> None:
        self._bar.setTextVisible(False)
        theme.set_font(self._what, "body", weight=500)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, theme.SPACE.xs, 0, theme.SPACE.xs)
        outer.setSpacing(theme.SPACE.m)
        column, line = QVBoxLayout(), QHBoxLayout()
        column.setSpacing(theme.SPACE.xs)
        line.addWidget(self._what, 1)
        line.addWidget(self._how_far)
        column.addLayout(line)
        column.addWidget(self._bar)
        outer.addLayout(column, 1)
        outer.addWidget(self._cancel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
