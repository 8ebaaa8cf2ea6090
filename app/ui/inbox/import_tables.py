"""The tables of an import that is being looked at: its columns, and its first rows."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.services.intake.queries import ColumnView, PreviewRow
from app.ui import theme
from app.ui.inbox.import_words import FIELDS, field_names

Index = QModelIndex | QPersistentModelIndex
_CELL_INDENT: Final = 5
_NO_PARENT: Final = QModelIndex()
_WIDTHS: Final = {"question": 300, "subject": 160, "requester_email": 190, "received_at": 160}


class CellDelegate(QStyledItemDelegate):
    """Paints a cell with its words beneath those of the head."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell a little to the right."""
        moved = QStyleOptionViewItem(option)
        # The row that has the keyboard is coloured whole, as in every list; a frame round one cell says less.
        moved.state &= ~QStyle.StateFlag.State_HasFocus
        view = self.parent()
        if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row():
            painter.fillRect(option.rect, theme.color("bg.selected"))
        moved.rect = QRect(option.rect).adjusted(theme.scaled(_CELL_INDENT), 0, 0, 0)
        super().paint(painter, moved, index)


class ColumnTable(QTableWidget):
    """One line for each column of the file; the person may say what each means."""

    target_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        heads = (self.tr("Column of the file"), self.tr("First value"), self.tr("Is read as"))
        self.setHorizontalHeaderLabels(heads)
        self.setAccessibleName(self.tr("Columns of the file and what each means"))
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        quiet(self)
        heading = self.horizontalHeader()
        heading.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        heading.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        heading.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        heading.setStretchLastSection(False)

    def show_columns(self, columns: Sequence[ColumnView]) -> None:
        """Show the columns of a file."""
        self.setColumnWidth(2, theme.scaled(150))
        self.verticalHeader().setDefaultSectionSize(theme.scaled(theme.HEIGHT.row_compact + theme.SPACE.s))
        self.setRowCount(len(columns))
        for at, column in enumerate(columns):
            name, sample = QTableWidgetItem(column.name), QTableWidgetItem(column.sample)
            sample.setForeground(theme.color("text.2"))
            for place, item in enumerate((name, sample)):
                item.setToolTip(item.text())
                self.setItem(at, place, item)
            self.setCellWidget(at, 2, _in_the_middle(self._box(column)))

    def box_of(self, name: str) -> QComboBox | None:
        """Return the field in which the meaning of a column is chosen."""
        for at in range(self.rowCount()):
            item, place = self.item(at, 0), self.cellWidget(at, 2)
            if item is not None and place is not None and item.text() == name:
                return place.findChild(QComboBox)
        return None

    def _box(self, column: ColumnView) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("{column} is read as").format(column=column.name))
        box.addItem(self.tr("Not read"), "")
        names = field_names()
        for target in FIELDS:
            box.addItem(names[target], target)
        box.setMinimumWidth(theme.scaled(140))
        box.setCurrentIndex(max(0, box.findData(column.target)))
        # The wheel scrolls the table; it must not change what a column means.
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign]  # one box, one rule
        box.activated.connect(lambda _at: self.target_chosen.emit(column.name, box.currentData()))
        return box


class RowModel(QAbstractTableModel):
    """The first rows of a file as they will be read, the refused ones with their reason."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[PreviewRow] = ()
        self._is_decided = True
        self._fields: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that have a column, after the line and the reason."""
        return self._fields

    def show_rows(self, rows: Sequence[PreviewRow], *, is_decided: bool) -> None:
        """Show other rows; a field that none of them fills has no column, an open choice no outcome."""
        self._is_decided = is_decided
        self.beginResetModel()
        filled = {name for row in rows for name, value in row.cells.items() if value}
        known = [name for name in FIELDS if name in filled]
        self._fields = (*known, *sorted(filled - set(known)))
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Count the rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Count the cells of a row."""
        return 0 if parent.isValid() else 2 + len(self._fields)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell, its colour or its whole words as a tooltip."""
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._cell(row, index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            if index.column() == 1:
                return theme.color("over" if row.refused else "ok" if self._is_decided else "text.2")
            return theme.color("text.2" if row.refused or index.column() == 0 else "text.1")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the head of a column."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            if section < 2:
                return (self.tr("Line"), self.tr("Outcome"))[section]
            name = self._fields[section - 2]
            return field_names().get(name, name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _taken(self) -> str:
        return self.tr("Is read") if self._is_decided else self.tr("Open")

    def _cell(self, row: PreviewRow, column: int) -> str:
        if column == 0:
            return f"{row.line}" if row.line else ""
        if column == 1:
            return self.tr("Refused: {why}").format(why=row.refused) if row.refused else self._taken()
        return row.cells.get(self._fields[column - 2], "")


class RowTable(QTableView):
    """The first rows of a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowModel(self)
        self.setModel(self.rows)
        self.setAccessibleName(self.tr("First rows as they will be read"))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        quiet(self)

    def show_rows(self, rows: Sequence[PreviewRow], *, is_decided: bool) -> None:
        """Show rows, with a width that suits what a column holds."""
        self.rows.show_rows(rows, is_decided=is_decided)
        self.verticalHeader().setDefaultSectionSize(theme.scaled(theme.HEIGHT.row_compact))
        refused = any(row.refused for row in rows)
        for at, width in enumerate((52, 240 if refused else 80)):
            self.setColumnWidth(at, theme.scaled(width))
        for at, name in enumerate(self.rows.fields, start=2):
            self.setColumnWidth(at, theme.scaled(_WIDTHS.get(name, 120)))


def quiet(table: QTableView) -> None:
    """Take from a table what is no content: grid, numbers, bold heads, jumps."""
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setItemDelegate(CellDelegate(table))


def _in_the_middle(box: QComboBox) -> QWidget:
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, theme.SPACE.xs, 0)
    row.addWidget(box, 1, Qt.AlignmentFlag.AlignVCenter)
    return place
