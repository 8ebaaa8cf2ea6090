"""Service levels that have not begun: when they do, and the way to take them back."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.settings.forms import InlineForm
from app.ui.widgets import quiet_button, text_label


class WithdrawForm(InlineForm):
    """Asks why, because the trail keeps it."""

    sent = Signal(str)

    def __init__(self, number: str) -> None:
        super().__init__(self.tr("Withdraw {number}").format(number=number))
        self.reason_edit = QLineEdit()
        label = text_label(self.tr("Why"), role="secondary", tone="text.2")
        label.setBuddy(self.reason_edit)
        self.reason_edit.setAccessibleName(self.tr("Why"))
        theme.set_size(self.reason_edit, height=theme.HEIGHT.form_control)
        self.fields.addWidget(label)
        self.fields.addWidget(self.reason_edit)

    def edits(self) -> list[QLineEdit]:
        """Return the one field."""
        return [self.reason_edit]

    def problem(self) -> tuple[str, QLineEdit] | None:
        """Ask for a reason."""
        if self.reason_edit.text().strip():
            return None
        return self.tr("Say why they are withdrawn. It is kept in the trail."), self.reason_edit

    def send(self) -> None:
        """Hand on the reason."""
        self.sent.emit(self.reason_edit.text().strip())


class ComingPolicy(QWidget):
    """One edition that begins later; its form opens below it."""

    def __init__(self, number: str, begins: str) -> None:
        super().__init__()
        self.form = WithdrawForm(number)
        self.button = quiet_button(self.tr("Withdraw"), size="form", on_click=self._on_open)
        self.button.setAccessibleName(self.tr("Withdraw {number}").format(number=number))
        words = self.tr("{number} begins on {when}").format(number=number, when=begins)
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE.m)
        line.addWidget(text_label(words, role="secondary", tone="soon", weight=500, wraps=True), 1)
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.s)
        column.addLayout(line)
        column.addWidget(self.form)
        self.form.hide()
        self.form.closed.connect(self._on_closed)

    def _on_open(self) -> None:
        self.button.hide()
        self.form.open()

    def _on_closed(self, takes_keyboard: bool) -> None:
        self.button.show()
        if takes_keyboard:
            self.button.setFocus()
