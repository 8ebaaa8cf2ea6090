"""What the system tells of locks, sleep and other users, as far as each half can run here."""

import ctypes
import os
import select
import shutil
import subprocess
import sys
from ctypes import wintypes

import pytest
from PySide6.QtCore import QByteArray, QObject, QSocketNotifier

from app.ui.shell.system_events import SystemEvents, SystemSource, system_source
from app.ui.shell.system_events_clock import SleepWatch, seconds_awake, seconds_with_sleep
from app.ui.shell.system_events_mac import MacSource, SessionState
from app.ui.shell.system_events_windows import (
    PBT_APMSUSPEND,
    WM_POWERBROADCAST,
    WM_WTSSESSION_CHANGE,
    WTS_CONSOLE_DISCONNECT,
    WTS_REMOTE_DISCONNECT,
    WTS_SESSION_LOCK,
    MessageFilter,
    WindowsSource,
)
from tests.ui.shell.conftest import Seconds

SIGNALS = ("os_locked", "about_to_sleep", "user_switched")


class Heard:
    """Every signal of a source, by name and in order."""

    def __init__(self, source: QObject, *names: str) -> None:
        self.names: list[str] = []
        for name in names or SIGNALS:
            getattr(source, name).connect(lambda name=name: self.names.append(name))


@pytest.fixture
def clocks():
    return Seconds(), Seconds(), Seconds()


@pytest.fixture
def watch(qapp, clocks):
    awake, steady, wall = clocks
    made = SleepWatch(awake=awake, others=((steady, 2), (wall, 30)))
    made.start()
    yield made
    made.stop()


def advance(clocks, awake, steady, wall):
    for clock, by in zip(clocks, (awake, steady, wall), strict=True):
        clock.value += by


@pytest.mark.parametrize(
    ("awake", "steady", "wall", "slept"),
    [
        (2, 2, 2, False),
        (600, 600, 600, False),
        (2, 602, 602, True),
        (2, 2, 602, True),
        (2, 602, -3600, True),
        (2, 2, -3600, False),
        (2, 3, 3, False),
        (2, 2, 25, False),
    ],
)
def test_a_clock_that_ran_ahead_means_sleep(watch, clocks, awake, steady, wall, slept):
    heard = Heard(watch, "slept")
    advance(clocks, awake, steady, wall)
    watch.check()
    watch.check()
    assert heard.names == (["slept"] if slept else [])


def test_small_drifts_never_add_up_to_a_sleep(watch, clocks):
    heard = Heard(watch, "slept")
    for _ in range(100):
        advance(clocks, 2, 2.1, 2.5)
        watch.check()
    assert heard.names == []


def test_every_sleep_is_told_and_none_after_the_stop(watch, clocks):
    heard = Heard(watch, "slept")
    for _ in range(2):
        advance(clocks, 1, 90, 90)
        watch.check()
    watch.stop()
    advance(clocks, 1, 90, 90)
    watch.check()
    assert heard.names == ["slept", "slept"]
    watch.start()
    watch.check()
    assert heard.names == ["slept", "slept"]


def test_the_clocks_of_this_system_agree_while_it_is_awake():
    before = seconds_with_sleep() - seconds_awake()
    assert abs(seconds_with_sleep() - seconds_awake() - before) < 1


def test_source_and_watch_are_heard_through_one_object(qapp, clocks):
    source, watch = SystemSource(), SleepWatch(awake=clocks[0], others=((clocks[1], 2), (clocks[2], 30)))
    events = SystemEvents(source, watch)
    heard = Heard(events, *SIGNALS, "slept")
    events.start()
    for name in SIGNALS:
        getattr(source, name).emit()
    advance(clocks, 1, 90, 90)
    watch.check()
    assert heard.names == [*SIGNALS, "slept"]
    events.stop()
    assert not watch.is_running


def test_an_unknown_system_tells_nothing(qapp):
    assert type(system_source("plan9")) is SystemSource
    assert type(system_source("darwin")) is MacSource
    assert type(system_source("win32")) is WindowsSource


WINDOWS_MESSAGES = [
    (WM_POWERBROADCAST, PBT_APMSUSPEND, ["about_to_sleep"]),
    (WM_POWERBROADCAST, 0x12, []),
    (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK, ["os_locked"]),
    (WM_WTSSESSION_CHANGE, 0x8, []),
    (WM_WTSSESSION_CHANGE, WTS_CONSOLE_DISCONNECT, ["user_switched"]),
    (WM_WTSSESSION_CHANGE, WTS_REMOTE_DISCONNECT, ["user_switched"]),
    (0x0100, WTS_SESSION_LOCK, []),
]


def pass_message(message_filter: MessageFilter, handle, number, detail, kind=b"windows_generic_MSG"):
    message = wintypes.MSG(hWnd=handle, message=number, wParam=detail)
    return message_filter.nativeEventFilter(QByteArray(kind), ctypes.addressof(message))


