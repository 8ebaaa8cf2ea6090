"""The calls of a case, in and out, and the call back that is logged here."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.phone_script import call_outcomes
from app.services.intake import commands
from app.services.intake.queries import CallView, CaseView
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.form import InlineForm
from app.ui.case.section import Section, clear
from app.ui.case.wording import moment
from app.ui.widgets import icon_label, link_button, text_label

_MINUTE_MS: Final = 60_000
_LONGEST_MINUTES: Final = 600


class CallsSection(Section):
    """Every call with its time, how long it lasted and what became of it."""

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Calls"), parent=parent)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE.xs)
        self.column.addLayout(self._list)
        self.log_button = link_button(self.tr("Log a call back"), icon="phone", on_click=self.ask)
        self.column.addWidget(self.log_button, 0, Qt.AlignmentFlag.AlignLeft)

    def fill(self, view: CaseView) -> None:
        """Show the calls of a case."""
        clear(self._list)
        for call in view.calls:
            self._list.addWidget(self._row(call))

    def ask(self) -> None:
        """Open the fields of a call that was made."""
        if self.view is None:
            return
        person = self.view.contact or self.view.requester
        form = InlineForm(self.tr("Call back"), self.tr("Log the call"))
        form.add_choice("outcome", self.tr("What came of it"), list(call_outcomes().outgoing.items()))
        form.add_text("phone", self.tr("Number"), person.fields.phone if person else "")
        form.add_text("minutes", self.tr("Minutes it lasted, until now"), "1")
        form.add_words("notes", self.tr("What was said"))
        self.open_form(form, self._keep, return_to=self.log_button)

    def form_closed(self) -> None:
        """Offer the next call."""
        self.log_button.show()

    def _keep(self, values: dict[str, str]) -> None:
        view, form = self.view, self.form
        if view is None or form is None:
            return
        minutes = values["minutes"].strip()
        if not (minutes.isascii() and minutes.isdigit() and int(minutes) <= _LONGEST_MINUTES):
            form.show_error(self.tr("Say in whole minutes how long the call lasted."))
            return
        if not values["outcome"]:
            form.show_error(self.tr("Say what came of the call."))
            return
        person = view.contact or view.requester
        now = self.desk.now()
        call = commands.CallForm(
            direction="out",
            outcome=values["outcome"],
            caller=person.name if person else "",
            phone=values["phone"],
            notes=values["notes"],
            started_at=now - int(minutes) * _MINUTE_MS,
            ended_at=now,
            zone=self.desk.zone(),
        )
        self.desk.write(
            lambda uow: commands.keep_call(uow, call, view.id).changes,
            on_done=self.close_form,
            on_failed=self.show_failure,
        )

    def _row(self, call: CallView) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE.s)
        is_out = call.direction == "out"
        sign = icon_label("arrow-up-right" if is_out else "arrow-down-right", "text.2", 14)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        way = self.tr("Called back") if is_out else self.tr("Came in")
        minutes, seconds = divmod(call.seconds or 0, 60)
        lasted = self.tr("{m} min {s} s").format(m=minutes, s=seconds) if call.seconds is not None else ""
        told = [way, moment(call.started_at, call.zone, now=self.desk.now()), lasted, call.outcome_label]
        words = text_label(
            ", ".join(part for part in told if part), role="secondary", tone="text.2", wraps=True
        )
        words.setToolTip(call.notes)
        row.addWidget(words, 1)
        return line
