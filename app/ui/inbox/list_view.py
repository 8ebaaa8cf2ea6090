"""The list of inquiries: it keeps its place when rows change."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.ui import theme
from app.ui.inbox.delegate import InboxDelegate
from app.ui.inbox.item_model import InboxModel

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Place:
    """What was chosen and what stood at the top, by row number."""

    current: int | None
    current_at: int
    top: int | None
    offset: int


class InboxList(QListView):
    """Rows of one model; a reset keeps selection and scroll."""

    inquiry_chosen = Signal()
    inquiry_opened = Signal()
    selection_counted = Signal(int)
    """How many inquiries are chosen now."""

    def __init__(self, model: InboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._place = _Place(None, -1, None, 0)
        self._delegate = InboxDelegate(self)
        self._starts_at_top = True
        self._takes_all = False
        self._kept: frozenset[int] = frozenset()
        self._build()
        self.setModel(model)
        model.modelAboutToBeReset.connect(self._on_about_to_be_reset)
        model.modelReset.connect(self._on_reset)
        theme.theme_signals.changed.connect(self.lay_out)

    @property
    def delegate(self) -> InboxDelegate:
        """The painter of the rows."""
        return self._delegate

    def begin_at_top(self) -> None:
        """Let the next rows be another view, which begins at its top."""
        self._starts_at_top = True

    def set_compact(self, is_compact: bool) -> None:
        """Give rows one line or two and keep the place."""
        self._delegate.set_compact(is_compact)
        self.lay_out()

    def set_columns(self, names: Sequence[str]) -> None:
        """Show these columns, the usual ones for none."""
        self._delegate.set_columns(names)
        self.viewport().update()

    @Slot()
    def lay_out(self) -> None:
        """Reckon the heights of the rows anew."""
        self.scheduleDelayedItemsLayout()

    def current_number(self) -> int | None:
        """Return the row number of the chosen inquiry."""
        return self._model.inquiry_row(self.currentIndex().row())

    def chosen_numbers(self) -> list[int]:
        """Return the row numbers of every chosen inquiry in the order of the list.

        Once everything was chosen, rows that are not on screen yet belong to it.
        """
        if self._takes_all:
            return list(self._model.numbers)
        found: list[int] = []
        for part in self._parts():
            rows = (self._model.inquiry_row(at) for at in range(part.top(), part.bottom() + 1))
            found.extend(row for row in rows if row is not None)
        return found

    def chosen_count(self) -> int:
        """Count the chosen inquiries."""
        if self._takes_all:
            return self._model.count
        if self._model.is_flat:
            return sum(part.bottom() - part.top() + 1 for part in self._parts())
        return len(self.chosen_numbers())

    def _parts(self) -> list[QItemSelectionRange]:
        # The stub of QItemSelection has no __iter__; the class is a list.
        parts = list(self.selectionModel().selection())  # type: ignore[call-overload] # see above
        return sorted(parts, key=lambda part: int(part.top()))

    def selectAll(self) -> None:  # noqa: N802 - Qt calls this name
        """Choose every inquiry of the view, those not read yet too."""
        super().selectAll()
        self._takes_all = self._model.count > 0
        self.selection_counted.emit(self.chosen_count())

    def choose_one(self) -> None:
        """Choose the current inquiry alone."""
        if self.currentIndex().isValid():
            self.choose(self.currentIndex().row())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell how many are chosen now."""
        super().selectionChanged(selected, deselected)
        self._takes_all = False
        self.selection_counted.emit(self.chosen_count())

    def step(self, by: int) -> None:
        """Choose the next or previous inquiry, over the heads of groups."""
        at = self.currentIndex().row() + by
        while 0 <= at < self._model.rowCount():
            if self._model.inquiry_row(at) is not None:
                self.choose(at)
                return
            at += by

    def choose(self, at: int) -> None:
        """Choose a row of the list and show it."""
        index = self._model.index(at)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)
        if at == 1 and self._model.inquiry_row(0) is None:
            # The head above the first inquiry comes into view with it.
            self.scrollToTop()

    def choose_first(self) -> None:
        """Choose the first inquiry if none is chosen."""
        if self.current_number() is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            self.step(1)

    def keyboardSearch(self, search: str) -> None:
        """Leave single letters to the commands."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the inquiry under the mouse."""
        super().mouseDoubleClickEvent(event)
        if self._model.inquiry_row(self.indexAt(event.position().toPoint()).row()) is not None:
            self.inquiry_opened.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the chosen row in view when the list gets lower."""
        super().resizeEvent(event)
        if event.size().height() < event.oldSize().height() and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which inquiry is chosen now."""
        super().currentChanged(current, previous)
        self.inquiry_chosen.emit()

    def _build(self) -> None:
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Inquiries"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(theme.scaled(24))

    @Slot()
    def _on_about_to_be_reset(self) -> None:
        top = self.indexAt(self.viewport().rect().topLeft())
        number = self._model.inquiry_row(top.row())
        if number is None and top.isValid():
            top = top.siblingAtRow(top.row() + 1)
            number = self._model.inquiry_row(top.row())
        offset = self.visualRect(top).top() if number is not None else 0
        many = self.chosen_count() > 1 and not self._takes_all
        self._kept = frozenset(self.chosen_numbers()) if many else frozenset()
        current = self.currentIndex().row()
        self._place = _Place(self._model.inquiry_row(current), current, number, offset)

    @Slot()
    def _on_reset(self) -> None:
        self.setUniformItemSizes(self._model.is_flat)
        starts_at_top, self._starts_at_top = self._starts_at_top, False
        self.doItemsLayout()
        if starts_at_top:
            self.scrollToTop()
            self.choose_first()
        else:
            takes_all = self._takes_all
            self._restore()
            self._restore_chosen(takes_all=takes_all)
        self.inquiry_chosen.emit()

    def _restore_chosen(self, *, takes_all: bool) -> None:
        if takes_all:
            self.selectAll()
        elif self._kept:
            chosen = QItemSelection()
            for at in range(self._model.rowCount()):
                if self._model.inquiry_row(at) in self._kept:
                    chosen.append(QItemSelectionRange(self._model.index(at)))
            self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)
        self._kept = frozenset()

    def _restore(self) -> None:
        self._restore_current()
        at = self._model.place_of(self._place.top) if self._place.top is not None else None
        if at is not None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(self._model.index(at)).top() - self._place.offset)

    def _restore_current(self) -> None:
        place = self._place
        at = self._model.place_of(place.current) if place.current is not None else None
        if at is None and place.current_at >= 0 and self._model.rowCount():
            # What was chosen has left the view; its neighbour takes its place.
            at = min(place.current_at, self._model.rowCount() - 1)
            while at >= 0 and self._model.inquiry_row(at) is None:
                at -= 1
        if at is not None and at >= 0:
            index = self._model.index(at)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            self.choose_first()
