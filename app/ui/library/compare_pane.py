"""Two versions side by side: their sections with what became of each, and the changed words."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.library.label_changes import SectionState
from app.ui import theme
from app.ui.library.comparing import Subject, counted, section_line
from app.ui.library.diff_text import write_sections
from app.ui.library.fact_lines import FactLine, FactLines
from app.ui.library.text_view import TextView
from app.ui.library.version_diff import PairedSection
from app.ui.widgets import (
    EmptyState,
    Splitter,
    announce,
    divider,
    icon_button,
    icon_label,
    quiet_button,
    secondary_button,
    text_label,
)

ONLY_CHANGES_KEY: Final = "O"
NEXT_KEY, PREVIOUS_KEY = "F8", "Shift+F8"
_WIDEST: Final = 1400


class ComparePane(QFrame):
    """Choose two versions, walk through their changes, leave with Esc.

    Only the chosen section is written, so a label of hundreds of sections opens as fast as a short one.
    """

    pair_chosen = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject: Subject | None = None
        self._sections: tuple[PairedSection, ...] = ()
        self._positions: list[int] = []
        self._at = -1
        self._place_after: int | None = None
        self._written: PairedSection | None = None
        self.setProperty("surface", "surface")
        self.setAccessibleName(self.tr("Compare two versions"))
        self.back_button = icon_button(
            "arrow-left", self.tr("Back to the library"), "Esc", on_click=self.closed.emit
        )
        self.title = text_label(role="case_title", wraps=True)
        self.older_box, self.newer_box = QComboBox(), QComboBox()
        self.summary = text_label(role="body", weight=500)
        self.place = text_label(role="secondary", tone="text.2")
        self.previous_button = secondary_button(
            self.tr("Previous"), PREVIOUS_KEY, icon="arrow-up", on_click=self.previous_change
        )
        self.next_button = secondary_button(
            self.tr("Next change"), NEXT_KEY, icon="arrow-down", on_click=self.next_change
        )
        self.only_button = quiet_button(self.tr("Only changes"), ONLY_CHANGES_KEY, icon="filter")
        self.list = FactLines(self.tr("Sections of both versions"))
        self.diff = TextView(self.tr("Changed words"), widest=_WIDEST)
        self.same = EmptyState("check", "", "")
        self.splitter = Splitter()
        self._body = QStackedWidget()
        self._build()
        self._connect()

    @property
    def subject(self) -> Subject | None:
        """What is compared, none before anything is."""
        return self._subject

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of the older and the newer version that are chosen."""
        return str(self.older_box.currentData() or ""), str(self.newer_box.currentData() or "")

    @property
    def is_only_changes(self) -> bool:
        """Whether sections that are the same are left out."""
        return self.only_button.isChecked()

    def open_for(self, subject: Subject, older_id: str, newer_id: str) -> None:
        """Offer the versions of something and ask for the first pair."""
        self._subject, self._sections, self._at = subject, (), -1
        self.title.setText(subject.title)
        for box, chosen in ((self.older_box, older_id), (self.newer_box, newer_id)):
            with QSignalBlocker(box):
                box.clear()
                for side in subject.sides:
                    box.addItem(side.name, side.id)
                box.setCurrentIndex(box.findData(chosen))
        self.summary.setText(self.tr("Comparing …"))
        self._show_lines()
        self.pair_chosen.emit(older_id, newer_id)

    def show_sections(self, sections: Sequence[PairedSection]) -> None:
        """Show what became of every section of the chosen pair, at the first change."""
        self._sections = tuple(sections)
        is_same = all(section.state is SectionState.SAME for section in sections)
        if is_same:
            self.summary.setText(self.tr("The text of both versions is the same"))
        else:
            self.summary.setText(counted(sections))
        for button in (self.next_button, self.previous_button):
            button.setEnabled(not is_same)
        self._show_lines()
        announce(self, self.summary.text())

    def clear(self) -> None:
        """Forget both versions."""
        self._subject, self._sections = None, ()
        for box in (self.older_box, self.newer_box):
            with QSignalBlocker(box):
                box.clear()
        self.title.clear()
        self.diff.clear()
        self.list.show_lines(())

    @Slot()
    def next_change(self) -> None:
        """Go to the next change, in this section or in the next one that has any."""
        self._step(1)

    @Slot()
    def previous_change(self) -> None:
        """Go to the change before."""
        self._step(-1)

    @Slot()
    def toggle_only_changes(self) -> None:
        """Leave out the sections that are the same, or show them again."""
        self.only_button.toggle()

    def why_no_step(self) -> str | None:
        """Say why there is no change to go to, if so."""
        if all(section.state is SectionState.SAME for section in self._sections):
            return self.tr("The text of both versions is the same.")
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the library with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the list of sections."""
        super().showEvent(event)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, by: int) -> None:
        at = self._at + by
        if 0 <= at < len(self._positions):
            self._go_to(at)
            return
        lines = self.list.facts.lines
        places = range(self.list.currentIndex().row() + by, len(lines) if by > 0 else -1, by)
        following = next((place for place in places if _is_change(lines[place])), None)
        if following is None:
            self._say_end(by)
            return
        self._place_after = 0 if by > 0 else -1
        self.list.choose_place(following)

    def _say_end(self, by: int) -> None:
        said = self.tr("That was the last change.") if by > 0 else self.tr("That was the first change.")
        self.place.setText(said)
        announce(self.list, said)

    def _go_to(self, at: int) -> None:
        self._at = at
        self.diff.show_place(self._positions[at])
        self._say_place()

    def _say_place(self) -> None:
        count = len(self._positions)
        if not count:
            self.place.clear()
            return
        said = self.tr("Change {n} of {count} in this section").format(n=self._at + 1, count=count)
        self.place.setText(said)
        announce(self.list, said)

    def _show_lines(self) -> None:
        shown = [
            (place, section)
            for place, section in enumerate(self._sections)
            if not self.is_only_changes or section.state is not SectionState.SAME
        ]
        lines = [section_line(place, section) for place, section in shown]
        before = self.list.current
        self.list.show_lines(lines)
        self._body.setCurrentWidget(self.splitter if lines else self.same)
        self.same.set_words(*self._nothing_to_show())
        if lines and (before is None or before.key not in [line.key for line in lines]):
            changed = next((at for at, line in enumerate(lines) if _is_change(line)), 0)
            self.list.choose_place(changed)
        self._write_current()

    def _nothing_to_show(self) -> tuple[str, str]:
        if not self._sections:
            return self.tr("Comparing …"), ""
        return (
            self.tr("Nothing changed"),
            self.tr("The text of both versions is the same. Choose another version above."),
        )

    @Slot()
    def _write_current(self) -> None:
        line = self.list.current
        if line is None or not isinstance(line.about, PairedSection) or self._subject is None:
            self._positions, self._at, self._written = [], -1, None
            self.diff.clear()
            self.place.clear()
            return
        wanted, self._place_after = self._place_after, None
        if line.about is self._written and wanted is None:
            return
        self._written = line.about
        self._positions = write_sections(self.diff, self._heads(), (line.about,))
        self._at = -1
        if self._positions:
            self._at = len(self._positions) - 1 if wanted == -1 else 0
        if wanted is not None and self._positions:
            self._go_to(self._at)
        else:
            self._say_place()

    def _heads(self) -> tuple[str, str]:
        return self.older_box.currentText(), self.newer_box.currentText()

    @Slot(object)
    def _on_moved(self, _line: FactLine | None) -> None:
        self._write_current()

    @Slot(object)
    def _on_opened(self, _line: FactLine) -> None:
        self.diff.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_pair_chosen(self) -> None:
        self.pair_chosen.emit(*self.pair)

    @Slot()
    def _on_only_toggled(self) -> None:
        # A pressed quiet button looks like any other, so it says it by its tick and its edge.
        theme.set_variant(self.only_button, v="secondary" if self.is_only_changes else "quiet")
        theme.set_icon(self.only_button, "check" if self.is_only_changes else "filter", "text.1")
        self._show_lines()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._written = None
        self._write_current()

    def _connect(self) -> None:
        self.list.moved.connect(self._on_moved)
        self.list.opened.connect(self._on_opened)
        self.only_button.toggled.connect(self._on_only_toggled)
        for box in (self.older_box, self.newer_box):
            box.activated.connect(self._on_pair_chosen)
        theme.theme_signals.changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self.only_button.setCheckable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        column.addWidget(divider())
        right = QWidget()
        inside = QVBoxLayout(right)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.diff)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.set_usual_sizes((400, 960))
        self._body.addWidget(self.splitter)
        self._body.addWidget(self.same)
        column.addWidget(self._body, 1)

    def _make_head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.m)
        column.setSpacing(theme.SPACE.s)
        first = QHBoxLayout()
        first.setSpacing(theme.SPACE.s)
        first.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.title, 1)
        column.addLayout(first)
        pair = QHBoxLayout()
        pair.setSpacing(theme.SPACE.s)
        for word, box in ((self.tr("Older"), self.older_box), (self.tr("Newer"), self.newer_box)):
            box.setAccessibleName(self.tr("{which} version").format(which=word))
            box.view().setAccessibleName(box.accessibleName())
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        pair.addWidget(self.older_box)
        pair.addWidget(icon_label("arrow-right", "text.2"))
        pair.addWidget(self.newer_box)
        pair.addStretch(1)
        pair.addWidget(self.only_button)
        pair.addWidget(self.previous_button)
        pair.addWidget(self.next_button)
        column.addLayout(pair)
        words = QHBoxLayout()
        words.setSpacing(theme.SPACE.m)
        words.addWidget(self.summary)
        words.addWidget(self.place)
        words.addStretch(1)
        column.addLayout(words)
        return head


def _is_change(line: FactLine) -> bool:
    return isinstance(line.about, PairedSection) and line.about.state is not SectionState.SAME
