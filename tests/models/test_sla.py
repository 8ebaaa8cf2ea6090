import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.business_time import HOUR_MS, Pause, add_business_ms, business_ms, same_hours
from app.models.office_hours import OfficeHours, calendar_of
from app.models.rules_data import parse_rules, resource_path
from app.models.sla import (
    LEVELS,
    BusinessUnit,
    Priority,
    SlaLimit,
    SlaPolicy,
    SoonRule,
    Stage,
    check_policy,
    default_policy,
    due_at,
    escalation_due,
    kept_policy,
    policy_from,
    rules_of,
)
from tests.models.calendars import BERLIN, CALENDARS, INSTANTS, ZONES, at, pauses_after

EXAMPLES = json.loads(Path(__file__).with_name("sla_examples.json").read_text(encoding="utf-8"))
OFFICES = {
    name: OfficeHours(office["zone"], calendar_of(office["calendar"]))
    for name, office in EXAMPLES["offices"].items()
}


def instant(text: str | None, zone: str) -> int | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp()) * 1000


@pytest.mark.parametrize("example", EXAMPLES["examples"], ids=lambda example: example["name"])
def test_a_worked_example_comes_out_as_by_hand(example):
    hours = OFFICES[example["office"]]
    pauses = [Pause(instant(start, hours.zone), instant(end, hours.zone)) for start, end in example["pauses"]]
    received = instant(example["received"], hours.zone)
    due = due_at(received, hours, Priority(example["priority"]), Stage(example["stage"]), pauses=pauses)
    assert due == instant(example["due"], hours.zone)


def test_the_worked_examples_are_told_apart_and_give_their_reasons():
    examples = EXAMPLES["examples"]
    assert len({example["name"] for example in examples}) == len(examples) >= 30
    assert all(len(example["why"]) > 20 and example["source"] for example in examples)
    assert {example["office"] for example in examples} == set(OFFICES)


PRIORITIES, STAGES = st.sampled_from(Priority), st.sampled_from(Stage)


@given(INSTANTS, ZONES, CALENDARS, PRIORITIES, STAGES, st.lists(st.tuples(INSTANTS, INSTANTS), max_size=2))
def test_counting_a_due_time_again_changes_nothing(start, zone, calendar, priority, stage, pauses):
    hours = OfficeHours(zone, calendar)
    intervals = [Pause(min(pair), max(pair)) for pair in pauses]
    due = due_at(start, hours, priority, stage, pauses=intervals)
    assert due == due_at(start, hours, priority, stage, pauses=intervals)
    assert due >= start


@given(INSTANTS, ZONES, PRIORITIES, STAGES)
def test_an_office_that_never_closes_is_due_at_one_instant_in_every_zone(start, zone, priority, stage):
    always = calendar_of({"hours": {day: ["00:00-24:00"] for day in EVERY_DAY}})
    assert due_at(start, OfficeHours(zone, always), priority, stage) == due_at(
        start, OfficeHours("UTC", always), priority, stage
    )


EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@given(INSTANTS, ZONES, CALENDARS, st.integers(1, 12))
def test_the_working_days_of_a_week_are_exactly_a_week_of_business_time(start, zone, calendar, weeks):
    worked = sum(bool(windows) for windows in calendar.week)
    limit = SlaLimit(BusinessUnit.DAY, worked * weeks).duration_ms(calendar)
    minutes = sum(closes - opens for windows in calendar.week for opens, closes in windows)
    assert limit == weeks * minutes * 60_000


@given(INSTANTS, ZONES, CALENDARS, PRIORITIES, st.sampled_from(LEVELS))
def test_an_escalation_is_due_within_its_limit_and_never_before_it_began(
    start, zone, calendar, priority, level
):
    due = escalation_due(start, OfficeHours(zone, calendar), priority, level)
    limit = default_policy().escalation[level, priority].duration_ms(calendar)
    assert business_ms(start, due, zone, calendar) == limit


