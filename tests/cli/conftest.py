from pathlib import Path

import pytest

from app.services.workspace.keys import ARGON2_FLOOR, KdfPolicy
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create
from tests.cli.driving import PASSPHRASE, Cli


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Cli:
    """A sample workspace made by the command line; tests of one worker share it."""
    root: Path = tmp_path_factory.mktemp("cli")
    (root / "home").mkdir()
    cli = Cli(root / "sample", root / "home")
    made = cli("init", "--sample", "--name", "Priya Nilsson", "--recovery-out", root / "recovery.txt")
    assert made.code == 0, made.err
    return cli


@pytest.fixture(scope="session")
def _small(tmp_path_factory) -> Cli:
    root: Path = tmp_path_factory.mktemp("small")
    (root / "home").mkdir()
    ports = VaultPorts(policy=KdfPolicy(cost=ARGON2_FLOOR))
    workspace, _ = create(root / "w", PASSPHRASE, NewUser("Priya Nilsson"), ports=ports)
    workspace.close()
    return Cli(root / "w", root / "home")


@pytest.fixture
def small(_small, tmp_path) -> Cli:
    """An empty workspace of one's own, to be spoilt."""
    return _small.copy(tmp_path / "small")
