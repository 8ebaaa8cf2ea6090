"""The label tab: the label of the case's product, searched as one types, inserted into the letter."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.library_forms import LabelForm, LabelSectionForm
from app.services.library import labels
from app.ui.case.right_pane import LABEL
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
