"""The course of an import: from its form over the run to the report."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.models.library_forms import Approval
from app.ui.library.desk import LibraryDesk
from app.ui.library.import_pane import ImportPane


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
