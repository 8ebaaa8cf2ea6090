"""What became of every row of an imported file."""

from dataclasses import dataclass, field

from app.models.changes import Changes


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not taken in: its line and the reason."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class JoinedMail:
    """A mail that became a part of an inquiry that was here.

    `is_awaited` says that the inquiry waits for its requester: a person reads it and goes on.
    """

    inquiry_id: str
    number: str
    is_awaited: bool

    @property
    def sentence(self) -> str:
        """What happened, as the report says it."""
        awaited = " It waits for the requester: read the reply and go on." if self.is_awaited else ""
        return f"The mail is a reply and was added to {self.number}.{awaited}"


@dataclass(slots=True)
class Tally:
    """What became of the rows so far."""

    read: int = 0
    known: int = 0
    added: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    joined: list[JoinedMail] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    mapping: str = ""
    mapping_reason: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of one file.

    `added` holds the ids of the new inquiries; `known` counts rows that are here already; `joined` are
    mails that were added to an inquiry; `notes` are what else a person should know.
    """

    path: str
    read: int = 0
    added: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[RefusedRow, ...] = ()
    changes: Changes = field(default_factory=Changes)
    joined: tuple[JoinedMail, ...] = ()
    notes: tuple[str, ...] = ()
    mapping: str = ""
    mapping_reason: str = ""

    @property
    def sentence(self) -> str:
        """The outcome in a sentence, as the inbox says it."""
        kept = f"{len(self.added)} are new in the inbox, {self.known} were there already."
        if self.joined:
            kept = f"{self.joined[0].sentence} {kept}"
        if not self.refused:
            return f"{self.read} rows were read. {kept}"
        first = self.refused[0]
        missed = f"{len(self.refused)} of {self.read} rows were not imported"
        return f"{missed}: line {first.line}, {first.reason} {kept}"


def report_of(path: str, tally: Tally, changes: Changes) -> ImportReport:
    """Return the report of what was counted."""
    return ImportReport(
        path=path,
        read=tally.read,
        added=tuple(tally.added),
        known=tally.known,
        refused=tuple(tally.refused),
        changes=changes,
        joined=tuple(tally.joined),
        notes=tuple(tally.notes),
        mapping=tally.mapping,
        mapping_reason=tally.mapping_reason,
    )
