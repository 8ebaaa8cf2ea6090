"""Read the inbox; every function here belongs off the GUI thread."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.services.intake.queries import (
    CaseView,
    InboxQuery,
    InboxRow,
    View,
    case,
    inbox_count,
    inbox_ids,
    inbox_page,
    inbox_rows,
    view_counts,
)
from app.services.workspace.database import Database
from app.ui.inbox.groups import MOST_GROUPED, Due, due_of

FIRST_PAGE = 64
# SQLite takes 32,766 values in a statement; a piece of this size also keeps the plan cheap.
_PIECE = 512


@dataclass(frozen=True, slots=True)
class Listing:
    """The row numbers of a view in order, with what was read of them.

    `is_whole` tells a first page from all; `dues` is there for views that are grouped.
    """

    ids: "array[int]"
    rows: dict[int, InboxRow] = field(default_factory=dict)
    dues: tuple[Due, ...] | None = None
    is_whole: bool = True


def first_listing(database: Database, query: InboxQuery, *, is_grouped: bool) -> Listing:
    """Read the first page of a view, however many rows follow."""
    page = database.read(inbox_page, query, FIRST_PAGE)
    dues = tuple(due_of(row) for row in page.rows) if is_grouped else None
    ids = array("q", [row.row for row in page.rows])
    return Listing(ids, {row.row: row for row in page.rows}, dues, is_whole=page.next is None)


def whole_listing(database: Database, query: InboxQuery, *, is_grouped: bool) -> Listing:
    """Read the row number of everything in a view."""
    ids = database.read(inbox_ids, query)
    if not is_grouped or len(ids) > MOST_GROUPED:
        return Listing(ids)
    rows = read_rows(database, ids)
    kept = array("q", [number for number in ids if number in rows])
    return Listing(kept, rows, tuple(due_of(rows[number]) for number in kept))


def read_rows(database: Database, ids: Sequence[int]) -> dict[int, InboxRow]:
    """Read what the list shows of these row numbers."""
    found: dict[int, InboxRow] = {}
    for begin in range(0, len(ids), _PIECE):
        found.update(database.read(inbox_rows, ids[begin : begin + _PIECE]))
    return found


def counts(database: Database, user_id: str, now: int, zone: str) -> dict[View, int]:
    """Count the inquiries of every view."""
    return database.read(view_counts, user_id, now, zone)


def preview(database: Database, inquiry_id: str, user_id: str, now: int) -> CaseView:
    """Read one inquiry as its preview shows it."""
    return database.read(case, inquiry_id, user_id, now)


def count_words(database: Database, query: InboxQuery, words: Iterable[str]) -> tuple[str, int]:
    """Return the first of these words that finds something, and how much."""
    for word in words:
        found = database.read(inbox_count, replace(query, text=word))
        if found:
            return word, found
    return "", 0
