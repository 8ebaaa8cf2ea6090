"""Read the inbox; every function here belongs off the GUI thread."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.models.inbox_filter import Problem, read
from app.services.intake.inbox_filter import doubts
from app.services.intake.inbox_words import FilterWords, filter_words
from app.services.intake.queries import (
    MOST_COUNTED,
    CaseView,
    InboxQuery,
    InboxRow,
    View,
    case,
    inbox_count,
    inbox_ids,
    inbox_page,
    inbox_rows,
    marked_words,
    passages,
    view_counts,
)
from app.services.jobs import JobContext
from app.services.workspace.database import Database
from app.ui.inbox.groups import MOST_GROUPED, Due, due_of

FIRST_PAGE = 64
# SQLite takes 32,766 values in a statement; a piece of this size also keeps the plan cheap.
_PIECE = 512
# A grouped view is read at once; nobody looks at the passages of more.
_MOST_PASSAGES = 512


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
    rows = _with_passages(database, query.text, {row.row: row for row in page.rows})
    return Listing(ids, rows, dues, is_whole=page.next is None)


def whole_listing(database: Database, query: InboxQuery, *, is_grouped: bool) -> Listing:
    """Read the row number of everything in a view."""
    ids = database.read(inbox_ids, query)
    if not is_grouped or len(ids) > MOST_GROUPED:
        return Listing(ids)
    rows = read_rows(database, ids, query.text)
    kept = array("q", [number for number in ids if number in rows])
    return Listing(kept, rows, tuple(due_of(rows[number]) for number in kept))


def read_rows(database: Database, ids: Sequence[int], words: str = "") -> dict[int, InboxRow]:
    """Read what the list shows of these row numbers, with the passage that was searched for."""
    found: dict[int, InboxRow] = {}
    for begin in range(0, len(ids), _PIECE):
        found.update(database.read(inbox_rows, ids[begin : begin + _PIECE]))
    return _with_passages(database, words, found)


def _with_passages(database: Database, words: str, rows: dict[int, InboxRow]) -> dict[int, InboxRow]:
    if not words.strip():
        return rows
    found = database.read(passages, words, list(rows)[:_MOST_PASSAGES])
    return {number: replace(row, passage=found.get(number)) for number, row in rows.items()}


def counts(database: Database, user_id: str, now: int, zone: str) -> dict[View, int]:
    """Count the inquiries of every view."""
    return database.read(view_counts, user_id, now, zone)


def preview(
    database: Database, inquiry_id: str, user_id: str, now: int, row: int = 0, words: str = ""
) -> tuple[CaseView, tuple[str, ...]]:
    """Read one inquiry as its preview shows it, and which of its words were searched for."""
    found = database.read(case, inquiry_id, user_id, now)
    return found, database.read(marked_words, words, row) if words.strip() else ()


def count_words(database: Database, query: InboxQuery, words: Iterable[str]) -> tuple[str, int]:
    """Return the first of these words that finds something, and how much."""
    for word in words:
        found = database.read(inbox_count, replace(query, text=word))
        if found:
            return word, found
    return "", 0


def saved_counts(database: Database, queries: Mapping[str, InboxQuery], job: JobContext) -> dict[str, int]:
    """Count what each query finds, up to one over `MOST_COUNTED`.

    Each has a snapshot of its own, so that a newer wish need not wait.
    """
    found: dict[str, int] = {}
    for key, query in queries.items():
        job.checkpoint()
        found[key] = database.read(inbox_count, query, most=MOST_COUNTED)
    return found


def known_words(database: Database) -> FilterWords:
    """Read the values that complete a filter."""
    return database.read(filter_words)


def doubt_of(database: Database, text: str) -> Problem | None:
    """Return what of a filter cannot be read, or names nothing in this workspace."""
    filtered = read(text)
    wrong = [problem for problem in filtered.problems if not problem.is_unfinished]
    return next(iter((*wrong, *database.read(doubts, filtered))), None)
