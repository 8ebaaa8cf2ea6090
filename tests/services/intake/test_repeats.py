from dataclasses import replace

import pytest

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.inquiry_forms import PersonForm, QuestionForm
from app.services.intake import commands, queries
from app.services.safety import commands as safety
from tests.services.intake.conftest import DOCTOR

DAY = 86_400_000
NURSE = PersonForm(first_name="Ann", last_name="Murphy", institution="St. Mary's", phone="+353 20 910 0142")


def ids(case):
    return [proposal.inquiry_id for proposal in case.proposals]


def questions(*texts):
    return tuple(QuestionForm(text) for text in texts)


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        (DOCTOR, replace(DOCTOR, email="DANA@clinic.example.org", last_name="W."), "Same e-mail address"),
        (NURSE, PersonForm(last_name="M.", phone="00353 (20) 910-0142"), "Same phone number"),
        (NURSE, replace(NURSE, first_name="A.", phone="", institution="st marys"), ""),
        (
            NURSE,
            replace(NURSE, first_name="A.", phone="", institution="ST MARY'S"),
            "Same name and institution",
        ),
    ],
)
def test_the_same_contact_and_product_is_proposed_with_its_reason(take, see, mine, theirs, reason):
    first = take(requester=mine)
    second = take(requester=theirs, questions=questions("Is the coat free of lactose?"))
    assert ids(see(second)) == ([first] if reason else [])
    if reason:
        assert see(second).proposals[0].reasons[0] == reason
        assert see(second).proposals[0].score >= 50


def test_an_old_inquiry_and_another_product_are_not_proposed(take, see, clock):
    take(requester=NURSE, received_at=clock.millis - 40 * DAY)
    take(requester=NURSE, product_id=None, no_product=True, questions=questions("Where do I send a form?"))
    assert see(take(requester=NURSE)).proposals == ()


def test_nearly_the_same_words_from_somebody_else_are_proposed_on_the_same_day(take, see, clock):
    first = take(
        requester=NURSE, questions=questions("Can Cardenza be taken with grapefruit juice in the morning?")
    )
    other = questions("Can Cardenza be taken with grapefruit juice in the mornings?")
    second = take(requester=PersonForm(last_name="Else"), questions=other)
    assert ids(see(second)) == [first]
    assert see(second).proposals[0].reasons[0].startswith("Similar question")


def test_a_dismissed_proposal_stays_away_until_it_is_taken_back(database, take, ready, see):
    first, second = take(), ready()
    with pytest.raises(NotAllowedError):
        database.write(commands.assign, second)
    database.write(commands.link, second, first, "unrelated")
    assert see(second).proposals == ()
    assert see(first).proposals == ()
    (link,) = see(second).links
    assert (link.kind, link.other_id) == ("unrelated", first)
    assert "Same e-mail address" in link.reasons

    with pytest.raises(NotAllowedError):
        database.write(commands.undo_link, link.id, reason=" ")
    database.write(commands.undo_link, link.id, reason="Same practice after all")
    assert ids(see(second)) == [first]
    database.write(commands.link, second, first, "unrelated")
    database.write(commands.assign, second)


def test_a_follow_up_answers_the_triage_and_its_undo_asks_again(database, take, ready, see):
    first, second = take(), ready()
    database.write(commands.link, second, first, "follow_up")
    case = see(second)
    assert (case.facts["first_id"], case.facts["duplicate_decision"]) == (first, "follow_up")
    assert [(link.kind, link.is_later) for link in see(first).links] == [("follow_up", False)]
    database.write(commands.undo_link, case.links[0].id, reason="Wrong one")
    case = see(second)
    assert (case.facts["first_id"], case.facts["duplicate_decision"], case.links) == (None, None, ())
    assert ids(case) == [first]


