"""Writes stand only where the three doors are, read from the syntax trees."""

import ast
import re

import pytest

from tests.architecture.code import Module, calls, imported_names, modules, parsed, texts_within

DOORS = ("app/services/workspace", "app/models/migrations")
CONSTRUCTORS = {"insert", "update", "delete"}
WRITING = re.compile(
    r"(?:^|\W)(insert\s+(or\s+\w+\s+)?into|update\s+(or\s+\w+\s+)?[\w\"]+\s+set|delete\s+from|replace\s+into|"
    r"(create|drop|alter)\s+(temp\s+|unique\s+|virtual\s+)?(table|trigger|index|view)|pragma\s+\w+\s*=|attach|detach|"
    r"vacuum|reindex)(?!\w)",
    re.IGNORECASE,
)
RAW = {"exec_driver_sql", "executescript"}


def writes(module: Module) -> list[str]:
    """Name each place that could write without a door."""
    return [
        f"{module.at(node)} {what}"
        for finder in (_constructors, _bulk_methods, _raw_sql, _driver_connections, _open_doors)
        for node, what in finder(module.tree)
    ]


def _constructors(tree):
    modules_here = {here for _, name, here in imported_names(tree) if name.startswith("sqlalchemy")}
    for node, name, _ in imported_names(tree):
        package, _, last = name.rpartition(".")
        if last in CONSTRUCTORS and package.startswith("sqlalchemy"):
            yield node, f"imports {name}"
    for node, name in calls(tree):
        owner, _, last = name.rpartition(".")
        if last in CONSTRUCTORS and (owner.split(".")[0] in modules_here or "__table__" in owner):
            yield node, f"calls {name}"


# Those of SQLAlchemy and Alembic; a bar for bulk work is no writing.
_BULK = ("bulk_insert", "bulk_insert_mappings", "bulk_save_objects", "bulk_update_mappings")


def _bulk_methods(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _BULK:
            yield node, f"uses {node.attr}"
    for node, name in calls(tree):
        # Query.update and Query.delete write set-based and pass no mapper event.
        if name.split(".")[-1] in {"update", "delete"} and ".query()" in name:
            yield node, f"calls {name}"


def _raw_sql(tree):
    for node, name in calls(tree):
        last = name.split(".")[-1]
        if last in RAW:
            yield node, f"calls {last}"
        elif last in {"text", "DDL", "execute", "executemany"} and WRITING.search(texts_within(node)):
            yield node, f"writes by {last}"


def _driver_connections(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {
            "dbapi_connection",
            "raw_connection",
            "driver_connection",
        }:
            yield node, f"reaches the driver by {node.attr}"
    for node, name, _ in imported_names(tree):
        if name.split(".")[0] in {"sqlcipher3", "sqlite3"}:
            yield node, f"imports {name}"


def _open_doors(tree):
    for node, name, _ in imported_names(tree):
        if name.endswith("workspace.engine.open_door"):
            yield node, "opens a door"


def test_writes_stand_only_in_the_doors():
    found = [place for module in modules() if not module.is_in(*DOORS) for place in writes(module)]
    assert found == []


def test_the_doors_themselves_are_seen():
    """A rule that sees nothing in the doors would see nothing elsewhere."""
    seen = " ".join(place for module in modules() if module.is_in(*DOORS) for place in writes(module))
    for expected in ("imports sqlalchemy.insert", "exec_driver_sql", "dbapi_connection", "opens a door"):
        assert expected in seen


BYPASSES = [
    "from sqlalchemy import insert\n",
    "from sqlalchemy import update as u\n",
    "from sqlalchemy.dialects.sqlite import insert\n",
    "from sqlalchemy.sql.expression import delete\n",
    "import sqlalchemy\nsqlalchemy.delete(x)\n",
    "import sqlalchemy as sa\nsa.insert(x)\n",
    "from sqlalchemy import sql\nsql.update(x)\n",
    "Model.__table__.delete()\n",
    "session.bulk_save_objects(rows)\n",
    "session.bulk_insert_mappings(Model, rows)\n",
    "session.query(Model).filter(x).delete()\n",
    "session.query(Model).update({'a': 1})\n",
    "from sqlalchemy import text\nsession.execute(text('DELETE FROM journal'))\n",
    "q = text('insert or replace into a values (1)')\n",
    "q = text(f'UPDATE {table} SET ' + 'UPDATE product SET a = 1')\n",
    "q = text('CREATE TEMP TRIGGER x' 'drop trigger x')\n",
    "q = text('PRAGMA query_only = OFF')\n",
    "connection.exec_driver_sql('SELECT 1')\n",
    "cursor.execute('''\n  DELETE\n FROM product''')\n",
    "connection.connection.dbapi_connection.execute(x)\n",
    "import sqlite3\n",
    "import sqlcipher3.dbapi2 as d\n",
    "from app.services.workspace.engine import open_door\n",
]


@pytest.mark.parametrize("source", BYPASSES)
def test_each_way_round_the_doors_is_seen(source):
    assert writes(parsed("app/services/x/y.py", source)) != []


READS = [
    "from sqlalchemy import select, text\nsession.execute(text('SELECT updated FROM x WHERE deleted = 0'))\n",
    "seen.update(more)\nmapping = {}\nmapping.update(a=1)\n",
    "uow.insert_many(Model, rows)\nuow.session.delete(record)\n",
    "label.setText('Delete the row')\nlogger.info('update the window')\n",
]


@pytest.mark.parametrize("source", READS)
def test_reading_and_the_doors_own_methods_are_free(source):
    assert writes(parsed("app/services/x/y.py", source)) == []
