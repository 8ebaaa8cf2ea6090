"""The lifecycle of a safety record: an adverse event or a quality complaint; nothing deletes one."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.models.lifecycle import CONTENT_ROLES, NOTHING, Klass, Machine, Role, Transition, needed


class SafetyState(StrEnum):
    """Where a safety record stands."""

    SUSPECTED = "suspected"
    CAPTURED = "captured"
    VALIDATED = "validated"
    HANDED_OFF = "handed_off"
    ACKNOWLEDGED = "acknowledged"
    FOLLOW_UP = "follow_up"
    RECONCILED = "reconciled"
    CLOSED = "closed"
    NOT_AE = "not_ae"
    NULLIFIED = "nullified"


_S = SafetyState
DISMISSED = (_S.NOT_AE.value, _S.NULLIFIED.value)
"""No safety case any more; it stays for ever, and a new suspicion opens it again."""

UNACKNOWLEDGED = (_S.SUSPECTED.value, _S.CAPTURED.value, _S.VALIDATED.value, _S.HANDED_OFF.value)
"""Not yet acknowledged by the department that receives it."""


@dataclass(frozen=True, slots=True)
class SafetyFacts:
    """Everything that a guard of a safety record looks at.

    `criteria` counts the criteria of a valid report that are known, None while nobody has looked.
    `acting` takes the step, and `second_person` agrees to it.
    """

    known: bool = False
    criteria: int | None = None
    method: str = ""
    receiver: str = ""
    handed_off: bool = False
    external_number: str = ""
    reason: str = ""
    flagged_serious: bool = False
    acting: str = ""
    second_person: str = ""
    follow_up: str = ""
    reconciliation: str = ""
    open_follow_ups: int = 0


def capturing(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask that something of it was written down."""
    return needed((facts.known, "Nothing of it is written down yet. Say what was told."))


