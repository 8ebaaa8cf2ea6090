"""Build what stands in place of the list when it has no rows."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.models.inbox_filter import Problem
from app.services.intake.queries import View
from app.ui.inbox.empty import empty_words, no_match_words
from app.ui.inbox.views_panel import count_text, view_icon, view_title
from app.ui.widgets import EmptyState


@dataclass(frozen=True, slots=True)
class EmptyActs:
    """What the next steps of an empty view do."""

    take: Callable[[], None]
    bring_in: Callable[[], None]
    browse: Callable[[View], None]


@dataclass(frozen=True, slots=True)
class Guess:
    """What may have been meant: a word that finds something, or a part of the filter that is wrong."""

    word: str = ""
    found: int = 0
    doubt: Problem | None = None


def empty_state(view: View, counts: Mapping[View, int], time: str, acts: EmptyActs) -> EmptyState:
    """Say what is done in a view and offer up to three steps."""
    words = empty_words(view, counts, time)
    state = EmptyState("moon-star", words.title, words.sentence)
    saved = _tr("Notes are saved as you type")
    state.add_step(_tr("Take a call"), acts.take, reason=saved, icon="phone", shortcut="N")
    drop = _tr("Drop mails, Excel, CSV or JSON anywhere on this page")
    state.add_step(_tr("Import inquiries"), acts.bring_in, reason=drop, icon="file-input", shortcut="Ctrl+O")
    other = _other_view(view, counts)
    if other is not None:
        state.add_step(
            _tr("Show “{view}”").format(view=view_title(other)),
            functools.partial(acts.browse, other),
            reason=_reason(other).format(n=count_text(counts[other])),
            icon=view_icon(other),
        )
    return state


def no_match_state(
    text: str, guess: Guess, search: Callable[[str], None], clear: Callable[[], None]
) -> EmptyState:
    """Say that nothing matches and offer what may have been meant."""
    words = no_match_words(text, guess.word, guess.found)
    doubt = guess.doubt
    state = EmptyState("search", words.title, doubt.message if doubt is not None else words.sentence)
    if doubt is not None and doubt.suggestion:
        begin = text.rfind(":", 0, doubt.begin + 1)
        begin = max(text.rfind(" ", 0, max(begin, 0)) + 1, 0)
        mended = text[:begin] + doubt.suggestion + text[doubt.end :]
        meant = _tr("Show what matches “{word}”").format(word=doubt.suggestion)
        state.add_step(meant, functools.partial(search, mended), icon="text-search")
    elif guess.word:
        meant = _tr("Show what matches “{word}”").format(word=guess.word)
        state.add_step(meant, functools.partial(search, guess.word), icon="text-search")
    state.add_step(_tr("Clear the filter"), clear, icon="x", shortcut="Esc")
    return state


def _other_view(view: View, counts: Mapping[View, int]) -> View | None:
    candidates: tuple[View, ...] = ("unassigned", "all_open", "closed")
    return next((each for each in candidates if each != view and counts.get(each, 0)), None)


def _reason(view: View) -> str:
    return {
        "unassigned": _tr("{n} without an owner"),
        "all_open": _tr("{n} open in the team"),
    }.get(view, _tr("{n} closed, to look something up"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("inbox_empty", text)
