"""Rows of the document list: what is shown, sorted and filtered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final, Literal

from app.services.library.queries import DocumentRow
from app.ui.library import states
from app.ui.library.matching import NO_PASSAGE, Passage, focused, holds_all
from app.ui.library.states import StateLook

SortKey = Literal["title", "state", "whom", "due"]
NO_DAY: Final = "9999-12-31"
_TITLE_WORD: Final = re.compile(r"[\w-]{4,}")
_ALIKE: Final = 0.75


@dataclass(frozen=True, slots=True)
class ListRow:
    """One version as a line of the list."""

    row: DocumentRow
    title: str
    detail: str
    look: StateLook
    whom: str = ""
    due: str = ""
    is_due_loud: bool = False
    passage: Passage = NO_PASSAGE

    @property
    def spoken(self) -> str:
        """Return what a screen reader says for the row."""
        review = f"review was due {self.due}" if self.is_due_loud else f"review due {self.due}"
        parts = (self.title, self.detail, self.look.word, self.whom, review if self.due else "")
        return ", ".join(
            part.replace("  \N{MIDDLE DOT}  ", ", ") for part in (*parts, self.passage.text) if part
        )


def current_versions(rows: Iterable[DocumentRow]) -> list[DocumentRow]:
    """Keep what is in force or on its way, else the newest of a document."""
    by_variant: dict[tuple[str, str, str, str], list[DocumentRow]] = {}
    for row in rows:
        by_variant.setdefault((row.code, row.country, row.language, row.audience), []).append(row)
    kept: list[DocumentRow] = []
    for versions in by_variant.values():
        kept += [row for row in versions if states.is_open(row)] or versions[:1]
    return kept


def list_row(row: DocumentRow, today: date, passage: Passage | None = None) -> ListRow:
    """Describe a version for the list of documents."""
    return ListRow(
        row,
        row.title,
        states.joined(states.name_of(row), row.product),
        states.state_look(row.state),
        states.joined(states.country_word(row.country), states.audience_word(row.audience)),
        states.day_words(row.review_due),
        states.is_review_overdue(row, today),
        focused(passage or NO_PASSAGE),
    )


def version_rows(rows: Sequence[DocumentRow]) -> list[ListRow]:
    """Describe the versions of one document; whom each is for if that differs."""
    differs = len({(row.country, row.audience, row.language) for row in rows}) > 1
    described = []
    for row in rows:
        begins = states.day_words(row.effective_from) or "No day set"
        whom = states.joined(states.country_word(row.country), states.audience_word(row.audience))
        detail = states.joined(whom, begins) if differs else begins
        described.append(ListRow(row, f"Version {row.number}", detail, states.state_look(row.state)))
    return described


def filtered(
    rows: Iterable[DocumentRow], kind: str, words: str, passages: Mapping[str, Passage]
) -> list[DocumentRow]:
    """Keep a kind, and what holds the words in its title or its text."""
    asked = words.split()
    return [
        row
        for row in rows
        if (not kind or row.kind == kind)
        and (
            not asked
            or row.id in passages
            or holds_all(asked, row.title, states.name_of(row), row.product, row.country)
        )
    ]


def ordered(rows: Sequence[DocumentRow], key: SortKey, today: date, *, descending: bool) -> list[DocumentRow]:
    """Sort rows by a column; equal ones stand by their number."""
    by_code = sorted(rows, key=lambda row: (row.code, row.country, row.audience, row.language))
    return sorted(by_code, key=lambda row: _sort_value(row, key, today), reverse=descending)


def ranked(rows: Sequence[DocumentRow], passages: Mapping[str, Passage]) -> list[DocumentRow]:
    """Sort rows as the search found them, best first; the rest after."""
    places = {version_id: place for place, version_id in enumerate(passages)}
    return sorted(rows, key=lambda row: places.get(row.id, len(places)))


def counts(rows: Iterable[DocumentRow], today: date) -> dict[str, int]:
    """Count documents by kind and those that need attention."""
    found = {"": 0, "srd": 0, "faq": 0, "on_hold": 0, "expired": 0, "overdue": 0}
    for row in rows:
        found[""] += 1
        for name in (row.kind, row.state):
            if name in found:
                found[name] += 1
        found["overdue"] += states.is_review_overdue(row, today)
    return found


def _sort_value(row: DocumentRow, key: SortKey, today: date) -> tuple[object, ...]:
    if key == "title":
        return (row.title.casefold(),)
    if key == "whom":
        return (states.country_word(row.country), row.audience)
    if key == "due":
        return (row.review_due or NO_DAY,)
    return (states.loudness(row, today),)


def did_you_mean(word: str, rows: Iterable[DocumentRow]) -> tuple[str, int]:
    """Return a word of the titles that is spelled alike, and how often it stands."""
    titles = [_TITLE_WORD.findall(f"{row.title} {row.product} {row.code}".casefold()) for row in rows]
    known = {each for title in titles for each in title}
    alike = get_close_matches(word.casefold(), sorted(known), 1, _ALIKE)
    if not alike or alike[0] == word.casefold():
        return "", 0
    return alike[0], sum(alike[0] in title for title in titles)
