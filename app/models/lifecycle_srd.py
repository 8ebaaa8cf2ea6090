"""The lifecycle of one version of a standard response document."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.models.lifecycle import NOTHING, Klass, Machine, Role, Transition, needed, sources


class SrdState(StrEnum):
    """Where one version stands; under revision is an overlay."""

    PLANNED = "planned"
    DRAFT = "draft"
    MEDICAL_REVIEW = "medical_review"
    APPROVED = "approved"
    EFFECTIVE = "effective"
    ON_HOLD = "on_hold"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


UNDER_REVISION = "under_revision"
# A revision goes on while the version it replaces is held or runs out.
IN_FORCE = frozenset({SrdState.EFFECTIVE, SrdState.ON_HOLD, SrdState.EXPIRED})
SELECTABLE = frozenset({SrdState.EFFECTIVE})


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """One required review and the hash that its reviewer signed."""

    kind: str
    signed_hash: str = ""


@dataclass(frozen=True, slots=True)
class SrdFacts:
    """Everything that a guard of a version looks at."""

    topic: str = ""
    product: str = ""
    audience: str = ""
    region: str = ""
    origin: str = ""
    missing_sections: tuple[str, ...] = ()
    blocking_findings: int = 0
    search_age_days: int | None = None
    search_age_limit_days: int = 90
    unanchored_sentences: int = 0
    comment: str = ""
    content_hash: str = ""
    reviews: tuple[ReviewFacts, ...] = ()
    authors: frozenset[str] = frozenset()
    acting: str = ""
    approved_elsewhere_by: str = ""
    approved_elsewhere_on: str = ""
    source_hash: str = ""
    now_ms: int = 0
    effective_from_ms: int | None = None
    label_current: bool = False
    needs_translations: bool = False
    translations_ready: bool = False
    revision_reason: str = ""
    hold_reason: str = ""
    review_due_ms: int | None = None
    grace_ms: int = 0
    successor_effective: bool = False
    open_uses: int = 0


def planning(facts: SrdFacts) -> tuple[str, ...]:
    """Ask what the document is about and why it is needed."""
    return needed(
        (bool(facts.topic), "The topic is missing. Choose one."),
        (bool(facts.product), "The product is missing. Choose one."),
        (bool(facts.audience), "The audience is missing. Choose one."),
        (bool(facts.region), "The region is missing. Choose one."),
        (bool(facts.origin), "Say what asks for it: a gap, custom answers, a label change or a launch."),
    )


def drafting(facts: SrdFacts) -> tuple[str, ...]:
    """Ask that every section of the template is there."""
    return tuple(f"The section “{heading}” is missing. Add it." for heading in facts.missing_sections)


def submitting(facts: SrdFacts) -> tuple[str, ...]:
    """Ask for passed checks, a fresh search and anchored sentences."""
    age, limit = facts.search_age_days, facts.search_age_limit_days
    stale = f"The search is {age} days old, the limit is {limit}. Search again."
    loose = facts.unanchored_sentences
    return needed(
        (facts.blocking_findings == 0, f"Checks that still block: {facts.blocking_findings}. Show them."),
        (age is not None, "There is no search receipt. Search the literature."),
        (age is None or age <= limit, stale),
        (loose == 0, f"Clinical sentences without an anchor: {loose}. Tie each to its reference."),
    )


def returning(facts: SrdFacts) -> tuple[str, ...]:
    """Ask the reviewer for comments."""
    return needed((bool(facts.comment.strip()), "There is no comment. Say what should change."))


def approving(facts: SrdFacts) -> tuple[str, ...]:
    """Ask for every reviewer's signature under this text, and another author."""
    unsigned = [
        r.kind for r in facts.reviews if not facts.content_hash or r.signed_hash != facts.content_hash
    ]
    return needed(
        (bool(facts.reviews), "No review is recorded. Ask for the required ones."),
        *((False, f"The {kind} review has not signed this text. Ask for it.") for kind in unsigned),
        (
            bool(facts.authors) and bool(facts.acting),
            "It is not known who wrote this version, so nobody can approve it. Report this.",
        ),
        (
            facts.acting not in facts.authors or not facts.acting,
            "You wrote in this version. Somebody else must approve it.",
        ),
    )


def adopting(facts: SrdFacts) -> tuple[str, ...]:
    """Ask who approved it elsewhere, when, and which file."""
    return needed(
        (bool(facts.approved_elsewhere_by.strip()), "Say who approved it."),
        (bool(facts.approved_elsewhere_on), "Say when it was approved."),
        (bool(facts.source_hash), "The approved file is missing. Import it again."),
    )


