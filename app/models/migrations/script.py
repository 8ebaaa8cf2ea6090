"""Run a frozen SQL script as one step of a migration."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from alembic import op


def run_script(name: str) -> None:
    """Execute every statement of a script in `versions/`, in its order."""
    script = (Path(__file__).parent / "versions" / name).read_text(encoding="utf-8")
    for statement in statements(script):
        op.get_bind().exec_driver_sql(statement)


def statements(script: str) -> Iterator[str]:
    """Split a script where SQLite itself sees the end of a statement."""
    pending = ""
    for line in script.splitlines(keepends=True):
        if line.lstrip().startswith("--"):
            continue
        pending += line
        if pending.strip() and sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        raise ValueError("the script ends within a statement")
