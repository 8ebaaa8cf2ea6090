"""The words around what was searched for, so that a row says why it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.models.inbox_filter import read
from app.services.intake.inbox_filter import match_text

_BEGIN, _END = "\x02", "\x03"
_WORDS: Final = 16
# The title stands in the row already, so the passage is of the words that were said.
_VERBATIM: Final = 2
_MARKED: Final = re.compile(f"{_BEGIN}([^{_END}]*){_END}")
_SNIPPET = text(
    "SELECT rowid AS found, snippet(inquiry_search, :column, :begin, :end, '…', :words) AS said "
    # The sum keeps the index from being asked anew for every row.
    "FROM inquiry_search WHERE inquiry_search MATCH :match AND rowid BETWEEN :first AND :last AND rowid + 0 IN :rows"
).bindparams(bindparam("rows", expanding=True))


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of what was said; `marks` are begin and end of each word that matches."""

    text: str
    marks: tuple[tuple[int, int], ...]


def passages(session: Session, words: str, rows: Sequence[int]) -> dict[int, Passage]:
    """Return a passage for each of these inquiries in whose words something matches."""
    match = match_text(read(words).filter)
    if not match or not rows:
        return {}
    values = {"column": _VERBATIM, "begin": _BEGIN, "end": _END, "words": _WORDS, "match": match}
    within = {"rows": list(rows), "first": min(rows), "last": max(rows)}
    found = session.execute(_SNIPPET, values | within)
    return {row.found: passage for row in found if (passage := _passage(row.said)).marks}


def marked_words(session: Session, words: str, row: int) -> tuple[str, ...]:
    """Return the words of one inquiry that match, as they are written there."""
    match = match_text(read(words).filter)
    if not match:
        return ()
    statement = text(
        "SELECT highlight(inquiry_search, :column, :begin, :end) FROM inquiry_search "
        "WHERE inquiry_search MATCH :match AND rowid = :row"
    )
    values = {"column": _VERBATIM, "begin": _BEGIN, "end": _END, "match": match, "row": row}
    said = session.scalar(statement, values) or ""
    return tuple(dict.fromkeys(_MARKED.findall(said)))


def _passage(said: str) -> Passage:
    plain, marks, length = [], [], 0
    for at, piece in enumerate(re.split(f"[{_BEGIN}{_END}]", " ".join(said.split(" ")).replace("\n", " "))):
        if at % 2:
            marks.append((length, length + len(piece)))
        plain.append(piece)
        length += len(piece)
    return Passage("".join(plain), tuple(marks))
