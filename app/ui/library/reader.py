"""One document: what it is, its text, and its versions."""

import functools
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.models.lifecycle_srd import SrdState
from app.services.library.queries import Document, DocumentRow
from app.ui import theme
from app.ui.library import states, steps
from app.ui.library.around import Around
from app.ui.library.cited import cited
from app.ui.library.forms import HoldForm, PublishForm
from app.ui.library.lifecycle_forms import ARCHIVE, DRAFT, REVISE, WITHDRAW, AskForm, VariantForm
from app.ui.library.matching import Matcher
from app.ui.library.reading import Reading
from app.ui.library.text_view import TextView
from app.ui.library.uses_pane import UsesPane
from app.ui.library.variants_pane import VariantsPane
from app.ui.library.versions_pane import VersionsPane
from app.ui.widgets import Card, Chip, danger_button, divider, icon_button, secondary_button, text_label

TEXT_TAB: Final = 0
VERSIONS_TAB: Final = 1
USES_TAB: Final = 2
VARIANTS_TAB: Final = 3
_STEPS: Final = ((DRAFT, "B"), (REVISE, "R"), (WITHDRAW, "W"), (ARCHIVE, "A"))


class DocumentReader(QFrame):
    """The head, the forms and the tabs of one version."""

    back_requested = Signal()
    step_requested = Signal(object)
    variant_requested = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._document: Document | None = None
        self._matcher = Matcher("")
        self._section_id = ""
        self.setProperty("surface", "surface")
        self.setAccessibleName("Document")
        self.back_button = icon_button(
            "arrow-left", "Back to the list", "Esc", on_click=self.back_requested.emit
        )
        self.title = text_label(role="case_title", wraps=True, selectable=True)
        self.meta = text_label(role="secondary", tone="text.2", wraps=True, selectable=True)
        self.state_chip = Chip()
        self.due = text_label(role="secondary", tone="text.2", wraps=True)
        self.reasons = text_label(role="secondary", tone="text.2", wraps=True)
        self.publish_button = secondary_button("Publish", icon="badge-check", on_click=self.open_publish)
        self.hold_button = danger_button("Hold everywhere", icon="file-lock-2", on_click=self.open_hold)
        self.hold_card = Card(kind="over")
        self.hold_reason = text_label(role="body", wraps=True, selectable=True)
        self.publish_form = PublishForm(today)
        self.hold_form = HoldForm()
        self.ask_form, self.variant_form = AskForm(), VariantForm()
        self.more_button = secondary_button("More", icon="ellipsis")
        self.more_button.setMenu(self._make_menu())
        self.tabs = QTabBar()
        self._tab_bodies = QStackedWidget()
        self.text = TextView("Text of the document")
        self.versions = VersionsPane()
        self.uses, self.variants = UsesPane(), VariantsPane()
        self._build()
        self.back_button.hide()
        theme.theme_signals.changed.connect(self._on_theme_changed)

    @property
    def row(self) -> DocumentRow | None:
        """The version that is shown."""
        return self._document.row if self._document is not None else None

    def show_document(self, document: Document, matcher: Matcher, section_id: str = "") -> None:
        """Show a version, at the first asked word of a section."""
        is_same = self._document is not None and self._document.row.id == document.row.id
        self._document, self._matcher, self._section_id = document, matcher, section_id
        if not is_same:
            self.close_forms()
        self._show_head(document.row)
        self._show_text()

    def show_versions(self, versions: Sequence[DocumentRow]) -> None:
        """List the versions of the document that is shown."""
        self.tabs.setTabText(VERSIONS_TAB, f"Versions  {len(versions)}")
        if self._document is not None:
            self.versions.show_versions(versions, self._document.row.id)

    def show_around(self, around: Around) -> None:
        """Show the letters and the variants of the version that is shown."""
        self.uses.show_around(around)
        self.variants.show_around(around)
        self.tabs.setTabText(USES_TAB, f"Where used  {self.uses.count:,}")
        waiting = any(each.variant.needs_assessment for each in around.variants)
        mark = ", assess" if waiting else ""
        self.tabs.setTabText(VARIANTS_TAB, f"Variants  {len(around.variants)}{mark}")

    def show_uses(self) -> None:
        """Bring the letters to the front, with the keyboard."""
        self.tabs.setCurrentIndex(USES_TAB)
        self.uses.list.setFocus()

    @Slot()
    def focus_tab(self) -> None:
        """Put the keyboard into the part of the document that is shown."""
        bodies = (self.text, self.versions.list, self.uses.list, self.variants.list)
        bodies[self.tabs.currentIndex()].setFocus(Qt.FocusReason.OtherFocusReason)

    def close_forms(self) -> None:
        """Leave whatever form is open."""
        for form in (self.publish_form, self.hold_form, self.ask_form, self.variant_form):
            form.hide()

    def set_matcher(self, matcher: Matcher, section_id: str = "") -> None:
        """Mark the words of another search."""
        self._matcher, self._section_id = matcher, section_id
        if self._document is not None:
            self._mark()

    def open_publish(self) -> None:
        """Ask for the approval of the version that is shown."""
        if self.row is not None and steps.why_not_publish(self.row, self._today()) is None:
            self.close_forms()
            self.publish_form.open_for(self.row)

    def open_hold(self) -> None:
        """Ask for the reason to hold the version that is shown."""
        if self.row is not None and steps.why_not_hold(self.row) is None:
            self.close_forms()
            self.hold_form.open_for(self.row)

    def clear(self) -> None:
        """Forget the document."""
        self._document = None
        self.text.clear()
        self.close_forms()
        for pane in (self.versions, self.uses, self.variants):
            pane.clear()
        for label in (self.title, self.meta, self.due, self.reasons, self.hold_reason):
            label.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def _show_head(self, row: DocumentRow) -> None:
        look = states.state_look(row.state)
        self.title.setText(row.title)
        self.meta.setText(states.joined(states.meta_line(row), row.product))
        self.state_chip.show_state(look.word, look.kind, look.icon)
        is_overdue = states.is_review_overdue(row, self._today())
        due, begins = states.day_words(row.review_due), states.day_words(row.effective_from)
        word = "Review was due" if is_overdue else "Review due"
        self.due.setText(
            states.joined(f"From {begins}" if begins else "", f"{word} {due}" if due else "No review day")
        )
        theme.set_variant(self.due, tone="soon" if is_overdue else "text.2")
        self.hold_card.setVisible(row.state == SrdState.ON_HOLD)
        self.hold_reason.setText(
            f"On hold: {row.hold_reason.rstrip('.')}. Nobody can insert it." if row.hold_reason else ""
        )
        self._show_steps(row)

    def _show_steps(self, row: DocumentRow) -> None:
        publish, hold = steps.why_not_publish(row, self._today()), steps.why_not_hold(row)
        reasons = []
        for button, word, reason in (
            (self.publish_button, "Publish", publish),
            (self.hold_button, "Hold", hold),
        ):
            button.setEnabled(reason is None)
            button.setToolTip(reason or "")
            button.setAccessibleDescription(reason or "")
            if reason is not None:
                reasons.append(f"{word}: {reason[0].lower()}{reason[1:]}")
        self.reasons.setText(" ".join(reasons))
        self.reasons.setVisible(bool(reasons))

    def _show_text(self) -> None:
        if self._document is None:
            return
        self.text.setAccessibleDescription(self._document.row.title)
        self._reading = Reading(self.text.document(), cited(self._document))
        self._mark()

    def _mark(self) -> None:
        self.text.mark_words(self._matcher, start=self._reading.places.get(self._section_id, 0))

    @Slot()
    def _on_theme_changed(self) -> None:
        place = self.text.verticalScrollBar().value()
        self._show_text()
        self.text.verticalScrollBar().setValue(place)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        column.addWidget(self._make_cards())
        column.addWidget(self._make_tabs())
        column.addWidget(divider())
        column.addWidget(self._tab_bodies, 1)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for step, key in _STEPS:
            menu.addAction(f"{step.title}\t{key}", functools.partial(self.step_requested.emit, step))
        menu.addSeparator()
        menu.addAction("Make a variant\tV", self.variant_requested.emit)
        return menu

    def _make_tabs(self) -> QWidget:
        self.tabs.setAccessibleName("Parts of the document")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        theme.set_font(self.tabs, "body", weight=500)
        bodies: tuple[tuple[str, QWidget], ...] = (
            ("Text", self._text_holder()),
            ("Versions", self.versions),
            ("Where used", self.uses),
            ("Variants", self.variants),
        )
        for name, body in bodies:
            self.tabs.addTab(name)
            self._tab_bodies.addWidget(body)
        self.tabs.currentChanged.connect(self._tab_bodies.setCurrentIndex)
        for form in (self.publish_form, self.hold_form, self.ask_form, self.variant_form):
            form.closed.connect(self.focus_tab)
        holder = QWidget()
        row = QHBoxLayout(holder)
        # The words of the first tab stand under the title, so its padding goes to the left of them.
        row.setContentsMargins(theme.SPACE.page_edge - 10, 0, theme.SPACE.page_edge, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        return holder

    def _text_holder(self) -> QWidget:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.text)
        return holder

    def _make_head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
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
        row.addWidget(self.due, 1)
        row.addWidget(self.publish_button)
        row.addWidget(self.hold_button)
        row.addWidget(self.more_button)
        column.addLayout(row)
        column.addWidget(self.reasons)
        return head

    def _make_cards(self) -> QWidget:
        cards = QWidget()
        column = QVBoxLayout(cards)
        column.setContentsMargins(theme.SPACE.page_edge, 0, theme.SPACE.page_edge, theme.SPACE.xs)
        column.setSpacing(theme.SPACE.s)
        self.hold_card.body.addWidget(self.hold_reason)
        for card in (self.hold_card, self.publish_form, self.hold_form, self.ask_form, self.variant_form):
            column.addWidget(card)
        return cards
