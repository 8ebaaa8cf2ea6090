"""The stage of the tour: the real desktop, driven by Qt's own test keys and clicks."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QKeyCombination, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop.application import Desktop
from app.errors import EnvironmentFaultError
from app.ui import theme
from app.ui.errors.report import CrashReport

W = TypeVar("W", bound=QWidget)
LETTER = "letter.docx"
STUCK = "stuck.png"
_PATIENCE_S = 60
_PAUSE_MS = 25


def _pause(millis: int) -> None:
    # An event loop lets the worker threads run; QTest.qWait keeps Python's lock while it waits.
    loop = QEventLoop()
    QTimer.singleShot(millis, loop.quit)
    loop.exec()


class Stage:
    """Presses keys, waits until the desk is quiet, and takes pictures."""

    def __init__(self, folder: Path, out: Path, say: Callable[[str], None]) -> None:
        running = QApplication.instance()
        self.application = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
        theme.apply_theme(self.application, "light")
        self.out = out
        self.pictures: list[Path] = []
        self._folder = folder
        self._say = say
        self._crash = ""
        self.desktop = self._new_desktop()
        self.desktop.install_hooks()

    @property
    def window(self) -> QWidget:
        """The window on screen."""
        window = self.desktop.window()
        if window is None:
            raise EnvironmentFaultError("The tour lost its window. Nothing was harmed; start it again.")
        return window

    def open(self) -> None:
        """Open the window as a start of the program does."""
        self.desktop.show_start()
        self.settle()

    def reopen(self) -> None:
        """Close the program and start it again on the same workspace."""
        self.close()
        self.desktop = self._new_desktop()
        self.desktop.install_hooks()
        self.open()

    def close(self) -> None:
        """End the desktop and everything that runs behind it."""
        window = self.desktop.window()
        if window is not None:
            window.close()
        self.desktop.close()
        _pause(_PAUSE_MS)

    def _new_desktop(self) -> Desktop:
        # The system's own file dialog takes no test keys; everything behind it is real.
        return Desktop(
            self._folder,
            choose_file=lambda _parent, name: (self.out / LETTER).with_suffix(Path(name).suffix),
            on_crash=self._on_crash,
        )

    def _on_crash(self, report: CrashReport) -> None:
        self._crash = report.kind

    def fit(self) -> None:
        """Give the window the size of a laptop's screen; an off-screen one may be smaller."""
        self.window.resize(1440, 900)
        self.settle()

    def settle(self) -> None:
        """Wait until no job runs and the screen has caught up."""
        self.wait_for(lambda: not self.desktop.runner.is_busy, "the desk to be quiet")
        _pause(2 * _PAUSE_MS)
        self.wait_for(lambda: not self.desktop.runner.is_busy, "the desk to be quiet")

    def wait_for(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for a condition; say in the end what did not come."""
        until = time.monotonic() + _PATIENCE_S
        while not is_so():
            if self._crash:
                raise EnvironmentFaultError(f"The tour met a bug of the program: {self._crash}")
            if time.monotonic() > until:
                self.window.grab().save(str(self.out / STUCK))
                raise EnvironmentFaultError(
                    f"The tour waited for {what} and it did not come; {STUCK} shows where it stood. Start it again."
                )
            _pause(_PAUSE_MS)

    def press(self, *keys: str) -> None:
        """Press key combinations where the keyboard is."""
        for text in keys:
            combination = QKeyCombination.fromCombined(QKeySequence(text)[0].toCombined())  # type: ignore[index]  # stubs
            QTest.keyClick(self._focus(), combination.key(), combination.keyboardModifiers())
            self.settle()

    def write(self, text: str) -> None:
        """Type a text where the keyboard is."""
        QTest.keyClicks(self._focus(), text)
        self.settle()

    def click(self, widget: QWidget) -> None:
        """Click a widget in its middle."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def focus(self, widget: QWidget) -> None:
        """Put the keyboard on a widget, as Tab would."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        _pause(_PAUSE_MS)

    def picture(self, name: str, sentence: str) -> None:
        """Say a sentence and keep a picture of the window."""
        self.settle()
        path = self.out / f"{len(self.pictures) + 1:02d}-{name}.png"
        self.window.grab().save(str(path))
        self.pictures.append(path)
        self._say(f"{len(self.pictures):2d}  {sentence}")

    def _focus(self) -> QWidget:
        if not self.window.isActiveWindow():
            self.window.activateWindow()
            QTest.qWaitForWindowActive(self.window)
        return QApplication.focusWidget() or self.window
