"""Bring a database to the schema of this program."""

import logging
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

import app.models.migrations as migrations
from app.errors import DamagedDatabaseError, NewerDatabaseError
from app.models.base import Base
from app.models.migrations import SCHEMA
from app.models.migrations.objects import TRIGGERS
from app.services.workspace.engine import open_door

logger = logging.getLogger(__name__)


def schema_of(connection: Connection) -> int:
    """Return the schema number of the database; 0 is an empty one."""
    return int(connection.exec_driver_sql("SELECT * FROM pragma_user_version").scalar_one())


def refuse_newer(schema: int) -> None:
    """Raise `NewerDatabaseError` if a newer program wrote this database."""
    if schema > SCHEMA:
        raise NewerDatabaseError(
            f"This workspace was written by a newer MI Desk (schema {schema}, this program knows {SCHEMA}). "
            "Nothing was changed. Update MI Desk, then open it again."
        )


def upgrade(engine: Engine) -> bool:
    """Migrate to the newest schema in one transaction; tell whether anything was done.

    The caller holds the workspace alone and has made a copy first.
    """
    with engine.connect() as connection, open_door(connection, "migrate"):
        driver: Any = connection.connection.dbapi_connection
        # Batch migrations with foreign keys on delete child rows without a word.
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                before = schema_of(connection)
                refuse_newer(before)
                if before < SCHEMA:
                    _run(connection)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")
    return before < SCHEMA


def _run(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
    _check(connection)


def _check(connection: Connection) -> None:
    broken = connection.execute(text("SELECT * FROM pragma_foreign_key_check")).first()
    missing = missing_objects(connection)
    if broken is not None or missing:
        raise DamagedDatabaseError(
            f"The update of this workspace did not end whole ({', '.join(sorted(missing)) or broken}). "
            "Nothing was changed; the copy made before it is kept."
        )


def missing_objects(connection: Connection) -> frozenset[str]:
    """Name the triggers and indexes that the schema must have and the database lacks."""
    indexes = {str(index.name) for table in Base.metadata.tables.values() for index in table.indexes}
    found = set(
        connection.execute(
            text("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'index')")
        ).scalars()
    )
    return frozenset(TRIGGERS | indexes) - found
