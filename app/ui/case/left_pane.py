"""The left pane: questions, safety, facts, notes, links, closing."""

import re
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.services.intake.queries import CaseView
from app.ui import theme
from app.ui.case.calls import CallsSection
from app.ui.case.closing import ClosingSection
from app.ui.case.desk import CaseDesk
from app.ui.case.facts import FactsSection
from app.ui.case.notes import NotesSection
from app.ui.case.questions import QuestionsSection
from app.ui.case.repeats import RepeatsSection
from app.ui.case.safety import SafetySection
from app.ui.case.section import Section
from app.ui.widgets import focus_ring, icon_button

STRIP_WIDTH = 44
_QUESTION = re.compile(r"question (\d+) is neither")
_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
# What a blocker of the lifecycle speaks of, and where it is put right; the first word that fits is taken.
_PLACES: tuple[tuple[str, str], ...] = (
    ("adverse event", "safety"),
    ("special situation", "safety"),
    ("quality complaint", "safety"),
    ("safety", "safety"),
    ("hand-off", "safety"),
    ("repeat", "repeats"),
    ("solicited", "solicited"),
    ("contact", "contact"),
    ("product", "product_id"),
    ("question", "questions"),
    ("medical advice", "closing"),
    ("category", "closing"),
    ("self-check", "closing"),
)


class LeftPane(QScrollArea):
    """Every section below the other; scrolls as one."""

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.questions = QuestionsSection(desk)
        self.safety = SafetySection(desk)
        self.facts = FactsSection(desk)
        self.notes = NotesSection(desk)
        self.repeats = RepeatsSection(desk)
        self.calls = CallsSection(desk)
        self.closing = ClosingSection(desk)
        self._ground = _Ground()
        self._ground.setProperty("surface", "surface")
        self._column = QVBoxLayout(self._ground)
        self._build()

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every section from top to bottom."""
        return self.repeats, self.questions, self.safety, self.facts, self.notes, self.calls, self.closing

    def show_case(self, view: CaseView) -> None:
        """Show a case in every section."""
        for section in self.sections:
            section.show_case(view)
        self.closing.setVisible(view.state in ("in_progress", "answered", "closed"))

    def unsaved(self) -> Mapping[str, str]:
        """Return what was typed in any section and nobody kept."""
        return {label: text for section in self.sections for label, text in section.unsaved().items()}

    def go_to(self, blocker: str) -> None:
        """Put the keyboard where a blocker can be put right."""
        said = blocker.lower()
        numbered = _QUESTION.match(said)
        if numbered is not None and self.questions.focus_label(int(numbered[1])):
            return
        place = next((place for word, place in _PLACES if word in said), "questions")
        if place in self.facts.rows:
            self.facts.focus_fact(place)
            target: QWidget = self.facts.rows[place]
        else:
            section: Section = getattr(self, place)
            section.focus_first()
            target = QApplication.focusWidget() or section
        if self._ground.isAncestorOf(target):
            self.ensureWidgetVisible(target, 0, theme.scaled(60))

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Facts of the case"))
        edge = theme.SPACE.l
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(theme.SPACE.xl)
        for section in self.sections:
            section.form_opened.connect(self._on_form_opened)
            self._column.addWidget(section)
        self._column.addStretch(1)
        self.setWidget(self._ground)

    @Slot(QWidget)
    def _on_form_opened(self, form: QWidget) -> None:
        # The layout gives the form its place in the next turn of the loop.
        QTimer.singleShot(0, form, partial(self._scroll_to, form))

    def _scroll_to(self, form: QWidget) -> None:
        if self._ground.isAncestorOf(form):
            self.ensureWidgetVisible(form, 0, theme.scaled(theme.SPACE.l))


class _Ground(QFrame):
    """The ground of the sections, never wider than the pane."""

    def minimumSizeHint(self) -> QSize:
        """Ask for no width, so that no long word pushes the rest out of sight."""
        return QSize(0, super().minimumSizeHint().height())


class FoldStrip(QFrame):
    """The strip that a folded pane leaves; its key lays the pane over."""

    opened = Signal()

    def __init__(self, icon: str, text: str, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({shortcut})")
        self._button = icon_button(icon, text, shortcut, on_click=self.opened.emit)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.SPACE.s, 0, 0)
        self._column.setSpacing(theme.SPACE.s)
        self._column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        theme.set_size(self, width=STRIP_WIDTH)

    def add_sign(self, sign: QWidget) -> None:
        """Put a sign below the button, such as a running clock."""
        self._column.insertWidget(self._column.count() - 1, sign, 0, Qt.AlignmentFlag.AlignHCenter)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Open at once when the key of the pane was pressed."""
        super().focusInEvent(event)
        self.update()
        if event.reason() == Qt.FocusReason.ShortcutFocusReason:
            self.opened.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter or Space."""
        if event.key() in _OPENS:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open with a click anywhere on the strip."""
        self.opened.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge and the focus."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            if self.hasFocus():
                focus_ring(painter, self.rect(), theme.scaled(theme.RADIUS.control))
