import pytest

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.business_time import HOUR_MS
from app.models.inquiry_forms import PersonForm, QuestionForm
from app.services.intake import commands, queries
from app.services.safety import commands as safety
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("channel", "email", "email"),
        ("urgency", "urgent", "urgent"),
        ("country", "uk", "GB"),
        ("language", "PT-BR", "pt-BR"),
        ("topic", "dosing_administration/missed_dose", "dosing_administration/missed_dose"),
        ("solicited", "solicited", "solicited"),
        ("answer_class", "complex", "complex"),
        ("follow_up_consent", True, True),
        ("anonymous_reason", "", ""),
    ],
)
def test_a_fact_is_edited_in_place(database, take, see, field, value, stored):
    inquiry_id = take()
    database.write(commands.edit_fact, inquiry_id, field, value)
    assert see(inquiry_id).facts[field] == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "pigeon"),
        ("channel", ""),
        ("urgency", "soon"),
        ("country", "Germany"),
        ("language", "1"),
        ("topic", "weather"),
        ("solicited", "perhaps"),
        ("received_at", -1),
        ("received_at", "yesterday"),
        ("received_zone", "Mars/Olympus"),
        ("title", "x" * 301),
        ("title", "a\x00b"),
        ("no_product", "yes"),
        ("product_id", "nowhere"),
        ("state", "closed"),
        ("number", "MI-1"),
    ],
)
def test_a_wrong_fact_is_refused_and_changes_nothing(database, take, see, field, value):
    inquiry_id = take()
    before = see(inquiry_id).facts
    with pytest.raises((InputRefusedError, RecordNotFoundError)):
        database.write(commands.edit_fact, inquiry_id, field, value)
    assert see(inquiry_id).facts == before


def test_urgency_and_class_of_answer_set_the_due_time(database, take, see):
    inquiry_id = take()
    due = {}
    for urgency, kind in (("routine", "standard"), ("routine", "custom"), ("urgent", "custom")):
        database.write(commands.edit_fact, inquiry_id, "urgency", urgency)
        database.write(commands.edit_fact, inquiry_id, "answer_class", kind)
        due[urgency, kind] = see(inquiry_id).facts["due_at"]
    assert due["urgent", "custom"] < due["routine", "standard"] < due["routine", "custom"]


def test_product_and_no_product_exclude_each_other(database, take, see, product):
    inquiry_id = take()
    database.write(commands.edit_fact, inquiry_id, "no_product", True)
    assert see(inquiry_id).facts["product_id"] is None
    database.write(commands.edit_fact, inquiry_id, "product_id", product)
    assert see(inquiry_id).facts["no_product"] is False
    assert see(inquiry_id).product == "Cardenza"


def test_an_earlier_receipt_moves_day_zero_and_a_later_one_never(database, take, see):
    inquiry_id = take()
    database.write(safety.decide, inquiry_id, adverse_event="yes")
    database.write(commands.edit_fact, inquiry_id, "received_at", NOW - HOUR_MS)
    assert see(inquiry_id).safety[0].awareness_at == NOW - HOUR_MS
    database.write(commands.edit_fact, inquiry_id, "received_at", NOW + HOUR_MS)
    assert see(inquiry_id).safety[0].awareness_at == NOW - HOUR_MS


def test_a_requester_may_ask_for_somebody_else(database, take, see):
    inquiry_id = take(requester=PersonForm(last_name="Rep", role="representative"), asks_for_another=True)
    assert see(inquiry_id).contact is None
    doctor = PersonForm(first_name="Ada", last_name="Bell", role="physician", email="ada@h.example.org")
    database.write(commands.set_person, inquiry_id, "contact", doctor)
    case = see(inquiry_id)
    assert (case.contact.name, case.contact.audience, case.is_same_person) == ("Ada Bell", "hcp", False)


def test_the_requester_becomes_the_contact(database, take, see):
    inquiry_id = take(asks_for_another=True)
    database.write(commands.use_requester_as_contact, inquiry_id)
    assert see(inquiry_id).is_same_person


