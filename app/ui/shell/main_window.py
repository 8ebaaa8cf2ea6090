"""Hold rail, pages, status bar and everything laid over them."""

import functools
from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.models.changes import Changes
from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.shell import window_commands
from app.ui.shell.actions import EVERYWHERE, Registry
from app.ui.shell.history import History
from app.ui.shell.idle import IdleWatch
from app.ui.shell.layout_store import LayoutStore, MemoryLayoutStore, restore_layout, save_layout
from app.ui.shell.notices import Notices
from app.ui.shell.overlays import Overlays
from app.ui.shell.page import Page, PageSpec, Place
from app.ui.shell.page_stack import PageStack
from app.ui.shell.palette import Palette
from app.ui.shell.panes import PaneCycle
from app.ui.shell.rail import Rail
from app.ui.shell.screen_lock import clear_own_clipboard, close_other_windows
from app.ui.shell.status import StatusBar, StatusFacts
from app.ui.shell.title import NAME, window_title
from app.ui.unlock.unlock_page import UnlockPage

_LOCK_TICK_MS = 15_000
_USUAL_SIZE = (1440, 900)


class MainWindow(QMainWindow):
    """Be the one window of the program; it knows no service."""

    screen_locked = Signal()
    screen_unlocked = Signal(object)
    place_shown = Signal(str, str)
    closing = Signal()

    def __init__(
        self,
        specs: Iterable[PageSpec],
        *,
        registry: Registry,
        runner: JobRunner,
        layout: LayoutStore | None = None,
        idle: IdleWatch | None = None,
        make_unlock_page: Callable[[str], UnlockPage] | None = None,
        on_full_lock: Callable[[], None] | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__()
        self._registry = registry
        self._runner = runner
        self._layout_store = layout or MemoryLayoutStore()
        self._idle = idle or IdleWatch(parent=self)
        self._make_unlock_page = make_unlock_page
        self._on_full_lock = on_full_lock
        self._clock = clock
        self._unlock_page: UnlockPage | None = None
        self._hidden_windows: list[QWidget] = []
        self._history = History()
        self._panes = PaneCycle()
        self._build()
        self._connect()
        self._add_pages(specs)
        restore_layout(self._layout_store, self, self.stack)

    @property
    def is_locked(self) -> bool:
        """Whether the lock page covers the window."""
        return self._unlock_page is not None

    @property
    def can_lock(self) -> bool:
        """Whether the window was given a way to lock."""
        return self._make_unlock_page is not None or self._on_full_lock is not None

    @property
    def unlock_page(self) -> UnlockPage | None:
        """Return the lock page while the window is locked."""
        return self._unlock_page

    @property
    def palette_card(self) -> Palette:
        """Return the palette, to give it providers."""
        return self._overlays.palette

    @property
    def place(self) -> Place | None:
        """Return what is on screen, if a page is."""
        return self._history.current

    def current_page(self) -> Page | None:
        """Return the page on screen."""
        return self.stack.page()

    def go(self, page_id: str, target: str = "") -> None:
        """Open a page, at a record if one is named."""
        if self.is_locked or not self.stack.has(page_id):
            return
        was_elsewhere = page_id != self.stack.current_id
        is_on_rail = self.rail.holds_keyboard()
        page = self.stack.show_page(page_id)
        if target:
            page.show_target(target)
        if was_elsewhere and not is_on_rail:
            self._focus_home(page)
        self._arrive(Place(page_id, target or page.target()))

    def go_back(self) -> None:
        """Show the place before this one."""
        self._revisit(self._history.back())

    def go_forward(self) -> None:
        """Show the place after this one."""
        self._revisit(self._history.forward())

    def why_no_back(self) -> str | None:
        """Say why there is no way back, if so."""
        return None if self._history.can_go_back else self.tr("This is the first page you opened.")

    def why_no_forward(self) -> str | None:
        """Say why there is no way forward, if so."""
        return None if self._history.can_go_forward else self.tr("You have not gone back.")

    def set_badge(self, page_id: str, count: int) -> None:
        """Show a count at a page of the rail."""
        self.rail.button(page_id).set_count(count)

    def set_status(self, facts: StatusFacts) -> None:
        """Show these facts in the status bar."""
        self.status_bar.set_facts(facts)
        self._show_minutes_to_lock()

    def notify(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Show a toast, with Undo if that is possible; nothing while locked."""
        if not self.is_locked:
            self.notices.toast(text, undo)

    def cycle_pane(self, by: int) -> None:
        """Put the keyboard into the next or previous pane."""
        if self._overlays.is_open:
            return
        page = self.current_page()
        panes = [self.rail, *(page.panes() if page is not None else ()), self.status_bar]
        self._panes.step(panes, by)

    def enter_pane(self, number: int) -> None:
        """Put the keyboard into a pane of the page, from 1."""
        page = self.current_page()
        if page is not None and number <= len(page.panes()):
            self._panes.enter(page.panes()[number - 1])

    def why_no_pane(self, number: int) -> str | None:
        """Say why this pane cannot be entered, if so."""
        page = self.current_page()
        count = len(page.panes()) if page is not None else 0
        return None if number <= count else self.tr("This page has no pane {n}.").format(n=number)

    def run_primary(self) -> None:
        """Run the one loud action of the page."""
        page = self.current_page()
        action = page.primary_action() if page is not None else None
        if action is not None:
            action.trigger()

    def why_no_primary(self) -> str | None:
        """Say why Ctrl+Enter does nothing here, if so."""
        page = self.current_page()
        has_one = page is not None and page.primary_action() is not None
        return None if has_one else self.tr("This page has no next step.")

    def show_palette(self) -> None:
        """Open the palette, or close it if it is open."""
        self._overlays.toggle_palette()

    def show_help(self) -> None:
        """Show the keys of the page on screen."""
        titles = {spec.id: spec.title for spec in self.stack.specs()}
        self._overlays.show_help(titles.get(self.stack.current_id, ""), self.stack.contexts())

    def show_about(self) -> None:
        """Show version and licences."""
        self._overlays.show_about()

    def lock_now(self) -> None:
        """Lock fully: the key leaves memory with the process."""
        if self._on_full_lock is None:
            self.lock_screen()
        elif self._flush():
            save_layout(self._layout_store, self, self.stack)
            self._on_full_lock()

    def lock_screen(self, reason: str = "") -> None:
        """Hide and drop every record; the key stays."""
        if self.is_locked or self._make_unlock_page is None:
            return
        self._overlays.close()
        self._hidden_windows = close_other_windows(self)
        save_layout(self._layout_store, self, self.stack)
        self.stack.flush()
        # What was flushed is written, and no answer of a read arrives at a dropped page.
        self._runner.drain()
        self.stack.drop()
        clear_own_clipboard()
        self._registry.set_suspended(True)
        self._idle.stop()
        self.status_bar.pause()
        self.notices.clear()
        self.setWindowTitle(NAME)
        self._show_unlock_page(self._make_unlock_page(reason or self.tr("Locked")))
        self.screen_locked.emit()

    def start(self, page_id: str = "") -> None:
        """Open the first page and begin to watch for idleness."""
        first = self.stack.specs()[0].id if self.stack.specs() else ""
        self.go(page_id or first)
        if self._make_unlock_page is not None:
            self._idle.start()
            self._lock_tick.start()
            self._show_minutes_to_lock()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the keyboard into the page when the window appears."""
        super().showEvent(event)
        page = self.current_page()
        if page is not None and not self.is_locked:
            self._focus_home(page)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what was typed; stay open if that fails."""
        if not self._flush():
            event.ignore()
            return
        if not self.is_locked:
            save_layout(self._layout_store, self, self.stack)
        self._overlays.close()
        self._idle.stop()
        self._lock_tick.stop()
        self.status_bar.pause()
        self.closing.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground behind the pages."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("bg.window"))

    def _build(self) -> None:
        self.setWindowTitle(NAME)
        self.setWindowIcon(theme.app_icon())
        self.setMinimumSize(960, 600)
        self.resize(*_USUAL_SIZE)
        self._root = QStackedWidget(self)
        self._body = QWidget(self._root)
        self.rail = Rail(self._body)
        self.stack = PageStack(self._registry, self._body)
        self.status_bar = StatusBar(self._body, clock=self._clock)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        column.addLayout(row, 1)
        self.notices = Notices(self, column)
        column.addWidget(self.status_bar)
        self._root.addWidget(self._body)
        self.setCentralWidget(self._root)
        self._overlays = Overlays(self, self._runner, self._registry)
        self._lock_tick = QTimer(self)
        self._lock_tick.setInterval(_LOCK_TICK_MS)

    def _connect(self) -> None:
        self._registry.attach(EVERYWHERE, self)
        self._registry.extend(window_commands.window_commands(self))
        self._registry.started.connect(self._on_command_started)
        self._registry.refused.connect(self._on_command_refused)
        self._runner.data_changed.connect(self._on_data_changed)
        self.rail.page_requested.connect(self.go)
        self.rail.menu_requested.connect(self._on_menu_requested)
        self.stack.go_requested.connect(self.go)
        self.stack.place_changed.connect(self._on_place_changed)
        self.stack.message_requested.connect(self.notify)
        self.status_bar.sync_requested.connect(self._on_sync_requested)
        self.status_bar.record_requested.connect(self.go)
        self.status_bar.lock_requested.connect(self.lock_now)
        self.palette_card.set_contexts(self.stack.contexts)
        self._idle.expired.connect(self._on_idle_expired)
        self._lock_tick.timeout.connect(self._show_minutes_to_lock)
        self.status_bar.lock_item.setVisible(self.can_lock)

    def _add_pages(self, specs: Iterable[PageSpec]) -> None:
        for spec in specs:
            self.stack.add_spec(spec)
            command = window_commands.go_command(self, spec)
            self._registry.add(command)
            self.rail.add_page(spec, self._registry.tooltip(command.id))

    def _arrive(self, place: Place) -> None:
        self._history.visit(place)
        self._overlays.close()
        self.rail.set_current(place.page_id)
        self._show_title()
        self.place_shown.emit(place.page_id, place.target)

    def _revisit(self, place: Place | None) -> None:
        if place is None:
            return
        was_elsewhere = place.page_id != self.stack.current_id
        page = self.stack.show_page(place.page_id)
        if was_elsewhere:
            self._focus_home(page)
        if place.target and place.target != page.target():
            page.show_target(place.target)
        self._arrive(place)

    def _focus_home(self, page: Page) -> None:
        self._panes.enter(page.home() or next(iter(page.panes()), page))

    def _show_title(self) -> None:
        page = self.current_page()
        self.setWindowTitle(window_title(page.record_number() if page is not None else ""))

    def _flush(self) -> bool:
        failure = self.stack.flush()
        if failure is None:
            return True
        sentence = str(failure) or self.tr("The last words could not be saved.")
        self.notices.hold(
            self.tr("{why} The window stays open, so that nothing is lost.").format(why=sentence)
        )
        return False

    def _show_unlock_page(self, page: UnlockPage) -> None:
        self._unlock_page = page
        page.unlocked.connect(self._on_unlocked)
        self._root.addWidget(page)
        self._root.setCurrentWidget(page)
        page.focus_field()

    def _on_unlocked(self, opened: object) -> None:
        page, self._unlock_page = self._unlock_page, None
        if page is None:
            return
        self._registry.set_suspended(False)
        self._root.setCurrentWidget(self._body)
        self._root.removeWidget(page)
        page.deleteLater()
        self.status_bar.repaint_clocks()
        place = self._history.current
        if place is not None:
            self._revisit(place)
        for window in self._hidden_windows:
            window.show()
        self._hidden_windows = []
        self._idle.start()
        self._show_minutes_to_lock()
        self.screen_unlocked.emit(opened)

    def _on_idle_expired(self) -> None:
        now = datetime.now().astimezone() if self._clock is None else self._clock()
        words = self.tr("Locked at {time:%H:%M}, after {n} minutes without a key press")
        self.lock_screen(words.format(time=now, n=self._idle.minutes))

    def _show_minutes_to_lock(self) -> None:
        self.status_bar.set_minutes_to_lock(self._idle.minutes_left() if self._idle.is_running else None)

    def _on_data_changed(self, changes: Changes, initiator: QObject | None) -> None:
        self.stack.forward(changes, initiator)

    def _on_place_changed(self, page_id: str, target: str) -> None:
        self._arrive(Place(page_id, target))

    def _on_command_started(self, command_id: str) -> None:
        if command_id != window_commands.PALETTE and not command_id.startswith("shell.text"):
            self._overlays.close()

    def _on_command_refused(self, _text: str, reason: str) -> None:
        self.notify(reason)

    def _on_menu_requested(self, at: QPoint) -> None:
        menu = self._registry.menu(window_commands.menu_ids(), self)
        menu.aboutToHide.connect(functools.partial(QTimer.singleShot, 0, menu.deleteLater))
        menu.popup(at)

    def _on_sync_requested(self) -> None:
        if self.stack.has("sync"):
            self.go("sync")
        else:
            self.notify(self.tr("Everything is saved here. The server gets it when it is back."))
