"""Collect Python's garbage on the GUI thread only.

Python's cycle collector runs on whichever thread allocates. A QObject in a cycle would then be destroyed by
a worker, which Qt does not survive, so while workers run the collector is off and a timer does its work.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 500


class GuiCollector(QObject):
    """Runs the collector's own schedule from a timer of the GUI thread."""

    _holders: int = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._is_holding = False

    def start(self) -> None:
        """Take the collector over; several runners may hold it at once."""
        if not self._is_holding:
            self._is_holding = True
            GuiCollector._holders += 1
            gc.disable()
            self._timer.start()

    def stop(self) -> None:
        """Give the collector back when nobody holds it any more."""
        if self._is_holding:
            self._is_holding = False
            self._timer.stop()
            GuiCollector._holders -= 1
            if GuiCollector._holders == 0:
                gc.enable()

    def collect(self) -> None:
        """Collect the oldest generation whose count is due."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [age for age in (0, 1, 2) if counts[age] > limits[age]]
        if due:
            gc.collect(max(due))
