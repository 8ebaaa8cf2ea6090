import dataclasses
import itertools

import pytest

from app.errors import NotAllowedError
from app.models.lifecycle import (
    NOTHING,
    Actor,
    Klass,
    Machine,
    Position,
    Role,
    allowed,
    apply,
    blockers,
    offered,
    settle,
)
from app.models.lifecycle_inquiry import (
    ESCALATED,
    INQUIRY,
    CancelReason,
    Decision,
    InquiryFacts,
    QuestionFacts,
    SafetyKind,
    SafetyRecordFacts,
)
from app.models.lifecycle_letter import LETTER, LetterFacts, review_reasons
from app.models.lifecycle_safety import SAFETY, SafetyFacts
from app.models.lifecycle_srd import SELECTABLE, SRD, UNDER_REVISION, ReviewFacts, SrdFacts

EVENT = SafetyRecordFacts("AE-000231", SafetyKind.ADVERSE_EVENT, handed_off=True)
COMPLAINT = SafetyRecordFacts("PQC-000007", SafetyKind.QUALITY_COMPLAINT, handed_off=True)
GOOD_INQUIRY = InquiryFacts(
    channel="phone",
    received_ms=1,
    verbatim="Can it be crushed?",
    contact_known=True,
    product_known=True,
    questions=(QuestionFacts(label_assessed=True, answer="verbal"),),
    adverse_event=Decision.YES,
    special_situation=Decision.NO,
    quality_complaint=Decision.UNCERTAIN,
    safety_reason="Nothing in the text.",
    safety_records=(EVENT, COMPLAINT),
    solicitation_answered=True,
    owner="u1",
    asked="Which strength?",
    asked_why="Two are on the market.",
    work_item="w1",
    work_item_due_ms=2,
    escalation_target="medical",
    escalation_reason="Overdose in a child.",
    contact_complete=True,
    no_medical_advice=True,
    category_confirmed=True,
    self_checked=True,
    reopen_reason="The caller rang again.",
    itself="i2",
    first_inquiry="i1",
    safety_joined=True,
    cancel_reason=CancelReason.WITHDRAWN,
    transfer_target="Partner company",
    transfer_receipt="R-1",
)
GOOD_LETTER = LetterFacts(
    inquiry_in_progress=True,
    snapshot_taken=True,
    comment="Shorter, if possible.",
    authors=frozenset({"author"}),
    acting="somebody else",
    reauthenticated=True,
    signature_meaning="approved",
    contact_verified=True,
    recipient_equals_contact=True,
    safety_decided=True,
    hash_unchanged=True,
    failure_reason="Returned to sender.",
    newer_version_sent=True,
)
GOOD_RELEASE = dataclasses.replace(GOOD_LETTER, acting="author")
GOOD_SRD = SrdFacts(
    topic="dosing",
    product="Cardenza",
    audience="hcp",
    region="EU",
    origin="gap",
    search_age_days=90,
    comment="Add the trial of 2025.",
    content_hash="h1",
    reviews=(ReviewFacts("medical", "h1"), ReviewFacts("regulatory", "h1")),
    authors=frozenset({"author"}),
    acting="somebody else",
    approved_elsewhere_by="M. Roux",
    approved_elsewhere_on="2026-01-31",
    source_hash="f1",
    now_ms=1_000,
    effective_from_ms=1_000,
    label_current=True,
    revision_reason="New trial.",
    hold_reason="Safety signal.",
    review_due_ms=1,
    grace_ms=2,
    successor_effective=True,
)

GOOD_SAFETY = SafetyFacts(
    known=True,
    criteria=0,
    method="phone",
    receiver="Drug Safety",
    handed_off=True,
    external_number="PV-1",
    reason="Known before the drug.",
    acting="u1",
    follow_up="Asked for the outcome.",
    reconciliation="r1",
)
GOOD_DISMISSAL = dataclasses.replace(GOOD_SAFETY, handed_off=False)