def validating(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask that somebody looked at the criteria; none of them need be met."""
    return needed(
        (facts.criteria is not None, "Nobody has said which of the four criteria are known. Look at each.")
    )


def handing_off(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask how and to whom; a record that is not complete is handed off all the same."""
    return needed(
        (bool(facts.method.strip()), "The way of the hand-off is missing. Say how it went."),
        (bool(facts.receiver.strip()), "The receiver is missing. Say who took it."),
    )


def acknowledging(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask for a hand-off and the number that the department gave."""
    return needed(
        (facts.handed_off, "It has no recorded hand-off yet. Hand it off first."),
        (bool(facts.external_number.strip()), "The case number is missing. Enter the one they gave you."),
    )


def following_up(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask what was asked or learned."""
    return needed((bool(facts.follow_up.strip()), "Say what you asked, or what has become known."))


def reconciling(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask for the reconciliation in which both sides agree."""
    return needed((bool(facts.reconciliation), "It is in no reconciliation yet. Compare both lists first."))


def closing(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask that no follow-up is still owed."""
    count = facts.open_follow_ups
    return needed((count == 0, f"Follow-ups that are still owed: {count}. Log or end them first."))


def dismissing(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask why, that nobody has it yet, and for a second person once it was flagged serious."""
    has_second = bool(facts.second_person) and facts.second_person != facts.acting
    return needed(
        (bool(facts.reason.strip()), "Say why it is no safety case."),
        (not facts.handed_off, "It was handed off already. Tell the department that has it."),
        (
            has_second or not facts.flagged_serious,
            "It was flagged serious. A second person must agree that it is no safety case.",
        ),
    )


def nullifying(facts: SafetyFacts) -> tuple[str, ...]:
    """Ask why."""
    return needed((bool(facts.reason.strip()), "Say why the case is nullified."))


_BEFORE_HANDOFF = frozenset({_S.SUSPECTED, _S.CAPTURED, _S.VALIDATED})
_WITH_DEPARTMENT = frozenset(set(_S) - _BEFORE_HANDOFF - {_S.NOT_AE, _S.NULLIFIED})
_NUMBERED = _WITH_DEPARTMENT - {_S.HANDED_OFF}
_RECONCILERS = frozenset({Role.SPECIALIST, Role.SAFETY, Role.QUALITY})
_SAFETY = frozenset({Role.SAFETY})
_FACT, _CLAIM = Klass.FACT, Klass.CLAIM

# Whoever learns of it records and hands it off, so that no role ever stands between a patient and the clock.
SAFETY: Machine[SafetyFacts] = Machine(
    noun="safety record",
    states=tuple(_S),
    words=MappingProxyType({"not_ae": "dismissed", "follow_up": "in follow-up"}),
    transitions=(
        Transition(
            "suspect", frozenset({NOTHING}), _S.SUSPECTED, CONTENT_ROLES, _FACT, "be opened", "suspected"
        ),
        Transition(
            "suspect_again",
            frozenset({_S.NOT_AE, _S.NULLIFIED}),
            _S.SUSPECTED,
            CONTENT_ROLES,
            _FACT,
            "be opened again",
            "suspected",
        ),
        Transition(
            "capture",
            frozenset({_S.SUSPECTED}),
            _S.CAPTURED,
            CONTENT_ROLES,
            _FACT,
            "be captured",
            "captured",
            capturing,
        ),
        Transition(
            "validate",
            frozenset({_S.CAPTURED}),
            _S.VALIDATED,
            CONTENT_ROLES,
            _FACT,
            "be validated",
            "validated",
            validating,
        ),
        Transition(
            "hand_off",
            _BEFORE_HANDOFF,
            _S.HANDED_OFF,
            CONTENT_ROLES,
            _FACT,
            "be handed off",
            "handed_off",
            handing_off,
        ),
        Transition(
            "hand_off_again",
            _WITH_DEPARTMENT,
            None,
            CONTENT_ROLES,
            _FACT,
            "be handed off again",
            "handed_off",
            handing_off,
        ),
        Transition(
            "acknowledge",
            frozenset({_S.HANDED_OFF}),
            _S.ACKNOWLEDGED,
            CONTENT_ROLES,
            _FACT,
            "be acknowledged",
            "acknowledged",
            acknowledging,
        ),
        # The department may give another number, or answer a later hand-off.
        Transition(
            "acknowledge_again",
            _NUMBERED,
            None,
            CONTENT_ROLES,
            _FACT,
            "be acknowledged again",
            "acknowledged",
            acknowledging,
        ),
        Transition(
            "follow_up",
            _NUMBERED,
            _S.FOLLOW_UP,
            CONTENT_ROLES,
            _FACT,
            "be followed up",
            "follow_up",
            following_up,
        ),
        Transition(
            "reconcile",
            frozenset({_S.ACKNOWLEDGED, _S.FOLLOW_UP}),
            _S.RECONCILED,
            _RECONCILERS,
            _CLAIM,
            "be reconciled",
            "reconciled",
            reconciling,
        ),
        Transition(
            "close",
            frozenset({_S.RECONCILED}),
            _S.CLOSED,
            _RECONCILERS,
            _CLAIM,
            "be closed",
            "closed",
            closing,
        ),
        Transition(
            "dismiss",
            _BEFORE_HANDOFF,
            _S.NOT_AE,
            CONTENT_ROLES,
            _FACT,
            "be dismissed",
            "not_ae",
            dismissing,
        ),
        Transition(
            "nullify",
            frozenset(set(_S) - {_S.NULLIFIED}),
            _S.NULLIFIED,
            _SAFETY,
            _CLAIM,
            "be nullified",
            "nullified",
            nullifying,
        ),
    ),
)


def next_name(state: str, step: str) -> str:
    """Return the name of a step that a later state knows by another, such as a second hand-off."""
    again = f"{step}_again"
    names = {transition.name: transition for transition in SAFETY.transitions}
    return again if again in names and state in names[again].sources else step
