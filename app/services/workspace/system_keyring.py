"""The keyring of the operating system, which may fail at any time.

Nothing here raises because of the keyring: every answer says what happened, and the passphrase stays.
"""

import importlib
import logging
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from app.services.workspace.keys import KEY_BYTES, SecretKey

logger = logging.getLogger(__name__)

SERVICE_NAME: Final = "MI Desk"
# Only stores guarded by the system's own log-in. `null` loses secrets without a word, `fail` refuses
# every call, and the file stores of `keyrings.alt` keep them readable on disk.
TRUSTED_BACKENDS: Final = frozenset(
    {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)


class KeyringState(StrEnum):
    """What became of a call to the keyring."""

    DONE = "done"
    ABSENT = "absent"
    UNTRUSTED = "untrusted"
    FAILED = "failed"
    WRONG = "wrong"


KEYRING_MESSAGES: Final = {
    KeyringState.DONE: "The system keyring holds the secret.",
    KeyringState.ABSENT: "The system keyring holds no secret for this workspace. "
    "Open it with the passphrase.",
    KeyringState.UNTRUSTED: "This system has no keyring that keeps secrets safely, so none was stored there. "
    "The passphrase opens the workspace as before.",
    KeyringState.FAILED: "The system keyring did not answer as it should. "
    "The passphrase opens the workspace as before.",
    KeyringState.WRONG: "The system keyring holds another secret than this workspace needs. "
    "Open it with the passphrase, then set up the keyring again in Settings.",
}


@dataclass(frozen=True, slots=True)
class KeyringAnswer:
    """What the keyring did, and the secret if one was read or stored."""

    state: KeyringState
    secret: SecretKey | None = None

    @property
    def message(self) -> str:
        """The state in words, for the user."""
        return KEYRING_MESSAGES[self.state]


class SystemKeyring:
    """A port over `keyring` that reads back whatever it stores."""

    def __init__(
        self, backend: KeyringBackend | None = None, trusted: frozenset[str] = TRUSTED_BACKENDS
    ) -> None:
        self._chosen = backend
        self._trusted = trusted

    def store_new(self, name: str) -> KeyringAnswer:
        """Store a new random secret and prove that it can be read."""
        secret = SecretKey(secrets.token_bytes(KEY_BYTES))
        try:
            backend = self._backend()
            if backend is None:
                return KeyringAnswer(KeyringState.UNTRUSTED)
            backend.set_password(SERVICE_NAME, name, secret.hex())
            read_back = backend.get_password(SERVICE_NAME, name)
        except _foreign_failures() as exc:
            return _failed("store", exc)
        if read_back is None or _parsed(read_back) != secret:
            logger.warning("The system keyring did not give back what was stored")
            return KeyringAnswer(KeyringState.FAILED)
        return KeyringAnswer(KeyringState.DONE, secret)

    def fetch(self, name: str) -> KeyringAnswer:
        """Read a secret that was stored before."""
        try:
            backend = self._backend()
            if backend is None:
                return KeyringAnswer(KeyringState.UNTRUSTED)
            text = backend.get_password(SERVICE_NAME, name)
        except _foreign_failures() as exc:
            return _failed("read", exc)
        if text is None:
            return KeyringAnswer(KeyringState.ABSENT)
        secret = _parsed(text)
        return KeyringAnswer(KeyringState.DONE if secret else KeyringState.WRONG, secret)

    def delete(self, name: str) -> KeyringAnswer:
        """Delete a secret; one that is gone already counts as deleted."""
        try:
            backend = self._backend()
            if backend is None:
                return KeyringAnswer(KeyringState.UNTRUSTED)
            if backend.get_password(SERVICE_NAME, name) is not None:
                backend.delete_password(SERVICE_NAME, name)
        except _foreign_failures() as exc:
            return _failed("delete", exc)
        return KeyringAnswer(KeyringState.DONE)

    def is_available(self) -> bool:
        """Whether there is a keyring that may be offered to the user."""
        try:
            return self._backend() is not None
        except _foreign_failures() as exc:
            _failed("find", exc)
            return False

    def _backend(self) -> KeyringBackend | None:
        chosen = self._chosen or keyring.get_keyring()
        # The chainer passes a secret on to any store at hand, also to a readable one.
        candidates = getattr(chosen, "backends", None) or [chosen]
        return next((found for found in candidates if type(found).__module__ in self._trusted), None)


def _parsed(text: str) -> SecretKey | None:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return SecretKey(raw) if len(raw) == KEY_BYTES else None


def _failed(step: str, exc: BaseException) -> KeyringAnswer:
    # The class alone: the text of a keyring error may hold what was stored.
    logger.warning("The system keyring failed to %s: %s", step, type(exc).__name__)
    return KeyringAnswer(KeyringState.FAILED)


def _foreign_failures() -> tuple[type[BaseException], ...]:
    # Backends let the errors of the libraries below them through, each of its own family.
    known: list[type[BaseException]] = [KeyringError, OSError, RuntimeError, ValueError, AssertionError]
    for module_name, class_name in (
        ("secretstorage.exceptions", "SecretStorageException"),
        ("jeepney", "DBusErrorResponse"),
        ("win32ctypes.pywin32.pywintypes", "error"),
        ("keyring.backends.macOS.api", "Error"),
    ):
        try:
            found = getattr(importlib.import_module(module_name), class_name, None)
        except (ImportError, OSError, AttributeError):
            continue
        if isinstance(found, type) and issubclass(found, BaseException):
            known.append(found)
    return tuple(known)
