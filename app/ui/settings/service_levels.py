"""Offices with their hours, and how long each kind of answer may take."""

import functools
from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.models.sla import SlaPolicy
from app.services.jobs import JobContext
from app.services.settings import offices, policies
from app.services.settings.offices import OfficeView
from app.services.settings.policies import PolicyView
from app.services.workspace.clock import in_zone
from app.ui import theme
from app.ui.errors import error_sentence
from app.ui.settings.coming_policy import ComingPolicy, WithdrawForm
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.forms import InlineForm
from app.ui.settings.rows import FormRow
from app.ui.settings.section import Section
from app.ui.settings.service_level_forms import OfficeEditor, OfficeValues, PolicyEditor, limits_in_words
from app.ui.widgets import quiet_button, text_label


class ServiceLevelsSection(Section):
    """Who answers for which country, when they work, and what they promise."""

    section_id = "service_levels"
    icon = "clock"
    kinds = frozenset({"office", "sla_policy", "inquiry", "configuration"})

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        self._offices: tuple[OfficeView, ...] = ()
        self.office_editor = OfficeEditor()
        self.policy_editor = PolicyEditor()
        self.office_row = FormRow(
            "offices",
            self.tr("Offices"),
            self.tr("Due times are counted in the hours of the office that answers for the country."),
            self.tr("Add an office"),
            self.office_editor,
        )
        self.policy_row = FormRow(
            "limits",
            self.tr("How long it may take"),
            self.tr(
                "Business hours (h) and business days (d). A change counts for what is received after it begins."
            ),
            self.tr("Change"),
            self.policy_editor,
        )
        self.office_list = _lines(self.office_row)
        self.policy_list = _lines(self.policy_row)
        for row in (self.office_row, self.policy_row):
            self.add_row(row)
        self.office_row.button.clicked.connect(self.office_editor.show_new)
        self.office_editor.sent.connect(self._on_office_sent)
        self.office_editor.retired.connect(self._on_office_retired)
        self.policy_editor.sent.connect(self._on_policy_sent)

    def title(self) -> str:
        """Return what the section is called."""
        return self.tr("Service levels")

    def reload(self) -> None:
        """Read the offices and the limits again."""
        database = self.desk.workspace.database
        zone, now = database.clock.zone(), database.clock.now()
        runner = self.desk.runner
        runner.run_query(
            lambda _job: database.read(offices.offices, zone), on_done=self._show_offices, owner=self
        )
        runner.run_query(
            lambda _job: database.read(policies.policies, now), on_done=self._show_policies, owner=self
        )

    def _show_offices(self, found: tuple[OfficeView, ...]) -> None:
        self._offices = found
        clear(self.office_list)
        for view in found:
            self.office_list.addWidget(self._office_line(view))

    def _office_line(self, view: OfficeView) -> QWidget:
        form, holder = view.form, QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE.m)
        name = self.tr("{name}, default").format(name=form.name) if form.is_default else form.name
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(text_label(name, weight=500, wraps=True))
        words.addWidget(text_label(self._facts_of(view), role="secondary", tone="text.2", wraps=True))
        row.addLayout(words, 1)
        button = quiet_button(self.tr("Change"), size="form", on_click=functools.partial(self._edit, view))
        button.setAccessibleName(self.tr("Change {name}").format(name=form.name))
        row.addWidget(button)
        return holder

    def _facts_of(self, view: OfficeView) -> str:
        form = view.form
        parts = [form.zone, week_in_words(form.week)]
        if form.country:
            place = f"{form.country}-{form.subdivision}" if form.subdivision else form.country
            parts.append(self.tr("holidays of {place}").format(place=place))
        if form.countries:
            parts.append(self.tr("answers for {codes}").format(codes=", ".join(form.countries)))
        one, many = self.tr("1 open inquiry"), self.tr("{n} open inquiries")
        count = view.open_inquiries
        return " \u00b7 ".join((*parts, one if count == 1 else many.format(n=f"{count:,}")))

    def _show_policies(self, found: tuple[PolicyView, ...]) -> None:
        clear(self.policy_list)
        current = next(view for view in found if view.is_in_force)
        self.policy_editor.policy = current.policy
        for words in limits_in_words(current.policy):
            self.policy_list.addWidget(text_label(words, role="secondary", tone="text.2", wraps=True))
        now = self.desk.workspace.database.clock.now()
        for view in found:
            if view.effective_from is not None and view.effective_from > now:
                self.policy_list.addWidget(self._coming_line(view))

    def _coming_line(self, view: PolicyView) -> QWidget:
        zone = self.desk.workspace.database.clock.zone()
        begins = in_zone(view.effective_from or 0, zone)
        line = ComingPolicy(view.number, f"{begins:%d %b %Y, %H:%M}")
        line.form.sent.connect(functools.partial(self._on_withdrawn, line.form, view.id or ""))
        return line

    def _edit(self, view: OfficeView) -> None:
        self.office_row.open()
        self.office_editor.show_office(view)

    def _on_office_sent(self, values: OfficeValues) -> None:
        command = functools.partial(
            offices.save_office, form=values.form, reason=values.reason, office_id=values.office_id
        )
        self._keep(lambda: self.desk.workspace.database.write(command).changes, self.office_editor)

    def _on_office_retired(self, office_id: str, reason: str) -> None:
        command = functools.partial(offices.retire_office, office_id=office_id, reason=reason)
        self._keep(lambda: self.desk.workspace.database.write(command).changes, self.office_editor)

    def _on_policy_sent(self, policy: SlaPolicy, begins: int | None, reason: str) -> None:
        command = functools.partial(
            policies.change_policy, policy=policy, reason=reason, effective_from=begins
        )
        self._keep(lambda: self.desk.workspace.database.write(command), self.policy_editor)

    def _on_withdrawn(self, form: WithdrawForm, policy_id: str, reason: str) -> None:
        command = functools.partial(policies.withdraw_policy, policy_id=policy_id, reason=reason)
        self._keep(lambda: self.desk.workspace.database.write(command), form)

    def _keep(self, work: Callable[[], Changes], form: InlineForm) -> None:
        def call(_job: JobContext) -> Changes:
            return work()

        def failed(error: AppError) -> None:
            form.refuse(" ".join(getattr(error, "blockers", ())) or error_sentence(error))

        def done(_changes: Changes) -> None:
            form.leave()
            self.said.emit(self.tr("Saved. Open inquiries were counted again."))
            self.reload()

        self.desk.runner.run_command(call, on_done=done, on_failed=failed)


def week_in_words(week: dict[str, str] | object) -> str:
    """Return the hours of a week, days with the same hours together."""
    hours = dict(week) if isinstance(week, dict) else {}
    groups: list[tuple[str, str, str]] = []
    for day, text in hours.items():
        name = day[:3].capitalize()
        if groups and groups[-1][2] == text:
            groups[-1] = (groups[-1][0], name, text)
        else:
            groups.append((name, name, text))
    shown = (
        f"{first} {text}" if first == last else f"{first}\u2013{last} {text}"
        for first, last, text in groups
        if text
    )
    return "; ".join(shown)


def clear(column: QVBoxLayout) -> None:
    """Take every line away."""
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _lines(row: FormRow) -> QVBoxLayout:
    lines = QVBoxLayout()
    lines.setSpacing(theme.SPACE.s)
    # Above the form, which stands last in its row.
    row.column.insertLayout(row.column.count() - 1, lines)
    return lines
