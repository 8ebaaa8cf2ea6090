"""Find anything by what somebody types: inquiries, letters, documents and labels, each with its passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.models.markup import parse, plain_text
from app.services.search.stems import tokens

Span = tuple[int, int]

_MOST_WORDS: Final = 10
_LONGEST_WORD: Final = 40
_NUMBER: Final = re.compile(r"#?[A-Za-z]{2,3}-[\w-]*\d[\w-]*")
# Of no meaning in a text, and kept by the markup.
_OPEN, _CLOSE = "\ue000", "\ue001"
_SPACE: Final = re.compile(r"\s+")


class Kind(StrEnum):
    """What was found."""

    INQUIRY = "inquiry"
    LETTER = "letter"
    DOCUMENT = "document"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Found:
    """One record, where it opens, and its passage with the places of the words that were typed.

    `opens` is the inquiry of an inquiry or letter, the version of a document or label.
    """

    kind: Kind
    opens: str
    number: str
    title: str
    state: str
    passage: str
    marks: tuple[Span, ...]


def find_everything(
    session: Session, words: str, *, kinds: Sequence[Kind] = tuple(Kind), limit: int = 6
) -> tuple[Found, ...]:
    """Find records in which every typed word begins some word, at most `limit` of each kind, the best first."""
    match = match_all(words)
    if not match:
        return ()
    return tuple(found for kind in kinds for found in _found(session, kind, match, limit))


def match_all(words: str) -> str:
    """Return the query of the index that wants every word, each as a beginning; a number is none."""
    if _NUMBER.fullmatch(words.strip()):
        return ""
    typed = [word[:_LONGEST_WORD] for word in tokens(words)][:_MOST_WORDS]
    # One letter begins half of all words: it would only cost time.
    kept = [word for word in typed if len(word) > 1] or typed[:1]
    return " ".join(f'"{word}"*' for word in kept) if any(len(word) > 1 for word in kept) else ""


def _found(session: Session, kind: Kind, match: str, limit: int) -> list[Found]:
    rows = session.execute(_QUERIES[kind], {"match": match, "limit": limit, "most": limit * _SPARE})
    found: dict[str, Found] = {}
    for row in rows:
        passage, marks = _shown(row.snippet)
        found.setdefault(row.opens, Found(kind, row.opens, row.number, row.title, row.state, passage, marks))
    return list(found.values())[:limit]


def _shown(snippet: str) -> tuple[str, tuple[Span, ...]]:
    """Take the marks out of a snippet and say where they stood, in plain text."""
    plain = _SPACE.sub(" ", plain_text(parse(snippet))).strip()
    kept: list[str] = []
    marks: list[Span] = []
    start, size = 0, 0
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", plain):
        if piece == _OPEN:
            start = size
        elif piece == _CLOSE:
            marks.append((start, size))
        else:
            kept.append(piece)
            size += len(piece)
    return "".join(kept), tuple(marks)


# Several sections of one document are one answer: read some more than are shown.
_SPARE: Final = 5


def _query(index: str, weights: str, column: int, columns: str, joins: str) -> TextClause:
    """Rank inside the index first; a snippet is cut for the few that are shown."""
    return text(
        f"""
        SELECT {columns}, snippet({index}, {column}, '{_OPEN}', '{_CLOSE}', '… ', 16) AS snippet
          FROM (SELECT rowid AS id FROM {index} WHERE {index} MATCH :match
                 ORDER BY bm25({index}, {weights}) LIMIT :most) AS best
          JOIN {index} ON {index}.rowid = best.id
          {joins}
         AND {index} MATCH :match
         ORDER BY bm25({index}, {weights}) LIMIT :most
        """  # noqa: S608 - constants of this module
    )


_QUERIES: Final = {
    Kind.INQUIRY: _query(
        "inquiry_search",
        "4.0, 2.0, 1.0, 1.0",
        2,
        "i.id AS opens, i.number AS number, i.title AS title, i.state AS state",
        "JOIN inquiry i ON i.row = best.id WHERE i.retired_at IS NULL",
    ),
    Kind.LETTER: _query(
        "block_search",
        "1.0",
        0,
        "l.inquiry_id AS opens, l.reference AS number, i.title AS title, l.state AS state",
        "JOIN letter_block b ON b.row = best.id JOIN letter l ON l.id = b.letter_id "
        "JOIN inquiry i ON i.id = l.inquiry_id WHERE b.retired_at IS NULL AND l.retired_at IS NULL",
    ),
    Kind.DOCUMENT: _query(
        "section_search",
        "3.0, 1.0",
        1,
        "v.id AS opens, r.code AS number, v.title AS title, v.state AS state",
        "JOIN standard_response_section s ON s.row = best.id JOIN standard_response_version v ON v.id = s.version_id "
        "JOIN standard_response r ON r.id = v.response_id "
        "WHERE v.retired_at IS NULL AND v.state NOT IN ('superseded', 'archived')",
    ),
    Kind.LABEL: _query(
        "label_search",
        "3.0, 1.0",
        1,
        "v.id AS opens, s.heading AS number, l.title AS title, '' AS state",
        "JOIN label_section s ON s.row = best.id JOIN label_version v ON v.id = s.version_id "
        "JOIN label l ON l.id = v.label_id WHERE s.retired_at IS NULL",
    ),
}
