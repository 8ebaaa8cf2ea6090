"""Signs that keyboards lack: found by name, written where one may type."""

import json
import unicodedata

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.errors import EnvironmentFaultError
from app.models.rules_data import load_rules, parse_rules
from app.models.special_signs import find_signs, signs_from, special_signs
from app.ui.letters import guard
from app.ui.letters.special_signs import recent_signs
from tests.ui.letters.test_letter_editor import CODE, caret, free_block, paragraphs, shown

ALT = Qt.KeyboardModifier.AltModifier
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
WANTED = "≥≤±\u00d7µ\u03b1β\u03b3δΔκλτ½°‰®™\u2013—…→↑↓†‡•éü"


@pytest.fixture
def view(open_letter, desk):
    recent_signs.forget()
    made = open_letter(desk.answered_letter(CODE))
    made.activateWindow()
    made.focus_caret()
    yield made
    recent_signs.forget()


def first(text):
    return find_signs(text)[0].sign


def test_every_sign_of_the_field_is_there_under_its_unicode_name():
    assert set(WANTED) <= {each.sign for each in special_signs()}
    for each in special_signs():
        assert each.name == unicodedata.name(each.sign).lower()
    assert load_rules("special_signs.json").version


def test_a_name_or_another_word_finds_the_sign():
    named = {
        "alpha": "\u03b1",
        "micro": "µ",
        "at least": "≥",
        "plus minus": "±",
        "half": "½",
        "e acute": "é",
        "→": "→",
    }
    assert {text: first(text) for text in named} == named
    assert [each.sign for each in find_signs("delta")] == ["δ", "Δ"]
    assert find_signs("no such sign") == ()
    assert find_signs("", ["†", "é"])[:2] == (*find_signs("†"), *find_signs("é")[:1])


def test_a_damaged_file_of_signs_is_refused():
    twice = [{"sign": "β", "name": "beta", "words": []}] * 2
    rules = parse_rules("special_signs.json", json.dumps({"version": "1", "source": "s", "signs": twice}))
    with pytest.raises(EnvironmentFaultError, match="each sign once"):
        signs_from(rules)


def test_typing_a_name_and_enter_writes_the_sign_and_it_comes_first_next_time(view):
    block_id = free_block(view.editor, "dose ")
    QTest.keyClick(view.editor, Qt.Key.Key_S, ALT)
    box = view.special_signs
    assert box.isVisibleTo(view)
    QTest.keyClicks(box.field, "at least")
    assert box.name_label.text().startswith("≥ Greater-than or equal to")
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert not box.isVisibleTo(view)
    assert view.focusWidget() is view.editor
    QTest.keyClicks(view.editor, "5")
    assert view.editor.model.held(block_id).text == "dose ≥5"
    assert recent_signs.signs == ("≥",)
    QTest.keyClick(view.editor, Qt.Key.Key_S, ALT)
    QTest.keyClick(box.field, Qt.Key.Key_Right)
    QTest.keyClick(box.field, Qt.Key.Key_Down)
    QTest.keyClick(box.field, Qt.Key.Key_Up)
    second = box.signs[1].sign
    QTest.keyClick(box.field, Qt.Key.Key_Enter)
    assert recent_signs.signs == (second, "≥")
    assert find_signs("", recent_signs.signs)[0].sign == second


def test_esc_and_an_unknown_name_write_nothing(view):
    block_id = free_block(view.editor, "dose ")
    QTest.keyClick(view.editor, Qt.Key.Key_S, ALT)
    box = view.special_signs
    QTest.keyClicks(box.field, "zzz")
    assert "No sign is named so" in box.name_label.text()
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.isVisibleTo(view)
    QTest.keyClicks(view.editor, "x")
    assert view.editor.model.held(block_id).text == "dose x"


def test_blanks_and_hyphens_that_do_not_break_have_keys_and_are_kept(view, desk, runner):
    block_id = free_block(view.editor, "20")
    QTest.keyClick(view.editor, Qt.Key.Key_Space, BOTH)
    QTest.keyClicks(view.editor, "mg 5")
    QTest.keyClick(view.editor, Qt.Key.Key_Minus, BOTH)
    QTest.keyClicks(view.editor, "fold")
    view.flush()
    runner.drain()
    stored = next(b for b in desk.letter(view.editor.model.letter_id).blocks if b.id == block_id)
    assert stored.text == "20\u00a0mg 5\u2011fold"


def test_closed_text_takes_no_sign_and_says_why(view):
    before = shown(view.editor)
    caret(view.editor, paragraphs(view.editor)[0].id, 5)
    QTest.keyClick(view.editor, Qt.Key.Key_Space, BOTH)
    assert view.reason.text == guard.APPROVED
    view.reason.leave()
    QTest.keyClick(view.editor, Qt.Key.Key_S, ALT)
    assert not view.special_signs.isVisibleTo(view)
    assert view.reason.text == guard.APPROVED
    assert shown(view.editor) == before