SPECIALIST = {"specialist"}
DESK = {"specialist", "manager"}
CONTENT = {"specialist", "reviewer", "approver", "safety", "quality", "librarian", "manager"}
BEFORE_ANSWER = ["new", "triage", "assigned", "in_progress", "awaiting_requester", "awaiting_internal"]
OPEN = [*BEFORE_ANSWER, "answered", "reopened"]
INQUIRY_STATES = [*OPEN, "closed", "duplicate", "cancelled", "transferred"]
LETTER_STATES = ["draft", "in_review", "approved", "released", "sent", "delivery_failed", "superseded"]
SRD_STATES = [
    "planned",
    "draft",
    "medical_review",
    "approved",
    "effective",
    "on_hold",
    "expired",
    "superseded",
    "withdrawn",
    "archived",
]

# step: (class, roles, {source: target}); an overlay keeps the state.
INQUIRY_TABLE = {
    "take": ("F", SPECIALIST, {"-": "new"}),
    "triage": ("F", SPECIALIST, {"new": "triage"}),
    "assign_to_me": ("C", SPECIALIST, {"triage": "assigned"}),
    "assign": ("C", {"manager", "system"}, {"triage": "assigned"}),
    "start": ("F", SPECIALIST, {"assigned": "in_progress"}),
    "ask_requester": ("F", SPECIALIST, {"in_progress": "awaiting_requester"}),
    "ask_internal": ("F", SPECIALIST, {"in_progress": "awaiting_internal"}),
    "resume": ("F", SPECIALIST, {"awaiting_requester": "in_progress", "awaiting_internal": "in_progress"}),
    "escalate": ("F", CONTENT, {state: state for state in OPEN}),
    "answer": ("F", SPECIALIST, {"in_progress": "answered"}),
    "close": ("F", SPECIALIST, {"answered": "closed"}),
    "reopen": ("F", DESK, {"closed": "reopened"}),
    "restart": ("F", DESK, {"reopened": "in_progress"}),
    "mark_duplicate": ("C", SPECIALIST, {s: "duplicate" for s in INQUIRY_STATES if s != "duplicate"}),
    "cancel": ("F", DESK, dict.fromkeys(BEFORE_ANSWER, "cancelled")),
    "transfer": ("F", SPECIALIST, {s: "transferred" for s in INQUIRY_STATES if s != "transferred"}),
}
LETTER_TABLE = {
    "write": ("F", SPECIALIST, {"-": "draft"}),
    "submit": ("F", SPECIALIST, {"draft": "in_review"}),
    "return": ("C", {"reviewer"}, {"in_review": "draft"}),
    "approve": ("O", {"approver"}, {"in_review": "approved"}),
    "release": ("F", SPECIALIST, {"draft": "released"}),
    "send": ("F", SPECIALIST, {"approved": "sent", "released": "sent"}),
    "fail": ("F", SPECIALIST, {"sent": "delivery_failed"}),
    "resend": ("F", SPECIALIST, {"delivery_failed": "sent"}),
    "supersede": ("F", {"system"}, {s: "superseded" for s in LETTER_STATES if s != "superseded"}),
}
IN_FORCE = ["effective", "on_hold", "expired"]
SRD_TABLE = {
    "plan": ("F", {"librarian"}, {"-": "planned"}),
    "draft": ("F", {"librarian"}, {"planned": "draft"}),
    "submit": ("F", {"librarian"}, {"draft": "medical_review"}),
    "return": ("C", {"reviewer"}, {"medical_review": "draft"}),
    "approve": ("O", {"approver"}, {"medical_review": "approved"}),
    "adopt": ("F", {"librarian"}, {"-": "approved", "planned": "approved", "draft": "approved"}),
    "publish": ("C", {"librarian", "system"}, {"approved": "effective"}),
    "revise": ("C", {"librarian"}, {"effective": "effective"}),
    "hold": ("C", {"librarian", "safety"}, {"effective": "on_hold"}),
    "expire": ("F", {"system"}, {"effective": "expired"}),
    "supersede": ("F", {"librarian", "system"}, dict.fromkeys(IN_FORCE, "superseded")),
    "withdraw": ("C", {"librarian", "system"}, dict.fromkeys(IN_FORCE, "withdrawn")),
    "archive": ("C", {"librarian"}, {s: "archived" for s in SRD_STATES if s != "archived"}),
}
BEFORE_HANDOFF = ["suspected", "captured", "validated"]
NUMBERED = ["acknowledged", "follow_up", "reconciled", "closed"]
SAFETY_STATES = [*BEFORE_HANDOFF, "handed_off", *NUMBERED, "not_ae", "nullified"]
BOTH_SIDES = {"specialist", "safety", "quality"}
SAFETY_TABLE = {
    "suspect": ("F", CONTENT, {"-": "suspected"}),
    "suspect_again": ("F", CONTENT, {"not_ae": "suspected", "nullified": "suspected"}),
    "capture": ("F", CONTENT, {"suspected": "captured"}),
    "validate": ("F", CONTENT, {"captured": "validated"}),
    "hand_off": ("F", CONTENT, dict.fromkeys(BEFORE_HANDOFF, "handed_off")),
    "hand_off_again": ("F", CONTENT, {s: s for s in ["handed_off", *NUMBERED]}),
    "acknowledge": ("F", CONTENT, {"handed_off": "acknowledged"}),
    "acknowledge_again": ("F", CONTENT, {s: s for s in NUMBERED}),
    "follow_up": ("F", CONTENT, dict.fromkeys(NUMBERED, "follow_up")),
    "reconcile": ("C", BOTH_SIDES, {"acknowledged": "reconciled", "follow_up": "reconciled"}),
    "close": ("C", BOTH_SIDES, {"reconciled": "closed"}),
    "dismiss": ("F", CONTENT, dict.fromkeys(BEFORE_HANDOFF, "not_ae")),
    "nullify": ("C", {"safety"}, {s: "nullified" for s in SAFETY_STATES if s != "nullified"}),
}
MACHINES = [
    pytest.param(INQUIRY, INQUIRY_TABLE, INQUIRY_STATES, lambda _: GOOD_INQUIRY, id="inquiry"),
    pytest.param(
        LETTER,
        LETTER_TABLE,
        LETTER_STATES,
        lambda n: GOOD_RELEASE if n == "release" else GOOD_LETTER,
        id="letter",
    ),
    pytest.param(SRD, SRD_TABLE, SRD_STATES, lambda _: GOOD_SRD, id="srd"),
    pytest.param(
        SAFETY,
        SAFETY_TABLE,
        SAFETY_STATES,
        lambda n: GOOD_DISMISSAL if n == "dismiss" else GOOD_SAFETY,
        id="safety",
    ),
]
OVERLAYS = {"escalate": ESCALATED, "revise": UNDER_REVISION}


