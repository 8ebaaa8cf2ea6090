"""The settings that change the keys; each asks for the passphrase."""

import functools
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.errors import AppError
from app.models.changes import Changes
from app.services.settings import keys
from app.services.workspace.system_keyring import KeyringAnswer, KeyringState
from app.ui.errors import error_sentence
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.forms import ChangePassphraseForm, PassphraseForm, RecoveryKeyForm
from app.ui.settings.rows import FormRow

Say = Callable[[str], None]
Write = Callable[[Callable[[], tuple[Changes, Any]], Callable[[Any], None], Callable[[AppError], None]], Any]


class ChangePassphraseRow(FormRow):
    """Put a new passphrase in the place of the old one."""

    def __init__(self, desk: SettingsDesk, write: Write, say: Say) -> None:
        self.change_form = ChangePassphraseForm()
        super().__init__(
            "passphrase",
            _tr("Passphrase"),
            _tr("Encrypts everything on this disk. Nobody can reset it."),
            _tr("Change"),
            self.change_form,
        )
        self._desk, self._write, self._say = desk, write, say
        self.change_form.sent.connect(self._on_sent)

    def _on_sent(self, old: str, new: str) -> None:
        work = functools.partial(_answering, keys.change_passphrase, self._desk.workspace, old, new)
        self._write(work, self._on_done, self._on_failed)

    def _on_done(self, _answer: None) -> None:
        self.form.leave()
        self._say(_tr("The passphrase is changed. The old one no longer opens the workspace."))

    def _on_failed(self, error: AppError) -> None:
        self.form.refuse(error_sentence(error))


class RecoveryKeyRow(FormRow):
    """Make a new recovery key and show it once."""

    def __init__(self, desk: SettingsDesk, write: Write, say: Say) -> None:
        self.key_form = RecoveryKeyForm()
        super().__init__(
            "recovery_key",
            _tr("Recovery key"),
            _tr(
                "Opens the workspace if you forget the passphrase. A new one ends the old one and is shown once."
            ),
            _tr("Make a new one"),
            self.key_form,
        )
        self._desk, self._write, self._say = desk, write, say
        self.key_form.sent.connect(self._on_sent)

    def _on_sent(self, passphrase: str) -> None:
        work = functools.partial(keys.replace_recovery_key, self._desk.workspace, passphrase)
        self._write(work, self._on_done, self._on_failed)

    def _on_done(self, key: str) -> None:
        if self.form.isHidden():
            # Left meanwhile: a key that nobody sees is as good as none.
            self._say(_tr("The old recovery key has ended and the new one was not shown. Make another one."))
            return
        self.key_form.show_key(key)

    def _on_failed(self, error: AppError) -> None:
        self.form.refuse(error_sentence(error))


class KeyringRow(FormRow):
    """Let the system open the workspace at the start, or no longer."""

    def __init__(self, desk: SettingsDesk, write: Write, say: Say) -> None:
        self.passphrase_form = PassphraseForm(_tr("Switch on"))
        super().__init__("keyring", _tr("Open with the system"), "", _tr("Switch on"), self.passphrase_form)
        self._desk, self._write, self._say = desk, write, say
        self._is_on = False
        self.button.hide()
        self.passphrase_form.sent.connect(self._on_sent)

    @property
    def is_on(self) -> bool:
        """Whether the system keyring is one of the ways in."""
        return self._is_on

    def show_state(self, *, is_on: bool, is_available: bool) -> None:
        """Say how it is, and offer only what can be done."""
        self._is_on = is_on
        verb = _tr("Switch off") if is_on else _tr("Switch on")
        self.button.setText(verb)
        self.button.setAccessibleName(f"{self.name}: {verb}")
        self.passphrase_form.submit_button.setText(verb)
        self.passphrase_form.submit_button.setAccessibleName(verb)
        self.button.setVisible((is_on or is_available) and self.form.isHidden())
        self.set_reason(self._state_words(is_on=is_on, is_available=is_available))

    def open(self) -> None:
        """Open the form where there is something to switch, else say why not."""
        if self.button.isHidden() and self.form.isHidden():
            self._say(self.reason_label.text())
        super().open()

    def _state_words(self, *, is_on: bool, is_available: bool) -> str:
        if is_on:
            return _tr(
                "On. Whoever is logged in to this computer as you can open the workspace at its start. "
                "A locked window and signatures still ask for the passphrase."
            )
        if is_available:
            return _tr("Off. The passphrase is asked at each start.")
        return _tr("Off. This system has no keyring that keeps secrets safely, so it cannot be switched on.")

    def _on_sent(self, passphrase: str) -> None:
        wanted = not self._is_on
        switch = functools.partial(
            keys.switch_keyring, self._desk.workspace, passphrase, self._desk.keyring, is_on=wanted
        )
        self._write(switch, functools.partial(self._on_done, wanted), self._on_failed)

    def _on_done(self, wanted: bool, answer: KeyringAnswer) -> None:
        if wanted and answer.state is not KeyringState.DONE:
            self.form.refuse(answer.message)
            return
        self.form.leave()
        self.show_state(is_on=wanted, is_available=True)
        if wanted:
            self._say(_tr("The system opens the workspace from now on. The passphrase does too."))
        else:
            self._say(_tr("The system no longer opens the workspace. The passphrase is asked at each start."))

    def _on_failed(self, error: AppError) -> None:
        self.form.refuse(error_sentence(error))


def _answering(command: Callable[..., Changes], *arguments: Any) -> tuple[Changes, None]:
    return command(*arguments), None


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeyRows", text)
