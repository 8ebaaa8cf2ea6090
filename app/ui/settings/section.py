"""A group of settings: a heading and a card of rows."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.changes import Changes
from app.services.jobs import JobContext
from app.ui import theme
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.forms import InlineForm
from app.ui.settings.rows import FormRow, SettingRow
from app.ui.widgets import Card, divider, text_label


class Section(QWidget):
    """Be one section of the page; subclasses add their rows.

    `section_id` names it in commands, `kinds` are the types whose changes it shows.
    """

    section_id: ClassVar[str] = ""
    icon: ClassVar[str] = "settings"
    kinds: ClassVar[frozenset[str]] = frozenset()

    said = Signal(str)
    form_opened = Signal()

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__()
        self.desk = desk
        self.rows: dict[str, SettingRow] = {}
        self._lines: dict[str, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.SPACE.s)
        self._column.addWidget(text_label(self.title(), role="case_title"))
        self._card = Card()
        self._card.body.setContentsMargins(0, 0, 0, 0)
        self._card.body.setSpacing(0)
        self._column.addWidget(self._card)
        self.setAccessibleName(self.title())
        theme.theme_signals.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def title(self) -> str:
        """Return what the section is called."""
        return ""

    def add_row(self, row: SettingRow) -> None:
        """Put a row at the end."""
        if self.rows:
            line = divider()
            self._lines[row.key] = line
            self._card.body.addWidget(line)
        self.rows[row.key] = row
        self._card.body.addWidget(row)
        if isinstance(row, FormRow):
            row.form_opened.connect(self.form_opened)

    def reload(self) -> None:
        """Read again what is shown; the default shows nothing that changes."""

    def flush(self) -> None:
        """Keep what was changed a moment ago."""

    def forget(self) -> None:
        """Take every secret off the screen."""
        for form in self.findChildren(InlineForm):
            form.leave(takes_keyboard=False)

    def open_form(self) -> InlineForm | None:
        """Return the form that is open, if one is."""
        forms = self.findChildren(InlineForm)
        return next((form for form in forms if not form.isHidden()), None)

    def filter(self, words: list[str]) -> int:
        """Show the rows that hold every word; return how many."""
        is_title = bool(words) and all(word in self.title().casefold() for word in words)
        shown = [key for key, row in self.rows.items() if is_title or row.matches(words)]
        for key, row in self.rows.items():
            row.setVisible(key in shown)
            if key in self._lines:
                self._lines[key].setVisible(key in shown and key != shown[0])
        return len(shown)

    def write(
        self,
        work: Callable[[], tuple[Changes, Any]],
        on_done: Callable[[Any], None],
        on_failed: Callable[[Any], None],
        *,
        label: str = "",
    ) -> Any:
        """Run a write that also answers something, off the GUI thread."""
        answers: list[Any] = []

        def call(_job: JobContext) -> Changes:
            changes, answer = work()
            answers.append(answer)
            return changes

        return self.desk.runner.run_command(
            call,
            label=label,
            on_done=functools.partial(self._on_written, answers, on_done),
            on_failed=on_failed,
        )

    def _on_written(self, answers: list[Any], on_done: Callable[[Any], None], _changes: Changes) -> None:
        on_done(answers.pop())

    def _on_theme_changed(self) -> None:
        self._card.body.setContentsMargins(0, 0, 0, 0)
        self._card.body.setSpacing(0)
