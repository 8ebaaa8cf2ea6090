"""Each released schema opens in this program: a golden workspace of each is migrated."""

import re
import shutil

import pytest
from sqlalchemy import select, text

from app.errors import DamagedDatabaseError, NewerDatabaseError
from app.models.base import Base
from app.models.inquiry import Inquiry, Note
from app.models.migrations import SCHEMA
from app.models.product import Product
from app.models.reference import Reference
from app.models.settings import Configuration, DraftText, LookSetting
from app.services.audit.queries import verify_trail
from app.services.workspace import vault as vaults
from app.services.workspace.engine import open_door, write_engine
from app.services.workspace.lock import alone
from app.services.workspace.migrate import missing_objects, schema_of
from app.services.workspace.workspace import open_workspace
from tests.conftest import FakeClock
from tests.migrations.make_golden import FILES, GOLDEN, PASSPHRASE, VERBATIM, ports

SCHEMAS = range(1, SCHEMA + 1)
everywhere = pytest.mark.parametrize("schema", SCHEMAS)


@pytest.fixture
def clock():
    clock = FakeClock()
    clock.advance(days=30)
    return clock


@pytest.fixture
def golden(tmp_path):
    def copy(schema=SCHEMA):
        shutil.copytree(GOLDEN / f"schema-{schema}", tmp_path / "w")
        return tmp_path / "w"

    return copy


def unlocked(folder, clock):
    return vaults.open_with_passphrase(folder, PASSPHRASE, ports(clock))


@pytest.fixture
def opened(golden, clock):
    workspaces = []

    def open_copy(schema):
        workspaces.append(open_workspace(unlocked(golden(schema), clock), clock=clock))
        return workspaces[-1]

    yield open_copy
    for workspace in workspaces:
        workspace.close()


def alter(folder, clock, *statements):
    """What a program of another version, or a mishap, left in the file."""
    engine = write_engine(folder / "workspace.db", unlocked(folder, clock).database_key.reveal())
    with engine.connect() as connection, open_door(connection, "test"):
        driver = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            for statement in statements:
                connection.exec_driver_sql(statement)
    engine.dispose()


def asked(folder, clock, statement, name="workspace.db"):
    engine = write_engine(folder / name, unlocked(folder, clock).database_key.reveal())
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement)).all()
    finally:
        engine.dispose()


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name in FILES}


@everywhere
def test_there_is_a_small_golden_workspace(schema):
    folder = GOLDEN / f"schema-{schema}"
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_000_000


@everywhere
def test_its_trail_is_whole_and_its_protection_in_place(opened, schema):
    report = opened(schema).database.read(verify_trail)
    assert report.verification.flaws == []
    assert report.missing_triggers == ()
    assert report.verification.erased > 0


@everywhere
def test_what_was_written_is_as_it_was(opened, schema):
    def read(session):
        inquiry = session.get_one(Inquiry, "i")
        assert (inquiry.verbatim, inquiry.state, inquiry.title) == (VERBATIM, "triaged", "Atorvastatin 80 mg")
        assert (inquiry.received_zone, inquiry.product_id, inquiry.requester_id) == (
            "Europe/Lisbon",
            "p",
            "r",
        )
        assert session.get_one(Note, "n").retired_at is not None
        assert session.get_one(Product, "p").forms == ({"form": "tablet", "mg": (10, 20, 80)},)
        assert session.get_one(Product, "s").extra == {"colour": "white"}
        assert sorted(session.scalars(select(Reference.key))) == [f"k{n}" for n in range(5)]
        assert session.scalar(select(DraftText.text)) == "half a"
        assert session.get_one(LookSetting, "theme").value == "dark"
        company = select(Configuration.value).where(Configuration.key == "company")
        assert session.scalar(company) == {"name": "Norvane"}
        assert session.get_one(Inquiry, "e").verbatim == "[erased]"

    opened(schema).database.read(read)


@everywhere
def test_its_search_finds_what_was_written(opened, schema):
    query = text("SELECT rowid FROM inquiry_search WHERE inquiry_search MATCH 'naive'")
    workspace = opened(schema)
    row = workspace.database.read(lambda s: s.scalar(select(Inquiry.row).where(Inquiry.id == "i")))
    assert workspace.database.read(lambda s: list(s.execute(query).scalars())) == [row]


@everywhere
def test_it_has_the_newest_tables(opened, schema):
    with opened(schema).database.reader.connect() as connection:
        found = set(connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).scalars())
    mapped = {m.local_table.name for m in Base.registry.mappers if m.class_.__module__.startswith("app.")}
    assert mapped <= found


@everywhere
def test_it_goes_on_being_written(opened, schema):
    workspace = opened(schema)
    with workspace.database.unit() as uow:
        uow.session.add(Product(name="Candesartan"))
        uow.commit()
    assert workspace.database.read(verify_trail).ok


def test_a_workspace_of_this_schema_is_not_copied(golden, clock):
    folder = golden()
    open_workspace(unlocked(folder, clock), clock=clock).close()
    assert list(folder.glob("*.before-*")) == []


