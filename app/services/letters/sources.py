"""What a letter draws on beside its case: library, references, sender."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.checks.origins import same_language
from app.models.csl import CslRecord
from app.models.label import LabelSection, LabelVersion
from app.models.letter_origins import LABEL
from app.models.lifecycle_srd import SrdState
from app.models.markup import split_blocks
from app.models.normal import content_hash
from app.models.product import Product
from app.models.reference import Reference
from app.models.settings import Configuration
from app.models.standard_response import StandardResponse, StandardResponseVersion
from app.services.library import labels, queries
from app.services.library.labels import LabelRow
from app.services.library.queries import Document, DocumentRow, ForWhom, Paragraph, Section

COMPANY = "company"

_V, _R = StandardResponseVersion, StandardResponse


@dataclass(frozen=True)
class LoadedVersion:
    """One version of the library from which the letter has text."""

    row: DocumentRow
    references: Mapping[str, CslRecord]

    def why_stale(self, today: date) -> str | None:
        """Say why the version is no longer in force, whoever reads the letter."""
        row = self.row
        return self.obstacle(ForWhom(row.country, row.audience, row.language, today))

    def obstacle(self, whom: ForWhom) -> str | None:
        """Say why the version may not go to this reader, or None if it may."""
        return obstacle(self.row, whom)


def obstacle(row: DocumentRow, whom: ForWhom) -> str | None:
    """Say why an SRD or a label may not go into a letter, or None if it may.

    A label speaks to every reader of its country, so nobody's role keeps it out.
    """
    if row.kind != LABEL:
        return queries.obstacle(row, whom)
    if row.replaced_on is not None and row.replaced_on <= whom.today.isoformat():
        return "is an older version of this label"
    language = whom.language if same_language(row.language, whom.language) else row.language
    return queries.obstacle(replace(row, audience=whom.audience, language=language), whom)


def source_document(session: Session, version_id: str) -> Document:
    """Return a version of an SRD or of a label with the pieces that a letter takes from it."""
    if session.get(LabelVersion, version_id) is None:
        return queries.document(session, version_id)
    found = labels.label(session, version_id)
    sections = tuple(_label_section(each.id, each.heading, each.text) for each in found.sections)
    return Document(label_row(found.row), sections, ())


def source_sections(session: Session, ids: Sequence[str]) -> dict[str, Section]:
    """Return sections of SRDs and labels by id, for comparing blocks with their source."""
    query = select(LabelSection.id, LabelSection.heading, LabelSection.text)
    found = session.execute(query.where(LabelSection.id.in_(list(ids))))
    return queries.sections_by_id(session, ids) | {each.id: _label_section(*each) for each in found}


def label_row(row: LabelRow) -> DocumentRow:
    """Return a version of a label as a row among documents; the day decides whether it is in force."""
    return DocumentRow(
        id=row.id,
        code=row.title or row.set_id,
        kind=LABEL,
        number=row.number,
        title=row.title,
        product=row.product,
        state=SrdState.EFFECTIVE,
        audience="",
        country=row.region,
        language=row.language,
        effective_from=row.effective_from,
        review_due="",
        hold_reason="",
        replaced_on=row.replaced_on,
    )


def _label_section(section_id: str, heading: str, text: str) -> Section:
    pieces = (Paragraph(at, markup, content_hash(markup)) for at, markup in enumerate(split_blocks(text)))
    return Section(section_id, heading, text, tuple(pieces))


def versions(session: Session, ids: Iterable[str]) -> dict[str, LoadedVersion]:
    """Return versions of the library with their references, by id."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = (
        select(_V, _R.code, _R.kind, Product.name)
        .join(_R, _R.id == _V.response_id)
        .outerjoin(Product, Product.id == _R.product_id)
        .where(_V.id.in_(wanted))
    )
    found = {row[0].id: _version(*row) for row in session.execute(query)}
    if found.keys() == set(wanted):
        return found
    rows = [label_row(row) for row in labels.rows_beside(session, wanted) if row.id in wanted]
    return found | {row.id: LoadedVersion(row, {}) for row in rows}


def _version(version: StandardResponseVersion, code: str, kind: str, product: str | None) -> LoadedVersion:
    row = DocumentRow(
        id=version.id,
        code=code,
        kind=kind,
        number=version.number,
        title=version.title,
        product=product or "",
        state=version.state,
        audience=version.audience,
        country=version.country,
        language=version.language,
        effective_from=version.effective_from,
        review_due=version.review_due,
        hold_reason=version.hold_reason,
        is_exportable=version.exportable is not False,
    )
    return LoadedVersion(row, {str(item["id"]): item for item in version.references if item.get("id")})


def local_references(session: Session, keys: Iterable[str]) -> dict[str, CslRecord]:
    """Return the records of the reference library that these keys name."""
    wanted = sorted(keys)
    if not wanted:
        return {}
    query = select(Reference.key, Reference.csl).where(
        Reference.key.in_(wanted), Reference.retired_at.is_(None)
    )
    return dict(session.execute(query).all())


def company(session: Session) -> Mapping[str, Any]:
    """Return the sender as configured, or nothing."""
    value = session.scalar(select(Configuration.value).where(Configuration.key == COMPANY))
    return value if isinstance(value, Mapping) else {}
