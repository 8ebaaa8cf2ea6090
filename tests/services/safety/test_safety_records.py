import pytest

from app.errors import InputRefusedError, NotAllowedError
from app.models.business_time import HOUR_MS
from app.models.inquiry_forms import InquiryForm
from app.services.intake import commands as intake
from app.services.safety import commands, queries
from tests.conftest import NOW

HOUR = HOUR_MS


@pytest.fixture
def inquiry(database):
    form = InquiryForm(channel="phone", verbatim="It bled", received_at=NOW - 2 * HOUR)
    return database.write(intake.capture, form).inquiry_id


@pytest.fixture
def records(database, inquiry):
    return lambda: {view.kind: view for view in database.read(queries.records_of, inquiry)}


@pytest.mark.parametrize("decision", ["yes", "uncertain"])
@pytest.mark.parametrize("question", ["adverse_event", "special_situation"])
def test_what_is_suspected_opens_a_record_with_its_clock_running(
    database, inquiry, records, question, decision
):
    database.write(commands.decide, inquiry, **{question: decision})
    view = records()[queries.AE]
    assert view.number.startswith("AE-L-")
    assert view.awareness_at == NOW - 2 * HOUR
    assert view.due_at == NOW + 22 * HOUR
    assert view.is_running


def test_no_needs_a_reason_and_opens_nothing(database, inquiry, records):
    with pytest.raises(NotAllowedError):
        database.write(commands.decide, inquiry, adverse_event="no")
    database.write(commands.decide, inquiry, adverse_event="no", reason="Only a dosing question")
    assert records() == {}


def test_one_report_serves_event_and_special_situation(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="yes", special_situations=["overdose"])
    database.write(commands.decide, inquiry, special_situation="yes")
    assert len(records()) == 1
    assert records()[queries.AE].special_situations == ("overdose",)


def test_a_complaint_beside_an_event_is_due_the_same_day(database, inquiry, records):
    database.write(commands.decide, inquiry, quality_complaint="yes")
    alone = records()[queries.PQC].due_at
    database.write(commands.decide, inquiry, adverse_event="yes")
    beside = records()[queries.PQC].due_at
    # Sunday 21:48: alone until the end of Monday, with an event until the end of Sunday.
    assert alone - beside == 24 * HOUR


def test_a_critical_complaint_is_due_the_same_day(database, inquiry, records):
    database.write(commands.decide, inquiry, quality_complaint="yes")
    before = records()[queries.PQC]
    database.write(commands.edit_record, before.id, "severity", "critical")
    assert records()[queries.PQC].due_at < before.due_at
    database.write(commands.edit_record, before.id, "severity", "minor")
    assert records()[queries.PQC].due_at < before.due_at


def test_a_no_dismisses_what_nobody_handed_off(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="uncertain")
    database.write(commands.decide, inquiry, adverse_event="no", reason="Known before the drug")
    assert records()[queries.AE].is_dismissed
    database.write(commands.decide, inquiry, adverse_event="yes")
    assert records()[queries.AE].is_running
    assert len(records()) == 1


def test_a_no_does_not_take_back_what_was_handed_off(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="yes")
    record = records()[queries.AE]
    database.write(commands.hand_off, record.id, method="phone", receiver="Drug Safety")
    with pytest.raises(NotAllowedError):
        database.write(commands.decide, inquiry, adverse_event="no", reason="Changed my mind")
    assert not records()[queries.AE].is_dismissed


def test_a_serious_record_is_not_dismissed_alone(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="yes")
    record = records()[queries.AE]
    database.write(commands.edit_record, record.id, "hospitalisation", "yes")
    with pytest.raises(NotAllowedError):
        database.write(commands.dismiss, record.id, reason="Not related")
    assert records()[queries.AE].is_running


