"""The hooks that catch what nobody else caught, on any thread."""

import functools
import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)

from app.errors import AppError, JobCancelledError, WriteRefusedError
from app.ui.errors.report import CrashReport, make_report

logger = logging.getLogger(__name__)
_qt_logger = logging.getLogger("qt")

_QT_LEVELS: Final[dict[QtMsgType, int]] = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class ErrorHooks(QObject):
    """Catch uncaught exceptions of every thread and show them on this one.

    An `AppError` that escaped a slot goes to `on_error`, any other exception to `on_crash`. While a crash
    is shown, further ones are only logged: an error in a paint event would otherwise open a dialog a frame.
    """

    _caught = Signal(object)

    def __init__(
        self,
        *,
        on_error: Callable[[AppError], None],
        on_crash: Callable[[CrashReport], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_error = on_error
        self._on_crash = on_crash
        self._is_showing = False
        self._undo: list[Callable[[], object]] = []
        self._caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over from Python's and Qt's own hooks."""
        self._undo = [
            functools.partial(setattr, sys, "excepthook", sys.excepthook),
            functools.partial(setattr, sys, "unraisablehook", sys.unraisablehook),
            functools.partial(setattr, threading, "excepthook", threading.excepthook),
        ]
        sys.excepthook = self._take_exception
        sys.unraisablehook = self._take_unraisable
        threading.excepthook = self._take_thread_exception
        previous = qInstallMessageHandler(log_qt_message)
        self._undo.append(lambda: qInstallMessageHandler(previous))

    def uninstall(self) -> None:
        """Give the hooks back to whoever had them before."""
        while self._undo:
            self._undo.pop()()

    def _take_exception(
        self, kind: type[BaseException], error: BaseException, place: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, place)
            return
        if not isinstance(error, JobCancelledError):
            self._caught.emit(error)

    def _take_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._take_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _take_unraisable(self, unraisable: "sys.UnraisableHookArgs") -> None:
        # Python calls this from destructors: nothing may be shown, and the message may hold a record's words.
        kind = unraisable.exc_type.__name__ if unraisable.exc_type else "exception"
        logger.error("An %s was raised where nobody could catch it", kind)

    @Slot(object)
    def _on_caught(self, error: BaseException) -> None:
        if isinstance(error, AppError) and not isinstance(error, WriteRefusedError):
            self._on_error(error)
            return
        report = make_report(error)
        logger.critical("Unexpected %s\n%s", report.kind, report.text)
        if self._is_showing:
            return
        self._is_showing = True
        try:
            self._on_crash(report)
        finally:
            self._is_showing = False


def log_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str | None) -> None:
    """Write what Qt complains of to the log."""
    _qt_logger.log(_QT_LEVELS.get(kind, logging.WARNING), "%s", message or "")
