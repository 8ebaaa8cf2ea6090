import pytest

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.inquiry_forms import InquiryForm, PersonForm, QuestionForm
from app.services.intake import commands, queries

CALLER = PersonForm(title="Dr", first_name="Aoife", last_name="Brennan", phone="+353 20 910 0142")


def call(clock, **fields):
    return commands.CallForm(
        **{"started_at": clock.millis - 252_000, "ended_at": clock.millis, "zone": "Europe/London"} | fields
    )


def asked(**fields):
    form = {"channel": "email", "verbatim": "Pen did not click", "requester": CALLER}
    return InquiryForm(**form | fields)


def test_a_call_becomes_an_inquiry_with_its_day_zero_at_the_first_second(database, clock, see, product):
    noted = call(clock, id="draft-1", notes="Pen did not click", script_version="1.0", said=("greeting",))
    database.write(commands.save_call_draft, "draft-1", {"notes": "Pen"})
    taken = database.write(
        commands.take_call, noted, asked(questions=(QuestionForm("Wait?"), QuestionForm("Repeat?")))
    )
    case = see(taken.inquiry_id)
    assert (case.facts["channel"], case.facts["received_at"]) == ("phone", noted.started_at)
    assert [question.verbatim for question in case.questions] == ["Wait?", "Repeat?"]
    (kept,) = case.calls
    assert (kept.seconds, kept.outcome, kept.said, kept.number) == (
        252,
        "inquiry",
        ("greeting",),
        case.number,
    )
    assert database.read(queries.kept_calls) == ()


def test_a_call_is_never_kept_twice(database, clock, product):
    noted = call(clock, id="draft-1")
    first = database.write(commands.take_call, noted, asked())
    again = database.write(commands.take_call, noted, asked())
    assert (again.inquiry_id, again.number) == (first.inquiry_id, first.number)
    assert len(database.read(queries.calls)) == 1


def test_a_refused_inquiry_keeps_no_call_and_leaves_the_draft(database, clock, product):
    database.write(commands.save_call_draft, "draft-1", {"notes": "Pen"})
    with pytest.raises(InputRefusedError):
        database.write(commands.take_call, call(clock, id="draft-1"), asked(urgency="whenever"))
    assert database.read(queries.calls) == ()
    assert [draft.id for draft in database.read(queries.kept_calls)] == ["draft-1"]


def test_a_call_may_be_kept_alone(database, clock):
    kept = database.write(commands.keep_call, call(clock, outcome="wrong_number", phone="+44 1"))
    (seen,) = database.read(queries.calls)
    assert (seen.id, seen.inquiry_id, seen.outcome_label) == (kept.call_id, "", "Wrong number")


def test_a_call_back_is_in_the_case_and_in_its_timeline(database, clock, take, see):
    inquiry_id = take()
    out = call(clock, direction="out", outcome="voicemail", notes="Asked to ring back")
    database.write(commands.keep_call, out, inquiry_id)
    assert [(c.direction, c.outcome) for c in see(inquiry_id).calls] == [("out", "voicemail")]
    assert "phone_call" in {entry.type for entry in database.read(queries.timeline, inquiry_id)}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"outcome": "voicemail"}, InputRefusedError),
        ({"outcome": "existing"}, NotAllowedError),
        ({"outcome": "wrong_number", "direction": "up"}, InputRefusedError),
        ({"outcome": "wrong_number", "zone": "Nowhere/At_All"}, InputRefusedError),
        ({"outcome": "wrong_number", "notes": "bell \x07"}, InputRefusedError),
    ],
)
def test_what_cannot_be_is_refused_and_keeps_nothing(database, clock, fields, error):
    with pytest.raises(error):
        database.write(commands.keep_call, call(clock, **fields))
    assert database.read(queries.calls) == ()


def test_times_that_cannot_be_are_refused(database, clock):
    later = clock.millis + 3_600_000
    for started, ended in ((later, later), (clock.millis, clock.millis - 1)):
        form = commands.CallForm(started_at=started, ended_at=ended, outcome="wrong_number")
        with pytest.raises(InputRefusedError):
            database.write(commands.keep_call, form)


def test_an_unknown_inquiry_is_refused(database, clock):
    with pytest.raises(RecordNotFoundError):
        database.write(commands.keep_call, call(clock, outcome="existing"), "no-such-inquiry")


def test_the_log_goes_on_from_the_last_call_known(database, clock):
    for at in range(5):
        form = commands.CallForm(
            started_at=clock.millis - at * 60_000,
            ended_at=clock.millis,
            outcome="cut_off",
            caller=f"Caller {at}",
        )
        database.write(commands.keep_call, form)
    first = database.read(queries.calls, 3)
    rest = database.read(queries.calls, 3, before=(first[-1].started_at, first[-1].id))
    assert [item.caller for item in (*first, *rest)] == [f"Caller {at}" for at in range(5)]
    assert [item.caller for item in database.read(queries.calls, words="caller 4")] == ["Caller 4"]


def test_drafts_of_calls_are_no_drafts_of_other_forms(database, clock):
    database.write(commands.save_call_draft, "one", {"notes": "1"})
    clock.advance(seconds=1)
    database.write(commands.save_call_draft, "two", {"notes": "2"})
    assert [draft.id for draft in database.read(queries.kept_calls)] == ["two", "one"]
    assert database.read(queries.kept_drafts) == ()
    database.write(commands.forget_call_draft, "one")
    database.write(commands.forget_call_draft, "unknown")
    assert [draft.id for draft in database.read(queries.kept_calls)] == ["two"]
