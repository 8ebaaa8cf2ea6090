"""Trees through the editor's document and back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTextCursor, QTextDocument

from app.models import markup as m
from app.ui.letters import formats
from app.ui.letters.document import (
    id_at,
    insert_inlines,
    read_runs,
    read_tree,
    replace_tree,
    run_at,
    write_tree,
)
from app.ui.letters.inline_objects import InlineObjects, Shown
from tests import strategies as own

pytestmark = pytest.mark.usefixtures("qapp")


def written(*texts):
    document = QTextDocument()
    cursor = QTextCursor(document)
    for number, text in enumerate(texts):
        write_tree(cursor, m.parse(text) if isinstance(text, str) else text, f"id{number}")
    return document


def texts_by_id(document):
    return [(run.block_id, m.render(run.tree)) for run in read_runs(document)]


def cursor_at(document, text):
    cursor = document.find(text)
    assert not cursor.isNull()
    return cursor


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(own.canonical_trees, min_size=1, max_size=2))
def test_canonical_trees_survive_the_editor(trees):
    document = written(*trees)
    assert [read_tree(document, f"id{number}") for number in range(len(trees))] == trees


def test_neighbours_and_tables_stay_apart():
    texts = ["| a |\n| --- |\n| b |", "| c |\n| --- |", "- x\n  1. y", "- z", "text", "# h", ""]
    document = written(*texts)
    assert texts_by_id(document) == [(f"id{number}", text) for number, text in enumerate(texts)]


@pytest.mark.parametrize("text", ["- x\n- y\n  - z", "| a |\n| --- |\n| y<br>b |", "1\\\ny", "# y"])
def test_a_run_is_read_from_any_place_within_it(text):
    document = written("before", text, "after")
    position = cursor_at(document, "y").position()
    run = run_at(document, position)
    assert (run.block_id, m.render(run.tree)) == ("id1", text)
    assert id_at(document, position) == "id1"


def test_writing_is_one_undo_step():
    document = QTextDocument()
    write_tree(QTextCursor(document), m.parse("# h\n\n- a\n- b\n\n| x |\n|---|\n| y |"), "id")
    assert document.availableUndoSteps() == 1 or document.isUndoAvailable()
    document.undo()
    assert read_runs(document) == []
    document.redo()
    assert texts_by_id(document) == [("id", "# h\n\n- a\n- b\n\n| x |\n| --- |\n| y |")]


def test_enter_in_the_editor_keeps_the_id_on_both_halves():
    document = written("one two")
    cursor = cursor_at(document, "one")
    cursor.clearSelection()
    cursor.insertBlock()
    assert texts_by_id(document) == [("id0", "one\n\ntwo")]


def test_text_without_an_id_is_reported():
    document = written("| a |\n|---|")
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertText("typed")
    assert texts_by_id(document) == [("id0", "| a |\n| --- |"), ("", "typed")]


def test_a_second_paragraph_in_a_cell_is_a_break():
    document = written("| head |\n| --- |\n| x |")
    cursor = cursor_at(document, "x")
    cursor.clearSelection()
    cursor.insertBlock()
    cursor.insertText("y")
    assert texts_by_id(document) == [("id0", "| head |\n| --- |\n| x<br>y |")]


def test_bold_headings_and_table_heads_are_no_strong_text():
    text = "# A **b**\n\n| h |\n| --- |\n| x |"
    assert m.render(read_tree(written(text), "id0")) == text


def test_typing_after_a_link_or_an_atom_is_plain():
    document = written("[a](https://x.example)", "[@k]")
    for block in (document.begin(), document.begin().next()):
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        insert_inlines(cursor, (m.Text("b"),))
    assert texts_by_id(document) == [("id0", "[a](https://x.example)b"), ("id1", "[@k]b")]


def test_an_object_character_without_markup_is_no_text():
    document = written("a")
    cursor_at(document, "a").insertText("x\ufffcy")
    assert texts_by_id(document) == [("id0", "xy")]


def test_equal_atoms_side_by_side_stay_two():
    document = written("{{a}}{{a}}")
    assert document.toPlainText() == "\ufffc\ufffc"
    assert texts_by_id(document) == [("id0", "{{a}}{{a}}")]


def test_renumbering_changes_the_drawing_but_not_the_undo_stack():
    document = written("x [@k]")
    shown = ["1"]
    objects = InlineObjects(document, lambda _atom, _at: Shown(shown[0], raised=True))
    narrow, steps = document.idealWidth(), document.availableUndoSteps()

    shown[0] = "1-3,10"
    objects.refresh()

    assert document.idealWidth() > narrow
    assert document.availableUndoSteps() == steps
    assert not document.isRedoAvailable()


def test_atoms_are_painted():
    document = written("{{name}}")
    InlineObjects(document, lambda atom, _at: Shown(atom.name.upper()))
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    with QPainter(image) as painter:
        document.drawContents(painter, QRectF(0, 0, 200, 60))
    assert any(image.pixel(x, y) != 0xFFFFFFFF for x in range(200) for y in range(60))


def test_shown_text_is_known_for_finding_and_accessibility():
    document = written("{{name}}")
    objects = InlineObjects(document, lambda _atom, _at: Shown("Dr Lee"))
    cursor = QTextCursor(document)
    cursor.setPosition(1)
    assert objects.shown_at(cursor) == "Dr Lee"
    assert formats.source_of(cursor.charFormat()) == "{{name}}"


SHAPES = ["text", "# h", "- a\n  - b\n- c", "| a | b |\n| --- | --- |\n| 1 | 2 |", "one\n\ntwo", ""]


@pytest.mark.parametrize("new", SHAPES)
@pytest.mark.parametrize("old", SHAPES)
def test_a_block_is_replaced_between_its_neighbours(old, new):
    for before, after in [
        ("before", "after"),
        ("- b", "- a"),
        ("| t |\n| --- |", "| t |\n| --- |"),
        ("", ""),
    ]:
        document = written(before, old, after)
        replace_tree(document, "id1", m.parse(new))
        assert texts_by_id(document) == [("id0", before), ("id1", new), ("id2", after)]
        document.undo()
        assert texts_by_id(document) == [("id0", before), ("id1", old), ("id2", after)]


def test_replacing_an_unknown_block_changes_nothing():
    document = written("a")
    replace_tree(document, "other", m.parse("b"))
    assert texts_by_id(document) == [("id0", "a")]
