"""The window before a workspace is open: lock page or first run."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMainWindow, QWidget

from app.bootstrap import (
    SLOT_FILE,
    Made,
    WorkspaceOpener,
    default_folder,
    has_keyring_slot,
    known_workspaces,
    make_workspace,
    sample_folder,
)
from app.errors import WorkspaceError
from app.ui import theme
from app.ui.jobs import JobRunner
from app.ui.unlock.first_run import FirstRun
from app.ui.unlock.ports import CreatedWorkspace, UnlockFacts, WorkspaceChoice
from app.ui.unlock.unlock_page import UnlockPage


class StartWindow(QMainWindow):
    """Asks for the key, or makes the first workspace."""

    opened = Signal(object)
    made = Signal(object)

    def __init__(self, folder: Path, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner
        self.setWindowTitle("MI Desk")
        self.setWindowIcon(theme.app_icon())
        self.setMinimumSize(960, 600)
        self.resize(1440, 900)
        if (folder / SLOT_FILE).exists():
            self.show_unlock(folder)
        else:
            self.show_first_run(folder)

    def show_unlock(self, folder: Path) -> None:
        """Show the lock page of one workspace."""
        others = tuple(_choice(other) for other in known_workspaces() if other != folder)
        facts = UnlockFacts(_choice(folder), others, has_keyring=_has_keyring(folder))
        page = UnlockPage(WorkspaceOpener(folder), self._runner, facts, can_choose_other=True)
        page.unlocked.connect(self.opened)
        page.workspace_chosen.connect(self._on_workspace_chosen)
        page.other_requested.connect(self._on_other_requested)
        self._put(page)
        page.focus_field()

    def show_first_run(self, folder: Path) -> None:
        """Show the steps that make a workspace."""
        page = FirstRun(_FirstRunPort(folder), self._runner, choose_folder=choose_folder)
        page.finished.connect(self.made)
        page.existing_chosen.connect(self._on_workspace_chosen)
        self._put(page)

    def _put(self, page: QWidget) -> None:
        before = self.takeCentralWidget()
        if before is not None:
            before.deleteLater()
        self.setCentralWidget(page)

    def _on_workspace_chosen(self, folder: str) -> None:
        self.show_unlock(Path(folder))

    def _on_other_requested(self) -> None:
        folder = choose_folder(self, str(default_folder()))
        if not folder:
            return
        if (Path(folder) / SLOT_FILE).exists():
            self.show_unlock(Path(folder))
        else:
            self.show_first_run(Path(folder))


class _FirstRunPort:
    """Makes the workspace that the first run asks for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def default_folder(self, *, sample: bool) -> Path:
        """Propose a folder that does not hold a workspace yet."""
        return _free(sample_folder() if sample and self._folder == default_folder() else self._folder)

    def create(
        self, folder: Path, name: str, credentials: str, passphrase: str, sample: bool
    ) -> CreatedWorkspace:
        """Make the workspace, filled with the sample if asked."""
        made: Made = make_workspace(folder, name, credentials, passphrase, sample=sample)
        return CreatedWorkspace(made.recovery_key, made)


def _free(folder: Path) -> Path:
    candidate, number = folder, 1
    while (candidate / SLOT_FILE).exists():
        number += 1
        candidate = folder.with_name(f"{folder.name}-{number}")
    return candidate


def _choice(folder: Path) -> WorkspaceChoice:
    name = "Sample workspace" if folder.name.startswith("sample") else "My workspace"
    return WorkspaceChoice(str(folder), name, str(folder))


def _has_keyring(folder: Path) -> bool:
    try:
        return has_keyring_slot(folder)
    except WorkspaceError:
        # The lock page opens all the same and says what is wrong when it is tried.
        return False


def choose_folder(parent: QWidget, start: str) -> str:
    """Ask for a folder in the system's own dialog."""
    return QFileDialog.getExistingDirectory(parent, parent.tr("Choose the folder of a workspace"), start)
