"""The panes of the library page: what stands where, and one at a time where two do not fit."""

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui import theme
from app.ui.library.compare_pane import ComparePane
from app.ui.library.empty_library import nothing_chosen
from app.ui.library.import_pane import ImportPane
from app.ui.library.label_reader import LabelReader
from app.ui.library.list_pane import ListPane
from app.ui.library.plan_pane import PlanPane
from app.ui.library.reader import DocumentReader
from app.ui.widgets import EmptyState, Splitter

_LIST_WIDTH: Final = 640
_NARROW: Final = 928


class LibraryPanes(QStackedWidget):
    """The lists beside a reader, a form or a report; or the empty library, or a comparison."""

    def __init__(
        self,
        lists: ListPane,
        reader: DocumentReader,
        label_reader: LabelReader,
        import_pane: ImportPane,
        plan_pane: PlanPane,
        compare_pane: ComparePane,
        empty: EmptyState,
    ) -> None:
        super().__init__()
        self._lists, self._reader, self._label_reader = lists, reader, label_reader
        self._import_pane, self._plan_pane, self._compare = import_pane, plan_pane, compare_pane
        self._empty, self._is_empty, self._shows_right = empty, False, False
        self.nothing_chosen = nothing_chosen()
        self.splitter = Splitter()
        self.right = QStackedWidget()
        for pane in (reader, label_reader, import_pane, plan_pane, self.nothing_chosen):
            self.right.addWidget(pane)
        self.right.setCurrentWidget(self.nothing_chosen)
        self.splitter.addWidget(lists)
        self.splitter.addWidget(self.right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.set_usual_sizes((_LIST_WIDTH, 1440 - 72 - _LIST_WIDTH))
        for body in (self.splitter, empty, compare_pane):
            self.addWidget(body)
        for each in (reader, label_reader):
            each.back_requested.connect(self.back_to_list)
        compare_pane.closed.connect(self._on_compare_closed)
        theme.theme_signals.changed.connect(self.fit)

    @property
    def is_comparing(self) -> bool:
        """Whether two versions are compared on screen."""
        return self.currentWidget() is self._compare

    @property
    def is_empty(self) -> bool:
        """Whether the empty library is on screen."""
        return self.currentWidget() is self._empty

    @property
    def shows_label(self) -> bool:
        """Whether a label is in the place of the reader."""
        return self.right.currentWidget() is self._label_reader

    def show_empty(self, is_empty: bool) -> None:
        """Show the empty library, or the lists; a form or report on screen stays."""
        self._is_empty = is_empty
        is_form = self.right.currentWidget() in (self._import_pane, self._plan_pane)
        if not self.is_comparing:
            self.setCurrentWidget(self._empty if is_empty and not is_form else self.splitter)
        self.fit()

    def show_right(self, pane: QWidget) -> None:
        """Bring something into the place of the reader, and to the front where one pane fits."""
        self._shows_right = True
        self.setCurrentWidget(self.splitter)
        self.right.setCurrentWidget(pane)
        self.fit()

    def show_document(self) -> None:
        """Show the document that was read, unless a form or a report stands in its place."""
        if self.right.currentWidget() in (self.nothing_chosen, self._label_reader):
            self.right.setCurrentWidget(self._reader)

    def show_label(self) -> None:
        """Show the label that was read, unless a form or a report stands in its place."""
        if self.right.currentWidget() in (self.nothing_chosen, self._reader):
            self.right.setCurrentWidget(self._label_reader)

    def show_chosen(self) -> None:
        """Show the document that is open, or that none is."""
        has_document = self._reader.row is not None
        self.right.setCurrentWidget(self._reader if has_document else self.nothing_chosen)

    def close_form(self) -> None:
        """Put the document back where a form or a report stood, and go to the list."""
        self.show_chosen()
        self.show_empty(self._is_empty)
        self.back_to_list()

    def show_compare(self) -> None:
        """Compare over the whole page."""
        self.setCurrentWidget(self._compare)

    def leave_compare(self) -> None:
        """Go from a comparison to the lists."""
        if self.is_comparing:
            self.setCurrentWidget(self.splitter)

    @Slot()
    def back_to_list(self) -> None:
        """Bring the list to the front, with the keyboard."""
        self._shows_right = False
        self.fit()
        self._lists.front.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show one pane at a time where two do not fit."""
        super().resizeEvent(event)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Show what has room."""
        is_narrow = self.width() < theme.scaled(_NARROW)
        has_lists = not self._is_empty or bool(self._lists.backlog)
        for reader in (self._reader, self._label_reader):
            reader.back_button.setVisible(is_narrow)
        self._lists.setVisible(has_lists and not (is_narrow and self._shows_right))
        self.right.setVisible(not is_narrow or self._shows_right or not has_lists)

    @Slot()
    def _on_compare_closed(self) -> None:
        self.leave_compare()
        is_read = self.shows_label and self._shows_right
        front = self._label_reader.list if is_read else self._lists.front
        front.setFocus(Qt.FocusReason.ShortcutFocusReason)
