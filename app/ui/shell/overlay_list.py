"""Show rows on a card that lies over the window."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QWidget

from app.ui import theme
from app.ui.shell.palette_delegate import PaletteDelegate


class OverlayList(QListView):
    """Paint palette rows on the ground of a raised card."""

    def __init__(
        self, model: QAbstractItemModel, name: str, parent: QWidget, *, is_choosable: bool = True
    ) -> None:
        super().__init__(parent)
        self._rows = PaletteDelegate(self, is_choosable=is_choosable)
        self.setModel(model)
        self.setItemDelegate(self._rows)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        if is_choosable:
            # The keyboard stays in the field above, which sends its arrow keys here.
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setMouseTracking(True)
        else:
            self.setSelectionMode(QListView.SelectionMode.NoSelection)
        theme.theme_signals.changed.connect(self._on_theme_changed)

    def rows_height(self) -> int:
        """Return how high all rows are together."""
        return sum(self.sizeHintForRow(row) for row in range(self.model().rowCount()))

    def keyboardSearch(self, search: str) -> None:
        """Leave typed letters to the field and to shortcuts."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of the card, then the rows."""
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), theme.color("bg.raised"))
        super().paintEvent(event)

    def _on_theme_changed(self) -> None:
        self._rows.forget_fonts()
        self.scheduleDelayedItemsLayout()
