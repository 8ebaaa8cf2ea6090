"""Say where the arrangement of the window is kept."""

from collections.abc import Mapping
from typing import Protocol


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
