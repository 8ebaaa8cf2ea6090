"""The middle of the inbox: heads and rows, or why there are none."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets import EmptyState

_STRONG: Final = Qt.FocusPolicy.StrongFocus


class ListArea(QStackedWidget):
    """Show the rows, or the one empty state that stands for them."""

    def __init__(self, heads: QWidget, rows: QWidget, foot: QWidget) -> None:
        super().__init__()
        self._list = rows
        self._state: EmptyState | None = None
        self.setProperty("surface", "surface")
        self.setMinimumWidth(theme.scaled(360))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heads)
        column.addWidget(rows, 1)
        column.addWidget(foot)
        self.addWidget(holder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def has_rows(self) -> bool:
        """Whether rows are shown and no empty state."""
        return self._state is None

    def show_rows(self) -> None:
        """Show the rows again; the empty state is gone."""
        self.setCurrentIndex(0)
        self._drop_state()

    def show_state(self, state: EmptyState) -> None:
        """Show why there are no rows; it takes the keyboard from them."""
        had_focus = self._list.hasFocus()
        self._drop_state()
        self._state = state
        self.addWidget(state)
        self.setCurrentWidget(state)
        if had_focus:
            state.setFocusPolicy(_STRONG)
            state.setFocus()

    def _drop_state(self) -> None:
        old, self._state = self._state, None
        if old is not None:
            self.removeWidget(old)
            old.deleteLater()
