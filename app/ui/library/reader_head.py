"""The head of a document: what it is, what is decided about it, and the steps it can take."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.services.library.queries import DocumentRow
from app.services.library.variants import ExportDecision
from app.ui import theme
from app.ui.library import states, steps
from app.ui.library.facts import day_of
from app.ui.widgets import Chip, danger_button, icon_button, link_button, secondary_button, text_label


class ReaderHead(QWidget):
    """Title, state and days of one version, and its buttons."""

    back_requested = Signal()
    publish_requested = Signal()
    hold_requested = Signal()
    draft_requested = Signal(str)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._draft_id = ""
        self.back_button = icon_button(
            "arrow-left", self.tr("Back to the list"), "Esc", on_click=self.back_requested.emit
        )
        self.title = text_label(role="case_title", wraps=True, selectable=True)
        self.meta = text_label(role="secondary", tone="text.2", wraps=True, selectable=True)
        self.state_chip = Chip()
        self.due = text_label(role="secondary", tone="text.2", wraps=True)
        self.reasons = text_label(role="secondary", tone="text.2", wraps=True)
        self.abroad = text_label(role="secondary", tone="text.2", wraps=True)
        self.revision = text_label(role="secondary", weight=500, wraps=True)
        self.draft_button = link_button(self.tr("Open the draft"), on_click=self.open_draft)
        self.publish_button = secondary_button(
            self.tr("Publish"), icon="badge-check", on_click=self.publish_requested.emit
        )
        self.hold_button = danger_button(
            self.tr("Hold everywhere"), icon="file-lock-2", on_click=self.hold_requested.emit
        )
        self.more_button = secondary_button(self.tr("More"), icon="ellipsis")
        self._build()

    def set_menu(self, menu: QMenu) -> None:
        """Put the steps that are taken more rarely behind a button."""
        self.more_button.setMenu(menu)

    def show_row(self, row: DocumentRow) -> None:
        """Show what a version is and which steps are open."""
        look = states.state_look(row.state)
        self.title.setText(row.title)
        self.meta.setText(states.joined(states.meta_line(row), row.product))
        self.state_chip.show_state(look.word, look.kind, look.icon)
        is_overdue = states.is_review_overdue(row, self._today())
        due, begins = states.day_words(row.review_due), states.day_words(row.effective_from)
        word = self.tr("Review was due {day}") if is_overdue else self.tr("Review due {day}")
        self.due.setText(
            states.joined(
                self.tr("From {day}").format(day=begins) if begins else "",
                word.format(day=due) if due else self.tr("No review day"),
            )
        )
        theme.set_variant(self.due, tone="soon" if is_overdue else "text.2")
        self.show_revision(row, None)
        self.show_decision(row, None, "UTC")
        self._show_steps(row)

    def show_revision(self, row: DocumentRow, draft: DocumentRow | None) -> None:
        """Say that the next version is being written, and offer to open it."""
        self._draft_id = draft.id if draft is not None else ""
        said = ""
        if row.is_under_revision:
            said = self.tr("Under revision: the next version is being written.")
        if draft is not None:
            word = states.state_look(draft.state).word.lower()
            said = self.tr("Under revision: version {number} is being written ({state}).").format(
                number=draft.number, state=word
            )
        self.revision.setText(said)
        self.revision.setVisible(bool(said))
        self.draft_button.setVisible(bool(self._draft_id))

    def show_decision(self, row: DocumentRow, newest: ExportDecision | None, zone: str) -> None:
        """Say whether a core text may go abroad, by whose word and why."""
        said = ""
        if newest is not None:
            words = (
                self.tr("Cleared for use abroad by {by}, {day}: {reason}")
                if newest.is_exportable
                else self.tr("Not for use abroad, by {by}, {day}: {reason}")
            )
            said = words.format(by=newest.by, day=day_of(newest.at, zone), reason=newest.reason)
        elif not row.is_exportable:
            said = self.tr("Not for use abroad")
        self.abroad.setText(said)
        self.abroad.setVisible(bool(said))

    def open_draft(self) -> None:
        """Ask for the version that is being written."""
        if self._draft_id:
            self.draft_requested.emit(self._draft_id)

    def why_no_draft(self) -> str | None:
        """Say why no draft can be opened, if so."""
        return None if self._draft_id else self.tr("Nobody is revising this version.")

    def clear(self) -> None:
        """Forget the version."""
        self._draft_id = ""
        for label in (self.title, self.meta, self.due, self.reasons, self.abroad, self.revision):
            label.clear()

    def _show_steps(self, row: DocumentRow) -> None:
        publish, hold = steps.why_not_publish(row, self._today()), steps.why_not_hold(row)
        reasons = []
        for button, word, reason in (
            (self.publish_button, self.tr("Publish"), publish),
            (self.hold_button, self.tr("Hold"), hold),
        ):
            button.setEnabled(reason is None)
            button.setToolTip(reason or "")
            button.setAccessibleDescription(reason or "")
            if reason is not None:
                reasons.append(f"{word}: {reason[0].lower()}{reason[1:]}")
        self.reasons.setText(" ".join(reasons))
        self.reasons.setVisible(bool(reasons))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.m)
        column.setSpacing(theme.SPACE.xs)
        first = QHBoxLayout()
        first.setSpacing(theme.SPACE.s)
        first.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.title, 1)
        column.addLayout(first)
        column.addWidget(self.meta)
        column.addSpacing(theme.SPACE.xs)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.m)
        row.addWidget(self.state_chip)
        row.addStretch(1)
        row.addWidget(self.publish_button)
        row.addWidget(self.hold_button)
        row.addWidget(self.more_button)
        column.addLayout(row)
        column.addWidget(self.due)
        revision = QHBoxLayout()
        revision.setSpacing(theme.SPACE.s)
        revision.addWidget(self.revision, 1)
        revision.addWidget(self.draft_button)
        column.addLayout(revision)
        column.addWidget(self.abroad)
        column.addWidget(self.reasons)
