"""The day's work is done at the start, and again when the date changes under an open window."""

import pytest

from app.desktop.housekeeping import Housekeeping
from app.services.library import queries
from app.services.workspace.workspace import NewUser, create
from app.ui.jobs import JobRunner
from tests.conftest import FakeClock
from tests.migrations.make_golden import ports
from tests.services.library.test_library import form, take_in


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def workspace(tmp_path, clock):
    made, _ = create(
        tmp_path / "w", "golden heron, seven reeds", NewUser("P"), clock=clock, ports=ports(clock)
    )
    yield made
    made.close()


@pytest.fixture
def runner(qapp):
    made = JobRunner()
    yield made
    made.close()


def backups(workspace):
    return sorted((workspace.folder / "backups").glob("*.midesk-backup"))


def states(workspace):
    return {row.number: row.state for row in workspace.database.read(queries.documents)}


def test_a_new_day_brings_a_backup_and_what_begins_on_it(workspace, runner, clock):
    take_in(workspace.database, form(), form(number="2.0", effective_from="2027-01-01"))
    told = []
    house = Housekeeping(workspace, runner, told.append, runner)
    house.start()
    assert runner.drain()
    house.look()
    assert runner.drain()
    assert len(backups(workspace)) == 1
    assert states(workspace) == {"1.0": "effective", "2.0": "approved"}

    clock.advance(days=400)
    house.look()

    assert runner.drain()
    assert len(backups(workspace)) == 2
    assert states(workspace) == {"1.0": "superseded", "2.0": "effective"}
    assert told == []
    house.stop()


def test_a_backup_that_fails_is_told_and_the_library_still_turns(workspace, runner, clock):
    (workspace.folder / "backups").write_text("in the way")
    take_in(workspace.database, form(), form(number="2.0", effective_from="2027-01-01"))
    clock.advance(days=400)
    told = []
    house = Housekeeping(workspace, runner, told.append, runner)

    house.look()

    assert runner.drain()
    assert len(told) == 1
    assert states(workspace)["2.0"] == "effective"
