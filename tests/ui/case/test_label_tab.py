"""The label tab: the label of the case's product, searched as one types, inserted into the letter."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.models.library_forms import LabelForm, LabelSectionForm
from app.services.library import labels
from app.ui.case.right_pane import LABEL, LIBRARY
from app.ui.library.panel_rows import RowKind
from tests.ui.case.test_case_page import bring_to_progress


def form(set_id="0b0be196", title="Atorvastatin label", region="US"):
    return LabelForm(
        set_id=set_id,
        kind="uspi",
        title=title,
        region=region,
        number="3",
        effective_from="2026-01-01",
        source="SPL",
        sections=(
            LabelSectionForm("34066-1", 1, "WARNING: LIVER", "Stop at once."),
            LabelSectionForm("34068-7", 1, "2 DOSAGE", "Take one a day.\n\nAvoid grapefruit juice."),
        ),
    )


@pytest.fixture
def panel(desk):
    desk.page.right.show_tab(LABEL)
    return desk.page.right.label


def take(desk, *forms):
    product = desk.view().product
    desk.database.write(labels.import_labels, forms or [form()], product=product)
    desk.page.right.label.refresh()
    desk.settle()


def titles(panel):
    return [line.title for line in panel.list.lines.lines if line.kind is RowKind.SECTION]


def test_without_a_label_the_tab_says_how_to_import_one(desk, panel):
    assert panel.nothing.isVisible()
    assert not panel.search.isVisible()
    take(desk)
    assert panel.search.isVisible()
    standard = labels.standard_heading("34068-7")
    assert titles(panel) == ["Boxed warning: WARNING: LIVER", f"2 DOSAGE ({standard})"]
    assert not panel.choice.isVisible()


def test_typing_finds_sections_with_marked_words_and_enter_inserts_the_paragraph(desk, panel):
    bring_to_progress(desk)
    desk.open()
    desk.page.letters.begin()
    desk.settle()
    take(desk)
    desk.page.right.show_tab(LABEL)
    panel.search.setFocus()
    QTest.keyClicks(panel.search, "grapefruit")
    panel.search.search_now()
    desk.settle()
    (found,) = [line for line in panel.list.lines.lines if line.passage.marks]
    assert found.passage.text == "Avoid grapefruit juice."
    panel.list.go_to(panel.list.lines.place_of(found.key))
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    desk.settle()
    texts = [block.text for block in desk.page.read.letter.blocks]
    assert "Avoid grapefruit juice." in texts
    line = panel.list.lines.line_at(panel.list.lines.place_of(found.key))
    assert line.coverage.words == "Inserted"


def test_several_labels_are_chosen_from_and_one_of_another_country_says_why_not(desk, panel):
    take(desk, form(), form("other", "Zzz label", "GB"))
    assert panel.choice.isVisible()
    assert panel.choice.count() == 2
    panel.choice.setCurrentIndex(1)
    panel.choice.activated.emit(1)
    desk.settle()
    state = panel.list.lines.lines[1]
    assert state.title == "Cannot be inserted: it is for GB, the contact is in US"
    assert not any(line.can_insert for line in panel.list.lines.lines)


def begun(desk):
    bring_to_progress(desk)
    desk.open()
    desk.page.letters.begin()
    desk.settle()


def paragraph_line(panel, text):
    return next(line for line in panel.list.lines.lines if line.passage.text == text)


def open_section(panel, place):
    sections = [line for line in panel.list.lines.lines if line.kind is RowKind.SECTION]
    panel.list.go_to(panel.list.lines.place_of(sections[place].key))
    QTest.keyClick(panel.list, Qt.Key.Key_Right)


def double_click(panel, line):
    index = panel.list.lines.index(panel.list.lines.place_of(line.key))
    panel.list.scrollTo(index)
    at = panel.list.visualRect(index).topLeft() + QPoint(30, 10)
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def letter_texts(desk):
    return [block.text for block in desk.page.read.letter.blocks]


def test_two_clicks_insert_a_passage(desk, panel):
    begun(desk)
    take(desk)
    desk.page.right.show_tab(LABEL)
    open_section(panel, 1)
    double_click(panel, paragraph_line(panel, "Take one a day."))
    desk.settle()
    assert letter_texts(desk).count("Take one a day.") == 1
    assert paragraph_line(panel, "Take one a day.").coverage.words == "Inserted"


def test_a_key_brings_the_label_to_the_front_with_the_keyboard_in_its_search(desk, panel):
    begun(desk)
    take(desk)
    desk.page.right.show_tab(LIBRARY)
    desk.page.window().activateWindow()
    QTest.keyClick(
        desk.page, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert desk.page.right.tabs.currentIndex() == LABEL
    assert panel.search.hasFocus()


def test_the_boxed_warning_is_marked_by_its_word_and_not_by_a_colour_alone(desk, panel):
    take(desk)
    boxed, dosage = (line for line in panel.list.lines.lines if line.kind is RowKind.SECTION)
    assert (boxed.is_warning, dosage.is_warning) == (True, False)
    assert boxed.spoken.startswith("Boxed warning: WARNING: LIVER")


def test_the_source_of_a_label_block_opens_its_section_of_that_version(desk, panel):
    begun(desk)
    take(desk)
    desk.page.right.show_tab(LABEL)
    open_section(panel, 1)
    panel.list.go_to(panel.list.lines.place_of(paragraph_line(panel, "Avoid grapefruit juice.").key))
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    desk.settle()
    first = panel.list.current.row.id
    newer = replace(form(), number="4", effective_from="2026-10-01")
    take(desk, newer)
    panel.choice.setCurrentIndex(0)
    panel.choice.activated.emit(0)
    desk.settle()
    block = next(b for b in desk.page.read.letter.blocks if b.text == "Avoid grapefruit juice.")
    desk.page.right.show_tab(LIBRARY)
    desk.page.middle.source_requested.emit(block.id)
    desk.settle()
    assert desk.page.right.tabs.currentIndex() == LABEL
    assert panel.list.current.row.id == first
    assert panel.list.current.passage.text == "Avoid grapefruit juice."
    state = panel.list.lines.lines[1]
    assert state.title == "Cannot be inserted: it is an older version of this label"


def test_a_version_that_comes_is_offered_beside_the_one_in_force(desk, panel):
    take(desk)
    take(desk, replace(form(), number="4", effective_from="2031-01-01"))
    assert panel.choice.count() == 2
    assert panel.choice.itemText(1) == "Atorvastatin label (US), from 1 Jan 2031"
    assert panel.list.lines.lines[1].title == "Since 1 Jan 2026"
    panel.choice.setCurrentIndex(1)
    panel.choice.activated.emit(1)
    desk.settle()
    assert panel.list.lines.lines[1].title == "Cannot be inserted: it is effective from 2031-01-01 only"
    assert panel.list.lines.lines[1].row.state == "coming"