def person(*roles: str, **more: bool) -> Actor:
    return Actor(frozenset(Role(role) for role in roles), **more)


@pytest.mark.parametrize(("machine", "table", "states", "good"), MACHINES)
def test_every_state_step_and_role_is_allowed_or_refused_as_the_table_says(machine, table, states, good):
    assert set(machine.states) == set(states)
    assert {step.name for step in machine.transitions} == set(table)
    for state, name, role in itertools.product([NOTHING, *states], table, Role):
        _, roles, moves = table[name]
        position, actor, facts = Position(state), person(role), good(name)
        if state in moves and role.value in roles:
            overlays = frozenset({OVERLAYS[name]}) if name in OVERLAYS else frozenset()
            assert apply(machine, position, name, facts, actor) == Position(moves[state], overlays)
        else:
            assert blockers(machine, position, name, facts, actor), (state, name, role)
            with pytest.raises(NotAllowedError):
                apply(machine, position, name, facts, actor)


@pytest.mark.parametrize(("machine", "table", "states", "good"), MACHINES)
def test_every_step_has_its_class(machine, table, states, good):
    assert {step.name: step.klass.value for step in machine.transitions} == {
        n: t[0] for n, t in table.items()
    }


@pytest.mark.parametrize(("machine", "table", "states", "good"), MACHINES)
def test_allowed_and_offered_agree_with_the_blockers(machine, table, states, good):
    for state, role in itertools.product([NOTHING, *states], Role):
        actor, position = person(role), Position(state)
        offers = {step.name for step in offered(machine, position, actor)}
        assert offers == {
            n for n, (_, roles, moves) in table.items() if state in moves and role.value in roles
        }
        facts = good("")
        permitted = set(allowed(machine, position, facts, actor))
        assert permitted == {n for n in offers if not blockers(machine, position, n, facts, actor)}


