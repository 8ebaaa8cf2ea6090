"""The lifecycle of an inquiry, from the call to the closed case."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.models.lifecycle import CONTENT_ROLES, NOTHING, Klass, Machine, Role, Transition, needed, sources


class InquiryState(StrEnum):
    """Where an inquiry stands; escalated is an overlay on any open one."""

    NEW = "new"
    TRIAGE = "triage"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    AWAITING_REQUESTER = "awaiting_requester"
    AWAITING_INTERNAL = "awaiting_internal"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"


ESCALATED = "escalated"
ENDED = frozenset(
    {InquiryState.CLOSED, InquiryState.DUPLICATE, InquiryState.CANCELLED, InquiryState.TRANSFERRED}
)
OPEN = sources(InquiryState, *ENDED)
BEFORE_ANSWERED = sources(OPEN, InquiryState.ANSWERED, InquiryState.REOPENED)


class Decision(StrEnum):
    """What a person answered to a safety question; uncertain counts as suspected."""

    YES = "yes"
    NO = "no"
    UNCERTAIN = "uncertain"


class CancelReason(StrEnum):
    """Why an inquiry ends without an answer."""

    WITHDRAWN = "withdrawn"
    OUT_OF_SCOPE = "out_of_scope"
    SPAM = "spam"
    NO_CONTACT = "no_contact"


class SafetyKind(StrEnum):
    """Whose record it is: pharmacovigilance's or quality's."""

    ADVERSE_EVENT = "adverse_event"
    QUALITY_COMPLAINT = "quality_complaint"


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """What the lifecycle asks of one question.

    `answer` is `verbal`, `letter` or empty; a letter counts once it was sent.
    """

    label_assessed: bool = False
    answer: str = ""
    letter_sent: bool = False

    @property
    def is_answered(self) -> bool:
        """Tell whether the answer was said or sent."""
        return self.answer == "verbal" or (self.answer == "letter" and self.letter_sent)


@dataclass(frozen=True, slots=True)
class SafetyRecordFacts:
    """One safety record of the inquiry and whether it was handed off.

    A record found not to be one is `dismissed` and needs no hand-off.
    """

    number: str
    kind: SafetyKind
    handed_off: bool = False
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class InquiryFacts:
    """Everything that a guard of the inquiry looks at."""

    channel: str = ""
    received_ms: int | None = None
    verbatim: str = ""
    note: str = ""
    contact_known: bool = False
    anonymous_reason: str = ""
    product_known: bool = False
    no_product: bool = False
    duplicates_undecided: bool = False
    questions: tuple[QuestionFacts, ...] = ()
    adverse_event: Decision | None = None
    special_situation: Decision | None = None
    quality_complaint: Decision | None = None
    safety_reason: str = ""
    safety_records: tuple[SafetyRecordFacts, ...] = ()
    solicitation_answered: bool = False
    owner: str = ""
    asked: str = ""
    asked_why: str = ""
    work_item: str = ""
    work_item_due_ms: int | None = None
    escalation_target: str = ""
    escalation_reason: str = ""
    contact_complete: bool = False
    no_medical_advice: bool = False
    category_confirmed: bool = False
    self_checked: bool = False
    reopen_reason: str = ""
    itself: str = ""
    first_inquiry: str = ""
    safety_joined: bool = False
    cancel_reason: CancelReason | None = None
    contact_tries: int = 0
    contact_tries_needed: int = 3
    answered_before: bool = False
    transfer_target: str = ""
    transfer_receipt: str = ""


def taking(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for channel, time and what was said."""
    return needed(
        (bool(facts.channel), "The channel is missing. Say how it reached you."),
        (facts.received_ms is not None, "The time of receipt is missing. Enter when it reached you."),
        (
            bool(facts.verbatim.strip() or facts.note.strip()),
            "There is neither a question nor a note. Write down what was said.",
        ),
    )


