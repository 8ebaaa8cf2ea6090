"""The checks tab follows what is typed in the letter."""

import pytest
from PySide6.QtGui import QTextCursor
from sqlalchemy import func, select

from app.models.audit import JournalRow
from app.services.letters import commands as letters
from tests.ui.case.test_case_page import bring_to_progress, verify, write_letter

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def typing(desk):
    """A draft with a block of own words, the caret behind its last letter."""
    bring_to_progress(desk)
    verify(desk)
    letter_id = write_letter(desk)
    question = desk.view().questions[0].id
    (block_id,) = desk.database.write(
        letters.add_block, letter_id, "Own words.", question_ids=[question]
    ).block_ids
    desk.page.reload()
    desk.settle()
    editor = desk.page.middle.letter.editor
    desk.page.middle.letter.reveal(block_id)
    editor.setFocus()
    editor.moveCursor(QTextCursor.MoveOperation.EndOfBlock)
    desk.settle()
    return block_id


def rows(desk):
    return desk.database.read(lambda session: session.scalar(select(func.count(JournalRow.n))))


def quotes(desk, rule="LC01"):
    return [row.finding.quote for row in desk.page.right.checks.rows if row.finding.rule == rule]


def wait_for(desk, expected):
    desk.qtbot.waitUntil(lambda: quotes(desk) == expected)
    desk.settle()


def test_a_finding_comes_and_goes_while_it_is_typed(desk, typing):
    before = rows(desk)
    desk.write(" Dose TBD")
    wait_for(desk, ["TBD"])
    assert desk.page.header.next_button.text() == "Review: 1 to fix first"
    for _ in range(3):
        desk.press("Backspace")
    wait_for(desk, [])
    assert "to fix first" not in desk.page.header.next_button.text()
    assert rows(desk) == before


def test_a_finding_that_stays_keeps_its_row_and_leads_to_its_words(desk, typing):
    desk.write(" Dose TBD")
    wait_for(desk, ["TBD"])
    (first,) = (row for row in desk.page.right.checks.rows if row.finding.rule == "LC01")
    desk.write(" and XXXX")
    wait_for(desk, ["TBD", "XXXX"])
    kept, _second = (row for row in desk.page.right.checks.rows if row.finding.rule == "LC01")
    assert kept is first
    kept.chosen.emit(kept.finding)
    editor = desk.page.middle.letter.editor
    assert editor.textCursor().selectedText() == "TBD"
    assert editor.current_block_id() == typing


def test_a_reload_does_not_take_back_what_is_found_in_typed_words(desk, typing):
    desk.write(" Dose TBD")
    wait_for(desk, ["TBD"])
    desk.page.reload()
    desk.settle()
    assert quotes(desk) == ["TBD"]
