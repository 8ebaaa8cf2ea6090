"""The composition root without a window: where workspaces live, how one is made and opened."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from app.errors import WorkspaceError
from app.sample import fill_sample
from app.services.letters.paper import Painter
from app.services.workspace import vault as vaults
from app.services.workspace.clock import SystemClock
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.system_keyring import SystemKeyring
from app.services.workspace.unlock_attempts import KeyPurpose, UnlockAttempts
from app.services.workspace.workspace import NewUser, Workspace, create, open_workspace

SLOT_FILE = "keyslots.json"


def data_folder() -> Path:
    """Return the platform's folder for the data of this program."""
    return Path(platformdirs.user_data_path("MI Desk", appauthor=False))


def default_folder() -> Path:
    """Return the folder of the user's own workspace."""
    return data_folder() / "workspace"


def sample_folder() -> Path:
    """Return the folder of the sample workspace."""
    return data_folder() / "sample"


def known_workspaces() -> tuple[Path, ...]:
    """List the workspaces of this device, the user's own first."""
    return tuple(folder for folder in (default_folder(), sample_folder()) if (folder / SLOT_FILE).exists())


@dataclass(frozen=True)
class WorkspaceOpener:
    """Opens one workspace by any of its ways in; every call may take a second."""

    folder: Path

    def unlock_with_passphrase(self, text: str) -> Workspace:
        """Open with the passphrase."""
        return open_workspace(vaults.open_with_passphrase(self.folder, text))

    def unlock_with_recovery_key(self, text: str) -> Workspace:
        """Open with the recovery key."""
        return open_workspace(vaults.open_with_recovery_key(self.folder, text))

    def unlock_with_keyring(self) -> Workspace:
        """Open with the secret that the system keyring keeps."""
        opening = vaults.open_with_keyring(self.folder, SystemKeyring())
        if opening.vault is None:
            raise WorkspaceError(opening.answer.message)
        return open_workspace(opening.vault)

    def next_try_at(self) -> datetime | None:
        """Return when the next try is looked at, None for at once."""
        return _next_try(UnlockAttempts(self.folder))


@dataclass(frozen=True)
class ScreenOpener:
    """Lifts the screen lock of a workspace that stayed open; the keyring never does."""

    workspace: Workspace

    def unlock_with_passphrase(self, text: str) -> Workspace:
        """Check the passphrase; the workspace is open already."""
        self.workspace.vault.verify_passphrase(text, KeyPurpose.SCREEN)
        return self.workspace

    def unlock_with_recovery_key(self, text: str) -> Workspace:
        """Check the recovery key; the workspace is open already."""
        vaults.open_with_recovery_key(self.workspace.folder, text)
        return self.workspace

    def unlock_with_keyring(self) -> Workspace:
        """Refuse: the keyring opens at the start only."""
        raise WorkspaceError("The keyring cannot lift a lock. Type the passphrase.")

    def next_try_at(self) -> datetime | None:
        """Return when the next try is looked at, None for at once."""
        return _next_try(self.workspace.vault.attempts)


def _next_try(attempts: UnlockAttempts) -> datetime | None:
    due = attempts.next_try_at()
    now = SystemClock().now()
    return datetime.fromtimestamp(due / 1000, UTC) if due > now else None


def has_keyring_slot(folder: Path) -> bool:
    """Tell whether the system keyring is a way into this workspace."""
    slots = vaults.VaultPorts().store(folder).read().slots
    return slots.find(SlotKind.KEYRING) is not None


@dataclass(frozen=True, slots=True)
class Made:
    """A new workspace, open, and the recovery key to show once."""

    workspace: Workspace
    recovery_key: str


def letter_painter() -> Painter:
    """Return what paints letters where there is no window: Qt is loaded for this alone."""
    from app.ui.print.letter_pdf import painter_off_screen

    return painter_off_screen()


def make_workspace(folder: Path, name: str, credentials: str, passphrase: str, *, sample: bool) -> Made:
    """Make a workspace and fill it with the sample if asked."""
    workspace, recovery_key = create(folder, passphrase, NewUser(name, credentials))
    if sample:
        try:
            fill_sample(workspace.database)
        except BaseException:
            workspace.close()
            raise
    return Made(workspace, recovery_key)
