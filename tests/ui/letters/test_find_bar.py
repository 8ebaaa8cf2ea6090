"""Find and replace with real keys: what is found, what may be replaced, and what undo brings back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from app.models.checks.snapshot import BlockState
from app.models.letter_origins import approved
from app.ui.letters.document import read_runs
from app.ui.letters.finding import Wanted
from app.ui.letters.formats import marks_of
from app.ui.letters.letter_actions import letter_commands
from tests.ui.letters.test_letter_editor import (
    CODE,
    free_block,
    ids,
    line,
    paragraphs,
    select,
    shown,
)

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def view(open_letter, desk):
    made = open_letter(desk.answered_letter(CODE))
    made.activateWindow()
    made.focus_caret()
    return made


@pytest.fixture
def editor(view):
    return view.editor


@pytest.fixture
def bar(view):
    return view.find_bar


def at_start(editor):
    editor.moveCursor(QTextCursor.MoveOperation.Start)


def find(view, words, *, key=Qt.Key.Key_F):
    QTest.keyClick(view.editor, key, CTRL)
    view.find_bar.field.selectAll()
    QTest.keyClicks(view.find_bar.field, words)
    return view.find_bar


def replace_all(view, words, new_words):
    bar = find(view, words, key=Qt.Key.Key_H)
    bar.new_words.clear()
    QTest.keyClicks(bar.new_words, new_words)
    QTest.keyClick(bar.new_words, Qt.Key.Key_A, ALT)
    return bar


def tinted(editor):
    return [each.cursor.selectedText() for each in editor.extraSelections()]


def fixed(editor):
    model = editor.model
    return [line(h.id, h.text, h.origins) for h in model.order if model.is_fixed(h.id)]


def test_ctrl_f_finds_as_one_types_and_esc_leaves_the_caret_on_the_match(view, editor, bar):
    free_block(editor, "Zebra one, zebra two and a zebra")
    at_start(editor)
    find(view, "zebr")
    assert bar.isVisibleTo(view)
    assert (bar.count_label.text(), editor.textCursor().selectedText()) == ("1 of 3", "Zebr")
    assert tinted(editor) == ["Zebr", "zebr", "zebr"]
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count_label.text() == "2 of 3"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisibleTo(view)
    assert view.focusWidget() is editor
    assert editor.textCursor().selectedText() == "zebr"
    assert tinted(editor) == []


def test_stepping_goes_round_both_ends_and_says_so(view, editor, bar):
    free_block(editor, "zebra one zebra two")
    at_start(editor)
    find(view, "zebra")
    QTest.keyClick(bar.field, Qt.Key.Key_F3)
    assert (bar.count_label.text(), bar.note_label.text()) == ("2 of 2", "")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert (bar.count_label.text(), bar.note_label.text()) == ("1 of 2", "Went on from the top")
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert (bar.count_label.text(), bar.note_label.text()) == ("2 of 2", "Went on from the end")
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_F3, SHIFT)
    assert bar.count_label.text() == "1 of 2"


def test_no_match_is_said_in_words_and_moves_nothing(view, editor, bar):
    at_start(editor)
    find(view, "xylophone")
    before = editor.textCursor().position()
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count_label.text() == "Nothing found"
    assert editor.textCursor().position() == before


def test_case_and_whole_words_are_keys_of_the_bar(view, editor, bar):
    free_block(editor, "Zebra zebra zebras")
    at_start(editor)
    find(view, "zebra")
    assert bar.finder.count == 3
    QTest.keyClick(bar.field, Qt.Key.Key_W, ALT)
    assert bar.finder.count == 2
    QTest.keyClick(bar.field, Qt.Key.Key_C, ALT)
    assert bar.finder.count == 1
    assert bar.case_button.accessibleName() == "Match case"
    assert bar.word_button.accessibleName() == "Whole word"


def test_values_numbers_and_references_are_found_as_they_are_read(view, editor, bar):
    at_start(editor)
    find(view, "dear dr lima,")
    assert bar.count_label.text() == "1 of 1"
    assert "{{" in editor.model.held(editor.current_block_id()).text
    find(view, "pfizer")
    made = next(held for held in editor.model.order if held.kind == "references")
    assert bar.count_label.text() == "1 of 1"
    assert editor.current_block_id() == made.id
    word = editor.shown_text()
    numbers = [word.place(at, 1) for at in word.find(Wanted("1", is_whole_word=True))]
    assert any(place.has_object and place.inner < 0 for place in numbers)


def test_blanks_hyphens_and_signs_that_look_alike_are_found_alike(view, editor, bar):
    free_block(editor, "Signs: ")
    editor.type_text("20\u00a0mg, 5\u2011fold, 3 \u00b5g and \U0001f642 then zebra")
    at_start(editor)
    for words in ("20 mg", "5-fold", "\u03bcg", "\U0001f642 then zebra"):
        bar.field.setText(words)
        bar.open()
        assert (bar.finder.count, editor.textCursor().hasSelection()) == (1, True), words
    assert editor.textCursor().selectedText() == "\U0001f642 then zebra"


def test_the_selected_words_are_looked_for_first(view, editor, bar):
    free_block(editor, "zebra one zebra")
    at = editor.textCursor().position()
    select(editor, at - 5, at)
    QTest.keyClick(editor, Qt.Key.Key_F, CTRL)
    assert (bar.field.text(), bar.count_label.text()) == ("zebra", "2 of 2")


def test_a_match_is_replaced_and_the_next_one_is_present(view, editor, bar):
    block_id = free_block(editor, "zebra one zebra two")
    at_start(editor)
    find(view, "zebra", key=Qt.Key.Key_H)
    QTest.keyClicks(bar.new_words, "zebra fish")
    QTest.keyClick(bar.new_words, Qt.Key.Key_Return)
    assert editor.model.held(block_id).text == "zebra fish one zebra two"
    assert bar.count_label.text() == "2 of 2"
    QTest.keyClick(bar.new_words, Qt.Key.Key_Return)
    assert editor.model.held(block_id).text == "zebra fish one zebra fish two"
    editor.undo()
    editor.undo()
    assert editor.model.held(block_id).text == "zebra one zebra two"


def test_approved_text_holds_until_f2_opens_it_and_is_changed_then(view, editor, bar):
    held = paragraphs(editor)[0]
    word = next(each for each in held.text.split() if len(each) > 6 and each.isalpha())
    select(editor, *(span := next(s for s in editor.spans() if s.block_id == held.id).start,) * 2)
    find(view, word, key=Qt.Key.Key_H)
    assert editor.current_block_id() == held.id, span
    assert bar.note_label.text() == "Approved text: F2 opens it"
    QTest.keyClicks(bar.new_words, "quagga")
    QTest.keyClick(bar.new_words, Qt.Key.Key_Return)
    assert "quagga" not in editor.model.held(held.id).text
    QTest.keyClick(bar.new_words, Qt.Key.Key_F2)
    assert bar.note_label.text() == ""
    QTest.keyClick(bar.new_words, Qt.Key.Key_Return)
    assert "quagga" in editor.model.held(held.id).text
    assert editor.model.state(held.id) is BlockState.CHANGED
    assert editor.model.held(held.id).origins == held.origins


def test_replace_all_is_one_step_and_what_is_left_can_be_gone_through(view, editor, bar):
    free_block(editor, "the zebra and the quagga")
    before, firm = shown(editor), fixed(editor)
    locked = [held.text for held in paragraphs(editor)]
    model = editor.model
    open_ones = sum(h.text.lower().count("the") for h in model.order if not model.is_closed(h.id))
    at_start(editor)
    replace_all(view, "the", "their")
    assert bar.result_label.text().startswith(f"{open_ones} replaced, ")
    assert "left: approved or fixed text" in bar.result_label.text()
    assert bar.left_button.isVisibleTo(view)
    assert fixed(editor) == firm
    assert [held.text for held in paragraphs(editor)] == locked
    bar.left_button.click()
    left = bar.finder.count
    assert bar.count_label.text() == f"1 of {left} left"
    assert bar.note_label.text()
    QTest.keyClick(bar.field, Qt.Key.Key_F3)
    assert bar.count_label.text() == f"2 of {left} left"
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Z, CTRL)
    assert shown(editor) == before


def test_a_letter_that_is_closed_is_searched_and_never_changed(view, editor, bar):
    free_block(editor, "zebra")
    view.set_read_only(True)
    before = shown(editor)
    at_start(editor)
    replace_all(view, "zebra", "quagga")
    assert bar.result_label.text() == "0 replaced, 1 left: this letter is not open for changes"
    assert shown(editor) == before


def test_new_words_have_the_marks_of_the_first_sign_they_replace(view, editor, bar):
    block_id = free_block(editor, "one zebra two")
    end = editor.textCursor().position()
    select(editor, end - 9, end - 6)
    editor.toggle("strong")
    at_start(editor)
    replace_all(view, "zebra", "quagga")
    assert editor.model.held(block_id).text == "one **quagga** two"
    found = editor.document().find("quagga")
    assert marks_of(found.charFormat()).strong


def test_what_is_replaced_is_saved_like_what_is_typed(view, editor, desk, runner):
    block_id = free_block(editor, "zebra *and* {{x}} zebra")
    view.flush()
    runner.drain()
    replace_all(view, "zebra", "**quagga**")
    view.flush()
    runner.drain()
    assert view.is_saved
    stored = next(block for block in desk.letter(editor.model.letter_id).blocks if block.id == block_id)
    assert stored.text == editor.model.held(block_id).text
    assert editor.document().find("**quagga** *and* {{x}} **quagga**").hasSelection()


def test_typing_while_the_bar_is_open_counts_anew(view, editor, bar, qtbot):
    free_block(editor, "zebra ")
    at_start(editor)
    find(view, "zebra")
    end = editor.document().find("zebra ").selectionEnd()
    select(editor, end, end)
    editor.setFocus()
    QTest.keyClicks(editor, "zebra")
    qtbot.waitUntil(lambda: bar.finder.count == 2)
    assert bar.count_label.text() == "2 found"


def test_palette_and_help_know_every_action_and_its_key(view, bar):
    commands = letter_commands(lambda: view, "case")
    keys = [key for command in commands for key in command.own_keys]
    assert len(keys) == len(set(keys))
    assert {command.id.removeprefix("letter.") for command in commands} == set(view.actions_by_name)
    find_command = next(command for command in commands if command.id == "letter.replace")
    assert (find_command.key_text, find_command.enabled_reason()) == ("Ctrl+H", None)
    find_command.run()
    assert bar.new_words.isVisibleTo(view)
    closed = letter_commands(lambda: None, "case")[0]
    assert closed.enabled_reason() == "No letter is open here."
    assert closed.run() is None


@settings(max_examples=15)
@given(
    words=st.sampled_from(["e", "the", "atorvastatin", "renal", "1", "Dr", "zebra", ".", " a", "2014"]),
    new_words=st.text(alphabet="ab *_[]{}@#|-~^\\<\u00a0\u2011é\U0001f642", max_size=6),
    opened=st.lists(st.integers(0, 20), max_size=4, unique=True),
    exact=st.tuples(st.booleans(), st.booleans()),
)
def test_replace_all_then_undo_gives_the_letter_back(view, editor, words, new_words, opened, exact):
    while editor.document().isUndoAvailable():
        editor.undo()
    model, finder = editor.model, view.find_bar.finder
    model.unlocked.clear()
    free_block(editor, "zebra and the other zebra")
    before, firm = shown(editor), fixed(editor)
    origins = {held.id: held.origins for held in model.order}
    chosen = paragraphs(editor)
    names = [chosen[at % len(chosen)].id for at in opened]
    finder.look_for(Wanted(words, *exact), 0)
    model.unlocked.update(names)
    locked = [line(h.id, h.text, h.origins) for h in model.order if model.is_locked(h.id)]
    steps = editor.document().availableUndoSteps()
    replaced = finder.replace_all(new_words)
    here = ids(editor)
    assert here == [held.id for held in model.order]
    assert len(set(here)) == len(here)
    assert fixed(editor) == firm
    now = [line(h.id, h.text, h.origins) for h in model.order]
    assert set(locked) <= set(now)
    assert all(held.origins == origins[held.id] for held in model.order)
    assert all(model.state(h.id) is not BlockState.FREE for h in model.order if approved(origins[h.id]))
    assert len(read_runs(editor.document())) == len(here)
    if replaced.done and editor.document().availableUndoSteps() != steps:
        editor.undo()
    assert shown(editor) == before
