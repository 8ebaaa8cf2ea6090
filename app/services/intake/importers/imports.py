"""Import files of inquiries, a batch a transaction, again without harm."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias

from sqlalchemy.orm import Session

from app.errors import InputRefusedError
from app.models.changes import Changes
from app.services.intake.importers.cells import Numbered
from app.services.intake.importers.eml import eml_of
from app.services.intake.importers.files import records_in
from app.services.intake.importers.kept_mappings import known_mappings
from app.services.intake.importers.mail_store import store_mail
from app.services.intake.importers.mapping import (
    OWN,
    ColumnMapping,
    MappingProposal,
    chosen_for,
    own_mapping,
    read_mapping,
)
from app.services.intake.importers.msg import msg_of
from app.services.intake.importers.report import ImportReport, RefusedRow, Tally, report_of
from app.services.intake.importers.rows import ImportedRow, row_of
from app.services.intake.importers.storing import store
from app.services.jobs.context import JobContext
from app.services.work.queries import ensure_may_write
from app.services.workspace.blobs import BlobStore
from app.services.workspace.unit_of_work import UnitOfWork

BATCH = 1_000
# By so many rows the columns of a file are known that has no heading.
HEAD = 50
ROW_FILES = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx"})
MAIL_FILES = {".eml": eml_of, ".msg": msg_of}
KINDS = ROW_FILES | set(MAIL_FILES)

Parsed: TypeAlias = tuple[int, ImportedRow | InputRefusedError]

__all__ = [
    "KINDS",
    "ImportReport",
    "RefusedRow",
    "import_file",
    "import_files",
    "import_rows",
    "read_mapping",
]


def import_files(
    uow: UnitOfWork,
    paths: Sequence[Path],
    *,
    mapping: ColumnMapping | None = None,
    blobs: BlobStore | None = None,
    job: JobContext | None = None,
) -> tuple[ImportReport, ...]:
    """Import files one after the other; a bad one does not stop the rest."""
    reports = []
    for path in paths:
        try:
            reports.append(import_file(uow, path, mapping=mapping, blobs=blobs, job=job))
        except InputRefusedError as exc:
            reports.append(ImportReport(str(path), refused=(RefusedRow(0, str(exc)),)))
    return tuple(reports)


def import_file(
    uow: UnitOfWork,
    path: Path,
    *,
    mapping: ColumnMapping | None = None,
    blobs: BlobStore | None = None,
    job: JobContext | None = None,
) -> ImportReport:
    """Import one file; what was taken in before a cancel stays.

    Refuses a file that cannot be read at all; a row that cannot is named in the report. Without a mapping
    the one that its columns tell is taken, and the file is refused if two fit. Without `blobs` the
    attachments of a mail are not kept, which the report says.
    """
    job = job or JobContext()
    path = Path(path)
    check_kind(path)
    tally = Tally()
    mail_of = MAIL_FILES.get(path.suffix.lower())
    if mail_of is not None:
        tally.read = 1
        row = mail_of(path, uow.now(), uow.zone())
        job.checkpoint()
        changes = store_mail(uow, row, blobs, tally)
        return report_of(str(path), tally, changes)
    return _take_in(uow, str(path), path.name, _read(uow, path, mapping, tally), tally, job)


def import_rows(
    uow: UnitOfWork, rows: Iterable[Mapping[str, object]], *, source: str, job: JobContext | None = None
) -> ImportReport:
    """Import rows that are in memory already, such as those of the sample."""
    numbered = parsed(enumerate(rows, start=1), own_mapping(), source, uow.zone())
    return _take_in(uow, source, source, numbered, Tally(), job or JobContext())


def check_kind(path: Path) -> None:
    """Refuse a file by its ending."""
    if path.suffix.lower() not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise InputRefusedError(
            f"{path.name[:80]} is of no kind that can be imported. Choose one of {known}."
        )


def headers_of(head: Iterable[Numbered]) -> tuple[str, ...]:
    """Return the columns of the first rows, in order, those within others with a dot."""
    names: dict[str, None] = {}
    for _, row in head:
        if not isinstance(row, InputRefusedError):
            for name, value in row.items():
                inner = value if isinstance(value, Mapping) else {"": None}
                names.update(dict.fromkeys(f"{name}.{each}" if each else str(name) for each in inner))
    return tuple(names)


def parsed(numbered: Iterable[Numbered], mapping: ColumnMapping, source: str, zone: str) -> Iterator[Parsed]:
    """Yield each row as an inquiry that is fit to be stored, or why it is not."""
    zone = mapping.zone or zone
    for line, fields in numbered:
        if isinstance(fields, InputRefusedError):
            yield line, fields
            continue
        try:
            row = row_of(line, mapping.read(fields), source, zone, mapping.times)
        except InputRefusedError as exc:
            yield line, exc
        else:
            yield line, row


def mapping_for(session: Session, headers: Sequence[str]) -> MappingProposal:
    """Return the one mapping that fits a heading, or refuse to choose."""
    if not headers:
        return MappingProposal(own_mapping(), "")
    return chosen_for(headers, known_mappings(session))


def _take_in(
    uow: UnitOfWork, path: str, name: str, numbered: Iterator[Parsed], tally: Tally, job: JobContext
) -> ImportReport:
    changes = Changes()
    rows = _checked(numbered, tally)
    while batch := list(islice(rows, BATCH)):
        job.checkpoint()
        with uow:
            ensure_may_write(uow.session, uow.actor)
            store(uow, batch, tally)
            changes = changes | uow.commit()
        job.report(tally.read, label=f"Importing {name}")
    return report_of(path, tally, changes)


def _read(uow: UnitOfWork, path: Path, mapping: ColumnMapping | None, tally: Tally) -> Iterator[Parsed]:
    records = records_in(path)
    if mapping is None:
        head = list(islice(records, HEAD))
        with uow:
            proposal = mapping_for(uow.session, headers_of(head))
        mapping, tally.mapping_reason = proposal.mapping, proposal.reason
        records = chain(head, records)
    tally.mapping = mapping.name
    source = path.suffix.lower().removeprefix(".") if mapping.name == OWN else mapping.name[:40]
    yield from parsed(records, mapping, source, uow.zone())


def _checked(rows: Iterator[Parsed], tally: Tally) -> Iterator[ImportedRow]:
    for line, row in rows:
        tally.read += 1
        if isinstance(row, InputRefusedError):
            tally.refused.append(RefusedRow(line, str(row)))
        else:
            yield row
