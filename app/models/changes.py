"""What a write changed, for views that must refresh."""

from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Changes:
    """The register names of the touched types and the ids of the touched records."""

    kinds: frozenset[str] = field(default_factory=frozenset)
    ids: frozenset[str] = field(default_factory=frozenset)

    def touch(self, *kinds: str) -> bool:
        """Tell whether any of these types changed."""
        return not self.kinds.isdisjoint(kinds)

    def __or__(self, other: Self) -> "Changes":
        return Changes(self.kinds | other.kinds, self.ids | other.ids)

    def __bool__(self) -> bool:
        return bool(self.kinds)
