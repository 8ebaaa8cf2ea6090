"""What a check has found, and how much it weighs."""

from dataclasses import dataclass
from enum import StrEnum

QUOTE_LENGTH = 80


class Severity(StrEnum):
    """Block the letter, warn and ask for a reason, or inform."""

    BLOCK = "X"
    WARN = "W"
    INFO = "I"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: its place, its words, and what to do about it.

    `where` is a block id, or None for the whole letter; `offset` is where the quote begins in the drawn
    text of that block.
    """

    rule: str
    severity: Severity
    where: str | None
    quote: str
    message: str
    fix: str
    offset: int | None = None


def shortened(text: str) -> str:
    """Return the beginning of a text, on one line, to quote."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTE_LENGTH else line[: QUOTE_LENGTH - 1].rstrip() + "…"
