"""The header of a page: where am I, one fact, and what to do next."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.buttons import Button, primary_button, secondary_button
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.keycap import KeyCap


class PageHeader(QFrame):
    """Title, one grey fact, a field, outlined buttons and one primary."""

    def __init__(self, title: str = "", fact: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "header")
        self._row = QHBoxLayout(self)
        self._title = ElidedLabel()
        self._fact = ElidedLabel()
        self._field_place = self._lead_place = 0
        self.primary: Button | None = None
        self._primary_keycap: KeyCap | None = None
        self._build()
        self.set_title(title)
        self.set_fact(fact)

    @property
    def title(self) -> str:
        """The title that is shown."""
        return self._title.text()

    @property
    def fact(self) -> str:
        """The grey fact that is shown."""
        return self._fact.text()

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_fact(self, fact: str) -> None:
        """Show another grey fact, or none."""
        self._fact.setText(fact)
        self._fact.setVisible(bool(fact))

    def add_before_title(self, widget: QWidget) -> None:
        """Put a widget such as the way back before the title."""
        self._row.insertWidget(self._lead_place, widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._lead_place += 1
        self._field_place += 1

    def add_after_title(self, widget: QWidget) -> None:
        """Put a tag or chip behind the title and its fact."""
        # The stretch that pushes the rest to the right comes just before the field.
        self._row.insertWidget(self._field_place - 1, widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._field_place += 1

    def add_widget(self, widget: QWidget) -> None:
        """Put a field, chip or button before the primary button."""
        if self.primary is None:
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        else:
            place = self._row.indexOf(self.primary)
            self._row.insertWidget(place, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_field(self, field: QWidget, width: int = 340) -> None:
        """Put the filter field after the free space."""
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.setMaximumWidth(theme.scaled(width))
        self._row.insertWidget(self._field_place, field, 3, Qt.AlignmentFlag.AlignVCenter)

    def add_secondary(
        self, text: str, on_click: Callable[[], None], *, shortcut: str = "", icon: str = ""
    ) -> Button:
        """Add an outlined button before the primary one."""
        button = secondary_button(text, shortcut, icon=icon, on_click=on_click)
        self.add_widget(button)
        return button

    def set_primary(
        self, text: str, on_click: Callable[[], None], *, shortcut: str = "Ctrl+Enter", icon: str = ""
    ) -> Button:
        """Show the one filled button of the page, in place of the last."""
        self.remove_primary()
        self.primary = primary_button(text, shortcut, icon=icon, on_click=on_click)
        self._row.addWidget(self.primary, 0, Qt.AlignmentFlag.AlignVCenter)
        if shortcut:
            self._primary_keycap = KeyCap(shortcut)
            self._row.addWidget(self._primary_keycap, 0, Qt.AlignmentFlag.AlignVCenter)
        return self.primary

    def remove_primary(self) -> None:
        """Take the primary button and its key cap away."""
        for widget in (self.primary, self._primary_keycap):
            if widget is not None:
                self._row.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self.primary = self._primary_keycap = None

    def _build(self) -> None:
        self._row.setContentsMargins(theme.SPACE.page_edge, 0, theme.SPACE.page_edge, 0)
        self._row.setSpacing(theme.SPACE.m)
        theme.set_size(self, height=theme.HEIGHT.header)
        theme.set_font(self._title, "page_title")
        theme.set_font(self._fact, "body")
        self._fact.setProperty("tone", "text.2")
        for label in (self._title, self._fact):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._row.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        self._field_place = self._row.count()
