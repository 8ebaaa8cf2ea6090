"""The library: every document, its text, its versions, and new ones."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.models.library_forms import Approval
from app.services.library.queries import Document, DocumentRow
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.errors.show import show_error
from app.ui.jobs import JobRunner
from app.ui.library import steps
from app.ui.library.actions import IMPORT_KEY, library_commands
from app.ui.library.desk import KINDS, LibraryDesk
from app.ui.library.dropped import ChooseFiles, choose_with_dialog, dropped_files
from app.ui.library.empty_library import empty_library, nothing_chosen
from app.ui.library.fact_lines import FactLine
from app.ui.library.flowing import forget_texts
from app.ui.library.found import FoundDocument
from app.ui.library.import_pane import ImportPane
from app.ui.library.importing import ImportCourse
from app.ui.library.lifecycle import LETTER_KINDS, LifecycleCourse
from app.ui.library.list_pane import DUE, ListPane
from app.ui.library.listing import Listing, fact_of
from app.ui.library.matching import Matcher
from app.ui.library.plan_pane import PlanPane
from app.ui.library.reader import DocumentReader
from app.ui.library.rows import SortKey
from app.ui.shell.actions import LIST, Registry
from app.ui.shell.page import Page
from app.ui.widgets import PageHeader, SearchField, Splitter

_LIST_WIDTH: Final = 640
_NARROW: Final = 928


class LibraryPage(Page):
    """List and reader side by side; the import takes the reader's place."""

    def __init__(
        self,
        database: Database,
        runner: JobRunner,
        *,
        registry: Registry | None = None,
        choose_files: ChooseFiles = choose_with_dialog,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._choose = choose_files
        self._desk = LibraryDesk(database, runner, self)
        self._listing = Listing()
        self._shows_reader = False
        self.header = PageHeader("Library")
        self.search = SearchField("Search titles and full text", "/")
        self.list_pane = ListPane()
        self.reader = DocumentReader(self.today)
        self.import_pane = ImportPane(self.today)
        self.plan_pane = PlanPane()
        self.lifecycle = LifecycleCourse(self._desk, self.reader, self.list_pane, self.plan_pane, self)
        self._import_course = ImportCourse(self._desk, self.import_pane, self)
        self.nothing_chosen = nothing_chosen()
        self.empty = empty_library(self.choose_files)
        self.splitter = Splitter()
        self._right = QStackedWidget()
        self._body = QStackedWidget()
        self._build()
        self._connect()
        if registry is not None:
            registry.extend(library_commands(self))

    def today(self) -> date:
        """Return the day of this device."""
        return self._desk.today()

    def activate(self) -> None:
        """Come on screen; read the list the first time."""
        super().activate()
        if not self._listing.all:
            self.reload()

    def refresh(self, changes: Changes) -> None:
        """Read the list again if a document changed."""
        if changes.touch(*KINDS):
            self.reload()
        elif changes.touch(*LETTER_KINDS):
            self.lifecycle.reload()

    def reload(self) -> None:
        """Read the list, the search and the document again."""
        self._desk.read_list()
        self.lifecycle.reload()
        self._search_again()

    def show_target(self, target: str) -> None:
        """Show one version, whatever the list is filtered to."""
        self._listing.chosen = target
        self.search.clear()
        self.search.search_now()
        self._choose_kind("")
        self.list_pane.list.choose(target)
        self._desk.read(target)
        self._show_right(self.reader)

    def target(self) -> str:
        """Return the version that is shown."""
        return self.reader.row.id if self.reader.row is not None else ""

    def record_number(self) -> str:
        """Return the number of the document, which names nobody."""
        return self.reader.row.code if self.reader.row is not None else ""

    def panes(self) -> Sequence[QWidget]:
        """Return the list and what stands beside it."""
        return (self.list_pane, self._right)

    def home(self) -> QWidget | None:
        """Start in the list, or at the next steps of an empty library."""
        return self.empty if self._body.currentWidget() is self.empty else self.list_pane.front

    def shortcut_targets(self, context: str) -> Sequence[QWidget]:
        """Let single keys work in the lists alone."""
        lists = (
            self.list_pane.list,
            self.list_pane.due.list,
            self.list_pane.gaps.list,
            self.reader.versions.list,
            self.reader.uses.list,
            self.reader.variants.list,
        )
        return lists if context == LIST else ()

    def drop(self) -> None:
        """Forget every document that was read."""
        self._desk.cancel_reads()
        self._listing.forget()
        self.list_pane.list.show_rows([], "")
        self.reader.clear()
        self.lifecycle.forget()
        forget_texts()

    def save_layout(self) -> Mapping[str, object]:
        """Return widths and sorting."""
        listing = self._listing
        return {"sizes": self.splitter.sizes(), "sort": listing.sort, "descending": listing.is_descending}

    def restore_layout(self, layout: Mapping[str, object]) -> None:
        """Take widths and sorting over."""
        sizes, key = layout.get("sizes"), layout.get("sort")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) for size in sizes):
            self.splitter.setSizes(sizes)
        if key in ("title", "state", "whom", "due"):
            self.list_pane.heads.sort_by(key, descending=bool(layout.get("descending")))

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self._leave_reader()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def step(self, by: int) -> None:
        """Choose the next or previous document."""
        self.list_pane.front.step(by)

    def choose_files(self) -> None:
        """Ask for files and how they come in."""
        paths = self._choose(self)
        if paths:
            self.ask_import(paths)

    def ask_import(self, paths: Sequence[Path]) -> None:
        """Ask how these files come in."""
        if self.why_no_import() is not None:
            return
        self._body.setCurrentWidget(self.splitter)
        self._show_right(self.import_pane)
        self.import_pane.ask(paths)

    def why_no_import(self) -> str | None:
        """Say why no import can start now, if so."""
        return self.import_pane.why_busy()

    def publish(self) -> None:
        """Open the form that publishes the version shown."""
        self._show_right(self.reader)
        self.reader.open_publish()

    def why_no_publish(self) -> str | None:
        """Say why the version shown cannot be published, if so."""
        return steps.why_not_publish(self.reader.row, self.today())

    def hold(self) -> None:
        """Open the form that holds the version shown."""
        self._show_right(self.reader)
        self.reader.open_hold()

    def why_no_hold(self) -> str | None:
        """Say why the version shown cannot be held, if so."""
        return steps.why_not_hold(self.reader.row)

    def why_no_document(self) -> str | None:
        """Say that no version is shown, if so."""
        return "Choose a document first." if self.reader.row is None else None

    def in_reader(self, run: Callable[[], None]) -> None:
        """Bring the version shown to the front and do something with it."""
        self._show_right(self.reader)
        run()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show one pane at a time where two do not fit."""
        super().resizeEvent(event)
        self._fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that can be imported."""
        if dropped_files(event) and self.why_no_import() is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask how the dropped files come in."""
        paths = dropped_files(event)
        if paths:
            event.acceptProposedAction()
            self.ask_import(paths)

    @Slot(object)
    def _on_rows(self, found: tuple[DocumentRow, ...]) -> None:
        self._listing.all = found
        self._show_rows()
        if self._listing.chosen and self.reader.row is None:
            self._desk.read(self._listing.chosen)
        elif self.reader.row is not None:
            self._desk.read(self.reader.row.id)

    def _show_rows(self) -> None:
        words = self.search.text().strip()
        shown = self._listing.shown(words, self.today())
        self.header.set_fact(fact_of(shown.counts))
        self.list_pane.show_counts(shown.counts)
        self.list_pane.list.show_rows(shown.rows, self._listing.chosen)
        self._show_state(words, has_rows=bool(shown.rows), is_empty=shown.is_empty)

    def _show_state(self, words: str, *, has_rows: bool, is_empty: bool) -> None:
        is_importing = self._right.currentWidget() is self.import_pane
        self._body.setCurrentWidget(self.empty if is_empty and not is_importing else self.splitter)
        self.search.setEnabled(not is_empty)
        self.list_pane.setVisible(not is_empty and (not self._is_narrow() or not self._shows_reader))
        if has_rows:
            self.list_pane.show_list()
        else:
            self.list_pane.show_no_match(*self._listing.no_match(words))
        if not has_rows and self._right.currentWidget() is self.reader and self.reader.row is None:
            self._right.setCurrentWidget(self.nothing_chosen)

    @Slot(str)
    def _on_searched(self, words: str) -> None:
        self._listing.found = {}
        if words.strip() and self.list_pane.backlog:
            self._choose_kind("")
        self.reader.set_matcher(Matcher(words))
        self._show_rows()
        self._search_again()

    def _search_again(self) -> None:
        words = self.search.text().strip()
        if words:
            self._desk.search(words)

    @Slot(str, object)
    def _on_found(self, words: str, found: tuple[FoundDocument, ...]) -> None:
        if words != self.search.text().strip():
            return
        self._listing.take_found(found, chooses_first=self.search.hasFocus())
        self._show_rows()
        self._mark_words()

    def _mark_words(self) -> None:
        section = self._listing.section_of(self.target())
        self.reader.set_matcher(Matcher(self.search.text()), section)

    @Slot(str)
    def _on_moved(self, version_id: str) -> None:
        self._listing.chosen = version_id or self._listing.chosen
        if version_id and (self.reader.row is None or self.reader.row.id != version_id):
            self._desk.read(version_id)

    @Slot(str)
    def _on_opened(self, version_id: str) -> None:
        if self.import_pane.is_running:
            return
        self._desk.read(version_id)
        self._show_right(self.reader)
        self.reader.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.place_changed.emit(version_id)

    @Slot(object)
    def _on_due_opened(self, line: FactLine) -> None:
        self._on_opened(line.key)

    @Slot(object, object)
    def _on_document(self, document: Document | None, versions: list[DocumentRow]) -> None:
        if document is None:
            self.message_requested.emit("This document is no longer here.")
            return
        section = self._listing.section_of(document.row.id)
        self.reader.show_document(document, Matcher(self.search.text()), section)
        self.reader.show_versions(versions)
        self.lifecycle.show(document.row, versions)
        if self._right.currentWidget() is self.nothing_chosen:
            self._right.setCurrentWidget(self.reader)

    @Slot(str)
    def _on_version_chosen(self, version_id: str) -> None:
        older = self.reader.versions.older_of(version_id)
        self._desk.read_pair(older.id if older is not None else "", version_id)

    @Slot(object, object)
    def _on_pair(self, old: Document | None, new: Document | None) -> None:
        if new is not None and old is not None:
            self.reader.versions.show_pair(old, new)
        elif new is not None:
            self.reader.versions.show_single(new.row)

    @Slot(str, object)
    def _on_published(self, version_id: str, approval: Approval) -> None:
        self._desk.publish(version_id, approval, self.reader.publish_form.show)

    @Slot(str, str)
    def _on_held(self, version_id: str, reason: str) -> None:
        self._desk.hold(version_id, reason, self.reader.hold_form.show)

    @Slot(str)
    def _on_changed(self, outcome: str) -> None:
        self.message_requested.emit(outcome)
        self.reload()

    @Slot()
    def _on_import_closed(self) -> None:
        if self.import_pane.is_running:
            return
        self._show_right(self.reader if self.reader.row is not None else self.nothing_chosen)
        self._leave_reader()
        self._show_rows()

    @Slot(object, bool)
    def _on_failed(self, error: AppError, can_retry: bool) -> None:
        show_error(self, error, retry=self.reload if can_retry else None)

    @Slot(str)
    def _choose_kind(self, kind: str) -> None:
        self.list_pane.choose_view(kind)
        if self.list_pane.backlog:
            self._preview_due()
            return
        self._listing.kind = kind
        if self._listing.all:
            self._show_rows()

    def _preview_due(self) -> None:
        line = self.list_pane.due.list.current
        if self.list_pane.backlog == DUE and line is not None:
            self._on_moved(line.key)

    @Slot(str)
    def _on_case(self, inquiry_id: str) -> None:
        self.go_requested.emit("case", inquiry_id)

    @Slot()
    def _on_plan(self) -> None:
        self._body.setCurrentWidget(self.splitter)
        self._show_right(self.plan_pane)

    @Slot()
    def _on_plan_closed(self) -> None:
        self._show_right(self.reader if self.reader.row is not None else self.nothing_chosen)
        self._leave_reader()

    @Slot(str, bool)
    def _on_sorted(self, key: SortKey, descending: bool) -> None:
        self._listing.sort, self._listing.is_descending = key, descending
        if self._listing.all:
            self._show_rows()

    def _is_narrow(self) -> bool:
        return self.width() < theme.scaled(_NARROW)

    def _show_right(self, pane: QWidget) -> None:
        self._shows_reader = True
        self._right.setCurrentWidget(pane)
        self._fit()

    @Slot()
    def _leave_reader(self) -> None:
        self._shows_reader = False
        self._fit()
        self.list_pane.front.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _fit(self) -> None:
        is_narrow, has_rows = self._is_narrow(), bool(self._listing.all)
        self.reader.back_button.setVisible(is_narrow)
        self.list_pane.setVisible(has_rows and not (is_narrow and self._shows_reader))
        self._right.setVisible(not is_narrow or self._shows_reader or not has_rows)

    def _connect(self) -> None:
        self._desk.list_read.connect(self._on_rows)
        self._desk.found.connect(self._on_found)
        self._desk.document_read.connect(self._on_document)
        self._desk.pair_read.connect(self._on_pair)
        self._desk.changed.connect(self._on_changed)
        self._desk.imported.connect(self.reload)
        self._desk.failed.connect(self._on_failed)
        self.search.searched.connect(self._on_searched)
        self.search.left.connect(self._leave_reader)
        self.search.returnPressed.connect(self._leave_reader)
        self.list_pane.kind_chosen.connect(self._choose_kind)
        self.list_pane.heads.sorted_by.connect(self._on_sorted)
        self.list_pane.list.moved.connect(self._on_moved)
        self.list_pane.list.opened.connect(self._on_opened)
        self.list_pane.due.list.opened.connect(self._on_due_opened)
        self.lifecycle.version_previewed.connect(self._on_moved)
        self.lifecycle.version_requested.connect(self.show_target)
        self.lifecycle.case_requested.connect(self._on_case)
        self.lifecycle.plan_requested.connect(self._on_plan)
        self.plan_pane.form.closed.connect(self._on_plan_closed)
        self.reader.back_requested.connect(self._leave_reader)
        self.reader.versions.version_chosen.connect(self._on_version_chosen)
        self.reader.publish_form.published.connect(self._on_published)
        self.reader.hold_form.held.connect(self._on_held)
        self.import_pane.closed.connect(self._on_import_closed)
        theme.theme_signals.changed.connect(self._fit)

    def _build(self) -> None:
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header.set_field(self.search)
        self.header.add_secondary("Import", self.choose_files, shortcut=IMPORT_KEY, icon="file-input")
        column.addWidget(self.header)
        for pane in (self.reader, self.import_pane, self.plan_pane, self.nothing_chosen):
            self._right.addWidget(pane)
        self._right.setCurrentWidget(self.nothing_chosen)
        self.splitter.addWidget(self.list_pane)
        self.splitter.addWidget(self._right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.set_usual_sizes((_LIST_WIDTH, 1440 - 72 - _LIST_WIDTH))
        self._body.addWidget(self.splitter)
        self._body.addWidget(self.empty)
        column.addWidget(self._body, 1)
