"""The heads of the columns of the document list."""

from typing import cast

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QWidget

from app.services.library.listing import SortKey
from app.ui import theme
from app.ui.library.delegate import Columns
from app.ui.widgets import Button, quiet_button


class SortHeads(QFrame):
    """The heads of the columns; a click sorts, a second one turns it round."""

    sorted_by = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key: SortKey = "state"
        self.is_descending = False
        self._rows_width = 0
        names: dict[SortKey, str] = {
            "title": self.tr("Document"),
            "state": self.tr("State"),
            "due": self.tr("Review due"),
            "whom": self.tr("For"),
        }
        self._buttons = {key: self._make_button(key, text) for key, text in names.items()}
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
            way = self.tr("Sorted, descending") if self.is_descending else self.tr("Sorted, ascending")
            button.setAccessibleDescription(way if is_sorted else self.tr("Sorts by this column"))
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
