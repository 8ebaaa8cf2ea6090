"""Hold the cards that lie over the window."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.ui.jobs import JobRunner
from app.ui.shell.about import AboutCard
from app.ui.shell.actions import Registry
from app.ui.shell.help_page import HelpPage
from app.ui.shell.overlay import Overlay
from app.ui.shell.palette import Palette


class Overlays:
    """Show the palette, the keys and the licences one at a time."""

    def __init__(self, window: QWidget, runner: JobRunner, registry: Registry) -> None:
        self.palette = Palette(window, runner, registry)
        self.help = HelpPage(window, registry)
        self.about = AboutCard(window)

    @property
    def is_open(self) -> bool:
        """Whether a card covers the window."""
        return any(card.isVisible() for card in self._cards())

    def close(self) -> None:
        """Close whichever card is open."""
        for card in self._cards():
            card.dismiss()

    def toggle_palette(self) -> None:
        """Open the palette, or close it if it is open."""
        was_open = self.palette.isVisible()
        self.close()
        if not was_open:
            self.palette.open_with()

    def show_help(self, page_title: str, contexts: Sequence[str]) -> None:
        """Show the keys of these contexts."""
        self.close()
        self.help.open_for(page_title, contexts)

    def show_about(self) -> None:
        """Show version and licences."""
        self.close()
        self.about.open()

    def _cards(self) -> tuple[Overlay, ...]:
        return self.palette, self.help, self.about