def test_every_row_of_the_tables_is_there():
    assert {row for step in INQUIRY.transitions for row in step.row.split(", ")} == {
        str(n) for n in range(1, 14)
    }
    assert {step.row for step in LETTER.transitions} == {str(n) for n in range(1, 9)}
    assert {step.row for step in SRD.transitions} == {*(str(n) for n in range(1, 12)), "import"}


def test_a_refusal_carries_all_blockers_as_sentences():
    facts = InquiryFacts()
    with pytest.raises(NotAllowedError) as refused:
        apply(INQUIRY, Position("answered"), "close", facts, person("auditor"))
    assert "inquiry cannot be closed" in str(refused.value)
    assert len(refused.value.blockers) >= 8
    assert all(sentence.endswith(".") for sentence in refused.value.blockers)
    assert refused.value.blockers[0] == "This step needs the role specialist. Ask somebody who has it."


def test_an_unknown_state_or_step_is_told_apart():
    assert blockers(INQUIRY, Position("closed"), "answer", GOOD_INQUIRY, person("specialist")) == (
        "This inquiry is closed, so it cannot be answered.",
    )
    assert blockers(INQUIRY, Position("new"), "take", GOOD_INQUIRY, person("specialist")) == (
        "This inquiry exists already.",
    )
    assert blockers(LETTER, Position(NOTHING), "send", GOOD_LETTER, person("specialist")) == (
        "There is no letter yet that could be sent.",
    )


def refused(
    machine: Machine, state: str, name: str, facts: object, good: object, role: str
) -> tuple[str, ...]:
    assert blockers(machine, Position(state), name, good, person(role)) == ()
    return blockers(machine, Position(state), name, facts, person(role))


UNHANDED = dataclasses.replace(EVENT, handed_off=False)
INQUIRY_BLOCKERS = [
    ("-", "take", {"channel": ""}, "channel"),
    ("-", "take", {"received_ms": None}, "time of receipt"),
    ("-", "take", {"verbatim": "  "}, "neither a question nor a note"),
    ("new", "triage", {"contact_known": False}, "no contact"),
    ("new", "triage", {"product_known": False}, "no product"),
    ("triage", "assign_to_me", {"questions": ()}, "no question yet"),
    ("triage", "assign_to_me", {"duplicates_undecided": True}, "repeat"),
    ("triage", "assign_to_me", {"adverse_event": None}, "Adverse event: nobody"),
    ("triage", "assign_to_me", {"special_situation": None}, "Special situation: nobody"),
    ("triage", "assign_to_me", {"quality_complaint": None}, "Quality complaint: nobody"),
    ("triage", "assign_to_me", {"safety_reason": " "}, "No without a reason"),
    ("triage", "assign_to_me", {"solicitation_answered": False}, "solicited"),
    ("triage", "assign_to_me", {"questions": (QuestionFacts(),)}, "Question 1 is neither"),
    ("in_progress", "ask_requester", {"asked": ""}, "what you asked"),
    ("in_progress", "ask_requester", {"asked_why": ""}, "why the answer"),
    ("in_progress", "ask_internal", {"work_item": ""}, "no work item"),
    ("in_progress", "ask_internal", {"work_item_due_ms": None}, "no due time"),
    ("new", "escalate", {"escalation_target": ""}, "to whom"),
    ("new", "escalate", {"escalation_reason": ""}, "why you escalate"),
    ("in_progress", "answer", {"questions": ()}, "no question"),
    ("in_progress", "answer", {"questions": (QuestionFacts(True),)}, "Question 1 has no answer"),
    ("in_progress", "answer", {"questions": (QuestionFacts(True, "letter"),)}, "letter was not sent"),
    ("answered", "close", {"questions": (QuestionFacts(True),)}, "no answer"),
    ("answered", "close", {"adverse_event": None}, "Adverse event: nobody"),
    (
        "answered",
        "close",
        {"safety_records": (COMPLAINT,)},
        "adverse event or special situation is suspected",
    ),
    ("answered", "close", {"safety_records": (EVENT,)}, "quality complaint is suspected"),
    ("answered", "close", {"safety_records": (UNHANDED, COMPLAINT)}, "AE-000231 has no recorded hand-off"),
    ("answered", "close", {"contact_complete": False}, "not complete"),
    ("answered", "close", {"no_medical_advice": False}, "medical advice"),
    ("answered", "close", {"category_confirmed": False}, "category"),
    ("answered", "close", {"self_checked": False}, "self-check"),
    ("closed", "reopen", {"reopen_reason": ""}, "why"),
    ("new", "mark_duplicate", {"first_inquiry": ""}, "which inquiry came first"),
    ("new", "mark_duplicate", {"first_inquiry": "i2"}, "not its own duplicate"),
    ("new", "mark_duplicate", {"safety_joined": False}, "not joined"),
    ("new", "cancel", {"cancel_reason": None}, "why the inquiry is cancelled"),
    ("new", "cancel", {"cancel_reason": CancelReason.NO_CONTACT, "contact_tries": 2}, "2 of 3 tries"),
    ("new", "cancel", {"answered_before": True}, "answered once"),
    ("new", "cancel", {"quality_complaint": None}, "Quality complaint: nobody"),
    ("new", "cancel", {"safety_records": (UNHANDED, COMPLAINT)}, "no recorded hand-off"),
    ("new", "transfer", {"transfer_target": ""}, "to whom"),
    ("new", "transfer", {"transfer_receipt": ""}, "no receipt"),
]


