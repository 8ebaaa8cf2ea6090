"""What is known of the documents and labels that may answer a question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import bindparam, func, or_, select, text
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
    # In the order of a DocumentRow, what decides about the export last.
    query = (
        select(
            _V.id, _R.code, _R.kind, _V.number, _V.title, func.coalesce(Product.name, ""), _V.state, _V.audience,
            _V.country, _V.language, _V.effective_from, _V.review_due, _V.hold_reason, _V.exportable,
            _R.product_id, _R.topic,
        )
        .join(_R, _R.id == _V.response_id)
        .outerjoin(Product, Product.id == _R.product_id)
        .where(_V.id.in_(list(version_ids)))
    )  # fmt: skip
    found: dict[str, Candidate] = {}
    for *fields, exportable, product_id, topic in session.execute(query):
        values = [*fields, exportable is not False]
        row = DocumentRow(*values)
        found[row.id] = Candidate(row, product_id or "", topic)
    return found


def labels_of(session: Session, version_ids: Iterable[str], today: date) -> dict[str, Candidate]:
    """Return labels by version; only the version of each label that is in force today counts."""
    query = (
        select(
            LabelVersion.id, LabelVersion.label_id, LabelVersion.number, LabelVersion.effective_from, Label.set_id,
            Label.title, Label.region, Label.language, Label.product_id, Product.name.label("product"),
        )
        .join(Label, Label.id == LabelVersion.label_id)
        .outerjoin(Product, Product.id == Label.product_id)
        .where(LabelVersion.id.in_(list(version_ids)), LabelVersion.id.in_(_in_force(session, today)))
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


def texts_of(session: Session, candidates: Sequence[Candidate]) -> dict[str, tuple[str, str, str]]:
    """Return section, heading and text of each candidate by version; without a section its first one."""
    found: dict[str, tuple[str, str, str]] = {}
    for model, is_label in ((_S, False), (LabelSection, True)):
        some = [each for each in candidates if (each.row.kind == LABEL) is is_label]
        if not some:
            continue
        chosen = [each.section_id for each in some if each.section_id]
        whole = [each.row.id for each in some if not each.section_id]
        query = select(model.version_id, model.id, model.heading, model.text).where(
            or_(model.id.in_(chosen), model.version_id.in_(whole))
        )
        for version_id, *text_of in session.execute(query.order_by(model.position)):
            found.setdefault(version_id, (text_of[0], text_of[1], text_of[2]))
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


def _in_force(session: Session, today: date) -> list[str]:
    """Return the newest version of each label that has begun, or the next one of a label that has none."""
    begun: dict[str, str] = {}
    coming: dict[str, str] = {}
    query = select(LabelVersion.id, LabelVersion.label_id, LabelVersion.effective_from)
    in_order = query.where(LabelVersion.retired_at.is_(None)).order_by(
        LabelVersion.effective_from, LabelVersion.row
    )
    for row in session.execute(in_order):
        if row.effective_from <= today.isoformat():
            begun[row.label_id] = row.id
        else:
            coming.setdefault(row.label_id, row.id)
    return list((coming | begun).values())