@pytest.mark.parametrize(("field", "value"), [("email", "no at"), ("role", "king"), ("shoe_size", "42")])
def test_a_wrong_field_of_a_person_is_refused(database, take, field, value):
    with pytest.raises(InputRefusedError):
        database.write(commands.edit_person, take(), "contact", field, value)


def test_a_changed_contact_is_no_longer_verified(database, take, see):
    inquiry_id = take()
    database.write(commands.verify_contact, inquiry_id, method="registry", evidence="GMC 1234567")
    database.write(commands.edit_person, inquiry_id, "contact", "specialty", "Cardiology")
    assert see(inquiry_id).verification.evidence == "GMC 1234567"
    database.write(commands.edit_person, inquiry_id, "contact", "email", "other@h.example.org")
    assert see(inquiry_id).verification is None


def test_an_expired_verification_does_not_count(database, take):
    inquiry_id = take()
    database.write(
        commands.verify_contact, inquiry_id, method="call_back", evidence="Ward 3", expires_at=NOW + 1
    )
    assert database.read(queries.case, inquiry_id, "user-1", NOW).verification is not None
    assert database.read(queries.case, inquiry_id, "user-1", NOW + 2).verification is None


def test_anonymous_needs_a_reason_and_takes_the_contact_away(database, take, see):
    inquiry_id = take()
    with pytest.raises(NotAllowedError):
        database.write(commands.set_anonymous, inquiry_id, reason="")
    database.write(commands.set_anonymous, inquiry_id, reason="Did not say")
    assert see(inquiry_id).contact is None


def test_an_attestation_says_that_the_request_was_unsolicited(database, take, see):
    inquiry_id = take(solicited=None)
    database.write(
        commands.attest_unsolicited,
        inquiry_id,
        statement="I asked on my own initiative.",
        text_version="1",
        attested_by="Dana Whitfield",
    )
    case = see(inquiry_id)
    assert (case.is_attested_unsolicited, case.facts["solicited"]) == (True, "unsolicited")


def test_questions_are_added_reordered_and_taken_out(database, take, see):
    inquiry_id = take(questions=(QuestionForm("A?"), QuestionForm("B?")))
    database.write(commands.add_question, inquiry_id, QuestionForm("C?", restated="Is C?", topic="efficacy"))
    a, b, c = (question.id for question in see(inquiry_id).questions)
    database.write(commands.reorder_questions, inquiry_id, [c, a, b])
    database.write(commands.edit_question, a, restated="Is A so?")
    database.write(commands.retire_question, b, reason="Withdrawn")
    assert [(q.verbatim, q.restated) for q in see(inquiry_id).questions] == [
        ("C?", "Is C?"),
        ("A?", "Is A so?"),
    ]
    database.write(commands.restore_question, b)
    assert len(see(inquiry_id).questions) == 3
    with pytest.raises(NotAllowedError):
        database.write(commands.reorder_questions, inquiry_id, [c, a])


def test_a_new_assessment_replaces_the_old_one(database, take, see):
    inquiry_id = take()
    question = see(inquiry_id).questions[0].id
    for assessment in ("unclear", "off_label"):
        database.write(commands.assess_label, question, assessment, label_version="SmPC 4")
    assert see(inquiry_id).questions[0].assessment.assessment == "off_label"
    with pytest.raises(InputRefusedError):
        database.write(commands.assess_label, question, "sideways")


def test_an_answered_question_is_not_taken_out(database, take, see):
    inquiry_id = take()
    question = see(inquiry_id).questions[0].id
    database.write(commands.answer_verbal, inquiry_id, text="10 mg", question_ids=[question])
    assert see(inquiry_id).questions[0].coverage.is_answered
    with pytest.raises(NotAllowedError):
        database.write(commands.retire_question, question, reason="Oops")


