"""Find sections by the words of a question, in the full-text index."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.services.search.question import Question

# A title says in few words what a document is about; a heading what a section is about.
TITLE_WEIGHT: Final = 1.0
ALSO_WEIGHT: Final = 0.5
_MOST_FOUND: Final = 300


@dataclass(frozen=True, slots=True)
class WordHit:
    """The best section of one version by words; a version found by its title alone has no section."""

    version_id: str
    section_id: str
    score: float


_STATES = (
    "v.retired_at IS NULL AND (v.state = 'effective' OR (:every AND v.state IN "
    "('draft', 'medical_review', 'approved', 'on_hold', 'expired')))"
)
# The best are cut off inside the index: to join all that match would read a page of the file for each.
_FOUND = """
    (SELECT rowid AS row, -bm25({index}, {weights}) AS score FROM {index}
      WHERE {index} MATCH :match ORDER BY score DESC LIMIT :most) AS found
"""
_SECTIONS = text(
    f"""
    SELECT v.id AS version_id, s.id AS section_id, found.score AS score
      FROM {_FOUND.format(index="section_search", weights="3.0, 1.0")}
      JOIN standard_response_section s ON s.row = found.row
      JOIN standard_response_version v ON v.id = s.version_id
     WHERE s.retired_at IS NULL AND {_STATES}
    """  # noqa: S608 - constants of this module
)
_TITLES = text(
    f"""
    SELECT v.id AS version_id, '' AS section_id, found.score AS score
      FROM {_FOUND.format(index="document_search", weights="4.0, 3.0, 1.0")}
      JOIN standard_response r ON r.row = found.row
      JOIN standard_response_version v ON v.response_id = r.id
     WHERE {_STATES}
    """  # noqa: S608 - constants of this module
)
_LABELS = text(
    f"""
    SELECT v.id AS version_id, s.id AS section_id, found.score AS score
      FROM {_FOUND.format(index="label_search", weights="3.0, 1.0")}
      JOIN label_section s ON s.row = found.row
      JOIN label_version v ON v.id = s.version_id
     WHERE s.retired_at IS NULL AND v.retired_at IS NULL
    """  # noqa: S608 - constants of this module
)


def find_documents(session: Session, question: Question, *, every: bool) -> dict[str, WordHit]:
    """Return the versions that hold words of a question; `every` takes those in that cannot be used now."""
    sections = _scores(session, _SECTIONS, question, every=every)
    titles = _scores(session, _TITLES, question, every=every)
    best: dict[str, WordHit] = {}
    for (version_id, section_id), score in sections.items():
        known = best.get(version_id)
        if known is None or known.score < score:
            best[version_id] = WordHit(version_id, section_id, score)
    for (version_id, _none), score in titles.items():
        found = best.get(version_id, WordHit(version_id, "", 0.0))
        best[version_id] = WordHit(version_id, found.section_id, found.score + TITLE_WEIGHT * score)
    return best


def find_labels(session: Session, question: Question) -> dict[str, WordHit]:
    """Return the best section of every label version that holds words of a question."""
    best: dict[str, WordHit] = {}
    for (version_id, section_id), score in _scores(session, _LABELS, question, every=False).items():
        if version_id not in best or best[version_id].score < score:
            best[version_id] = WordHit(version_id, section_id, score)
    return best


def _scores(
    session: Session, query: TextClause, question: Question, *, every: bool
) -> Mapping[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for match, weight in ((question.match, 1.0), (question.match_also, ALSO_WEIGHT)):
        if not match:
            continue
        bound: dict[str, Any] = {"match": match, "most": _MOST_FOUND}
        if query is not _LABELS:
            bound["every"] = every
        for row in session.execute(query, bound):
            key = (row.version_id, row.section_id)
            found[key] = found.get(key, 0.0) + weight * row.score
    return found
