"""Two versions of a document or of a label, and what changed between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.services.library import label_changes, labels, queries
from app.services.library.label_changes import SectionState
from app.services.library.label_rows import LabelRow
from app.services.library.queries import DocumentRow
from app.services.workspace.database import Database
from app.ui.library import states
from app.ui.library.fact_lines import FactLine
from app.ui.library.version_diff import PairedSection, compare, compare_label_sections
from app.ui.library.wording import say
from app.ui.widgets import ChipKind


@dataclass(frozen=True, slots=True)
class Side:
    """One version that can be compared: its id, its name in a list and its short name."""

    id: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: its title and its versions, newest first, and how two of them are read."""

    key: str
    title: str
    sides: tuple[Side, ...]
    read: Callable[[Database, str, str], tuple[PairedSection, ...]]

    def side(self, version_id: str) -> Side | None:
        """Return a version by its id."""
        return next((side for side in self.sides if side.id == version_id), None)

    def before(self, version_id: str) -> str:
        """Return the version before one, else the one after it, else nothing."""
        ids = [side.id for side in self.sides]
        if version_id not in ids or len(ids) < 2:
            return ""
        at = ids.index(version_id)
        return ids[at + 1] if at + 1 < len(ids) else ids[at - 1]


def subject_of_document(row: DocumentRow, versions: Sequence[DocumentRow]) -> Subject:
    """Offer the versions of a document for comparing, those for the same readers first."""
    alike = [each for each in versions if _whom(each) == _whom(row)]
    others = [each for each in versions if _whom(each) != _whom(row)]
    sides = [_side_of(each, is_other=False) for each in alike]
    sides += [_side_of(each, is_other=True) for each in others]
    return Subject(row.code, row.title, tuple(sides), read_documents)


def subject_of_label(versions: Sequence[LabelRow]) -> Subject:
    """Offer the versions of a label for comparing."""
    sides = tuple(Side(row.id, label_name(row), row.number or row.effective_from) for row in versions)
    return Subject(versions[0].label_id, versions[0].title, sides, read_labels)


def read_documents(database: Database, older_id: str, newer_id: str) -> tuple[PairedSection, ...]:
    """Compare two versions of a document; runs off the GUI thread."""
    return compare(database.read(queries.document, older_id), database.read(queries.document, newer_id))


def read_labels(database: Database, older_id: str, newer_id: str) -> tuple[PairedSection, ...]:
    """Compare two versions of a label; runs off the GUI thread."""
    return compare_label_sections(database.read(label_changes.compare, older_id, newer_id))


def label_name(row: LabelRow) -> str:
    """Name a version of a label with its day and whether it is in force."""
    begins = states.day_words(row.effective_from)
    number = say("Version {number}").format(number=row.number) if row.number else ""
    return states.joined(number, begins, label_look(row.state)[0]) or row.id


def label_look(state: str) -> tuple[str, ChipKind, str]:
    """Return word, chip and icon of the state of a label version."""
    looks: dict[str, tuple[str, ChipKind, str]] = {
        labels.CURRENT: (say("In force"), "ok", "circle-check"),
        labels.COMING: (say("Coming"), "dashed", "calendar-clock"),
        labels.OLDER: (say("Older"), "plain", "history"),
    }
    return looks.get(state, (state, "plain", ""))


def state_look(state: SectionState) -> tuple[str, ChipKind, str]:
    """Return word, chip and icon of what became of a section."""
    looks: dict[SectionState, tuple[str, ChipKind, str]] = {
        SectionState.SAME: (say("Same"), "plain", ""),
        SectionState.CHANGED: (say("Changed"), "soon", "pencil-line"),
        SectionState.ADDED: (say("New"), "ok", "plus"),
        SectionState.REMOVED: (say("Gone"), "over", "minus"),
    }
    return looks[state]


def counted(sections: Sequence[PairedSection]) -> str:
    """Count the sections by what became of them."""
    found = [section.state for section in sections]
    words = (
        (SectionState.CHANGED, say("{n} changed")),
        (SectionState.ADDED, say("{n} new")),
        (SectionState.REMOVED, say("{n} gone")),
        (SectionState.SAME, say("{n} the same")),
    )
    parts = [word.format(n=f"{found.count(state):,}") for state, word in words if state in found]
    return states.joined(*parts)


def section_line(place: int, section: PairedSection) -> FactLine:
    """Describe a section with what became of it."""
    word, kind, icon = state_look(section.state)
    detail = say("Boxed warning") if section.is_boxed_warning else ""
    if section.old_heading and section.new_heading and section.old_heading != section.new_heading:
        was = say("was “{heading}”").format(heading=section.old_heading)
        detail = states.joined(detail, was)
    return FactLine(f"{place}", section.heading, detail, chip=word, kind=kind, icon=icon, about=section)


def _side_of(row: DocumentRow, *, is_other: bool) -> Side:
    whom = states.joined(states.country_word(row.country), states.audience_word(row.audience), row.language)
    word = states.state_look(row.state).word
    number = say("Version {number}").format(number=row.number)
    begins = states.day_words(row.effective_from)
    return Side(row.id, states.joined(number, whom if is_other else "", begins, word), row.number)


def _whom(row: DocumentRow) -> tuple[str, str, str]:
    return row.country, row.language, row.audience
