"""Pasting what other programs copied, in a real letter."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.models.checks.snapshot import BlockState
from app.models.markup_from_html import MOST_ELEMENTS
from app.ui.letters import clipboard
from tests.ui.letters.test_letter_editor import caret, free_block, ids, paragraphs, shown

SAMPLES = Path(__file__).parents[2] / "data" / "clipboard"


@pytest.fixture
def view(open_letter, desk):
    return open_letter(desk.answered_letter("SRD-ATO-002"))


@pytest.fixture
def editor(view):
    return view.editor


def copied(html="", text="words of it"):
    """What another program puts on the clipboard, and that it is there."""
    data = QMimeData()
    if html:
        data.setHtml(html)
    if text:
        data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)


def free_texts(editor):
    return [
        held.text for held in editor.model.order if not held.origins and not editor.model.is_fixed(held.id)
    ]


def paste(editor):
    QTest.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("name", ["word", "google_docs", "browser", "libreoffice", "excel"])
def test_what_each_program_copies_comes_in_as_free_blocks_in_one_step(editor, name):
    free_block(editor)
    before = shown(editor)
    copied((SAMPLES / f"{name}.html").read_text(encoding="utf-8"))
    paste(editor)
    wanted = (SAMPLES / f"{name}.md").read_text(encoding="utf-8").removesuffix("\n")
    held = [editor.model.held(block_id) for block_id in ids(editor)]
    new = [each for each in held if not each.origins and each.text and each.text in wanted]
    assert "\n\n".join(each.text for each in new) == wanted
    assert {editor.model.state(each.id) for each in new} == {BlockState.FREE}
    after = shown(editor)
    editor.undo()
    assert shown(editor) == before
    editor.redo()
    assert shown(editor) == after


def test_a_few_words_stay_inside_the_paragraph_with_their_marks(editor):
    free = free_block(editor, "one three")
    caret(editor, free, 4)
    copied("<span>(<b>10</b><sup>6</sup>, <a href='https://a.example'>see</a>)</span>")
    before = shown(editor)
    paste(editor)
    assert editor.model.held(free).text == "one (**10**^6^, [see](https://a.example))three"
    editor.undo()
    assert shown(editor) == before


def test_html_that_says_no_more_than_its_lines_comes_in_as_words(editor):
    free_block(editor, "")
    lines = "The usual starting dose of the medicine in adults\nis 10 mg once daily."
    copied("<div><span>The usual starting dose of the medicine in adults</span><br>is 10 mg</div>", lines)
    paste(editor)
    assert "The usual starting dose of the medicine in adults is 10 mg once daily." in free_texts(editor)


def test_html_comes_in_without_any_words_beside_it(editor):
    free_block(editor, "")
    copied("<p>only here</p>", text="")
    paste(editor)
    assert "only here" in free_texts(editor)


def test_a_paste_as_plain_text_takes_the_lines_as_they_are(view, editor):
    free_block(editor, "")
    copied("<ul><li>a</li></ul>", "The usual starting dose of the medicine in adults\nis *10* mg")
    view.actions_by_name["plain"].trigger()
    assert free_texts(editor)[-2:] == ["The usual starting dose of the medicine in adults", "is \\*10\\* mg"]


def test_what_looks_like_a_field_or_a_citation_stays_its_characters(editor):
    free_block(editor, "")
    copied("<p><b>Dear</b> {{contact.last_name}} [@smith2020]</p>")
    paste(editor)
    assert "**Dear** \\{{contact.last_name}} \\[@smith2020]" in free_texts(editor)
    assert "smith2020" not in editor.model.reference_lines()


def test_a_text_that_is_too_large_comes_in_as_words_and_says_so(view, editor):
    free_block(editor, "")
    copied("<h1>a</h1>" + "<b>x</b>" * MOST_ELEMENTS, "many words")
    paste(editor)
    assert "many words" in free_texts(editor)
    assert view.reason.isVisibleTo(view)
    assert view.reason.text == clipboard.TOO_MUCH


@pytest.mark.parametrize("name", ["word", "excel"])
def test_a_closed_block_takes_no_html(view, editor, name):
    before = shown(editor)
    fixed = next(h for h in editor.model.order if editor.model.is_fixed(h.id) and "promote" in h.text)
    caret(editor, fixed.id, 4)
    copied((SAMPLES / f"{name}.html").read_text(encoding="utf-8"))
    paste(editor)
    assert shown(editor) == before
    assert view.reason.isVisibleTo(view)


def test_our_own_text_is_preferred_and_keeps_where_it_is_from(editor):
    held = paragraphs(editor)[0]
    editor.select_block(held.id)
    data = editor.createMimeDataFromSelection()
    data.setHtml("<h1>other</h1>")
    free = free_block(editor, "")
    caret(editor, free)
    editor.insertFromMimeData(data)
    assert not [text for text in free_texts(editor) if "other" in text]
    assert [h for h in editor.model.order if h.origins == held.origins and h.id != held.id]
