"""The mails of a case and the files that came with them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.models.lifecycle_inquiry import InquiryState
from app.services.intake import commands, queries
from app.services.intake.queries import AttachmentView, CaseView, MessageView
from app.services.jobs import JobContext
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.section import clear
from app.ui.case.wording import moment
from app.ui.widgets import Card, ElidedLabel, announce, icon_label, link_button, set_tone, text_label

AskTarget = Callable[[QWidget, str], Path | None]
_KB: Final = 1024


class MessagesCard(Card):
    """Lists what was written to and fro; hidden for a case without mails."""

    shown = Signal()

    def __init__(self, desk: CaseDesk, *, ask_target: AskTarget | None = None) -> None:
        super().__init__(self.tr("E-mails"))
        self._desk = desk
        self._ask_target = ask_target or ask_for_file
        self._view: CaseView | None = None
        self._told = text_label(wraps=True)
        self._told.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE.l)
        self.body.addWidget(self._told)
        self.body.addLayout(self._list)
        self.hide()

    def show_case(self, view: CaseView) -> None:
        """Read the mails of a case; those of another are taken away at once."""
        if self._view is None or self._view.id != view.id:
            self._told.hide()
            self.hide()
        self._view = view
        database = self._desk.database
        self._desk.read(
            lambda: database.read(queries.messages_of, view.id), on_done=partial(self._show, view.id)
        )

    def _show(self, inquiry_id: str, messages: tuple[MessageView, ...]) -> None:
        view = self._view
        if view is None or view.id != inquiry_id:
            return
        clear(self._list)
        zone = str(view.facts["received_zone"])
        for at, message in enumerate(messages):
            self._list.addWidget(self._message(message, zone, is_first=at == 0))
        if view.state == InquiryState.AWAITING_REQUESTER and len(messages) > 1:
            words = self.tr("A reply is here. If it is what you asked for, go on with the inquiry.")
            self._tell(words, "soon")
        self.setVisible(bool(messages))
        self.shown.emit()

    def _message(self, message: MessageView, zone: str, *, is_first: bool) -> QWidget:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.xs)
        at = moment(message.sent_at if message.sent_at is not None else message.kept_at, zone)
        head = "  \N{MIDDLE DOT}  ".join(part for part in (message.sender, at) if part)
        column.addWidget(text_label(head, role="secondary", tone="text.2", weight=500, wraps=True))
        if message.subject:
            column.addWidget(text_label(message.subject, weight=500, wraps=True, selectable=True))
        # The words of the first one stand above, as what was asked.
        if message.body and not is_first:
            column.addWidget(text_label(message.body, wraps=True, selectable=True))
        for file in message.attachments:
            column.addLayout(self._file(file))
        for why in message.not_kept:
            column.addWidget(text_label(why, role="secondary", tone="soon", wraps=True))
        return place

    def _file(self, file: AttachmentView) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        name = ElidedLabel(file.name)
        name.setToolTip(file.name)
        save = link_button(self.tr("Save as"), on_click=partial(self.save, file))
        save.setAccessibleName(self.tr("Save {name} as").format(name=file.name))
        row.addWidget(icon_label("paperclip", "text.2", 16))
        row.addWidget(name, 1)
        row.addWidget(text_label(size_words(file.size), role="secondary", tone="text.2"))
        row.addWidget(save)
        return row

    def save(self, file: AttachmentView) -> None:
        """Ask where a file goes and write it there; the trail records that it left."""
        target = self._ask_target(self, file.name)
        blobs = self._desk.database.blobs
        if target is None or blobs is None:
            return

        def export(_job: JobContext) -> Changes:
            return self._desk.database.write(commands.export_attachment, blobs, file.id, target)

        self._desk.runner.run_command(
            export, on_done=partial(self._on_saved, target.name), on_failed=self._on_failed
        )

    def _on_saved(self, name: str, _changes: Changes) -> None:
        self._tell(self.tr("Saved as {name}. The audit trail has it.").format(name=name), "text.2")

    def _on_failed(self, error: AppError) -> None:
        self._tell(str(error), "over")

    def _tell(self, words: str, tone: str) -> None:
        self._told.setText(words)
        set_tone(self._told, tone)
        self._told.show()
        announce(self, words)


def size_words(size: int) -> str:
    """Return a size as a person reads it."""
    if size < _KB:
        return f"{size} B"
    if size < _KB * _KB:
        return f"{size / _KB:.0f} KB"
    return f"{size / _KB / _KB:.1f} MB"


def ask_for_file(parent: QWidget, name: str) -> Path | None:
    """Ask where an attached file goes; none if the user steps back."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "", name)
    return Path(chosen) if chosen else None
