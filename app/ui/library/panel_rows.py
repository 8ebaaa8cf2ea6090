"""What the library panel shows, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from app.models.markup import parse, plain_text
from app.services.library.queries import Document, DocumentRow, Section
from app.ui.library import states
from app.ui.library.found import FoundDocument
from app.ui.library.matching import NO_PASSAGE, Matcher, Passage, focused
from app.ui.library.wording import say

Inserted = Literal["inserted", "changed"]
PieceKey = tuple[str, str, int]
WHOLE = -1
_LIKELY = 3


class RowKind(Enum):
    """What a line of the panel is."""

    HEAD = "head"
    DOCUMENT = "document"
    STATE = "state"
    PASSAGE = "passage"
    WHY = "why"
    SECTION = "section"
    PARAGRAPH = "paragraph"
    WHOLE = "whole"
    CLOSED = "closed"
    REFUSED = "refused"


_STOPS = frozenset(RowKind) - {RowKind.HEAD, RowKind.STATE, RowKind.WHY}
_PIECES = frozenset({RowKind.SECTION, RowKind.PARAGRAPH, RowKind.WHOLE})


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a piece stands in the letter, and whether it was changed."""

    inserted: int = 0
    total: int = 1
    is_changed: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every paragraph of the piece is in the letter."""
        return self.inserted >= self.total > 0

    @property
    def words(self) -> str:
        """Say it in a word or two; nothing for nothing."""
        if not self.inserted:
            return ""
        said = (
            say("Inserted")
            if self.is_whole
            else say("{inserted} of {total} inserted").format(inserted=self.inserted, total=self.total)
        )
        return say("{said}, changed").format(said=said) if self.is_changed else said


NOT_INSERTED = Coverage()


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line; a card is a run of lines from `starts_card` to `ends_card`."""

    kind: RowKind
    row: DocumentRow | None = None
    section_id: str = ""
    paragraph: int = WHOLE
    number: str = ""
    title: str = ""
    detail: str = ""
    passage: Passage = NO_PASSAGE
    chips: tuple[str, ...] = ()
    coverage: Coverage = NOT_INSERTED
    is_open: bool = False
    is_blocked: bool = False
    is_warning: bool = False
    starts_card: bool = False
    ends_card: bool = False

    @property
    def is_stop(self) -> bool:
        """Whether the keyboard stops here."""
        return self.kind in _STOPS

    @property
    def is_piece(self) -> bool:
        """Whether the line stands for a piece of a document."""
        return self.kind in _PIECES

    @property
    def can_insert(self) -> bool:
        """Whether Enter inserts the piece of the line."""
        return self.is_piece and not self.is_blocked and not self.coverage.inserted

    @property
    def key(self) -> tuple[RowKind, str, str, int]:
        """What names the line while everything around it changes."""
        return self.kind, self.row.id if self.row is not None else "", self.section_id, self.paragraph

    @property
    def spoken(self) -> str:
        """Return what a screen reader says for the line."""
        opened = ""
        if self.kind is RowKind.SECTION:
            opened = "open" if self.is_open else "closed"
        does = say("Enter inserts") if self.can_insert else ""
        found = (self.number, self.title, self.detail, self.passage.text, *self.chips)
        said = ", ".join(part for part in (*found, self.coverage.words, opened, does) if part)
        return said.replace("  \N{MIDDLE DOT}  ", ", ")


@dataclass(frozen=True, slots=True)
class PanelState:
    """Everything the lines are made from."""

    found: tuple[FoundDocument, ...] = ()
    document: Document | None = None
    open_sections: frozenset[str] = frozenset()
    inserted: Mapping[PieceKey, Inserted] | None = None
    words: str = ""
    obstacle: str | None = None
    is_suggested: bool = False

    def hit(self) -> FoundDocument | None:
        """Return what was found of the open document, if it was."""
        version = self.document.row.id if self.document is not None else ""
        return next((each for each in self.found if each.hit.row.id == version), None)


def best_usable(found: Sequence[FoundDocument]) -> FoundDocument | None:
    """Return the best document that can be inserted."""
    return next((each for each in found if each.hit.obstacle is None), None)


