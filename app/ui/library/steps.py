"""Which steps of a version are open, and why others are not."""

from datetime import date

from app.models.lifecycle import Actor, Position, Role, blockers
from app.models.lifecycle_srd import SRD, SrdFacts, SrdState
from app.services.library.queries import DocumentRow
from app.services.library.versions import already_revised
from app.ui.library import states
from app.ui.library.wording import say

REVISE_STEP = "revise"
_LIBRARIAN = Actor(frozenset({Role.LIBRARIAN}), enrolled=False, online=False)
_NOT_HELD_YET = SrdFacts(hold_reason="asked for later")
_NOT_REVISED_YET = SrdFacts(revision_reason="asked for later")


def why_not_publish(row: DocumentRow | None, today: date) -> str | None:
    """Say why a version cannot be published, or nothing if it can."""
    if row is None:
        return say("Choose a document first.")
    if row.state in (SrdState.DRAFT, SrdState.PLANNED):
        return None
    if row.state == SrdState.APPROVED:
        return say("Approved already, effective from {day}.").format(day=states.day_words(row.effective_from))
    if row.state == SrdState.EFFECTIVE:
        return say("Effective already.")
    word = states.state_look(row.state).word.lower()
    return say("This version is {word}. Only a draft can be published.").format(word=word)


def why_not_hold(row: DocumentRow | None) -> str | None:
    """Say why a version cannot be held, or nothing if it can."""
    if row is None:
        return say("Choose a document first.")
    found = blockers(SRD, Position(row.state), "hold", _NOT_HELD_YET, _LIBRARIAN)
    return found[0] if found else None


def blockers_of(row: DocumentRow, step: str, revision: DocumentRow | None = None) -> tuple[str, ...]:
    """Say everything that the state of a version, and one that is to follow it, puts in the way of a step.

    What only the database knows, such as open letters, is told when the step is taken.
    """
    found = blockers(SRD, Position(row.state), step, _NOT_REVISED_YET, _LIBRARIAN)
    if step == REVISE_STEP and revision is not None:
        return (*found, already_revised(revision))
    return tuple(found)
