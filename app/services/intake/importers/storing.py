"""Store a batch of rows set-based, in the order of their foreign keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.inquiry_forms import InquiryForm, PersonForm
from app.models.numbering import Series, provisional
from app.models.people import Contact, Requester
from app.models.product import Product
from app.services.intake.due import Asked, due_times
from app.services.intake.importers.report import Tally
from app.services.intake.importers.rows import ImportedRow
from app.services.work.queries import device_short, next_serial
from app.services.work.service_levels import ServiceLevels, service_levels
from app.services.workspace.unit_of_work import UnitOfWork


@dataclass(slots=True)
class _Tables:
    """The rows of one batch by table, in the order of their foreign keys."""

    requesters: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    inquiries: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)


def store(uow: UnitOfWork, batch: Sequence[ImportedRow], tally: Tally) -> None:
    """Store the rows that are not here yet, within an open unit of work."""
    wanted = {row.external_id for row in batch}
    query = select(Inquiry.external_id).where(Inquiry.external_id.in_(wanted))
    known = set(uow.session.scalars(query))
    products = _products(uow)
    short = device_short(uow.session, uow.device)
    serial = next_serial(uow.session, uow.device, Series.INQUIRY)
    levels = service_levels(uow.session, uow.zone())
    tables = _Tables()
    for row in batch:
        if row.external_id in known:
            tally.known += 1
            continue
        known.add(row.external_id)
        number = provisional(Series.INQUIRY, short, serial + len(tables.inquiries))
        _add(tables, row, number, products, levels)
    uow.insert_many(Requester, tables.requesters)
    uow.insert_many(Contact, tables.contacts)
    tally.added.extend(uow.insert_many(Inquiry, tables.inquiries))
    uow.insert_many(InquiryQuestion, tables.questions)


def _products(uow: UnitOfWork) -> dict[str, str]:
    names: dict[str, str] = {}
    doubtful: set[str] = set()
    for product in uow.session.scalars(select(Product).where(Product.retired_at.is_(None))):
        for name in {product.name, product.substance, *product.aliases} - {""}:
            key = " ".join(str(name).lower().split())
            doubtful |= {key} if names.setdefault(key, product.id) != product.id else set()
    # A name that two products share says of neither that it is meant.
    return {name: product for name, product in names.items() if name not in doubtful}


def _add(
    tables: _Tables, row: ImportedRow, number: str, products: Mapping[str, str], levels: ServiceLevels
) -> None:
    form = row.form
    requester = _person(tables.requesters, form.requester)
    contact = None if form.asks_for_another else _person(tables.contacts, form.requester)
    product = products.get(" ".join(row.product.lower().split()))
    extra = dict(form.given) | ({"product_given": row.product} if row.product and product is None else {})
    office_id = levels.responsible(form.country)
    due = due_times(levels, Asked(form.received_at or 0, form.channel, form.urgency, office_id))
    inquiry = {
        **_columns(form),
        "id": uuid7(),
        "number": number,
        "requester_id": requester,
        "contact_id": contact,
        "product_id": product,
        "external_id": row.external_id,
        "acknowledge_by": due.acknowledge_by,
        "due_at": due.due_at,
        "office_id": office_id,
        "extra": extra,
    }
    tables.inquiries.append(inquiry)
    for position, question in enumerate(form.questions, start=1):
        tables.questions.append(
            {
                "id": uuid7(),
                "inquiry_id": inquiry["id"],
                "position": position,
                "verbatim": question.verbatim,
                "topic": question.topic,
            }
        )


def _person(people: list[dict[str, Any]], form: PersonForm | None) -> str | None:
    if form is None or form.is_empty:
        return None
    people.append({"id": uuid7(), **form.values()})
    return str(people[-1]["id"])


def _columns(form: InquiryForm) -> dict[str, Any]:
    names = (
        "channel",
        "verbatim",
        "title",
        "received_at",
        "received_zone",
        "referred_by",
        "topic",
        "country",
        "language",
        "solicited",
        "urgency",
        "source",
    )
    return {name: getattr(form, name) for name in names}