def triaging(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for a contact and a product, or why not."""
    return needed(
        (
            facts.contact_known or bool(facts.anonymous_reason.strip()),
            "There is no contact. Enter one, or say why the inquiry is anonymous.",
        ),
        (
            facts.product_known or facts.no_product,
            "There is no product. Choose one, or say that none is concerned.",
        ),
    )


def safety_decisions(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for a person's answer to each safety question."""
    answers = (facts.adverse_event, facts.special_situation, facts.quality_complaint)
    return needed(
        (facts.adverse_event is not None, "Adverse event: nobody has answered Yes, No or Uncertain."),
        (facts.special_situation is not None, "Special situation: nobody has answered Yes, No or Uncertain."),
        (facts.quality_complaint is not None, "Quality complaint: nobody has answered Yes, No or Uncertain."),
        (
            Decision.NO not in answers or bool(facts.safety_reason.strip()),
            "A safety question was answered No without a reason. Say why.",
        ),
    )


def safety_handed_off(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask that what is suspected is recorded and handed off."""
    live = [record for record in facts.safety_records if not record.dismissed]
    kinds = {record.kind for record in facts.safety_records}
    event = _suspected(facts.adverse_event) or _suspected(facts.special_situation)
    return needed(
        (
            not event or SafetyKind.ADVERSE_EVENT in kinds,
            "An adverse event or special situation is suspected but not recorded. Record it.",
        ),
        (
            not _suspected(facts.quality_complaint) or SafetyKind.QUALITY_COMPLAINT in kinds,
            "A quality complaint is suspected but not recorded. Record it.",
        ),
        *(
            (
                record.handed_off,
                f"{record.number} has no recorded hand-off. Hand it off, by phone if need be.",
            )
            for record in live
        ),
    )


def leaving_triage(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for questions, safety answers and the label assessment."""
    unassessed = [n for n, question in enumerate(facts.questions, start=1) if not question.label_assessed]
    return needed(
        (bool(facts.questions), "There is no question yet. Write down at least one."),
        (
            not facts.duplicates_undecided,
            "This may be a repeat. Say whether it is new, a follow-up or a duplicate.",
        ),
        (facts.solicitation_answered, "Nobody has said whether the request was solicited."),
        *((False, f"Question {n} is neither on nor off label. Assess it.") for n in unassessed),
    ) + safety_decisions(facts)


def assigning(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for an owner beside what leaving triage needs."""
    return needed((bool(facts.owner), "Nobody is named as owner. Choose one.")) + leaving_triage(facts)


def asking_requester(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask what was asked back, and why."""
    return needed(
        (bool(facts.asked.strip()), "Say what you asked the requester."),
        (bool(facts.asked_why.strip()), "Say why the answer has to wait for it."),
    )


def asking_internal(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for a work item with a due time."""
    return needed(
        (bool(facts.work_item), "There is no work item for the colleague. Add one."),
        (facts.work_item_due_ms is not None, "The work item has no due time. Set one."),
    )


def escalating(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for the target and the reason of an escalation."""
    return needed(
        (bool(facts.escalation_target), "Say to whom you escalate."),
        (bool(facts.escalation_reason.strip()), "Say why you escalate."),
    )


def answering(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask that every question has been answered."""
    if not facts.questions:
        return ("There is no question yet. Write down at least one.",)
    return tuple(
        f"Question {n}: its letter was not sent. Send it."
        if question.answer == "letter"
        else f"Question {n} has no answer. Log what you said, or send a letter."
        for n, question in enumerate(facts.questions, start=1)
        if not question.is_answered
    )


def closing(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for the whole closing checklist; the acknowledgement may follow."""
    checklist = needed(
        (facts.contact_complete, "The contact is not complete. Fill in what is missing."),
        (facts.no_medical_advice, "Confirm that no medical advice was given."),
        (facts.category_confirmed, "Confirm the category."),
        (facts.self_checked, "The self-check is not done. Do it."),
    )
    return answering(facts) + safety_decisions(facts) + safety_handed_off(facts) + checklist


def reopening(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask why a closed inquiry is opened again."""
    return needed((bool(facts.reopen_reason.strip()), "Say why the inquiry is opened again."))


def joining(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for the first inquiry, with the safety data joined."""
    first = facts.first_inquiry
    return needed(
        (bool(first), "Say which inquiry came first."),
        (not first or first != facts.itself, "An inquiry is not its own duplicate. Choose the first one."),
        (
            not facts.safety_records or facts.safety_joined,
            "The safety records are not joined to the first inquiry. Join them.",
        ),
    )


def cancelling(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask for a reason; safety is handed off all the same."""
    tries, enough = facts.contact_tries, facts.contact_tries_needed
    reason = needed(
        (facts.cancel_reason is not None, "Say why the inquiry is cancelled."),
        (
            facts.cancel_reason is not CancelReason.NO_CONTACT or tries >= enough,
            f"{tries} of {enough} tries to reach the contact are logged. Try again, or give another reason.",
        ),
        (not facts.answered_before, "This inquiry was answered once. Answer and close it instead."),
    )
    return reason + safety_decisions(facts) + safety_handed_off(facts)


def transferring(facts: InquiryFacts) -> tuple[str, ...]:
    """Ask who took the inquiry over, and the receipt."""
    return needed(
        (bool(facts.transfer_target), "Say to whom the inquiry goes."),
        (bool(facts.transfer_receipt.strip()), "There is no receipt of the transfer. Enter it."),
    )


def _suspected(decision: Decision | None) -> bool:
    return decision in {Decision.YES, Decision.UNCERTAIN}


_S = InquiryState
_SPECIALIST = frozenset({Role.SPECIALIST})
_DESK = frozenset({Role.SPECIALIST, Role.MANAGER})
_ASSIGNERS = frozenset({Role.MANAGER, Role.SYSTEM})
_WAITING = frozenset({_S.AWAITING_REQUESTER, _S.AWAITING_INTERNAL})
_WORKING = frozenset({_S.IN_PROGRESS})
_NOT_DUPLICATE = sources(_S, _S.DUPLICATE)
_NOT_TRANSFERRED = sources(_S, _S.TRANSFERRED)
_FACT, _CLAIM = Klass.FACT, Klass.CLAIM

INQUIRY: Machine[InquiryFacts] = Machine(
    noun="inquiry",
    states=tuple(_S),
    overlays=MappingProxyType({ESCALATED: OPEN}),
    words=MappingProxyType({"triage": "in triage", "duplicate": "a duplicate"}),
    transitions=(
        Transition("take", frozenset({NOTHING}), _S.NEW, _SPECIALIST, _FACT, "be taken", "1", taking),
        Transition(
            "triage", frozenset({_S.NEW}), _S.TRIAGE, _SPECIALIST, _FACT, "go to triage", "2", triaging
        ),
        Transition(
            "assign_to_me",
            frozenset({_S.TRIAGE}),
            _S.ASSIGNED,
            _SPECIALIST,
            _CLAIM,
            "become yours",
            "3",
            leaving_triage,
        ),
        Transition(
            "assign", frozenset({_S.TRIAGE}), _S.ASSIGNED, _ASSIGNERS, _CLAIM, "be assigned", "3", assigning
        ),
        Transition("start", frozenset({_S.ASSIGNED}), _S.IN_PROGRESS, _SPECIALIST, _FACT, "be started", "4"),
        Transition(
            "ask_requester",
            _WORKING,
            _S.AWAITING_REQUESTER,
            _SPECIALIST,
            _FACT,
            "wait for the requester",
            "5",
            asking_requester,
        ),
        Transition(
            "ask_internal",
            _WORKING,
            _S.AWAITING_INTERNAL,
            _SPECIALIST,
            _FACT,
            "wait for a colleague",
            "6",
            asking_internal,
        ),
        Transition("resume", _WAITING, _S.IN_PROGRESS, _SPECIALIST, _FACT, "go on", "5, 6"),
        Transition(
            "escalate", OPEN, None, CONTENT_ROLES, _FACT, "be escalated", "7", escalating, overlay=ESCALATED
        ),
        Transition("answer", _WORKING, _S.ANSWERED, _SPECIALIST, _FACT, "be answered", "8", answering),
        Transition(
            "close", frozenset({_S.ANSWERED}), _S.CLOSED, _SPECIALIST, _FACT, "be closed", "9", closing
        ),
        Transition(
            "reopen", frozenset({_S.CLOSED}), _S.REOPENED, _DESK, _FACT, "be reopened", "10", reopening
        ),
        Transition(
            "restart", frozenset({_S.REOPENED}), _S.IN_PROGRESS, _DESK, _FACT, "be worked on again", "10"
        ),
        Transition(
            "mark_duplicate",
            _NOT_DUPLICATE,
            _S.DUPLICATE,
            _SPECIALIST,
            _CLAIM,
            "become a duplicate",
            "11",
            joining,
        ),
        Transition("cancel", BEFORE_ANSWERED, _S.CANCELLED, _DESK, _FACT, "be cancelled", "12", cancelling),
        Transition(
            "transfer",
            _NOT_TRANSFERRED,
            _S.TRANSFERRED,
            _SPECIALIST,
            _FACT,
            "be transferred",
            "13",
            transferring,
        ),
    ),
)
