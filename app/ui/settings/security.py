"""When the window locks, and the ways into the workspace."""

import functools

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication

from app.errors import AppError
from app.models.changes import Changes
from app.services.jobs import JobContext
from app.services.settings import locking
from app.services.settings.locking import LockRule
from app.ui.errors import error_sentence
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.key_rows import ChangePassphraseRow, KeyringRow, RecoveryKeyRow
from app.ui.settings.rows import SettingRow
from app.ui.settings.section import Section
from app.ui.widgets import number_field, secondary_button, text_label

_QUIET_MS = 600
REKEY = "midesk rekey"


class SecuritySection(Section):
    """Lock, keyring, passphrase, recovery key, and how to re-key."""

    section_id = "security"
    icon = "key-round"
    kinds = frozenset({"configuration"})

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        self._rule: LockRule | None = None
        self.minutes_field = number_field(self.tr("Minutes until the lock"), least=1, most=60, value=10)
        self.minutes_field.setSuffix(self.tr(" min"))
        self.minutes_field.setEnabled(False)
        self.minutes_field.valueChanged.connect(self._on_minutes_changed)
        self.minutes_field.editingFinished.connect(self.flush)
        # Each step of the arrows would be a row of the trail.
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self.flush)
        self.lock_row = SettingRow(
            "lock", self.tr("Lock when nothing is typed for"), search_words="idle minutes"
        )
        self.lock_row.put_control(self.minutes_field)
        self.keyring_row = KeyringRow(desk, self.write, self.said.emit)
        self.passphrase_row = ChangePassphraseRow(desk, self.write, self.said.emit)
        self.recovery_row = RecoveryKeyRow(desk, self.write, self.said.emit)
        for row in (
            self.lock_row,
            self.passphrase_row,
            self.keyring_row,
            self.recovery_row,
            self._rekey_row(),
        ):
            self.add_row(row)

    def title(self) -> str:
        """Return what the section is called."""
        return self.tr("Security")

    def reload(self) -> None:
        """Read the rule of the lock and the state of the keyring again."""
        runner, workspace = self.desk.runner, self.desk.workspace
        runner.run_query(
            lambda _job: workspace.database.read(locking.lock_rule), on_done=self._on_rule, owner=self
        )
        # A keyring may take its time: it is asked beside everything else.
        runner.run_io(self._keyring_state, on_done=self._on_keyring_state, owner=self)

    def flush(self) -> None:
        """Keep the minutes that were set a moment ago."""
        self._quiet.stop()
        if self._rule is None or self.minutes_field.value() == self._rule.minutes:
            return
        work = functools.partial(self._set_minutes, self.minutes_field.value())
        self.desk.runner.run_command(work, on_done=self._on_minutes_set, on_failed=self._on_minutes_refused)

    def _rekey_row(self) -> SettingRow:
        row = SettingRow(
            "rekey",
            self.tr("New key for everything"),
            self.tr(
                "If somebody may have had your key: this encrypts the whole workspace anew. "
                "It needs the workspace alone, so close the window and type the command in a terminal."
            ),
            search_words="re-key rekey encrypt anew",
        )
        command = text_label(REKEY, role="mono", selectable=True)
        command.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.column.addWidget(command)
        self.copy_button = secondary_button(
            self.tr("Copy the command"), icon="copy", on_click=self._on_copy_clicked
        )
        row.put_control(self.copy_button)
        return row

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(REKEY)
        self.said.emit(self.tr("Copied: {command}").format(command=REKEY))

    def _on_rule(self, rule: LockRule) -> None:
        is_waiting = self._quiet.isActive()
        self._rule = rule
        words = self.tr(
            "From {least} to {most} minutes. The lock hides every record. Sleep, another user at the computer and "
            "Ctrl+Shift+L also take the key out of memory."
        )
        self.lock_row.set_reason(words.format(least=rule.least, most=rule.most))
        self.minutes_field.blockSignals(True)
        self.minutes_field.setRange(rule.least, rule.most)
        if not is_waiting:
            self.minutes_field.setValue(rule.minutes)
        self.minutes_field.blockSignals(False)
        self.minutes_field.setEnabled(True)

    def _keyring_state(self, _job: JobContext) -> tuple[bool, bool]:
        return self.desk.workspace.vault.has_keyring_slot, self.desk.keyring.is_available()

    def _on_keyring_state(self, state: tuple[bool, bool]) -> None:
        is_on, is_available = state
        if not self.keyring_row.form.is_busy:
            self.keyring_row.show_state(is_on=is_on, is_available=is_available)

    def _on_minutes_changed(self) -> None:
        self._quiet.start()

    def _set_minutes(self, minutes: int, _job: JobContext) -> Changes:
        return self.desk.workspace.database.write(locking.set_lock_minutes, minutes)

    def _on_minutes_set(self, _changes: Changes) -> None:
        self.reload()

    def _on_minutes_refused(self, error: AppError) -> None:
        self.said.emit(error_sentence(error))
        self.reload()
