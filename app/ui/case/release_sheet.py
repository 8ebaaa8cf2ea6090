"""The release of a letter: who signs what, when, and with which passphrase."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.services.letters import commands
from app.services.letters.release import Sign
from app.services.letters.views import LetterView
from app.services.settings.queries import UserView
from app.services.workspace.unit_of_work import UnitOfWork
from app.ui.case.desk import CaseDesk
from app.ui.case.sheet import Sheet, line
from app.ui.case.wording import stamp, words
from app.ui.errors import error_sentence
from app.ui.widgets import (
    announce,
    primary_button,
    quiet_button,
    text_label,
)

Verify = Callable[[str], bool]


def released(uow: UnitOfWork, letter_id: str, sign: Sign) -> Changes:
    """Release a letter whose author was asked for the passphrase."""
    return commands.release(uow, letter_id, passphrase_verified=True, sign=sign).changes


class ReleaseSheet(Sheet):
    """Ask for the passphrase, then freeze and sign; nothing happens before it is right."""

    released = Signal()

    def __init__(
        self,
        page: QWidget,
        desk: CaseDesk,
        letter: LetterView,
        user: UserView,
        *,
        verify: Verify,
        sign: Sign,
    ) -> None:
        super().__init__(page, words("Release this letter"), icon="badge-check")
        self._desk, self._letter, self._user = desk, letter, user
        self._verify, self._sign = verify, sign
        self.passphrase = QLineEdit()
        self.error = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.release_button = primary_button(self.tr("Release"), size="form", on_click=self.submit)
        self._build()

    def open(self) -> None:
        """Show the sheet with the keyboard in the passphrase."""
        super().open()
        self.fit()
        self.passphrase.setFocus(Qt.FocusReason.TabFocusReason)

    def submit(self) -> None:
        """Check the passphrase, off the GUI thread."""
        text = self.passphrase.text()
        if not text:
            self._say(self.tr("Signing asks for your passphrase again. Enter it."))
            return
        self._set_busy(True)
        self._desk.runner.run_io(
            lambda _job: self._verify(text),
            on_done=self._on_verified,
            on_failed=self._on_failed,
            owner=self,
            label="passphrase",
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Release with Enter from the passphrase."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.passphrase.hasFocus():
            self.submit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        letter, user = self._letter, self._user
        meaning = self.tr(
            "You release this letter as its author. Every passage is approved text, word for word. "
            "From now on its bytes do not change."
        )
        self.body.addWidget(text_label(meaning, wraps=True))
        name = ", ".join(part for part in (user.name, user.credentials) if part)
        facts = (
            (self.tr("Letter"), f"{letter.reference}, {self.tr('edition')} {letter.edition}"),
            (self.tr("Signed by"), name),
            (self.tr("Meaning"), self.tr("Released")),
            (self.tr("Time"), stamp(self._desk.now(), self._desk.zone())),
            (self.tr("SHA-256"), self.tr("made from the bytes that you sign, and shown at once")),
        )
        for label, value in facts:
            self.body.addLayout(line(label, text_label(value, weight=500, wraps=True)))
        self._build_passphrase()

    def _build_passphrase(self) -> None:
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.passphrase.setAccessibleName(self.tr("Passphrase"))
        head = text_label(self.tr("Your passphrase, once more"), role="secondary", tone="text.2", weight=500)
        head.setBuddy(self.passphrase)
        column = QVBoxLayout()
        column.setSpacing(4)
        for part in (head, self.passphrase, self.error):
            column.addWidget(part)
        self.error.hide()
        self.body.addLayout(column)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(quiet_button(self.tr("Cancel"), "Esc", size="form", on_click=self.dismiss))
        row.addWidget(self.release_button)
        self.body.addLayout(row)

    def _set_busy(self, is_busy: bool) -> None:
        self.release_button.setEnabled(not is_busy)
        self.passphrase.setReadOnly(is_busy)
        self.release_button.setText(self.tr("Signing") if is_busy else self.tr("Release"))

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.fit()
        announce(self, text)

    def _on_verified(self, is_right: bool) -> None:
        self.passphrase.clear()
        if not is_right:
            self._set_busy(False)
            self._say(self.tr("That is not your passphrase. Nothing was signed. Try again."))
            self.passphrase.setFocus()
            return
        command = partial(released, letter_id=self._letter.id, sign=self._sign)
        self._desk.write(command, on_done=self._on_released, on_failed=self._on_failed)

    def _on_released(self) -> None:
        self.dismiss()
        self.released.emit()

    def _on_failed(self, error: AppError) -> None:
        self._set_busy(False)
        self._say("\n".join(getattr(error, "blockers", ())) or error_sentence(error))
