import functools
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from app.models.people import User
from app.services.workspace.database import Database, Identity
from app.services.workspace.migrate import upgrade
from app.services.workspace.unit_of_work import UnitOfWork

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_OFTEN = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
# The same examples every time, so that a change is judged by what it changed; `make explore` looks for new ones.
settings.register_profile("midesk", max_examples=100, derandomize=True, **_OFTEN)
settings.register_profile("explore", max_examples=500, **_OFTEN)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "midesk"))

# A busy machine is no reason to fail: a wait ends when what it waits for is there.
PATIENCE_MS = 60_000


class PatientBot(QtBot):
    """The bot of pytest-qt with more patience than its five seconds."""

    def waitUntil(self, callback, *, timeout=PATIENCE_MS):  # noqa: N802 - its name
        return super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=PATIENCE_MS, **more):  # noqa: N802 - its name
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitSignals(self, signals, *, timeout=PATIENCE_MS, **more):  # noqa: N802 - its name
        return super().waitSignals(signals, timeout=timeout, **more)

    def waitActive(self, widget, *, timeout=PATIENCE_MS):  # noqa: N802 - its name
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget, *, timeout=PATIENCE_MS):  # noqa: N802 - its name
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp, request) -> PatientBot:
    return PatientBot(request)


# 2026-11-22 23:48 in London
NOW = 1_795_391_280_000


@dataclass
class FakeClock:
    """Time that moves only when a test says so."""

    millis: int = NOW
    zone_name: str = "Europe/London"

    def now(self) -> int:
        return self.millis

    def zone(self) -> str:
        return self.zone_name

    def advance(self, *, seconds: float = 0, hours: float = 0, days: float = 0) -> None:
        self.millis += int((seconds + 3600 * hours + 86400 * days) * 1000)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def new_database(folder: Path, clock: FakeClock, key: bytes = b"\x01" * 32) -> Database:
    """A real encrypted database with one user, without the cost of the vault and of each migration."""
    path = folder / "workspace.db"
    path.write_bytes(_made_once(key, clock.millis, clock.zone_name))
    database = Database(path, key, clock)
    database.identity = IDENTITY
    return database


IDENTITY = Identity("workspace-1", "device-1", "K7Q2", "user-1")


@functools.cache
def _made_once(key: bytes, millis: int, zone: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workspace.db"
        database = Database(path, key, FakeClock(millis, zone))
        upgrade(database.writer)
        database.identity = IDENTITY
        _add_user(database)
        database.close()
        return path.read_bytes()


def _add_user(database: Database) -> None:
    with database.unit() as uow:
        uow.session.add(
            User(id="user-1", name="P. Nilsson", credentials="MPharm", roles=["specialist", "librarian"])
        )
        uow.commit()


@pytest.fixture
def database(tmp_path: Path, clock: FakeClock) -> Iterator[Database]:
    opened = new_database(tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture
def uow(database: Database) -> UnitOfWork:
    return database.unit()
