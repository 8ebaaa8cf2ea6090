"""The course of an import: from its form over the run to the report."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from app.models.library_forms import Approval
from app.ui.library.desk import LibraryDesk
from app.ui.library.dropped import ChooseFiles, dropped_files
from app.ui.library.import_pane import ImportPane
from app.ui.library.panes import LibraryPanes
from app.ui.shell.page import Page


class ImportingPage(Page):
    """A page that takes files: chosen, or dropped on it."""

    import_pane: ImportPane
    body: LibraryPanes
    _choose: ChooseFiles

    def choose_files(self) -> None:
        """Ask for files and how they come in."""
        paths = self._choose(self)
        if paths:
            self.ask_import(paths)

    def ask_import(self, paths: Sequence[Path]) -> None:
        """Ask how these files come in."""
        if self.why_no_import() is not None:
            return
        self.body.show_right(self.import_pane)
        self.import_pane.ask(paths)

    def why_no_import(self) -> str | None:
        """Say why no import can start now, if so."""
        return self.import_pane.why_busy()

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


class ImportCourse(QObject):
    """Lead the pane through one import after the other."""

    def __init__(self, desk: LibraryDesk, pane: ImportPane, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._pane = desk, pane
        pane.started.connect(self._on_started)
        pane.asked.connect(self._on_asked)
        desk.imported.connect(pane.show_report)

    @Slot()
    def _on_asked(self) -> None:
        self._desk.read_products(self._pane.offer_products)

    @Slot(object, object, str)
    def _on_started(self, paths: Sequence[Path], approval: Approval | None, product: str) -> None:
        run, handle = self._desk.take_in(paths, approval, product)
        handle.ended.connect(self._on_ended)
        self._pane.follow(run, handle)

    @Slot()
    def _on_ended(self) -> None:
        # It failed, or was stopped before its first file: there is no report to show.
        if self._pane.is_running:
            self._pane.show_form_again()
