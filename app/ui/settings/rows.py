"""One setting a row: its name, why one would change it, and the control."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.settings.forms import InlineForm
from app.ui.widgets import secondary_button, text_label
from app.ui.widgets.buttons import Button


class SettingRow(QWidget):
    """Words on the left and a control on the right, or below where it is wide."""

    def __init__(self, key: str, name: str, reason: str = "", *, search_words: str = "") -> None:
        super().__init__()
        self.key = key
        self._search_words = search_words
        self.name_label = text_label(name, weight=500, wraps=True)
        self.reason_label = text_label(reason, role="secondary", tone="text.2", wraps=True)
        self.reason_label.setVisible(bool(reason))
        self.control: QWidget | None = None
        self.setAccessibleName(name)
        self._build()

    @property
    def name(self) -> str:
        """What the setting is called."""
        return self.name_label.text()

    def set_reason(self, text: str, tone: str = "text.2") -> None:
        """Say something else below the name."""
        self.reason_label.setText(text)
        theme.set_variant(self.reason_label, tone=tone)
        self.reason_label.setVisible(bool(text))
        if self.control is not None:
            self.control.setAccessibleDescription(text)

    def put_control(self, control: QWidget, *, is_below: bool = False) -> None:
        """Put the control of the setting into its place."""
        self.control = control
        if not control.accessibleName():
            control.setAccessibleName(self.name)
        control.setAccessibleDescription(self.reason_label.text())
        if is_below:
            self.column.addWidget(control)
        else:
            self._line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def matches(self, words: list[str]) -> bool:
        """Tell whether every word stands somewhere in this row."""
        text = f"{self.name} {self.reason_label.text()} {self._search_words}".casefold()
        return all(word in text for word in words)

    def take_keyboard(self) -> None:
        """Put the keyboard where the setting is changed."""
        if self.control is not None:
            stop = next(iter(_stops(self.control)), self.control)
            stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open(self) -> None:
        """Do what a command that names this setting means: usually go to it."""
        self.take_keyboard()

    def _build(self) -> None:
        self.column = QVBoxLayout(self)
        edge = theme.SPACE.card_inside
        self.column.setContentsMargins(edge, theme.SPACE.m, edge, theme.SPACE.m)
        self.column.setSpacing(theme.SPACE.s)
        self._line = QHBoxLayout()
        self._line.setSpacing(theme.SPACE.l)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name_label)
        words.addWidget(self.reason_label)
        self._line.addLayout(words, 1)
        self.column.addLayout(self._line)


class FormRow(SettingRow):
    """A setting whose button opens a form in its place."""

    form_opened = Signal()

    def __init__(self, key: str, name: str, reason: str, button_text: str, form: InlineForm) -> None:
        super().__init__(key, name, reason)
        self.form = form
        self.button: Button = secondary_button(button_text, on_click=self.open)
        self.button.setAccessibleName(f"{name}: {button_text}")
        self.put_control(self.button)
        self.column.addWidget(form)
        form.hide()
        form.closed.connect(self._on_closed)

    def open(self) -> None:
        """Open the form, unless there is nothing to open."""
        if self.button.isHidden() or not self.button.isEnabled():
            return
        self.button.hide()
        self.form.open()
        self.form_opened.emit()

    def _on_closed(self, takes_keyboard: bool) -> None:
        self.button.show()
        if takes_keyboard:
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)


def _stops(control: QWidget) -> list[QAbstractButton]:
    """Return where the keyboard can stand in a control, the chosen part first."""
    parts = control.findChildren(QAbstractButton)
    stops = [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return sorted(stops, key=lambda part: not part.isChecked())
