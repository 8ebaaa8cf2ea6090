"""Describe what the main window expects of a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.models.changes import Changes


class BadgeKind(Enum):
    """Tell how the count of a page is coloured."""

    COUNT = "count"
    SAFETY = "safety"


class Page(QWidget):
    """Be one page of the window; subclasses override what they need."""

    place_changed = Signal(str)
    """The page now shows another target; the shell remembers the place."""

    go_requested = Signal(str, str)
    """The user wants another page (id) at a target."""

    message_requested = Signal(str)
    """A short sentence for the toast."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_active = False
        self._pending = Changes()

    @property
    def is_active(self) -> bool:
        """Whether the page is the one on screen."""
        return self._is_active

    @property
    def is_stale(self) -> bool:
        """Whether changes wait until the page is shown again."""
        return bool(self._pending)

    def activate(self) -> None:
        """Come on screen and catch up with what changed meanwhile."""
        self._is_active = True
        waiting, self._pending = self._pending, Changes()
        if waiting:
            self.refresh(waiting)

    def deactivate(self) -> None:
        """Leave the screen; changes are collected from now on."""
        self._is_active = False

    def on_changes(self, changes: Changes) -> None:
        """Refresh at once if visible, else remember what changed."""
        if self._is_active:
            self.refresh(changes)
        else:
            self._pending = self._pending | changes

    def refresh(self, changes: Changes) -> None:
        """Read again what these changes touch; the default shows nothing."""

    def show_target(self, target: str) -> None:
        """Show one record of this page, named by its id."""

    def target(self) -> str:
        """Return the id that brings the user back here."""
        return ""

    def record_number(self) -> str:
        """Return the number for the window title, never a name."""
        return ""

    def primary_action(self) -> QAction | None:
        """Return the action that Ctrl+Enter runs, if there is one."""
        return None

    def panes(self) -> Sequence[QWidget]:
        """Return the panes from left to right for F6."""
        return (self,)

    def home(self) -> QWidget | None:
        """Return where the keyboard goes first, none for the first pane."""
        return None

    def shortcut_targets(self, context: str) -> Sequence[QWidget]:
        """Return the widgets in which this context's shortcuts work."""
        return ()

    def flush(self) -> None:
        """Save every word before returning; raise if it cannot be."""

    def drop(self) -> None:
        """Clear every model, so that no record stays in memory."""

    def save_layout(self) -> Mapping[str, object]:
        """Return the splitters and columns to remember, as plain values."""
        return {}

    def restore_layout(self, layout: Mapping[str, object]) -> None:
        """Put splitters and columns where they were."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """Announce a page to the shell, which makes it when needed."""

    id: str
    title: str
    icon: str
    shortcut: str
    factory: Callable[[], Page]
    badge: BadgeKind = BadgeKind.COUNT
    chord: str = ""
    is_at_foot: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Name a page and what it shows, for back and forward."""

    page_id: str
    target: str = ""
