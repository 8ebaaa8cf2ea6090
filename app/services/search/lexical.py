"""Find sections by the words of a question, in the full-text index."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.services.search.question import Question, term
from app.services.search.stems import stem, tokens

# A title says in few words what a document is about; a heading what a section is about.
TITLE_WEIGHT: Final = 1.0
ALSO_WEIGHT: Final = 0.5
_MOST_FOUND: Final = 60


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
# Only the rows at hand are looked up: what else holds a common word costs next to nothing.
_HELD = """
    SELECT asked.value, s.version_id
      FROM json_each(:matches) AS asked
      JOIN {index} AS found ON found.{index} MATCH asked.value
      JOIN {table} s ON s.row = found.rowid
     WHERE +found.rowid IN (SELECT row FROM {table} WHERE id IN (SELECT value FROM json_each(:sections)))
"""
_HOLDING = text(_HELD.format(index="section_search", table="standard_response_section"))
_LABEL_HOLDING = text(_HELD.format(index="label_search", table="label_section"))


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


def find_holding(
    session: Session, question: Question, sections: Iterable[str]
) -> dict[str, dict[str, float]]:
    """Return which stems of a question some section of each version holds, and how fully: a synonym counts half."""
    asked = {term(word): [(word, 1.0)] for word in question.words}
    for phrase, typed in question.also.items():
        stems = [stem(word) for word in tokens(typed)]
        asked[f'"{phrase}"'] = [(each, ALSO_WEIGHT) for each in stems if each in question.words]
    found: dict[str, dict[str, float]] = {}
    bound = {"matches": json.dumps(list(asked)), "sections": json.dumps(list(sections))}
    for query in (_HOLDING, _LABEL_HOLDING) if asked else ():
        for match, version_id in session.execute(query, bound).all():
            holds = found.setdefault(version_id, {})
            for word, share in asked[match]:
                holds[word] = max(share, holds.get(word, 0.0))
    return found


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
        for row in session.execute(query, bound).all():
            key = (row.version_id, row.section_id)
            found[key] = found.get(key, 0.0) + weight * row.score
    return found
