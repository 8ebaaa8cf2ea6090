"""The lifecycle of one version of a letter; an amendment is another."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.models.lifecycle import NOTHING, Klass, Machine, Role, Transition, needed, sources


class LetterState(StrEnum):
    """Where one version of a letter stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RELEASED = "released"
    SENT = "sent"
    DELIVERY_FAILED = "delivery_failed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything that a guard of the letter looks at.

    `authors` are all who wrote in this version and `acting` is who takes the step. `unusable_versions`
    names each SRD version that is not effective for the contact: at server time when a second person
    approves, as last synced when the author releases.
    """

    inquiry_in_progress: bool = False
    blocking_findings: int = 0
    forked_blocks: int = 0
    snapshot_taken: bool = False
    comment: str = ""
    authors: frozenset[str] = frozenset()
    acting: str = ""
    unusable_versions: tuple[str, ...] = ()
    reauthenticated: bool = False
    signature_meaning: str = ""
    free_blocks: int = 0
    changed_blocks: int = 0
    off_label: bool = False
    patient_facing: bool = False
    for_opinion_leader: bool = False
    media_or_legal: bool = False
    contact_verified: bool = False
    recipient_equals_contact: bool = False
    safety_decided: bool = False
    hash_unchanged: bool = False
    failure_reason: str = ""
    newer_version_sent: bool = False
    draft_withdrawn: bool = False


def review_reasons(facts: LetterFacts) -> tuple[str, ...]:
    """List every reason for which a second person must review."""
    return needed(
        (facts.free_blocks == 0, _blocks(facts.free_blocks, "written freely")),
        (facts.changed_blocks == 0, _blocks(facts.changed_blocks, "changed from the approved text")),
        (not facts.off_label, "The answer is off label, so it needs review."),
        (not facts.patient_facing, "The letter goes to a patient, so it needs review."),
        (not facts.for_opinion_leader, "The letter goes to an opinion leader, so it needs review."),
        (not facts.media_or_legal, "It is a media or legal matter, so it needs review."),
    )


def writing(facts: LetterFacts) -> tuple[str, ...]:
    """Ask that the inquiry is being worked on."""
    return needed((facts.inquiry_in_progress, "The inquiry is not in progress. Start it."))


def passing_checks(facts: LetterFacts) -> tuple[str, ...]:
    """Ask that no check blocks and no block is in conflict."""
    found, forked = facts.blocking_findings, facts.forked_blocks
    return needed(
        (
            found == 0,
            f"{_count(found, 'check')} still {'blocks' if found == 1 else 'block'}. Show the checks.",
        ),
        (forked == 0, f"{_count(forked, 'block')} in conflict. Choose a version of each."),
    )


def submitting(facts: LetterFacts) -> tuple[str, ...]:
    """Ask for passed checks and a snapshot to review."""
    return passing_checks(facts) + needed(
        (facts.snapshot_taken, "There is no snapshot for the reviewer. Save the letter.")
    )


def returning(facts: LetterFacts) -> tuple[str, ...]:
    """Ask the reviewer for a comment."""
    return needed((bool(facts.comment.strip()), "There is no comment. Say what should change."))


def approving(facts: LetterFacts) -> tuple[str, ...]:
    """Ask for a second person, effective texts and a full signature."""
    return (
        passing_checks(facts)
        + _effective(facts)
        + _signing(facts)
        + needed(
            (
                bool(facts.authors) and bool(facts.acting),
                "It is not known who wrote this version, so nobody can approve it. Report this.",
            ),
            (
                facts.acting not in facts.authors or not facts.acting,
                "You wrote in this version. Somebody else must approve it.",
            ),
            (bool(facts.signature_meaning.strip()), "The signature has no meaning. Choose one."),
        )
    )


def releasing(facts: LetterFacts) -> tuple[str, ...]:
    """Ask that its author releases verbatim, effective text that needs no review."""
    return (
        passing_checks(facts)
        + review_reasons(facts)
        + _effective(facts)
        + _signing(facts)
        + needed(
            (bool(facts.acting) and facts.acting in facts.authors, "Only its author may release a letter.")
        )
    )


def sending(facts: LetterFacts) -> tuple[str, ...]:
    """Ask for the verified contact, safety answers and the signed bytes."""
    return needed(
        (facts.contact_verified, "The contact is not verified. Verify it."),
        (
            facts.recipient_equals_contact,
            "Name or address differ from the verified contact. Correct the one that is wrong.",
        ),
        (facts.safety_decided, "Adverse event and complaint are not decided yet. Decide them."),
        (facts.hash_unchanged, "The package differs from what was signed. Export the signed one again."),
    )


def failing(facts: LetterFacts) -> tuple[str, ...]:
    """Ask why the delivery failed."""
    return needed((bool(facts.failure_reason.strip()), "Say why the delivery failed."))


def superseding(facts: LetterFacts) -> tuple[str, ...]:
    """Ask for a newer version that was sent, or a withdrawn draft."""
    return needed(
        (
            facts.newer_version_sent or facts.draft_withdrawn,
            "No newer version was sent and the draft was not withdrawn.",
        )
    )


def _effective(facts: LetterFacts) -> tuple[str, ...]:
    return tuple(
        f"{version} is not effective for this contact. Replace its text."
        for version in facts.unusable_versions
    )


def _signing(facts: LetterFacts) -> tuple[str, ...]:
    return needed((facts.reauthenticated, "Signing asks for your passphrase again. Enter it."))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _blocks(number: int, what: str) -> str:
    verb = "is" if number == 1 else "are"
    return f"{_count(number, 'block')} {verb} {what}, so the letter needs review."


_S = LetterState
_SPECIALIST = frozenset({Role.SPECIALIST})
_SIGNED = frozenset({_S.APPROVED, _S.RELEASED})
_FACT = Klass.FACT
_DRAFT, _IN_REVIEW = frozenset({_S.DRAFT}), frozenset({_S.IN_REVIEW})

LETTER: Machine[LetterFacts] = Machine(
    noun="letter",
    states=tuple(_S),
    words=MappingProxyType({"draft": "a draft", "delivery_failed": "not delivered"}),
    transitions=(
        Transition("write", frozenset({NOTHING}), _S.DRAFT, _SPECIALIST, _FACT, "be written", "1", writing),
        Transition("submit", _DRAFT, _S.IN_REVIEW, _SPECIALIST, _FACT, "go to review", "2", submitting),
        Transition(
            "return",
            _IN_REVIEW,
            _S.DRAFT,
            frozenset({Role.REVIEWER}),
            Klass.CLAIM,
            "go back to its author",
            "3",
            returning,
        ),
        Transition(
            "approve",
            _IN_REVIEW,
            _S.APPROVED,
            frozenset({Role.APPROVER}),
            Klass.ONLINE,
            "be approved",
            "4",
            approving,
        ),
        Transition("release", _DRAFT, _S.RELEASED, _SPECIALIST, _FACT, "be released", "5", releasing),
        Transition("send", _SIGNED, _S.SENT, _SPECIALIST, _FACT, "be sent", "6", sending),
        Transition(
            "fail",
            frozenset({_S.SENT}),
            _S.DELIVERY_FAILED,
            _SPECIALIST,
            _FACT,
            "count as not delivered",
            "7",
            failing,
        ),
        Transition(
            "resend",
            frozenset({_S.DELIVERY_FAILED}),
            _S.SENT,
            _SPECIALIST,
            _FACT,
            "be sent again",
            "7",
            sending,
        ),
        Transition(
            "supersede",
            sources(_S, _S.SUPERSEDED),
            _S.SUPERSEDED,
            frozenset({Role.SYSTEM}),
            _FACT,
            "be superseded",
            "8",
            superseding,
        ),
    ),
)
