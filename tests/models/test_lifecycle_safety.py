"""What blocks a step of a safety record; the table of steps is in `test_lifecycle`."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.lifecycle import Actor, Position, Role, apply, blockers, offered
from app.models.lifecycle_safety import DISMISSED, SAFETY, UNACKNOWLEDGED, SafetyFacts, next_name
from tests.models.test_lifecycle import CONTENT, GOOD_DISMISSAL, GOOD_SAFETY

SAFETY_BLOCKERS = [
    ("suspected", "capture", {"known": False}, "Nothing of it is written down"),
    ("captured", "validate", {"criteria": None}, "four criteria"),
    ("suspected", "hand_off", {"method": " "}, "way of the hand-off"),
    ("validated", "hand_off", {"receiver": ""}, "receiver is missing"),
    ("handed_off", "acknowledge", {"handed_off": False}, "no recorded hand-off"),
    ("handed_off", "acknowledge", {"external_number": " "}, "case number is missing"),
    ("acknowledged", "follow_up", {"follow_up": ""}, "what you asked"),
    ("follow_up", "reconcile", {"reconciliation": ""}, "no reconciliation"),
    ("reconciled", "close", {"open_follow_ups": 2}, "still owed: 2"),
    ("captured", "dismiss", {"reason": ""}, "Say why"),
    ("captured", "dismiss", {"handed_off": True}, "handed off already"),
    ("captured", "dismiss", {"flagged_serious": True}, "second person"),
    ("captured", "dismiss", {"flagged_serious": True, "second_person": "u1"}, "second person"),
    ("acknowledged", "nullify", {"reason": " "}, "Say why"),
]


def person(*roles, **more):
    return Actor(frozenset(Role(role) for role in roles), **more)


@pytest.mark.parametrize(("state", "step", "change", "words"), SAFETY_BLOCKERS)
def test_each_guard_says_what_is_missing(state, step, change, words):
    role = person("safety")
    good = GOOD_DISMISSAL if step == "dismiss" else GOOD_SAFETY
    assert blockers(SAFETY, Position(state), step, good, role) == ()
    (told,) = blockers(SAFETY, Position(state), step, dataclasses.replace(good, **change), role)
    assert words in told


def test_a_record_is_handed_off_with_none_of_the_criteria_known():
    bare = SafetyFacts(method="phone", receiver="Drug Safety", criteria=0)
    assert apply(SAFETY, Position("suspected"), "hand_off", bare, person("specialist")).state == "handed_off"


def test_a_serious_record_is_dismissed_with_a_second_person():
    facts = dataclasses.replace(GOOD_DISMISSAL, flagged_serious=True, second_person="u2")
    assert apply(SAFETY, Position("captured"), "dismiss", facts, person("safety")).state == "not_ae"


@pytest.mark.parametrize("role", sorted(CONTENT))
def test_whoever_learns_of_it_records_and_hands_off_on_a_train_too(role):
    actor = person(role, enrolled=True, online=False)
    position = apply(SAFETY, Position("-"), "suspect", GOOD_SAFETY, actor)
    assert apply(SAFETY, position, "hand_off", GOOD_SAFETY, actor).state == "handed_off"


def test_a_lone_user_takes_it_to_its_end_but_nullifies_nothing():
    alone = Actor(frozenset(), enrolled=False)
    position = Position("-")
    for step in (
        "suspect",
        "capture",
        "validate",
        "hand_off",
        "acknowledge",
        "follow_up",
        "reconcile",
        "close",
    ):
        position = apply(SAFETY, position, step, GOOD_SAFETY, alone)
    assert position.state == "closed"
    assert "nullify" not in {step.name for step in offered(SAFETY, position, alone)}


@given(st.lists(st.sampled_from([step.name for step in SAFETY.transitions]), max_size=20))
def test_no_path_loses_a_record_or_leads_to_a_dead_end(steps):
    everybody, position = person(*Role), Position("-")
    for name in ["suspect", *steps]:
        facts = GOOD_DISMISSAL if name == "dismiss" else GOOD_SAFETY
        if not blockers(SAFETY, position, name, facts, everybody):
            position = apply(SAFETY, position, name, facts, everybody)
    assert position.state in SAFETY.states
    assert offered(SAFETY, position, everybody)


def test_what_waits_for_the_department_and_what_no_longer_counts():
    assert UNACKNOWLEDGED == ("suspected", "captured", "validated", "handed_off")
    assert DISMISSED == ("not_ae", "nullified")


@pytest.mark.parametrize(
    ("state", "step", "name"),
    [
        ("captured", "hand_off", "hand_off"),
        ("closed", "hand_off", "hand_off_again"),
        ("follow_up", "acknowledge", "acknowledge_again"),
        ("not_ae", "suspect", "suspect_again"),
        ("captured", "acknowledge", "acknowledge"),
        ("closed", "dismiss", "dismiss"),
    ],
)
def test_a_later_state_knows_a_step_by_another_name(state, step, name):
    assert next_name(state, step) == name
