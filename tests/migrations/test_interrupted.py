"""A migration that breaks off, or is killed, leaves the schema it found."""

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import event, text

from app.errors import NewerDatabaseError
from app.models.migrations import SCHEMA
from app.services.workspace.engine import open_door, write_engine
from app.services.workspace.migrate import missing_objects, schema_of, upgrade
from tests.architecture.code import ROOT
from tests.migrations.conftest import KEY


class BrokenOffError(Exception):
    """Stands for any fault in the middle of a migration."""


def break_off_at(engine, words):
    def refuse(_connection, _cursor, statement, *_):
        if words in statement:
            raise BrokenOffError(statement)

    event.listen(engine, "before_cursor_execute", refuse)
    return lambda: event.remove(engine, "before_cursor_execute", refuse)


def pragma(engine, name):
    with engine.connect() as connection:
        return connection.connection.dbapi_connection.execute(f"PRAGMA {name}").fetchone()[0]


def objects(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT name FROM sqlite_schema")).all()


PLACES = [
    "CREATE TABLE letter",
    "CREATE TRIGGER journal_no_delete",
    "PRAGMA user_version =",
    "foreign_key_check",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_migration_broken_off_leaves_the_schema_it_found(new_engine, place):
    engine = new_engine()
    mend = break_off_at(engine, place)
    with pytest.raises(BrokenOffError):
        upgrade(engine)
    assert objects(engine) == []
    with engine.connect() as connection:
        assert schema_of(connection) == 0
    mend()
    assert upgrade(engine) is True
    with engine.connect() as connection:
        assert missing_objects(connection) == frozenset()
        assert schema_of(connection) == SCHEMA


@pytest.mark.parametrize("place", [*PLACES, "nowhere at all"])
def test_foreign_keys_and_the_closed_doors_are_back_afterwards(new_engine, place):
    engine = new_engine()
    break_off_at(engine, place)
    try:
        upgrade(engine)
    except BrokenOffError:
        assert place in PLACES
    assert pragma(engine, "foreign_keys") == 1
    assert pragma(engine, "query_only") == 1


def test_a_newer_database_is_not_touched(migrated, tmp_path):
    with migrated.connect() as connection, open_door(connection, "test"), connection.begin():
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA + 1}")
    migrated.dispose()
    before = (tmp_path / "workspace.db").read_bytes()
    engine = write_engine(tmp_path / "workspace.db", KEY)
    with pytest.raises(NewerDatabaseError, match="Update MI Desk"):
        upgrade(engine)
    assert pragma(engine, "foreign_keys") == 1
    engine.dispose()
    assert (tmp_path / "workspace.db").read_bytes() == before


CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from app.services.workspace.engine import write_engine
from app.services.workspace.migrate import upgrade
engine = write_engine(Path(sys.argv[1]), bytes([7]) * 32)
def kill(_connection, _cursor, statement, *_):
    if sys.argv[2] in statement:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(engine, "before_cursor_execute", kill)
upgrade(engine)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on this system")
@pytest.mark.parametrize("place", ["CREATE TABLE letter", "foreign_key_check"])
def test_a_migration_killed_half_way_leaves_the_schema_it_found(tmp_path, new_engine, place):
    path = tmp_path / "workspace.db"
    done = subprocess.run([sys.executable, "-c", CHILD, str(path), place], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    engine = new_engine()
    assert objects(engine) == []
    assert upgrade(engine) is True
    with engine.connect() as connection:
        assert missing_objects(connection) == frozenset()
