"""The right pane: library, checks, history and label behind tabs."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.case.checks_tab import ChecksTab
from app.ui.case.history_tab import HistoryTab
from app.ui.case.next_step import Next
from app.ui.case.reading import CaseRead
from app.ui.widgets import Badge, divider

LIBRARY: Final = 0
CHECKS: Final = 1
HISTORY: Final = 2
LABEL: Final = 3


class RightPane(QFrame):
    """Tabs; library and label are handed in by whoever makes the page, and without a label it has no tab."""

    block_requested = Signal(str)
    blocker_requested = Signal(str)

    def __init__(self, library: QWidget, label: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.label = label
        self.checks = ChecksTab()
        self.history = HistoryTab()
        self.tabs = QTabBar()
        self._stack = QStackedWidget()
        self._badge = Badge(0, "over", noun=self.tr("to fix"), parent=self)
        self._build()
        self.checks.block_requested.connect(self.block_requested)
        self.checks.blocker_requested.connect(self.blocker_requested)

    def show_read(self, read: CaseRead, step: Next | None) -> None:
        """Show checks and history of a case."""
        self.history.show_entries(read.timeline)
        self.show_checks(read, step)

    def show_checks(self, read: CaseRead, step: Next | None, *, gently: bool = False) -> None:
        """Show the checks alone; gently while somebody types."""
        self.checks.show_read(read, step, gently=gently)
        self._badge.set_count(step.to_fix if step is not None else 0)
        to_fix = self._badge.count
        # An empty badge would leave a gap between the tabs.
        self.tabs.setTabButton(CHECKS, QTabBar.ButtonPosition.RightSide, self._badge if to_fix else None)
        self._badge.setVisible(to_fix > 0)
        said = self.tr("Checks, {n} to fix").format(n=to_fix) if to_fix else self.tr("Checks")
        self.tabs.setAccessibleTabName(CHECKS, said)

    def show_tab(self, place: int) -> None:
        """Bring a tab to the front."""
        self.tabs.setCurrentIndex(place)

    def _build(self) -> None:
        self.setProperty("surface", "sunken")
        self.setAccessibleName(self.tr("Library, checks, history and label"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        theme.set_font(self.tabs, "body", weight=500)
        for name, widget in (
            (self.tr("Library"), self.library),
            (self.tr("Checks"), self.checks),
            (self.tr("History"), self.history),
        ):
            self.tabs.addTab(name)
            self._stack.addWidget(widget)
        if self.label is not None:
            self.tabs.addTab(self.tr("Label"))
            self._stack.addWidget(self.label)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE.s, 2, theme.SPACE.s, 0)
        head.addWidget(self.tabs)
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(divider())
        column.addWidget(self._stack, 1)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