def publishing(facts: SrdFacts) -> tuple[str, ...]:
    """Ask that its day has come and label and translations are ready."""
    begins = facts.effective_from_ms
    return needed(
        (begins is not None, "The day from which it is effective is missing. Set it."),
        (begins is None or begins <= facts.now_ms, "The day from which it is effective has not come."),
        (facts.label_current, "It was written against an older label. Check it against the current one."),
        (
            not facts.needs_translations or facts.translations_ready,
            "Its translations are not ready. Finish them.",
        ),
    )


def revising(facts: SrdFacts) -> tuple[str, ...]:
    """Ask why a revision begins."""
    return needed((bool(facts.revision_reason.strip()), "Say why it is revised."))


def holding(facts: SrdFacts) -> tuple[str, ...]:
    """Ask for the urgent reason of a hold."""
    return needed(
        (
            bool(facts.hold_reason.strip()),
            "Say why: a safety signal, a label change or a retracted key reference.",
        )
    )


def expiring(facts: SrdFacts) -> tuple[str, ...]:
    """Ask that review was due and the grace has passed."""
    due = facts.review_due_ms
    return needed(
        (due is not None, "It has no day on which its review is due."),
        (
            due is None or facts.now_ms > due + facts.grace_ms,
            "The grace after its review date has not passed.",
        ),
    )


def superseding(facts: SrdFacts) -> tuple[str, ...]:
    """Ask that a newer version is effective."""
    return needed((facts.successor_effective, "No newer version is effective."))


def archiving(facts: SrdFacts) -> tuple[str, ...]:
    """Ask that no open letter uses it."""
    return needed((facts.open_uses == 0, f"Open letters that use it: {facts.open_uses}. Finish them first."))


_S = SrdState
_LIBRARIAN = frozenset({Role.LIBRARIAN})
_SYSTEM = frozenset({Role.SYSTEM})
_DRAFT, _REVIEW, _EFFECTIVE = frozenset({_S.DRAFT}), frozenset({_S.MEDICAL_REVIEW}), frozenset({_S.EFFECTIVE})
_APPROVED = frozenset({_S.APPROVED})
_UNAPPROVED = frozenset({NOTHING, _S.PLANNED, _S.DRAFT})
_PUBLISHERS = frozenset({Role.SYSTEM, Role.LIBRARIAN})
_HOLDERS = frozenset({Role.LIBRARIAN, Role.SAFETY})
_FACT, _CLAIM = Klass.FACT, Klass.CLAIM

SRD: Machine[SrdFacts] = Machine(
    noun="version",
    states=tuple(_S),
    overlays=MappingProxyType({UNDER_REVISION: IN_FORCE}),
    words=MappingProxyType({"draft": "a draft", "medical_review": "in review"}),
    transitions=(
        Transition("plan", frozenset({NOTHING}), _S.PLANNED, _LIBRARIAN, _FACT, "be planned", "1", planning),
        Transition(
            "draft", frozenset({_S.PLANNED}), _S.DRAFT, _LIBRARIAN, _FACT, "be drafted", "2", drafting
        ),
        Transition("submit", _DRAFT, _S.MEDICAL_REVIEW, _LIBRARIAN, _FACT, "go to review", "3", submitting),
        Transition(
            "return",
            _REVIEW,
            _S.DRAFT,
            frozenset({Role.REVIEWER}),
            _CLAIM,
            "go back to its author",
            "4",
            returning,
        ),
        Transition(
            "approve",
            _REVIEW,
            _S.APPROVED,
            frozenset({Role.APPROVER}),
            Klass.ONLINE,
            "be approved",
            "5",
            approving,
        ),
        # An approval given in another system is taken over with its file, before there was a server too.
        Transition("adopt", _UNAPPROVED, _S.APPROVED, _LIBRARIAN, _FACT, "be taken over", "import", adopting),
        Transition(
            "publish", _APPROVED, _S.EFFECTIVE, _PUBLISHERS, _CLAIM, "become effective", "6", publishing
        ),
        Transition(
            "revise",
            _EFFECTIVE,
            None,
            _LIBRARIAN,
            _CLAIM,
            "be revised",
            "7",
            revising,
            overlay=UNDER_REVISION,
        ),
        Transition("hold", _EFFECTIVE, _S.ON_HOLD, _HOLDERS, _CLAIM, "be put on hold", "8", holding),
        Transition("expire", _EFFECTIVE, _S.EXPIRED, _SYSTEM, _FACT, "expire", "9", expiring),
        # A held or expired version, too, ends when its successor comes or it is withdrawn.
        Transition(
            "supersede", IN_FORCE, _S.SUPERSEDED, _PUBLISHERS, _FACT, "be superseded", "10", superseding
        ),
        Transition("withdraw", IN_FORCE, _S.WITHDRAWN, _PUBLISHERS, _CLAIM, "be withdrawn", "10"),
        Transition(
            "archive",
            sources(_S, _S.ARCHIVED),
            _S.ARCHIVED,
            _LIBRARIAN,
            _CLAIM,
            "be archived",
            "11",
            archiving,
        ),
    ),
)
