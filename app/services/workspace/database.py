"""The open database: one writer, some readers, and who writes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from app.services.workspace.blobs import BlobStore
from app.services.workspace.clock import Clock
from app.services.workspace.engine import read_engine, refuse_damaged_pages, write_engine
from app.services.workspace.unit_of_work import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who writes, on which device of which workspace."""

    workspace: str
    device: str
    device_short: str
    user: str


class Database:
    """Reads and writes of one workspace, from any thread of this process."""

    def __init__(self, path: Path, key: bytes, clock: Clock) -> None:
        self.writer = write_engine(path, key)
        self.reader = read_engine(path, key)
        self._lock = threading.Lock()
        self.clock = clock
        self.identity = Identity("", "", "", "")
        # The files beside the database have a key of their own, which the vault gives.
        self.blobs: BlobStore | None = None

    def unit(self, reason: str = "") -> UnitOfWork:
        """Return a unit of work of the signed-in user; enter it to begin."""
        return UnitOfWork(
            self.writer,
            self._lock,
            actor=self.identity.user,
            device=self.identity.device,
            clock=self.clock,
            reason=reason,
        )

    def read(self, query: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query on one snapshot and return its frozen answer."""
        with self.reader.connect() as connection, Session(connection, autoflush=False) as session:
            try:
                return query(session, *args, **kwargs)
            finally:
                # Zeros of a damaged page may have passed as an answer, or made the query fail on its way.
                refuse_damaged_pages(connection)

    def write(self, command: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a command with a unit of work of its own."""
        return command(self.unit(), *args, **kwargs)

    def data_version(self) -> int:
        """Return a number that changes when another process has written."""
        with self._lock, self.writer.connect() as connection:
            driver = connection.connection.dbapi_connection
            return int(driver.execute("PRAGMA data_version").fetchone()[0])  # type: ignore[union-attr]  # open

    def close(self) -> None:
        """Close every connection; the last one folds the log into the database."""
        self.reader.dispose()
        self.writer.dispose()