@pytest.mark.parametrize(("number", "detail", "expected"), WINDOWS_MESSAGES)
def test_windows_messages_become_signals(qapp, number, detail, expected):
    source = WindowsSource()
    source.filter.handle = 4711
    heard = Heard(source)
    assert pass_message(source.filter, 4711, number, detail) == (False, 0)
    assert heard.names == expected


def test_windows_messages_to_other_windows_are_theirs(qapp):
    source = WindowsSource()
    heard = Heard(source)
    pass_message(source.filter, 4711, *WINDOWS_MESSAGES[0][:2])
    source.filter.handle = 4711
    pass_message(source.filter, 4712, *WINDOWS_MESSAGES[0][:2])
    pass_message(source.filter, 4711, *WINDOWS_MESSAGES[0][:2], kind=b"windows_dispatcher_MSG")
    assert heard.names == []


def test_the_window_that_listens_on_windows_is_made_and_given_back(qapp):
    source = WindowsSource()
    source.start()
    assert source.filter.handle
    source.stop()
    source.stop()


FRONT, LOCKED, BEHIND = SessionState(False, True), SessionState(True, True), SessionState(True, False)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([FRONT, FRONT], []),
        ([FRONT, LOCKED, LOCKED, FRONT, LOCKED], ["os_locked", "os_locked"]),
        ([FRONT, LOCKED, BEHIND, FRONT], ["os_locked", "user_switched"]),
        ([FRONT, BEHIND], ["user_switched"]),
        ([LOCKED, LOCKED], []),
        ([FRONT, None, LOCKED], ["os_locked"]),
        ([None, LOCKED], []),
    ],
)
def test_macos_is_asked_and_changes_are_told(qapp, answers, expected):
    left = iter(answers)
    source = MacSource(lambda: next(left))
    heard = Heard(source)
    source.start()
    for _ in answers[1:]:
        source.check()
    source.stop()
    assert heard.names == expected


linux = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("dbus-daemon") is None,
    reason="needs dbus-daemon: the D-Bus half was not run",
)

BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={folder}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""


@pytest.fixture(scope="module")
def bus_address(tmp_path_factory):
    """A bus of our own: the one of this machine is left alone."""
    folder = tmp_path_factory.mktemp("bus")
    configuration = folder / "bus.conf"
    configuration.write_text(BUS_CONFIGURATION.format(folder=folder), "utf-8")
    command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        yield daemon.stdout.readline().strip()
        daemon.kill()


SESSION_PATH = "/org/freedesktop/login1/session/_32"
LOGIND = "org.freedesktop.login1"


