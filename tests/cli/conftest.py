from pathlib import Path

import pytest

from app.services.workspace.keys import ARGON2_FLOOR, KdfPolicy
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create
from tests.cli.driving import PASSPHRASE, Cli


@pytest.fixture(scope="session")
def start(tmp_path_factory):
    """One worker for all tests of this process."""
    home: Path = tmp_path_factory.mktemp("home")
    cli = Cli(home / "none", home).with_worker()
    yield cli
    cli.close()


@pytest.fixture(scope="session")
def sample(start, tmp_path_factory) -> Cli:
    """A sample workspace made by the command line; tests of one worker share it."""
    root: Path = tmp_path_factory.mktemp("cli")
    cli = start.on(root / "sample")
    made = cli(
        "init",
        "--sample",
        "--name",
        "Priya Nilsson",
        "--credentials",
        "MPharm",
        "--recovery-out",
        root / "recovery.txt",
    )
    assert made.code == 0, made.err
    return cli


@pytest.fixture(scope="session")
def empty(tmp_path_factory) -> Path:
    """A workspace without a record, with keys that open quickly."""
    root: Path = tmp_path_factory.mktemp("small")
    ports = VaultPorts(policy=KdfPolicy(cost=ARGON2_FLOOR))
    workspace, _ = create(root / "w", PASSPHRASE, NewUser("Priya Nilsson"), ports=ports)
    workspace.close()
    return root / "w"


@pytest.fixture
def small(start, empty, tmp_path) -> Cli:
    """An empty workspace of one's own, to be spoilt."""
    return start.on(empty).copy(tmp_path / "small")
