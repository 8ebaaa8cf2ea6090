from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QVBoxLayout

from app.ui.jobs import JobRunner
from app.ui.shell.actions import LIST, Registry
from app.ui.shell.idle import IdleWatch
from app.ui.shell.layout_store import MemoryLayoutStore
from app.ui.shell.main_window import MainWindow
from app.ui.shell.page import BadgeKind, Page, PageSpec
from app.ui.unlock.ports import UnlockFacts, WorkspaceChoice
from app.ui.unlock.unlock_page import UnlockPage

START = datetime(2026, 11, 23, 2, 40, tzinfo=UTC)


class WallClock:
    """Aware time that moves only when a test says so."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self):
        return self.time

    def advance(self, **span):
        self.time += timedelta(**span)


class Seconds:
    """Steady seconds that move only when a test says so."""

    def __init__(self) -> None:
        self.value = 1000.0

    def __call__(self):
        return self.value


class ListPage(Page):
    """A page with a field and a list, which tells what happened to it."""

    def __init__(self, title="Inbox"):
        super().__init__()
        self.seen = []
        self.changes = []
        self.shown_target = ""
        self.number = ""
        self.flush_error = None
        column = QVBoxLayout(self)
        self.field = QLineEdit()
        self.field.setAccessibleName("Filter")
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.addItems(["first", "second"])
        self.step = QAction("Send", self)
        self.step.triggered.connect(lambda: self.seen.append("primary"))
        column.addWidget(self.field)
        column.addWidget(self.list)

    def activate(self):
        self.seen.append("activate")
        super().activate()

    def deactivate(self):
        self.seen.append("deactivate")
        super().deactivate()

    def refresh(self, changes):
        self.changes.append(changes)

    def show_target(self, target):
        self.shown_target = target
        self.number = target

    def target(self):
        return self.shown_target

    def record_number(self):
        return self.number

    def primary_action(self):
        return self.step

    def panes(self):
        return (self.field, self.list)

    def home(self):
        return self.list

    def shortcut_targets(self, context):
        return (self.list,) if context == LIST else ()

    def flush(self):
        self.seen.append("flush")
        if self.flush_error is not None:
            raise self.flush_error

    def drop(self):
        self.seen.append("drop")
        self.list.clear()

    def save_layout(self):
        return {"width": 240}

    def restore_layout(self, layout):
        self.seen.append(f"layout {layout['width']}")


class OpenPort:
    """A port that knows one passphrase and waits for nobody."""

    def unlock_with_passphrase(self, text):
        return f"opened by {text}"

    def unlock_with_recovery_key(self, text):
        return "opened by key"

    def unlock_with_keyring(self):
        return "opened by keyring"

    def next_try_at(self):
        return None


@dataclass
class Shell:
    """The window of a test with everything it was given."""

    window: MainWindow
    registry: Registry
    runner: JobRunner
    wall: WallClock
    seconds: Seconds
    store: MemoryLayoutStore
    made: dict[str, list[ListPage]]
    full_locks: list[str] = field(default_factory=list)

    def page(self, page_id) -> ListPage:
        return self.made[page_id][-1]

    def settle(self) -> None:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def make_specs(made):
    def factory(page_id, title):
        def make():
            page = ListPage(title)
            made.setdefault(page_id, []).append(page)
            return page

        return make

    table = [
        ("inbox", "Inbox", "inbox", "I"),
        ("case", "Case", "file-pen-line", "C"),
        ("safety", "Safety", "shield-alert", "S"),
    ]
    specs = [
        PageSpec(
            page_id,
            title,
            icon,
            f"Ctrl+{at}",
            factory(page_id, title),
            BadgeKind.SAFETY if page_id == "safety" else BadgeKind.COUNT,
            chord,
        )
        for at, (page_id, title, icon, chord) in enumerate(table, start=1)
    ]
    return [
        *specs,
        PageSpec(
            "settings", "Settings", "settings", "Ctrl+,", factory("settings", "Settings"), is_at_foot=True
        ),
    ]


def pytest_collection_modifyitems(items):
    # The off-screen platform warns of what it lacks whenever a window is shown.
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture
def runner(qtbot):
    runner = JobRunner()
    yield runner
    runner.close()


@pytest.fixture
def make_shell(themed_app, qtbot, runner):
    def make(store=None, *, can_lock_fully=True):
        made, wall, seconds = {}, WallClock(), Seconds()
        registry, store = Registry(), store or MemoryLayoutStore()
        full_locks = []
        facts = UnlockFacts(WorkspaceChoice("/w", "Norvane"), reason="Locked")
        window = MainWindow(
            make_specs(made),
            registry=registry,
            runner=runner,
            layout=store,
            idle=IdleWatch(10, clock=seconds),
            make_unlock_page=lambda reason: UnlockPage(OpenPort(), runner, facts, clock=wall),
            on_full_lock=(lambda: full_locks.append("now")) if can_lock_fully else None,
            clock=wall,
        )
        registry.setParent(window)
        qtbot.addWidget(window)
        window.start("inbox")
        window.show()
        window.activateWindow()
        qtbot.waitActive(window).__enter__()
        qtbot.waitUntil(window.isActiveWindow)
        return Shell(window, registry, runner, wall, seconds, store, made, full_locks)

    return make


@pytest.fixture
def shell(make_shell):
    return make_shell()
