import logging

import pytest
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend
from keyring.errors import InitError, KeyringLocked, PasswordSetError
from secretstorage.exceptions import SecretServiceNotAvailableException

from app.services.workspace.system_keyring import KeyringState, SystemKeyring
from tests.services.workspace.vault_fakes import MemoryBackend, memory_keyring

ERRORS = [
    KeyringLocked("locked"),
    InitError("no collection"),
    PasswordSetError("refused"),
    RuntimeError("no bus"),
    ConnectionResetError("bus went away"),
    SecretServiceNotAvailableException("no service"),
]


class FailingBackend(MemoryBackend):
    priority = 1.0

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service, username):
        raise self.error

    def set_password(self, service, username, password):
        raise self.error


class ForgetfulBackend(MemoryBackend):
    priority = 1.0

    def set_password(self, service, username, password):
        pass


class ChangingBackend(MemoryBackend):
    priority = 1.0

    def get_password(self, service, username):
        return "ab" * 32


def trusting(backend) -> SystemKeyring:
    return SystemKeyring(backend, trusted=frozenset({__name__}))


def test_a_stored_secret_is_fetched_again():
    keyring = memory_keyring()
    stored = keyring.store_new("one")
    assert stored.state is KeyringState.DONE
    assert keyring.fetch("one").secret == stored.secret
    assert keyring.fetch("two").state is KeyringState.ABSENT


def test_every_secret_is_new():
    keyring = memory_keyring()
    assert keyring.store_new("one").secret != keyring.store_new("one").secret


def test_a_deleted_secret_is_gone_and_deleting_again_is_fine():
    keyring = memory_keyring()
    keyring.store_new("one")
    assert keyring.delete("one").state is KeyringState.DONE
    assert keyring.fetch("one").state is KeyringState.ABSENT
    assert keyring.delete("one").state is KeyringState.DONE


@pytest.mark.parametrize("backend", [null.Keyring(), fail.Keyring(), MemoryBackend()])
def test_backends_that_lose_or_show_secrets_are_refused(backend):
    keyring = SystemKeyring(backend)
    assert not keyring.is_available()
    for answer in (keyring.store_new("one"), keyring.fetch("one"), keyring.delete("one")):
        assert answer.state is KeyringState.UNTRUSTED
        assert answer.secret is None


def test_a_plaintext_store_is_refused_and_gets_nothing():
    backend = MemoryBackend()
    assert SystemKeyring(backend).store_new("one").state is KeyringState.UNTRUSTED
    assert backend.secrets == {}


def test_of_a_chain_only_a_trusted_backend_is_used():
    readable, safe = MemoryBackend(), ForgetfulBackend()

    class Chain(ChainerBackend):
        priority = 1.0
        backends = (readable, safe)

    trusting(Chain()).store_new("one")
    assert readable.secrets == {}
    assert trusting(Chain()).is_available()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_no_error_of_the_keyring_gets_out(error, caplog):
    keyring = trusting(FailingBackend(error))
    with caplog.at_level(logging.WARNING):
        for answer in (keyring.store_new("one"), keyring.fetch("one"), keyring.delete("one")):
            assert answer.state is KeyringState.FAILED
            assert "passphrase opens the workspace" in answer.message
    assert str(error) not in caplog.text


@pytest.mark.parametrize("backend", [ForgetfulBackend(), ChangingBackend()])
def test_what_does_not_read_back_is_not_used(backend):
    answer = trusting(backend).store_new("one")
    assert answer.state is KeyringState.FAILED
    assert answer.secret is None


@pytest.mark.parametrize("text", ["", "xyz", "ab" * 31, "ab" * 33])
def test_a_secret_that_was_tampered_with_is_wrong(text):
    backend = MemoryBackend()
    backend.set_password("MI Desk", "one", text)
    assert memory_keyring(backend).fetch("one").state is KeyringState.WRONG


def test_a_keyring_that_cannot_even_be_looked_at_is_not_offered():
    class Unviable(MemoryBackend):
        priority = 1.0

        @property
        def backends(self):
            raise RuntimeError("no session bus")

    keyring = trusting(Unviable())
    assert not keyring.is_available()
    assert keyring.fetch("one").state is KeyringState.FAILED
