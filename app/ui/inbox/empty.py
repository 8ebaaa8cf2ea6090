"""What the inbox says when a view has no rows."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.services.intake.queries import View
from app.services.settings.queries import ProductView


@dataclass(frozen=True, slots=True)
class EmptyWords:
    """A title and a sentence: what is done, and as of when."""

    title: str
    sentence: str


def empty_words(view: View, counts: Mapping[View, int], time: str) -> EmptyWords:
    """Say what is done in a view and as of when that holds."""
    if not counts.get("all", 0):
        return EmptyWords(
            _tr("No inquiries yet"),
            _tr("This workspace is new. It works with or without a network."),
        )
    as_of = _tr("As of {time}, on this machine.").format(time=time)
    title, done = _said(view, counts.get("all_open", 0), counts.get("closed", 0))
    return EmptyWords(title, f"{done} {as_of}")


def no_match_words(text: str, guess: str, found: int) -> EmptyWords:
    """Say that nothing matches, and what may have been meant."""
    title = _tr("No inquiry matches “{text}”").format(text=_short(text))
    clears = _tr("Esc clears the filter.")
    if not guess:
        return EmptyWords(title, clears)
    meant = _tr("Did you mean {guess} ({found:,})?").format(guess=guess, found=found)
    return EmptyWords(title, f"{meant} {clears}")


def guesses(text: str, products: Sequence[ProductView]) -> list[str]:
    """Return names of products that look like a word that was typed."""
    known = {word.lower(): word for each in products for name in each.words for word in name.split()}
    found: list[str] = []
    for word in text.lower().split():
        found += [
            known[near] for near in difflib.get_close_matches(word, known, n=2, cutoff=0.7) if near != word
        ]
    return list(dict.fromkeys(found))


def _said(view: View, still_open: int, closed: int) -> tuple[str, str]:
    others = _tr("{n:,} inquiries are open in the team.").format(n=still_open)
    if still_open == 1:
        others = _tr("One inquiry is open in the team.")
    if not still_open:
        others = _tr("All {n:,} inquiries are closed or handed over.").format(n=closed)
    return {
        "mine": (_tr("Nothing is waiting for you"), others),
        "due_today": (_tr("Nothing more is due today"), others),
        "overdue": (_tr("Nothing is overdue"), others),
        "safety_open": (
            _tr("No open safety record"),
            _tr("Every adverse event and complaint is handed off and acknowledged."),
        ),
        "waiting": (_tr("Nobody keeps you waiting"), _tr("No inquiry waits for a requester or a colleague.")),
        "unassigned": (_tr("Every inquiry has an owner"), others),
        "all_open": (_tr("Nothing is open"), others),
        "closed": (_tr("Nothing is closed yet"), others),
        "all": (_tr("No inquiries yet"), others),
    }[view]


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else f"{words[:39]}…"


def _tr(text: str) -> str:
    return QCoreApplication.translate("inbox_empty", text)
