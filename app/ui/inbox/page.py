"""The inbox as a page of the window: list, new inquiry, import."""

import functools
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError, NotAllowedError
from app.models.changes import Changes
from app.services.intake import commands
from app.services.intake.queries import FormDraft
from app.services.jobs import JobContext
from app.services.settings import queries as settings
from app.services.settings.queries import ProductView
from app.services.workspace.database import Database
from app.ui.inbox.actions import IMPORT, NEW, inbox_commands, view_commands
from app.ui.inbox.import_dialog import ImportScreen, files_in
from app.ui.inbox.list_screen import ListScreen
from app.ui.inbox.new_inquiry import NewInquiry
from app.ui.inbox.row_words import clock_time
from app.ui.inbox.stores import DraftStore
from app.ui.inbox.views_panel import SAVED, VIEWS
from app.ui.jobs import JobRunner
from app.ui.shell.actions import LIST, Registry
from app.ui.shell.page import Page

_TICK_MS: Final = 10_000
_VIEW: Final = "view:"
# Whatever a row, a count or the preview is made of.
KINDS: Final = frozenset(
    {
        "inquiry",
        "inquiry_question",
        "off_label_assessment",
        "requester",
        "contact",
        "adverse_event_report",
        "product_quality_complaint",
        "safety_handoff",
        "product",
        "user",
        "response",
        "letter",
    }
)


