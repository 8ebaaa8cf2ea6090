"""What is typed reaches the database: drafts, journal rows, failures and other people's changes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import func, select

from app.errors import EnvironmentFaultError
from app.models.audit import JournalRow
from app.models.letter import LetterBlock
from app.models.markup import parse, plain_text
from app.services.letters import commands
from app.ui.letters.autosave import DatabaseStore
from app.ui.letters.view import LetterView
from tests.ui.letters.test_letter_editor import caret, free_block, line, paragraphs, shown, unlocked

CODE = "SRD-ATO-002"


@pytest.fixture
def letter_id(desk):
    return desk.answered_letter(CODE)


@pytest.fixture
def view(open_letter, letter_id):
    return open_letter(letter_id)


def stored(desk, letter_id):
    return [line(block.id, block.text, block.origins) for block in desk.letter(letter_id).blocks]


def rows(desk):
    return desk.database.read(lambda session: session.scalar(select(func.count(JournalRow.n))))


def test_typing_becomes_a_draft_and_then_a_journal_row(view, desk, letter_id, runner, qtbot):
    free = free_block(view.editor)
    view.flush()
    runner.drain()
    before = rows(desk)
    QTest.keyClicks(view.editor, " four")

    def has_draft():
        block = desk.letter(letter_id).block(free)
        assert block.draft is not None
        assert block.draft.text == "one two three four"

    qtbot.waitUntil(has_draft)
    assert rows(desk) == before
    caret(view.editor, paragraphs(view.editor)[0].id)
    runner.drain()
    block = desk.letter(letter_id).block(free)
    assert (block.text, block.draft) == ("one two three four", None)
    assert rows(desk) == before + 1
    assert view.is_saved
    assert view.foot.saved.text().startswith("Saved ")


def test_what_is_saved_equals_what_is_shown(view, desk, letter_id, runner):
    held = unlocked(view.editor)
    QTest.keyClicks(view.editor, "Newly ")
    caret(view.editor, held.id, 8)
    QTest.keyClick(view.editor, Qt.Key.Key_Return)
    free_block(view.editor)
    view.editor.move_block(1)
    view.editor.select_block(paragraphs(view.editor)[-1].id)
    QTest.keyClick(view.editor, Qt.Key.Key_Delete)
    view.flush()
    runner.drain()
    assert view.messages.isHidden()
    assert stored(desk, letter_id) == shown(view.editor)


def test_undo_crosses_saves(view, desk, letter_id, runner):
    first = stored(desk, letter_id)
    unlocked(view.editor)
    QTest.keyClicks(view.editor, "Newly ")
    view.flush()
    view.editor.select_block(paragraphs(view.editor)[1].id)
    QTest.keyClick(view.editor, Qt.Key.Key_Delete)
    view.flush()
    runner.drain()
    while view.editor.document().isUndoAvailable():
        view.editor.undo()
    view.flush()
    runner.drain()
    assert view.messages.isHidden()
    assert stored(desk, letter_id) == first == shown(view.editor)


def test_a_draft_is_shown_again_when_the_letter_is_opened(desk, open_letter, letter_id, runner):
    block = next(b for b in desk.letter(letter_id).blocks if b.slot == "closing")
    desk.do(commands.save_draft, block.id, "If you need more, call.", block.sha256)
    view = open_letter(letter_id)
    assert view.editor.model.held(block.id).text == "If you need more, call."
    view.flush()
    runner.drain()
    assert desk.letter(letter_id).block(block.id).text == "If you need more, call."


class FailingStore(DatabaseStore):
    """A store whose disk is full until a test says otherwise."""

    is_full = True

    def save_blocks(self, letter_id, edits):
        if self.is_full:
            raise EnvironmentFaultError("The disk is full.")
        return super().save_blocks(letter_id, edits)


def test_a_failed_save_keeps_the_text_says_so_and_is_tried_again(themed_app, qtbot, desk, runner, letter_id):
    store = FailingStore(desk.database)
    view = LetterView(runner, store)
    qtbot.addWidget(view)
    view.load(desk.letter(letter_id))
    view.show()
    free = free_block(view.editor)
    view.flush()
    runner.drain()
    assert "disk is full" in view.messages.text
    assert view.editor.model.held(free).text == "one two three"
    assert not view.is_saved
    store.is_full = False
    view.messages._button.click()
    runner.drain()
    assert view.messages.isHidden()
    assert desk.letter(letter_id).block(free).text == "one two three"


@pytest.mark.parametrize(("choice", "kept"), [("Keep mine", "Newly "), ("Take the stored text", "Theirs ")])
def test_a_block_that_changed_elsewhere_shows_both_texts_and_keeps_what_is_chosen(
    view, desk, letter_id, runner, qtbot, choice, kept
):
    held = unlocked(view.editor)
    desk.change(LetterBlock, held.id, text="Theirs " + held.text)
    QTest.keyClicks(view.editor, "Newly ")
    view.flush()
    runner.drain()
    assert "Nothing was overwritten" in view.messages.text
    assert desk.letter(letter_id).block(held.id).text.startswith("Theirs")
    view.messages._button.click()
    strip = view.conflicts.strip
    qtbot.waitUntil(lambda: bool(strip.html))
    assert "Newly" in strip.html
    assert "Theirs" in strip.html
    button = next(b for b in strip.findChildren(type(view.messages._button)) if b.text() == choice)
    button.click()
    runner.drain()
    assert plain_text(parse(desk.letter(letter_id).block(held.id).text)).startswith(kept)
    assert stored(desk, letter_id)[0] == shown(view.editor)[0]
    assert view.is_saved


def test_an_insert_from_the_library_is_one_undo_step(view, desk, letter_id, runner):
    first = shown(view.editor)
    after = paragraphs(view.editor)[0].id
    inserted = desk.do(commands.insert, letter_id, desk.version("SRD-ATO-001"), after=after)
    view.insert_blocks(desk.letter(letter_id), inserted.block_ids)
    assert stored(desk, letter_id) == shown(view.editor)
    assert view.is_saved
    view.editor.undo()
    assert shown(view.editor) == first
    view.flush()
    runner.drain()
    assert stored(desk, letter_id) == first
    view.editor.redo()
    view.flush()
    runner.drain()
    assert view.messages.isHidden()
    assert stored(desk, letter_id) == shown(view.editor)


def test_a_change_of_the_case_redraws_the_fields_and_is_no_undo_step(view, desk, letter_id):
    from app.models.people import Contact

    desk.change(Contact, desk.contact_id, last_name="Moreau")
    view.refresh(desk.letter(letter_id))
    assert view.editor.model.drawing.values["contact.salutation"] == "Dr Moreau"
    assert not view.editor.document().isUndoAvailable()
    assert view.is_saved
