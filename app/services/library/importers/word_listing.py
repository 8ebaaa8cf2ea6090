"""What of a Word document was understood, and what is only listed."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

_MOST: Final = 200
_LONGEST: Final = 300


@dataclass(slots=True)
class Listing:
    """Counts what was understood and keeps, with its words, what was not."""

    understood: Counter[str] = field(default_factory=Counter)
    _items: list[tuple[str, str]] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    def count(self, what: str, number: int = 1) -> None:
        """Count something that is in the text now."""
        self.understood[what] += number

    def add(self, kind: str, text: str) -> None:
        """List one thing that the text cannot hold, with its words."""
        self._counts[kind] += 1
        text = " ".join(text.split())
        if self._counts[kind] <= _MOST:
            self._items.append((kind, text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\u2026"))

    def plain(self) -> dict[str, Any]:
        """Return both as plain data, the first 200 of a kind by name."""
        listed = [{"kind": kind, "text": text} for kind, text in self._items]
        listed += [
            {"kind": kind, "text": f"and {number - _MOST:,} more"}
            for kind, number in self._counts.items()
            if number > _MOST
        ]
        return {"understood": dict(self.understood), "listed": listed}
