"""The card: a bordered surface that groups what belongs together."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.labels import text_label

CardKind = Literal["plain", "sunken", "chosen", "safety", "soon", "over", "accent"]


class Card(QFrame):
    """A surface with an edge; fill it through `body`."""

    def __init__(self, title: str = "", kind: CardKind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", kind)
        self.setAccessibleName(title)
        self.body = QVBoxLayout(self)
        self.head = QHBoxLayout()
        self.title = text_label(title, role="card", wraps=True)
        self._build()
        # Shown before it has a parent, a label would be a window of its own for a moment.
        if not title:
            self.title.hide()
        theme.theme_signals.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def kind(self) -> CardKind:
        """The kind that sets colour and edge."""
        kind: CardKind = self.property("card")
        return kind

    def set_kind(self, kind: CardKind) -> None:
        """Show the card as chosen, sunken or another kind."""
        theme.set_variant(self, card=kind)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.setAccessibleName(title)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a widget at the end of the title line."""
        self.head.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def _build(self) -> None:
        self.head.setSpacing(theme.SPACE.s)
        self.head.addWidget(self.title, 1)
        self.body.addLayout(self.head)

    def _on_theme_changed(self) -> None:
        inside = theme.scaled(theme.SPACE.card_inside)
        self.body.setContentsMargins(inside, theme.scaled(12), inside, theme.scaled(12))
        self.body.setSpacing(theme.scaled(theme.SPACE.s))
