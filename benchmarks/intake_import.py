"""The import of an export of 100,000 rows, beside a bare insert of the same columns into the same encrypted file."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from app.models.base import Synced
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.people import Contact, Requester, User
from app.models.product import Product
from app.services.audit.queries import verify_trail
from app.services.intake import commands
from app.services.jobs import JobContext
from app.services.workspace.clock import SystemClock
from app.services.workspace.database import Database, Identity
from app.services.workspace.engine import open_door
from app.services.workspace.migrate import upgrade
from benchmarks.measure import seconds

ROWS = 100_000
_BATCH = 1_000
_TABLES: tuple[type[Synced], ...] = (Requester, Contact, Inquiry, InquiryQuestion)


def main(rows: int = ROWS) -> None:
    """Print the seconds of both, their ratio, the memory, and that the trail is whole."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        path = work / "export.jsonl"
        path.write_text("\n".join(_lines(rows)), encoding="utf-8")
        ours, floor = _database(work / "ours"), _database(work / "floor")
        began = _peak_mb()
        busy = time.process_time()
        took = seconds(lambda: _import(ours, path))
        busy = time.process_time() - busy
        peak = _peak_mb()
        bare, bare_busy = _bare(ours, floor)
        print(
            f"{rows:,} inquiries imported, journalled and indexed   {took:7.1f} s   "
            f"floor {bare:6.1f} s   ratio {took / bare:5.2f}   {rows / took:,.0f} rows/s"
        )
        # On a machine that others use too, the processor's own seconds are the steadier figure.
        print(f"of the processor   {busy:7.1f} s   floor {bare_busy:6.1f} s   ratio {busy / bare_busy:5.2f}")
        print(f"memory at its highest {peak:,.0f} MB, before the import {began:,.0f} MB")
        print(f"the trail is whole: {ours.read(verify_trail).ok}")
        ours.close()
        floor.close()


def _lines(rows: int) -> Iterator[str]:
    asked = "What is the dose in a patient with a clearance of 25 mL/min, and how is it monitored? " * 3
    for number in range(rows):
        yield json.dumps(
            {
                "external_id": f"X-{number}",
                "received_at": f"2026-11-{1 + number % 20:02d}T{number % 24:02d}:{number % 60:02d}:00+01:00",
                "channel": "email",
                "requester_name": f"Dana Whitfield {number}",
                "requester_role": "pharmacist",
                "requester_email": f"dana{number}@clinic.example.org",
                "institution": "Harbor Point",
                "country": "GB",
                "product": "Cardenza",
                "question": f"{number}: {asked}",
                "solicited": False,
            }
        )


def _database(folder: Path) -> Database:
    folder.mkdir()
    database = Database(folder / "bench.db", b"\x07" * 32, SystemClock())
    upgrade(database.writer)
    database.identity = Identity("w", "d", "BNCH", "u")
    with database.unit() as uow:
        uow.session.add(User(id="u", name="U", roles=["specialist"]))
        uow.session.add(Product(id=uuid7(), name="Cardenza", substance="cardenzam"))
        uow.commit()
    return database


def _import(database: Database, path: Path) -> None:
    steps: list[int] = []
    job = JobContext(lambda progress: steps.append(progress.done))
    report = database.write(commands.import_file, path, job=job)
    if report.refused or len(steps) < 2:
        raise SystemExit("the import refused rows or told no progress")


def _bare(ours: Database, floor: Database) -> tuple[float, float]:
    """Insert the same columns of the same rows without a journal; return the seconds of the inserts alone."""
    took = busy = 0.0
    for rows in _held(ours):
        began, began_busy = time.perf_counter(), time.process_time()
        with floor.writer.connect() as connection, open_door(connection, "bench"), connection.begin():
            for model, values in zip(_TABLES, rows, strict=True):
                connection.execute(insert(model), values)
        took += time.perf_counter() - began
        busy += time.process_time() - began_busy
    return took, busy


def _held(database: Database) -> Iterator[list[list[dict[str, Any]]]]:
    """Yield what was imported, a batch at a time: the columns that the import wrote."""
    last = [0] * len(_TABLES)
    while True:
        batch = []
        for at, model in enumerate(_TABLES):
            table = model.__table__
            query = select(table).where(table.c.row > last[at]).order_by(table.c.row).limit(_BATCH)
            found = [dict(row) for row in database.read(lambda s, q=query: s.execute(q).mappings().all())]
            last[at] = found[-1]["row"] if found else last[at]
            for row in found:
                del row["row"]
                row.pop("product_id", None)
            batch.append(found)
        if not batch[2]:
            return
        yield batch


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
