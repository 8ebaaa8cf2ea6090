"""Inquiries that may be the same once more; a person decides."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.vocabulary import vocabulary
from app.services.intake import commands, queries
from app.services.intake.queries import CaseView, Proposal
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.form import InlineForm
from app.ui.case.section import NarrowCard, Section, clear
from app.ui.case.wording import ENDED, moment, state_name
from app.ui.widgets import Card, link_button, secondary_button, text_label


class RepeatsSection(Section):
    """Proposals with their reason, and what was decided."""

    opened = Signal(str)

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Linked"), parent=parent)
        self._asks_again = False
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE.s)
        self.column.addLayout(self._list)

    @property
    def is_undecided(self) -> bool:
        """Whether leaving triage waits for this decision."""
        view = self.view
        return view is not None and bool(view.proposals) and view.facts["duplicate_decision"] is None

    def fill(self, view: CaseView) -> None:
        """Show what may be the same, or what was decided."""
        clear(self._list)
        decision = view.facts["duplicate_decision"]
        is_asking = view.state not in ENDED and bool(view.proposals) and (not decision or self._asks_again)
        self.setVisible(bool(view.proposals or decision))
        self.title.setText(self.tr("May be a repeat") if is_asking else self.tr("Linked"))
        if is_asking:
            self._list.addWidget(self._question(view))
        elif decision:
            self._show_decision(view, str(decision))

    def _question(self, view: CaseView) -> Card:
        card = NarrowCard("", "soon")
        for proposal in view.proposals:
            card.body.addWidget(self._proposal(proposal, view))
        row = QHBoxLayout()
        row.addWidget(
            secondary_button(self.tr("It is a new inquiry"), on_click=partial(self._decide, "new", None))
        )
        row.addStretch(1)
        card.body.addLayout(row)
        return card

    def _proposal(self, proposal: Proposal, view: CaseView) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        link = link_button(
            proposal.number, icon="link-2", on_click=partial(self.opened.emit, proposal.inquiry_id)
        )
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(text_label(proposal.title, weight=500, wraps=True))
        at = moment(proposal.received_at, str(view.facts["received_zone"]), now=self.desk.now())
        told = f"{proposal.reason}. {state_name(proposal.state)}, {at}"
        column.addWidget(text_label(told, role="secondary", tone="text.2", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.xs)
        follow = partial(self._decide, "follow_up", proposal.inquiry_id)
        row.addWidget(link_button(self.tr("Follows it"), on_click=follow))
        row.addWidget(link_button(self.tr("Is the same"), on_click=partial(self._ask_same, proposal)))
        row.addStretch(1)
        column.addLayout(row)
        return box

    def _show_decision(self, view: CaseView, decision: str) -> None:
        row = QHBoxLayout()
        line = QWidget()
        line.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(text_label(vocabulary().label("duplicate_decision", decision), weight=500), 1)
        if view.state not in ENDED and view.proposals:
            row.addWidget(link_button(self.tr("Change"), on_click=self._ask_again))
        self._list.addWidget(line)
        first = view.facts.get("first_id")
        if first:
            reads = partial(self.desk.database.read, queries.case, str(first))
            self.desk.read(reads, on_done=self._show_first)

    def _show_first(self, first: CaseView) -> None:
        text = f"{first.number} {first.facts['title']}"
        link = link_button(text[:40], icon="link-2", on_click=partial(self.opened.emit, first.id))
        link.setToolTip(text)
        self._list.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _ask_again(self) -> None:
        self._asks_again = True
        if self.view is not None:
            self.fill(self.view)

    def _ask_same(self, proposal: Proposal) -> None:
        form = InlineForm(
            self.tr("The same as {number}").format(number=proposal.number), self.tr("End it here")
        )
        form.add_text("reason", self.tr("Why is it the same?"))

        def submit(values: dict[str, str]) -> None:
            self._decide("duplicate", proposal.inquiry_id, values["reason"])

        self.open_form(form, submit)

    def _decide(self, decision: str, first_id: str | None, reason: str = "") -> None:
        if self.view is None:
            return
        self._asks_again = False
        command = partial(
            commands.decide_duplicate,
            inquiry_id=self.view.id,
            decision=decision,
            first_id=first_id,
            reason=reason,
        )
        self.write(command, on_done=self.close_form)
