"""The main window with its pages on an open workspace."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.bootstrap import ScreenOpener
from app.desktop.finding import DocumentProvider, InquiryProvider, LetterProvider
from app.desktop.housekeeping import Housekeeping
from app.desktop.indexing import MeaningIndex
from app.desktop.lock_watch import LockWatch
from app.desktop.pages import make_pages
from app.models.changes import Changes
from app.models.register import TYPES
from app.models.service_clock import ClockKind
from app.services.intake import queries as intake
from app.services.jobs import JobContext
from app.services.library.imports import SUFFIXES as LIBRARY_FILES
from app.services.settings import commands as settings
from app.services.settings import queries as settings_queries
from app.services.workspace.workspace import Workspace
from app.ui import theme
from app.ui.case.delivery_sheet import ChooseFile
from app.ui.inbox.actions import IMPORT, global_commands
from app.ui.inbox.import_dialog import files_in
from app.ui.inbox.page import InboxPage
from app.ui.inbox.quick_capture_page import global_call_commands
from app.ui.jobs import JobRunner
from app.ui.settings.actions import settings_commands
from app.ui.settings.look import KEYCAPS, LETTER_KEYS
from app.ui.shell.actions import Command, Registry
from app.ui.shell.drop import WindowDrop
from app.ui.shell.main_window import MainWindow
from app.ui.shell.person_sheet import PersonSheet
from app.ui.shell.service_words import kind_name
from app.ui.shell.status import ClockFacts, StatusFacts
from app.ui.shell.system_events import SystemEvents
from app.ui.theme.tokens import ThemeChoice
from app.ui.unlock.ports import UnlockFacts, WorkspaceChoice
from app.ui.unlock.unlock_page import UnlockPage
from app.ui.widgets import keycap_setting

_POLL_MS = 1_000
_MINUTE_MS = 60_000
_LOOK = "window"
_THEME, _TEXT = "theme", "text_percent"
EVERYTHING = Changes(frozenset(TYPES))


class Workbench(QObject):
    """Wires one workspace to one main window, and keeps the status bar true."""

    def __init__(
        self,
        workspace: Workspace,
        runner: JobRunner,
        *,
        choose_file: ChooseFile,
        on_full_lock: Callable[[], None],
        system_events: SystemEvents | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._database = workspace.database
        self._runner = runner
        self.registry = Registry(self)
        look = self._database.read(settings_queries.look)
        self._kept_look = {key: look.get(key) for key in (_THEME, _TEXT)}
        self._apply_look(look)
        self._lock_watch = LockWatch(self._database, runner, system_events, parent=self)
        self.window = MainWindow(
            make_pages(workspace, runner, self.registry, choose_file),
            registry=self.registry,
            runner=runner,
            layout=_StoredLayout(self, look.get(_LOOK, {})),
            idle=self._lock_watch.idle,
            make_unlock_page=self._make_unlock_page,
            on_full_lock=on_full_lock,
        )
        self._housekeeping = Housekeeping(workspace, runner, self.window.notify, self)
        self._person_sheet = PersonSheet(self.window, self._database, runner)
        self._drop = WindowDrop(self.window, files_in, self._page_takes)
        self._drop.files_dropped.connect(self._on_files_dropped)
        self._add_commands()
        self._add_providers()
        self._watch()

    def show(self, *, crashed_before: bool = False) -> None:
        """Show the window on its first page and begin the day's housekeeping."""
        self.window.start("inbox")
        self.window.show()
        self._lock_watch.guard(self.window)
        self._keep_look()
        self._refresh_status()
        if crashed_before:
            self.window.notify(
                self.tr("MI Desk closed unexpectedly last time. Everything saved until then is here.")
            )
        self._housekeeping.start()

    def flush(self) -> bool:
        """Save every word on every page and tell whether that worked."""
        return self.window.stack.flush() is None

    def close(self) -> None:
        """Close the window, its timers and the workspace."""
        self._lock_watch.stop()
        self._housekeeping.stop()
        theme.theme_signals.changed.disconnect(self._keep_look)
        self._poll.stop()
        self._minute.stop()
        self._meaning.stop()
        self.window.close()
        # Left to the collector, its parts would meet events after they had lost their fields.
        self.window.deleteLater()
        self.workspace.close()

    def save_look(self, values: dict[str, Any]) -> None:
        """Keep look settings of this device, off the GUI thread."""
        self._runner.run_command(functools.partial(self._save_look, values))

    def _save_look(self, values: dict[str, Any], _job: JobContext) -> Changes:
        self._database.write(settings.save_look, values)
        return Changes()

    def _page_takes(self, paths: Sequence[Path]) -> bool:
        of_library = all(path.suffix.lower() in LIBRARY_FILES for path in paths)
        return self.window.is_locked or (of_library and self.window.stack.current_id == "library")

    def _on_files_dropped(self, paths: Sequence[Path]) -> None:
        self.window.go("inbox", IMPORT)
        page = self.window.current_page()
        if isinstance(page, InboxPage):
            page.importer.open_files(paths)

    def _apply_look(self, look: dict[str, Any]) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            if look.get(_TEXT) in [round(factor * 100) for factor in theme.TEXT_FACTORS]:
                theme.set_text_factor(look[_TEXT] / 100)
            theme.apply_theme(application, look.get(_THEME, theme.theme_choice()))
        keycap_setting.turn(look.get(KEYCAPS, True) is not False)
        self.registry.set_single_letters(look.get(LETTER_KEYS, True) is not False)

    def _keep_look(self) -> None:
        """Keep theme and text size, whoever changed them: a key, the palette, Settings, the first run."""
        chosen: dict[str, Any] = {_THEME: theme.theme_choice(), _TEXT: round(theme.text_factor() * 100)}
        if chosen != self._kept_look:
            self._kept_look = chosen
            self.save_look(chosen)

    def _make_unlock_page(self, reason: str) -> UnlockPage:
        choice = WorkspaceChoice(str(self.workspace.folder), self.tr("This workspace"))
        clock = self.window.status_bar.facts.safety
        safety = self.tr("A safety clock is running.") if clock is not None else ""
        facts = UnlockFacts(choice, reason=reason, safety=safety)
        return UnlockPage(ScreenOpener(self.workspace), self._runner, facts)

    def _add_commands(self) -> None:
        self.registry.extend(global_commands(self.window.go))
        self.registry.extend(settings_commands(self.window.go))
        self.registry.extend(global_call_commands(self.window.go))
        self.registry.add(
            Command("person.edit", self.tr("Your name and letters"), self._person_sheet.open, icon="user")
        )
        looks: tuple[tuple[ThemeChoice, str], ...] = (
            ("light", self.tr("Light look")),
            ("dark", self.tr("Dark look")),
            ("contrast", self.tr("High contrast look")),
            ("system", self.tr("Look of the system")),
        )
        for name, text in looks:
            self.registry.add(
                Command(f"look.{name}", text, functools.partial(self._choose_theme, name), icon="moon-star")
            )

    def _choose_theme(self, name: ThemeChoice) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply_theme(application, name)

    def _add_providers(self) -> None:
        for provider in (InquiryProvider, LetterProvider, DocumentProvider):
            self.window.palette_card.add_provider(provider(self._database, self.window.go))
        self._meaning = MeaningIndex(self._database, self._runner, self)

    def _watch(self) -> None:
        self._data_version = self._database.data_version()
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._look_for_other_writers)
        self._poll.start()
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._refresh_status)
        self._minute.start()
        self._runner.data_changed.connect(self._on_data_changed)
        theme.theme_signals.changed.connect(self._keep_look)
        self._person_sheet.saved.connect(self._on_person_saved)
        self.window.screen_locked.connect(self._person_sheet.dismiss)
        self.window.status_bar.record_requested.connect(self._on_record_requested)

    def _look_for_other_writers(self) -> None:
        self._runner.run_query(
            lambda _job: self._database.data_version(),
            on_done=self._on_data_version,
            owner=self,
            after_commands=True,
        )

    def _on_data_version(self, version: int) -> None:
        if version != self._data_version:
            self._data_version = version
            self._runner.data_changed.emit(EVERYTHING, None)

    def _on_data_changed(self, _changes: Changes, _initiator: QObject | None) -> None:
        self._refresh_status()

    def _on_person_saved(self) -> None:
        self.window.notify(self.tr("Your name is saved. Letters from now on are signed with it."))

    def _on_record_requested(self, page_id: str, record_id: str) -> None:
        # A safety record stands on the page of its case until it has a page of its own.
        if page_id == "safety" and not self.window.stack.has("safety"):
            self.window.go("case", record_id)

    def _refresh_status(self) -> None:
        now = self._database.clock.now()
        self._runner.run_query(
            lambda _job: self._database.read(intake.nearest_clocks, now), on_done=self._on_clocks, owner=self
        )

    def _on_clocks(self, clocks: intake.NearestClocks) -> None:
        safety = clocks.safety
        self.window.set_status(
            StatusFacts(
                sla=_service_clock(clocks),
                safety=_clock(safety.nearest_inquiry_id, safety.nearest_number, safety.nearest_due_at),
            )
        )


class _StoredLayout:
    """Keeps the window's arrangement in the encrypted workspace."""

    def __init__(self, workbench: Workbench, layout: Any) -> None:
        self._workbench = workbench
        self._layout = layout

    def load(self) -> Any:
        """Return what was saved last."""
        return self._layout

    def save(self, layout: Any) -> None:
        """Keep the layout with the other look settings."""
        self._layout = layout
        self._workbench.save_look({_LOOK: dict(layout)})


def _service_clock(clocks: intake.NearestClocks) -> ClockFacts | None:
    found, clock = _clock(clocks.sla_inquiry_id, clocks.sla_number, clocks.sla_due_at), clocks.sla
    if found is None or clock is None:
        return found
    soon = datetime.fromtimestamp(clock.soon_from / 1000, UTC) if clock.soon_from is not None else None
    asks_for = "" if clock.kind is ClockKind.ANSWER else kind_name(clock.kind)
    return replace(found, soon_from=soon, asks_for=asks_for)


def _clock(record_id: str, label: str, due_at: int | None) -> ClockFacts | None:
    if not record_id or due_at is None:
        return None
    return ClockFacts(record_id, label, datetime.fromtimestamp(due_at / 1000, UTC))
