"""Write the chosen inquiries to a table for other programs; the export is an event of the journal."""

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.business_time import zone_named
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Inquiry
from app.models.people import Contact, User
from app.models.product import Product
from app.models.topics import taxonomy
from app.models.vocabulary import vocabulary
from app.services.intake.inbox_rows import InboxRow, inbox_rows
from app.services.jobs.context import JobContext
from app.services.work.queries import office_zone
from app.services.workspace.database import Database
from app.services.workspace.unit_of_work import UnitOfWork

_PIECE: Final = 500
# One line of a sheet is the heads; Excel opens no longer sheet.
MOST_SHEET_ROWS: Final = 1_048_575
MOST_CELL: Final = 32_767
# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
KINDS: Final = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column that can be exported; a personal one is off until somebody wants it."""

    name: str
    title: str
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and the fingerprint that the journal keeps."""

    path: str
    rows: int
    sha256: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class _Source:
    """Everything that a line is made of."""

    row: InboxRow
    words: Mapping[str, Any]
    zone: tzinfo


_Read = Callable[[_Source], str]


def _time(name: str) -> _Read:
    def read(source: _Source) -> str:
        at = source.words.get(name)
        if at is None:
            return ""
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(source.zone).isoformat(timespec="minutes")

    return read


def _said(name: str) -> _Read:
    return lambda source: str(source.words.get(name) or "")


_COLUMNS: Final[Mapping[str, tuple[str, bool, _Read]]] = MappingProxyType(
    {
        "number": ("Number", False, lambda source: source.row.number),
        "state": ("State", False, lambda source: source.row.state.replace("_", " ")),
        "received": ("Received", False, _time("received_at")),
        "due": ("Due", False, _time("due_at")),
        "product": ("Product", False, lambda source: source.row.product),
        "topic": (
            "Topic",
            False,
            lambda source: taxonomy().label(source.row.topic) if source.row.topic else "",
        ),
        "channel": ("Channel", False, lambda source: vocabulary().label("channel", source.row.channel)),
        "role": ("Role", False, lambda source: vocabulary().label("requester_role", source.row.role)),
        "country": ("Country", False, lambda source: source.row.country),
        "language": ("Language", False, lambda source: source.row.language),
        "urgency": ("Urgency", False, lambda source: vocabulary().label("urgency", source.row.urgency)),
        "owner": ("Owner", False, _said("owner")),
        "off_label": ("Off label", False, lambda source: "yes" if source.row.is_off_label else ""),
        "safety": ("Open safety records", False, lambda source: ", ".join(source.row.safety_numbers)),
        "tags": ("Tags", False, lambda source: ", ".join(source.row.tags)),
        "answered": ("Answered", False, _time("answered_at")),
        "closed": ("Closed", False, _time("closed_at")),
        "title": ("Question", True, lambda source: source.row.title),
        "verbatim": ("In their words", True, _said("verbatim")),
        "contact": ("Contact", True, _said("contact")),
        "email": ("E-mail", True, _said("email")),
        "phone": ("Phone", True, _said("phone")),
        "institution": ("Institution", True, _said("institution")),
    }
)
COLUMNS: Final = tuple(ExportColumn(name, title, own) for name, (title, own, _) in _COLUMNS.items())
USUAL: Final = tuple(column.name for column in COLUMNS if not column.is_personal)


def export(
    database: Database,
    rows: Sequence[int],
    path: Path,
    *,
    columns: Sequence[str] = USUAL,
    job: JobContext | None = None,
) -> Exported:
    """Write inquiries to a CSV or Excel file, in this order, and record that it was done.

    A cancelled or failed export leaves no file and no half of one; what stood there before stays. Others
    can write while it reads.
    """
    names = _checked(columns, path, len(rows))
    part = path.with_name(f".{uuid7()[-8:]}{path.suffix}.part")
    try:
        count = database.read(_write, rows, part, names, database.clock.zone(), job or JobContext())
        exported = Exported(str(path), count, _digest(part), Changes())
        changes = database.write(_record, exported, names)
        part.replace(path)
    except OSError as exc:
        raise EnvironmentFaultError(
            f"{path.name[:80]} could not be written. Nothing was exported. Choose another folder."
        ) from exc
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return replace(exported, changes=changes)


