"""The library: every document, its text, its versions, and new ones."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.services.workspace.database import Database
from app.ui.errors.show import show_error
from app.ui.jobs import JobRunner
from app.ui.library.actions import IMPORT_KEY, library_commands
from app.ui.library.compare_course import CompareCourse
from app.ui.library.compare_pane import ComparePane
from app.ui.library.desk import KINDS, LABEL_KINDS, LibraryDesk
from app.ui.library.dropped import ChooseFiles, choose_with_dialog
from app.ui.library.empty_library import empty_library, nothing_chosen_words
from app.ui.library.fact_lines import FactLine
from app.ui.library.flowing import forget_texts
from app.ui.library.import_pane import ImportPane
from app.ui.library.importing import ImportCourse, ImportingPage
from app.ui.library.label_course import LabelCourse
from app.ui.library.label_reader import LabelReader
from app.ui.library.lifecycle import LETTER_KINDS, LifecycleCourse
from app.ui.library.list_course import ListCourse
from app.ui.library.list_pane import DUE, LABELS, ListPane
from app.ui.library.panes import LibraryPanes
from app.ui.library.plan_pane import PlanPane
from app.ui.library.reader import DocumentReader
from app.ui.library.reading_course import ReadingCourse
from app.ui.shell.actions import LIST, Registry
from app.ui.widgets import PageHeader, SearchField


class LibraryPage(ImportingPage):
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
        self.header = PageHeader(self.tr("Library"))
        self.search = SearchField(self.tr("Search titles and full text"), "/")
        self.list_pane = ListPane()
        self.reader = DocumentReader(self.today)
        self.import_pane = ImportPane(self.today)
        self.plan_pane = PlanPane()
        self.lifecycle = LifecycleCourse(self._desk, self.reader, self.list_pane, self.plan_pane, self)
        self.label_reader, self.compare_pane = LabelReader(), ComparePane()
        self.lists = ListCourse(self._desk, self.list_pane, self.header, self.search, self)
        self.reading = ReadingCourse(self._desk, self.reader, self.lists, self.lifecycle, self)
        self.labels = LabelCourse(self._desk, self.list_pane, self.label_reader, self.search, self)
        self.comparing = CompareCourse(self._desk, self.compare_pane, self.reader, self.label_reader, self)
        self._import_course = ImportCourse(self._desk, self.import_pane, self)
        self.empty = empty_library(self.choose_files)
        self.body = LibraryPanes(
            self.list_pane,
            self.reader,
            self.label_reader,
            self.import_pane,
            self.plan_pane,
            self.compare_pane,
            self.empty,
        )
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
        if not self.lists.listing.is_read:
            self.reload()

    def refresh(self, changes: Changes) -> None:
        """Read again what changed: documents, labels, or the letters around them."""
        if changes.touch(*KINDS):
            self.reload()
        elif changes.touch(*LETTER_KINDS):
            self.lifecycle.reload()
        elif changes.touch(*LABEL_KINDS):
            self.labels.reload()

    def reload(self) -> None:
        """Read the lists and the document again."""
        self.lists.reload()
        self.labels.reload()
        self.lifecycle.reload()
        self.reading.reload()

    def show_target(self, target: str) -> None:
        """Show one version, whatever the list is filtered to."""
        self.body.leave_compare()
        self.lists.show_everything(target)
        self.reading.show(target)
        self.body.show_right(self.reader)

    def target(self) -> str:
        """Return the version that is shown."""
        return self.reader.row.id if self.reader.row is not None else ""

    def record_number(self) -> str:
        """Return the number of the document, which names nobody."""
        return self.reader.row.code if self.reader.row is not None else ""

    def panes(self) -> Sequence[QWidget]:
        """Return the list and what stands beside it."""
        return (self.compare_pane,) if self.body.is_comparing else (self.list_pane, self.body.right)

    def home(self) -> QWidget | None:
        """Start in the list, or at the next steps of an empty library."""
        return self.empty if self.body.is_empty else self.list_pane.front

    def shortcut_targets(self, context: str) -> Sequence[QWidget]:
        """Let single keys work in the lists alone."""
        lists = (
            self.list_pane.list,
            self.list_pane.due.list,
            self.list_pane.gaps.list,
            self.reader.versions.list,
            self.reader.uses.list,
            self.reader.variants.list,
            self.list_pane.labels.list,
            self.label_reader.list,
            self.compare_pane.list,
        )
        return lists if context == LIST else ()

    def drop(self) -> None:
        """Forget every document that was read."""
        self._desk.cancel_reads()
        self.lists.forget()
        self.labels.forget()
        self.compare_pane.clear()
        self.body.leave_compare()
        self.reader.clear()
        self.lifecycle.forget()
        forget_texts()

    def save_layout(self) -> Mapping[str, object]:
        """Return widths and sorting."""
        listing = self.lists.listing
        return {
            "sizes": self.body.splitter.sizes(),
            "sort": listing.sort,
            "descending": listing.is_descending,
        }

    def restore_layout(self, layout: Mapping[str, object]) -> None:
        """Take widths and sorting over."""
        sizes, key = layout.get("sizes"), layout.get("sort")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) for size in sizes):
            self.body.splitter.setSizes(sizes)
        if key in ("title", "state", "whom", "due"):
            self.list_pane.heads.sort_by(key, descending=bool(layout.get("descending")))

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self.body.leave_compare()
        self.body.back_to_list()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def step(self, by: int) -> None:
        """Choose the next or previous document."""
        self.list_pane.front.step(by)

    @Slot()
    def _on_list_shown(self) -> None:
        listing = self.lists.listing
        if listing.rows or listing.found:
            self.list_pane.show_list()
        else:
            self.list_pane.show_no_match(*listing.no_match(self.lists.words))
        self._show_state()
        self.reading.mark_words()

    def _show_state(self) -> None:
        listing = self.lists.listing
        self.body.show_empty(listing.is_empty and not self.list_pane.backlog)
        self.search.setEnabled(not listing.is_empty or self.list_pane.backlog == LABELS)

    @Slot()
    def _on_kind_changed(self) -> None:
        backlog = self.list_pane.backlog
        self.body.nothing_chosen.set_words(*nothing_chosen_words(is_label=backlog == LABELS))
        if backlog == LABELS:
            self.labels.reload()
            if self.label_reader.row is not None:
                self.body.show_label()
        elif self.body.shows_label:
            self.body.show_chosen()
        if self.lists.listing.is_read:
            self._show_state()
        line = self.list_pane.due.list.current
        if backlog == DUE and line is not None:
            self.reading.preview(line.key)

    @Slot(str)
    def _on_opened(self, version_id: str) -> None:
        if self.import_pane.is_running:
            return
        self.reading.show(version_id)
        self.body.show_right(self.reader)
        self.reader.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.place_changed.emit(version_id)

    @Slot(object)
    def _on_due_opened(self, line: FactLine) -> None:
        self._on_opened(line.key)

    @Slot()
    def _on_reader_wanted(self) -> None:
        self.body.show_right(self.reader)

    @Slot()
    def _on_missed(self) -> None:
        self.message_requested.emit(self.tr("This document is no longer here."))

    @Slot()
    def _on_label_read(self) -> None:
        if self.list_pane.backlog == LABELS:
            self.body.show_label()

    @Slot()
    def _on_label_opened(self) -> None:
        self.body.show_right(self.label_reader)
        self.label_reader.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(str)
    def _on_changed(self, outcome: str) -> None:
        self.message_requested.emit(outcome)
        self.reload()

    @Slot()
    def _on_import_closed(self) -> None:
        if not self.import_pane.is_running:
            self.body.close_form()

    @Slot(object, bool)
    def _on_failed(self, error: AppError, can_retry: bool) -> None:
        show_error(self, error, retry=self.reload if can_retry else None)

    @Slot(str)
    def _on_case(self, inquiry_id: str) -> None:
        self.go_requested.emit("case", inquiry_id)

    @Slot()
    def _on_plan(self) -> None:
        self.body.show_right(self.plan_pane)

    def _connect(self) -> None:
        self.lists.shown.connect(self._on_list_shown)
        self.lists.moved.connect(self.reading.preview)
        self.lists.kind_changed.connect(self._on_kind_changed)
        self.reading.read.connect(self.body.show_document)
        self.reading.missed.connect(self._on_missed)
        self.reading.wanted.connect(self._on_reader_wanted)
        self.labels.read.connect(self._on_label_read)
        self.labels.opened.connect(self._on_label_opened)
        self.comparing.opened.connect(self.body.show_compare)
        self.label_reader.compare_requested.connect(self.comparing.compare_label)
        self.reader.versions.compare_requested.connect(self.comparing.compare_document)
        self._desk.changed.connect(self._on_changed)
        self._desk.imported.connect(self.reload)
        self._desk.failed.connect(self._on_failed)
        self.search.left.connect(self.body.back_to_list)
        self.search.returnPressed.connect(self.body.back_to_list)
        self.list_pane.list.opened.connect(self._on_opened)
        self.list_pane.due.list.opened.connect(self._on_due_opened)
        self.lifecycle.version_previewed.connect(self.reading.preview)
        self.lifecycle.version_requested.connect(self.show_target)
        self.lifecycle.case_requested.connect(self._on_case)
        self.lifecycle.plan_requested.connect(self._on_plan)
        self.plan_pane.form.closed.connect(self.body.close_form)
        self.import_pane.closed.connect(self._on_import_closed)

    def _build(self) -> None:
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header.set_field(self.search)
        self.header.add_secondary(
            self.tr("Import"), self.choose_files, shortcut=IMPORT_KEY, icon="file-input"
        )
        column.addWidget(self.header)
        column.addWidget(self.body, 1)
