"""Nothing of the interface may outlive its window: no thread, no timer, no widget."""

import gc
import threading
import weakref

import pytest
import shiboken6
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.changes import Changes
from app.ui import theme, widgets
from app.ui.errors import MessageAction, MessageBar
from app.ui.jobs import JobRunner

pytestmark = pytest.mark.usefixtures("themed_app")


def alive(kind):
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, kind)]


def active_timers():
    """Those of this process that run; a wrapper may outlive its timer."""
    return {id(timer) for timer in alive(QTimer) if shiboken6.isValid(timer) and timer.isActive()}


def make_window():
    window = QWidget()
    column = QVBoxLayout(window)
    header = widgets.PageHeader("Inbox", "14 inquiries")
    header.set_field(widgets.SearchField("Filter", "/"))
    header.set_primary("New inquiry", lambda: None, icon="plus")
    facts = widgets.FactList()
    facts.add_fact("product", "Product", "Cardenza")
    facts.row("product").start_editing()
    empty = widgets.EmptyState("inbox", "Nothing due")
    empty.add_step("Take a call", lambda: None, icon="phone", shortcut="N")
    progress = widgets.InlineProgress()
    progress.start("Import")
    steps = widgets.StepBar(["New", "Closed"], 0)
    choice = widgets.SegmentedControl([("a", "A"), ("b", "B")], name="Side")
    for part in (header, facts, empty, progress, steps, choice, widgets.Card("Card"), widgets.Splitter()):
        column.addWidget(part)
    widgets.Toast(window).show_message("Moved.", on_undo=lambda: None)
    MessageBar(window).show_message("Saved.", action=MessageAction("Show", lambda: None))
    return window


def test_a_closed_window_is_freed_with_all_its_parts(themed_app):
    running = active_timers()
    window = make_window()
    window.show()
    themed_app.processEvents()
    parts = [weakref.ref(part) for part in window.findChildren(QWidget)]
    timers = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
    assert timers
    del timers
    window.close()
    shiboken6.delete(window)
    del window
    gc.collect()
    theme.apply_theme(themed_app, "dark")
    assert [part() for part in parts if part() is not None] == []
    assert active_timers() <= running


def test_a_closed_runner_leaves_no_thread(qapp):
    runner = JobRunner()
    for _ in range(10):
        runner.run_command(lambda _job: Changes())
        runner.run_query(lambda _job: 1, on_done=id)
        runner.run_io(lambda job: job.report(1, 2))
    assert runner.close(5)
    assert [thread for thread in threading.enumerate() if thread.name.startswith("midesk-")] == []
    assert [thread for thread in alive(QThread) if thread.isRunning()] == []
