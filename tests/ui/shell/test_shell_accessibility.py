import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.ui import theme
from app.ui.shell.status import ClockFacts, StatusFacts

SHOW = {
    "page": lambda window: None,
    "palette": lambda window: window.show_palette(),
    "help": lambda window: window.show_help(),
    "about": lambda window: window.show_about(),
    "locked": lambda window: window.lock_screen(),
}


def focusable(window):
    return [
        each
        for each in window.findChildren(QWidget)
        if each.isVisible() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


@pytest.mark.parametrize("state", SHOW)
def test_every_focusable_widget_has_a_name(shell, state):
    shell.window.set_status(StatusFacts(pending=2, safety=ClockFacts("s", "AE-000228", shell.wall())))
    SHOW[state](shell.window)

    nameless = [each for each in focusable(shell.window) if not each.accessibleName()]

    assert focusable(shell.window)
    assert nameless == []


@pytest.mark.parametrize("factor", theme.TEXT_FACTORS)
def test_buttons_are_large_enough_to_hit(shell, factor):
    theme.set_text_factor(factor)
    QApplication.processEvents()
    buttons = [each for each in focusable(shell.window) if isinstance(each, QAbstractButton)]

    assert [each.accessibleName() for each in buttons if min(each.width(), each.height()) < 24] == []


def test_tab_stays_in_an_overlay_and_esc_leaves_it(shell):
    shell.window.show_help()
    card = shell.window._overlays.help
    for _ in range(5):
        QTest.keyClick(shell.window.focusWidget(), Qt.Key.Key_Tab)
        assert card.isAncestorOf(shell.window.focusWidget())

    QTest.keyClick(shell.window.focusWidget(), Qt.Key.Key_Escape)

    assert not card.isVisible()


def test_a_dropped_page_is_gone_from_memory(shell):
    page = weakref.ref(shell.made["inbox"].pop())
    shell.window.lock_screen()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()

    assert page() is None


def test_a_closed_window_leaves_no_timer_and_no_thread(shell, runner):
    shell.window.show_palette()
    QTest.keyClicks(shell.window.palette_card.field, "go")
    shell.window.lock_screen()
    shell.window.unlock_page.unlocked.emit("open")

    assert shell.window.close()
    assert runner.close()

    assert [each for each in shell.window.findChildren(QTimer) if each.isActive()] == []
    assert [each.name for each in threading.enumerate() if each.name.startswith("midesk-")] == []


def test_locking_often_leaves_no_lock_page_behind(shell):
    for _ in range(3):
        shell.window.lock_screen()
        shell.window.unlock_page.unlocked.emit("open")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    assert shell.window._root.count() == 1
    assert len(shell.window.stack.findChildren(type(shell.page("inbox")))) == 1