def test_an_urgent_escalation_is_taken_up_within_four_business_hours():
    limits = default_policy().escalation
    assert {limits[level, Priority.URGENT] for level in LEVELS} == {SlaLimit(BusinessUnit.HOUR, 4, ("REC",))}


@given(INSTANTS, st.integers(0, 30 * 24 * HOUR_MS), st.integers(0, 100), st.integers(0, 48))
def test_due_soon_begins_before_the_due_time_and_with_the_longer_of_both_rules(start, length, percent, hours):
    soon = SoonRule(hours, percent).begins_at(start, start + length)
    assert soon <= start + length
    assert start + length - soon == max(hours * HOUR_MS, length * percent // 100)


def test_every_priority_stage_and_level_has_a_marked_limit():
    policy = default_policy()
    assert set(policy.limits) == {(priority, stage) for priority in Priority for stage in Stage}
    assert set(policy.escalation) == {(level, priority) for level in LEVELS for priority in Priority}
    assert all(limit.marks for limit in (*policy.limits.values(), *policy.escalation.values()))


def test_a_policy_survives_being_kept_in_a_record():
    policy = default_policy()
    kept = kept_policy("SL-2", rules_of(policy))
    assert kept.version == "SL-2"
    assert (kept.limits, kept.escalation, kept.soon) == (policy.limits, policy.escalation, policy.soon)
    assert kept.acknowledged_at_once == policy.acknowledged_at_once


@pytest.mark.parametrize(
    "change",
    [
        ('"urgent"', '"someday"'),
        ('"stage": "acknowledge"', '"stage": "answer_custom"'),
        ('"level": 3', '"level": 2'),
        ('"soon"', '"later"'),
    ],
)
def test_a_policy_with_a_gap_or_an_unknown_word_is_refused(change):
    text = resource_path("rules", "sla.json").read_text(encoding="utf-8").replace(*change)
    with pytest.raises(EnvironmentFaultError):
        policy_from(parse_rules("sla.json", text))


def changed(**limits: object) -> SlaPolicy:
    policy = default_policy()
    return SlaPolicy("1", **({"limits": policy.limits, "escalation": policy.escalation} | limits))


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (changed(limits={}), "how long"),
        (changed(escalation={}), "how long"),
        (
            changed(
                limits=default_policy().limits
                | {(p, s): SlaLimit(BusinessUnit.DAY, 0) for p in Priority for s in Stage}
            ),
            "1 to 1,000",
        ),
        (
            changed(
                escalation=default_policy().escalation
                | {(1, Priority.URGENT): SlaLimit(BusinessUnit.HOUR, 1_001)}
            ),
            "1 to 1,000",
        ),
        (changed(soon=SoonRule(5, 101)), "Due soon"),
        (changed(soon=SoonRule(-1, 10)), "Due soon"),
    ],
)
def test_service_levels_that_nobody_can_promise_are_refused(policy, said):
    with pytest.raises(InputRefusedError, match=said):
        check_policy(policy)


@given(
    INSTANTS,
    ZONES,
    CALENDARS,
    st.lists(st.tuples(st.integers(0, 20 * 24 * HOUR_MS), st.integers(0, 60 * HOUR_MS)), max_size=3),
)
def test_what_is_due_is_due_while_the_office_is_open(start, zone, calendar, offsets):
    pauses = pauses_after(start, offsets)
    due = add_business_ms(start, 3 * HOUR_MS, zone, calendar, pauses)
    assert due is not None
    # The millisecond before is business time that no pause took away.
    assert business_ms(due - 1, due, zone, calendar, pauses) == 1


def test_the_hours_of_the_office_are_not_those_of_the_caller():
    received = at("2026-11-13 10:00", BERLIN)
    hours = OfficeHours("America/New_York", calendar_of({"hours": {"friday": ["09:00-17:00"]}}))
    assert due_at(received, hours, Priority.URGENT, Stage.ACKNOWLEDGE) == at("2026-11-13 13:00", hours.zone)
    assert same_hours([5])[4] == ((540, 1020),)
