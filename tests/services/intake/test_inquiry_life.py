import pytest
from sqlalchemy import select

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.audit import Cursor
from app.models.business_time import HOUR_MS
from app.models.inquiry import Inquiry
from app.models.inquiry_forms import InquiryForm, PersonForm, QuestionForm
from app.models.people import User
from app.services.audit.queries import verify_trail
from app.services.intake import commands, queries
from app.services.safety import commands as safety
from tests.conftest import NOW

# Four business hours after the office opens.
MONDAY_13_00 = 1_795_438_800_000
TICKS = ("no_medical_advice", "category_confirmed", "self_checked")


def blockers_of(refused: pytest.ExceptionInfo[NotAllowedError]) -> str:
    return " ".join(refused.value.blockers)


def answer_all(database, see, inquiry_id):
    ids = [question.id for question in see(inquiry_id).questions]
    database.write(commands.answer_verbal, inquiry_id, text="Said so.", question_ids=ids)


def test_an_inquiry_lives_from_the_call_to_the_closed_case(database, working, see):
    inquiry_id = working()
    answer_all(database, see, inquiry_id)
    database.write(commands.answered, inquiry_id)
    database.write(commands.close, inquiry_id, TICKS)

    case = see(inquiry_id)
    assert case.state == "closed"
    assert case.facts["closing"]["figures"]["closed_at"] == NOW
    assert all(item.is_done for item in case.checklist)
    assert database.read(verify_trail).ok


def test_every_step_tells_all_that_is_missing(database, take):
    inquiry_id = take(requester=None, product_id=None, questions=(), solicited=None, note="Rang off")
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.triage, inquiry_id)
    assert "no contact" in blockers_of(refused)
    assert "no product" in blockers_of(refused)

    database.write(commands.set_anonymous, inquiry_id, reason="Would not say")
    database.write(commands.edit_fact, inquiry_id, "no_product", True)
    database.write(commands.triage, inquiry_id)
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.assign, inquiry_id)
    told = blockers_of(refused)
    assert all(word in told for word in ("question", "solicited", "Adverse", "Special", "complaint"))


def test_a_refused_step_changes_nothing(database, take, see):
    inquiry_id = take(solicited=None)
    with pytest.raises(NotAllowedError):
        database.write(commands.assign, inquiry_id)
    assert see(inquiry_id).state == "new"
    assert see(inquiry_id).facts["owner_id"] is None


def test_nothing_is_taken_without_words(database, product):
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.capture, InquiryForm(channel="phone"))
    assert "neither a question nor a note" in blockers_of(refused)
    assert database.read(queries.view_counts, "user-1", NOW, "Europe/London")["all"] == 0


def test_closing_asks_for_the_whole_checklist(database, working, see):
    inquiry_id = working()
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.answered, inquiry_id)
    assert "Question 1 has no answer" in blockers_of(refused)

    answer_all(database, see, inquiry_id)
    database.write(commands.answered, inquiry_id)
    database.write(commands.confirm, inquiry_id, "self_checked")
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.close, inquiry_id)
    assert "no medical advice" in blockers_of(refused)
    assert "self-check" not in blockers_of(refused)


def test_a_suspected_event_must_be_handed_off_before_closing(database, working, see):
    inquiry_id = working()
    database.write(safety.decide, inquiry_id, adverse_event="uncertain", description="Nosebleed")
    answer_all(database, see, inquiry_id)
    database.write(commands.answered, inquiry_id)
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.close, inquiry_id, TICKS)
    record = see(inquiry_id).safety[0]
    assert f"{record.number} has no recorded hand-off" in blockers_of(refused)

    database.write(safety.hand_off, record.id, method="phone", receiver="Drug Safety")
    database.write(commands.close, inquiry_id, TICKS)
    assert see(inquiry_id).state == "closed"


def test_waiting_for_the_requester_moves_the_due_time_by_its_length(database, working, see, clock):
    clock.millis -= 60 * HOUR_MS  # Friday 11:48 in London
    inquiry_id = working()
    due = see(inquiry_id).facts["due_at"]
    database.write(commands.ask_requester, inquiry_id, asked="Which strength?", reason="Two exist")
    assert see(inquiry_id).facts["due_at"] is None
    clock.advance(hours=2)
    database.write(commands.resume, inquiry_id)
    assert see(inquiry_id).facts["due_at"] == due + 2 * HOUR_MS


def test_waiting_for_a_colleague_makes_a_work_item_and_runs_on(database, working, see):
    inquiry_id = working()
    due = see(inquiry_id).facts["due_at"]
    with pytest.raises(NotAllowedError):
        database.write(commands.ask_internal, inquiry_id, asked="CMC: is it stable?", due_at=None)
    database.write(commands.ask_internal, inquiry_id, asked="CMC: is it stable?", due_at=NOW + HOUR_MS)
    case = see(inquiry_id)
    assert (case.state, case.facts["due_at"]) == ("awaiting_internal", due)
    assert [item.title for item in case.work_items] == ["CMC: is it stable?"]


