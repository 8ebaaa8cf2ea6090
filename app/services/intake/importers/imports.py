"""Import files of inquiries, a batch a transaction, again without harm."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.errors import InputRefusedError
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.inquiry_forms import InquiryForm, PersonForm
from app.models.numbering import Series, provisional
from app.models.people import Contact, Requester
from app.models.product import Product
from app.services.intake.due import due_times
from app.services.intake.importers.files import rows_in
from app.services.intake.importers.mail import mail_of
from app.services.intake.importers.report import ImportReport, RefusedRow
from app.services.intake.importers.rows import COLUMNS, ImportedRow, row_of
from app.services.jobs.context import JobContext
from app.services.work.queries import device_short, ensure_may_write, next_serial, office_zone
from app.services.workspace.unit_of_work import UnitOfWork

BATCH = 1_000
ROW_FILES = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson"})
KINDS = ROW_FILES | {".eml"}
MAX_MAPPING = 1024 * 1024

__all__ = [
    "KINDS",
    "ImportReport",
    "RefusedRow",
    "import_file",
    "import_files",
    "import_rows",
    "read_mapping",
]


@dataclass(slots=True)
class _Tally:
    """What became of the rows so far."""

    read: int = 0
    known: int = 0
    added: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


@dataclass(slots=True)
class _Tables:
    """The rows of one batch by table, in the order of their foreign keys."""

    requesters: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    inquiries: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)


def import_files(
    uow: UnitOfWork,
    paths: Sequence[Path],
    *,
    mapping: Mapping[str, str] | None = None,
    job: JobContext | None = None,
) -> tuple[ImportReport, ...]:
    """Import files one after the other; a bad one does not stop the rest."""
    reports = []
    for path in paths:
        try:
            reports.append(import_file(uow, path, mapping=mapping, job=job))
        except InputRefusedError as exc:
            reports.append(ImportReport(str(path), refused=(RefusedRow(0, str(exc)),)))
    return tuple(reports)


def import_file(
    uow: UnitOfWork,
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    job: JobContext | None = None,
) -> ImportReport:
    """Import one file; what was taken in before a cancel stays.

    Refuses a file that cannot be read at all; a row that cannot is named in the report.
    """
    job = job or JobContext()
    path = Path(path)
    if path.suffix.lower() not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise InputRefusedError(
            f"{path.name[:80]} is of no kind that can be imported. Choose one of {known}."
        )
    return _take_in(uow, str(path), path.name, _read(uow, path, mapping), job)


def import_rows(
    uow: UnitOfWork, rows: Iterable[Mapping[str, object]], *, source: str, job: JobContext | None = None
) -> ImportReport:
    """Import rows that are in memory already, such as those of the sample."""
    numbered = _parsed(enumerate(rows, start=1), source, uow.zone())
    return _take_in(uow, source, source, numbered, job or JobContext())


def _take_in(
    uow: UnitOfWork,
    path: str,
    name: str,
    numbered: Iterator[tuple[int, ImportedRow | InputRefusedError]],
    job: JobContext,
) -> ImportReport:
    tally, changes = _Tally(), Changes()
    rows = _checked(numbered, tally)
    while batch := list(islice(rows, BATCH)):
        job.checkpoint()
        with uow:
            ensure_may_write(uow.session, uow.actor)
            _store(uow, batch, tally)
            changes = changes | uow.commit()
        job.report(tally.read, label=f"Importing {name}")
    return ImportReport(path, tally.read, tuple(tally.added), tally.known, tuple(tally.refused), changes)


def read_mapping(path: Path) -> dict[str, str]:
    """Read which column of a file means which of ours."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            content = json.loads(file.read(MAX_MAPPING))
    except (OSError, ValueError, RecursionError) as exc:
        raise InputRefusedError(f"{path.name[:80]} is no mapping that can be read.") from exc
    if not isinstance(content, dict) or not set(content.values()) <= COLUMNS:
        raise InputRefusedError(f"A mapping names columns such as {', '.join(sorted(COLUMNS))}.")
    return content


def _read(
    uow: UnitOfWork, path: Path, mapping: Mapping[str, str] | None
) -> Iterator[tuple[int, ImportedRow | InputRefusedError]]:
    zone = uow.zone()
    if path.suffix.lower() == ".eml":
        yield 1, mail_of(path, uow.now(), zone)
        return
    yield from _parsed(rows_in(path, mapping), path.suffix.lower().removeprefix("."), zone)


def _parsed(
    numbered: Iterable[tuple[int, Mapping[str, object] | InputRefusedError]], source: str, zone: str
) -> Iterator[tuple[int, ImportedRow | InputRefusedError]]:
    for line, fields in numbered:
        if isinstance(fields, InputRefusedError):
            yield line, fields
            continue
        try:
            row = row_of(line, fields, source, zone)
        except InputRefusedError as exc:
            yield line, exc
        else:
            yield line, row


def _checked(
    rows: Iterator[tuple[int, ImportedRow | InputRefusedError]], tally: _Tally
) -> Iterator[ImportedRow]:
    for line, row in rows:
        tally.read += 1
        if isinstance(row, InputRefusedError):
            tally.refused.append(RefusedRow(line, str(row)))
        else:
            yield row


def _store(uow: UnitOfWork, batch: Sequence[ImportedRow], tally: _Tally) -> None:
    wanted = {row.external_id for row in batch}
    query = select(Inquiry.external_id).where(Inquiry.external_id.in_(wanted))
    known = set(uow.session.scalars(query))
    products = _products(uow)
    short = device_short(uow.session, uow.device)
    serial = next_serial(uow.session, uow.device, Series.INQUIRY)
    zone = office_zone(uow.session, uow.zone())
    tables = _Tables()
    for row in batch:
        if row.external_id in known:
            tally.known += 1
            continue
        known.add(row.external_id)
        number = provisional(Series.INQUIRY, short, serial + len(tables.inquiries))
        _add(tables, row, number, products, zone)
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


def _add(tables: _Tables, row: ImportedRow, number: str, products: Mapping[str, str], zone: str) -> None:
    form = row.form
    requester = _person(tables.requesters, form.requester)
    contact = None if form.asks_for_another else _person(tables.contacts, form.requester)
    product = products.get(" ".join(row.product.lower().split()))
    extra = dict(form.given) | ({"product_given": row.product} if row.product and product is None else {})
    acknowledge_by, due_at = due_times(form.received_at or 0, zone, form.urgency)
    inquiry = {
        **_columns(form),
        "id": uuid7(),
        "number": number,
        "requester_id": requester,
        "contact_id": contact,
        "product_id": product,
        "external_id": row.external_id,
        "acknowledge_by": acknowledge_by,
        "due_at": due_at,
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
