"""The rows of a document list as a Qt model."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.ui.library.rows import ListRow

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
RowRole = Qt.ItemDataRole.UserRole


class PagedModel(QAbstractListModel):
    """A list of which the view asks for the next page when it comes to its end."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.has_more = False

    def canFetchMore(self, parent: Index = NO_INDEX) -> bool:
        """Tell whether there are rows that were not read yet."""
        return self.has_more and not parent.isValid()

    def fetchMore(self, parent: Index = NO_INDEX) -> None:
        """Ask for the next page once."""
        if self.canFetchMore(parent):
            self.has_more = False
            self.more_wanted.emit()


class DocumentListModel(PagedModel):
    """Hold the rows that the delegate paints."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ListRow, ...] = ()
        self.has_passages = False

    def show_rows(self, rows: Sequence[ListRow]) -> None:
        """Replace every row."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.has_passages = any(row.passage.text for row in rows)
        self.endResetModel()

    def add_rows(self, rows: Sequence[ListRow]) -> None:
        """Put another page below the rows."""
        if rows:
            self.beginInsertRows(NO_INDEX, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += tuple(rows)
            self.endInsertRows()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Count the rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is painted and what a screen reader says."""
        row = self._rows[index.row()]
        if role == RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return None

    def row_at(self, place: int) -> ListRow | None:
        """Return the row at a place, if there is one."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, version_id: str) -> int:
        """Return the place of a version, -1 if it is not shown."""
        return next((at for at, row in enumerate(self._rows) if row.row.id == version_id), -1)
