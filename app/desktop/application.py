"""The running program: from the lock page to the main window and back."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app import __version__
from app.bootstrap import Made
from app.desktop.single_window import SingleWindow
from app.desktop.start_window import StartWindow
from app.desktop.workbench import Workbench
from app.errors import AppError
from app.services.workspace.workspace import Workspace
from app.ui import theme
from app.ui.case.delivery_sheet import ChooseFile
from app.ui.case.ports import ask_where
from app.ui.errors import CrashDialog, ErrorHooks, FaultLog, show_error
from app.ui.errors.report import CrashReport
from app.ui.jobs import JobRunner
from app.ui.unlock.ports import CreatedWorkspace

logger = logging.getLogger(__name__)


OnCrash = Callable[[CrashReport], None]


class Desktop(QObject):
    """Owns the windows, one at a time, and the job runner behind them."""

    def __init__(
        self, folder: Path, *, choose_file: ChooseFile = ask_where, on_crash: OnCrash | None = None
    ) -> None:
        super().__init__()
        self._folder = folder
        self._choose_file = choose_file
        self.runner = JobRunner(self)
        self.start_window: StartWindow | None = None
        self.workbench: Workbench | None = None
        self._fault_log: FaultLog | None = None
        self._hooks = ErrorHooks(on_error=self._on_error, on_crash=on_crash or self._on_crash, parent=self)

    @classmethod
    def launch(cls, folder: Path) -> int:
        """Run the program until its window closes; a second one raises the first."""
        QApplication.setApplicationName("MI Desk")
        QApplication.setApplicationVersion(__version__)
        running = QApplication.instance()
        application = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
        single = SingleWindow(folder)
        if single.raise_other():
            return 0
        theme.apply_theme(application, "system")
        desktop = cls(folder)
        desktop.install_hooks()
        single.raised.connect(desktop.raise_window)
        desktop.show_start()
        try:
            return application.exec()
        finally:
            desktop.close()

    def install_hooks(self) -> None:
        """Catch what nobody else catches, until `close`."""
        self._hooks.install()

    def opened(self) -> Workspace:
        """Return the open workspace; it is a bug to ask before there is one."""
        if self.workbench is None:
            raise RuntimeError("no workspace is open")
        return self.workbench.workspace

    def show_start(self) -> None:
        """Show the lock page, or the first run where there is no workspace yet."""
        window = StartWindow(self._folder, self.runner)
        window.opened.connect(self._on_opened)
        window.made.connect(self._on_made)
        self.start_window = window
        window.show()

    def raise_window(self) -> None:
        """Bring the window to the front, as a second start asks for."""
        window = self.window()
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.raise_()
            window.activateWindow()

    def close(self) -> None:
        """End every job, close the workspace and give the hooks back."""
        self.runner.close()
        if self.workbench is not None:
            self.workbench.close()
            self.workbench = None
        if self.start_window is not None:
            self.start_window.deleteLater()
            self.start_window = None
        if self._fault_log is not None:
            self._fault_log.stop()
        self._hooks.uninstall()

    def window(self) -> QWidget | None:
        """Return the window on screen."""
        return self.workbench.window if self.workbench is not None else self.start_window

    def _on_made(self, created: CreatedWorkspace) -> None:
        if isinstance(created.handle, Made):
            self._on_opened(created.handle.workspace)

    def _on_opened(self, workspace: Workspace) -> None:
        self._folder = workspace.folder
        self._fault_log = FaultLog(workspace.folder)
        left = self._fault_log.start()
        self.workbench = Workbench(
            workspace,
            self.runner,
            choose_file=self._choose_file,
            on_full_lock=self._restart,
            parent=self,
        )
        self.workbench.show(crashed_before=bool(left))
        if self.start_window is not None:
            self.start_window.close()
            self.start_window.deleteLater()
            self.start_window = None

    def _restart(self) -> None:
        """Lock fully: a new process knows no key."""
        self.close()
        os.execv(sys.executable, [sys.executable, "-m", "app", "-w", str(self._folder)])  # noqa: S606 - ourselves

    def _on_error(self, error: AppError) -> None:
        window = self.window()
        if window is not None:
            show_error(window, error)

    def _on_crash(self, report: CrashReport) -> None:
        CrashDialog(report, close_data=self._close_data, restart=self._restart, parent=self.window()).exec()

    def _close_data(self) -> bool:
        return self.workbench is None or self.workbench.flush()
