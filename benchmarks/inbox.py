"""The inbox at three sizes, beside the bare SQL of the same answer in the same run.

Times are those of the processor, so that whatever else the machine does counts for nothing.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from app.services.intake import queries
from app.services.intake.inbox_words import filter_words
from app.services.intake.queries import InboxQuery, Sort
from app.services.workspace.database import Database
from benchmarks.inbox_workspace import ME, NOW, ZONE, made

SIZES = (1_000, 100_000, 1_000_000)
_PAGE = 64
_ALL = InboxQuery("all", ME, NOW, ZONE)
_FILTERS = (
    "product:product05 urgent:yes", "tag:kol", "country:de", "topic:dosing", "state:triage", "owner:me -closed",
    "due:<2d", "received:>=-30d",
)  # fmt: skip
_TEXTS = ("renal", '"grapefruit juice"', "patient", "compounding -haemodialysis")
_OPEN = "state NOT IN ('closed', 'duplicate', 'cancelled', 'transferred')"


def main(sizes: tuple[int, ...] = SIZES, folder: str = "") -> None:
    """Print a table of every figure; MIDESK_BENCH_FOLDER keeps the workspaces between runs."""
    kept = folder or os.environ.get("MIDESK_BENCH_FOLDER", "")
    with tempfile.TemporaryDirectory() as passing:
        databases = [made(Path(kept or passing), size) for size in sizes]
        print(
            "| inbox, ms of processor time (bare SQL) | " + " | ".join(f"{size:,}" for size in sizes) + " |"
        )
        print("| --- |" + " ---: |" * len(sizes))
        for name, ours, floor in _lines():
            print(
                f"| {name} | " + " | ".join(_figure(database, ours, floor) for database in databases) + " |"
            )
        for database in databases:
            database.close()


def _figure(database: Database, ours: Callable[[Database], object], floor: str) -> str:
    own = _took(lambda: ours(database))
    if not floor:
        return f"{own:,.1f}"
    bare = _took(lambda: database.read(_bare, floor))
    return f"{own:,.1f} ({bare:,.1f})"


def _took(call: Callable[[], object]) -> float:
    call()
    times: list[float] = []
    until = time.monotonic() + 1.5
    while len(times) < 5 and (not times or time.monotonic() < until):
        begin = time.process_time()
        call()
        times.append((time.process_time() - begin) * 1000)
    return statistics.median(times)


def _bare(session: Any, statement: str) -> list[Any]:
    driver = session.connection().connection.dbapi_connection
    return driver.execute(statement).fetchall()  # type: ignore[no-any-return]


def _lines() -> list[tuple[str, Callable[[Database], object], str]]:
    page = f"SELECT * FROM inquiry WHERE retired_at IS NULL ORDER BY next_due_at, id LIMIT {_PAGE}"  # noqa: S608 - our own
    found: list[tuple[str, Callable[[Database], object], str]] = [("first page, all", _page(_ALL), page)]
    open_page = page.replace("WHERE", f"WHERE {_OPEN} AND")
    found.append(("first page, all open", _page(replace(_ALL, view="all_open")), open_page))
    columns = {
        "due": "next_due_at",
        "received": "received_at",
        "number": "length(number), number",
        "owner": "owner_id",
    }
    columns |= {"product": "product_id", "state": "state", "priority": "urgency"}
    for sort in get_args(Sort):
        floor = page.replace("next_due_at, id", f"{columns[sort]}, id" if sort != "number" else columns[sort])
        found.append((f"page sorted by {sort}", _page(replace(_ALL, sort=sort)), floor))
        found.append((f"page sorted by {sort}, turned", _page(replace(_ALL, sort=sort, descending=True)), ""))
    found += [(f"filter {text}", _page(replace(_ALL, text=text)), "") for text in _FILTERS]
    found += [(f"count of {text}", _count(replace(_ALL, text=text)), "") for text in _FILTERS]
    found += [(f"count as a saved view, {text}", _saved(replace(_ALL, text=text)), "") for text in _FILTERS]
    for text in _TEXTS:
        match = text.partition(" -")[0]
        floor = f"SELECT count(*) FROM inquiry_search WHERE inquiry_search MATCH '{match}'"  # noqa: S608 - our own
        found.append((f"search {text}", _page(replace(_ALL, text=text)), floor))
    found.append(("passages of a page", _passages, ""))
    counts = f"SELECT state, owner_id, next_due_at FROM inquiry WHERE {_OPEN}"  # noqa: S608 - our own
    found.append(("counts of the built-in views", _counts, counts))
    found.append(("row numbers of all, in order", _ids, "SELECT row FROM inquiry ORDER BY next_due_at, id"))
    found.append(("what completes a filter", lambda database: database.read(filter_words), ""))
    found.append(("open a case", _case, "SELECT * FROM inquiry WHERE id = 'inquiry-000000500'"))
    return found


def _page(query: InboxQuery) -> Callable[[Database], object]:
    return lambda database: database.read(queries.inbox_page, query, _PAGE)


def _count(query: InboxQuery) -> Callable[[Database], object]:
    return lambda database: database.read(queries.inbox_count, query)


def _saved(query: InboxQuery) -> Callable[[Database], object]:
    return lambda database: database.read(queries.inbox_count, query, most=queries.MOST_COUNTED)


def _counts(database: Database) -> object:
    return database.read(queries.view_counts, ME, NOW, ZONE)


def _ids(database: Database) -> object:
    return database.read(queries.inbox_ids, _ALL)


def _passages(database: Database) -> object:
    return database.read(queries.passages, "renal dose", range(1, _PAGE + 1))


def _case(database: Database) -> object:
    return database.read(queries.case, "inquiry-000000500", ME, NOW)


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