def _record(uow: UnitOfWork, exported: Exported, names: Sequence[str]) -> Changes:
    with uow:
        uow.record_event(
            "inbox_export",
            type_="inquiry",
            entity_id=uuid7(),
            file=Path(exported.path).name,
            rows=exported.rows,
            columns=list(names),
            sha256=exported.sha256,
        )
        return uow.commit()


def _checked(columns: Sequence[str], path: Path, count: int) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(columns))
    unknown = [name for name in names if name not in _COLUMNS]
    if unknown or not names:
        known = ", ".join(_COLUMNS)
        raise InputRefusedError(
            f"There is no such column: {', '.join(unknown) or 'none'}. Choose of {known}."
        )
    if path.suffix.lower() not in KINDS:
        raise InputRefusedError(
            f"{path.name[:80]} is neither CSV nor Excel. End the name with .csv or .xlsx."
        )
    if path.suffix.lower() == ".xlsx" and count > MOST_SHEET_ROWS:
        raise InputRefusedError(f"A sheet holds {MOST_SHEET_ROWS:,} lines. Filter the list, or choose CSV.")
    return names


def _write(
    session: Session, rows: Sequence[int], part: Path, names: Sequence[str], zone: str, job: JobContext
) -> int:
    lines = _lines(session, rows, names, office_zone(session, zone), job)
    titles = [_COLUMNS[name][0] for name in names]
    # The part is named after the file, so the kind stands before its end.
    write = _write_sheet if ".xlsx." in part.name.lower() else _write_csv
    return write(part, titles, lines)


def _lines(
    session: Session, rows: Sequence[int], names: Sequence[str], zone: str, job: JobContext
) -> Iterator[list[str]]:
    readers = [_COLUMNS[name][2] for name in names]
    for begin in range(0, len(rows), _PIECE):
        job.report(begin, len(rows))
        piece = list(rows[begin : begin + _PIECE])
        shown, words = inbox_rows(session, piece), _words(session, piece)
        for row in piece:
            if row in shown and row in words:
                source = _Source(shown[row], words[row], zone_named(zone))
                yield [read(source)[:MOST_CELL] for read in readers]
        session.expunge_all()


def _words(session: Session, rows: Sequence[int]) -> dict[int, dict[str, Any]]:
    query = (
        select(
            Inquiry.row,
            Inquiry.received_at,
            Inquiry.due_at,
            Inquiry.answered_at,
            Inquiry.closed_at,
            Inquiry.verbatim,
            User.name.label("owner"),
            Product.name.label("product"),
            Contact.first_name,
            Contact.last_name,
            Contact.email,
            Contact.phone,
            Contact.institution,
        )
        .outerjoin(User, User.id == Inquiry.owner_id)
        .outerjoin(Product, Product.id == Inquiry.product_id)
        .outerjoin(Contact, Contact.id == Inquiry.contact_id)
        .where(Inquiry.row.in_(rows), Inquiry.retired_at.is_(None))
    )
    return {found.row: _named(found) for found in session.execute(query)}


def _named(found: Any) -> dict[str, Any]:
    words = dict(found._mapping)  # noqa: SLF001 - the public name of SQLAlchemy
    words["contact"] = " ".join(part for part in (found.first_name, found.last_name) if part)
    return words


def _write_csv(part: Path, titles: Sequence[str], lines: Iterator[list[str]]) -> int:
    count = 0
    # The mark at the begin tells Excel that this is UTF-8.
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(titles)
        for count, line in enumerate(lines, start=1):  # noqa: B007 - the last one is the count
            writer.writerow([guarded(cell) for cell in line])
    return count


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; it is else unchanged."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def _write_sheet(part: Path, titles: Sequence[str], lines: Iterator[list[str]]) -> int:
    # In memory: the library would else keep the cells in plain temporary files.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with part.open("wb") as file, xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Inquiries")
        bold = book.add_format({"bold": True})
        for at, title in enumerate(titles):
            sheet.write_string(0, at, title, bold)
            sheet.set_column(at, at, max(12, len(title) + 4))
        sheet.freeze_panes(1, 0)
        for count, line in enumerate(lines, start=1):
            for at, cell in enumerate(line):
                sheet.write_string(count, at, cell)
        sheet.autofilter(0, 0, max(count, 1), len(titles) - 1)
    return count


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
