"""Listen to logind and to the screen saver over D-Bus."""

import logging
import os
from typing import Any, Final

from PySide6.QtCore import SLOT, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusError,
    QDBusMessage,
    QDBusObjectPath,
    QDBusUnixFileDescriptor,
    QDBusVariant,
)

from app.ui.shell.system_events import SystemSource

logger = logging.getLogger(__name__)

_LOGIND: Final = "org.freedesktop.login1"
_MANAGER_PATH: Final = "/org/freedesktop/login1"
_MANAGER: Final = f"{_LOGIND}.Manager"
_SESSION: Final = f"{_LOGIND}.Session"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_SCREEN_SAVERS: Final = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
)
_ANSWER_MS: Final = 5_000


class LinuxSource(SystemSource):
    """Hear of sleep, of the session's lock and of another user at the seat.

    While it listens, a sleep waits until the slots of `about_to_sleep` have run, as long as logind allows.
    No bus, no logind and no answer are no errors: then there is nothing to hear.
    """

    def __init__(
        self, system_bus: QDBusConnection | None = None, session_bus: QDBusConnection | None = None
    ) -> None:
        super().__init__()
        self._system_bus = system_bus
        self._session_bus = session_bus
        self._session_path = ""
        self._delay: QDBusUnixFileDescriptor | None = None
        self._is_falling_asleep = False

    @property
    def delays_sleep(self) -> bool:
        """Whether logind waits for us before it sleeps."""
        return self._delay is not None

    @property
    def listens_to_session(self) -> bool:
        """Whether logind named the session of this process."""
        return bool(self._session_path)

    def start(self) -> None:
        """Subscribe on both buses, as far as they are there."""
        self._system_bus = self._system_bus or QDBusConnection.systemBus()
        self._session_bus = self._session_bus or QDBusConnection.sessionBus()
        if self._system_bus.isConnected():
            self._listen(_MANAGER_PATH, _MANAGER, "PrepareForSleep", "on_prepare_for_sleep(bool)")
            self._take_delay()
            name = os.environ.get("XDG_SESSION_ID") or "auto"
            self._ask(_MANAGER_PATH, _MANAGER, "GetSession", [name], "on_session(QDBusMessage)")
        if self._session_bus.isConnected():
            for service, path in _SCREEN_SAVERS:
                slot: Any = SLOT("on_screen_saver(bool)")
                self._session_bus.connect(service, path, service, "ActiveChanged", self, slot)

    def stop(self) -> None:
        """Unsubscribe; a sleep that has begun still waits for the end of the process."""
        if self._system_bus is not None and self._system_bus.isConnected():
            self._unlisten(_MANAGER_PATH, _MANAGER, "PrepareForSleep", "on_prepare_for_sleep(bool)")
            self._leave_session()
        if self._session_bus is not None and self._session_bus.isConnected():
            for service, path in _SCREEN_SAVERS:
                slot: Any = SLOT("on_screen_saver(bool)")
                self._session_bus.disconnect(service, path, service, "ActiveChanged", self, slot)
        if not self._is_falling_asleep:
            self._delay = None

    @Slot(bool)
    def on_prepare_for_sleep(self, is_starting: bool) -> None:
        """Tell of a sleep before it begins, then let it begin."""
        self._is_falling_asleep = is_starting
        if is_starting:
            self.about_to_sleep.emit()
            self._is_falling_asleep = False
            self._delay = None
        elif self._delay is None:
            self._take_delay()

    @Slot(bool)
    def on_screen_saver(self, is_active: bool) -> None:
        """Tell that the screen was locked."""
        if is_active:
            self.os_locked.emit()

    @Slot()
    def on_session_lock(self) -> None:
        """Tell that the session was asked to lock."""
        self.os_locked.emit()

    @Slot(QDBusMessage)
    def on_session(self, answer: QDBusMessage) -> None:
        """Listen to the session that logind named."""
        found = _first(answer)
        if isinstance(found, QDBusObjectPath):
            self._session_path = found.path()
            self._listen(self._session_path, _SESSION, "Lock", "on_session_lock()")
            self._listen(
                self._session_path, _PROPERTIES, "PropertiesChanged", "on_session_changed(QDBusMessage)"
            )

    @Slot(QDBusMessage)
    def on_session_changed(self, _signal: QDBusMessage) -> None:
        """Ask for what matters here; the signal carries it in a form that Python does not unpack."""
        self._ask(self._session_path, _PROPERTIES, "Get", [_SESSION, "Active"], "on_active(QDBusMessage)")
        self._ask(self._session_path, _PROPERTIES, "Get", [_SESSION, "LockedHint"], "on_hint(QDBusMessage)")

    @Slot(QDBusMessage)
    def on_active(self, answer: QDBusMessage) -> None:
        """Tell that somebody else sits at the screen."""
        if _variant(answer) is False:
            self.user_switched.emit()

    @Slot(QDBusMessage)
    def on_hint(self, answer: QDBusMessage) -> None:
        """Tell that the desktop says it is locked."""
        if _variant(answer) is True:
            self.os_locked.emit()

    @Slot(QDBusMessage)
    def on_delay(self, answer: QDBusMessage) -> None:
        """Keep the descriptor that holds sleep back; closing it lets go."""
        found = _first(answer)
        if isinstance(found, QDBusUnixFileDescriptor) and found.isValid():
            self._delay = found

    @Slot(QDBusError, QDBusMessage)
    def on_refused(self, error: QDBusError, _call: QDBusMessage) -> None:
        """Note it; a system without logind is a usual one."""
        logger.info("D-Bus did not answer: %s", error.name())

    def _take_delay(self) -> None:
        words = ["sleep", "MI Desk", "Lock the workspace", "delay"]
        self._ask(_MANAGER_PATH, _MANAGER, "Inhibit", words, "on_delay(QDBusMessage)")

    def _leave_session(self) -> None:
        if self._session_path:
            self._unlisten(self._session_path, _SESSION, "Lock", "on_session_lock()")
            self._unlisten(
                self._session_path, _PROPERTIES, "PropertiesChanged", "on_session_changed(QDBusMessage)"
            )
            self._session_path = ""

    def _listen(self, path: str, interface: str, name: str, slot_name: str) -> None:
        # PySide takes the text that SLOT makes; its stubs say bytes, which it refuses.
        slot: Any = SLOT(slot_name)
        if self._system_bus is not None:
            self._system_bus.connect(_LOGIND, path, interface, name, self, slot)

    def _unlisten(self, path: str, interface: str, name: str, slot_name: str) -> None:
        slot: Any = SLOT(slot_name)
        if self._system_bus is not None:
            self._system_bus.disconnect(_LOGIND, path, interface, name, self, slot)

    def _ask(self, path: str, interface: str, method: str, words: list[str], slot_name: str) -> None:
        call = QDBusMessage.createMethodCall(_LOGIND, path, interface, method)
        call.setArguments(words)
        answered: Any = SLOT(slot_name)
        refused: Any = SLOT("on_refused(QDBusError,QDBusMessage)")
        if self._system_bus is not None:
            self._system_bus.callWithCallback(call, self, answered, refused, _ANSWER_MS)


def _first(answer: QDBusMessage) -> Any:
    return next(iter(answer.arguments()), None)


def _variant(answer: QDBusMessage) -> Any:
    found = _first(answer)
    return found.variant() if isinstance(found, QDBusVariant) else None
