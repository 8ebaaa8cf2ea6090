"""The editor with real keys on a real letter: what holds, what changes, what undo brings back."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest

from app.models.checks.snapshot import BlockState
from app.models.letter_origins import approved
from app.models.normal import content_hash
from app.ui.letters import guard
from app.ui.letters.document import read_runs
from app.ui.letters.spans import span_of

KEEP = QTextCursor.MoveMode.KeepAnchor
CODE = "SRD-ATO-002"


@pytest.fixture
def letter_id(desk):
    return desk.answered_letter(CODE)


@pytest.fixture
def view(open_letter, letter_id):
    return open_letter(letter_id)


@pytest.fixture
def editor(view):
    return view.editor


def line(block_id, text, origins):
    """A block on one line, because a failing comparison of whole letters takes minutes to print."""
    places = " ".join(f"{getattr(o, 'code', '')}{getattr(o, 'slot', '')}{o.sha256[:4]}" for o in origins)
    return f"{block_id} {content_hash(text)[:8]} {text[:30]!r} {places}"


def shown(editor):
    return [line(held.id, held.text, held.origins) for held in editor.model.order]


def ids(editor):
    return [run.block_id.partition("/")[0] for run in read_runs(editor.document()) if run.block_id]


def paragraphs(editor):
    model = editor.model
    return [h for h in model.order if approved(h.origins) and h.kind == "paragraph" and model.is_locked(h.id)]


def caret(editor, block_id, offset=0, *, end=False):
    span = span_of(editor.document(), block_id)
    cursor = editor.textCursor()
    cursor.setPosition(span.end if end else span.start + offset)
    editor.setTextCursor(cursor)


def select(editor, start, end):
    cursor = editor.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(end, KEEP)
    editor.setTextCursor(cursor)


def free_block(editor, text="one two three"):
    """A block of one's own behind the first approved paragraph."""
    caret(editor, paragraphs(editor)[0].id, end=True)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, text)
    return editor.current_block_id()


def unlocked(editor, place=0):
    held = paragraphs(editor)[place]
    caret(editor, held.id)
    editor.unlock()
    return held


def test_the_whole_letter_is_shown_and_nothing_is_due(editor):
    assert ids(editor) == [held.id for held in editor.model.order]
    assert editor.model.due() == ()
    assert not editor.document().isUndoAvailable()


@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Return])
def test_a_key_in_a_locked_block_changes_nothing_and_says_why(view, editor, key):
    before = shown(editor)
    caret(editor, paragraphs(editor)[0].id, 5)
    QTest.keyClick(editor, key)
    assert shown(editor) == before
    assert view.reason.isVisibleTo(view)
    assert view.reason.text == guard.APPROVED


def test_a_key_in_a_fixed_block_changes_nothing_and_says_why(view, editor):
    before = shown(editor)
    fixed = next(h for h in editor.model.order if editor.model.is_fixed(h.id) and "promote" in h.text)
    caret(editor, fixed.id, 4)
    QTest.keyClicks(editor, "abc")
    assert shown(editor) == before
    assert view.reason.text == guard.FIXED


def test_the_reference_list_holds_and_says_that_it_is_made(view, editor):
    made = next(held for held in editor.model.order if held.kind == "references")
    caret(editor, made.id, 0)
    QTest.keyClicks(editor, "x")
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    assert editor.model.held(made.id).text == ""
    assert view.reason.text == guard.MADE


def test_after_f2_an_approved_block_can_be_typed_into_and_is_changed(view, editor):
    held = paragraphs(editor)[0]
    caret(editor, held.id, 4)
    view.actions_by_name["unlock"].trigger()
    QTest.keyClicks(editor, "zz")
    assert editor.model.state(held.id) is BlockState.CHANGED
    assert editor.model.held(held.id).origins == held.origins
    assert not view.reason.isVisibleTo(view)


def test_an_unlocked_block_that_nobody_changed_locks_again_when_it_is_left(editor):
    first = unlocked(editor)
    caret(
        editor, paragraphs(editor)[0].id if paragraphs(editor)[0].id != first.id else paragraphs(editor)[1].id
    )
    assert editor.model.is_locked(first.id)


def test_restore_brings_the_approved_wording_back_in_one_step(view, editor):
    held = unlocked(editor)
    QTest.keyClicks(editor, "zz ")
    view.actions_by_name["restore"].trigger()
    assert editor.model.state(held.id) is BlockState.VERBATIM
    assert editor.model.is_locked(held.id)
    editor.undo()
    assert editor.model.held(held.id).text.startswith("zz ")


def test_enter_splits_and_both_halves_keep_the_origin_as_changed(editor):
    held = unlocked(editor)
    caret(editor, held.id, 12)
    editor.unlock()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    order = [h.id for h in editor.model.order]
    second = editor.model.order[order.index(held.id) + 1]
    assert editor.model.state(held.id) is editor.model.state(second.id) is BlockState.CHANGED
    assert second.origins == held.origins
    assert ids(editor) == order
    assert len(set(order)) == len(order)


