"""The course of reading: the version shown, its siblings, and publishing or holding it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from app.models.library_forms import Approval
from app.services.library.queries import Document, DocumentRow
from app.ui.library import steps
from app.ui.library.desk import LibraryDesk
from app.ui.library.lifecycle import LifecycleCourse
from app.ui.library.list_course import ListCourse
from app.ui.library.matching import Matcher
from app.ui.library.reader import DocumentReader


class ReadingCourse(QObject):
    """Bring one version into the reader, with what was searched for marked."""

    read = Signal()
    missed = Signal()
    wanted = Signal()
    """The reader must come to the front."""

    def __init__(
        self,
        desk: LibraryDesk,
        reader: DocumentReader,
        lists: ListCourse,
        lifecycle: LifecycleCourse,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._reader, self._lists, self._lifecycle = desk, reader, lists, lifecycle
        desk.document_read.connect(self._on_document)
        desk.pair_read.connect(self._on_pair)
        reader.versions.version_chosen.connect(self._on_version_chosen)
        reader.publish_form.published.connect(self._on_published)
        reader.hold_form.held.connect(self._on_held)

    def show(self, version_id: str) -> None:
        """Read a version, also one that is shown already."""
        self._desk.read(version_id)

    @Slot(str)
    def preview(self, version_id: str) -> None:
        """Read a version unless it is the one shown."""
        if version_id and (self._reader.row is None or self._reader.row.id != version_id):
            self._desk.read(version_id)

    def reload(self) -> None:
        """Read the version that is shown, or the one that is chosen, once more."""
        wanted = self._reader.row.id if self._reader.row is not None else self._lists.listing.chosen
        if wanted:
            self._desk.read(wanted)

    def mark_words(self) -> None:
        """Mark what is searched for in the text that is shown."""
        shown = self._reader.row.id if self._reader.row is not None else ""
        self._reader.set_matcher(Matcher(self._lists.words), self._lists.listing.section_of(shown))

    def publish(self) -> None:
        """Open the form that publishes the version shown."""
        self.wanted.emit()
        self._reader.open_publish()

    def why_no_publish(self) -> str | None:
        """Say why the version shown cannot be published, if so."""
        return steps.why_not_publish(self._reader.row, self._desk.today())

    def hold(self) -> None:
        """Open the form that holds the version shown."""
        self.wanted.emit()
        self._reader.open_hold()

    def why_no_hold(self) -> str | None:
        """Say why the version shown cannot be held, if so."""
        return steps.why_not_hold(self._reader.row)

    def why_no_document(self) -> str | None:
        """Say that no version is shown, if so."""
        return self.tr("Choose a document first.") if self._reader.row is None else None

    def in_reader(self, run: Callable[[], None]) -> None:
        """Bring the version shown to the front and do something with it."""
        self.wanted.emit()
        run()

    @Slot(object, object)
    def _on_document(self, document: Document | None, versions: list[DocumentRow]) -> None:
        if document is None:
            self.missed.emit()
            return
        section = self._lists.listing.section_of(document.row.id)
        self._reader.show_document(document, Matcher(self._lists.words), section)
        self._reader.show_versions(versions)
        self._lifecycle.show(document.row, versions)
        self.read.emit()

    @Slot(str)
    def _on_version_chosen(self, version_id: str) -> None:
        older = self._reader.versions.older_of(version_id)
        self._desk.read_pair(older.id if older is not None else "", version_id)

    @Slot(object, object)
    def _on_pair(self, old: Document | None, new: Document | None) -> None:
        if new is not None and old is not None:
            self._reader.versions.show_pair(old, new)
        elif new is not None:
            self._reader.versions.show_single(new.row)

    @Slot(str, object)
    def _on_published(self, version_id: str, approval: Approval) -> None:
        self._desk.publish(version_id, approval, self._reader.publish_form.show)

    @Slot(str, str)
    def _on_held(self, version_id: str, reason: str) -> None:
        self._desk.hold(version_id, reason, self._reader.hold_form.show)
