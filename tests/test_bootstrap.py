"""Where workspaces live, how one is made and by which ways it opens."""

import pytest

from app import bootstrap
from app.errors import NotAllowedError, WorkspaceError, WorkspaceMissingError, WrongKeyError
from app.services.settings import queries as settings

PASSPHRASE = "seven quiet herons at noon"
NULL_KEYRING = "keyring.backends.null.Keyring"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The user's data folder, apart from the real one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, **_: tmp_path / name)
    return tmp_path


@pytest.fixture
def made(tmp_path):
    made = bootstrap.make_workspace(tmp_path / "w", "Priya Nilsson", "MPharm", PASSPHRASE, sample=False)
    yield made
    made.workspace.close()


def test_workspaces_lie_in_the_data_folder_of_the_program(home):
    assert bootstrap.default_folder().parent == bootstrap.sample_folder().parent == bootstrap.data_folder()
    assert home in bootstrap.default_folder().parents
    assert bootstrap.default_folder() != bootstrap.sample_folder()


def test_known_workspaces_are_those_with_key_slots(home):
    assert bootstrap.known_workspaces() == ()
    bootstrap.make_workspace(bootstrap.sample_folder(), "P", "", PASSPHRASE, sample=False).workspace.close()
    assert bootstrap.known_workspaces() == (bootstrap.sample_folder(),)
    bootstrap.make_workspace(bootstrap.default_folder(), "P", "", PASSPHRASE, sample=False).workspace.close()
    assert bootstrap.known_workspaces() == (bootstrap.default_folder(), bootstrap.sample_folder())


def test_a_new_workspace_knows_its_user(made):
    user = made.workspace.database.read(settings.user, made.workspace.identity.user)
    assert (user.name, user.credentials) == ("Priya Nilsson", "MPharm")
    assert "approver" not in user.roles


def test_a_workspace_opens_by_passphrase_and_by_recovery_key(made):
    opener = bootstrap.WorkspaceOpener(made.workspace.folder)
    for way, text in (("passphrase", PASSPHRASE), ("recovery_key", made.recovery_key)):
        opened = getattr(opener, f"unlock_with_{way}")(text)
        assert opened.identity == made.workspace.identity
        opened.close()


def test_a_wrong_key_makes_the_next_try_wait(made):
    opener = bootstrap.WorkspaceOpener(made.workspace.folder)
    assert opener.next_try_at() is None
    with pytest.raises(WrongKeyError):
        opener.unlock_with_passphrase("not this one at all")
    assert opener.next_try_at() is not None
    with pytest.raises(WorkspaceError, match="Next try in"):
        opener.unlock_with_passphrase(PASSPHRASE)


def test_there_is_no_way_in_by_the_keyring_until_one_is_made(made, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NULL_KEYRING)
    assert bootstrap.has_keyring_slot(made.workspace.folder) is False
    with pytest.raises(WorkspaceError):
        bootstrap.WorkspaceOpener(made.workspace.folder).unlock_with_keyring()


def test_the_screen_lock_is_lifted_by_a_key_and_never_by_the_keyring(made):
    opener = bootstrap.ScreenOpener(made.workspace)
    assert opener.unlock_with_passphrase(PASSPHRASE) is made.workspace
    assert opener.unlock_with_recovery_key(made.recovery_key) is made.workspace
    with pytest.raises(WorkspaceError, match="keyring cannot lift"):
        opener.unlock_with_keyring()
    with pytest.raises(WrongKeyError):
        opener.unlock_with_passphrase("not this one at all")
    assert opener.next_try_at() is not None


def test_a_folder_without_a_workspace_opens_nothing(tmp_path):
    with pytest.raises(WorkspaceMissingError):
        bootstrap.WorkspaceOpener(tmp_path / "none").unlock_with_passphrase(PASSPHRASE)


def test_a_second_workspace_is_not_made_over_the_first(made):
    with pytest.raises((NotAllowedError, WorkspaceError)):
        bootstrap.make_workspace(made.workspace.folder, "Other", "", PASSPHRASE, sample=False)
    assert bootstrap.WorkspaceOpener(made.workspace.folder).unlock_with_passphrase(PASSPHRASE).close() is None
