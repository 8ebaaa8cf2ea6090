"""What a letter draws on beside its case: library, references, sender."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.csl import CslRecord
from app.models.product import Product
from app.models.reference import Reference
from app.models.settings import Configuration
from app.models.standard_response import StandardResponse, StandardResponseVersion
from app.services.library.queries import DocumentRow, ForWhom, obstacle

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
        return obstacle(row, ForWhom(row.country, row.audience, row.language, today))


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
    return {row[0].id: _version(*row) for row in session.execute(query)}


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
