"""Files dropped anywhere on the main window, whatever page is open."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

Takes = Callable[[QMimeData], Sequence[Path]]
Leaves = Callable[[Sequence[Path]], bool]


class WindowDrop(QObject):
    """Takes files before any field does, since a text field would take their path for words.

    `takes` says which of them can be imported; `leaves` lets the page on screen have them instead.
    """

    files_dropped = Signal(object)

    def __init__(self, window: QWidget, takes: Takes, leaves: Leaves) -> None:
        super().__init__(window)
        self._window, self._takes, self._leaves = window, takes, leaves
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self._watch_handle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is dragged over the window and holds files that can be imported."""
        if watched is self._window:
            # The window of the system, which sees a drag before its fields do, exists once it is shown.
            if event.type() == QEvent.Type.Show:
                self._watch_handle()
            return False
        return isinstance(event, QDropEvent) and self._took(event)

    def _took(self, event: QDropEvent) -> bool:
        paths = self._takes(event.mimeData())
        if not paths or self._leaves(paths):
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.files_dropped.emit(list(paths))
        return True

    def _watch_handle(self) -> None:
        handle = self._window.windowHandle()
        if handle is not None:
            # A second filter takes the place of the first, so there is one at most.
            handle.installEventFilter(self)
