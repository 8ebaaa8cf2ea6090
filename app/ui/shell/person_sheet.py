"""Change one's own name and the letters after it."""

import functools

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.services.jobs import JobContext
from app.services.settings import commands, queries
from app.services.settings.queries import UserView
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.errors import error_sentence
from app.ui.jobs import JobRunner
from app.ui.shell.overlay import Overlay
from app.ui.unlock.parts import NamedField
from app.ui.widgets import announce, primary_button, quiet_button, text_label

_WIDTH = 480


class PersonSheet(Overlay):
    """A card with name and letters; what is typed stays until it is saved."""

    saved = Signal()

    def __init__(self, window: QWidget, database: Database, runner: JobRunner) -> None:
        super().__init__(window, width=_WIDTH)
        self._database, self._runner = database, runner
        self.name_field = NamedField(self.tr("Your name"), self.card)
        self.credentials_field = NamedField(self.tr("Letters after your name"), self.card)
        self.credentials_field.edit.setPlaceholderText(self.tr("PharmD"))
        self.error_label = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.cancel_button = quiet_button(self.tr("Cancel"), size="form", on_click=self.dismiss)
        self.save_button = primary_button(self.tr("Save"), size="form", on_click=self.save)
        self._build()

    def open(self) -> None:
        """Show the card and fill it with what is on record."""
        if self.isVisible():
            return
        self._show_error("")
        self._set_ready(False)
        super().open()
        self._runner.run_query(self._read, on_done=self._on_read, on_failed=self._on_failed, owner=self)

    @Slot()
    def save(self) -> None:
        """Save both fields, or say beside them what is missing."""
        if not self.save_button.isEnabled():
            return
        name = self.name_field.text().strip()
        if not name:
            self._show_error(self.tr("Your name is missing. Letters are signed with it."))
            self.name_field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._show_error("")
        self._set_ready(False)
        work = functools.partial(self._write, name, self.credentials_field.text().strip())
        self._runner.run_command(work, on_done=self._on_saved, on_failed=self._on_failed)

    def wanted_height(self, room: int) -> int:
        """Return the height its words need at the width of the card."""
        layout, width = self.card.layout(), self.card.width() or theme.scaled(_WIDTH)
        needed = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
        return min(room, max(needed, self.card.sizeHint().height()))

    def _build(self) -> None:
        title = self.tr("Your name and letters")
        self.card.setAccessibleName(title)
        body = QVBoxLayout()
        edge = theme.SPACE.xl
        body.setContentsMargins(edge, edge, edge, edge)
        body.setSpacing(theme.SPACE.m)
        body.addWidget(text_label(title, role="page_title"))
        words = self.tr(
            "They stand under letters you release from now on. Released letters stay as they are."
        )
        body.addWidget(text_label(words, tone="text.2", wraps=True))
        for field, longest in ((self.name_field, 120), (self.credentials_field, 80)):
            field.edit.setMaxLength(longest)
            field.edit.returnPressed.connect(self.save)
            body.addWidget(field)
        body.addWidget(self.error_label)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.save_button)
        body.addLayout(row)
        self.column.addLayout(body)

    def _read(self, _job: JobContext) -> UserView:
        return self._database.read(queries.user, self._database.identity.user)

    def _write(self, name: str, credentials: str, _job: JobContext) -> Changes:
        return self._database.write(commands.rename_user, self._database.identity.user, name, credentials)

    def _on_read(self, user: UserView) -> None:
        self.name_field.edit.setText(user.name)
        self.credentials_field.edit.setText(user.credentials)
        self._set_ready(True)
        self.name_field.edit.setFocus(Qt.FocusReason.PopupFocusReason)
        self.name_field.edit.selectAll()

    def _on_saved(self, _changes: Changes) -> None:
        self._set_ready(True)
        self.dismiss()
        self.saved.emit()

    def _on_failed(self, error: AppError) -> None:
        self._set_ready(True)
        self._show_error(error_sentence(error))

    def _set_ready(self, is_ready: bool) -> None:
        for part in (self.name_field.edit, self.credentials_field.edit, self.save_button):
            part.setEnabled(is_ready)

    def _show_error(self, sentence: str) -> None:
        self.error_label.setText(sentence)
        self.error_label.setVisible(bool(sentence))
        self.name_field.edit.setAccessibleDescription(sentence)
        theme.set_variant(self.name_field.edit, state="over" if sentence else "")
        if sentence:
            announce(self, sentence)
        self.place_card()
