from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.shell.durations import time_span
from app.ui.shell.status import ClockFacts, StatusBar, StatusFacts


@pytest.fixture
def bar(themed_app, qtbot, wall):
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1280, 60)
    bar = StatusBar(host, clock=wall)
    bar.resize(1280, 30)
    host.show()
    yield bar
    bar.pause()


@pytest.fixture
def wall():
    from tests.ui.shell.conftest import WallClock

    return WallClock()


def clock_of(wall, **span):
    return ClockFacts("id-1", "004809", wall() + timedelta(**span), wall() - timedelta(hours=1))


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (StatusFacts(since="21:40"), "Offline since 21:40"),
        (StatusFacts(is_online=True), "Online"),
    ],
)
def test_connection_is_a_fact_in_words(bar, facts, text):
    bar.set_facts(facts)

    assert bar.connection_item.text() == text


@pytest.mark.parametrize(
    ("pending", "text"),
    [(1, "1 change not yet on the server"), (1214, "1,214 changes not yet on the server")],
)
def test_pending_changes_are_counted(bar, pending, text):
    bar.set_facts(StatusFacts(pending=pending))

    assert bar.pending_item.text() == text


def test_nothing_pending_and_no_clock_show_nothing(bar):
    bar.set_facts(StatusFacts())

    assert not bar.pending_item.isVisible()
    assert not bar.sla_item.isVisible()
    assert not bar.safety_item.isVisible()


def test_clocks_run_down_and_over(bar, wall):
    bar.set_facts(StatusFacts(sla=clock_of(wall, minutes=38), safety=clock_of(wall, hours=3, minutes=5)))
    assert bar.sla_item.text() == "004809 due in 38 min"
    assert bar.safety_item.text() == "004809 hand-off: 3 h 05 min left"

    wall.advance(hours=3, minutes=25)
    bar.repaint_clocks()

    assert bar.sla_item.text() == "004809 2 h 47 min over"
    assert bar.safety_item.text() == "004809 hand-off late by 20 min"


def test_the_safety_clock_is_the_only_filled_pill(bar, wall):
    bar.set_facts(StatusFacts(pending=3, sla=clock_of(wall, minutes=-4), safety=clock_of(wall, hours=1)))

    assert [item.is_filled for item in bar.items()] == [False, False, False, True, False]


def test_clocks_are_written_more_often_below_one_hour(bar, wall):
    bar.set_facts(StatusFacts(safety=clock_of(wall, hours=5)))
    assert bar._timer.interval() == 60_000

    wall.advance(hours=4, minutes=10)
    bar.repaint_clocks()

    assert bar._timer.interval() == 10_000


def test_items_open_what_they_tell(bar, wall, qtbot):
    bar.set_facts(StatusFacts(pending=3, sla=clock_of(wall, minutes=4), safety=clock_of(wall, hours=1)))
    with qtbot.waitSignal(bar.record_requested) as sla:
        bar.sla_item.click()
    with qtbot.waitSignal(bar.record_requested) as safety:
        QTest.keyClick(bar.safety_item, Qt.Key.Key_Space)
    with qtbot.waitSignal(bar.sync_requested):
        bar.pending_item.click()

    assert (sla.args, safety.args) == (["case", "id-1"], ["safety", "id-1"])


def test_a_narrow_bar_shortens_everything_before_the_safety_clock(bar, wall):
    bar.set_facts(
        StatusFacts(
            since="21:40",
            pending=7,
            sla=clock_of(wall, minutes=4),
            safety=clock_of(wall, hours=1),
            minutes_to_lock=10,
        )
    )
    bar.resize(700, 30)

    assert bar.lock_item.shown_text == "10 min"
    assert bar.safety_item.shown_text == "004809 hand-off: 1 h 00 min left"
    assert bar.pending_item.accessibleName() == "7 changes not yet on the server"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=38), "38 min"),
        (timedelta(hours=3, minutes=5), "3 h 05 min"),
        (timedelta(days=2, hours=4), "2 d 4 h"),
    ],
)
def test_spans_are_written_with_units(span, text):
    assert time_span(span) == text
