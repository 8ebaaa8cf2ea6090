"""What became of every row of an imported file."""

from dataclasses import dataclass, field

from app.models.changes import Changes


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not taken in: its line and the reason."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of one file.

    `added` holds the ids of the new inquiries; `known` counts rows that are here already.
    """

    path: str
    read: int = 0
    added: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[RefusedRow, ...] = ()
    changes: Changes = field(default_factory=Changes)

    @property
    def sentence(self) -> str:
        """The outcome in a sentence, as the inbox says it."""
        kept = f"{len(self.added)} are new in the inbox, {self.known} were there already."
        if not self.refused:
            return f"{self.read} rows were read. {kept}"
        first = self.refused[0]
        missed = f"{len(self.refused)} of {self.read} rows were not imported"
        return f"{missed}: line {first.line}, {first.reason} {kept}"