@pytest.mark.parametrize(("state", "name", "change", "sentence"), INQUIRY_BLOCKERS)
def test_each_guard_of_the_inquiry_blocks_alone(state, name, change, sentence):
    facts = dataclasses.replace(GOOD_INQUIRY, **change)
    (only,) = refused(INQUIRY, state, name, facts, GOOD_INQUIRY, "specialist")
    assert sentence in only


def test_a_manager_must_name_the_owner():
    facts = dataclasses.replace(GOOD_INQUIRY, owner="")
    (only,) = refused(INQUIRY, "triage", "assign", facts, GOOD_INQUIRY, "manager")
    assert "owner" in only


@pytest.mark.parametrize(
    "change",
    [
        {"contact_known": False, "anonymous_reason": "Rang from a hidden number."},
        {"product_known": False, "no_product": True},
    ],
)
def test_triage_accepts_a_stated_absence(change):
    facts = dataclasses.replace(GOOD_INQUIRY, **change)
    assert blockers(INQUIRY, Position("new"), "triage", facts, person("specialist")) == ()


def test_closing_does_not_wait_for_the_acknowledgement_nor_for_a_dismissed_record():
    dismissed = dataclasses.replace(UNHANDED, dismissed=True)
    facts = dataclasses.replace(GOOD_INQUIRY, safety_records=(dismissed, COMPLAINT))
    assert blockers(INQUIRY, Position("answered"), "close", facts, person("specialist")) == ()


def test_escalation_stays_while_open_and_ends_with_closing():
    actor = person("specialist")
    escalated = apply(INQUIRY, Position("in_progress"), "escalate", GOOD_INQUIRY, actor)
    answered = apply(INQUIRY, escalated, "answer", GOOD_INQUIRY, actor)
    assert answered == Position("answered", frozenset({ESCALATED}))
    assert apply(INQUIRY, answered, "close", GOOD_INQUIRY, actor) == Position("closed")


