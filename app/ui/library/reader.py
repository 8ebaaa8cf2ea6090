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
from app.ui.library import steps
from app.ui.library.abroad_form import AbroadForm
from app.ui.library.around import Around
from app.ui.library.cited import cited
from app.ui.library.forms import HoldForm, PublishForm, StepForm
from app.ui.library.lifecycle_forms import ARCHIVE, DRAFT, REVISE, WITHDRAW, AskForm, VariantForm
from app.ui.library.matching import Matcher
from app.ui.library.reader_head import ReaderHead
from app.ui.library.reading import Reading
from app.ui.library.text_view import TextView
from app.ui.library.uses_pane import UsesPane
from app.ui.library.variants_pane import VariantsPane
from app.ui.library.versions_pane import VersionsPane
from app.ui.library.wording import say
from app.ui.widgets import Card, divider, text_label

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
    abroad_requested = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._document: Document | None = None
        self._matcher = Matcher("")
        self._section_id = ""
        self.setProperty("surface", "surface")
        self.setAccessibleName(self.tr("Document"))
        self.head = ReaderHead(today)
        self.back_button, self.state_chip = self.head.back_button, self.head.state_chip
        self.publish_button, self.hold_button = self.head.publish_button, self.head.hold_button
        self.reasons = self.head.reasons
        self.hold_card = Card(kind="over")
        self.hold_reason = text_label(role="body", wraps=True, selectable=True)
        self.publish_form = PublishForm(today)
        self.hold_form = HoldForm()
        self.ask_form, self.variant_form = AskForm(), VariantForm()
        self.abroad_form = AbroadForm()
        self.head.set_menu(self._make_menu())
        self.tabs = QTabBar()
        self._tab_bodies = QStackedWidget()
        self.text = TextView(self.tr("Text of the document"))
        self.versions = VersionsPane()
        self.uses, self.variants = UsesPane(), VariantsPane()
        self._build()
        self.head.back_requested.connect(self.back_requested)
        self.head.publish_requested.connect(self.open_publish)
        self.head.hold_requested.connect(self.open_hold)
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
        self.tabs.setTabText(VERSIONS_TAB, f"{self.tr('Versions')}  {len(versions)}")
        if self._document is not None:
            self.versions.show_versions(versions, self._document.row.id)

    def show_around(self, around: Around) -> None:
        """Show the letters and the variants of the version that is shown."""
        self.uses.show_around(around)
        self.variants.show_around(around)
        self.head.show_revision(around.row, around.revision)
        self.head.show_decision(around.row, next(iter(around.decisions), None), around.zone)
        self.tabs.setTabText(USES_TAB, f"{self.tr('Where used')}  {self.uses.count:,}")
        waiting = any(each.variant.needs_assessment for each in around.variants)
        mark = self.tr(", assess") if waiting else ""
        self.tabs.setTabText(VARIANTS_TAB, f"{self.tr('Variants')}  {len(around.variants)}{mark}")

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
        for form in self._forms():
            form.hide()

    def _forms(self) -> tuple[StepForm, ...]:
        return self.publish_form, self.hold_form, self.ask_form, self.variant_form, self.abroad_form

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
        self.head.clear()
        self.hold_reason.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def _show_head(self, row: DocumentRow) -> None:
        self.head.show_row(row)
        self.hold_card.setVisible(row.state == SrdState.ON_HOLD)
        said = self.tr("On hold: {reason}. Nobody can insert it.").format(reason=row.hold_reason.rstrip("."))
        self.hold_reason.setText(said if row.hold_reason else "")

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
        column.addWidget(self.head)
        column.addWidget(self._make_cards())
        column.addWidget(self._make_tabs())
        column.addWidget(divider())
        column.addWidget(self._tab_bodies, 1)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for step, key in _STEPS:
            menu.addAction(f"{say(step.title)}\t{key}", functools.partial(self.step_requested.emit, step))
        menu.addSeparator()
        menu.addAction(self.tr("Make a variant") + "\tV", self.variant_requested.emit)
        menu.addAction(self.tr("Use abroad") + "\tE", self.abroad_requested.emit)
        return menu

    def _make_tabs(self) -> QWidget:
        self.tabs.setAccessibleName(self.tr("Parts of the document"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        theme.set_font(self.tabs, "body", weight=500)
        bodies: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Text"), self._text_holder()),
            (self.tr("Versions"), self.versions),
            (self.tr("Where used"), self.uses),
            (self.tr("Variants"), self.variants),
        )
        for name, body in bodies:
            self.tabs.addTab(name)
            self._tab_bodies.addWidget(body)
        self.tabs.currentChanged.connect(self._tab_bodies.setCurrentIndex)
        for form in self._forms():
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

    def _make_cards(self) -> QWidget:
        cards = QWidget()
        column = QVBoxLayout(cards)
        column.setContentsMargins(theme.SPACE.page_edge, 0, theme.SPACE.page_edge, theme.SPACE.xs)
        column.setSpacing(theme.SPACE.s)
        self.hold_card.body.addWidget(self.hold_reason)
        for card in (self.hold_card, *self._forms()):
            column.addWidget(card)
        return cards