def test_a_closed_inquiry_takes_notes_but_no_edits(database, take, see):
    inquiry_id = take()
    database.write(commands.transfer, inquiry_id, target="MI Paris", receipt="9:10")
    with pytest.raises(NotAllowedError):
        database.write(commands.edit_fact, inquiry_id, "topic", "efficacy")
    database.write(commands.add_note, inquiry_id, "They called again")
    assert [note.text for note in see(inquiry_id).notes] == ["They called again"]


def test_notes_are_corrected_and_taken_out_with_a_reason(database, take, see):
    inquiry_id = take(note="Frist")
    note = see(inquiry_id).notes[0].id
    database.write(commands.edit_note, note, "First")
    assert see(inquiry_id).notes[0].text == "First"
    with pytest.raises(NotAllowedError):
        database.write(commands.retire_note, note, reason="")
    database.write(commands.retire_note, note, reason="Wrong case")
    assert see(inquiry_id).notes == ()


def test_tags_are_tidy_and_the_acknowledgement_is_kept_once(database, take, see, clock):
    inquiry_id = take()
    database.write(commands.set_tags, inquiry_id, (" Media ", "Media", "", "on  call"))
    database.write(commands.acknowledge, inquiry_id)
    clock.advance(hours=1)
    database.write(commands.acknowledge, inquiry_id)
    assert see(inquiry_id).facts["tags"] == ("Media", "on call")
    assert see(inquiry_id).facts["acknowledged_at"] == NOW


def test_the_steps_of_a_state_say_what_blocks_them(take, see):
    steps = {step.name: step for step in see(take()).steps}
    assert steps["triage"].is_allowed
    assert "assign_to_me" not in steps
    assert steps["escalate"].is_allowed
    assert any("Yes, No or Uncertain" in blocker for blocker in steps["cancel"].blockers)


def test_the_timeline_says_who_what_from_to_and_why(database, take):
    inquiry_id = take()
    database.write(commands.edit_fact, inquiry_id, "urgency", "urgent", reason="Patient waits")
    entry = database.read(queries.timeline, inquiry_id)[-1]
    change = next(change for change in entry.changes if change.field == "urgency")
    assert (entry.who, entry.what, entry.why) == ("P. Nilsson", "Inquiry", "Patient waits")
    assert (change.label, change.old, change.new) == ("Urgency", "Routine", "Urgent")
    assert (entry.at, entry.zone, entry.is_pending) == (NOW, "Europe/London", True)


def test_the_timeline_shows_that_a_value_was_erased(database, take, see):
    inquiry_id = take(note="Her phone is 12345")
    note = see(inquiry_id).notes[0].id
    with database.unit() as uow:
        uow.erase_values([note])
        uow.commit()
    changes = [e.changes for e in database.read(queries.timeline, inquiry_id) if e.entity_id == note]
    assert all(change.new == "(erased)" for change in changes[0])


def test_people_and_inquiries_are_found_by_parts(database, take):
    inquiry_id = take(verbatim="Nosebleeds with ravexaban")
    number = database.read(queries.case, inquiry_id).number
    assert [hit.inquiry_id for hit in database.read(queries.find, "ravex nose", 5)] == [inquiry_id]
    assert [hit.inquiry_id for hit in database.read(queries.find, f"#{number}", 5)] == [inquiry_id]
    assert database.read(queries.find, '"; DROP', 5) == ()
    assert [hit.name for hit in database.read(queries.people, "whit clinic")] == ["Dana Whitfield"]
    assert database.read(queries.people, "%") == ()


def test_the_nearest_clocks_are_told_with_their_counts(database, take, clock):
    calm, urgent = take(), take(urgency="urgent", verbatim="Urgent")
    database.write(safety.decide, calm, quality_complaint="yes")
    clocks = database.read(queries.nearest_clocks, NOW)
    assert (clocks.sla_inquiry_id, clocks.open_inquiries, clocks.overdue) == (urgent, 2, 0)
    assert (clocks.safety.running, clocks.safety.late) == (1, 0)
    clock.advance(days=5)
    clocks = database.read(queries.nearest_clocks, clock.now())
    assert (clocks.overdue, clocks.safety.late) == (2, 1)
