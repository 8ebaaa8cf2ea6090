"""What every section of the settings works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.workspace.system_keyring import SystemKeyring
from app.services.workspace.workspace import Workspace
from app.ui.jobs import JobRunner
from app.ui.shell.actions import Registry


def ask_for_backup_file(parent: QWidget, name: str) -> Path | None:
    """Ask where a backup goes; none if the user steps back."""
    title = parent.tr("Save a copy of the workspace")
    kinds = parent.tr("MI Desk backup (*.midesk-backup)")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
    return Path(chosen) if chosen else None


def show_folder(folder: Path) -> bool:
    """Show a folder in the system's own window; tell whether that worked."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


@dataclass(frozen=True)
class SettingsDesk:
    """The open workspace, the runner, the commands, and the doors to the system."""

    workspace: Workspace
    runner: JobRunner
    registry: Registry
    keyring: SystemKeyring = field(default_factory=SystemKeyring)
    choose_file: Callable[[QWidget, str], Path | None] = ask_for_backup_file
    show_folder: Callable[[Path], bool] = show_folder
