"""The backups of this workspace."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.errors import AppError
from app.models.changes import Changes
from app.services.jobs import JobContext
from app.services.settings import backups
from app.services.settings.backups import BackupFacts
from app.services.workspace import copies
from app.ui.errors import error_sentence
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.rows import SettingRow
from app.ui.settings.section import Section
from app.ui.widgets import InlineProgress, secondary_button

_MEGA = 1_000_000


class BackupsSection(Section):
    """The last backup, one more now, a copy elsewhere, and where they are."""

    section_id = "backups"
    icon = "hard-drive"

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        self.now_row = SettingRow("now", self.tr("Last backup"), search_words="back up now daily")
        self.now_button = secondary_button(self.tr("Back up now"), on_click=self.back_up_now)
        self.copy_row = SettingRow(
            "copy",
            self.tr("A copy in another place"),
            self.tr(
                "For a disk that is not this one. It stays encrypted; today's passphrase or recovery key opens it."
            ),
            search_words="save export usb disk",
        )
        self.copy_button = secondary_button(self.tr("Save a copy"), on_click=self.save_copy)
        self.folder_row = SettingRow("folder", self.tr("Where they are"), search_words="path folder")
        self.folder_button = secondary_button(self.tr("Show the folder"), on_click=self._on_folder_clicked)
        self.progress = InlineProgress()
        self._build()

    def title(self) -> str:
        """Return what the section is called."""
        return self.tr("Backups")

    def reload(self) -> None:
        """Look at the folder again."""
        folder = self.desk.workspace.folder
        self.desk.runner.run_io(
            lambda _job: backups.backup_facts(folder),
            on_done=self._on_facts,
            on_failed=self._on_failed,
            owner=self,
        )

    def back_up_now(self) -> None:
        """Write one more backup beside the workspace."""
        if self.now_button.isEnabled():
            self._run(self._write_here, self.tr("Backing up"))

    def save_copy(self) -> None:
        """Ask for a place and write a backup there."""
        if not self.copy_button.isEnabled():
            return
        target = self.desk.choose_file(self, f"{datetime.now().astimezone():%Y-%m-%d}.midesk-backup")
        if target is not None:
            self._target = target
            self._run(self._write_there, self.tr("Saving a copy"))

    def _build(self) -> None:
        for row, button in (
            (self.now_row, self.now_button),
            (self.copy_row, self.copy_button),
            (self.folder_row, self.folder_button),
        ):
            row.put_control(button)
            self.add_row(row)
        self.now_row.column.addWidget(self.progress)
        self._target = Path()

    def _run(self, work: Callable[[JobContext], Changes], label: str) -> None:
        self._set_ready(is_ready=False)
        handle = self.desk.runner.run_command(
            work, label=label, on_done=self._on_backed_up, on_failed=self._on_failed
        )
        handle.ended.connect(self._on_ended)
        self.progress.follow(handle)

    def _write_here(self, job: JobContext) -> Changes:
        backups.back_up_now(self.desk.workspace, job)
        return Changes()

    def _write_there(self, job: JobContext) -> Changes:
        copies.backup(self.desk.workspace, self._target, job)
        return Changes()

    def _on_backed_up(self, _changes: Changes) -> None:
        self.said.emit(self.tr("The backup is written and verified."))
        self.reload()

    def _on_failed(self, error: AppError) -> None:
        self.said.emit(error_sentence(error))

    def _on_ended(self) -> None:
        self._set_ready(is_ready=True)

    def _on_facts(self, facts: BackupFacts) -> None:
        self.now_row.set_reason(self._last_words(facts))
        self.folder_row.set_reason(str(facts.folder))

    def _last_words(self, facts: BackupFacts) -> str:
        if facts.last_at is None:
            return self.tr("There is none yet. One is made each day that MI Desk is opened.")
        words = self.tr(
            "{when}, {size} MB. The newest of each of 7 days and 4 weeks is kept: {count} on this disk now."
        )
        return words.format(
            when=f"{facts.last_at.astimezone():%d %b %Y %H:%M}",
            size=f"{facts.last_bytes / _MEGA:.1f}",
            count=facts.count,
        )

    def _on_folder_clicked(self) -> None:
        if not self.desk.show_folder(Path(self.folder_row.reason_label.text())):
            self.said.emit(self.tr("This system shows no folders. The path stands above."))

    def _set_ready(self, *, is_ready: bool) -> None:
        self.now_button.setEnabled(is_ready)
        self.copy_button.setEnabled(is_ready)
