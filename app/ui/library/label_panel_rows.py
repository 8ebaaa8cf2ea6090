"""What the label panel shows, line by line, and how it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.models.lifecycle_srd import SrdState
from app.models.markup import parse, plain_text
from app.services.letters.sources import label_row, obstacle, source_document
from app.services.library import labels
from app.services.library.labels import LabelText
from app.services.library.queries import Document, DocumentRow, ForWhom, Section
from app.services.workspace.database import Database
from app.ui.library import states
from app.ui.library.matching import Matcher, Passage
from app.ui.library.panel_rows import Coverage, Inserted, PanelRow, PieceKey, RowKind
from app.ui.library.wording import say

_MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class LabelRead:
    """The labels of a product, the chosen one, and the sections that hold the words, best first."""

    choices: tuple[DocumentRow, ...] = ()
    document: Document | None = None
    texts: Mapping[str, LabelText] | None = None
    found: tuple[str, ...] = ()
    words: str = ""

    @property
    def shown(self) -> tuple[Section, ...]:
        """The sections to list: all of them, or those that hold the words."""
        if self.document is None:
            return ()
        if not self.words:
            return self.document.sections
        by_id = {section.id: section for section in self.document.sections}
        return tuple(by_id[each] for each in self.found if each in by_id)


def read_label(
    database: Database, product: str, chosen: str, words: str, today: date | None = None
) -> LabelRead:
    """Read the labels of a product and the chosen one; on a worker, never on the GUI thread.

    Offered are the versions in force today and those that come; an older one only if it is the chosen one.
    """
    choices = _choices(database, product, chosen, today)
    if not choices:
        return LabelRead(words=words)
    version = next((row.id for row in choices if row.id == chosen), choices[0].id)
    hits = database.read(labels.find, words, version_id=version, limit=_MOST_FOUND) if words else []
    return LabelRead(
        choices,
        database.read(source_document, version),
        {each.id: each for each in database.read(labels.sections_of, version)},
        tuple(hit.section_id for hit in hits),
        words,
    )


def _choices(database: Database, product: str, chosen: str, today: date | None) -> tuple[DocumentRow, ...]:
    found = database.read(labels.labels_of_product, product, today=today) if product else []
    known = {row.id for row in found}
    if chosen and chosen not in known:
        found += [row for row in database.read(labels.rows_beside, [chosen], today=today) if row.id == chosen]
    offered = [row for row in found if row.state != labels.OLDER or row.id == chosen]
    # What is in force stands before what comes.
    offered.sort(key=lambda row: row.state != labels.CURRENT)
    return tuple(map(label_row, offered))


@dataclass(frozen=True, slots=True)
class LabelState:
    """Everything the lines are made from."""

    read: LabelRead = LabelRead()
    whom: ForWhom | None = None
    inserted: Mapping[PieceKey, Inserted] | None = None
    open_sections: frozenset[str] = frozenset()


def label_rows(state: LabelState) -> tuple[PanelRow, ...]:
    """Make the lines: the label with what it is good for, then its sections."""
    document = state.read.document
    if document is None:
        return ()
    row = document.row
    reason = obstacle(row, state.whom) if state.whom is not None else None
    begun = states.day_words(row.effective_from)
    said = say("Since {day}").format(day=begun) if begun else say("Newest version")
    if reason:
        said = say("Cannot be inserted: it {reason}").format(reason=reason)
    where = states.joined(
        say("Version {number}").format(number=row.number) if row.number else "",
        states.country_word(row.country),
        states.language_word(row.language),
    )
    lines = [
        PanelRow(RowKind.DOCUMENT, row, title=row.title, detail=where, is_open=True, starts_card=True),
        PanelRow(RowKind.STATE, _in_time(row, state.whom), title=said, is_blocked=reason is not None),
    ]
    for section in state.read.shown:
        lines += _section(state, row, section, is_blocked=reason is not None)
    lines[-1] = replace(lines[-1], ends_card=True)
    return tuple(lines)


def _in_time(row: DocumentRow, whom: ForWhom | None) -> DocumentRow:
    today = whom.today.isoformat() if whom is not None else ""
    if row.replaced_on is not None and row.replaced_on <= today:
        return replace(row, state=SrdState.SUPERSEDED.value)
    return replace(row, state=labels.COMING) if today and row.effective_from > today else row


def _section(
    state: LabelState, row: DocumentRow, section: Section, *, is_blocked: bool
) -> Iterator[PanelRow]:
    is_open = section.id in state.open_sections
    pieces = [_piece(state, (row.id, section.id, each.index)) for each in section.paragraphs]
    covered = Coverage(
        sum(piece.inserted for piece in pieces), len(pieces), any(piece.is_changed for piece in pieces)
    )
    text = (state.read.texts or {}).get(section.id)
    yield PanelRow(
        RowKind.SECTION,
        row,
        section.id,
        is_warning=text is not None and text.is_boxed_warning,
        title=_title(section, text),
        coverage=covered,
        is_open=is_open,
        # A heading above its subsections has no text of its own that a letter could take.
        is_blocked=is_blocked or not pieces,
    )
    if not is_open:
        return
    matcher = Matcher(state.read.words)
    for paragraph, piece in zip(section.paragraphs, pieces, strict=True):
        drawn = plain_text(parse(paragraph.markup))
        yield PanelRow(
            RowKind.PARAGRAPH,
            row,
            section.id,
            paragraph.index,
            passage=Passage(drawn, matcher.spans(drawn), paragraph.index),
            coverage=piece,
            is_blocked=is_blocked,
        )


def _title(section: Section, text: LabelText | None) -> str:
    heading = section.heading or say("Text")
    if text is None:
        return heading
    if text.is_boxed_warning:
        return say("Boxed warning: {heading}").format(heading=heading)
    standard = text.standard
    is_said = not standard or standard.casefold() in heading.casefold()
    return heading if is_said else f"{heading} ({standard})"


def _piece(state: LabelState, key: PieceKey) -> Coverage:
    found = (state.inserted or {}).get(key)
    return Coverage(1, 1, found == "changed") if found is not None else Coverage()