OLDER = "PRAGMA user_version = 0"


def test_an_older_workspace_is_copied_before_it_is_migrated(golden, clock):
    folder = golden()
    alter(folder, clock, OLDER)
    workspace = open_workspace(unlocked(folder, clock), clock=clock)
    assert workspace.database.read(lambda s: schema_of(s.connection())) == SCHEMA
    assert workspace.database.read(verify_trail).ok
    workspace.close()
    (copy,) = copies_in(folder)
    assert asked(folder, clock, "SELECT * FROM pragma_user_version", copy) == [(0,)]
    assert asked(folder, clock, "SELECT name FROM product WHERE id = 'p'", copy) == [("Atorvastatin",)]
    assert VERBATIM.encode() not in (folder / copy).read_bytes()
    assert not (folder / copy).read_bytes().startswith(b"SQLite format")


def test_a_copy_of_an_earlier_migration_does_not_stand_for_this_one(golden, clock):
    """Between two updates the older program may have written for weeks."""
    folder = golden()
    alter(folder, clock, OLDER)
    open_workspace(unlocked(folder, clock), clock=clock).close()
    alter(folder, clock, OLDER, "UPDATE product SET name = 'written since' WHERE id = 'p'")
    clock.advance(days=1)
    open_workspace(unlocked(folder, clock), clock=clock).close()
    copies = [path.name for path in folder.glob("workspace.db.before-*") if "-wal" not in path.name]
    kept = {
        name for copy in copies if not copy.endswith("-shm") for (name,) in asked_product(folder, clock, copy)
    }
    assert "written since" in kept


def copies_in(folder):
    """The copies of updates to this schema, each with the time of its making in its name."""
    names = (path.name for path in folder.glob(f"workspace.db.before-{SCHEMA}.*"))
    return [name for name in names if re.fullmatch(r".*\.\d{8}T\d{6}Z", name)]


def asked_product(folder, clock, name):
    return asked(folder, clock, "SELECT name FROM product WHERE id = 'p'", name)


def test_the_copy_goes_after_seven_days(golden, clock):
    folder = golden()
    alter(folder, clock, OLDER)
    open_workspace(unlocked(folder, clock), clock=clock).close()
    clock.advance(days=8)
    open_workspace(unlocked(folder, clock), clock=clock).close()
    assert list(folder.glob("*.before-*")) == []


BROKEN = {
    "a trigger is missing": ("DROP TRIGGER journal_no_delete", "journal_no_delete"),
    "an index is missing": ("DROP INDEX ix_journal_at", "ix_journal_at"),
    "a child has no parent": ("UPDATE note SET inquiry_id = 'nobody'", "note"),
}


@pytest.mark.parametrize("damage", BROKEN)
def test_a_migration_that_does_not_end_whole_is_undone(golden, clock, damage):
    statement, named = BROKEN[damage]
    folder = golden()
    alter(folder, clock, OLDER, statement)
    before = asked(folder, clock, "SELECT name, sql FROM sqlite_schema ORDER BY name")
    with pytest.raises(DamagedDatabaseError, match=named):
        open_workspace(unlocked(folder, clock), clock=clock)
    assert asked(folder, clock, "SELECT * FROM pragma_user_version") == [(0,)]
    assert asked(folder, clock, "SELECT name, sql FROM sqlite_schema ORDER BY name") == before
    assert asked(folder, clock, "SELECT name FROM product WHERE id = 'p'") == [("Atorvastatin",)]
    assert len(copies_in(folder)) == 1
    with alone(folder):
        pass


def test_a_newer_workspace_is_left_untouched(golden, clock):
    folder = golden()
    alter(folder, clock, f"PRAGMA user_version = {SCHEMA + 1}")
    before = files(folder)
    for _ in range(2):
        with pytest.raises(NewerDatabaseError, match=f"schema {SCHEMA + 1}, this program knows {SCHEMA}"):
            open_workspace(unlocked(folder, clock), clock=clock)
    assert files(folder) == before
    assert list(folder.glob("*.before-*")) == []
    with alone(folder):
        pass


def test_a_migration_waits_for_the_workspace_alone(golden, clock):
    folder = golden()
    open_elsewhere = open_workspace(unlocked(folder, clock), clock=clock)
    alter(folder, clock, OLDER)
    with pytest.raises(Exception, match="Close the window"):
        open_workspace(unlocked(folder, clock), clock=clock)
    assert asked(folder, clock, "SELECT * FROM pragma_user_version") == [(0,)]
    open_elsewhere.close()
    open_workspace(unlocked(folder, clock), clock=clock).close()
    assert asked(folder, clock, "SELECT * FROM pragma_user_version") == [(SCHEMA,)]


def test_the_golden_workspace_lacks_nothing_of_its_schema(golden, clock):
    folder = golden()
    engine = write_engine(folder / "workspace.db", unlocked(folder, clock).database_key.reveal())
    with engine.connect() as connection:
        lacking = missing_objects(connection)
    engine.dispose()
    assert lacking == frozenset()
