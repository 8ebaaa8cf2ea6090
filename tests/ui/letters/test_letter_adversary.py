"""Random sequences of what a hand can do, and what must hold after each of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from app.models.letter_origins import approved
from app.ui.letters.document import read_runs
from tests.ui.letters.test_letter_editor import line, shown

KEYS = {
    "type": lambda e: QTest.keyClicks(e, "word "),
    "enter": lambda e: QTest.keyClick(e, Qt.Key.Key_Return),
    "backspace": lambda e: QTest.keyClick(e, Qt.Key.Key_Backspace),
    "delete": lambda e: QTest.keyClick(e, Qt.Key.Key_Delete),
    "word back": lambda e: QTest.keyClick(e, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier),
    "unlock": lambda e: e.unlock(),
    "restore": lambda e: e.restore(),
    "up": lambda e: e.move_block(-1),
    "down": lambda e: e.move_block(1),
    "bold": lambda e: e.toggle("strong"),
    "list": lambda e: e.toggle_list(),
    "cut": lambda e: e.cut(),
    "copy": lambda e: e.copy(),
    "paste": lambda e: e.paste(),
    "outside": lambda e: e.insertFromMimeData(_words()),
    "web page": lambda e: e.insertFromMimeData(_html(PAGE)),
    "web words": lambda e: e.insertFromMimeData(_html("<b>bold</b> <i>words</i> 10<sup>6</sup>")),
    "undo": lambda e: e.undo(),
    "redo": lambda e: e.redo(),
}
STEPS = st.tuples(
    st.sampled_from(sorted(KEYS)),
    st.floats(0, 1),
    st.sampled_from([0, 0, 0, 1, 7, 40, 300]),
    st.booleans(),
)


PAGE = (
    "<h2>Found on a page</h2><p>With <b>marks</b></p><ul><li>one<ol><li>two</li></ol></li></ul>"
    "<table><tr><th>a</th><th>b</th></tr><tr><td colspan=2 align=right>1</td></tr></table><ol><li>last</li></ol>"
)


def _html(source):
    data = QMimeData()
    data.setHtml(source)
    data.setText("Words in its place")
    return data


def _words():
    data = QMimeData()
    data.setText("From outside\nin two lines")
    return data


def place(editor, where, reach, at_edge):
    """Put the caret or a selection somewhere, half of the time at the edge of a block."""
    spans = [span for span in editor.spans() if span.tag]
    span = spans[min(int(where * len(spans)), len(spans) - 1)]
    start = span.start if at_edge else span.start + (span.end - span.start) // 2
    cursor = QTextCursor(editor.document())
    cursor.setPosition(start)
    cursor.setPosition(
        min(start + reach, editor.document().characterCount() - 1), QTextCursor.MoveMode.KeepAnchor
    )
    editor.setTextCursor(cursor)


def passages(text):
    """Every run of five words, which nobody writes by chance."""
    words = text.split()
    return {" ".join(words[at : at + 5]) for at in range(len(words) - 4)}


def assert_whole(editor, fixed, sources):
    model = editor.model
    ids = [run.block_id.partition("/")[0] for run in read_runs(editor.document()) if run.block_id]
    assert ids == [held.id for held in model.order]
    assert len(set(ids)) == len(ids)
    assert [line(h.id, h.text, h.origins) for h in model.order if model.is_fixed(h.id)] == fixed
    for held in model.order:
        if not approved(held.origins):
            assert not [text for text in sources if passages(text) & passages(held.text)]


@pytest.fixture
def editor(open_letter, desk):
    return open_letter(desk.answered_letter("SRD-ATO-002")).editor


@settings(max_examples=25)
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_no_sequence_of_edits_breaks_the_letter(editor, steps):
    while editor.document().isUndoAvailable():
        editor.undo()
    first = shown(editor)
    model = editor.model
    model.unlocked.clear()
    fixed = [line(h.id, h.text, h.origins) for h in model.order if model.is_fixed(h.id)]
    sources = [held.text for held in model.order if approved(held.origins) and held.kind == "paragraph"]
    for name, where, reach, at_edge in steps:
        place(editor, where, reach, at_edge)
        if at_edge and name == "type":
            editor.unlock()
        KEYS[name](editor)
        assert_whole(editor, fixed, sources)
    last = shown(editor)
    while editor.document().isRedoAvailable():
        editor.redo()
    count = 0
    while editor.document().isUndoAvailable() and count < 500:
        editor.undo()
        count += 1
    assert shown(editor) == first
    assert last


def test_what_is_saved_after_a_storm_equals_what_is_shown(open_letter, desk, runner):
    letter_id = desk.answered_letter("SRD-ATO-002")
    view = open_letter(letter_id)
    for place_in_letter, name in enumerate(
        ["unlock", "type", "enter", "down", "outside", "list", "undo", "up", "web page"] * 3
    ):
        place(view.editor, (place_in_letter * 0.13) % 1, 0, place_in_letter % 2 == 0)
        KEYS[name](view.editor)
        view.flush()
    runner.drain()
    assert view.messages.isHidden()
    stored = [line(b.id, b.text, b.origins) for b in desk.letter(letter_id).blocks]
    assert stored == shown(view.editor)
