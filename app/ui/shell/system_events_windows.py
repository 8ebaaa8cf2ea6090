"""Listen to the messages that Windows sends about the session and about power."""

import ctypes
import logging
import sys
from collections.abc import Callable
from ctypes import wintypes
from typing import Any, Final

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
from PySide6.QtGui import QWindow

from app.ui.shell.system_events import SystemSource

logger = logging.getLogger(__name__)

# WinUser.h, WtsApi32.h
WM_POWERBROADCAST: Final = 0x0218
PBT_APMSUSPEND: Final = 0x0004
WM_WTSSESSION_CHANGE: Final = 0x02B1
WTS_CONSOLE_DISCONNECT: Final = 0x2
WTS_REMOTE_DISCONNECT: Final = 0x4
WTS_SESSION_LOCK: Final = 0x7
_NOTIFY_FOR_THIS_SESSION: Final = 0
_MESSAGE_KIND: Final = b"windows_generic_MSG"


class WindowsSource(SystemSource):
    """Hear of sleep, of the lock and of another user, by a window that is never shown."""

    def __init__(self) -> None:
        super().__init__()
        self._window: QWindow | None = None
        self.filter = MessageFilter(self._on_message)

    def start(self) -> None:
        """Make the window, register it and look at its messages."""
        application = QCoreApplication.instance()
        if application is None or self._window is not None:
            return
        self._window = QWindow()
        self._window.create()
        self.filter.handle = int(self._window.winId())
        application.installNativeEventFilter(self.filter)
        _register(self.filter.handle)

    def stop(self) -> None:
        """Give the window and the registration back."""
        application = QCoreApplication.instance()
        if self._window is None:
            return
        if application is not None:
            application.removeNativeEventFilter(self.filter)
        _unregister(self.filter.handle)
        self._window.destroy()
        self._window = None

    def _on_message(self, number: int, detail: int) -> None:
        if number == WM_POWERBROADCAST and detail == PBT_APMSUSPEND:
            self.about_to_sleep.emit()
        elif number == WM_WTSSESSION_CHANGE and detail == WTS_SESSION_LOCK:
            self.os_locked.emit()
        elif number == WM_WTSSESSION_CHANGE and detail in (WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT):
            self.user_switched.emit()


class MessageFilter(QAbstractNativeEventFilter):
    """Hand on the messages of one window; every window gets the broadcast ones."""

    def __init__(self, on_message: Callable[[int, int], None]) -> None:
        super().__init__()
        self.handle = 0
        self._on_message = on_message

    def nativeEventFilter(  # noqa: N802 - Qt calls this name
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> Any:
        """Look at a message and let Qt have it too."""
        if self.handle and kind == _MESSAGE_KIND:
            told = wintypes.MSG.from_address(int(message))
            if told.hWnd == self.handle:
                self._on_message(told.message, told.wParam)
        return False, 0


def _register(handle: int) -> None:
    if sys.platform == "win32" and not ctypes.windll.wtsapi32.WTSRegisterSessionNotification(
        wintypes.HWND(handle), _NOTIFY_FOR_THIS_SESSION
    ):
        logger.warning("Windows does not tell of session changes")


def _unregister(handle: int) -> None:
    if sys.platform == "win32":
        ctypes.windll.wtsapi32.WTSUnRegisterSessionNotification(wintypes.HWND(handle))
