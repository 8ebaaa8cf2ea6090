"""Look up documents for words, with the passage that answers."""

from dataclasses import dataclass
from typing import Final

from app.errors import RecordNotFoundError
from app.services.library import queries
from app.services.library.queries import Document, DocumentRow, ForWhom, Hit
from app.services.workspace.database import Database
from app.ui.library.matching import NO_PASSAGE, Matcher, Passage, best_passage
from app.ui.library.wording import say

_MOST_REASONS: Final = 4


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """One found document, its best sentence and why it was found."""

    hit: Hit
    passage: Passage
    why: tuple[str, ...] = ()


def look_up(
    database: Database, words: str, *, whom: ForWhom | None = None, product: str = "", limit: int = 20
) -> tuple[FoundDocument, ...]:
    """Search the full text; runs off the GUI thread, as all here."""
    hits = database.read(queries.search, words, whom=whom, product=product, limit=limit)
    sections = database.read(queries.sections_by_id, [hit.section_id for hit in hits])
    matcher = Matcher(words)
    found = []
    for hit in hits:
        section = sections.get(hit.section_id)
        passage = best_passage(section, matcher) if section is not None else NO_PASSAGE
        found.append(FoundDocument(hit, passage, _reasons(hit.row, hit.heading, passage, matcher, product)))
    return tuple(found)


def read_document(database: Database, version_id: str) -> Document | None:
    """Return one version whole, or nothing if it is gone."""
    try:
        return database.read(queries.document, version_id)
    except RecordNotFoundError:
        return None


def _reasons(
    row: DocumentRow, heading: str, passage: Passage, matcher: Matcher, product: str
) -> tuple[str, ...]:
    reasons = matcher.found_in(row.title, heading, passage.text)[:_MOST_REASONS]
    return (*reasons, say("same product")) if product and row.product == product else reasons
