"""One safety record of the case: its clock, its hand-off, its receipt."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from app.models.vocabulary import vocabulary
from app.services.safety import commands as safety
from app.services.safety.queries import HandoffView, SafetyView
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.form import InlineForm
from app.ui.case.section import NarrowCard, Section
from app.ui.case.wording import moment, safety_clock
from app.ui.widgets import FactRow, icon_label, safety_button, secondary_button, set_tone, text_label

_METHODS = ("phone", "file", "email", "pdf")


class RecordCard(NarrowCard):
    """A record in the colour of safety while its clock runs."""

    def __init__(self, desk: CaseDesk, section: Section) -> None:
        super().__init__("", "safety")
        self._desk = desk
        self._section = section
        self._record: SafetyView | None = None
        self._picture = icon_label("shield-alert", "safety", 16)
        self.number = text_label(role="body", weight=600)
        self.clock = text_label(role="body", tone="safety", weight=600, wraps=True)
        self.day_zero = text_label(role="secondary", tone="text.2", wraps=True)
        self.done = text_label(role="secondary", tone="text.2", wraps=True)
        self.what = FactRow("description", self.tr("What"))
        self.what.edited.connect(self._on_described)
        self.hand_off_button = safety_button(self.tr("Hand off"), icon="phone", on_click=self.ask_hand_off)
        self.receipt_button = secondary_button(self.tr("They have it"), on_click=self.ask_receipt)
        self._build_record()

    def show_record(self, record: SafetyView) -> None:
        """Show the record as it stands."""
        self._record = record
        self.number.setText(record.number)
        if not self.what.is_editing:
            self.what.set_value(record.description)
        self.day_zero.setText(
            self.tr("Day 0: {time}").format(time=moment(record.awareness_at, record.awareness_zone))
        )
        self.show_buttons()
        self.done.setText(self._what_was_done(record))
        self.done.setVisible(bool(self.done.text()))
        self._show_kind(record)
        self.tick()

    def show_buttons(self) -> None:
        """Offer what comes next, unless its fields are open."""
        record = self._record
        if record is None:
            return
        form = self._section.form
        is_asked = form is not None and form.parent() is self
        is_waiting = record.handed_off_at is not None and not record.external_number
        self.hand_off_button.setVisible(record.is_running and not is_asked)
        self.receipt_button.setVisible(is_waiting and not record.is_dismissed and not is_asked)

    def tick(self) -> None:
        """Write the clock anew."""
        record = self._record
        if record is None:
            return
        if record.is_running:
            left, presses = safety_clock(record, self._desk.now())
            self.clock.setText(self.tr("{left} to hand off").format(left=left))
            theme.set_font(self.clock, "body", weight=700 if presses else 600)
        else:
            self.clock.setText(self._state_words(record))
        self.setAccessibleName(f"{record.number}, {self.clock.text()}")

    def ask_hand_off(self) -> None:
        """Open the fields of a hand-off; it works without network."""
        form = InlineForm(self.tr("Hand-off"), self.tr("Record hand-off"), variant="safety")
        methods = [(code, vocabulary().label("handoff_method", code)) for code in _METHODS]
        form.add_choice("method", self.tr("How"), methods, "phone")
        form.add_text("receiver", self.tr("To whom"), placeholder=self.tr("Name of who took it"))
        form.add_text("note", self.tr("Note"), placeholder=self.tr("What you said, if anything is special"))
        self._section.open_form(form, self._on_hand_off, below=self.body, return_to=self.hand_off_button)
        self.show_buttons()

    def ask_receipt(self) -> None:
        """Open the field for the number the department gave."""
        form = InlineForm(self.tr("Receipt"), self.tr("Record receipt"))
        form.add_text("number", self.tr("Their case number"))
        self._section.open_form(form, self._on_receipt, below=self.body, return_to=self.receipt_button)
        self.show_buttons()

    def _build_record(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE.s)
        line.addWidget(self._picture)
        line.addWidget(self.number, 1)
        self.body.addLayout(line)
        for part in (self.clock, self.day_zero, self.done, self.what):
            self.body.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(self.hand_off_button)
        buttons.addWidget(self.receipt_button)
        buttons.addStretch(1)
        self.body.addLayout(buttons)

    def _show_kind(self, record: SafetyView) -> None:
        self.set_kind("safety" if record.is_running else "plain")
        icon, tone = ("shield-alert", "safety") if record.is_running else ("shield-check", "text.3")
        if record.external_number:
            tone = "ok"
        theme.set_picture(self._picture, icon, tone, 16)
        set_tone(self.clock, "safety" if record.is_running else tone)

    def _state_words(self, record: SafetyView) -> str:
        if record.is_dismissed:
            return self.tr("Found to be no safety case")
        if record.external_number:
            return self.tr("Acknowledged: {number}").format(number=record.external_number)
        return self.tr("Handed off, no number yet")

    def _what_was_done(self, record: SafetyView) -> str:
        return "\n".join(self._line(handoff, record.awareness_zone) for handoff in record.handoffs)

    def _line(self, handoff: HandoffView, zone: str) -> str:
        how = vocabulary().label("handoff_method", handoff.method)
        words = self.tr("{how} to {who}, {time}").format(
            how=how, who=handoff.receiver, time=moment(handoff.handed_off_at, zone)
        )
        return f"{words}. {handoff.note}" if handoff.note else words

    def _on_described(self, _key: str, value: str) -> None:
        if self._record is not None:
            command = partial(safety.edit_record, record_id=self._record.id, field="description", value=value)
            self._section.write(command)

    def _on_hand_off(self, values: dict[str, str]) -> None:
        if self._record is None:
            return
        command = partial(
            safety.hand_off,
            record_id=self._record.id,
            method=values["method"],
            receiver=values["receiver"],
            note=values["note"],
        )
        self._section.write(command, on_done=self._section.close_form)

    def _on_receipt(self, values: dict[str, str]) -> None:
        if self._record is not None:
            command = partial(safety.acknowledge, record_id=self._record.id, external_number=values["number"])
            self._section.write(command, on_done=self._section.close_form)
