"""The course of comparing: which two versions, and what changed between them."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.ui.library.compare_pane import ComparePane
from app.ui.library.comparing import Subject, subject_of_document, subject_of_label
from app.ui.library.desk import LibraryDesk
from app.ui.library.label_reader import LabelReader
from app.ui.library.reader import DocumentReader


class CompareCourse(QObject):
    """Fill the pane that compares two versions of a document or a label."""

    opened = Signal()

    def __init__(
        self,
        desk: LibraryDesk,
        pane: ComparePane,
        reader: DocumentReader,
        label_reader: LabelReader,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._pane = desk, pane
        self._reader, self._label_reader = reader, label_reader
        pane.pair_chosen.connect(self._on_pair_chosen)

    def compare(self) -> None:
        """Compare the version of the document or label on screen with the one before it."""
        if self._label_reader.isVisible():
            self.compare_label()
        else:
            self.compare_document()

    @Slot()
    def compare_document(self) -> None:
        """Compare the version of the document that is shown with the one before it."""
        row, versions = self._reader.row, self._reader.versions.all
        if row is not None and self._reader.versions.why_no_compare() is None:
            self._open(subject_of_document(row, versions), row.id)

    @Slot()
    def compare_label(self) -> None:
        """Compare the version of the label that is shown with the one before it."""
        row, versions = self._label_reader.row, self._label_reader.versions
        if row is not None and self._label_reader.why_no_compare() is None:
            self._open(subject_of_label(versions), row.id)

    def why_no_compare(self) -> str | None:
        """Say why no two versions can be compared, if so."""
        if self._pane.isVisible():
            return self.tr("Two versions are compared already. Esc leaves.")
        if self._label_reader.isVisible():
            return self._label_reader.why_no_compare()
        if self._reader.row is None:
            return self.tr("Choose a document first.")
        return self._reader.versions.why_no_compare()

    def why_no_step(self) -> str | None:
        """Say why there is no change to go to, if so."""
        return self.why_no_toggle() or self._pane.why_no_step()

    def why_no_toggle(self) -> str | None:
        """Say why sections that are the same cannot be left out, if so."""
        return None if self._pane.isVisible() else self.tr("Compare two versions first.")

    def _open(self, subject: Subject, shown: str) -> None:
        other = subject.before(shown)
        ids = [side.id for side in subject.sides]
        newer, older = sorted((shown, other), key=ids.index)
        self._pane.open_for(subject, older, newer)
        self.opened.emit()

    @Slot(str, str)
    def _on_pair_chosen(self, older_id: str, newer_id: str) -> None:
        subject, database = self._pane.subject, self._desk.database
        if subject is not None:
            read = partial(subject.read, database, older_id, newer_id)
            self._desk.ask("compare", lambda _job: read(), self._pane.show_sections)