def test_backspace_joins_what_enter_split_and_undo_brings_everything_back(editor):
    before = shown(editor)
    held = unlocked(editor)
    caret(editor, held.id, 12)
    editor.unlock()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    split = shown(editor)
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert shown(editor) == before
    editor.undo()
    assert shown(editor) == split
    editor.undo()
    assert shown(editor) == before
    editor.redo()
    assert shown(editor) == split


def test_a_joined_block_keeps_both_origins_and_is_changed(editor):
    free = free_block(editor, "")
    QTest.keyClicks(editor, "mine ")
    order = [h.id for h in editor.model.order]
    follower = order[order.index(free) + 1]
    origins = editor.model.held(follower).origins
    caret(editor, follower)
    editor.unlock()
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert not editor.model.has(follower)
    assert set(origins) <= set(editor.model.held(free).origins)
    assert editor.model.state(free) is BlockState.CHANGED
    editor.undo()
    assert editor.model.held(follower).origins == origins
    assert editor.model.state(free) is BlockState.FREE


def test_backspace_never_joins_into_a_closed_block(view, editor):
    free = free_block(editor)
    before = shown(editor)
    caret(editor, free)
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert shown(editor) == before
    assert view.reason.text == guard.APPROVED


def test_backspace_in_an_empty_block_takes_it_out(editor):
    before = shown(editor)
    free_block(editor, "")
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert shown(editor) == before


def test_delete_on_a_selected_whole_block_retires_it_and_undo_brings_it_back(editor):
    before = shown(editor)
    held = paragraphs(editor)[1]
    editor.select_block(held.id)
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    assert [each for each in before if not each.startswith(held.id)] == shown(editor)
    editor.undo()
    assert shown(editor) == before


def select_all(editor):
    editor.selectAll()


def paste_words(editor):
    data = QMimeData()
    data.setText("Pasted words")
    editor.insertFromMimeData(data)


def drop_words(editor):
    data = QMimeData()
    data.setText("Dropped words")
    fixed = next(h for h in editor.model.order if editor.model.is_fixed(h.id) and "promote" in h.text)
    span = span_of(editor.document(), fixed.id)
    cursor = editor.textCursor()
    cursor.setPosition(span.start + 9)
    point = QPointF(editor.cursorRect(cursor).center())
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    editor.dropEvent(QDropEvent(point, copy, data, Qt.MouseButton.LeftButton, none))


@pytest.mark.parametrize(
    "attack",
    [
        lambda e: QTest.keyClicks(e, "x"),
        lambda e: QTest.keyClick(e, Qt.Key.Key_Delete),
        lambda e: QTest.keyClick(e, Qt.Key.Key_Backspace),
        lambda e: QTest.keyClick(e, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier),
        lambda e: QTest.keyClick(e, Qt.Key.Key_Return),
        paste_words,
        drop_words,
        lambda e: e.inputMethodEvent(_commit("x")),
        lambda e: e.toggle("strong"),
        lambda e: e.textCursor().removeSelectedText(),
        lambda e: e.textCursor().insertText("around the guard"),
    ],
)
def test_select_all_and_attack_leaves_the_letter_whole(editor, attack):
    before = shown(editor)
    editor.selectAll()
    attack(editor)
    assert shown(editor) == before
    assert ids(editor) == [each.split()[0] for each in before]


def _commit(text):
    event = QInputMethodEvent()
    event.setCommitString(text)
    return event


def test_an_edit_around_the_guards_is_taken_back_and_cannot_be_redone(view, editor):
    before = shown(editor)
    cursor = QTextCursor(editor.document())
    cursor.setPosition(span_of(editor.document(), paragraphs(editor)[0].id).start + 3)
    cursor.insertText("slipped through")
    assert shown(editor) == before
    assert not editor.document().isRedoAvailable()
    assert view.reason.text == guard.APPROVED


def test_nothing_is_compared_while_an_input_method_composes(view, editor):
    free = free_block(editor)
    seen = []
    editor.changed.connect(lambda: seen.append(editor.model.held(free).text))
    editor.inputMethodEvent(QInputMethodEvent("にほ", []))
    assert seen == []
    editor.inputMethodEvent(_commit("日本"))
    assert editor.model.held(free).text == "one two three日本"


def test_plain_text_from_outside_comes_in_as_paragraphs_without_marks(editor):
    free_block(editor, "")
    data = QMimeData()
    data.setText("# First *line*\n\nSecond line")
    editor.insertFromMimeData(data)
    texts = [held.text for held in editor.model.order if not held.origins]
    assert "\\# First \\*line\\*" in texts
    assert "Second line" in texts


def test_approved_text_that_is_copied_here_says_where_it_is_from(editor):
    held = paragraphs(editor)[0]
    span = span_of(editor.document(), held.id)
    select(editor, span.start, span.start + 20)
    data = editor.createMimeDataFromSelection()
    free = free_block(editor)
    editor.insertFromMimeData(data)
    assert held.origins[0] in editor.model.held(free).origins
    assert editor.model.state(free) is BlockState.CHANGED
    editor.undo()
    assert editor.model.state(free) is BlockState.FREE


