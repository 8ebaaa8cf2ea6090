"""When keystrokes are kept: soon as a draft, later as one readable row of the journal."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

QUIET_MS: Final = 400
# Less than two seconds, so that the write itself fits into them.
LONGEST_MS: Final = 1_500
CUT_MS: Final = 30_000


class TypingClock(QObject):
    """Says when a draft is due, and when a journal row is.

    A draft is due 400 ms after the last key and less than 2 s after the first that is not kept; a row after
    30 s of quiet. Whoever leaves the field, checks, exports or locks cuts earlier and calls `stop`.
    """

    draft_due = Signal()
    cut_due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._cut = QTimer(self, singleShot=True, interval=CUT_MS)
        self._quiet.timeout.connect(self._on_draft_due)
        self._longest.timeout.connect(self._on_draft_due)
        self._cut.timeout.connect(self.cut_due)

    @Slot()
    def typed(self) -> None:
        """Take note that something was typed."""
        self._quiet.start()
        self._cut.start()
        if not self._longest.isActive():
            self._longest.start()

    @Slot()
    def stop(self) -> None:
        """Come to rest until the next key."""
        for timer in (self._quiet, self._longest, self._cut):
            timer.stop()

    @Slot()
    def _on_draft_due(self) -> None:
        self._quiet.stop()
        self._longest.stop()
        self.draft_due.emit()
