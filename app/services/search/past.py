"""What letters to similar questions were made from."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.letter import Letter, LetterBlock
from app.models.letter_origins import SRD, TextOrigin, origins_from
from app.services.search.question import Question

# What a person let go out; a draft shows only what somebody tried.
_GONE_OUT: Final = ("approved", "released", "sent")
_MOST_QUESTIONS: Final = 60
# A question must be at least this close to the closest one to count as similar.
_CLOSE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Use:
    """How often similar questions were answered with a document, and from which of its sections."""

    letters: int
    share: float
    headings: tuple[str, ...]


_SIMILAR = text(
    """
    SELECT i.id, i.product_id, found.score FROM
      (SELECT rowid AS row, -bm25(inquiry_search, 0.0, 2.0, 1.0, 1.0) AS score FROM inquiry_search
        WHERE inquiry_search MATCH :match ORDER BY score DESC LIMIT :most) AS found
      JOIN inquiry i ON i.row = found.row
     WHERE i.retired_at IS NULL AND i.id <> :without
       AND EXISTS (SELECT 1 FROM letter l WHERE l.inquiry_id = i.id)
    """
)


def past_answers(session: Session, question: Question, *, without: str = "") -> dict[str, Use]:
    """Return what answered similar questions before, by the code of the document.

    `without` names the inquiry that is being answered now.
    """
    close = _similar(session, question, without)
    if not close:
        return {}
    query = (
        select(Letter.id, Letter.inquiry_id, LetterBlock.origins)
        .join(LetterBlock, LetterBlock.letter_id == Letter.id)
        .where(Letter.inquiry_id.in_(close), Letter.state.in_(_GONE_OUT), LetterBlock.retired_at.is_(None))
    )
    letters: dict[str, dict[str, float]] = {}
    headings: dict[str, Counter[str]] = {}
    for letter_id, inquiry_id, origins in session.execute(query):
        for origin in origins_from(origins or ()):
            if isinstance(origin, TextOrigin) and origin.kind == SRD and origin.code:
                letters.setdefault(origin.code, {})[letter_id] = close[inquiry_id]
                headings.setdefault(origin.code, Counter())[origin.heading] += 1
    most = max((sum(each.values()) for each in letters.values()), default=1.0)
    return {
        code: Use(
            len(each), sum(each.values()) / most, tuple(name for name, _n in headings[code].most_common())
        )
        for code, each in letters.items()
    }


def _similar(session: Session, question: Question, without: str) -> dict[str, float]:
    if not question.match_typed:
        return {}
    bound = {"match": question.match_typed, "most": _MOST_QUESTIONS, "without": without}
    rows = session.execute(_SIMILAR, bound).all()
    products = {named.id for named in question.products}
    fitting = [row for row in rows if not products or row.product_id is None or row.product_id in products]
    top = max((row.score for row in fitting), default=0.0)
    return {row.id: row.score / top for row in fitting if top > 0 and row.score >= _CLOSE * top}