def test_a_reopened_case_needs_a_reason_and_is_not_cancelled(database, working, see):
    inquiry_id = working()
    answer_all(database, see, inquiry_id)
    database.write(commands.answered, inquiry_id)
    database.write(commands.close, inquiry_id, TICKS)
    with pytest.raises(NotAllowedError):
        database.write(commands.reopen, inquiry_id, reason=" ")
    database.write(commands.reopen, inquiry_id, reason="Asked again")
    database.write(commands.restart, inquiry_id)
    assert not any(item.is_done for item in see(inquiry_id).checklist if item.is_ticked_by_hand)
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.cancel, inquiry_id, why="withdrawn")
    assert "answered once" in blockers_of(refused)


def test_cancelling_for_no_contact_wants_three_tries(database, working):
    inquiry_id = working()
    for number in range(3):
        with pytest.raises(NotAllowedError) as refused:
            database.write(commands.cancel, inquiry_id, why="no_contact")
        assert f"{number} of 3 tries" in blockers_of(refused)
        database.write(commands.add_note, inquiry_id, "No answer", is_contact_try=True)
    database.write(commands.cancel, inquiry_id, why="no_contact")


def test_a_transfer_needs_target_and_receipt(database, working, see):
    inquiry_id = working()
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.transfer, inquiry_id, target="", receipt="")
    assert len(refused.value.blockers) == 2
    database.write(commands.transfer, inquiry_id, target="MI Paris", receipt="Mail of 9:10")
    assert see(inquiry_id).facts["ending"]["receipt"] == "Mail of 9:10"


def test_a_repeat_waits_for_a_decision_and_is_never_merged_by_itself(database, take, ready, see):
    first = ready()
    repeat = ready()
    assert [proposal.inquiry_id for proposal in see(repeat).proposals] == [first]
    with pytest.raises(NotAllowedError) as refused:
        database.write(commands.assign, repeat)
    assert "may be a repeat" in blockers_of(refused)
    database.write(commands.decide_duplicate, repeat, "new")
    database.write(commands.assign, repeat)
    assert see(repeat).state == "assigned"


def test_the_safety_data_of_a_duplicate_joins_the_first(database, ready, see, clock):
    first = ready(received_at=NOW - 48 * HOUR_MS)
    repeat = ready()
    database.write(safety.decide, repeat, special_situation="yes")
    database.write(commands.mark_duplicate, repeat, first)

    assert see(repeat).state == "duplicate"
    assert see(repeat).safety == ()
    joined = see(first)
    assert joined.facts["special_situation"] == "yes"
    assert joined.safety[0].awareness_at == NOW - 48 * HOUR_MS
    assert joined.safety[0].due_at == NOW - 24 * HOUR_MS


@pytest.mark.parametrize("other", ["itself", "nothing", "a duplicate"])
def test_a_duplicate_needs_another_inquiry_that_came_first(database, ready, other):
    inquiry_id, third, fourth = ready(), ready(), ready()
    database.write(commands.mark_duplicate, third, fourth)
    first = {"itself": inquiry_id, "nothing": "", "a duplicate": third}[other]
    with pytest.raises(NotAllowedError):
        database.write(commands.mark_duplicate, inquiry_id, first)


def test_escalation_is_an_overlay_that_closing_takes_off(database, working, see):
    inquiry_id = working(urgency="urgent")
    database.write(commands.escalate, inquiry_id, target="medical", reason="Overdose in a child")
    case = see(inquiry_id)
    assert (case.state, case.facts["escalated_to"]) == ("in_progress", "medical")
    assert case.escalations[0].level == 3
    assert case.work_items[0].due_at == MONDAY_13_00

    database.write(commands.cancel, inquiry_id, why="withdrawn")
    assert see(inquiry_id).facts["escalated_to"] == ""
    assert see(inquiry_id).escalations[0].ended_at == NOW


def test_an_auditor_changes_nothing(database, take, see):
    inquiry_id = take()
    # Enrolment is what makes granted roles count.
    with database.unit() as uow:
        uow.session.get(User, "user-1").roles = ["auditor"]
        uow.session.add(Cursor(scope="team:a"))
        uow.commit()
    for command, arguments in ((commands.triage, ()), (commands.add_note, ("x",))):
        with pytest.raises(NotAllowedError):
            database.write(command, inquiry_id, *arguments)
    assert see(inquiry_id).state == "new"


def test_bulk_assignment_names_what_it_left(database, ready, take):
    good = ready(requester=PersonForm(last_name="Solo", role="nurse"))
    bad = take(requester=PersonForm(last_name="Other", role="nurse"), questions=(QuestionForm("Else?"),))
    result = database.write(commands.assign_many, [good, bad])
    assert [refusal.inquiry_id for refusal in result.refused] == [bad]
    with database.unit() as uow:
        assert dict(uow.session.execute(select(Inquiry.id, Inquiry.state)).all()) == {
            good: "assigned",
            bad: "new",
        }


def test_numbers_are_gapless_even_over_a_rollback(database, product):
    numbers = []
    for attempt in range(12):
        form = InquiryForm(channel="phone" if attempt % 3 else "pigeon", verbatim="x")
        try:
            numbers.append(database.write(commands.capture, form).number)
        except InputRefusedError:
            continue
    short = numbers[0].split("-")[2]
    assert numbers == [f"MI-L-{short}-{n}" for n in range(1, 9)]


def test_a_missing_inquiry_is_told(database):
    with pytest.raises(RecordNotFoundError):
        database.write(commands.triage, "nowhere")
    with pytest.raises(RecordNotFoundError):
        database.read(queries.resolve, "MI-L-NONE-1")