def test_the_clipboard_carries_words_and_numbers_for_other_programs(editor):
    held = paragraphs(editor)[0]
    editor.select_block(held.id)
    editor.copy()
    assert "[@" not in QGuiApplication.clipboard().text()
    assert "Atorvastatin is an inhibitor" in QGuiApplication.clipboard().text()


def test_a_block_moves_past_its_neighbour_and_back(editor):
    before = shown(editor)
    held = paragraphs(editor)[1]
    caret(editor, held.id)
    editor.move_block(1)
    moved = [each.split()[0] for each in shown(editor)]
    assert moved.index(held.id) == [each.split()[0] for each in before].index(held.id) + 1
    assert editor.current_block_id() == held.id
    editor.move_block(-1)
    assert shown(editor) == before
    editor.undo()
    editor.undo()
    assert shown(editor) == before


def test_a_fixed_block_does_not_move(view, editor):
    before = shown(editor)
    caret(editor, next(h.id for h in editor.model.order if editor.model.is_fixed(h.id)))
    editor.move_block(1)
    assert shown(editor) == before


def test_marks_are_set_and_taken_off(editor):
    free = free_block(editor)
    span = span_of(editor.document(), free)
    for mark, text in [
        ("strong", "**one** two three"),
        ("emphasis", "*one* two three"),
        ("super", "^one^ two three"),
    ]:
        select(editor, span.start, span.start + 3)
        editor.toggle(mark)
        assert editor.model.held(free).text == text
        editor.toggle(mark)
        assert editor.model.held(free).text == "one two three"


def test_a_block_becomes_a_list_and_a_paragraph_again(editor):
    free = free_block(editor)
    editor.toggle_list()
    assert editor.model.held(free).text == "- one two three"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "four")
    assert editor.model.held(free).text == "- one two three\n- four"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "after")
    assert [h.text for h in editor.model.order if not h.origins] == ["- one two three\n- four", "after"]


def test_a_citation_renumbers_without_an_undo_step_of_its_own(editor):
    free = free_block(editor, "See ")
    key = next(iter(next(iter(editor.model.drawing.references.versions.values())).references))
    version = editor.model.drawing.references.versions
    prefix = next(iter(version.values())).prefix
    assert editor.insert_citation(prefix + key)
    assert f"[@{prefix}{key}]" in editor.model.held(free).text
    assert len(editor.model.reference_lines()) == 1
    steps = editor.document().availableUndoSteps()
    editor.refresh_objects()
    assert editor.document().availableUndoSteps() == steps
    editor.undo()
    assert editor.model.held(free).text.strip() == "See"


def test_word_changes_show_new_words_underlined_and_old_ones_struck(view, editor):
    held = unlocked(editor)
    QTest.keyClicks(editor, "Newly ")
    view.actions_by_name["words"].trigger()
    assert "<u>Newly" in view.words.html
    assert view.words.isVisibleTo(view)
    assert editor.extraSelections()[0].cursor.selectedText() == "Newly "
    assert "<u>Newly" in view.margin.tip(held.id)


def test_the_margin_says_of_every_block_where_it_is_from(view, editor):
    held = unlocked(editor)
    QTest.keyClicks(editor, "Newly ")
    marks = dict(view.margin.marks())
    free = free_block(editor)
    assert marks[held.id].name == CODE
    assert (marks[held.id].bar, marks[held.id].icon, marks[held.id].details[-1]) == (
        "dashed",
        "pencil-line",
        "changed",
    )
    other = paragraphs(editor)[0]
    assert (marks[other.id].bar, marks[other.id].icon) == ("solid", "lock")
    mine = dict(view.margin.marks())[free]
    assert (mine.bar, mine.name) == ("dotted", "Written by you")
    assert "SRD-ATO-002" in marks[held.id].spoken


def test_a_click_in_the_margin_selects_the_block_and_asks_for_its_source(view, editor, qtbot):
    held = paragraphs(editor)[0]
    editor.reveal(held.id)
    rect = editor.block_rect(span_of(editor.document(), held.id))
    with qtbot.waitSignal(view.source_requested) as asked:
        QTest.mouseClick(view.margin, Qt.MouseButton.LeftButton, pos=rect.center())
    assert asked.args == [held.id]
    assert editor.textCursor().hasSelection()


def test_a_read_only_letter_holds(view, editor):
    free = free_block(editor)
    view.set_read_only(True)
    before = shown(editor)
    QTest.keyClicks(editor, "x")
    editor.move_block(-1)
    editor.toggle_list()
    paste_words(editor)
    assert shown(editor) == before
    assert editor.current_block_id() == free


def test_the_shares_add_up_to_a_hundred(view, editor):
    free_block(editor, "some words of my own")
    parts = [int(text.rpartition(" ")[2].rstrip("%")) for text in view.tools.shown]
    assert sum(parts) == 100
    assert parts[2] > 0
