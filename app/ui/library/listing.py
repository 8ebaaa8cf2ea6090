"""What the document list is asked to show, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.services.library.queries import DocumentRow
from app.ui.library import rows, states
from app.ui.library.found import FoundDocument
from app.ui.library.rows import ListRow, SortKey


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of the list with the counts of all documents."""

    rows: list[ListRow]
    counts: dict[str, int]
    is_empty: bool


@dataclass(slots=True)
class Listing:
    """Kind, order and search of the list over every version."""

    all: tuple[DocumentRow, ...] = ()
    found: dict[str, FoundDocument] = field(default_factory=dict)
    kind: str = ""
    sort: SortKey = "state"
    is_descending: bool = False
    chosen: str = ""

    def forget(self) -> None:
        """Drop every document; kind and order stay as they are."""
        self.all, self.found = (), {}

    def take_found(self, found: Sequence[FoundDocument], *, chooses_first: bool) -> None:
        """Keep what the search found; its best hit may be chosen."""
        self.found = {each.hit.row.id: each for each in found}
        if found and chooses_first:
            self.chosen = found[0].hit.row.id

    def section_of(self, version_id: str) -> str:
        """Return the section of a version that was found, or nothing."""
        found = self.found.get(version_id)
        return found.hit.section_id if found is not None else ""

    def shown(self, words: str, today: date) -> Shown:
        """Filter, order and describe the rows for these words."""
        current = rows.current_versions(self.all)
        passages = {version: each.passage for version, each in self.found.items()} if words else {}
        kept = rows.filtered(current, self.kind, words, passages)
        kept = rows.ordered(kept, self.sort, today, descending=self.is_descending)
        if words:
            kept = rows.ranked(kept, passages)
        described = [rows.list_row(row, today, passages.get(row.id)) for row in kept]
        return Shown(described, rows.counts(current, today), is_empty=not current)

    def no_match(self, words: str) -> tuple[str, str]:
        """Say in two sentences why no row is shown."""
        if not words:
            return "None of this kind", "Choose All to see every document."
        alike, count = rows.did_you_mean(words, self.all)
        hint = f"Did you mean {alike} ({count})? " if alike else ""
        return f"No document matches “{words}”", f"{hint}Esc clears the search."


def fact_of(counts: dict[str, int]) -> str:
    """Write how many documents there are and what needs attention."""
    noun = "document" if counts[""] == 1 else "documents"
    parts = [f"{counts['']:,} {noun}"]
    for key, word in (("on_hold", "on hold"), ("expired", "expired"), ("overdue", "past review")):
        if counts[key]:
            parts.append(f"{counts[key]:,} {word}")
    return states.joined(*parts) if counts[""] else ""
