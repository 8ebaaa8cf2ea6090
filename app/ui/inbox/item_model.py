"""The rows of the inbox: row numbers first, their words by the page.

Sorting and filtering are new queries. `data()` never reads: a row that is not loaded asks for its page
and is grey until it comes.
"""

import functools
from array import array
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app.services.intake.queries import InboxQuery, InboxRow
from app.services.jobs import JobContext
from app.services.workspace.database import Database
from app.ui.inbox.groups import Due, Entry, GroupHead, grouped, horizon
from app.ui.inbox.reading import Listing, first_listing, read_rows, whole_listing
from app.ui.inbox.row_words import ShownRow, group_title, shown
from app.ui.jobs import JobHandle, JobRunner

Index = QModelIndex | QPersistentModelIndex

PAGE: Final = 256
MOST_PAGES: Final = 40
_AT_ONCE: Final = 3
_GATHER_MS: Final = 8
ShownRole: Final = Qt.ItemDataRole.UserRole + 1
HeadRole: Final = Qt.ItemDataRole.UserRole + 2
RowRole: Final = Qt.ItemDataRole.UserRole + 3
_ROLES: Final = frozenset(
    {
        int(ShownRole),
        int(HeadRole),
        int(RowRole),
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
    }
)
_NO_PARENT: Final = QModelIndex()


