"""The course of the list: its pages, its search, its kinds and its order."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from app.services.library import listing
from app.services.library.listing import DocumentCounts, SortKey
from app.ui.library.desk import LibraryDesk
from app.ui.library.list_pane import LABELS, ListPane
from app.ui.library.listing import ListAnswer, Listing, described, fact_of, read_first, read_more
from app.ui.widgets import PageHeader, SearchField


class ListCourse(QObject):
    """Fill the list of documents, one page after the other."""

    shown = Signal()
    """The first rows for kind, words and order are in the list."""

    moved = Signal(str)
    """Another version is chosen."""

    kind_changed = Signal()
    """A kind of documents or one of the other lists is on screen now."""

    def __init__(
        self, desk: LibraryDesk, pane: ListPane, header: PageHeader, search: SearchField, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._pane, self._header, self._search = desk, pane, header, search
        self.listing = Listing()
        search.searched.connect(self._on_searched)
        pane.kind_chosen.connect(self.choose_kind)
        pane.heads.sorted_by.connect(self._on_sorted)
        pane.list.moved.connect(self._on_moved)
        pane.list.rows.more_wanted.connect(self._on_more_wanted)

    @property
    def words(self) -> str:
        """What is searched for."""
        return self._search.text().strip()

    def reload(self) -> None:
        """Read the rows and the counts again; as many rows as were read before."""
        self._read(max(listing.PAGE, len(self.listing.rows)))
        database, today = self._desk.database, self._desk.today()
        self._desk.ask(
            "counts",
            lambda _job: database.read(listing.document_counts, today),
            self._on_counts,
        )

    @Slot(str)
    def choose_kind(self, kind: str) -> None:
        """Show the documents of a kind, or another list."""
        self._pane.choose_view(kind)
        if not self._pane.backlog and kind != self.listing.kind:
            self.listing.kind = kind
            self._read(listing.PAGE)
        self.kind_changed.emit()

    def show_everything(self, chosen: str) -> None:
        """Drop search and kind, so that the list can hold a version."""
        self.listing.chosen = chosen
        was_filtered = bool(self.words or self.listing.kind)
        self._search.clear()
        self._search.settle("")
        self._pane.choose_view("")
        self.listing.kind = ""
        if was_filtered and self.listing.is_read:
            self._read(listing.PAGE)
        self._pane.list.choose(chosen)
        self.kind_changed.emit()

    def forget(self) -> None:
        """Drop every row."""
        self.listing.forget()
        self._pane.list.show_rows([], "")

    def _read(self, limit: int) -> None:
        if not self.listing.is_read and not self._desk.is_reading("list"):
            self._pane.say_reading()
        database = self._desk.database
        # What the search found before is no part of what is asked now.
        self.listing.found = {} if not self.words else self.listing.found
        query = self.listing.query(self.words, self._desk.today())
        self._desk.ask("list", lambda _job: read_first(database, query, limit), self._on_first)

    @Slot(object)
    def _on_first(self, answer: ListAnswer) -> None:
        if answer.words != self.words:
            return
        self.listing.take(answer, chooses_first=self._search.hasFocus())
        shown = self.listing.shown(self._desk.today())
        self._pane.list.show_rows(shown, self.listing.chosen, has_more=answer.has_more)
        self.shown.emit()

    @Slot()
    def _on_more_wanted(self) -> None:
        database, query = self._desk.database, self.listing.query(self.words, self._desk.today())
        offset = len(self.listing.rows)
        self._desk.ask("more", lambda _job: read_more(database, query, offset), self._take_more(offset))

    def _take_more(self, offset: int) -> Callable[[ListAnswer], None]:
        def take(answer: ListAnswer) -> None:
            if len(self.listing.rows) != offset or answer.words != self.words:
                return
            self.listing.rows += answer.rows
            self._pane.list.rows.add_rows(described(answer.rows, self._desk.today()))
            self._pane.list.rows.has_more = answer.has_more

        return take

    @Slot(object)
    def _on_counts(self, counts: DocumentCounts) -> None:
        self.listing.counts = counts
        self._header.set_fact(fact_of(counts))
        self._pane.show_counts(counts)

    @Slot(str)
    def _on_searched(self, words: str) -> None:
        if self._pane.backlog == LABELS:
            return
        if words.strip() and self._pane.backlog:
            self._pane.choose_view(self.listing.kind)
            self.kind_changed.emit()
        self._read(listing.PAGE)

    @Slot(str, bool)
    def _on_sorted(self, key: SortKey, descending: bool) -> None:
        self.listing.sort, self.listing.is_descending = key, descending
        if self.listing.is_read:
            self._read(listing.PAGE)

    @Slot(str)
    def _on_moved(self, version_id: str) -> None:
        self.listing.chosen = version_id or self.listing.chosen
        if version_id:
            self.moved.emit(version_id)