def test_a_handoff_stops_the_clock_and_waits_for_its_number(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="yes")
    record = records()[queries.AE]
    with pytest.raises(NotAllowedError):
        database.write(commands.acknowledge, record.id, external_number="PV-1")
    database.write(commands.hand_off, record.id, method="phone", receiver="Drug Safety", note="Line 2")
    assert not records()[queries.AE].is_running
    assert records()[queries.AE].acknowledge_by is not None
    assert [view.number for view in database.read(queries.open_records)] == [record.number]

    with pytest.raises(InputRefusedError):
        database.write(commands.acknowledge, record.id, external_number=" ")
    database.write(commands.acknowledge, record.id, external_number="PV-2026-77")
    done = records()[queries.AE]
    assert (done.state, done.external_number) == ("acknowledged", "PV-2026-77")
    assert done.handoffs[0].acknowledged_at == NOW
    assert database.read(queries.open_records) == ()


def test_day_zero_moves_to_earlier_times_only(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="yes")
    record = records()[queries.AE]
    with pytest.raises(NotAllowedError):
        database.write(commands.learn_earlier, record.id, NOW, reason="Later")
    database.write(commands.learn_earlier, record.id, NOW - 9 * HOUR, reason="The rep knew at noon")
    assert records()[queries.AE].awareness_at == NOW - 9 * HOUR
    assert records()[queries.AE].due_at == NOW + 15 * HOUR


def test_a_receipt_in_the_future_is_known_now_at_the_latest(database):
    form = InquiryForm(channel="phone", verbatim="Wrong clock", received_at=NOW + 99 * HOUR)
    inquiry_id = database.write(intake.capture, form).inquiry_id
    database.write(commands.decide, inquiry_id, adverse_event="yes")
    assert database.read(queries.records_of, inquiry_id)[0].awareness_at == NOW


def test_a_safety_question_is_answered_on_an_ended_inquiry_too(database, inquiry, records):
    database.write(intake.transfer, inquiry, target="MI Paris", receipt="9:10")
    database.write(commands.decide, inquiry, adverse_event="yes")
    assert records()[queries.AE].is_running


@pytest.mark.parametrize(("field", "value"), [("death", "perhaps"), ("a b", "x"), ("lot", "a\x00")])
def test_a_wrong_fact_is_refused(database, inquiry, records, field, value):
    database.write(commands.decide, inquiry, quality_complaint="yes")
    record = records()[queries.PQC]
    with pytest.raises(InputRefusedError):
        database.write(commands.edit_record, record.id, field, value)
    assert records()[queries.PQC].facts == {}


def test_the_clock_says_what_share_is_used(database, inquiry):
    database.write(commands.decide, inquiry, adverse_event="yes")
    view = database.read(queries.records_of, inquiry)[0]
    assert queries.clock_of(view).reached(view.awareness_at + 18 * HOUR) == (50, 75)


def test_a_second_handoff_and_number_leave_the_state(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="yes")
    record = records()[queries.AE]
    for number in ("PV-1", "PV-2"):
        database.write(commands.hand_off, record.id, method="phone", receiver="Drug Safety")
        database.write(commands.acknowledge, record.id, external_number=number)
    done = records()[queries.AE]
    assert (done.state, done.external_number, len(done.handoffs)) == ("acknowledged", "PV-2", 2)


def test_a_record_is_captured_once_something_is_written_down(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="yes")
    record = records()[queries.AE]
    database.write(commands.edit_record, record.id, "description", " ")
    assert records()[queries.AE].state == "suspected"
    database.write(commands.edit_record, record.id, "description", "A rash on both arms")
    assert records()[queries.AE].state == "captured"


def test_a_wrong_receiver_hands_nothing_off(database, inquiry, records):
    database.write(commands.decide, inquiry, adverse_event="yes")
    record = records()[queries.AE]
    with pytest.raises(InputRefusedError):
        database.write(commands.hand_off, record.id, method="phone", receiver=" ")
    assert records()[queries.AE].is_running
