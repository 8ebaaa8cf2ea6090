"""Forms that open below a setting, most of them to ask for the passphrase."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.unlock.parts import BusyRing, SecretField
from app.ui.unlock.recovery_step import RecoveryStep
from app.ui.unlock.strength import MINIMUM_LENGTH, Level, estimate
from app.ui.unlock.strength_bar import StrengthBar
from app.ui.widgets import announce, primary_button, quiet_button, set_tone, text_label


class InlineForm(QWidget):
    """Fields, one button that does it, and Esc that leaves it."""

    closed = Signal(bool)
    """The form is gone; true if the keyboard goes back to where it was opened."""

    def __init__(self, submit_text: str) -> None:
        super().__init__()
        self.fields = QVBoxLayout()
        self.fields.setSpacing(theme.SPACE.m)
        self.error_label = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.submit_button = primary_button(submit_text, size="form", on_click=self.submit)
        self.cancel_button = quiet_button(self.tr("Cancel"), size="form", on_click=self.step_back)
        self.submit_action = QAction(submit_text, self)
        self.submit_action.triggered.connect(self.submit)
        self._ring = BusyRing(self)
        self._build()

    @property
    def is_busy(self) -> bool:
        """Whether what was asked for is being done."""
        return not self.submit_button.isEnabled()

    def open(self) -> None:
        """Show the form empty, with the keyboard in its first field."""
        self.forget()
        self.show()
        first = next(iter(self.edits()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def step_back(self) -> None:
        """Leave it, unless it is being done."""
        if not self.is_busy:
            self.leave()

    def leave(self, *, takes_keyboard: bool = True) -> None:
        """Forget what was typed and close."""
        if self.isHidden():
            return
        self.forget()
        self.hide()
        self.closed.emit(takes_keyboard)

    def edits(self) -> list[QLineEdit]:
        """Return the fields in the order of the Tab key."""
        return []

    def forget(self) -> None:
        """Empty every field and take the last message away."""
        for edit in self.edits():
            edit.clear()
        self.set_busy(is_busy=False)
        self.show_error("")

    def problem(self) -> tuple[str, QLineEdit] | None:
        """Say what is missing and where, if anything."""
        return None

    def send(self) -> None:
        """Hand on what is typed; called when nothing is missing."""

    def submit(self) -> None:
        """Hand on what is typed, or say what is missing."""
        if self.is_busy or self.isHidden():
            return
        problem = self.problem()
        if problem is not None:
            sentence, edit = problem
            self.show_error(sentence)
            edit.setFocus(Qt.FocusReason.OtherFocusReason)
            edit.selectAll()
            return
        self.show_error("")
        self.set_busy(is_busy=True)
        self.send()

    def set_busy(self, *, is_busy: bool) -> None:
        """Take no input while it is being done."""
        for part in (*self.edits(), self.submit_button):
            part.setEnabled(not is_busy)
        if is_busy:
            self._ring.start()
        else:
            self._ring.stop()

    def refuse(self, sentence: str) -> None:
        """Say why it was not done, with the keyboard in the first field again."""
        self.set_busy(is_busy=False)
        self.show_error(sentence)
        first = next(iter(self.edits()), None)
        if first is not None and self.isVisible():
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            first.selectAll()

    def show_error(self, sentence: str) -> None:
        """Show a sentence above the buttons, or none."""
        self.error_label.setText(sentence)
        self.error_label.setVisible(bool(sentence))
        if sentence:
            announce(self, sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)

    def watch(self, edit: QLineEdit) -> None:
        """Let Enter go to the next empty field, or do it."""
        edit.returnPressed.connect(self._on_return)

    def _on_return(self) -> None:
        empty = next((edit for edit in self.edits() if not edit.text()), None)
        if empty is None:
            self.submit()
        else:
            empty.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE.xs, 0, theme.SPACE.xs)
        column.setSpacing(theme.SPACE.m)
        column.addLayout(self.fields)
        column.addWidget(self.error_label)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        row.addWidget(self.submit_button)
        row.addWidget(self.cancel_button)
        row.addWidget(self._ring)
        row.addStretch(1)
        column.addLayout(row)


class PassphraseForm(InlineForm):
    """Ask for the passphrase before something is changed."""

    sent = Signal(str)

    def __init__(self, submit_text: str) -> None:
        super().__init__(submit_text)
        self.passphrase_field = SecretField(self.tr("Your passphrase"), self)
        self.fields.addWidget(self.passphrase_field)
        self.watch(self.passphrase_field.edit)

    def edits(self) -> list[QLineEdit]:
        """Return the fields in the order of the Tab key."""
        return [self.passphrase_field.edit]

    def problem(self) -> tuple[str, QLineEdit] | None:
        """Ask for the passphrase."""
        if self.passphrase_field.text():
            return None
        return self.tr("Type the passphrase that opens this workspace."), self.passphrase_field.edit

    def send(self) -> None:
        """Hand on the passphrase."""
        self.sent.emit(self.passphrase_field.text())


class ChangePassphraseForm(InlineForm):
    """Ask for the passphrase of now, and twice for the new one."""

    sent = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(self.tr("Change the passphrase"))
        self.old_field = SecretField(self.tr("Passphrase now"), self)
        self.new_field = SecretField(self.tr("New passphrase"), self)
        self.again_field = SecretField(self.tr("The new one once more"), self)
        self.bar = StrengthBar(self)
        self.strength_label = text_label(role="secondary", tone="text.2", wraps=True)
        judged = QVBoxLayout()
        judged.setSpacing(theme.SPACE.xs)
        for part in (self.new_field, self.bar, self.strength_label):
            judged.addWidget(part)
        self.fields.addWidget(self.old_field)
        self.fields.addLayout(judged)
        self.fields.addWidget(self.again_field)
        for edit in self.edits():
            self.watch(edit)
        self.new_field.edit.textChanged.connect(self._on_new_changed)
        self._on_new_changed()

    def edits(self) -> list[QLineEdit]:
        """Return the fields in the order of the Tab key."""
        return [self.old_field.edit, self.new_field.edit, self.again_field.edit]

    def problem(self) -> tuple[str, QLineEdit] | None:
        """Say what keeps the new passphrase from being taken."""
        strength = estimate(self.new_field.text())
        if not self.old_field.text():
            return self.tr("Type the passphrase of now first."), self.old_field.edit
        if strength.level is Level.TOO_SHORT:
            words = self.tr("A passphrase has at least {n} characters.").format(n=MINIMUM_LENGTH)
            return words, self.new_field.edit
        if not strength.is_accepted:
            words = self.tr("This is easy to guess. Add a word that does not belong to the others.")
            return words, self.new_field.edit
        if self.new_field.text() != self.again_field.text():
            return self.tr("The two are not the same. Type the second one again."), self.again_field.edit
        return None

    def send(self) -> None:
        """Hand on the old and the new one."""
        self.sent.emit(self.old_field.text(), self.new_field.text())

    def _on_new_changed(self) -> None:
        strength = estimate(self.new_field.text())
        self.bar.show_level(strength.level)
        self.strength_label.setText(strength.words)
        tones = {Level.TOO_SHORT: "text.2", Level.WEAK: "over", Level.FAIR: "soon"}
        set_tone(self.strength_label, tones.get(strength.level, "ok"))


class RecoveryKeyForm(PassphraseForm):
    """Ask for the passphrase, then show the new key until a group of it is typed back."""

    def __init__(self) -> None:
        super().__init__(self.tr("Make a new recovery key"))
        self.step = RecoveryStep()
        self.step.hide()
        self.step.complained.connect(self.show_error)
        self.step.went_on.connect(self.finish)
        self.fields.addWidget(self.step)
        self.done_button = primary_button(self.tr("I have kept it"), size="form", on_click=self.finish)
        self.done_button.hide()
        self.fields.addWidget(self.done_button)

    @property
    def shows_key(self) -> bool:
        """Whether the new key is on the screen."""
        return not self.step.isHidden()

    def show_key(self, key: str) -> None:
        """Show the key in the place of the field."""
        self.set_busy(is_busy=False)
        self._show_step(is_shown=True)
        self.step.show_key(key)
        self.step.enter(())

    def finish(self) -> None:
        """Close once a group was typed back; say so if it was not."""
        problem = self.step.problem()
        if problem is None:
            self.leave()
            return
        self.show_error(problem)
        self.step.focus_problem()

    def submit(self) -> None:
        """Ask for a key, or close when it was kept."""
        if self.shows_key:
            self.finish()
        else:
            super().submit()

    def forget(self) -> None:
        """Take the key off the screen for good."""
        super().forget()
        self.step.forget()
        self._show_step(is_shown=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc, but not from a key that nobody kept yet."""
        if event.key() == Qt.Key.Key_Escape and self.shows_key:
            self.finish()
        else:
            super().keyPressEvent(event)

    def _show_step(self, *, is_shown: bool) -> None:
        self.step.setVisible(is_shown)
        self.done_button.setVisible(is_shown)
        for part in (self.passphrase_field, self.submit_button, self.cancel_button):
            part.setVisible(not is_shown)
