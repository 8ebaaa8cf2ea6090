"""An acknowledgement or an interim reply is begun from the case page, or refused in words."""

import pytest

from app.models.checks.snapshot import LetterKind
from app.services.intake import commands
from app.services.letters import commands as letters
from tests.ui.case.gallery_case import to_progress


@pytest.fixture
def working(make_desk):
    desk = make_desk()
    to_progress(desk.database, desk.inquiry_id)
    return desk.open()


def menu_of(desk):
    return {action.text(): action for action in desk.page.more.make_menu().actions() if action.text()}


def told(desk):
    said = []
    desk.page.message_requested.connect(said.append)
    return said


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("Ctrl+Shift+E", "Write an acknowledgement", LetterKind.ACKNOWLEDGEMENT),
        ("Ctrl+Shift+I", "Write an interim reply", LetterKind.INTERIM),
    ],
)
def test_a_word_is_begun_by_its_key_and_by_the_menu(working, key, text, kind):
    desk = working
    desk.database.write(commands.edit_fact, desk.inquiry_id, "answer_class", "complex")
    desk.page.reload()
    desk.settle()
    assert text in menu_of(desk)
    desk.press(key)
    assert desk.page.read.letter.kind is kind
    assert desk.page.middle.shown == "letter"
    assert not any(question.coverage.kind for question in desk.view().questions)


def test_what_is_not_owed_is_refused_in_words_and_not_offered(working):
    desk = working
    assert "Write an interim reply" not in menu_of(desk)
    said = told(desk)
    desk.page.letters.begin_word(LetterKind.INTERIM)
    assert said == ["No interim reply is owed: it is not complex, or it waits for the requester."]
    desk.database.write(commands.acknowledge, desk.inquiry_id)
    desk.page.reload()
    desk.settle()
    assert "Write an acknowledgement" not in menu_of(desk)
    desk.page.letters.begin_word(LetterKind.ACKNOWLEDGEMENT)
    assert said[-1] == "The requester knows that it arrived."
    assert desk.page.read.letter is None


def test_before_the_work_begins_no_letter_is_written(make_desk):
    desk = make_desk().open()
    assert desk.page.letters.why_not(LetterKind.ACKNOWLEDGEMENT) == (
        "A letter is written while the inquiry is in progress."
    )


def test_a_draft_is_finished_before_the_letter_that_went_out_is_shown(working):
    desk = working
    desk.page.letters.begin()
    desk.settle()
    answer = desk.page.read.letter.id
    desk.page.letters.begin_word(LetterKind.ACKNOWLEDGEMENT)
    desk.settle()
    word = desk.page.read.letter.id
    assert word != answer
    desk.database.write(
        commands.verify_contact, desk.inquiry_id, method="domain_email", evidence="Wrote from the hospital"
    )
    _release(desk, word)
    desk.page.reload()
    desk.settle()
    assert desk.page.read.letter.id == answer


def _release(desk, letter_id):
    desk.database.write(letters.release, letter_id, passphrase_verified=True, sign=lambda payload: "0" * 128)
    desk.database.write(letters.send, letter_id, "email")