class InboxModel(QAbstractListModel):
    """One view of the inbox, of any length."""

    listed = Signal()
    """The view on screen is the one last asked for, in full."""

    shown_first = Signal()
    """The first page is on screen; the rest is being counted."""

    def __init__(
        self,
        database: Database,
        runner: JobRunner,
        parent: QObject | None = None,
        *,
        most_pages: int = MOST_PAGES,
    ) -> None:
        super().__init__(parent)
        self._most_pages = most_pages
        self._database = database
        self._runner = runner
        self._query: InboxQuery | None = None
        self._now = 0
        self._ids: array[int] = array("q")
        self._entries: list[Entry] | None = None
        self._dues: tuple[Due, ...] | None = None
        self._rows: dict[int, InboxRow] = {}
        self._former: dict[int, InboxRow] = {}
        self._words: dict[int, ShownRow] = {}
        self._pages: OrderedDict[int, tuple[int, ...]] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._asked: dict[int, JobHandle] = {}
        self._listing: JobHandle | None = None
        self._is_grouped = False
        self._asked_for = 0
        self.is_whole = False
        self._gather = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gather.timeout.connect(self._on_gathered)

    @property
    def query(self) -> InboxQuery | None:
        """The view, filter and order that were last asked for."""
        return self._query

    @property
    def count(self) -> int:
        """How many inquiries are in the view, heads not counted."""
        return len(self._ids)

    @property
    def numbers(self) -> "array[int]":
        """The row numbers of the view in order; not to be changed."""
        return self._ids

    @property
    def is_flat(self) -> bool:
        """Whether every row is as high as any other."""
        return self._entries is None

    @property
    def loaded_pages(self) -> tuple[int, ...]:
        """The pages in memory, the one used longest ago first."""
        return tuple(self._pages)

    def show_view(self, query: InboxQuery, *, is_grouped: bool) -> None:
        """Ask for another view; the rows stay until its first page is here."""
        self._is_grouped = is_grouped
        self._ask(query, first_listing, self._on_first)

    def reload(self, now: int) -> None:
        """Ask for the same view once more, as after a change."""
        if self._query is not None:
            self._ask(_as_of(self._query, now), whole_listing, self._on_whole)

    def tick(self, now: int) -> None:
        """Let the clocks of the rows move on."""
        self._now = now
        self._words.clear()
        if self._query is not None and self._dues is not None:
            entries = self._grouped(self._dues)
            if entries != self._entries:
                self._swap(self._ids, entries, self._dues)
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def clear(self) -> None:
        """Forget every row, for instance before a lock."""
        self._cancel()
        self._asked_for += 1
        self._query = None
        self._former = {}
        self._rows = {}
        self._swap(array("q"), None, None)
        self._former = {}

    def inquiry_row(self, at: int) -> int | None:
        """Return the row number of the inquiry in this row of the list."""
        position = self._position(at)
        return None if position is None else self._ids[position]

    def loaded(self, at: int) -> InboxRow | None:
        """Return the inquiry in this row of the list if it is loaded."""
        number = self.inquiry_row(at)
        return None if number is None else self._rows.get(number) or self._former.get(number)

    def place_of(self, number: int) -> int | None:
        """Return in which row of the list an inquiry stands."""
        try:
            position = self._ids.index(number)
        except ValueError:
            return None
        return position if self._entries is None else self._entries.index(position)

    def place_of_id(self, inquiry_id: str) -> int | None:
        """Return in which row a loaded inquiry stands, named by its id."""
        for rows in (self._rows, self._former):
            for number, row in rows.items():
                if row.id == inquiry_id:
                    return self.place_of(number)
        return None

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Count rows and heads."""
        if parent.isValid():
            return 0
        return len(self._ids) if self._entries is None else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let nobody choose the head of a group."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self._position(index.row()) is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a row in words, or nothing while it is on its way."""
        if role not in _ROLES or not index.isValid():
            return None
        entry = index.row() if self._entries is None else self._entries[index.row()]
        if isinstance(entry, GroupHead):
            return _head_answer(entry, role)
        if role == HeadRole:
            return None
        row = self._row_at(entry)
        if role == RowRole:
            return row
        if row is None:
            return self.tr("Loading") if role == Qt.ItemDataRole.AccessibleTextRole else None
        words = self._worded(row)
        if role == ShownRole:
            return words
        return words.title if role == Qt.ItemDataRole.DisplayRole else words.sentence

    def _position(self, at: int) -> int | None:
        if not 0 <= at < self.rowCount():
            return None
        entry = at if self._entries is None else self._entries[at]
        return None if isinstance(entry, GroupHead) else entry

    def _row_at(self, position: int) -> InboxRow | None:
        page = position // PAGE
        if page in self._pages:
            self._pages.move_to_end(page)
        elif page not in self._asked:
            # The page asked for last is read first: it is the one on screen.
            self._wanted.pop(page, None)
            self._wanted[page] = None
            if not self._gather.isActive():
                self._gather.start()
        number = self._ids[position]
        return self._rows.get(number) or self._former.get(number)

    def _worded(self, row: InboxRow) -> ShownRow:
        words = self._words.get(row.row)
        if words is None:
            zone = self._query.zone if self._query is not None else row.received_zone
            words = self._words[row.row] = shown(row, self._now, zone)
        return words

    def _ask(
        self,
        query: InboxQuery,
        read: Callable[..., Listing],
        on_done: Callable[[int, Listing], None],
    ) -> None:
        self._cancel()
        self._query = query
        self._asked_for += 1
        self._listing = self._runner.run_query(
            functools.partial(_read, self._database, read, query, self._is_grouped),
            on_done=functools.partial(on_done, self._asked_for),
            owner=self,
        )

    def _cancel(self) -> None:
        if self._listing is not None:
            self._listing.cancel()
        self._listing = None
        self._cancel_pages()

    def _cancel_pages(self) -> None:
        for handle in self._asked.values():
            handle.cancel()
        self._asked.clear()
        self._wanted.clear()

    def _on_first(self, asked: int, listing: Listing) -> None:
        if asked != self._asked_for or self._query is None:
            return
        self._take(listing)
        if listing.is_whole:
            self.listed.emit()
            return
        self.shown_first.emit()
        self._ask(self._query, whole_listing, self._on_whole)

    def _on_whole(self, asked: int, listing: Listing) -> None:
        if asked == self._asked_for:
            self._take(listing)
            self.listed.emit()

    def _take(self, listing: Listing) -> None:
        self._listing = None
        self.is_whole = listing.is_whole
        self._now = self._query.now if self._query is not None else self._now
        self._words.clear()
        entries = self._grouped(listing.dues) if listing.dues is not None else None
        if entries is not None and not listing.is_whole:
            # A first page does not know how many there are of each.
            entries = [replace(each, count=0) if isinstance(each, GroupHead) else each for each in entries]
        if listing.ids == self._ids and entries == self._entries:
            self._dues = listing.dues
            self._renew(listing.rows)
        else:
            self._former = {**self._former, **self._rows}
            self._rows = {}
            self._swap(listing.ids, entries, listing.dues, listing.rows)

    def _renew(self, rows: dict[int, InboxRow]) -> None:
        # The same rows in the same places: what they say is read again and painted over, without a reset.
        self._former, self._rows = {**self._former, **self._rows}, {}
        self._pages.clear()
        self._stock(rows)
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def _swap(
        self,
        ids: "array[int]",
        entries: list[Entry] | None,
        dues: tuple[Due, ...] | None,
        rows: dict[int, InboxRow] | None = None,
    ) -> None:
        self._cancel_pages()
        self.beginResetModel()
        kept = self._rows if rows is None else rows
        self._ids, self._entries, self._dues = ids, entries, dues
        self._pages.clear()
        self._stock(kept)
        self.endResetModel()

    def _stock(self, rows: dict[int, InboxRow]) -> None:
        """Take rows that came with the row numbers as loaded pages."""
        self._rows = {}
        for page in range((len(self._ids) + PAGE - 1) // PAGE):
            numbers = tuple(self._ids[page * PAGE : (page + 1) * PAGE])
            if not rows or not all(number in rows for number in numbers):
                break
            self._keep(page, numbers, rows)

    def _keep(self, page: int, numbers: tuple[int, ...], rows: dict[int, InboxRow]) -> None:
        self._pages[page] = numbers
        for number in numbers:
            row = rows.get(number)
            if row is not None:
                self._rows[number] = row
        while len(self._pages) > self._most_pages:
            _, oldest = self._pages.popitem(last=False)
            for number in oldest:
                self._rows.pop(number, None)
                self._words.pop(number, None)

    def _grouped(self, dues: tuple[Due, ...]) -> list[Entry]:
        zone = self._query.zone if self._query is not None else "UTC"
        return grouped(dues, horizon(self._now, zone))

    def _on_gathered(self) -> None:
        # Pages that were scrolled past are dropped; those still on screen ask again when painted.
        newest = list(self._wanted)[-_AT_ONCE:]
        self._wanted.clear()
        for page in reversed(newest):
            numbers = tuple(self._ids[page * PAGE : (page + 1) * PAGE])
            if not numbers or page in self._asked or page in self._pages:
                continue
            self._asked[page] = self._runner.run_query(
                functools.partial(_read_page, self._database, numbers, self._words_wanted()),
                on_done=functools.partial(self._on_page, page, numbers),
                owner=self,
            )

    def _words_wanted(self) -> str:
        return self._query.text if self._query is not None else ""

    def _on_page(self, page: int, numbers: tuple[int, ...], rows: dict[int, InboxRow]) -> None:
        if tuple(self._ids[page * PAGE : (page + 1) * PAGE]) != numbers:
            return
        self._asked.pop(page, None)
        for number in numbers:
            self._words.pop(number, None)
        self._keep(page, numbers, rows)
        if not self._asked and not self._wanted:
            self._former = {}
        self._tell(page, len(numbers))

    def _tell(self, page: int, length: int) -> None:
        begin = page * PAGE
        if self._entries is None:
            self.dataChanged.emit(self.index(begin), self.index(begin + length - 1))
        else:
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))


def _head_answer(head: GroupHead, role: int) -> object:
    if role == HeadRole:
        return head
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return f"{group_title(head.group)}, {head.count}"
    return None


def _as_of(query: InboxQuery, now: int) -> InboxQuery:
    return InboxQuery(query.view, query.user_id, now, query.zone, query.text, query.sort, query.descending)


def _read(
    database: Database, read: Callable[..., Listing], query: InboxQuery, is_grouped: bool, _job: JobContext
) -> Listing:
    return read(database, query, is_grouped=is_grouped)


def _read_page(
    database: Database, numbers: tuple[int, ...], words: str, _job: JobContext
) -> dict[int, InboxRow]:
    return read_rows(database, numbers, words)
