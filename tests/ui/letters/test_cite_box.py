"""Citing at the caret: found by typing, shown as printed, numbered at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.letters import commands
from tests.services.letters.test_citing import reference
from tests.ui.letters.test_letter_editor import free_block

CODE = "SRD-ATO-001"


@pytest.fixture
def letter_id(desk):
    desk.add(reference("okafor2021", "On crushed tablets"))
    return desk.answered_letter(CODE)


@pytest.fixture
def view(open_letter, letter_id, qtbot):
    view = open_letter(letter_id)
    view.window().activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.free_id = free_block(view.editor)
    view.editor.setFocus()
    return view


def found(view, qtbot, runner, words):
    view.cite_box.field.setText(words)
    view.cite_box.field.search_now()
    qtbot.waitUntil(lambda: not runner.is_busy)
    return [work.key.key for work in view.cite_box.works]


def text_of(view):
    return view.editor.model.held(view.free_id).text


def test_a_work_of_the_library_is_cited_and_numbered(view, qtbot, runner):
    view.actions_by_name["cite"].trigger()
    assert view.cite_box.isVisible()
    assert found(view, qtbot, runner, "okafor") == ["okafor2021"]
    assert "<i>J Test</i>" in view.cite_box.preview.text()
    QTest.keyClick(view.cite_box.field, Qt.Key.Key_Return)
    assert not view.cite_box.isVisible()
    assert text_of(view).endswith("[@okafor2021]")
    last = view.editor.model.reference_lines()[-1]
    assert "On crushed tablets" in "".join(run.text for run in last.runs)
    assert view.editor.hasFocus()


def test_a_work_of_the_letter_is_cited_under_the_number_it_has(view, qtbot, runner):
    before = len(view.editor.model.reference_lines())
    view.actions_by_name["cite"].trigger()
    found(view, qtbot, runner, "")
    first = view.cite_box.works[0]
    QTest.keyClick(view.cite_box.field, Qt.Key.Key_Return)
    assert text_of(view).endswith(f":{first.key.key}]")
    assert len(view.editor.model.reference_lines()) == before
    view.flush()
    runner.drain()


def test_a_bracket_and_an_at_sign_open_the_search(view, qtbot, runner):
    QTest.keyClicks(view.editor, " [@")
    assert view.cite_box.isVisible()
    found(view, qtbot, runner, "okafor")
    QTest.keyClick(view.cite_box.field, Qt.Key.Key_Return)
    assert text_of(view).endswith(" [@okafor2021]")


def test_esc_leaves_what_was_typed(view, qtbot, runner):
    QTest.keyClicks(view.editor, " see [@")
    QTest.keyClicks(view.cite_box.field, "ok")
    QTest.keyClick(view.cite_box.field, Qt.Key.Key_Escape)
    assert not view.cite_box.isVisible()
    assert "see \\[@ok" in text_of(view) or "see [@ok" in text_of(view)
    assert view.editor.hasFocus()


def test_an_at_sign_alone_is_an_at_sign(view):
    QTest.keyClicks(view.editor, " me@home")
    assert not view.cite_box.isVisible()
    assert text_of(view).endswith("me@home")


def test_closed_text_is_not_cited_into(view, qtbot):
    closed = next(held for held in view.editor.model.order if view.editor.model.is_locked(held.id))
    view.reveal(closed.id)
    view.actions_by_name["cite"].trigger()
    assert not view.cite_box.isVisible()


def test_the_arrows_choose_and_show_the_form_in_print(view, qtbot, runner):
    view.actions_by_name["cite"].trigger()
    found(view, qtbot, runner, "")
    first = view.cite_box.preview.text()
    QTest.keyClick(view.cite_box.field, Qt.Key.Key_Down)
    assert view.cite_box.list.currentRow() == 1
    assert view.cite_box.preview.text() not in ("", first)


def test_a_cited_work_stays_known_when_the_case_is_read_again(view, desk, letter_id, qtbot, runner):
    view.actions_by_name["cite"].trigger()
    found(view, qtbot, runner, "okafor")
    QTest.keyClick(view.cite_box.field, Qt.Key.Key_Return)
    view.refresh(desk.letter(letter_id))
    assert view.editor.model.drawing.numbering.unresolved == ()
    view.flush()
    runner.drain()
    stored = desk.letter(letter_id)
    assert any("On crushed" in "".join(run.text for run in line.runs) for line in stored.references)


def test_what_the_window_writes_is_what_the_services_resolve(view, desk, letter_id, qtbot, runner):
    view.actions_by_name["cite"].trigger()
    found(view, qtbot, runner, "")
    QTest.keyClick(view.cite_box.field, Qt.Key.Key_Return)
    view.flush()
    runner.drain()
    assert [item for item in desk.check(letter_id) if item.rule == "LC16"] == []
    assert desk.do(commands.clear_draft, view.free_id) is None
