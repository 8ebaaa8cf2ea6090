from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import WrongKeyError
from app.ui.jobs import JobRunner
from app.ui.unlock.ports import CreatedWorkspace, UnlockFacts, WorkspaceChoice

RIGHT = "night heron copper lantern"
KEY = "7K2M-9QXD-4TBN-8WRE-5HVC-3JPG-6ZSA-Y1F0"


class WallClock:
    """Aware time that moves only when a test says so."""

    def __init__(self):
        self.time = datetime(2026, 11, 23, 2, 10, tzinfo=UTC)

    def __call__(self):
        return self.time


class FakePort:
    """A workspace that knows its passphrase and grows its delay."""

    def __init__(self, wall):
        self.wall = wall
        self.tries = []
        self.wrong = 0
        self.error = None
        self.wait_until = None

    def unlock_with_passphrase(self, text):
        return self._open("passphrase", text, text == RIGHT)

    def unlock_with_recovery_key(self, text):
        return self._open("recovery", text, text == KEY)

    def unlock_with_keyring(self):
        return self._open("keyring", "", True)

    def next_try_at(self):
        return self.wait_until

    def _open(self, way, text, is_right):
        self.tries.append((way, text))
        if self.error is not None:
            raise self.error
        if not is_right:
            self.wrong += 1
            self.wait_until = self.wall() + timedelta(seconds=2**self.wrong)
            raise WrongKeyError
        self.wait_until = None
        return f"opened with {way}"


class FakeFirstRunPort:
    """A maker of workspaces that remembers what it was given."""

    def __init__(self):
        self.made = []
        self.error = None

    def default_folder(self, *, sample):
        return Path("/home/nilsson/MI Desk") / ("Sample" if sample else "Workspace")

    def create(self, folder, name, credentials, passphrase, sample):
        if self.error is not None:
            raise self.error
        self.made.append((folder, name, credentials, passphrase, sample))
        return CreatedWorkspace(KEY, "handle")


def pytest_collection_modifyitems(items):
    # The off-screen platform warns of what it lacks whenever a window is shown.
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture
def wall():
    return WallClock()


@pytest.fixture
def port(wall):
    return FakePort(wall)


@pytest.fixture
def runner(qtbot):
    runner = JobRunner()
    yield runner
    runner.close()


@pytest.fixture
def facts():
    return UnlockFacts(
        WorkspaceChoice("/w", "Norvane, GB and IE", "P. Nilsson"), reason="Locked at 02:10", has_keyring=True
    )


@pytest.fixture
def first_port():
    return FakeFirstRunPort()


@pytest.fixture
def shown(qtbot):
    def show(page):
        qtbot.addWidget(page)
        page.resize(1280, 720)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    return show
