"""The list of documents with its filters and its sorted columns."""

from collections.abc import Sequence
from typing import Final, cast

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.library.backlog_pane import due_pane, gaps_pane
from app.ui.library.delegate import Columns, DocumentDelegate
from app.ui.library.fact_lines import FactLine, FactLines
from app.ui.library.item_model import DocumentListModel, Index
from app.ui.library.rows import ListRow, SortKey
from app.ui.widgets import Button, EmptyState, SegmentedControl, divider, quiet_button

DUE: Final = "due"
GAPS: Final = "gaps"
_KINDS: Final = (("", "All"), ("srd", "SRDs"), ("faq", "FAQs"))
_BACKLOG: Final = ((DUE, "Review due"), (GAPS, "Gaps"))
_HEADS: Final[tuple[tuple[SortKey, str], ...]] = (
    ("title", "Document"),
    ("state", "State"),
    ("due", "Review due"),
    ("whom", "For"),
)
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

    def show_rows(self, rows: list[ListRow], chosen: str) -> None:
        """Replace the rows; keep the chosen one, else take the first."""
        before = self.currentIndex().row()
        self.rows.show_rows(rows)
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


class SortHeads(QFrame):
    """The heads of the columns; a click sorts, a second one turns it round."""

    sorted_by = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key: SortKey = "state"
        self.is_descending = False
        self._rows_width = 0
        self._buttons = {key: self._make_button(key, text) for key, text in _HEADS}
        theme.set_size(self, height=30)
        theme.theme_signals.changed.connect(self._arrange)
        self._dress()

    def button(self, key: SortKey) -> Button:
        """Return the head of a column."""
        return self._buttons[key]

    def sort_by(self, key: SortKey, *, descending: bool = False) -> None:
        """Show a sorting and tell it."""
        self.key, self.is_descending = key, descending
        self._dress()
        self.sorted_by.emit(key, descending)

    @Slot(int)
    def fit(self, width: int) -> None:
        """Keep every head over its column of rows this wide."""
        self._rows_width = width
        self._arrange()

    def _make_button(self, key: SortKey, text: str) -> Button:
        button = quiet_button(text)
        button.setParent(self)
        button.setProperty("head", key)
        theme.set_font(button, "badge", weight=500)
        button.clicked.connect(self._on_clicked)
        return button

    @Slot()
    def _on_clicked(self) -> None:
        key = cast("SortKey", self.sender().property("head"))
        self.sort_by(key, descending=key == self.key and not self.is_descending)

    def _dress(self) -> None:
        for key, button in self._buttons.items():
            is_sorted = key == self.key
            arrow = "arrow-down" if self.is_descending else "arrow-up"
            theme.set_icon(button, arrow if is_sorted else "", "text.2", 12)
            order = ("descending" if self.is_descending else "ascending") if is_sorted else ""
            button.setAccessibleDescription(f"Sorted, {order}" if order else "Sorts by this column")
            # The arrow stands behind the word it sorts by.
            button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        columns = Columns.of_width(self._rows_width or self.width())
        padding = theme.scaled(8)
        for key, button in self._buttons.items():
            place = columns.places.get(key)
            button.setVisible(place is not None)
            if place is None:
                continue
            width = button.minimumSizeHint().width()
            height = max(theme.scaled(24), button.minimumSizeHint().height())
            button.setGeometry(QRect(place[0] - padding, (self.height() - height) // 2, width, height))


class ListPane(QFrame):
    """Kinds, column heads and rows; or why there are none."""

    kind_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAccessibleName("Documents")
        self.kinds = SegmentedControl((*_KINDS, *_BACKLOG), name="Kind of document")
        self.heads = SortHeads()
        self.list = DocumentList("Documents")
        self.list.setItemDelegate(DocumentDelegate(self.list))
        self.no_match = EmptyState("text-search", "No document matches")
        self.due, self.gaps = due_pane(), gaps_pane()
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
        return {DUE: self.due.list, GAPS: self.gaps.list}.get(self.backlog, self.list)

    def show_counts(self, found: dict[str, int]) -> None:
        """Write how many documents of each kind there are."""
        for key, text in _KINDS:
            self._write_count(key, text, found[key])

    def show_backlog(self, due: Sequence[FactLine], gaps: Sequence[FactLine]) -> None:
        """Take over the two work lists."""
        self.due.show_lines(due)
        self.gaps.show_lines(gaps)
        for (key, text), lines in zip(_BACKLOG, (due, gaps), strict=True):
            self._write_count(key, text, len(lines))

    def choose_view(self, kind: str) -> None:
        """Show the documents of a kind, or one of the work lists."""
        self.kinds.choose(kind)
        self.backlog = kind if kind in (DUE, GAPS) else ""
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
        self._body.setCurrentWidget({DUE: self.due, GAPS: self.gaps}.get(self.backlog, documents))
        self.heads.setVisible(self.is_showing_rows)

    def _write_count(self, key: str, text: str, count: int) -> None:
        button = self.kinds.button(key)
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
        for body in (self.list, self.no_match, self.due, self.gaps):
            self._body.addWidget(body)
        column.addWidget(self._body, 1)
