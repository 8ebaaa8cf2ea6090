"""Say where the arrangement of the window is kept."""

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget

from app.ui.shell.page_stack import PageStack


class LayoutStore(Protocol):
    """Keep splitters and geometry in the encrypted workspace."""

    def load(self) -> Mapping[str, object]:
        """Return what was saved last, empty at first."""

    def save(self, layout: Mapping[str, object]) -> None:
        """Keep these plain values for the next start."""


class MemoryLayoutStore:
    """Keep the arrangement as long as the program runs."""

    def __init__(self) -> None:
        self._layout: dict[str, object] = {}

    def load(self) -> Mapping[str, object]:
        """Return what was saved last, empty at first."""
        return dict(self._layout)

    def save(self, layout: Mapping[str, object]) -> None:
        """Keep a copy of these values."""
        self._layout = dict(layout)


def save_layout(store: LayoutStore, window: QWidget, stack: PageStack) -> None:
    """Keep the geometry of the window and the layout of its pages."""
    geometry = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
    store.save({"geometry": geometry, "pages": stack.layouts()})


def restore_layout(store: LayoutStore, window: QWidget, stack: PageStack) -> None:
    """Put window and pages where they were; ignore what is unknown."""
    layout = store.load()
    geometry, pages = layout.get("geometry"), layout.get("pages")
    if isinstance(geometry, str):
        window.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii")))
    if isinstance(pages, Mapping):
        stack.restore_layouts(pages)
