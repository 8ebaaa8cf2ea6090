"""Look into the library: lists, one document, search, and what may be inserted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, select, text
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.library_rules import library_rules
from app.models.lifecycle_srd import SELECTABLE, SrdState
from app.models.markup import split_blocks
from app.models.normal import content_hash
from app.models.product import Product
from app.models.rules_data import load_rules
from app.models.standard_response import StandardResponse, StandardResponseSection, StandardResponseVersion


@dataclass(frozen=True, slots=True)
class ForWhom:
    """Whom a text must fit: country, audience, language, and the day."""

    country: str
    audience: str
    language: str
    today: date


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One version in a list; `replaced_on` is the day on which the next version of a label begins."""

    id: str
    code: str
    kind: str
    number: str
    title: str
    product: str
    state: str
    audience: str
    country: str
    language: str
    effective_from: str
    review_due: str
    hold_reason: str
    is_exportable: bool = True
    is_under_revision: bool = False
    replaced_on: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, list or table of a section: the smallest piece with an origin."""

    index: int
    markup: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a version with its paragraphs."""

    id: str
    heading: str
    text: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One version, whole."""

    row: DocumentRow
    sections: tuple[Section, ...]
    references: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document with the passage that matches; `snippet` marks words as [[word]]."""

    row: DocumentRow
    section_id: str
    heading: str
    snippet: str
    score: float
    obstacle: str | None


_V, _R, _S = StandardResponseVersion, StandardResponse, StandardResponseSection

_COLUMNS = (
    _V.id, _R.code, _R.kind, _V.number, _V.title, Product.name.label("product"), _V.state, _V.audience,
    _V.country, _V.language, _V.effective_from, _V.review_due, _V.hold_reason,
    _V.exportable.label("is_exportable"), _V.under_revision.label("is_under_revision"),
)  # fmt: skip


_STORED = tuple(name for name in DocumentRow.__dataclass_fields__ if name != "replaced_on")


def documents(session: Session, *, newest_only: bool = False) -> list[DocumentRow]:
    """List every version, by code and newest first."""
    rows = _rows(session)
    if newest_only:
        rows = list(
            {(row.code, row.country, row.language, row.audience): row for row in reversed(rows)}.values()
        )
        rows.sort(key=lambda row: row.code)
    return rows


def _rows(session: Session, *conditions: ColumnElement[bool]) -> list[DocumentRow]:
    query = (
        select(*_COLUMNS)
        .join(_R, _R.id == _V.response_id)
        .outerjoin(Product, Product.id == _R.product_id)
        .where(_V.retired_at.is_(None), *conditions)
    )
    rows = [row_of(mapping) for mapping in session.execute(query).mappings()]
    rows.sort(key=lambda row: (row.code, tuple(-part for part in number_parts(row.number))))
    return rows


def number_parts(number: str) -> tuple[int, ...]:
    """Return a version number in a form that sorts."""
    return tuple(int(part) for part in number.split(".") if part.isdigit())


def document(session: Session, version_id: str) -> Document:
    """Return one version with its sections and references."""
    query = (
        select(*_COLUMNS, _V.references)
        .join(_R, _R.id == _V.response_id)
        .outerjoin(Product, Product.id == _R.product_id)
        .where(_V.id == version_id)
    )
    found = session.execute(query).mappings().first()
    if found is None:
        raise RecordNotFoundError(version_id)
    sections = session.execute(
        select(_S.id, _S.heading, _S.text).where(_S.version_id == version_id).order_by(_S.position)
    )
    return Document(
        row_of(found), tuple(_section(*section) for section in sections), tuple(found["references"])
    )


def version_by_code(session: Session, code: str, number: str | None = None) -> str:
    """Return the version that a code names: the given one, else the effective, else the newest."""
    rows = _rows(session, func.lower(_R.code) == code.lower())
    if number is not None:
        rows = [row for row in rows if row.number == number]
    effective = [row for row in rows if row.state == SrdState.EFFECTIVE]
    if not rows:
        raise RecordNotFoundError(code)
    return (effective or rows)[0].id


def versions_of(session: Session, code: str) -> list[DocumentRow]:
    """List all versions of one document, newest first."""
    return _rows(session, _R.code == code)


