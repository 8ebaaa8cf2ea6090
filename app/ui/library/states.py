"""How states, days and readers of a document are written."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.models.lifecycle_srd import SrdState
from app.services.library.queries import DocumentRow
from app.ui.library.wording import say
from app.ui.widgets import ChipKind

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AUDIENCES: Final = {"hcp": "HCP", "patient": "Patient"}
_LANGUAGES: Final = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
}


@dataclass(frozen=True, slots=True)
class StateLook:
    """The word, icon and chip of a state."""

    word: str
    icon: str
    kind: ChipKind


_LOOKS: Final[dict[str, StateLook]] = {
    SrdState.ON_HOLD: StateLook("On hold", "file-lock-2", "over"),
    SrdState.EXPIRED: StateLook("Expired", "clock-alert", "over"),
    SrdState.DRAFT: StateLook("Draft", "pencil-line", "outline"),
    SrdState.PLANNED: StateLook("Planned", "circle-dashed", "outline"),
    SrdState.MEDICAL_REVIEW: StateLook("In review", "eye", "accent"),
    SrdState.APPROVED: StateLook("Approved", "badge-check", "dashed"),
    SrdState.EFFECTIVE: StateLook("Effective", "circle-check", "ok"),
    SrdState.SUPERSEDED: StateLook("Superseded", "history", "plain"),
    SrdState.WITHDRAWN: StateLook("Withdrawn", "ban", "plain"),
    SrdState.ARCHIVED: StateLook("Archived", "archive", "plain"),
}


def state_look(state: str) -> StateLook:
    """Return how a state is shown; an unknown one shows its name."""
    look = _LOOKS.get(state)
    if look is not None:
        return replace(look, word=say(look.word))
    return StateLook(state.replace("_", " ").capitalize(), "circle", "neutral")


def is_review_overdue(row: DocumentRow, today: date) -> bool:
    """Tell whether an effective version is past its review day."""
    return row.state == SrdState.EFFECTIVE and "" < row.review_due < today.isoformat()


def day_words(iso_day: str) -> str:
    """Write a day with its month as a word; none for none."""
    if not iso_day:
        return ""
    day = date.fromisoformat(iso_day)
    return f"{day.day} {say(_MONTHS[day.month - 1])} {day.year}"


def read_day(written: str) -> date | None:
    """Read a day as 2026-01-26 or 26 Jan 2026, else nothing."""
    parts = written.replace(",", " ").split()
    try:
        if len(parts) == 1:
            return date.fromisoformat(parts[0])
        day, month, year = parts
        names = [say(name).lower() for name in _MONTHS]
        return date(int(year), names.index(month[:3].lower()) + 1, int(day))
    except ValueError:
        return None


def audience_word(audience: str) -> str:
    """Return how an audience is called."""
    return say(_AUDIENCES[audience]) if audience in _AUDIENCES else audience


def country_word(country: str) -> str:
    """Return how a country is called, which may be all of them."""
    return country or say("All countries")


def language_word(language: str) -> str:
    """Return the name of a language, or its code."""
    return say(_LANGUAGES[language]) if language in _LANGUAGES else language


def name_of(row: DocumentRow) -> str:
    """Return the number of a document with its version."""
    return f"{row.code} v{row.number}"


def joined(*parts: str) -> str:
    """Join the facts of a line by dots, without empty ones."""
    return "  \N{MIDDLE DOT}  ".join(part for part in parts if part)


def meta_line(row: DocumentRow) -> str:
    """Return number, country, audience and language of a version."""
    return joined(
        name_of(row), country_word(row.country), audience_word(row.audience), language_word(row.language)
    )
