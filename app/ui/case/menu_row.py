"""A fact whose value is one of a few: Enter opens the choices."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.widgets import FactRow

Choices = Sequence[tuple[str, str]]


class MenuRow(FactRow):
    """A fact chosen from a menu that opens where it stands."""

    def __init__(self, key: str, label: str, choices: Choices | Callable[[], Choices]) -> None:
        super().__init__(key, label)
        self._choices = choices
        self._current = ""
        self.menu: QMenu | None = None
        self.setAccessibleDescription(self.tr("Enter opens the choices"))

    def set_choice(self, code: str, text: str, note: str = "") -> None:
        """Show which one is chosen now."""
        self._current = code
        self.set_value(text, note)

    def start_editing(self) -> None:
        """Open the choices below the row."""
        menu = QMenu(self)
        choices = self._choices() if callable(self._choices) else self._choices
        for code, name in choices:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(code == self._current)
            action.setData(code)
        menu.triggered.connect(self._on_triggered)
        menu.aboutToHide.connect(partial(QTimer.singleShot, 0, menu.deleteLater))
        self.menu = menu
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        current = next((action for action in menu.actions() if action.isChecked()), menu.actions()[0])
        menu.setActiveAction(current)

    def _on_triggered(self, action: QAction) -> None:
        code = str(action.data())
        if code != self._current:
            self.edited.emit(self.key, code)


class FormRow(FactRow):
    """A fact of several fields: Enter opens a form below it."""

    def __init__(self, key: str, label: str, on_open: Callable[[QWidget], None]) -> None:
        super().__init__(key, label)
        self._on_open = on_open
        keys = QKeySequence("Return").toString(QKeySequence.SequenceFormat.NativeText)
        self.setAccessibleDescription(self.tr("{key} opens the fields").format(key=keys))

    def start_editing(self) -> None:
        """Open the fields of this fact."""
        self._on_open(self)