def obstacle(row: DocumentRow, whom: ForWhom) -> str | None:
    """Say why a version cannot be inserted into this letter, or None if it can."""
    if row.state not in SELECTABLE:
        plain = _STATE_OBSTACLES.get(row.state, f"is {row.state.replace('_', ' ')}")
        is_held = row.state == SrdState.ON_HOLD and bool(row.hold_reason)
        return f"{plain}: {row.hold_reason}" if is_held else plain
    if row.effective_from and date.fromisoformat(row.effective_from) > whom.today:
        return f"is effective from {row.effective_from} only"
    if row.audience != whom.audience:
        return "is written for patients" if row.audience == "patient" else "is written for professionals"
    if not row.country and not row.is_exportable:
        return "is a core text that is not cleared for use abroad"
    if row.country and row.country not in (whom.country, library_rules().region_of(whom.country)):
        where = f"is in {whom.country}" if whom.country else "has no country yet"
        return f"is for {row.country}, the contact {where}"
    if row.language != whom.language:
        return f"is in {row.language}, the letter is in {whom.language}"
    return None


_STATE_OBSTACLES: dict[str, str] = {
    SrdState.ON_HOLD: "is on hold",
    SrdState.DRAFT: "is a draft",
    SrdState.MEDICAL_REVIEW: "is in review",
    SrdState.APPROVED: "is approved and not effective yet",
}


def search(
    session: Session, words: str, *, whom: ForWhom | None = None, product: str = "", limit: int = 20
) -> list[Hit]:
    """Find sections by words, best first; documents that cannot be used come last, with the reason."""
    match = match_expression(words)
    if not match:
        return []
    found = session.execute(_SEARCH, {"match": match, "limit": limit * 4}).mappings()
    hits: dict[str, Hit] = {}
    for mapping in found:
        row = row_of(mapping)
        hit = Hit(
            row=row,
            section_id=mapping["section_id"],
            heading=mapping["heading"],
            snippet=mapping["snippet"],
            score=-float(mapping["score"]) * (1.5 if product and row.product == product else 1.0),
            obstacle=obstacle(row, whom) if whom is not None else None,
        )
        if row.id not in hits or hits[row.id].score < hit.score:
            hits[row.id] = hit
    ranked = sorted(hits.values(), key=lambda hit: (hit.obstacle is not None, -hit.score, hit.row.code))
    return ranked[:limit]


_SEARCH = text(
    """
    SELECT v.id, r.code, r.kind, v.number, v.title, p.name AS product, v.state, v.audience, v.country,
           v.language, v.effective_from, v.review_due, v.hold_reason, v.exportable AS is_exportable,
           v.under_revision AS is_under_revision, s.id AS section_id,
           s.heading AS heading,
           snippet(section_search, 1, '[[', ']]', ' … ', 24) AS snippet,
           bm25(section_search, 4.0, 1.0) + coalesce(
             (SELECT 3.0 * bm25(document_search, 2.0, 3.0, 1.0) FROM document_search
               WHERE document_search MATCH :match AND document_search.rowid = r.row), 0.0) AS score
      FROM section_search
      JOIN standard_response_section s ON s.row = section_search.rowid
      JOIN standard_response_version v ON v.id = s.version_id
      JOIN standard_response r ON r.id = v.response_id
      LEFT JOIN product p ON p.id = r.product_id
     WHERE section_search MATCH :match AND v.retired_at IS NULL AND v.state NOT IN ('superseded', 'archived')
     ORDER BY score LIMIT :limit
    """
)

_WORD = re.compile(r"\w+")
# Words that stand in nearly every question and only cost time.
_STOP = frozenset(load_rules("search.json").body.texts("en"))


def match_expression(words: str) -> str:
    """Return the FTS5 query for typed words: any of them, the last one as a prefix."""
    tokens = [token for token in _WORD.findall(words.lower()) if token not in _STOP][:40]
    if not tokens:
        return ""
    quoted = [f'"{token}"' for token in dict.fromkeys(tokens)]
    if words and not words[-1].isspace() and len(tokens[-1]) > 1:
        quoted[-1 if tokens[-1] == quoted[-1].strip('"') else quoted.index(f'"{tokens[-1]}"')] += "*"
    return " OR ".join(quoted)


def row_of(mapping: RowMapping) -> DocumentRow:
    """Make a row of what a query selected under the names of its fields."""
    values = {name: mapping[name] for name in _STORED}
    values["product"] = values["product"] or ""
    values["is_under_revision"] = bool(values["is_under_revision"])
    # Nobody said that it may not go abroad.
    values["is_exportable"] = values["is_exportable"] is None or bool(values["is_exportable"])
    return DocumentRow(**values)


def _section(section_id: str, heading: str, body: str) -> Section:
    paragraphs = tuple(
        Paragraph(index, markup, content_hash(markup)) for index, markup in enumerate(split_blocks(body))
    )
    return Section(section_id, heading, body, paragraphs)


def sections_by_id(session: Session, ids: Sequence[str]) -> dict[str, Section]:
    """Return sections by id, for comparing blocks with their source."""
    query = select(_S.id, _S.heading, _S.text).where(_S.id.in_(list(ids)))
    return {found.id: _section(*found) for found in session.execute(query)}
