"""Taking a label in: which medicine it is of, which version it is, and what is stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.ids import uuid7
from app.models.label import Label, LabelSection, LabelVersion
from app.models.library_forms import LabelForm, Refusal
from app.models.product import Product
from app.services.library.commands import Imported
from app.services.library.label_rows import CURRENT, age, rank, states_on
from app.services.workspace.clock import in_zone
from app.services.workspace.unit_of_work import UnitOfWork

_L, _V, _S = Label, LabelVersion, LabelSection


def fitting_products(form: LabelForm, products: Sequence[Product]) -> list[Product]:
    """Return the medicines that a label fits best: by set id, then code, then name, then substance."""
    names, substances = _folded(form.names), _folded(form.substances)
    codes = set(form.codes)

    def by_name(product: Product) -> bool:
        return bool(_folded((product.name, *product.aliases)) & names)

    rules = (
        lambda product: bool(product.label_set_id) and product.label_set_id == form.set_id,
        lambda product: bool(codes & {str(alias) for alias in product.aliases}),
        by_name,
        lambda product: bool(_folded((product.substance,)) & substances),
    )
    for fits in rules:
        if found := [product for product in products if fits(product)]:
            return found
    return []


def _folded(names: Sequence[Any]) -> set[str]:
    return {" ".join(str(name).casefold().split()) for name in names if str(name).strip()}


def take_in(uow: UnitOfWork, form: LabelForm, fitting: Sequence[Product]) -> Imported | Refusal:
    """Store a label as a version of its own, inside an open unit of work, unless it is there already."""
    session = uow.session
    today = in_zone(uow.now(), uow.zone()).date()
    label = session.scalars(select(_L).where(_L.set_id == form.set_id)).first()
    versions = list(session.scalars(select(_V).where(_V.label_id == label.id))) if label is not None else []
    known = next((version for version in versions if _holds(version, form)), None)
    if label is not None and known is not None:
        return _known(session, label, known, form, _state(known, versions, today))
    if label is None:
        label = _L(id=uuid7(), set_id=form.set_id, kind=form.kind, title=form.title)
        label.region, label.language = form.region, form.language
        session.add(label)
    note = _link(label, fitting)
    session.flush()
    version = _add_version(uow, label, form)
    state = _state(version, [*versions, version], today)
    if state == CURRENT and versions:
        label.title, label.kind = form.title, form.kind
    session.flush()
    return Imported(
        version.id,
        label.set_id,
        version.number,
        form.title,
        state,
        kind="label",
        understood=form.understood,
        listed=form.listed,
        note=note,
    )


def _link(label: Label, fitting: Sequence[Product]) -> str:
    """Link the one product that fits, and say in words what became of it."""
    if label.product_id is not None:
        return ""
    if len(fitting) == 1:
        label.product_id = fitting[0].id
        return f"Linked to {fitting[0].name}."
    if not fitting:
        return "Linked to no product: none has its name, substance or code."
    names = ", ".join(sorted(product.name for product in fitting)[:4])
    return f"Linked to no product: several fit ({names})."


def _holds(version: LabelVersion, form: LabelForm) -> bool:
    """Tell whether a version is the one of the form, from a source that gives as much or more."""
    if rank(version.source) < rank(form.source):
        return False
    document = version.extra.get("document_id", "")
    if form.document_id and document:
        return bool(document == form.document_id)
    return (version.number, version.effective_from) == (form.number, form.effective_from)


def _known(
    session: Session, label: Label, version: LabelVersion, form: LabelForm, state: str
) -> Imported | Refusal:
    known = Imported(version.id, label.set_id, version.number, label.title, state, known=True, kind="label")
    if version.source != form.source:
        return known
    stored = session.execute(
        select(_S.code, _S.depth, _S.heading, _S.text)
        .where(_S.version_id == version.id)
        .order_by(_S.position)
    ).all()
    given = [(section.code, section.depth, section.heading, section.text) for section in form.sections]
    if [tuple(row) for row in stored] != given:
        return Refusal(
            form.where or form.set_id,
            f"Version {version.number or version.effective_from} of this label ({label.title[:80]}) is in the "
            f"library with another text, from {version.source}. It was left as it is.",
        )
    return known


def _add_version(uow: UnitOfWork, label: Label, form: LabelForm) -> LabelVersion:
    version = _V(
        id=uuid7(),
        label_id=label.id,
        number=form.number,
        effective_from=form.effective_from,
        source=form.source,
        source_sha256=form.source_sha256,
        extra={
            "document_id": form.document_id,
            "file": form.where,
            "codes": list(form.codes),
            "listed": [{"kind": each.kind, "text": each.text} for each in form.listed],
        },
    )
    uow.session.add(version)
    rows = [
        {
            "version_id": version.id,
            "position": position,
            "depth": section.depth,
            "code": section.code,
            "heading": section.heading,
            "text": section.text,
        }
        for position, section in enumerate(form.sections)
    ]
    uow.insert_many(_S, rows)
    return version


def _state(version: LabelVersion, versions: Sequence[LabelVersion], today: date) -> str:
    ordered = sorted(
        versions, key=lambda each: age(each.effective_from, each.number, each.source, each.id), reverse=True
    )
    return states_on([each.effective_from for each in ordered], today)[ordered.index(version)]