SIGNED_BLOCKERS = [
    ({"blocking_findings": 1}, "1 check still blocks"),
    ({"blocking_findings": 2}, "2 checks still block"),
    ({"forked_blocks": 2}, "2 blocks in conflict"),
]
LETTER_BLOCKERS = [
    ("-", "write", {"inquiry_in_progress": False}, "not in progress"),
    *(("draft", "submit", change, sentence) for change, sentence in SIGNED_BLOCKERS),
    ("draft", "submit", {"snapshot_taken": False}, "no snapshot"),
    ("in_review", "return", {"comment": ""}, "no comment"),
    *(("in_review", "approve", change, sentence) for change, sentence in SIGNED_BLOCKERS),
    ("in_review", "approve", {"acting": "author"}, "Somebody else must approve"),
    ("in_review", "approve", {"acting": ""}, "not known who wrote"),
    ("in_review", "approve", {"authors": frozenset()}, "not known who wrote"),
    ("in_review", "approve", {"unusable_versions": ("SRD-0391 3.0",)}, "SRD-0391 3.0 is not effective"),
    ("in_review", "approve", {"reauthenticated": False}, "passphrase"),
    ("in_review", "approve", {"signature_meaning": ""}, "no meaning"),
    *(("draft", "release", change, sentence) for change, sentence in SIGNED_BLOCKERS),
    ("draft", "release", {"free_blocks": 1}, "1 block is written freely"),
    ("draft", "release", {"changed_blocks": 2}, "2 blocks are changed"),
    ("draft", "release", {"off_label": True}, "off label"),
    ("draft", "release", {"patient_facing": True}, "patient"),
    ("draft", "release", {"for_opinion_leader": True}, "opinion leader"),
    ("draft", "release", {"media_or_legal": True}, "media or legal"),
    ("draft", "release", {"unusable_versions": ("SRD-0391 3.0",)}, "not effective"),
    ("draft", "release", {"reauthenticated": False}, "passphrase"),
    ("draft", "release", {"acting": "somebody else"}, "Only its author"),
    ("approved", "send", {"contact_verified": False}, "not verified"),
    ("released", "send", {"recipient_equals_contact": False}, "differ"),
    ("released", "send", {"safety_decided": False}, "not decided"),
    ("released", "send", {"hash_unchanged": False}, "differs from what was signed"),
    ("sent", "fail", {"failure_reason": ""}, "why the delivery failed"),
    ("delivery_failed", "resend", {"hash_unchanged": False}, "differs"),
    ("sent", "supersede", {"newer_version_sent": False}, "No newer version"),
]


@pytest.mark.parametrize(("state", "name", "change", "sentence"), LETTER_BLOCKERS)
def test_each_guard_of_the_letter_blocks_alone(state, name, change, sentence):
    good = GOOD_RELEASE if name == "release" else GOOD_LETTER
    role = {"return": "reviewer", "approve": "approver", "supersede": "system"}.get(name, "specialist")
    (only,) = refused(LETTER, state, name, dataclasses.replace(good, **change), good, role)
    assert sentence in only


def test_a_withdrawn_draft_is_superseded_too():
    facts = LetterFacts(draft_withdrawn=True)
    assert apply(LETTER, Position("draft"), "supersede", facts, person("system")) == Position("superseded")


def test_a_verbatim_letter_has_no_reason_for_review():
    assert review_reasons(GOOD_LETTER) == ()


