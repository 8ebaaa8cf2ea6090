"""An interim reply says that the answer takes longer: it goes out, and answers nothing."""

import pytest

from app.errors import NotAllowedError
from app.models.base import freeze
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.letter import Response
from app.services.intake import queries as intake
from app.services.letters import commands
from tests.conftest import NOW

TEMPLATE, ACKNOWLEDGEMENT = "interim-en", "acknowledgement-en"
HOUR = 3_600_000


@pytest.fixture
def owed(desk):
    """A complex inquiry, to which a word is owed."""
    desk.change(Inquiry, desk.inquiry_id, extra=freeze({"interim_by": NOW + HOUR, "answer_class": "complex"}))
    return desk


def coverage(desk):
    view = desk.database.read(intake.case, desk.inquiry_id, "user-1", NOW)
    return [question.coverage for question in view.questions]


def test_a_sent_interim_letter_answers_nothing(owed):
    letter_id = owed.new_letter(template=TEMPLATE)
    owed.do(commands.insert, letter_id, owed.version())
    assert [cover.kind for cover in coverage(owed)] == [""]
    if owed.blocking(letter_id):
        pytest.fail(str(owed.blocking(letter_id)))
    owed.release(letter_id)
    owed.do(commands.send, letter_id, "email")
    (question,), (response,) = owed.rows(InquiryQuestion), owed.rows(Response)
    assert (question.answered_by, response.answered_at) == (None, None)
    assert [(cover.kind, cover.is_answered) for cover in coverage(owed)] == [("", False)]


def test_a_sent_interim_letter_keeps_the_promise_and_acknowledges(owed):
    letter_id = owed.new_letter(template=TEMPLATE)
    assert owed.blocking(letter_id) == []
    owed.release(letter_id)
    owed.do(commands.send, letter_id, "email")
    (inquiry,) = owed.rows(Inquiry)
    assert (inquiry.extra["interim_at"], inquiry.extra["acknowledged_at"]) == (NOW, NOW)


def test_an_answer_after_the_interim_letter_answers(owed):
    first = owed.new_letter(template=TEMPLATE)
    owed.release(first)
    owed.do(commands.send, first, "email")
    second = owed.new_letter()
    owed.do(commands.insert, second, owed.version())
    assert [(cover.kind, cover.letter_id) for cover in coverage(owed)] == [("letter", second)]


@pytest.mark.parametrize(
    ("extra", "template", "said"),
    [
        ({}, TEMPLATE, "owes no interim reply"),
        ({"interim_by": NOW, "interim_at": NOW}, TEMPLATE, "interim reply .* is recorded"),
        ({"acknowledged_at": NOW}, ACKNOWLEDGEMENT, "knows that it arrived"),
    ],
)
def test_a_word_that_is_not_owed_is_not_begun(desk, extra, template, said):
    desk.change(Inquiry, desk.inquiry_id, extra=freeze(extra))
    with pytest.raises(NotAllowedError, match=said) as refused:
        desk.new_letter(template=template)
    assert refused.value.blockers
    assert desk.rows(Response) == []


@pytest.mark.parametrize("template", [TEMPLATE, ACKNOWLEDGEMENT])
def test_one_word_is_begun_once(owed, template):
    owed.new_letter(template=template)
    with pytest.raises(NotAllowedError, match="is begun already"):
        owed.new_letter(template=template)
