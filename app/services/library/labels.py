"""Labels of the medicines: take versions in, and look into them."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.label import LabelSection, LabelVersion
from app.models.library_forms import LabelForm, Refusal
from app.models.product import Product
from app.models.rules_data import load_rules
from app.services.jobs import JobContext
from app.services.library.commands import Imported, LibraryImport
from app.services.library.label_intake import fitting_products, take_in
from app.services.library.label_rows import (
    COMING,
    CURRENT,
    OLDER,
    LabelRow,
    labels,
    labels_of_product,
    rows_beside,
    versions_of,
)
from app.services.library.queries import match_expression
from app.services.workspace.unit_of_work import UnitOfWork

__all__ = [
    "BOXED_WARNING",
    "COMING",
    "CURRENT",
    "OLDER",
    "UNCLASSIFIED",
    "LabelDocument",
    "LabelHit",
    "LabelRow",
    "LabelText",
    "find",
    "fitting_products",
    "import_labels",
    "label",
    "labels",
    "labels_of_product",
    "rows_beside",
    "sections_of",
    "standard_heading",
    "standard_order",
    "version_by_name",
    "versions_of",
]

BOXED_WARNING: Final = "34066-1"
UNCLASSIFIED: Final = "42229-5"
_V, _S = LabelVersion, LabelSection


@dataclass(frozen=True, slots=True)
class LabelText:
    """One section; `standard` is the heading that its code has in every label."""

    id: str
    code: str
    depth: int
    heading: str
    standard: str
    text: str

    @property
    def is_boxed_warning(self) -> bool:
        """Whether this is the boxed warning."""
        return self.code == BOXED_WARNING


@dataclass(frozen=True, slots=True)
class LabelDocument:
    """One version, whole; `listed` is what its file held that the text does not."""

    row: LabelRow
    sections: tuple[LabelText, ...]
    listed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LabelHit:
    """One found section; `snippet` marks words as [[word]]."""

    row: LabelRow
    section_id: str
    code: str
    heading: str
    snippet: str
    score: float


# Taking in


def import_labels(
    uow: UnitOfWork,
    forms: Sequence[LabelForm],
    *,
    product: str = "",
    job: JobContext | None = None,
) -> LibraryImport:
    """Take in each label as a version; one that is there already is left as it is.

    With `product` every label is linked to it, else to the one medicine that its names, substances or codes fit.
    """
    job = job or JobContext()
    imported: list[Imported] = []
    refused: list[Refusal] = []
    with uow:
        products = list(uow.session.scalars(select(Product).where(Product.retired_at.is_(None))))
        chosen = next((each for each in products if each.name.lower() == product.lower()), None)
        if product and chosen is None:
            raise RecordNotFoundError(product)
        for done, form in enumerate(forms, start=1):
            job.report(done, len(forms), "Reading labels")
            fitting = [chosen] if chosen is not None else fitting_products(form, products)
            outcome = take_in(uow, form, fitting)
            if isinstance(outcome, Refusal):
                refused.append(outcome)
            else:
                imported.append(outcome)
        changes = uow.commit()
    return LibraryImport(tuple(imported), tuple(refused), changes)


# Looking


def label(session: Session, version_id: str, *, today: date | None = None) -> LabelDocument:
    """Return one version with its sections in their order."""
    beside = rows_beside(session, [version_id], today=today)
    row = next((row for row in beside if row.id == version_id), None)
    if row is None:
        raise RecordNotFoundError(version_id)
    extra = session.scalar(select(_V.extra).where(_V.id == version_id)) or {}
    listed = tuple((each["kind"], each["text"]) for each in extra.get("listed", ()))
    return LabelDocument(row, tuple(sections_of(session, version_id)), listed)


def sections_of(session: Session, version_id: str) -> list[LabelText]:
    """List the sections of one version in their order."""
    query = (
        select(_S.id, _S.code, _S.depth, _S.heading, _S.text)
        .where(_S.version_id == version_id)
        .order_by(_S.position)
    )
    return [
        LabelText(found.id, found.code, found.depth, found.heading, standard_heading(found.code), found.text)
        for found in session.execute(query)
    ]


def version_by_name(
    session: Session, name: str, number: str | None = None, *, today: date | None = None
) -> str:
    """Return the version that a set id, its first part, a title or a product names.

    Without a number it is the one in force, which without a day is the newest.
    """
    wanted = name.strip().casefold()
    rows = labels(session, today=today, newest_only=number is None)
    if number is not None:
        rows = [row for row in rows if row.number == number]
    for fits in (_has_set_id, _has_name):
        found = [row for row in rows if wanted and fits(row, wanted)]
        if len({row.label_id for row in found}) == 1:
            return found[0].id
    raise RecordNotFoundError(name)


def _has_set_id(row: LabelRow, wanted: str) -> bool:
    return row.set_id.casefold().startswith(wanted)


def _has_name(row: LabelRow, wanted: str) -> bool:
    return wanted in (row.title.casefold(), row.product.casefold())


def find(
    session: Session,
    words: str,
    *,
    version_id: str = "",
    newest_only: bool = True,
    today: date | None = None,
    limit: int = 20,
) -> list[LabelHit]:
    """Find sections by words, best first: inside one version, or in the current ones of all labels."""
    match = match_expression(words)
    if not match:
        return []
    asked = {"match": match, "version_id": version_id, "limit": limit if version_id else limit * 8}
    found = session.execute(_FIND, asked).mappings().all()
    rows = {row.id: row for row in rows_beside(session, [each["version_id"] for each in found], today=today)}
    hits = [_hit(rows[mapping["version_id"]], mapping) for mapping in found if mapping["version_id"] in rows]
    if newest_only and not version_id:
        hits = [hit for hit in hits if hit.row.state == CURRENT]
    return hits[:limit]


def _hit(row: LabelRow, mapping: RowMapping) -> LabelHit:
    return LabelHit(
        row, mapping["id"], mapping["code"], mapping["heading"], mapping["snippet"], -float(mapping["score"])
    )


_FIND = text(
    """
    SELECT s.id, s.version_id, s.code, s.heading,
           snippet(label_search, 1, '[[', ']]', ' … ', 24) AS snippet,
           bm25(label_search, 4.0, 1.0) AS score
      FROM label_search
      JOIN label_section s ON s.row = label_search.rowid
     WHERE label_search MATCH :match AND (:version_id = '' OR s.version_id = :version_id)
     ORDER BY score, s.position LIMIT :limit
    """
)


def standard_heading(code: str) -> str:
    """Return the standard heading of a section code, empty when it has none."""
    return _headings().get(code, "")


def standard_order(code: str) -> int:
    """Return the place of a section code in a full label; unknown codes come last."""
    return list(_headings()).index(code) if code in _headings() else len(_headings())


@functools.cache
def _headings() -> dict[str, str]:
    sections = load_rules("label_sections.json").body.sections("sections")
    return {section.text("code"): section.text("heading") for section in sections}
