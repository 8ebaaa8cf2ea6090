"""What the panel shows beside a question: suggestions for it, or what typed words find."""

from dataclasses import dataclass
from typing import Final

from app.services.library import queries
from app.services.library.queries import Document, ForWhom, Hit
from app.services.search.suggest import Asked, Suggester, Suggestion
from app.services.workspace.database import Database
from app.ui.library.found import FoundDocument, look_up, read_document
from app.ui.library.matching import Passage
from app.ui.library.panel_rows import best_usable

_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class PanelQuestion:
    """What the panel is asked: typed words, or else the question of the case, and for whom."""

    words: str
    is_question: bool
    product: str
    whom: ForWhom | None
    kept: str = ""


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """What was found, the document to open, and how many documents there are."""

    found: tuple[FoundDocument, ...]
    document: Document | None
    count: int


def answer(database: Database, suggester: Suggester, asked: PanelQuestion) -> PanelAnswer:
    """Find documents for a question or for typed words; runs off the GUI thread."""
    if asked.is_question and asked.whom is not None:
        found = _suggested(database, suggester, asked, asked.whom)
    else:
        found = look_up(database, asked.words, whom=asked.whom, product=asked.product)
    best = best_usable(found)
    chosen = asked.kept or (best.hit.row.id if best is not None else "")
    document = read_document(database, chosen) if chosen else None
    return PanelAnswer(found, document, len({row.code for row in database.read(queries.documents)}))


def _suggested(
    database: Database, suggester: Suggester, asked: PanelQuestion, whom: ForWhom
) -> tuple[FoundDocument, ...]:
    question = Asked(asked.words, whom.today, product=asked.product, whom=whom, every=True, labels=False)
    return tuple(_found(each) for each in database.read(suggester.suggest, question, _MOST))


def _found(suggestion: Suggestion) -> FoundDocument:
    sentence = suggestion.sentence
    hit = Hit(
        row=suggestion.row,
        section_id=suggestion.section_id,
        heading=suggestion.heading,
        snippet=sentence.text,
        score=suggestion.score,
        obstacle=suggestion.obstacle,
    )
    return FoundDocument(hit, Passage(sentence.text, sentence.marks, sentence.paragraph), suggestion.why)
