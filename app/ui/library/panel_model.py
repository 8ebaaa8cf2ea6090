"""The lines of the library panel as a Qt model."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QObject, Qt

from app.ui.library.item_model import NO_INDEX, Index
from app.ui.library.panel_rows import PanelRow, RowKind

PanelRowRole = Qt.ItemDataRole.UserRole


class PanelModel(QAbstractListModel):
    """Hold the lines; those that only inform are never current."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[PanelRow, ...] = ()

    def show_lines(self, lines: Sequence[PanelRow]) -> None:
        """Replace every line."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Count the lines."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is painted and what a screen reader says."""
        line = self.lines[index.row()]
        if role == PanelRowRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title or line.passage.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the keyboard stop at lines that do something."""
        if not self.lines[index.row()].is_stop:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def line_at(self, place: int) -> PanelRow | None:
        """Return the line at a place, if there is one."""
        return self.lines[place] if 0 <= place < len(self.lines) else None

    def place_of(self, key: tuple[RowKind, str, str, int]) -> int:
        """Return where the line of a key is, -1 if nowhere."""
        return next((at for at, line in enumerate(self.lines) if line.key == key), -1)

    def first_piece(self) -> int:
        """Return where the first text that can be inserted is."""
        return next((at for at, line in enumerate(self.lines) if line.is_piece), -1)
