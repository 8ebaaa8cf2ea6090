"""What must hold of a database whatever was done to the process or the disk."""

import functools
import itertools
from pathlib import Path
from typing import Any

from app.services.audit.queries import verify_trail
from app.services.workspace.database import Database, Identity
from app.services.workspace.engine import connect
from tests.conftest import FakeClock
from tests.faults.expected import expected_after, snapshot_of
from tests.faults.stream import steps

KEY = b"\x01" * 32
INDEXES = ("inquiry_search", "section_search", "document_search", "block_search")


def open_database(folder: Path, actor: str = "user-1") -> Database:
    """Open the workspace of a test as a program would."""
    database = Database(folder / "workspace.db", KEY, FakeClock())
    database.identity = Identity("workspace-1", "device-1", "K7Q2", actor)
    return database


def check_workspace(folder: Path, seed: int, acknowledged: int, *, exact_ranks: bool = True) -> int:
    """Assert every invariant and return how many steps the database holds.

    That is what was acknowledged, or one more: a commit may be durable and its
    acknowledgement lost. Nothing lies between, so no step is there in part.
    """
    database = open_database(folder)
    try:
        held = position_of(database, seed, acknowledged)
        report = database.read(verify_trail)
        assert report.ok, report
    finally:
        database.close()
    check_file(folder, exact_ranks=exact_ranks)
    return held


def position_of(database: Database, seed: int, acknowledged: int) -> int:
    """Return how many steps are in the database: as acknowledged, or one more."""
    found = database.read(snapshot_of)
    expected = expected_after(seed, acknowledged)
    if found == expected.snapshot():
        return acknowledged
    expected = expected_after(seed, acknowledged + 1)
    assert found == expected.snapshot()
    return acknowledged + 1


def is_a_prefix(database: Database, seed: int, at_most: int) -> bool:
    """Tell whether the database holds exactly the first k steps, for some k."""
    return database.read(snapshot_of) in _prefixes(seed, at_most)


@functools.cache
def _prefixes(seed: int, at_most: int) -> tuple[dict[str, Any], ...]:
    state = expected_after(seed, 0)
    found = [state.snapshot()]
    for step in itertools.islice(steps(seed), at_most):
        state.apply(step)
        found.append(state.snapshot())
    return tuple(reversed(found))


def check_file(folder: Path, *, exact_ranks: bool = True) -> None:
    """Let SQLite and SQLCipher check pages, keys, indexes and search.

    After an I/O error in a spilled import FTS5 may keep the totals of the
    attempt that failed; they weigh the order of hits, never which hits there are.
    """
    driver = connect(folder / "workspace.db", KEY)
    try:
        driver.execute("PRAGMA query_only = OFF")
        assert driver.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert driver.execute("PRAGMA foreign_key_check").fetchall() == []
        for index in INDEXES:
            # Rank 1 compares the index with the rows it was made from, and the totals.
            driver.execute(
                f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', {int(exact_ranks)})"
            )
            assert words_of(driver, index) == rebuilt_words_of(driver, index)
        # It reports healthy files as damaged while pages wait in the log.
        assert driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert driver.execute("PRAGMA cipher_integrity_check").fetchall() == []
    finally:
        driver.close()


def words_of(driver: Any, index: str) -> list[tuple[Any, ...]]:
    """Every word of a search index with its place: which rows a search finds."""
    driver.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', '{index}', 'instance')")
    found = driver.execute("SELECT term, doc, col, offset FROM temp.words ORDER BY 1, 2, 3, 4").fetchall()
    driver.execute("DROP TABLE temp.words")
    return list(found)


def rebuilt_words_of(driver: Any, index: str) -> list[tuple[Any, ...]]:
    """The same of the index as it would be made anew from the rows."""
    driver.execute("BEGIN")
    driver.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    found = words_of(driver, index)
    driver.execute("ROLLBACK")
    return found
