import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.shell.idle import IdleWatch


@pytest.fixture
def seconds():
    from tests.ui.shell.conftest import Seconds

    return Seconds()


@pytest.fixture
def watch(qtbot, seconds):
    watch = IdleWatch(10, clock=seconds)
    watch.start()
    yield watch
    watch.stop()


def test_it_tells_once_when_the_time_is_over(watch, seconds, qtbot):
    seen = []
    watch.expired.connect(lambda: seen.append(1))
    seconds.value += 599
    watch.check()
    assert seen == []

    seconds.value += 1
    watch.check()
    watch.check()

    assert seen == [1]
    assert not watch.is_running


def test_a_key_in_the_window_starts_the_time_anew(watch, seconds, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    seconds.value += 500
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    seconds.value += 500
    watch.check()

    assert watch.is_running
    assert watch.minutes_left() == 2


def test_the_limit_can_be_changed_while_it_runs(watch, seconds):
    seconds.value += 240
    watch.set_minutes(5)

    assert watch.minutes_left() == 1


def test_a_night_asleep_counts(watch, seconds, qtbot):
    seconds.value += 8 * 3600
    with qtbot.waitSignal(watch.expired):
        watch.check()
