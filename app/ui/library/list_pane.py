"""The list of documents with its filters and its sorted columns."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStackedWidget, QVBoxLayout, QWidget

from app.services.library.listing import DocumentCounts
from app.ui import theme
from app.ui.library.backlog_pane import due_pane, gaps_pane, labels_pane
from app.ui.library.delegate import DocumentDelegate
from app.ui.library.fact_lines import FactLine, FactLines
from app.ui.library.item_model import DocumentListModel, Index
from app.ui.library.rows import ListRow
from app.ui.library.sort_heads import SortHeads
from app.ui.widgets import EmptyState, SegmentedControl, divider

DUE: Final = "due"
GAPS: Final = "gaps"
LABELS: Final = "label"
_OTHERS: Final = (LABELS, DUE, GAPS)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DocumentList(QListView):
    """The view of the documents; Enter opens the current one."""

    opened = Signal(str)
    moved = Signal(str)
    widened = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = DocumentListModel(self)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(self._on_double_clicked)
        theme.theme_signals.changed.connect(self.scheduleDelayedItemsLayout)

    @property
    def current_id(self) -> str:
        """The version that is chosen, empty for none."""
        row = self.rows.row_at(self.currentIndex().row())
        return row.row.id if row is not None else ""

    def show_rows(self, rows: Sequence[ListRow], chosen: str, *, has_more: bool = False) -> None:
        """Replace the rows; keep the chosen one, else take the first."""
        before = self.currentIndex().row()
        self.rows.show_rows(rows)
        self.rows.has_more = has_more
        place = self.rows.place_of(chosen)
        if place < 0 and rows:
            place = min(max(before, 0), len(rows) - 1) if chosen else 0
        self.choose_place(place)

    def choose(self, version_id: str) -> bool:
        """Choose a version; tell whether it is in the list."""
        place = self.rows.place_of(version_id)
        if place >= 0:
            self.choose_place(place)
        return place >= 0

    def choose_place(self, place: int) -> None:
        """Choose the row at a place and bring it into view."""
        if 0 <= place < self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(place))

    def step(self, by: int) -> None:
        """Choose the next or previous row."""
        self.choose_place(self.currentIndex().row() + by)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which version is chosen now."""
        super().currentChanged(current, previous)
        self.moved.emit(self.current_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current document with Enter."""
        if event.key() in _ENTER and self.current_id:
            self.opened.emit(self.current_id)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Leave typed letters to the shortcuts."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell how wide the rows are, which a scroll bar changes."""
        super().resizeEvent(event)
        self.widened.emit(self.viewport().width())

    @Slot()
    def _on_double_clicked(self) -> None:
        if self.current_id:
            self.opened.emit(self.current_id)


class ListPane(QFrame):
    """Kinds, column heads and rows; or why there are none."""

    kind_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAccessibleName(self.tr("Documents"))
        self._names = {
            "": self.tr("All"),
            "srd": self.tr("SRDs"),
            "faq": self.tr("FAQs"),
            LABELS: self.tr("Labels"),
            DUE: self.tr("Review due"),
            GAPS: self.tr("Gaps"),
        }
        self.kinds = SegmentedControl(tuple(self._names.items()), name=self.tr("Kind of document"))
        self.heads = SortHeads()
        self.list = DocumentList(self.tr("Documents"))
        self.list.setItemDelegate(DocumentDelegate(self.list))
        self.no_match = EmptyState("text-search", self.tr("No document matches"))
        self.labels, self.due, self.gaps = labels_pane(), due_pane(), gaps_pane()
        self.backlog = ""
        self._has_match = True
        self._body = QStackedWidget()
        self._build()
        self.kinds.choose("")
        self.kinds.chosen.connect(self.kind_chosen)
        self.list.widened.connect(self.heads.fit)

    @property
    def front(self) -> DocumentList | FactLines:
        """The list that is on screen."""
        others = {LABELS: self.labels.list, DUE: self.due.list, GAPS: self.gaps.list}
        return others.get(self.backlog, self.list)

    def show_counts(self, counts: DocumentCounts) -> None:
        """Write how many documents of each kind there are."""
        for key, count in (("", counts.all), ("srd", counts.srd), ("faq", counts.faq)):
            self._write_count(key, count)

    def show_label_count(self, count: int) -> None:
        """Write how many labels there are."""
        self._write_count(LABELS, count)

    def say_reading(self) -> None:
        """Say that the first rows are on their way."""
        self.show_no_match(self.tr("Reading the library …"), "")

    def show_backlog(self, due: Sequence[FactLine], gaps: Sequence[FactLine]) -> None:
        """Take over the two work lists."""
        self.due.show_lines(due)
        self.gaps.show_lines(gaps)
        self._write_count(DUE, len(due))
        self._write_count(GAPS, len(gaps))

    def choose_view(self, kind: str) -> None:
        """Show the documents of a kind, the labels, or one of the work lists."""
        self.kinds.choose(kind)
        self.backlog = kind if kind in _OTHERS else ""
        self._show_body()

    def show_no_match(self, title: str, sentence: str) -> None:
        """Say why no row is shown."""
        self.no_match.set_words(title, sentence)
        self._has_match = False
        self._show_body()

    def show_list(self) -> None:
        """Show the rows again."""
        self._has_match = True
        self._show_body()

    def _show_body(self) -> None:
        documents = self.list if self._has_match else self.no_match
        others = {LABELS: self.labels, DUE: self.due, GAPS: self.gaps}
        self._body.setCurrentWidget(others.get(self.backlog, documents))
        self.heads.setVisible(self.is_showing_rows)

    def _write_count(self, key: str, count: int) -> None:
        button, text = self.kinds.button(key), self._names[key]
        button.setText(f"{text}  {count:,}")
        button.setAccessibleName(f"{text}, {count:,}")

    @property
    def is_showing_rows(self) -> bool:
        """Whether rows are on screen."""
        return self._body.currentWidget() is self.list

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QWidget()
        inside = QVBoxLayout(bar)
        inside.setContentsMargins(theme.SPACE.page_edge, theme.SPACE.m, theme.SPACE.page_edge, theme.SPACE.s)
        inside.addWidget(self.kinds)
        column.addWidget(bar)
        column.addWidget(self.heads)
        column.addWidget(divider())
        for body in (self.list, self.no_match, self.labels, self.due, self.gaps):
            self._body.addWidget(body)
        column.addWidget(self._body, 1)
