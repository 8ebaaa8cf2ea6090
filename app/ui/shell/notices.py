"""Show toasts over a page and a strip above the status bar."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.errors.message_bar import MessageBar
from app.ui.widgets import Toast


class Notices:
    """Be the one place where the window tells what happened."""

    def __init__(self, window: QWidget, column: QVBoxLayout) -> None:
        # The toast lies over an open palette too; the strip belongs to the page and hides with it.
        self.toast_card = Toast(window)
        self.bar = MessageBar(window)
        column.addWidget(self.bar)

    def toast(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Show a sentence for some seconds, with Undo if given."""
        self.toast_card.show_message(text, on_undo=undo)

    def hold(self, text: str) -> None:
        """Show a failure in the strip until it is closed."""
        self.bar.show_message(text, kind="over")

    def clear(self) -> None:
        """Take every message away, for instance before a lock."""
        self.toast_card.dismiss()
        self.bar.dismiss()
