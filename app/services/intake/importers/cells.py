"""What a file gives for one field before it is understood."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.errors import InputRefusedError


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell whose value cannot be trusted; a row that needs it is refused with the reason."""

    reason: str


Numbered: TypeAlias = tuple[int, Mapping[str, object] | InputRefusedError]


@functools.lru_cache(maxsize=4096)
def column_key(name: str) -> str:
    """Return a column's name as names are compared: case, blanks and underscores do not count."""
    return "_".join(name.replace("\ufeff", "").lower().replace("_", " ").split())
