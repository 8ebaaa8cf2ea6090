"""What is known of the documents and labels that may answer a question."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.models.label import Label, LabelSection, LabelVersion
from app.models.lifecycle_srd import SELECTABLE, SrdState
from app.models.product import Product
from app.models.standard_response import StandardResponse, StandardResponseSection, StandardResponseVersion
from app.services.library.queries import DocumentRow

LABEL: Final = "label"
# Shown with the reason why they cannot be inserted now.
UNUSABLE: Final = frozenset(
    {SrdState.DRAFT, SrdState.MEDICAL_REVIEW, SrdState.APPROVED, SrdState.ON_HOLD, SrdState.EXPIRED}
)
_V, _R, _S = StandardResponseVersion, StandardResponse, StandardResponseSection


@dataclass(frozen=True, slots=True)
class Candidate:
    """One version of a document or label, its medicine and topic, and its best section so far."""

    row: DocumentRow
    product_id: str
    topic: str
    section_id: str = ""


def documents_of(session: Session, version_ids: Iterable[str]) -> dict[str, Candidate]:
    """Return standard responses and FAQs by version."""
    query = (
        select(
            _V.id, _R.code, _R.kind, _V.number, _V.title, Product.name.label("product"), _V.state, _V.audience,
            _V.country, _V.language, _V.effective_from, _V.review_due, _V.hold_reason, _R.product_id, _R.topic,
            _V.exportable.label("is_exportable"),
        )
        .join(_R, _R.id == _V.response_id)
        .outerjoin(Product, Product.id == _R.product_id)
        .where(_V.id.in_(list(version_ids)))
    )  # fmt: skip
    found: dict[str, Candidate] = {}
    for row in session.execute(query):
        values = {name: getattr(row, name) for name in DocumentRow.__dataclass_fields__}
        values["product"] = values["product"] or ""
        values["is_exportable"] = values["is_exportable"] is not False
        found[row.id] = Candidate(DocumentRow(**values), row.product_id or "", row.topic)
    return found


def labels_of(session: Session, version_ids: Iterable[str]) -> dict[str, Candidate]:
    """Return labels by version; only the newest version of each label is current."""
    query = (
        select(
            LabelVersion.id, LabelVersion.label_id, LabelVersion.number, LabelVersion.effective_from, Label.set_id,
            Label.title, Label.region, Label.language, Label.product_id, Product.name.label("product"),
        )
        .join(Label, Label.id == LabelVersion.label_id)
        .outerjoin(Product, Product.id == Label.product_id)
        .where(LabelVersion.id.in_(list(version_ids)), LabelVersion.id.in_(_newest(session)))
    )  # fmt: skip
    return {
        row.id: Candidate(
            DocumentRow(
                id=row.id, code=row.set_id, kind=LABEL, number=row.number, title=row.title, product=row.product or "",
                state=SrdState.EFFECTIVE, audience="", country=row.region, language=row.language,
                effective_from=row.effective_from, review_due="", hold_reason="",
            ),
            row.product_id or "",
            "",
        )
        for row in session.execute(query)
    }  # fmt: skip


def versions_of_sections(session: Session, section_ids: Iterable[str], *, every: bool) -> dict[str, str]:
    """Return the version of each section of a document that counts; see `find_documents` for `every`."""
    rows = session.execute(_VERSIONS, {"ids": list(section_ids), "every": every}).all()
    return {row[0]: row[1] for row in rows}


def versions_of_codes(session: Session, codes: Iterable[str], *, every: bool) -> list[str]:
    """Return the versions that count of documents; see `find_documents` for `every`."""
    wanted = list(codes)
    if not wanted:
        return []
    query = (
        select(_V.id).join(_R, _R.id == _V.response_id).where(_R.code.in_(wanted), _V.retired_at.is_(None))
    )
    states = SELECTABLE | UNUSABLE if every else SELECTABLE
    return list(session.scalars(query.where(_V.state.in_(sorted(states)))))


def label_versions_of_sections(session: Session, section_ids: Iterable[str]) -> dict[str, str]:
    """Return the version of each section of a label."""
    query = select(LabelSection.id, LabelSection.version_id).where(LabelSection.id.in_(list(section_ids)))
    return {row.id: row.version_id for row in session.execute(query)}


def texts_of(session: Session, candidates: Iterable[Candidate]) -> dict[str, tuple[str, str, str]]:
    """Return section, heading and text of each candidate by version; without a section its first one."""
    found: dict[str, tuple[str, str, str]] = {}
    for each in candidates:
        model = LabelSection if each.row.kind == LABEL else _S
        query = select(model.id, model.heading, model.text)
        if each.section_id:
            query = query.where(model.id == each.section_id)
        else:
            query = query.where(model.version_id == each.row.id).order_by(model.position).limit(1)
        row = session.execute(query).first()
        if row is not None:
            found[each.row.id] = (row.id, row.heading, row.text)
    return found


def with_section(candidate: Candidate, section_id: str) -> Candidate:
    """Return a candidate with its best section."""
    return replace(candidate, section_id=section_id)


def is_current(row: DocumentRow, today: date) -> bool:
    """Tell whether a version is in force on a day."""
    return row.state == SrdState.EFFECTIVE and (
        not row.effective_from or row.effective_from <= today.isoformat()
    )


_VERSIONS = text(
    """
    SELECT s.id, v.id FROM standard_response_section s JOIN standard_response_version v ON v.id = s.version_id
     WHERE s.id IN :ids AND s.retired_at IS NULL AND v.retired_at IS NULL
       AND (v.state = 'effective' OR (:every AND v.state IN
            ('draft', 'medical_review', 'approved', 'on_hold', 'expired')))
    """
).bindparams(bindparam("ids", expanding=True))


def _newest(session: Session) -> list[str]:
    newest: dict[str, tuple[str, int, str]] = {}
    query = select(LabelVersion.id, LabelVersion.label_id, LabelVersion.effective_from, LabelVersion.row)
    for row in session.execute(query.where(LabelVersion.retired_at.is_(None))):
        key = (row.effective_from, row.row, row.id)
        newest[row.label_id] = max(key, newest.get(row.label_id, key))
    return [each[2] for each in newest.values()]
