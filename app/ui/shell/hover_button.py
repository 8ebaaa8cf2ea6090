"""A painted button that knows whether the pointer is over it."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QAbstractButton, QWidget


class HoverButton(QAbstractButton):
    """Paints itself anew as the pointer comes and goes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_hovered = False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the button can be pressed."""
        self.is_hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the hover shade away again."""
        self.is_hovered = False
        self.update()
        super().leaveEvent(event)