def panel_rows(state: PanelState) -> tuple[PanelRow, ...]:
    """Make the lines: the open document, the others, and what is refused."""
    rows: list[PanelRow] = []
    if state.document is not None:
        if state.is_suggested and state.hit() is not None:
            rows.append(PanelRow(RowKind.HEAD, title=say("Suggested for this question")))
        rows += _carded(list(_open_document(state, state.document)))
    opened = state.document.row.id if state.document is not None else ""
    others = [each for each in state.found if each.hit.row.id != opened]
    usable = [each for each in others if each.hit.obstacle is None]
    refused = [each for each in others if each.hit.obstacle is not None]
    rows += [_closed(each) for each in usable[:_LIKELY]]
    if refused:
        rows.append(PanelRow(RowKind.HEAD, title=say("Cannot be inserted"), number=str(len(refused))))
        rows += [_refused(each) for each in refused]
    # What fits best but is held must not hide below a long tail of weak hits.
    if usable[_LIKELY:]:
        rows.append(PanelRow(RowKind.HEAD, title=say("Less likely"), number=str(len(usable) - _LIKELY)))
        rows += [_closed(each) for each in usable[_LIKELY:]]
    return tuple(rows)


def _open_document(state: PanelState, document: Document) -> Iterator[PanelRow]:
    row, found = document.row, state.hit()
    yield PanelRow(RowKind.DOCUMENT, row, title=row.title, detail=states.meta_line(row), is_open=True)
    due = states.day_words(row.review_due)
    said = say("Review due {due}").format(due=due) if due else say("No review day")
    if state.obstacle is not None:
        said = say("Cannot be inserted: it {obstacle}").format(obstacle=state.obstacle)
    yield PanelRow(RowKind.STATE, row, title=said, is_blocked=state.obstacle is not None)
    if found is not None and found.passage.text:
        heading = found.hit.heading or say("Text")
        yield PanelRow(
            RowKind.PASSAGE,
            row,
            found.hit.section_id,
            found.passage.paragraph,
            detail=states.joined(heading, say("best sentence")),
            passage=found.passage,
        )
    if found is not None and found.why:
        yield PanelRow(RowKind.WHY, row, title=say("Why"), chips=found.why)
    for number, section in enumerate(document.sections, start=1):
        yield from _section(state, row, section, number)
    if state.obstacle is None and len(document.sections) > 1:
        covered = _sum([_coverage(state, row.id, section) for section in document.sections])
        yield PanelRow(RowKind.WHOLE, row, title=say("Whole document"), coverage=covered)


def _section(state: PanelState, row: DocumentRow, section: Section, number: int) -> Iterator[PanelRow]:
    is_open = section.id in state.open_sections
    covered = _coverage(state, row.id, section)
    yield PanelRow(
        RowKind.SECTION,
        row,
        section.id,
        number=str(number),
        title=section.heading or say("Text"),
        coverage=covered,
        is_open=is_open,
        is_blocked=state.obstacle is not None,
    )
    if not is_open:
        return
    matcher = Matcher(state.words)
    for paragraph in section.paragraphs:
        text = plain_text(parse(paragraph.markup))
        yield PanelRow(
            RowKind.PARAGRAPH,
            row,
            section.id,
            paragraph.index,
            passage=Passage(text, matcher.spans(text), paragraph.index),
            coverage=_piece(state, row.id, section.id, paragraph.index),
            is_blocked=state.obstacle is not None,
        )


def _closed(found: FoundDocument) -> PanelRow:
    row = found.hit.row
    return PanelRow(
        RowKind.CLOSED,
        row,
        title=row.title,
        detail=states.joined(states.meta_line(row), ", ".join(found.why)),
        passage=focused(found.passage),
        starts_card=True,
        ends_card=True,
    )


def _refused(found: FoundDocument) -> PanelRow:
    row = found.hit.row
    reason = say("{name} cannot be inserted: it {obstacle}").format(
        name=states.name_of(row), obstacle=found.hit.obstacle
    )
    return PanelRow(RowKind.REFUSED, row, title=row.title, detail=reason, starts_card=True, ends_card=True)


def _coverage(state: PanelState, version_id: str, section: Section) -> Coverage:
    return _sum([_piece(state, version_id, section.id, each.index) for each in section.paragraphs])


def _piece(state: PanelState, version_id: str, section_id: str, paragraph: int) -> Coverage:
    for key in (
        (version_id, section_id, paragraph),
        (version_id, section_id, WHOLE),
        (version_id, "", WHOLE),
    ):
        found = (state.inserted or {}).get(key)
        if found is not None:
            return Coverage(1, 1, found == "changed")
    return NOT_INSERTED


def _sum(parts: Sequence[Coverage]) -> Coverage:
    return Coverage(
        sum(part.inserted for part in parts),
        sum(part.total for part in parts),
        any(part.is_changed for part in parts),
    )


def _carded(rows: list[PanelRow]) -> list[PanelRow]:
    rows[0] = replace(rows[0], starts_card=True)
    rows[-1] = replace(rows[-1], ends_card=True)
    return rows