class InboxPage(Page):
    """Holds three screens; the list is where the keyboard comes home to."""

    def __init__(
        self,
        database: Database,
        runner: JobRunner,
        *,
        registry: Registry | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._database, self._runner, self._registry = database, runner, registry
        self._store = DraftStore(database)
        self._drafts: tuple[FormDraft, ...] = ()
        self.listing = ListScreen(database, runner)
        self.form = NewInquiry(database, runner, self._store)
        self.importer = ImportScreen(database, runner)
        self._screens = QStackedWidget()
        self._new_action = QAction(self.tr("New inquiry"), self)
        self._new_action.triggered.connect(self.begin_new)
        self._ticks = QTimer(self, interval=_TICK_MS)
        self._ticks.timeout.connect(self._on_tick)
        self._minute = 0
        self._view_commands: list[str] = []
        self._build()
        self._connect()
        if registry is not None:
            registry.extend(inbox_commands(self))

    def activate(self) -> None:
        """Come on screen, catch up, and let the clocks run."""
        super().activate()
        self._ticks.start()
        if self.listing.model.query is None:
            self.listing.reload()
        else:
            self.listing.tick()
        self._read_drafts()

    def deactivate(self) -> None:
        """Leave the screen; the clocks of the rows stand still."""
        super().deactivate()
        self._ticks.stop()

    def refresh(self, changes: Changes) -> None:
        """Read again what these changes touch."""
        if changes.touch(*KINDS):
            self.listing.reload()
            self._read_drafts()

    def show_target(self, target: str) -> None:
        """Open the form, the import, a view, or choose an inquiry."""
        if target == NEW:
            self.begin_new()
        elif target == IMPORT:
            self.begin_import()
        elif target.startswith(_VIEW):
            self.show_list()
            view = target.removeprefix(_VIEW)
            if view in VIEWS or view.startswith(SAVED):
                self.listing.browse(view)
        else:
            self.show_list()
            self.listing.choose(target)

    def target(self) -> str:
        """Return the view on screen."""
        return _VIEW + self.listing.key

    def primary_action(self) -> QAction | None:
        """Return what Ctrl+Enter does on this screen."""
        shown = self._screens.currentWidget()
        if shown is self.form:
            return self.form.save_action
        return self.importer.primary if shown is self.importer else self._new_action

    def panes(self) -> Sequence[QWidget]:
        """Return the panes of this screen."""
        if self._screens.currentWidget() is self.form:
            return (self.form.notes, self.form.side)
        if self._screens.currentWidget() is self.importer:
            return (self.importer,)
        return self.listing.panes()

    def home(self) -> QWidget | None:
        """Return where the keyboard goes first."""
        if self._screens.currentWidget() is self.listing:
            return self.listing.list_area
        return self.panes()[0]

    def shortcut_targets(self, context: str) -> Sequence[QWidget]:
        """Return the list, in which single letters work."""
        return (self.listing.list,) if context == LIST else ()

    def flush(self) -> None:
        """Save every word of the form before returning."""
        self.form.keep()
        self.listing.drafts.settle()
        self.form.drafts.settle()

    def drop(self) -> None:
        """Forget every record, after the words of the form were saved."""
        self.deactivate()
        self.listing.clear()
        self.form.begin()
        self._drafts = ()

    def save_layout(self) -> Mapping[str, object]:
        """Return widths, view and order as plain values."""
        return self.listing.save_layout()

    def restore_layout(self, layout: Mapping[str, object]) -> None:
        """Put widths, view and order where they were."""
        self.listing.restore_layout(layout)

    @Slot()
    def show_list(self) -> None:
        """Go back to the list; a form with words is kept as a draft."""
        if self._screens.currentWidget() is self.form:
            self.form.keep()
        self._show(self.listing)
        self._read_drafts()
        self.listing.list.setFocus()

    @Slot()
    def begin_new(self) -> None:
        """Open the form, stamped with now."""
        if self._screens.currentWidget() is self.form:
            return
        self.form.begin()
        self._show(self.form)
        self.form.notes.edit.setFocus()
        self._read_drafts()
        query = functools.partial(_products, self._database)
        self._runner.run_query(query, on_done=self.form.set_products, owner=self)

    @Slot()
    def begin_import(self) -> None:
        """Offer to choose files."""
        if self._screens.currentWidget() is self.form:
            self.form.keep()
        self._show(self.importer)
        self.importer.begin()

    def open_chosen(self) -> None:
        """Open the chosen inquiry as a case."""
        self._on_open(self.listing.chosen_id())

    def take_chosen(self) -> None:
        """Make what is chosen one's own, or say what is in the way."""
        if self.listing.list.chosen_count() > 1:
            self.listing.bulk.take()
            return
        inquiry_id = self.listing.chosen_id()
        if inquiry_id:
            self._runner.run_command(
                functools.partial(_take, self._database, inquiry_id),
                on_done=self._on_taken,
                on_failed=self._on_not_taken,
            )

    def show_saved(self, view_id: str) -> None:
        """Show a saved view."""
        self.show_list()
        self.listing.browse(SAVED + view_id)

    def step_down(self) -> None:
        """Choose the next inquiry."""
        self.listing.list.step(1)

    def step_up(self) -> None:
        """Choose the inquiry before."""
        self.listing.list.step(-1)

    def toggle_density(self) -> None:
        """Give rows one line or two."""
        self.listing.list.set_compact(not self.listing.list.delegate.is_compact)

    def why_nothing_chosen(self) -> str | None:
        """Say why there is nothing to act on, if so."""
        return None if self.listing.chosen_id() else self.tr("No inquiry is chosen.")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that can be imported."""
        if files_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import the files that were dropped."""
        paths = files_in(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.begin_import()
            self.importer.open_files(paths)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screens)
        for screen in (self.listing, self.form, self.importer):
            self._screens.addWidget(screen)
        self.setAcceptDrops(True)

    def _connect(self) -> None:
        self.listing.new_requested.connect(self.begin_new)
        self.listing.import_requested.connect(self.begin_import)
        self.listing.open_requested.connect(self._on_open)
        self.listing.view_shown.connect(self._on_view_shown)
        self.listing.preview.take_requested.connect(self.take_chosen)
        self.listing.saved.changed.connect(self._on_views_changed)
        self.listing.saved.told.connect(self.message_requested)
        self.listing.bulk.told.connect(self.message_requested)
        self.form.left.connect(self._on_form_left)
        self.form.saved.connect(self._on_saved)
        self.importer.left.connect(self.show_list)
        self.importer.show_requested.connect(self._on_show_imported)
        self.importer.told.connect(self.message_requested)
        for strip in (self.listing.drafts, self.form.drafts):
            strip.continue_requested.connect(self._on_draft_continued)
            strip.discarded.connect(self._on_draft_discarded)
        if self._registry is not None:
            # The steps of an empty view stand where the list stood, so its letters work there too.
            self._registry.attach(LIST, self.listing.list_area)

    def _show(self, screen: QWidget) -> None:
        self._screens.setCurrentWidget(screen)

    def _read_drafts(self) -> None:
        self._runner.run_query(functools.partial(_drafts, self._store), on_done=self._on_drafts, owner=self)

    def _on_drafts(self, drafts: tuple[FormDraft, ...]) -> None:
        self._drafts = drafts
        now, zone = self.listing.now(), self.listing.zone()
        for strip, shown in (
            (self.listing.drafts, drafts),
            (self.form.drafts, tuple(each for each in drafts if each.id != self.form.keeper.id)),
        ):
            strip.show_drafts(shown, [clock_time(each.saved_at, zone, now) for each in shown])

    def _on_draft_continued(self, draft_id: str) -> None:
        draft = next((each for each in self._drafts if each.id == draft_id), None)
        if draft is None:
            return
        self.form.keep()
        self._show(self.form)
        self.form.begin(draft)
        self._read_drafts()
        self._runner.run_query(
            functools.partial(_products, self._database), on_done=self.form.set_products, owner=self
        )

    def _on_draft_discarded(self, draft_id: str) -> None:
        store = self._store

        def call(_job: JobContext) -> None:
            store.forget(draft_id)

        self._runner.run_io(call, on_done=self._on_draft_gone, owner=self)

    def _on_draft_gone(self, _nothing: None) -> None:
        self._read_drafts()

    def _on_form_left(self, sentence: str) -> None:
        self.show_list()
        if sentence:
            self.message_requested.emit(sentence)

    def _on_saved(self, inquiry_id: str, number: str) -> None:
        self.show_list()
        self.message_requested.emit(self.tr("{number} is in the inbox.").format(number=number))
        self.go_requested.emit("case", inquiry_id)

    def _on_show_imported(self) -> None:
        self.show_list()
        self.listing.browse("all_open")
        self.listing.sort_by("received", is_descending=True)

    def _on_open(self, inquiry_id: str) -> None:
        if inquiry_id:
            self.go_requested.emit("case", inquiry_id)

    def _on_view_shown(self, view: str) -> None:
        if self.is_active:
            self.place_changed.emit(_VIEW + view)

    def _on_views_changed(self) -> None:
        if self._registry is None:
            return
        # The digits belong to places, so all are registered anew when one view moves.
        for command_id in self._view_commands:
            self._registry.remove(command_id)
        commands_now = view_commands(self)
        self._view_commands = [command.id for command in commands_now]
        self._registry.extend(commands_now)

    def _on_taken(self, _changes: Changes) -> None:
        self.listing.preview.show_refusal("")
        self.message_requested.emit(self.tr("Taken. It is yours now."))

    def _on_not_taken(self, error: AppError) -> None:
        blockers = error.blockers if isinstance(error, NotAllowedError) else ()
        sentence = " ".join(blockers) or str(error)
        self.listing.preview.show_refusal(sentence)
        if not self.listing.preview.isVisible():
            self.message_requested.emit(sentence)

    @Slot()
    def _on_tick(self) -> None:
        self.listing.tick()
        minute = self.listing.now() // 60_000
        if minute != self._minute:
            self._minute = minute
            self.listing.read_counts()


def _take(database: Database, inquiry_id: str, _job: JobContext) -> Changes:
    return database.write(commands.assign, inquiry_id)


def _products(database: Database, _job: JobContext) -> tuple[ProductView, ...]:
    return database.read(settings.products)


def _drafts(store: DraftStore, _job: JobContext) -> tuple[FormDraft, ...]:
    return store.kept()
