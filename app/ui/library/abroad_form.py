"""The form that clears a core text for countries without one of their own, or closes it for them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.services.library.queries import DocumentRow
from app.services.library.variants import ExportDecision
from app.ui import theme
from app.ui.library import states
from app.ui.library.facts import day_of
from app.ui.library.forms import StepForm
from app.ui.library.wording import say
from app.ui.widgets import primary_button, text_label


class AbroadForm(StepForm):
    """Asks why, and shows what was decided before, by whom and why."""

    submitted = Signal(str, bool, str)

    def __init__(self) -> None:
        super().__init__(say("Use abroad"), "plain", primary_button(say("Close for use abroad")))
        self._wanted = False
        self.reason_edit = QLineEdit()
        self.reason_edit.setAccessibleName(self.tr("Reason"))
        self.reason_edit.setPlaceholderText(self.tr("Such as: the indication differs outside the US"))
        self.reason_edit.setMaxLength(500)
        self.trail = text_label(role="secondary", tone="text.2", wraps=True, selectable=True)
        self.reason_edit.returnPressed.connect(self._on_submitted)
        self.button.clicked.connect(self._on_submitted)
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(self.reason_edit)
        column.addWidget(self.trail)
        self._lay_out(fields)

    def open_for(self, row: DocumentRow, decisions: Sequence[ExportDecision], zone: str) -> None:
        """Ask why a text is closed for use abroad, or cleared."""
        self.version_id, self._wanted = row.id, not row.is_exportable
        name = states.name_of(row)
        if self._wanted:
            word = self.tr("Clear for use abroad")
            said = self.tr("{name} goes to no country abroad now. Cleared, it may go where there is no text.")
        else:
            word = self.tr("Close for use abroad")
            said = self.tr(
                "{name} may go to countries without a text of their own. Closed, nobody can insert it there."
            )
        if row.country:
            said = self.tr(
                "{name} is a text for {country}. Only a core text, for all countries, can be cleared."
            )
        for part in (self.reason_edit, self.button, self.trail):
            part.setHidden(bool(row.country))
        self.sentence.setText(said.format(name=name, country=row.country))
        self.button.setText(word)
        self.button.setAccessibleName(word)
        self.reason_edit.clear()
        lines = [self._written(each, zone) for each in decisions]
        self.trail.setText("\n".join(lines) or self.tr("Nothing was decided before."))
        self.clear_blockers()
        self.show()
        (self.cancel_button if row.country else self.reason_edit).setFocus()

    def _written(self, decision: ExportDecision, zone: str) -> str:
        word = self.tr("Cleared") if decision.is_exportable else self.tr("Closed")
        said = self.tr("{word} by {by}, {day}: {reason}")
        return said.format(word=word, by=decision.by, day=day_of(decision.at, zone), reason=decision.reason)

    @Slot()
    def _on_submitted(self) -> None:
        reason = self.reason_edit.text().strip()
        if not reason:
            self.show_blockers((self.tr("Say why, so that others can follow the decision."),))
            self.reason_edit.setFocus()
            return
        self.hide()
        self.submitted.emit(self.version_id, self._wanted, reason)
