import pytest
from PySide6.QtCore import Qt
from sqlalchemy import func, select

from app.models.audit import JournalRow
from app.services.intake import commands, queries
from app.ui.jobs.typing_clock import TypingClock
from tests.ui.case.conftest import take

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def notes(desk):
    section = desk.page.left.notes
    section.edit.setFocus(Qt.FocusReason.TabFocusReason)
    return section


def rows(desk):
    return desk.database.read(lambda session: session.scalar(select(func.count(JournalRow.n))))


def draft(desk, inquiry_id=""):
    return desk.database.read(queries.note_draft, inquiry_id or desk.inquiry_id)


def texts(desk):
    return [note.text for note in desk.view().notes]


def wait_for_draft(desk, text):
    desk.qtbot.waitUntil(lambda: (found := draft(desk)) is not None and found.text == text)
    desk.settle()


def reopen(desk, make_page_again):
    """What a crash leaves: the database, and none of the widgets."""
    page = make_page_again()
    page.show_target(desk.inquiry_id)
    desk.settle()
    return page


@pytest.fixture
def make_page_again(desk):
    from tests.ui.case.conftest import make_page

    def make():
        page = make_page(desk.database, desk.runner, files=[])
        desk.qtbot.addWidget(page)
        return page

    return make


def test_typing_keeps_a_draft_and_no_row_of_the_journal(desk, notes):
    before = rows(desk)
    desk.write("Calls back at nine")
    wait_for_draft(desk, "Calls back at nine")
    desk.write(" or ten")
    wait_for_draft(desk, "Calls back at nine or ten")
    assert rows(desk) == before
    assert texts(desk) == []
    assert notes.note.text().startswith("Saved 23:48")


def test_leaving_the_note_cuts_one_row(desk, notes):
    before = rows(desk)
    desk.write("Calls back at nine")
    wait_for_draft(desk, "Calls back at nine")
    desk.write(" or ten")
    desk.press("Tab")
    assert texts(desk) == ["Calls back at nine or ten"]
    assert rows(desk) == before + 1
    assert draft(desk) is None


def test_a_note_that_is_entered_again_is_changed_and_not_doubled(desk, notes):
    desk.write("Calls back")
    desk.press("Tab")
    notes.edit.setFocus()
    desk.write(" at nine")
    desk.press("Tab")
    assert texts(desk) == ["Calls back at nine"]


def test_half_a_minute_of_quiet_cuts_a_row(desk, notes):
    desk.write("Calls back")
    notes.findChild(TypingClock).cut_due.emit()
    desk.settle()
    assert texts(desk) == ["Calls back"]
    assert draft(desk) is None


def test_a_step_of_the_case_looks_at_the_note_being_typed(desk, notes):
    desk.write("Calls back")
    desk.press("Ctrl+Return")
    assert texts(desk) == ["Calls back"]


def test_the_next_note_is_another_one(desk, notes):
    desk.write("First")
    notes._done.click()
    notes.edit.setFocus()
    desk.write("Second")
    desk.press("Tab")
    assert texts(desk) == ["First", "Second"]


def test_after_a_crash_the_words_are_there_again(desk, notes, make_page_again):
    desk.write("Half a thou")
    wait_for_draft(desk, "Half a thou")
    page = reopen(desk, make_page_again)
    assert page.left.notes.edit.toPlainText() == "Half a thou"
    assert page.left.notes.note.text().startswith("Kept from")
    assert texts(desk) == []
    page.flush()
    assert texts(desk) == ["Half a thou"]
    assert draft(desk) is None


def test_after_a_crash_an_old_note_goes_on_as_the_same_note(desk, notes, make_page_again):
    desk.write("Calls back")
    desk.press("Tab")
    notes.edit.setFocus()
    desk.write(" at nine")
    wait_for_draft(desk, "Calls back at nine")
    page = reopen(desk, make_page_again)
    page.flush()
    assert texts(desk) == ["Calls back at nine"]


def test_a_note_changed_elsewhere_is_not_overwritten(desk, notes):
    desk.write("Calls back")
    desk.press("Tab")
    (note,) = desk.view().notes
    desk.database.write(commands.edit_note, note.id, "Calls back on Monday")
    notes.edit.setFocus()
    desk.write(" at nine")
    desk.press("Tab")
    assert texts(desk) == ["Calls back on Monday", "Calls back at nine"]
    desk.write("!")
    notes.edit.setFocus()
    desk.write(" sharp")
    desk.press("Tab")
    assert texts(desk) == ["Calls back on Monday", "Calls back at nine sharp"]


def test_an_emptied_field_leaves_nothing_behind(desk, notes):
    desk.write("Not this case")
    wait_for_draft(desk, "Not this case")
    notes.edit.clear()
    desk.press("Tab")
    assert draft(desk) is None
    assert texts(desk) == []


def test_another_case_begins_with_an_empty_field(desk, notes):
    other = take(desk.database, title="Another")
    desk.write("Calls back")
    desk.page.show_target(other)
    desk.settle()
    assert notes.edit.toPlainText() == ""
    assert texts(desk) == ["Calls back"]
    assert desk.database.read(queries.note_draft, other) is None


def test_a_draft_that_comes_late_is_kept_beside_what_is_typed(desk, notes):
    desk.write("New words")
    notes._keeper._is_asking = True
    late = queries.NoteDraft("note-9", "Old words", "", 1)
    notes._keeper._on_found(desk.inquiry_id, late)
    desk.press("Tab")
    assert sorted(texts(desk)) == ["New words", "Old words"]
    assert notes.edit.toPlainText() == "New words"