class Logind(QObject):
    """A logind on the test's bus: one session, which counts who holds sleep back."""

    def __init__(self, address: str) -> None:
        super().__init__()
        jeepney_io = pytest.importorskip("jeepney.io.blocking")
        from jeepney.bus_messages import message_bus

        self.connection = jeepney_io.open_dbus_connection(address, enable_fds=True)
        jeepney_io.Proxy(message_bus, self.connection).RequestName(LOGIND)
        self.properties = {"Active": True, "LockedHint": False}
        self.asked: list[tuple[str, tuple]] = []
        self.inhibitors: list[int] = []
        self._notifier = QSocketNotifier(self.connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._answer)

    def say(self, path: str, interface: str, name: str, signature: str = "", body: tuple = ()) -> None:
        from jeepney import DBusAddress, new_signal

        self.connection.send(new_signal(DBusAddress(path, interface=interface), name, signature, body))

    def sleep(self, is_starting: bool) -> None:
        self.say("/org/freedesktop/login1", f"{LOGIND}.Manager", "PrepareForSleep", "b", (is_starting,))

    def change(self, **properties: bool) -> None:
        self.properties.update(properties)
        body = (f"{LOGIND}.Session", {name: ("b", value) for name, value in properties.items()}, [])
        self.say(SESSION_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", body)

    def is_held_back(self) -> bool:
        """Whether anybody still has the other end of the last pipe open."""
        if not self.inhibitors:
            return False
        readable, _, _ = select.select([self.inhibitors[-1]], [], [], 0)
        return not (readable and os.read(self.inhibitors[-1], 1) == b"")

    def _answer(self) -> None:
        from jeepney import HeaderFields, MessageType

        message = self.connection.receive(timeout=5)
        if message.header.message_type is MessageType.method_call:
            member = message.header.fields[HeaderFields.member]
            self.asked.append((member, tuple(message.body)))
            self._reply(message, member)

    def _reply(self, message, member: str) -> None:
        from jeepney import new_error, new_method_return

        if member == "GetSession":
            reply = new_method_return(message, "o", (SESSION_PATH,))
        elif member == "Get" and message.body[1] in self.properties:
            reply = new_method_return(message, "v", (("b", self.properties[message.body[1]]),))
        elif member == "Inhibit":
            ours, theirs = os.pipe()
            self.inhibitors.append(ours)
            self.connection.send(new_method_return(message, "h", (theirs,)))
            os.close(theirs)
            return
        else:
            reply = new_error(message, f"{LOGIND}.NoSuchThing")
        self.connection.send(reply)

    def close(self) -> None:
        self._notifier.setEnabled(False)
        self.connection.close()
        for descriptor in self.inhibitors:
            os.close(descriptor)


@pytest.fixture
def logind(qapp, bus_address):
    made = Logind(bus_address)
    yield made
    made.close()


@pytest.fixture
def buses(qapp, bus_address):
    from PySide6.QtDBus import QDBusConnection

    names = ("test-system", "test-session")
    yield [QDBusConnection.connectToBus(bus_address, name) for name in names]
    for name in names:
        QDBusConnection.disconnectFromBus(name)


@pytest.fixture
def listening(buses, logind, qtbot):
    from app.ui.shell.system_events_linux import LinuxSource

    source = LinuxSource(*buses)
    source.start()
    qtbot.waitUntil(lambda: source.delays_sleep and source.listens_to_session)
    yield source
    source.stop()


@linux
def test_logind_tells_of_sleep_and_waits_for_us(listening, logind, qtbot):
    held = []
    listening.about_to_sleep.connect(lambda: held.append(logind.is_held_back()))
    with qtbot.waitSignal(listening.about_to_sleep):
        logind.sleep(True)
    assert held == [True]
    qtbot.waitUntil(lambda: not logind.is_held_back())
    logind.sleep(False)
    qtbot.waitUntil(lambda: len(logind.inhibitors) == 2 and listening.delays_sleep)
    assert logind.asked[0] == ("Inhibit", ("sleep", "MI Desk", "Lock the workspace", "delay"))


@linux
def test_a_stop_on_the_way_to_sleep_still_holds_it_back_until_the_process_ends(listening, logind, qtbot):
    held = []

    def end():
        listening.stop()
        held.append(logind.is_held_back())

    listening.about_to_sleep.connect(end)
    # The program starts itself anew: only a descriptor that a new program does not inherit ends with it.
    assert not os.get_inheritable(listening._delay.fileDescriptor())
    with qtbot.waitSignal(listening.about_to_sleep):
        logind.sleep(True)
    assert held == [True]


@linux
def test_logind_tells_of_the_lock_of_our_session(listening, logind, qtbot):
    with qtbot.waitSignal(listening.os_locked):
        logind.say(SESSION_PATH, f"{LOGIND}.Session", "Lock")
    with qtbot.waitSignal(listening.os_locked):
        logind.change(LockedHint=True)


@linux
def test_the_lock_of_another_session_is_not_ours(listening, logind, qtbot):
    heard = Heard(listening)
    other = SESSION_PATH.replace("_32", "_33")
    logind.say(other, f"{LOGIND}.Session", "Lock")
    with qtbot.waitSignal(listening.user_switched):
        logind.change(Active=False)
    assert heard.names == ["user_switched"]


@linux
def test_a_session_that_comes_to_the_front_again_is_no_switch(listening, logind, qtbot):
    heard = Heard(listening)
    logind.change(Active=True)
    qtbot.waitUntil(lambda: sum(name == "Get" for name, _ in logind.asked) == 2)
    with qtbot.waitSignal(listening.os_locked):
        logind.say(SESSION_PATH, f"{LOGIND}.Session", "Lock")
    assert heard.names == ["os_locked"]


@linux
@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
        ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
        ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ],
)
def test_the_screen_saver_of_the_desktop_is_heard(listening, buses, qtbot, service, path):
    from PySide6.QtDBus import QDBusMessage

    heard = Heard(listening)
    assert buses[0].registerService(service)
    for is_active in (False, True):
        message = QDBusMessage.createSignal(path, service, "ActiveChanged")
        message.setArguments([is_active])
        assert buses[0].send(message)
    qtbot.waitUntil(lambda: heard.names == ["os_locked"])
    assert buses[0].unregisterService(service)


@linux
def test_after_the_stop_nothing_is_heard(listening, logind, qtbot):
    heard = Heard(listening)
    listening.stop()
    logind.sleep(True)
    logind.say(SESSION_PATH, f"{LOGIND}.Session", "Lock")
    listening.start()
    qtbot.waitUntil(lambda: listening.listens_to_session)
    assert heard.names == []


@linux
def test_a_bus_without_logind_is_no_error(buses, qtbot):
    from app.ui.shell.system_events_linux import LinuxSource

    source = LinuxSource(*buses)
    heard = Heard(source)
    source.start()
    source.stop()
    assert heard.names == []


@linux
def test_no_bus_at_all_is_no_error(qapp):
    from PySide6.QtDBus import QDBusConnection

    from app.ui.shell.system_events_linux import LinuxSource

    none = QDBusConnection("nowhere")
    source = LinuxSource(none, none)
    source.start()
    source.stop()
    assert not source.delays_sleep
