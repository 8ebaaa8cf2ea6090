"""The list of documents, page by page: sorted, filtered and counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import RowMapping, bindparam, text
from sqlalchemy.orm import Session

from app.models.lifecycle_srd import SrdState
from app.services.library.queries import DocumentRow, row_of

SortKey = Literal["title", "state", "whom", "due"]
PAGE: Final = 200
_S = SrdState
# What needs attention stands first; a version past its review comes after what is held or expired.
_LOUDNESS: Final = (
    _S.ON_HOLD, _S.EXPIRED, None, _S.DRAFT, _S.PLANNED, _S.MEDICAL_REVIEW, _S.APPROVED, _S.EFFECTIVE,
    _S.SUPERSEDED, _S.WITHDRAWN, _S.ARCHIVED,
)  # fmt: skip
_OPEN: Final = (
    _S.ON_HOLD, _S.EXPIRED, _S.DRAFT, _S.PLANNED, _S.MEDICAL_REVIEW, _S.APPROVED, _S.EFFECTIVE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the list shows: a kind, words in titles, and an order; `without` are shown elsewhere."""

    today: date
    kind: str = ""
    words: str = ""
    sort: SortKey = "state"
    is_descending: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """How many documents there are, and how many need attention."""

    all: int = 0
    srd: int = 0
    faq: int = 0
    on_hold: int = 0
    expired: int = 0
    overdue: int = 0


def listed(session: Session, query: ListQuery, *, limit: int = PAGE, offset: int = 0) -> list[DocumentRow]:
    """List one page of what is in force or on its way, and else the newest version of each document.

    Every word must stand in title, number, product or country.
    """
    conditions = ["(:kind = '' OR r.kind = :kind)"]
    values: dict[str, object] = {"kind": query.kind, "today": query.today.isoformat()}
    for at, word in enumerate(query.words.split()[:_MOST_WORDS]):
        conditions.append(_HAS_WORD.format(at=at))
        values[f"word{at}"] = _like(word)
    if query.without:
        conditions.append("v.id NOT IN :without")
    statement = text(
        f"{_SELECT} WHERE {_CURRENT} AND {' AND '.join(conditions)}"
        f" ORDER BY {_order(query)} LIMIT :limit OFFSET :offset"
    )
    if query.without:
        statement = statement.bindparams(bindparam("without", value=query.without, expanding=True))
    found = session.execute(statement, {**values, "limit": limit, "offset": offset})
    return [row_of(mapping) for mapping in found.mappings()]


def in_list(session: Session, version_ids: Sequence[str]) -> frozenset[str]:
    """Return those of these versions that the list shows."""
    query = text(f"SELECT v.id FROM standard_response_version v WHERE v.id IN :ids AND {_CURRENT}")  # noqa: S608 - ours
    bound = query.bindparams(bindparam("ids", expanding=True))
    return frozenset(session.scalars(bound, {"ids": list(version_ids)}))


def document_counts(session: Session, today: date) -> DocumentCounts:
    """Count what the list shows without any filter."""
    found: RowMapping = session.execute(_COUNTS, {"today": today.isoformat()}).mappings().one()
    return DocumentCounts(**{name: int(found[name] or 0) for name in DocumentCounts.__dataclass_fields__})


def titles(session: Session) -> list[str]:
    """Return title, product and number of every version, to guess at a word that nothing holds."""
    return list(session.scalars(_TITLES))


_MOST_WORDS: Final = 12
_SELECT: Final = """
    SELECT v.id, r.code, r.kind, v.number, v.title, p.name AS product, v.state, v.audience, v.country,
           v.language, v.effective_from, v.review_due, v.hold_reason, v.exportable AS is_exportable,
           v.under_revision AS is_under_revision
      FROM standard_response_version v
      JOIN standard_response r ON r.id = v.response_id
      LEFT JOIN product p ON p.id = r.product_id
"""
_HAS_WORD: Final = (
    "(v.title || ' ' || r.code || ' v' || v.number || ' ' || coalesce(p.name, '') || ' ' || v.country)"
    " LIKE :word{at} ESCAPE '\\'"
)
_OPEN_STATES: Final = ", ".join(f"'{state}'" for state in _OPEN)


def _newer(other: str, one: str) -> str:
    major = "CAST({0}.number AS INTEGER)"
    minor = "CAST(substr({0}.number, instr({0}.number, '.') + 1) AS INTEGER)"
    key = f"({major}, {minor}, {{0}}.id)"
    return f"{key.format(other)} > {key.format(one)}"


_CURRENT: Final = f"""v.retired_at IS NULL AND (v.state IN ({_OPEN_STATES}) OR NOT EXISTS (
       SELECT 1 FROM standard_response_version o
        WHERE o.response_id = v.response_id AND o.country = v.country AND o.language = v.language
          AND o.audience = v.audience AND o.retired_at IS NULL
          AND (o.state IN ({_OPEN_STATES}) OR {_newer("o", "v")})))"""  # noqa: S608 - our own words
_OVERDUE: Final = "(v.state = 'effective' AND v.review_due <> '' AND v.review_due < :today)"
_COUNTS: Final = text(
    f"""
    SELECT count(*) AS "all", sum(r.kind = 'srd') AS srd, sum(r.kind = 'faq') AS faq,
           sum(v.state = 'on_hold') AS on_hold, sum(v.state = 'expired') AS expired,
           sum({_OVERDUE}) AS overdue
      FROM standard_response_version v JOIN standard_response r ON r.id = v.response_id
     WHERE {_CURRENT}
    """  # noqa: S608 - our own words, the day is bound
)
_TITLES: Final = text(
    """
    SELECT v.title || ' ' || coalesce(p.name, '') || ' ' || r.code FROM standard_response_version v
      JOIN standard_response r ON r.id = v.response_id LEFT JOIN product p ON p.id = r.product_id
     WHERE v.retired_at IS NULL
    """
)


def _order(query: ListQuery) -> str:
    loudness = " ".join(
        f"WHEN v.state = '{state}' THEN {rank}" for rank, state in enumerate(_LOUDNESS) if state is not None
    )
    overdue = _LOUDNESS.index(None)
    columns = {
        "title": "lower(v.title)",
        "state": f"CASE WHEN {_OVERDUE} THEN {overdue} {loudness} ELSE {len(_LOUDNESS)} END",
        # All countries stand before the first one.
        "whom": "CASE v.country WHEN '' THEN 'All countries' ELSE v.country END {way}, v.audience",
        "due": "CASE v.review_due WHEN '' THEN '9999-12-31' ELSE v.review_due END",
    }
    way = "DESC" if query.is_descending else "ASC"
    return f"{columns[query.sort].format(way=way)} {way}, r.code, v.country, v.audience, v.language, v.id"


def _like(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
