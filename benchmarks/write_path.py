"""The write path: edits and imports with journal and index, beside bare SQL on the same encrypted file."""

import itertools
import tempfile
import threading
from pathlib import Path

from sqlalchemy import insert, text

from app.models.ids import uuid7
from app.models.inquiry import Inquiry
from app.models.product import Product
from app.models.reference import Reference
from app.services.audit.queries import verify_trail
from app.services.workspace.clock import SystemClock
from app.services.workspace.database import Database, Identity
from app.services.workspace.engine import open_door
from app.services.workspace.migrate import upgrade
from benchmarks.measure import compare, seconds

_ROWS = 10_000
_count = itertools.count(1)


def main() -> None:
    """Print every figure of the write path."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "bench.db", b"\x07" * 32, SystemClock())
        upgrade(database.writer)
        database.identity = Identity("w", "d", "BNCH", "u")
        _edits(database)
        _imports(database)
        _verify(database)
        database.close()


def _edits(database: Database) -> None:
    with database.unit() as uow:
        product = Product(name="edited")
        uow.session.add(product)
        uow.commit()
    product_id = product.id

    def ours() -> None:
        for _ in range(50):
            with database.unit() as uow:
                uow.session.get_one(Product, product_id).substance = f"s{next(_count)}"
                uow.commit()

    def floor() -> None:
        for _ in range(50):
            with database.writer.connect() as connection, open_door(connection, "bench"), connection.begin():
                connection.execute(
                    text("UPDATE product SET atc = :v WHERE name = 'edited'"), {"v": str(next(_count))}
                )

    compare("50 edits, journalled, beside a bare UPDATE each", ours, floor)


def _inquiries(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": uuid7(),
            "number": f"B-{next(_count)}",
            "received_at": 1_795_000_000_000,
            "received_zone": "UTC",
            "channel": "email",
            "title": "Dosing in renal impairment",
            "verbatim": "What is the dose in a patient with a clearance of 25 mL/min? " * 5,
        }
        for _ in range(count)
    ]


def _imports(database: Database) -> None:
    defaults = {"scope": "local", "version": 0, "created_at": 1, "extra": {}}

    def ours() -> None:
        for _ in range(_ROWS // 1000):
            with database.unit() as uow:
                uow.insert_many(Inquiry, _inquiries(1000))
                uow.commit()

    def floor() -> None:
        for _ in range(_ROWS // 1000):
            with database.writer.connect() as connection, open_door(connection, "bench"), connection.begin():
                connection.execute(insert(Inquiry), [{**defaults, **row} for row in _inquiries(1000)])

    compare(f"{_ROWS:,} inquiries imported, beside a bare insert", ours, floor, rounds=3)

    def references() -> None:
        with database.unit() as uow:
            rows = [{"key": f"k{next(_count)}", "csl": {"title": "t"}} for _ in range(1000)]
            uow.insert_many(Reference, rows, source="bench.ris")
            uow.commit()

    def bare_references() -> None:
        with database.writer.connect() as connection, open_door(connection, "bench"), connection.begin():
            rows = [
                {**defaults, "id": uuid7(), "key": f"k{next(_count)}", "csl": {"title": "t"}}
                for _ in range(1000)
            ]
            connection.execute(insert(Reference), rows)

    compare("1,000 references imported, one journal row", references, bare_references)


def _verify(database: Database) -> None:
    rows = database.read(lambda session: session.scalar(text("SELECT count(*) FROM journal")))
    lane = threading.current_thread().name
    took = seconds(lambda: database.read(verify_trail))
    values = seconds(lambda: database.read(lambda s: s.execute(text("SELECT * FROM journal_value")).all()))
    print(
        f"verify {rows:,} journal rows: {rows / took:,.0f} rows/s on {lane}, {took / values:.1f}x reading the values"
    )
