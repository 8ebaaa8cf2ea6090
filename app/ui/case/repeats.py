"""Inquiries that may be the same once more; a person decides, by keyboard."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.vocabulary import vocabulary
from app.services.intake import commands
from app.services.intake.queries import CaseView, LinkView, Proposal
from app.ui import theme
from app.ui.case.desk import CaseDesk, Command
from app.ui.case.form import InlineForm
from app.ui.case.repeats_merge import MergeSheet
from app.ui.case.section import NarrowCard, Section, clear
from app.ui.case.wording import ENDED, moment, state_name
from app.ui.shell.page import Page
from app.ui.widgets import focus_ring, link_button, secondary_button, text_label, with_keycap

_MOST: Final = 3
_UNRELATED: Final = "unrelated"
# The single keys of a proposal, and what each decides.
_KEYS: Final = {
    Qt.Key.Key_F: "follow_up",
    Qt.Key.Key_R: "repeat",
    Qt.Key.Key_M: "duplicate",
    Qt.Key.Key_U: _UNRELATED,
}
_OPENS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ProposalRow(QWidget):
    """One inquiry that may be the same, why, and four ways to decide."""

    opened = Signal(str)
    decided = Signal(str, str)

    def __init__(self, proposal: Proposal, view: CaseView, now: int) -> None:
        super().__init__()
        self.proposal = proposal
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{proposal.number}: {proposal.title}. {proposal.reason}")
        self.setAccessibleDescription(
            self.tr(
                "F follows it, R repeats the contact, M compares and merges, U is unrelated, Enter opens it"
            )
        )
        column = QVBoxLayout(self)
        # Links bring room of their own at the left; words get as much, so that all begin on one line.
        column.setContentsMargins(0, theme.SPACE.xs, theme.SPACE.xs, theme.SPACE.xs)
        column.setSpacing(2)
        link = link_button(proposal.number, icon="link-2", on_click=self._open)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        title = text_label(proposal.title, weight=500, wraps=True)
        why = self.tr("{reasons} ({score} of 100)").format(reasons=proposal.reason, score=proposal.score)
        reasons = text_label(why, role="secondary", tone="text.2", wraps=True)
        at = moment(proposal.received_at, str(view.facts["received_zone"]), now=now)
        state = f"{state_name(proposal.state)}, {at}"
        stands = text_label(state, role="secondary", tone="text.3", wraps=True)
        for label in (title, reasons, stands):
            label.setContentsMargins(theme.SPACE.xs, 0, 0, 0)
            column.addWidget(label)
        column.addLayout(self._choices())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the words need at this width; the pane would squeeze them."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Decide with one letter, open with Enter."""
        kind = _KEYS.get(Qt.Key(event.key()))
        if kind is not None and not event.modifiers():
            self.decided.emit(kind, self.proposal.inquiry_id)
        elif event.key() in _OPENS and not event.modifiers():
            self._open()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys of this row work."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring of the keyboard."""
        super().paintEvent(event)
        if self.hasFocus():
            with QPainter(self) as painter:
                focus_ring(painter, self.rect(), theme.scaled(theme.RADIUS.control))

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.s)
        grid.setVerticalSpacing(0)
        names = (
            ("follow_up", self.tr("Follow-up"), "F"),
            ("repeat", self.tr("Repeat"), "R"),
            ("duplicate", self.tr("Merge"), "M"),
            (_UNRELATED, self.tr("Unrelated"), "U"),
        )
        for at, (kind, name, key) in enumerate(names):
            button = link_button(name, on_click=partial(self.decided.emit, kind, self.proposal.inquiry_id))
            grid.addWidget(with_keycap(button, key), at // 2, at % 2, Qt.AlignmentFlag.AlignLeft)
        return grid

    def _open(self) -> None:
        self.opened.emit(self.proposal.inquiry_id)


class RepeatsSection(Section):
    """Proposals with their reasons, and what was decided, with a way back."""

    opened = Signal(str)

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Linked"), parent=parent)
        self._asks_again = False
        self._shows_all = False
        self.rows: list[ProposalRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE.s)
        self.column.addLayout(self._list)

    @property
    def is_undecided(self) -> bool:
        """Whether leaving triage waits for this decision."""
        view = self.view
        return view is not None and bool(view.proposals) and view.facts["duplicate_decision"] is None

    def show_case(self, view: CaseView) -> None:
        """Show another case, or the same one after a change."""
        if self.view is None or self.view.id != view.id:
            self._asks_again = self._shows_all = False
        super().show_case(view)

    def fill(self, view: CaseView) -> None:
        """Show what may be the same, and what was decided."""
        clear(self._list)
        self.rows = []
        decision = view.facts["duplicate_decision"]
        is_open = view.state not in ENDED
        is_asking = is_open and bool(view.proposals) and (not decision or self._asks_again)
        self.setVisible(bool(view.proposals or decision or view.links))
        self.title.setText(self.tr("May be a repeat") if is_asking else self.tr("Linked"))
        if is_asking:
            self._list.addWidget(self._question(view))
        for link in view.links:
            self._list.addWidget(self._link(link, is_open=is_open))
        if not is_asking:
            self._show_decision(view, str(decision or ""))

    def focus_first(self) -> None:
        """Put the keyboard to the likest proposal."""
        if self.rows:
            self.rows[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().focus_first()

    def _question(self, view: CaseView) -> QWidget:
        card = NarrowCard("", "soon")
        shown = view.proposals if self._shows_all else view.proposals[:_MOST]
        for proposal in shown:
            row = ProposalRow(proposal, view, self.desk.now())
            row.opened.connect(self.opened)
            row.decided.connect(self._on_decided)
            self.rows.append(row)
            card.body.addWidget(row)
        if len(shown) < len(view.proposals):
            more = self.tr("Show {n} more").format(n=len(view.proposals) - len(shown))
            card.body.addWidget(link_button(more, on_click=self._show_all), 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout()
        line.addWidget(
            secondary_button(self.tr("It is a new inquiry"), on_click=partial(self._decide, "new", None))
        )
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def _link(self, link: LinkView, *, is_open: bool) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        tone = "text.3" if link.kind == _UNRELATED else "text.1"
        column.addWidget(text_label(self._kind_words(link), tone=tone, weight=500, wraps=True))
        text = f"{link.number} {link.title}".strip()
        button = link_button(text[:40], icon="link-2", on_click=partial(self.opened.emit, link.other_id))
        button.setToolTip(text)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        if link.reasons:
            column.addWidget(text_label(", ".join(link.reasons), role="secondary", tone="text.3", wraps=True))
        if is_open and link.is_later and link.kind != "duplicate":
            undo = link_button(self.tr("Take back"), icon="undo-2", on_click=partial(self._ask_undo, link))
            column.addWidget(undo, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _kind_words(self, link: LinkView) -> str:
        if link.kind == "follow_up":
            return self.tr("Follows") if link.is_later else self.tr("Was followed by")
        if link.kind == "duplicate":
            return self.tr("Merged into") if link.is_later else self.tr("Took over")
        return self.tr("Unrelated to") if link.kind == _UNRELATED else self.tr("Same contact as")

    def _show_decision(self, view: CaseView, decision: str) -> None:
        row = QHBoxLayout()
        line = QWidget()
        line.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        if decision:
            row.addWidget(text_label(vocabulary().label("duplicate_decision", decision), weight=500), 1)
        if view.state not in ENDED and view.proposals:
            count = self.tr("{n} more alike").format(n=len(view.proposals))
            row.addWidget(link_button(count if view.links else self.tr("Change"), on_click=self._ask_again))
        if row.count():
            self._list.addWidget(line)

    def _ask_again(self) -> None:
        self._asks_again = True
        self._refill()

    def _show_all(self) -> None:
        self._shows_all = True
        self._refill()

    def _refill(self) -> None:
        if self.view is not None:
            self.fill(self.view)
            self.focus_first()

    def _ask_undo(self, link: LinkView) -> None:
        form = InlineForm(self.tr("Take the decision about {number} back").format(number=link.number),
                          self.tr("Take back"))  # fmt: skip
        form.add_text("reason", self.tr("Why?"))

        def submit(values: dict[str, str]) -> None:
            command = partial(commands.undo_link, link_id=link.id, reason=values["reason"])
            self.write(command, on_done=self.close_form)

        self.open_form(form, submit)

    def _on_decided(self, kind: str, other_id: str) -> None:
        if kind == "duplicate":
            self.compare(other_id)
        else:
            self._decide(kind, other_id)

    def compare(self, other_id: str) -> None:
        """Lay both inquiries side by side; merging is decided there."""
        if self.view is None:
            return
        page: QWidget | None = self
        while page is not None and not isinstance(page, Page):
            page = page.parentWidget()
        sheet = MergeSheet(page or self.window(), self.desk, self.view.id, other_id)
        sheet.open()
        sheet.read()

    def _decide(self, decision: str, other_id: str | None) -> None:
        if self.view is None:
            return
        self._asks_again = False
        command: Command
        if decision == "new" or other_id is None:
            command = partial(commands.decide_duplicate, inquiry_id=self.view.id, decision="new")
        else:
            command = partial(commands.link, inquiry_id=self.view.id, other_id=other_id, kind=decision)
        self.write(command, on_done=self.close_form)
