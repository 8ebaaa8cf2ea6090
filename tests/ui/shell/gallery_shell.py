"""Paint the shell, the lock page and the first run to pictures, for the eye."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.shell.actions import LIST, Registry
from app.ui.shell.main_window import MainWindow
from app.ui.shell.page import BadgeKind, Page, PageSpec
from app.ui.shell.palette_model import PaletteAction, PaletteItem
from app.ui.shell.status import ClockFacts, StatusFacts
from app.ui.unlock.first_run import FirstRun
from app.ui.unlock.ports import CreatedWorkspace, UnlockFacts, WorkspaceChoice
from app.ui.unlock.unlock_page import UnlockPage
from app.ui.widgets import PageHeader

NOW = datetime(2026, 11, 23, 2, 40, tzinfo=UTC)
FACTS = StatusFacts(
    since="21:40",
    pending=7,
    sla=ClockFacts("i1", "004809", NOW + timedelta(minutes=38), NOW - timedelta(hours=1)),
    safety=ClockFacts("s1", "AE-000228", NOW + timedelta(hours=3, minutes=5)),
    minutes_to_lock=10,
)


class DemoPage(Page):
    """A page with a header and a list."""

    def __init__(self, title: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PageHeader(title))
        self.list = QListWidget()
        self.list.setAccessibleName("Questions")
        self.list.addItems(["Timing of Tavelo around a live zoster vaccine", "Crushing Cardenza for a tube"])
        column.addWidget(self.list)

    def shortcut_targets(self, context):
        return (self.list,) if context == LIST else ()


class DemoProvider:
    def __init__(self, group, items):
        self.group = group
        self.prefixes = " #"
        self._items = items

    def find(self, query):
        return self._items


class DemoPort:
    def unlock_with_passphrase(self, text):
        return "open"

    unlock_with_recovery_key = unlock_with_passphrase

    def unlock_with_keyring(self):
        return "open"

    def next_try_at(self):
        return None


class DemoFirstRunPort:
    def default_folder(self, *, sample):
        return Path.home() / "MI Desk" / ("Sample" if sample else "Workspace")

    def create(self, folder, name, credentials, passphrase, sample):
        return CreatedWorkspace("7K2M-9QXD-4TBN-8WRE-5HVC-3JPG-6ZSA-Y1F0", object())


def specs():
    table = [
        ("inbox", "Inbox", "inbox", "I"),
        ("case", "Case", "file-pen-line", "C"),
        ("library", "Library", "library", "L"),
        ("literature", "Literature", "book-open-text", "T"),
        ("safety", "Safety", "shield-alert", "S"),
        ("reviews", "Reviews", "signature", "R"),
        ("insights", "Insights", "chart-column", "N"),
        ("work", "Work", "briefcase", "W"),
        ("sync", "Sync", "refresh-cw", "Y"),
    ]
    made = [
        PageSpec(
            page_id,
            title,
            icon,
            f"Ctrl+{at}",
            lambda title=title: DemoPage(title),
            BadgeKind.SAFETY if page_id == "safety" else BadgeKind.COUNT,
            chord,
        )
        for at, (page_id, title, icon, chord) in enumerate(table, start=1)
    ]
    return [
        *made,
        PageSpec("settings", "Settings", "settings", "Ctrl+,", lambda: DemoPage("Settings"), is_at_foot=True),
    ]


def make_window(runner: JobRunner) -> MainWindow:
    window = MainWindow(
        specs(),
        registry=Registry(),
        runner=runner,
        make_unlock_page=lambda reason: make_unlock(runner, reason),
        clock=lambda: NOW,
    )
    window.set_badge("inbox", 6)
    window.set_badge("safety", 3)
    window.set_badge("reviews", 2)
    window.set_status(FACTS)
    nothing = lambda: None  # noqa: E731 - a callable for rows that are only painted
    window.palette_card.add_provider(
        DemoProvider(
            "Inquiries",
            [
                PaletteItem(
                    "Dosing of Cardenza in a patient on haemodialysis",
                    nothing,
                    "004817  ·  due in 2 h 20 min  ·  yours",
                    "inbox",
                    "accent",
                    "Enter",
                    actions=(PaletteAction("Open its letter", nothing, "file-pen-line", "Ctrl+Enter"),),
                ),
                PaletteItem(
                    "Ravexaban on peritoneal dialysis", nothing, "004211  ·  closed 12 Aug", "archive"
                ),
            ],
        )
    )
    window.palette_card.add_provider(
        DemoProvider(
            "Standard responses",
            [
                PaletteItem(
                    "Use in end-stage renal disease and dialysis",
                    nothing,
                    "SRD-0412 v3.1",
                    "file-badge",
                    "prov.verbatim",
                    "Ctrl+Enter",
                ),
                PaletteItem(
                    "Dialysis, patient version",
                    nothing,
                    "",
                    "file-lock-2",
                    reason="SRD-0391 v1.2, on hold, cannot be inserted",
                ),
            ],
        )
    )
    window.start("inbox")
    return window


def make_unlock(runner: JobRunner, reason: str) -> UnlockPage:
    choice = WorkspaceChoice("/w", "Norvane Medical Information, GB and IE", "P. Nilsson  ·  this laptop")
    facts = UnlockFacts(
        choice,
        (WorkspaceChoice("/s", "Sample workspace"),),
        reason,
        "3 safety clocks are running, the nearest has 3 h 05 min",
        True,
    )
    return UnlockPage(DemoPort(), runner, facts)


def settle(app: QApplication, runner: JobRunner) -> None:
    QTest.qWait(120)
    runner.drain()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QTest.qWait(40)


def save(widget: QWidget, folder: Path, name: str) -> None:
    widget.grab().save(str(folder / f"{name}.png"))


def paint_all(app: QApplication, folder: Path, suffix: str, size: tuple[int, int]) -> None:
    runner = JobRunner()
    window = make_window(runner)
    window.resize(*size)
    window.show()
    settle(app, runner)
    save(window, folder, f"window-{suffix}")
    for name, act in (
        ("palette", open_palette),
        ("help", MainWindow.show_help),
        ("about", MainWindow.show_about),
    ):
        act(window)
        settle(app, runner)
        save(window, folder, f"{name}-{suffix}")
    window.notify("Taken. It is yours now.", lambda: None)
    window._overlays.about.dismiss()
    window.lock_screen("Locked at 02:10, after 10 minutes without a key press")
    settle(app, runner)
    page = window.unlock_page
    QTest.keyClicks(page.passphrase_field.edit, "CORRECT horse")
    QTest.keyClick(page.passphrase_field.edit, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    page.passphrase_field._set_caps(True)
    settle(app, runner)
    save(window, folder, f"unlock-{suffix}")
    window.close()
    paint_first_run(app, runner, folder, suffix, size)
    runner.close()


def open_palette(window: MainWindow) -> None:
    window.show_palette()
    QTest.keyClicks(window.palette_card.field, "card dial")


def paint_first_run(app, runner, folder, suffix, size) -> None:
    page = FirstRun(DemoFirstRunPort(), runner)
    page.resize(*size)
    page.show()
    settle(app, runner)
    save(page, folder, f"first-0-{suffix}")
    steps: list[Callable[[], None]] = [
        page.choice_step.new_button.click,
        lambda: (page.person_step.name_field.edit.setText("P. Nilsson"), page.go_on()),
        lambda: (
            page.passphrase_step.first_field.edit.setText("night heron copper lantern"),
            page.passphrase_step.second_field.edit.setText("night heron copper lantern"),
        ),
        page.go_on,
        lambda: (page.recovery_step.check_field.edit.setText(page.recovery_step.asked_group), page.go_on()),
    ]
    for at, act in enumerate(steps, start=1):
        act()
        settle(app, runner)
        save(page, folder, f"first-{at}-{suffix}")
    page.close()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "gallery")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    for name in ("light", "dark", "contrast"):
        theme.apply_theme(app, name)
        paint_all(app, folder, name, (1440, 900))
    theme.apply_theme(app, "light")
    paint_all(app, folder, "small", (1280, 720))
    theme.set_text_factor(2.0)
    paint_all(app, folder, "200", (1280, 720))
    theme.set_text_factor(1.0)


if __name__ == "__main__":
    main()
