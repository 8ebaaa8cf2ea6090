"""The frozen SQL and the mapped classes describe one schema."""

import pytest
from sqlalchemy import text
from sqlalchemy.schema import CreateIndex, CreateTable

from app.models.base import Base
from app.models.migrations import SCHEMA
from app.models.migrations.objects import TRIGGERS
from app.models.migrations.script import statements
from app.services.workspace.engine import open_door
from app.services.workspace.migrate import missing_objects, schema_of, upgrade

MAPPED = [m.local_table for m in Base.registry.mappers if m.class_.__module__.startswith("app.")]
tables = pytest.mark.parametrize("table", [table.name for table in MAPPED])


def from_classes(engine):
    with engine.connect() as connection, open_door(connection, "test"), connection.begin():
        for table in MAPPED:
            connection.execute(CreateTable(table))
        for index in (index for table in MAPPED for index in table.indexes):
            connection.execute(CreateIndex(index))
    return engine


def asked(engine, statement, **values):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def columns(engine, table):
    found = asked(
        engine, 'SELECT name, upper(type), "notnull", pk, dflt_value FROM pragma_table_xinfo(:t)', t=table
    )
    return {name: rest for name, *rest in found}


def foreign_keys(engine, table):
    return sorted(
        asked(
            engine,
            'SELECT "from", "table", "to", on_delete, on_update FROM pragma_foreign_key_list(:t)',
            t=table,
        )
    )


def indexes(engine, table):
    """Each index by what it covers; those that SQLite makes for itself have no name worth comparing."""
    found = []
    listed = asked(engine, 'SELECT name, "unique", origin, partial FROM pragma_index_list(:t)', t=table)
    for name, unique, origin, partial in listed:
        covers = asked(
            engine, 'SELECT seqno, name, "desc", coll FROM pragma_index_xinfo(:i) WHERE key = 1', i=name
        )
        sql = asked(engine, "SELECT sql FROM sqlite_schema WHERE name = :i", i=name)
        shown = "" if sql[0][0] is None else " ".join(sql[0][0].replace('"', "").lower().split())
        found.append((name if origin == "c" else "", unique, origin, partial, tuple(covers), shown))
    return sorted(found)


@pytest.fixture
def both(migrated, new_engine):
    return migrated, from_classes(new_engine("classes.db"))


def test_every_table_and_no_other_is_there(migrated):
    found = {name for (name,) in asked(migrated, "SELECT name FROM sqlite_schema WHERE type = 'table'")}
    found = {name for name in found if "_search" not in name and not name.startswith("sqlite_")}
    assert found == {table.name for table in MAPPED} | {"alembic_version"}


@pytest.mark.parametrize("aspect", [columns, foreign_keys, indexes], ids=lambda aspect: aspect.__name__)
def test_the_frozen_sql_says_what_the_classes_say(both, aspect):
    for table in MAPPED:
        assert aspect(both[0], table.name) == aspect(both[1], table.name), table.name


def test_the_triggers_are_those_of_the_list(migrated):
    found = {name for (name,) in asked(migrated, "SELECT name FROM sqlite_schema WHERE type = 'trigger'")}
    assert found == TRIGGERS


def test_every_column_of_the_journal_but_the_servers_is_guarded(migrated):
    [(sql,)] = asked(migrated, "SELECT sql FROM sqlite_schema WHERE name = 'journal_no_update'")
    guarded = {word.strip() for word in sql.split(" OF ")[1].split(" ON ")[0].split(",")}
    assert guarded == set(columns(migrated, "journal")) - {"acked", "result"}


def test_tables_hold_their_row_number_apart_from_the_id(migrated):
    for table in MAPPED:
        found = columns(migrated, table.name)
        if "row" in found:
            assert found["row"][2] == 1, table.name


def test_no_foreign_key_cascades(migrated):
    for table in MAPPED:
        assert {key[3] for key in foreign_keys(migrated, table.name)} <= {"NO ACTION"}, table.name


@pytest.mark.parametrize("name", sorted(TRIGGERS))
def test_each_missing_trigger_is_named(migrated, name):
    with migrated.connect() as connection, open_door(connection, "test"), connection.begin():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
        assert missing_objects(connection) == {name}


def test_each_missing_index_is_named(migrated):
    names = {str(index.name) for table in MAPPED for index in table.indexes}
    with migrated.connect() as connection, open_door(connection, "test"), connection.begin():
        for name in sorted(names):
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
        assert missing_objects(connection) >= names


def test_a_second_upgrade_does_nothing(migrated):
    before = asked(migrated, "SELECT * FROM sqlite_schema")
    assert upgrade(migrated) is False
    assert asked(migrated, "SELECT * FROM sqlite_schema") == before
    with migrated.connect() as connection:
        assert schema_of(connection) == SCHEMA


def test_a_script_is_split_where_its_statements_end():
    table = "CREATE TABLE a (x);"
    trigger = "CREATE TRIGGER t BEFORE DELETE ON a BEGIN\n  SELECT 1;\n  SELECT ';';\nEND;"
    assert list(statements(f"-- a note\n{table}\n\n{trigger}\n")) == [table, trigger]


@pytest.mark.parametrize("script", ["CREATE TABLE a (x)", "CREATE TABLE a (x);\nSELECT 'open"])
def test_a_script_cut_off_is_refused(script):
    with pytest.raises(ValueError, match="ends within a statement"):
        list(statements(script))