SRD_BLOCKERS = [
    ("-", "plan", {"topic": ""}, "topic"),
    ("-", "plan", {"product": ""}, "product"),
    ("-", "plan", {"audience": ""}, "audience"),
    ("-", "plan", {"region": ""}, "region"),
    ("-", "plan", {"origin": ""}, "what asks for it"),
    ("planned", "draft", {"missing_sections": ("Summary",)}, "“Summary” is missing"),
    ("draft", "submit", {"blocking_findings": 3}, "3"),
    ("draft", "submit", {"search_age_days": None}, "no search receipt"),
    ("draft", "submit", {"search_age_days": 91}, "91 days old, the limit is 90"),
    ("draft", "submit", {"unanchored_sentences": 2}, "without an anchor: 2"),
    ("medical_review", "return", {"comment": ""}, "no comment"),
    ("medical_review", "approve", {"reviews": ()}, "No review"),
    (
        "medical_review",
        "approve",
        {"reviews": (ReviewFacts("legal", "h0"),)},
        "The legal review has not signed",
    ),
    ("medical_review", "approve", {"acting": "author"}, "Somebody else"),
    ("medical_review", "approve", {"authors": frozenset()}, "not known who wrote"),
    ("draft", "adopt", {"approved_elsewhere_by": ""}, "who approved"),
    ("draft", "adopt", {"approved_elsewhere_on": ""}, "when it was approved"),
    ("draft", "adopt", {"source_hash": ""}, "file is missing"),
    ("approved", "publish", {"effective_from_ms": None}, "is missing"),
    ("approved", "publish", {"effective_from_ms": 1_001}, "has not come"),
    ("approved", "publish", {"label_current": False}, "older label"),
    ("approved", "publish", {"needs_translations": True}, "translations"),
    ("effective", "revise", {"revision_reason": ""}, "why it is revised"),
    ("effective", "hold", {"hold_reason": " "}, "Say why"),
    ("effective", "expire", {"review_due_ms": None}, "no day"),
    ("effective", "expire", {"now_ms": 3}, "has not passed"),
    ("effective", "supersede", {"successor_effective": False}, "No newer version"),
    ("withdrawn", "archive", {"open_uses": 4}, "4"),
]


@pytest.mark.parametrize(("state", "name", "change", "sentence"), SRD_BLOCKERS)
def test_each_guard_of_the_srd_blocks_alone(state, name, change, sentence):
    role = {"return": "reviewer", "approve": "approver", "expire": "system"}.get(name, "librarian")
    (only,) = refused(SRD, state, name, dataclasses.replace(GOOD_SRD, **change), GOOD_SRD, role)
    assert sentence in only


def test_a_version_under_revision_stays_selectable_until_it_is_held():
    librarian = person("librarian")
    revised = apply(SRD, Position("effective"), "revise", GOOD_SRD, librarian)
    assert revised.state in SELECTABLE
    held = apply(SRD, revised, "hold", GOOD_SRD, librarian)
    assert held == Position("on_hold", frozenset({UNDER_REVISION}))
    assert held.state not in SELECTABLE
    assert apply(SRD, held, "supersede", GOOD_SRD, person("system")) == Position("superseded")


def test_before_enrolment_the_one_user_is_specialist_and_librarian_whatever_was_granted():
    alone = person("approver", enrolled=False)
    assert blockers(INQUIRY, Position("new"), "triage", GOOD_INQUIRY, alone) == ()
    assert blockers(SRD, Position("approved"), "publish", GOOD_SRD, alone) == ()
    (only,) = blockers(LETTER, Position("in_review"), "approve", GOOD_LETTER, alone)
    assert "second person (approver)" in only


def test_before_enrolment_timers_still_work():
    assert blockers(SRD, Position("effective"), "expire", GOOD_SRD, person("system", enrolled=False)) == ()


def test_an_online_step_waits_for_the_server():
    (only,) = blockers(
        LETTER, Position("in_review"), "approve", GOOD_LETTER, person("approver", online=False)
    )
    assert "needs the server" in only
    assert (
        blockers(INQUIRY, Position("new"), "triage", GOOD_INQUIRY, person("specialist", online=False)) == ()
    )


def test_a_fact_is_never_refused_but_leaves_its_deviations():
    facts = dataclasses.replace(GOOD_INQUIRY, self_checked=False)
    settled = settle(INQUIRY, Position("answered"), "close", facts, person("specialist"))
    assert settled.position == Position("closed")
    assert settled.deviations == ("The self-check is not done. Do it.",)
    late = settle(INQUIRY, Position("cancelled"), "answer", GOOD_INQUIRY, person("specialist"))
    assert late.position == Position("answered")
    assert late.deviations == ("This inquiry is cancelled, so it cannot be answered.",)


@pytest.mark.parametrize("name", ["mark_duplicate", "assign"])
def test_a_lost_claim_is_refused(name):
    assert INQUIRY.transition(name).klass is Klass.CLAIM
    with pytest.raises(NotAllowedError):
        settle(INQUIRY, Position("duplicate"), name, GOOD_INQUIRY, person("specialist"))
