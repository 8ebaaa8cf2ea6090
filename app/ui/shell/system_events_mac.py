"""Ask macOS again and again whether the session is locked or another one is in front."""

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QTimer

from app.ui.shell.system_events import SystemSource

_ASK_MS: Final = 2_000
_UTF8: Final = 0x08000100
_GRAPHICS: Final = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
_FOUNDATION: Final = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"


@dataclass(frozen=True, slots=True)
class SessionState:
    """What the window server says of the session of this process."""

    is_locked: bool
    is_in_front: bool


class MacSource(SystemSource):
    """Notice changes of the session by asking.

    macOS announces them to Objective-C objects only; a sleep is noticed by the clocks when it is over.
    """

    def __init__(self, ask: Callable[[], SessionState | None] | None = None) -> None:
        super().__init__()
        self._ask = ask or session_state
        self._before: SessionState | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(self.check)

    def start(self) -> None:
        """Ask from now on; what holds already is no news."""
        self._before = self._ask()
        if self._before is not None:
            self._timer.start()

    def stop(self) -> None:
        """Ask no more."""
        self._timer.stop()

    def check(self) -> None:
        """Tell what has changed since the last answer."""
        now, before = self._ask(), self._before
        if now is None or before is None:
            return
        self._before = now
        if before.is_in_front and not now.is_in_front:
            self.user_switched.emit()
        elif now.is_locked and not before.is_locked:
            self.os_locked.emit()


def session_state() -> SessionState | None:
    """Return what the window server says; nothing where it cannot be asked."""
    return _asked_window_server() if sys.platform == "darwin" else None


def _asked_window_server() -> SessionState | None:
    graphics, foundation = ctypes.CDLL(_GRAPHICS), ctypes.CDLL(_FOUNDATION)
    graphics.CGSessionCopyCurrentDictionary.restype = ctypes.c_void_p
    facts = graphics.CGSessionCopyCurrentDictionary()
    if not facts:
        return None
    try:
        return SessionState(
            is_locked=_truth(foundation, facts, b"CGSSessionScreenIsLocked", default=False),
            is_in_front=_truth(foundation, facts, b"kCGSSessionOnConsoleKey", default=True),
        )
    finally:
        _release(foundation, facts)


def _truth(foundation: Any, facts: int, name: bytes, *, default: bool) -> bool:
    create = foundation.CFStringCreateWithCString
    create.restype, create.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    look_up = foundation.CFDictionaryGetValue
    look_up.restype, look_up.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_void_p]
    is_true = foundation.CFBooleanGetValue
    is_true.restype, is_true.argtypes = ctypes.c_ubyte, [ctypes.c_void_p]
    key = create(None, name, _UTF8)
    try:
        value = look_up(facts, key)
        return bool(is_true(value)) if value else default
    finally:
        _release(foundation, key)


def _release(foundation: Any, owned: int) -> None:
    foundation.CFRelease.argtypes = [ctypes.c_void_p]
    foundation.CFRelease(owned)
