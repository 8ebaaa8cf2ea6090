"""An acknowledgement from the first word to the Word file: it need not answer."""

from io import BytesIO

import docx
import pytest

from app.errors import EnvironmentFaultError, InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.base import freeze
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.letter import LetterTemplate, Response
from app.services.letters import commands, queries
from app.services.letters.templates import new_template, shipped
from tests.conftest import NOW

TEMPLATE = "acknowledgement-en"


@pytest.fixture
def letter_id(desk):
    return desk.new_letter(template=TEMPLATE)


def test_an_acknowledgement_goes_out_without_an_answer(desk, letter_id, tmp_path):
    assert desk.blocking(letter_id) == []
    desk.release(letter_id)
    target = tmp_path / "letter.docx"
    exported = desk.do(commands.export, letter_id, to=target)
    assert not exported.is_draft
    assert exported.sha256 == desk.database.read(queries.package, letter_id).sha256
    told = "\n".join(each.text for each in docx.Document(BytesIO(target.read_bytes())).paragraphs)
    assert "We are preparing an answer" in told
    assert "Can it be taken with grapefruit juice?" in told
    desk.do(commands.send, letter_id, "email")
    (inquiry,) = desk.rows(Inquiry)
    assert inquiry.extra["acknowledged_at"] == NOW
    (question,), (response,) = desk.rows(InquiryQuestion), desk.rows(Response)
    assert (question.answered_by, response.answered_at) == (None, None)


def test_an_earlier_acknowledgement_stands(desk, letter_id):
    desk.change(Inquiry, desk.inquiry_id, extra=freeze({"acknowledged_at": 5}))
    desk.release(letter_id)
    desk.do(commands.send, letter_id, "email")
    assert desk.rows(Inquiry)[0].extra["acknowledged_at"] == 5


def test_own_words_in_an_acknowledgement_need_no_question_but_a_review(desk, letter_id):
    desk.do(commands.add_block, letter_id, "You will hear from us by Friday.")
    assert "LC02" not in {finding.rule for finding in desk.check(letter_id)}
    with pytest.raises(NotAllowedError) as refused:
        desk.release(letter_id)
    assert "written freely" in " ".join(refused.value.blockers)


def test_approved_text_in_an_acknowledgement_wants_its_question(desk, letter_id):
    desk.add(InquiryQuestion(id="q2", inquiry_id=desk.inquiry_id, position=2, verbatim="And with food?"))
    desk.do(commands.insert, letter_id, desk.version())
    untied = [finding for finding in desk.check(letter_id) if finding.rule == "LC02"]
    assert untied
    assert {finding.severity for finding in untied} == {"W"}


def test_a_response_still_answers_every_question(desk):
    assert any("LC02" in told for told in desk.blocking(desk.new_letter()))


def test_a_template_of_before_is_judged_by_its_place_for_answers(desk):
    with desk.database.unit() as uow:
        for code in (TEMPLATE, "response-en"):
            row = shipped(code)
            row.slots = freeze({name: value for name, value in row.slots.items() if name != "kind"})
            uow.session.add(row)
        uow.commit()
    kinds = {row.code: row.slots.get("kind") for row in desk.rows(LetterTemplate)}
    assert kinds == {TEMPLATE: None, "response-en": None}
    assert desk.letter(desk.new_letter(template=TEMPLATE)).kind == "acknowledgement"
    assert desk.letter(desk.new_letter()).kind == "answer"


def test_a_kind_nobody_knows_is_refused():
    form = {"id": "x-en", "version": "1", "title": "X", "language": "en", "slots": [], "kind": "poem"}
    with pytest.raises(InputRefusedError, match="kind of letter"):
        new_template(form, b"")


def test_a_template_that_is_not_there_is_said_so(desk):
    with pytest.raises((RecordNotFoundError, EnvironmentFaultError)):
        desk.new_letter(template="nobody-en")