def test_a_repeat_contact_is_a_new_inquiry_with_a_link(database, take, ready, see):
    first, second = take(), ready()
    database.write(commands.link, second, first, "repeat")
    assert see(second).facts["duplicate_decision"] == "new"
    database.write(commands.assign, second)
    database.write(commands.undo_link, see(second).links[0].id, reason="Wrong person")
    assert see(second).facts["duplicate_decision"] is None


def test_the_newest_decision_about_a_pair_counts(database, take, see):
    first, second, third = take(), take(), take()
    database.write(commands.link, third, first, "follow_up")
    database.write(commands.link, third, second, "follow_up")
    assert see(third).facts["first_id"] == second
    assert [link.other_id for link in see(third).links if link.kind == "follow_up"] == [second]
    database.write(commands.link, third, second, "unrelated")
    case = see(third)
    assert (case.facts["first_id"], case.facts["duplicate_decision"]) == (None, None)


def test_a_merge_offers_what_only_the_duplicate_has(database, take, see):
    first = take(requester=None, channel="web", questions=questions("What dose in renal impairment?"))
    second = take(questions=questions("What dose in RENAL impairment", "Is it free of lactose?"))
    database.write(safety.decide, second, adverse_event="yes", description="Rash")
    offer = database.read(queries.merge_offer, second, first)
    assert ([text for _, text in offer.questions], offer.people) == (
        ["Is it free of lactose?"],
        ("requester", "contact"),
    )

    keys = [key for key, _ in offer.questions]
    database.write(
        commands.mark_duplicate, second, first, reason="Same call", question_ids=keys, people=("requester",)
    )
    merged, ended = see(first), see(second)
    assert [q.verbatim for q in merged.questions] == [
        "What dose in renal impairment?",
        "Is it free of lactose?",
    ]
    assert merged.requester.fields.last_name == "Whitfield"
    assert len(merged.safety) == 1
    assert (ended.state, ended.facts["first_id"], ended.safety) == ("duplicate", first, ())
    assert [link.kind for link in merged.links] == ["duplicate"]
    assert "duplicate" in {
        change.new for entry in database.read(queries.timeline, second) for change in entry.changes
    }


def test_a_merge_cannot_be_taken_back_and_is_no_proposal(database, take, see):
    first, second = take(), take()
    database.write(commands.mark_duplicate, second, first)
    (link,) = see(first).links
    with pytest.raises(NotAllowedError):
        database.write(commands.undo_link, link.id, reason="Wrong")
    third = take()
    assert ids(see(third)) == [first]


def test_a_merge_takes_nothing_of_another_inquiry(database, take, see):
    first, second, third = take(), take(), take()
    foreign = see(third).questions[0].id
    with pytest.raises(NotAllowedError):
        database.write(commands.mark_duplicate, second, first, question_ids=[foreign])
    with pytest.raises(NotAllowedError):
        database.write(commands.mark_duplicate, second, first, people=["contact"])
    assert see(second).state == "new"


@pytest.mark.parametrize("kind", ["follow_up", "repeat", "unrelated"])
def test_an_inquiry_is_not_linked_to_itself_or_to_nothing(database, take, kind):
    inquiry_id = take()
    with pytest.raises(NotAllowedError):
        database.write(commands.link, inquiry_id, inquiry_id, kind)
    with pytest.raises(NotAllowedError):
        database.write(commands.link, inquiry_id, "", kind)
    with pytest.raises(RecordNotFoundError):
        database.write(commands.link, inquiry_id, "no-such-inquiry", kind)


def test_an_unknown_kind_of_link_is_refused(database, take):
    with pytest.raises(InputRefusedError):
        database.write(commands.link, take(), take(), "married")


def test_the_decision_of_the_command_line_leaves_a_link_too(database, take, see):
    first, second = take(), take()
    database.write(commands.decide_duplicate, second, "follow_up", first_id=first)
    assert [link.kind for link in see(second).links] == ["follow_up"]
    database.write(commands.decide_duplicate, second, "new")
    case = see(second)
    assert (case.links, case.facts["first_id"], case.facts["duplicate_decision"]) == ((), None, "new")
