"""Import inquiries: choose or drop files, watch, read the report."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.models.changes import Changes
from app.services.intake.queries import ColumnMapping
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox.import_job import ImportJob
from app.ui.inbox.import_preview import ImportPreview
from app.ui.inbox.import_report import ImportOutcome, ReportModel, as_text, report_lines, summary
from app.ui.inbox.import_tables import CellDelegate
from app.ui.jobs import JobRunner
from app.ui.widgets import (
    EmptyState,
    InlineProgress,
    PageHeader,
    announce,
    icon_button,
    quiet_button,
    secondary_button,
    set_tone,
    text_label,
)

MAILS: Final = (".eml", ".msg")
ENDINGS: Final = (*MAILS, ".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".ndjson")


def files_in(mime: QMimeData) -> list[Path]:
    """Return the files of a drop that can be imported."""
    dropped = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in dropped if path.suffix.lower() in ENDINGS]


class ImportScreen(QWidget):
    """Begins an import and shows what became of every row."""

    left = Signal()
    show_requested = Signal()
    told = Signal(str)

    def __init__(self, database: Database, runner: JobRunner) -> None:
        super().__init__()
        self._database, self._runner = database, runner
        self._job: ImportJob | None = None
        self.outcome = ImportOutcome(())
        self.model = ReportModel(self)
        self.primary = QAction(self.tr("Choose files"), self)
        self.primary.triggered.connect(self._on_primary)
        self._build()

    @property
    def is_running(self) -> bool:
        """Whether an import has not ended yet."""
        return self._job is not None

    def begin(self) -> None:
        """Offer to choose files, unless an import runs."""
        if not self.is_running and self._pages.currentWidget() is not self.preview:
            self._pages.setCurrentWidget(self.start)
            self._set_primary(self.tr("Choose files"), "folder-open")
            self._line.hide()
        self.start_button.setFocus()

    @Slot()
    def choose(self) -> None:
        """Ask for files and look at them."""
        kinds = " ".join(f"*{ending}" for ending in ENDINGS)
        pattern = self.tr("Inquiries ({kinds})").format(kinds=kinds)
        paths, _ = QFileDialog.getOpenFileNames(self, self.tr("Import inquiries"), "", pattern)
        if paths:
            self.open_files([Path(path) for path in paths])

    def open_files(self, paths: Sequence[Path]) -> None:
        """Import mails at once; show files of rows first, with what would become of them."""
        if self.is_running:
            self._tell_running()
        elif all(path.suffix.lower() in MAILS for path in paths):
            self.import_files(paths)
        else:
            self._line.hide()
            self._pages.setCurrentWidget(self.preview)
            self._set_primary(self.tr("Import"), "file-input")
            self.primary.setEnabled(False)
            self.preview.look_at(paths)
            self.preview.setFocus()

    def import_files(
        self, paths: Sequence[Path], mappings: Mapping[Path, ColumnMapping] | None = None
    ) -> None:
        """Import files in the background; one import at a time."""
        if self.is_running:
            self._tell_running()
            return
        self._job = ImportJob(self._database, paths, mappings)
        label = self.tr("Importing {name}").format(name=paths[0].name)
        handle = self._runner.run_command(
            self._job.run, label=label, on_done=self._on_done, on_failed=self._on_failed
        )
        self.progress.follow(handle)
        handle.ended.connect(self._on_ended)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the look at files, then the page, with Esc; a running import goes on."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_back()
        else:
            super().keyPressEvent(event)

    @Slot()
    def copy_report(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(as_text(self.outcome))
        self.told.emit(self.tr("The report is on the clipboard."))

    @Slot()
    def save_report(self) -> None:
        """Ask for a file and write the report into it."""
        name = self.tr("Import report.txt")
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save report"), name, self.tr("Text (*.txt *.tsv)")
        )
        if path:
            self.write_report(Path(path))

    def write_report(self, path: Path) -> None:
        """Write the report into a file, or say why it cannot be."""
        try:
            path.write_text(as_text(self.outcome), encoding="utf-8")
        except OSError as error:
            reason = error.strerror or self.tr("the disk did not answer")
            words = self.tr("The report was not saved: {why}. It is still here; choose another place.")
            self._say(words.format(why=reason), "over")
        else:
            self.told.emit(self.tr("Report saved as {name}.").format(name=path.name))

    def _build(self) -> None:
        self.header = PageHeader(self.tr("Import inquiries"))
        back = icon_button("arrow-left", self.tr("Back to the inbox"), "Esc", on_click=self._on_back)
        self.header.add_before_title(back)
        self.progress = InlineProgress()
        self._line = text_label(role="card", wraps=True)
        self._pages = QStackedWidget()
        self.start = self._make_start()
        self.report = self._make_report()
        self.preview = ImportPreview(self._database, self._runner)
        self.preview.ready_changed.connect(self._on_ready)
        self._pages.addWidget(self.start)
        self._pages.addWidget(self.preview)
        self._pages.addWidget(self.report)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        top = QVBoxLayout()
        edge = theme.SPACE.page_edge
        top.setContentsMargins(edge, theme.SPACE.s, edge, 0)
        for part in (self.progress, self._line):
            top.addWidget(part)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        self._line.hide()
        self._set_primary(self.tr("Choose files"), "folder-open")

    def _make_start(self) -> EmptyState:
        words = self.tr(
            "Drop e-mails (.eml, .msg) or exports (Excel, CSV, JSON) anywhere on the window. "
            "You see how an export will be read before anything is taken in. "
            "Rows that are here already are recognised, so a file can be imported again."
        )
        state = EmptyState("file-input", self.tr("Which files?"), words)
        self.start_button = state.add_step(
            self.tr("Choose files"),
            self.choose,
            reason=self.tr("One or many; the rows of each are reported"),
            icon="folder-open",
            shortcut="Ctrl+Enter",
        )
        return state

    def _make_report(self) -> QWidget:
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setItemDelegate(CellDelegate(self.table))
        self.table.setAccessibleName(self.tr("Report of every row"))
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        heads = self.table.horizontalHeader()
        heads.setStretchLastSection(True)
        heads.setHighlightSections(False)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        place = QWidget()
        column = QVBoxLayout(place)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.m, edge, theme.SPACE.m)
        column.setSpacing(theme.SPACE.m)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        row.addWidget(secondary_button(self.tr("Copy report"), icon="copy", on_click=self.copy_report))
        row.addWidget(secondary_button(self.tr("Save report"), icon="save", on_click=self.save_report))
        row.addStretch(1)
        row.addWidget(quiet_button(self.tr("Import more"), icon="folder-open", on_click=self.choose))
        column.addLayout(row)
        return place

    def _set_primary(self, text: str, icon: str) -> None:
        self.primary.setEnabled(True)
        self.primary.setText(text)
        self.header.set_primary(text, self.primary.trigger, icon=icon)

    def _say(self, words: str, tone: str = "text.1") -> None:
        self._line.setText(words)
        set_tone(self._line, tone)
        self._line.show()
        announce(self, words)

    def _on_primary(self) -> None:
        if self._pages.currentWidget() is self.report:
            self.show_requested.emit()
        elif self._pages.currentWidget() is self.preview:
            self._run_previewed()
        else:
            self.choose()

    def _run_previewed(self) -> None:
        if self.preview.is_ready and not self.is_running:
            self.primary.setEnabled(False)
            self.import_files(self.preview.paths, self.preview.mappings())

    def _tell_running(self) -> None:
        self.told.emit(self.tr("An import runs already. Drop the files again when it is done."))

    @Slot(bool)
    def _on_ready(self, is_ready: bool) -> None:
        if self._pages.currentWidget() is self.preview:
            self.primary.setEnabled(is_ready and not self.is_running)

    @Slot()
    def _on_back(self) -> None:
        if self._pages.currentWidget() is self.preview and not self.is_running:
            self._pages.setCurrentWidget(self.start)
            self._set_primary(self.tr("Choose files"), "folder-open")
            self.start_button.setFocus()
        else:
            self.left.emit()

    def _on_done(self, _changes: Changes) -> None:
        if self._job is None:
            return
        self.outcome = self._job.outcome
        self.model.show_lines(report_lines(self.outcome))
        widths = (240, 70, 120)
        for column, width in enumerate(widths):
            self.table.setColumnWidth(column, theme.scaled(width))
        self.table.verticalHeader().setDefaultSectionSize(theme.scaled(theme.HEIGHT.row_compact))
        self._pages.setCurrentWidget(self.report)
        self._set_primary(self.tr("Show in the inbox"), "inbox")
        self._say(summary(self.outcome))
        if self.isVisible():
            self.table.setFocus()
        else:
            self.told.emit(summary(self.outcome))

    def _on_failed(self, error: AppError) -> None:
        words = self.tr("{why} What was read before is in the inbox; import the file again to go on.")
        self._say(words.format(why=str(error)), "over")

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
