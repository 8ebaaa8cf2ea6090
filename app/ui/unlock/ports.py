"""Say what the lock page and the first run need from below."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WorkspaceChoice:
    """Name one workspace of this device without opening it."""

    folder: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class UnlockFacts:
    """Hold what the lock page may say while locked.

    `reason` tells when and why it locked; `safety` counts clocks and names nobody.
    """

    workspace: WorkspaceChoice
    others: tuple[WorkspaceChoice, ...] = ()
    reason: str = ""
    safety: str = ""
    has_keyring: bool = False


@dataclass(frozen=True, slots=True)
class CreatedWorkspace:
    """Hold the new workspace and the recovery key to show once."""

    recovery_key: str
    handle: object


class UnlockPort(Protocol):
    """Open the workspace; the calls run off the GUI thread.

    They raise `WrongKeyError`, `DamagedKeySlotsError`, `DamagedDatabaseError`, `NewerDatabaseError` or
    another `AppError`, and return what `UnlockPage.unlocked` hands on.
    """

    def unlock_with_passphrase(self, text: str) -> object:
        """Open with the passphrase."""

    def unlock_with_recovery_key(self, text: str) -> object:
        """Open with the recovery key."""

    def unlock_with_keyring(self) -> object:
        """Open with the secret in the keyring of the system."""

    def next_try_at(self) -> datetime | None:
        """Return when the next try is taken, none for at once."""


class FirstRunPort(Protocol):
    """Make a workspace; the call runs off the GUI thread."""

    def default_folder(self, *, sample: bool) -> Path:
        """Propose a folder that does not exist yet."""

    def create(
        self, folder: Path, name: str, credentials: str, passphrase: str, sample: bool
    ) -> CreatedWorkspace:
        """Make the workspace, or raise and leave nothing behind."""
