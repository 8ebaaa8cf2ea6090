"""What an import would do, before anything is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.errors import InputRefusedError
from app.services.intake.importers.cells import CellFault, Numbered
from app.services.intake.importers.files import records_in
from app.services.intake.importers.imports import HEAD, MAIL_FILES, check_kind, headers_of
from app.services.intake.importers.kept_mappings import known_mappings
from app.services.intake.importers.mapping import ColumnMapping, MappingProposal, own_mapping, proposals
from app.services.intake.importers.report import RefusedRow
from app.services.intake.importers.rows import ImportedRow, row_of
from app.services.jobs.context import JobContext

TRIED: Final = 2_000
SHOWN: Final = 30
_SAMPLE: Final = 60
_REPORT_EVERY: Final = 200


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column of the file: the field it fills, if any, and what stands in its first rows."""

    name: str
    target: str
    sample: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it will be read, or why it will be refused."""

    line: int
    cells: Mapping[str, str]
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it will be read. `mapping` is None where a person has to choose.

    `tried` rows were read, of which `refused` names the first that will not be taken in.
    """

    path: str
    is_mail: bool
    columns: tuple[ColumnView, ...]
    proposals: tuple[MappingProposal, ...]
    known: tuple[ColumnMapping, ...]
    mapping: ColumnMapping | None
    rows: tuple[PreviewRow, ...]
    tried: int
    is_whole: bool
    refused: tuple[RefusedRow, ...]


def preview(
    session: Session,
    path: Path,
    *,
    now: int,
    zone: str,
    mapping: ColumnMapping | None = None,
    job: JobContext | None = None,
) -> Preview:
    """Read the first rows of a file as an import would, and store nothing.

    Refuses a file that cannot be read at all, with the words of the import.
    """
    check_kind(path)
    mail_of = MAIL_FILES.get(path.suffix.lower())
    if mail_of is not None:
        return _of_mail(path, lambda: mail_of(path, now, zone))
    records = records_in(path)
    head = list(islice(records, HEAD))
    headers = headers_of(head)
    known = known_mappings(session)
    fitting = proposals(headers, known)
    if mapping is None and len(fitting) == 1:
        mapping = fitting[0].mapping
    tried, refused, rows, is_whole = _tried(chain(head, records), mapping, zone, job or JobContext())
    targets = (mapping or own_mapping()).targets(headers) if mapping else dict.fromkeys(headers, "")
    return Preview(
        path=str(path),
        is_mail=False,
        columns=tuple(ColumnView(each, targets[each], _sample(head, each)) for each in headers),
        proposals=fitting,
        known=known,
        mapping=mapping,
        rows=rows,
        tried=tried,
        is_whole=is_whole,
        refused=refused,
    )


def _tried(
    records: chain[Numbered], mapping: ColumnMapping | None, zone: str, job: JobContext
) -> tuple[int, tuple[RefusedRow, ...], tuple[PreviewRow, ...], bool]:
    refused: list[RefusedRow] = []
    rows: list[PreviewRow] = []
    tried = 0
    for line, fields in islice(records, TRIED):
        tried += 1
        if tried % _REPORT_EVERY == 0:
            job.report(tried)
        row = _row(line, fields, mapping, zone)
        if row.refused:
            refused.append(RefusedRow(line, row.refused))
        if len(rows) < SHOWN:
            rows.append(row)
    return tried, tuple(refused), tuple(rows), next(records, None) is None


def _row(
    line: int,
    fields: Mapping[str, object] | InputRefusedError,
    mapping: ColumnMapping | None,
    zone: str,
) -> PreviewRow:
    if isinstance(fields, InputRefusedError):
        return PreviewRow(line, {}, str(fields))
    if mapping is None:
        return PreviewRow(line, {name: _said(value) for name, value in fields.items()})
    read = mapping.read(fields)
    cells = {name: _said(value) for name, value in read.items()}
    try:
        row = row_of(line, read, "", mapping.zone or zone, mapping.times)
    except InputRefusedError as exc:
        return PreviewRow(line, cells, str(exc))
    return PreviewRow(line, cells | _understood(row))


def _understood(row: ImportedRow) -> dict[str, str]:
    form = row.form
    given = dict(form.given)
    person = form.requester
    shown = {
        "channel": form.channel,
        "urgency": form.urgency,
        "topic": form.topic or given.get("topic_given", ""),
        "requester_role": (person.role if person else "") or given.get("role_given", ""),
        "solicited": form.solicited or "",
    }
    return {name: value for name, value in shown.items() if value}


def _of_mail(path: Path, read: Callable[[], ImportedRow]) -> Preview:
    row = read()
    mail, person = row.mail, row.form.requester
    name = f"{person.first_name} {person.last_name}".strip() if person else ""
    cells = {"requester_name": name, "subject": mail.subject if mail else "", "question": row.form.verbatim}
    return Preview(
        path=str(path),
        is_mail=True,
        columns=(),
        proposals=(),
        known=(),
        mapping=own_mapping(),
        rows=(PreviewRow(1, cells),),
        tried=1,
        is_whole=True,
        refused=tuple(RefusedRow(1, each) for each in (mail.missing if mail else ())),
    )


def _sample(head: list[Numbered], name: str) -> str:
    for _, row in head:
        if not isinstance(row, InputRefusedError):
            value = row.get(name)
            if value not in (None, ""):
                return _said(value)[:_SAMPLE]
    return ""


def _said(value: object) -> str:
    if isinstance(value, CellFault):
        return f"({value.reason})"
    return " ".join(str(value).split())
