"""The forms of an office and of the limits of service levels."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QPlainTextEdit

from app.errors import AppError, InputRefusedError
from app.models.office_hours import WEEKDAYS, OfficeForm
from app.models.sla import (
    LEVELS,
    Priority,
    SlaPolicy,
    SoonRule,
    Stage,
    default_policy,
    limit_text,
    read_limit,
)
from app.services.settings.offices import OfficeView
from app.services.workspace.clock import SystemClock
from app.ui import theme
from app.ui.errors import error_sentence
from app.ui.settings.forms import InlineForm
from app.ui.widgets import quiet_button, text_label

_CLOSURE_LINES = 3
_USUAL = "09:00-17:00"


@dataclass(frozen=True, slots=True)
class OfficeValues:
    """What was entered of an office, and why."""

    office_id: str | None
    form: OfficeForm
    reason: str


class OfficeEditor(InlineForm):
    """Name, zone, hours, holidays and countries of one office."""

    sent = Signal(object)
    retired = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(_tr("Save the office"))
        self._view: OfficeView | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.SPACE.m)
        self._grid.setVerticalSpacing(theme.SPACE.s)
        self.name_edit = self._line(_tr("Name"))
        self.zone_edit = self._line(_tr("Time zone"), "Europe/Berlin")
        self.day_edits = {day: self._line(day_name(day), _tr("Closed")) for day in WEEKDAYS}
        self.codes_edit = self._line(_tr("Answers for"), "DE, AT, CH")
        self.country_edit = self._line(_tr("Holidays of country"), "DE")
        self.part_edit = self._line(_tr("State, Land or part"), "BY")
        self.worked_edit = self._line(_tr("Works in spite of"), "2026-06-04")
        self.closures_edit = QPlainTextEdit()
        self._put(_tr("Closed on"), self.closures_edit)
        self.closures_edit.setPlaceholderText(_tr("2026-12-24 to 2026-12-31 Winter closure"))
        self.closures_edit.setTabChangesFocus(True)
        theme.set_size(self.closures_edit, height=24 * _CLOSURE_LINES)
        self.default_box = QCheckBox(_tr("Answers for every other country (default office)"))
        self._grid.addWidget(self.default_box, self._grid.rowCount(), 1)
        self.reason_edit = self._line(_tr("Why"))
        self.fields.addLayout(self._grid)
        self.retire_button = quiet_button(_tr("Retire this office"), size="form", on_click=self._on_retire)
        self.fields.addWidget(self.retire_button)

    def edits(self) -> list[QLineEdit]:
        """Return the fields in the order of the Tab key."""
        last = (self.codes_edit, self.country_edit, self.part_edit, self.worked_edit, self.reason_edit)
        return [self.name_edit, self.zone_edit, *self.day_edits.values(), *last]

    def show_new(self) -> None:
        """Begin an office with usual hours."""
        self._view = None
        week = dict.fromkeys(WEEKDAYS[:5], _USUAL)
        self._fill(OfficeForm("", SystemClock().zone(), week))
        self.retire_button.hide()

    def show_office(self, view: OfficeView) -> None:
        """Show an office for a change; the one that ships becomes an office of this workspace."""
        self._view = view
        self._fill(view.form)
        self.retire_button.setVisible(view.id is not None and not view.form.is_default)

    def problem(self) -> tuple[str, QLineEdit] | None:
        """Ask for a name, hours and a reason."""
        if not self.name_edit.text().strip():
            return _tr("Give the office a name."), self.name_edit
        if not self.reason_edit.text().strip():
            return _tr("Say why this changes. It is kept in the trail."), self.reason_edit
        return None

    def send(self) -> None:
        """Hand on what was entered."""
        form = OfficeForm(
            name=self.name_edit.text(),
            zone=self.zone_edit.text().strip(),
            week={day: edit.text() for day, edit in self.day_edits.items()},
            countries=_codes(self.codes_edit.text()),
            country=self.country_edit.text(),
            subdivision=self.part_edit.text(),
            closures=self.closures_edit.toPlainText(),
            worked_holidays=_codes(self.worked_edit.text()),
            is_default=self.default_box.isChecked(),
        )
        office_id = self._view.id if self._view is not None else None
        self.sent.emit(OfficeValues(office_id, form, self.reason_edit.text()))

    def forget(self) -> None:
        """Empty every field."""
        super().forget()
        self.closures_edit.clear()
        self.default_box.setChecked(False)

    def _fill(self, form: OfficeForm) -> None:
        self.forget()
        self.name_edit.setText(form.name)
        self.zone_edit.setText(form.zone)
        for day, edit in self.day_edits.items():
            edit.setText(form.week.get(day, ""))
        self.codes_edit.setText(", ".join(form.countries))
        self.country_edit.setText(form.country)
        self.part_edit.setText(form.subdivision)
        self.worked_edit.setText(", ".join(form.worked_holidays))
        self.closures_edit.setPlainText(form.closures)
        self.default_box.setChecked(form.is_default)
        self.name_edit.setFocus()

    def _on_retire(self) -> None:
        if self._view is None or self._view.id is None:
            return
        if not self.reason_edit.text().strip():
            self.show_error(_tr("Say why this office is retired."))
            self.reason_edit.setFocus()
            return
        self.set_busy(is_busy=True)
        self.retired.emit(self._view.id, self.reason_edit.text())

    def _line(self, label: str, placeholder: str = "") -> QLineEdit:
        edit = QLineEdit()
        edit.setPlaceholderText(placeholder)
        self._put(label, edit)
        return edit

    def _put(self, label: str, field: QLineEdit | QPlainTextEdit) -> None:
        place = self._grid.rowCount()
        head = _head(label, field)
        self._grid.addWidget(head, place, 0)
        self._grid.addWidget(field, place, 1)


class PolicyEditor(InlineForm):
    """One field for each limit, from when on, and why."""

    sent = Signal(object, object, str)

    def __init__(self) -> None:
        super().__init__(_tr("Promise this"))
        self.policy: SlaPolicy = default_policy()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.s)
        self.limit_edits: dict[tuple[Stage | int, Priority], QLineEdit] = {}
        for column, priority in enumerate(Priority, start=1):
            grid.addWidget(text_label(_priority(priority), role="secondary", tone="text.2"), 0, column)
        for row, stage in enumerate((*Stage, *LEVELS), start=1):
            grid.addWidget(text_label(stage_name(stage), wraps=True), row, 0)
            for column, priority in enumerate(Priority, start=1):
                edit = QLineEdit()
                edit.setAccessibleName(f"{stage_name(stage)}, {_priority(priority)}")
                self.limit_edits[stage, priority] = edit
                grid.addWidget(edit, row, column)
        self.hours_edit, self.percent_edit = QLineEdit(), QLineEdit()
        self.from_edit, self.reason_edit = QLineEdit(), QLineEdit()
        self.from_edit.setPlaceholderText(_tr("Now, or 2026-12-01 09:00"))
        for label, field in (
            (_tr("Due soon with so many hours left"), self.hours_edit),
            (_tr("Due soon with so many percent left"), self.percent_edit),
            (_tr("From"), self.from_edit),
            (_tr("Why"), self.reason_edit),
        ):
            row = grid.rowCount()
            grid.addWidget(_head(label, field), row, 0)
            grid.addWidget(field, row, 1, 1, 2)
        self.fields.addLayout(grid)

    def edits(self) -> list[QLineEdit]:
        """Return the fields in the order of the Tab key."""
        return [
            *self.limit_edits.values(),
            self.hours_edit,
            self.percent_edit,
            self.from_edit,
            self.reason_edit,
        ]

    def open(self) -> None:
        """Show the limits that count now."""
        super().open()
        for (stage, priority), edit in self.limit_edits.items():
            if isinstance(stage, Stage):
                limit = self.policy.limits[priority, stage]
            else:
                limit = self.policy.escalation[stage, priority]
            edit.setText(limit_text(limit))
        self.hours_edit.setText(str(self.policy.soon.hours))
        self.percent_edit.setText(str(self.policy.soon.percent))

    def problem(self) -> tuple[str, QLineEdit] | None:
        """Name the first field that cannot be read."""
        for edit in self.limit_edits.values():
            try:
                read_limit(edit.text())
            except AppError as refused:
                return error_sentence(refused), edit
        for edit in (self.hours_edit, self.percent_edit):
            if not edit.text().strip().isdecimal():
                return _tr("Write a whole number."), edit
        try:
            self._begins()
        except AppError as refused:
            return error_sentence(refused), self.from_edit
        if not self.reason_edit.text().strip():
            return _tr("Say why this changes. It is kept in the trail."), self.reason_edit
        return None

    def send(self) -> None:
        """Hand on the limits, from when on, and why."""
        limits, escalation = dict(self.policy.limits), dict(self.policy.escalation)
        for (stage, priority), edit in self.limit_edits.items():
            if isinstance(stage, Stage):
                limits[priority, stage] = read_limit(edit.text())
            else:
                escalation[stage, priority] = read_limit(edit.text())
        soon = SoonRule(int(self.hours_edit.text()), int(self.percent_edit.text()))
        policy = replace(self.policy, limits=limits, escalation=escalation, soon=soon)
        self.sent.emit(policy, self._begins(), self.reason_edit.text())

    def _begins(self) -> int | None:
        text = " ".join(self.from_edit.text().split())
        if not text:
            return None
        try:
            typed = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the zone follows
        except ValueError as exc:
            raise InputRefusedError(_tr("Write the time as 2026-12-01 09:00, or leave it empty.")) from exc
        return int(typed.replace(tzinfo=ZoneInfo(SystemClock().zone())).timestamp() * 1000)


def limits_in_words(policy: SlaPolicy) -> list[str]:
    """Return one line for each priority."""
    lines = []
    for priority in Priority:
        stages = (
            f"{stage_name(stage).lower()} {limit_text(policy.limits[priority, stage])}" for stage in Stage
        )
        calls = {limit_text(policy.escalation[level, priority]) for level in LEVELS}
        lines.append(
            _tr("{priority}: {stages}; escalation {calls}").format(
                priority=_priority(priority), stages=", ".join(stages), calls=" / ".join(sorted(calls))
            )
        )
    return lines


def stage_name(stage: Stage | int) -> str:
    """Return how a stage or a level of escalation is called."""
    if not isinstance(stage, Stage):
        return _tr("Escalation, level {level}").format(level=stage)
    return {
        Stage.ACKNOWLEDGE: _tr("Acknowledgement"),
        Stage.ANSWER_STANDARD: _tr("Standard answer"),
        Stage.ANSWER_CUSTOM: _tr("Custom answer"),
        Stage.INTERIM_REPLY: _tr("Interim reply"),
        Stage.ANSWER_COMPLEX: _tr("Complex answer"),
    }[stage]


def day_name(day: str) -> str:
    """Return the name of a weekday."""
    return {name: _tr(name.capitalize()) for name in WEEKDAYS}[day]


def _priority(priority: Priority) -> str:
    return _tr("Urgent") if priority is Priority.URGENT else _tr("Routine")


def _head(label: str, field: QLineEdit | QPlainTextEdit) -> QLabel:
    head = text_label(label, role="secondary", tone="text.2", weight=500, wraps=True)
    head.setBuddy(field)
    field.setAccessibleName(label)
    return head


def _codes(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace(",", " ").split() if part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("service_level_forms", text)
