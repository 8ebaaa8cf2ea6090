"""Rows of the document list: what is shown, sorted and filtered."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from app.services.library.queries import DocumentRow
from app.ui.library import states
from app.ui.library.matching import NO_PASSAGE, Passage, focused
from app.ui.library.states import StateLook
from app.ui.library.wording import say

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
        review = (
            say("review was due {due}").format(due=self.due)
            if self.is_due_loud
            else say("review due {due}").format(due=self.due)
        )
        parts = (self.title, self.detail, self.look.word, self.whom, review if self.due else "")
        return ", ".join(
            part.replace("  \N{MIDDLE DOT}  ", ", ") for part in (*parts, self.passage.text) if part
        )


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
        begins = states.day_words(row.effective_from) or say("No day set")
        whom = states.joined(states.country_word(row.country), states.audience_word(row.audience))
        detail = states.joined(whom, begins) if differs else begins
        described.append(
            ListRow(
                row, say("Version {number}").format(number=row.number), detail, states.state_look(row.state)
            )
        )
    return described


def did_you_mean(word: str, titles: Iterable[str]) -> tuple[str, int]:
    """Return a word of the titles that is spelled alike, and in how many it stands."""
    found = [frozenset(_TITLE_WORD.findall(title.casefold())) for title in titles]
    known = frozenset().union(*found)
    alike = get_close_matches(word.casefold(), sorted(known), 1, _ALIKE)
    if not alike or alike[0] == word.casefold():
        return "", 0
    return alike[0], sum(alike[0] in title for title in found)
