"""What the document list is asked to show, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.services.library import listing
from app.services.library.listing import DocumentCounts, ListQuery, SortKey
from app.services.library.queries import DocumentRow
from app.services.workspace.database import Database
from app.ui.library import rows, states
from app.ui.library.found import FoundDocument, look_up
from app.ui.library.matching import Passage
from app.ui.library.rows import ListRow
from app.ui.library.wording import say

_MOST_FOUND: Final = 200


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """The first rows for some words: what the search found, best first, then what else holds them."""

    words: str
    found: tuple[FoundDocument, ...]
    rows: tuple[DocumentRow, ...]
    has_more: bool
    guess: tuple[str, int] = ("", 0)


def read_first(database: Database, query: ListQuery, limit: int) -> ListAnswer:
    """Read the first rows; runs off the GUI thread."""
    found = _found(database, query) if query.words else ()
    asked = _without(query, found)
    page = database.read(listing.listed, asked, limit=limit + 1)
    guess = ("", 0)
    if query.words and not found and not page:
        guess = rows.did_you_mean(query.words, database.read(listing.titles))
    return ListAnswer(query.words, found, tuple(page[:limit]), len(page) > limit, guess)


def read_more(database: Database, query: ListQuery, offset: int) -> ListAnswer:
    """Read the page that begins behind so many rows; runs off the GUI thread."""
    page = database.read(listing.listed, query, limit=listing.PAGE + 1, offset=offset)
    return ListAnswer(query.words, (), tuple(page[: listing.PAGE]), len(page) > listing.PAGE)


def _found(database: Database, query: ListQuery) -> tuple[FoundDocument, ...]:
    found = look_up(database, query.words, limit=_MOST_FOUND)
    shown = database.read(listing.in_list, [each.hit.row.id for each in found])
    return tuple(
        each
        for each in found
        if each.hit.row.id in shown and (not query.kind or each.hit.row.kind == query.kind)
    )


def _without(query: ListQuery, found: Sequence[FoundDocument]) -> ListQuery:
    shown = tuple(each.hit.row.id for each in found)
    return ListQuery(query.today, query.kind, query.words, query.sort, query.is_descending, shown)


@dataclass(slots=True)
class Listing:
    """Kind, order and words of the list, and the rows that were read."""

    found: dict[str, FoundDocument] = field(default_factory=dict)
    rows: list[DocumentRow] = field(default_factory=list)
    counts: DocumentCounts = field(default_factory=DocumentCounts)
    guess: tuple[str, int] = ("", 0)
    kind: str = ""
    sort: SortKey = "state"
    is_descending: bool = False
    chosen: str = ""
    is_read: bool = False
    is_empty: bool = False

    def forget(self) -> None:
        """Drop every document; kind and order stay as they are."""
        self.found, self.rows, self.counts, self.is_read = {}, [], DocumentCounts(), False

    def query(self, words: str, today: date) -> ListQuery:
        """Return what to read for these words, without what the search found."""
        return ListQuery(today, self.kind, words, self.sort, self.is_descending, tuple(self.found))

    def take(self, answer: ListAnswer, *, chooses_first: bool) -> None:
        """Keep what was read; the best hit may be chosen."""
        self.found = {each.hit.row.id: each for each in answer.found}
        self.rows, self.guess, self.is_read = list(answer.rows), answer.guess, True
        if not answer.words and not self.kind:
            self.is_empty = not self.rows
        if answer.found and chooses_first:
            self.chosen = answer.found[0].hit.row.id

    def section_of(self, version_id: str) -> str:
        """Return the section of a version that was found, or nothing."""
        found = self.found.get(version_id)
        return found.hit.section_id if found is not None else ""

    def shown(self, today: date) -> list[ListRow]:
        """Describe the rows, what was found first."""
        found = [rows.list_row(each.hit.row, today, each.passage) for each in self.found.values()]
        return found + described(self.rows, today)

    def no_match(self, words: str) -> tuple[str, str]:
        """Say in two sentences why no row is shown."""
        if not words:
            return say("None of this kind"), say("Choose All to see every document.")
        alike, count = self.guess
        hint = say("Did you mean {word} ({count})? ").format(word=alike, count=count) if alike else ""
        title = say("No document matches “{words}”").format(words=words)
        return title, hint + say("Esc clears the search.")


def described(found: Sequence[DocumentRow], today: date) -> list[ListRow]:
    """Describe rows that no search found."""
    return [rows.list_row(row, today, Passage("")) for row in found]


def fact_of(counts: DocumentCounts) -> str:
    """Write how many documents there are and what needs attention."""
    if not counts.all:
        return ""
    one, more = say("{n} document"), say("{n} documents")
    parts = [(one if counts.all == 1 else more).format(n=f"{counts.all:,}")]
    attention = (
        (counts.on_hold, say("{n} on hold")),
        (counts.expired, say("{n} expired")),
        (counts.overdue, say("{n} past review")),
    )
    parts += [word.format(n=f"{count:,}") for count, word in attention if count]
    return states.joined(*parts)
