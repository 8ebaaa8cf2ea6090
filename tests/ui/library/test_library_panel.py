"""The library panel beside a letter: what it proposes, inserts and refuses."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.library import commands, queries
from app.services.library.queries import ForWhom
from app.ui import theme
from app.ui.library.panel import LibraryPanel
from app.ui.library.panel_rows import WHOLE, RowKind

WHOM = ForWhom("US", "hcp", "en", date(2026, 11, 22))
QUESTION = "Can she drink grapefruit juice with atorvastatin?"


@pytest.fixture
def panel(library, runner, shown, settle):
    made = shown(LibraryPanel(library, runner), width=412, height=800)
    made.set_question(QUESTION, "", WHOM)
    settle()
    return made


def lines(panel, *kinds):
    return [line for line in panel.list.lines.lines if line.kind in kinds]


def go(panel, kind, at=0):
    line = lines(panel, kind)[at]
    panel.list.go_to(panel.list.lines.place_of(line.key))
    panel.list.setFocus()
    return line


def press(panel, key):
    QTest.keyClick(panel.list, key)


def asked(panel):
    told = []
    panel.insert_requested.connect(lambda *piece: told.append(piece))
    return told


def test_the_best_document_is_open_with_its_sentence_and_the_reasons(panel):
    opened, passage, why = lines(panel, RowKind.DOCUMENT, RowKind.PASSAGE, RowKind.WHY)
    assert opened.row.code == "SRD-ATO-001"
    assert "grapefruit" in [passage.passage.text[a:b] for a, b in passage.passage.marks]
    assert why.chips[:2] == ("grapefruit", "juice")
    assert lines(panel, RowKind.SECTION)[0].title == "Summary"


def test_documents_that_cannot_be_used_stay_with_the_reason(panel):
    refused = {line.row.code: line.detail for line in lines(panel, RowKind.REFUSED)}
    assert refused["SRD-ATO-007"].endswith("cannot be inserted: it is written for patients")
    assert refused["SRD-ATO-101"].endswith("it is for GB, the contact is in US")


def test_a_held_document_is_refused_with_its_reason(panel, settle):
    panel.set_question("switch from parenteral to oral haloperidol", "", WHOM)
    settle()
    held = next(line for line in lines(panel, RowKind.REFUSED) if line.row.code == "SRD-HAL-003")
    assert held.detail.endswith("it is on hold: the label change of 9 November")
    places = [panel.list.lines.place_of(line.key) for line in lines(panel, RowKind.CLOSED)]
    assert sum(place < panel.list.lines.place_of(held.key) for place in places) <= 3


def test_enter_inserts_a_section_and_the_whole_document(panel):
    told = asked(panel)
    section = go(panel, RowKind.SECTION, 2)
    press(panel, Qt.Key.Key_Return)
    go(panel, RowKind.WHOLE)
    press(panel, Qt.Key.Key_Return)
    assert told == [(section.row.id, section.section_id, WHOLE), (section.row.id, "", WHOLE)]


def test_right_opens_a_section_to_its_paragraphs_and_left_closes_it(panel):
    told = asked(panel)
    section = go(panel, RowKind.SECTION, 1)
    press(panel, Qt.Key.Key_Right)
    press(panel, Qt.Key.Key_Down)
    press(panel, Qt.Key.Key_Down)
    press(panel, Qt.Key.Key_Return)
    assert told == [(section.row.id, section.section_id, 1)]
    press(panel, Qt.Key.Key_Left)
    assert lines(panel, RowKind.PARAGRAPH) == []
    assert panel.list.current.section_id == section.section_id


def test_what_is_inserted_is_not_inserted_twice_but_shown(panel):
    told, shown_sources = asked(panel), []
    section = go(panel, RowKind.SECTION, 0)
    panel.set_inserted({(section.row.id, section.section_id, 0): "inserted"})
    panel.source_selected.connect(lambda *piece: shown_sources.append(piece))
    assert panel.list.current.coverage.words == "Inserted"
    press(panel, Qt.Key.Key_Return)
    assert told == []
    assert shown_sources == [(section.row.id, section.section_id, WHOLE)]


def test_the_state_of_a_section_is_that_of_its_paragraphs(panel):
    first, second, *_rest = lines(panel, RowKind.SECTION)
    version = first.row.id
    panel.set_inserted(
        {(version, second.section_id, 0): "changed", (version, first.section_id, WHOLE): "inserted"}
    )
    words = [line.coverage.words for line in lines(panel, RowKind.SECTION)][:3]
    assert words == ["Inserted", "1 of 4 inserted, changed", ""]
    panel.set_inserted({(version, "", WHOLE): "inserted"})
    assert {line.coverage.words for line in lines(panel, RowKind.SECTION)} == {"Inserted"}
    panel.set_inserted({})
    assert {line.coverage.words for line in lines(panel, RowKind.SECTION)} == {""}


def test_a_selected_row_is_told_but_a_revealed_one_is_not(panel):
    told = []
    panel.source_selected.connect(lambda *piece: told.append(piece))
    section = lines(panel, RowKind.SECTION)[3]
    panel.reveal_source(section.row.id, section.section_id, 0)
    assert panel.list.current.section_id == section.section_id
    assert told == []
    panel.list.setFocus()
    press(panel, Qt.Key.Key_Up)
    assert told == [(section.row.id, lines(panel, RowKind.SECTION)[2].section_id, WHOLE)]


def test_the_source_of_a_block_is_opened_though_it_is_superseded(panel, library, settle):
    old = library.read(queries.version_by_code, "SRD-ATO-001", "1.0")
    source = library.read(queries.document, old).sections[0]
    panel.reveal_source(old, source.id, 0)
    settle()
    told = asked(panel)
    assert panel.list.current.section_id == source.id
    assert "superseded" in lines(panel, RowKind.STATE)[0].title
    panel.list.setFocus()
    press(panel, Qt.Key.Key_Return)
    assert told == []


def test_the_passage_leads_to_its_paragraph(panel):
    passage = go(panel, RowKind.PASSAGE)
    press(panel, Qt.Key.Key_Return)
    current = panel.list.current
    assert (current.kind, current.section_id) == (RowKind.PARAGRAPH, passage.section_id)
    assert current.paragraph == passage.paragraph


def test_another_document_is_opened_by_enter(panel, settle):
    other = go(panel, RowKind.CLOSED)
    press(panel, Qt.Key.Key_Return)
    settle()
    assert lines(panel, RowKind.DOCUMENT)[0].row.id == other.row.id


def test_typed_words_take_the_place_of_the_question(panel, settle):
    panel.focus_search()
    assert panel.search.hasFocus()
    panel.search.setText("tardive dyskinesia")
    panel.search.search_now()
    settle()
    assert lines(panel, RowKind.DOCUMENT)[0].row.code == "SRD-HAL-004"
    QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    settle()
    assert lines(panel, RowKind.DOCUMENT)[0].row.code == "SRD-ATO-001"


def test_an_answer_to_the_last_question_is_dropped(panel, settle):
    panel.set_question("tardive dyskinesia", "", WHOM)
    panel.set_question("nitrates with sildenafil", "", WHOM)
    settle()
    assert lines(panel, RowKind.DOCUMENT)[0].row.code == "SRD-SIL-001"


def test_nothing_found_says_for_which_country(panel, settle):
    panel.add_next_step("Search the literature", lambda: None)
    panel.set_question("zoster vaccine", "", WHOM)
    settle()
    assert panel.nothing.isVisible()
    assert panel.nothing.accessibleName() == "No effective document for US answers this"


def test_only_refused_documents_say_that_none_can_be_used(panel, settle):
    panel.set_question(QUESTION, "", ForWhom("FR", "patient", "fr", date(2026, 11, 22)))
    settle()
    assert panel.list.lines.line_at(0).title == "No effective document for FR answers this"
    assert lines(panel, RowKind.SECTION) == []
    assert lines(panel, RowKind.REFUSED)


def test_a_hold_reaches_the_panel_at_once(panel, library, runner, settle):
    version = lines(panel, RowKind.DOCUMENT)[0].row.id
    runner.run_command(lambda _job: library.write(commands.hold, version, "label change"))
    settle()
    told = asked(panel)
    assert "on hold: label change" in lines(panel, RowKind.STATE)[0].title
    go(panel, RowKind.SECTION)
    press(panel, Qt.Key.Key_Return)
    assert told == []


def test_esc_goes_back_to_the_letter(panel, qtbot):
    panel.focus_list()
    with qtbot.waitSignal(panel.left):
        press(panel, Qt.Key.Key_Escape)
    panel.focus_search()
    with qtbot.waitSignal(panel.left):
        QTest.keyClick(panel.search, Qt.Key.Key_Escape)


def test_a_click_on_insert_inserts_and_one_on_the_name_opens(panel):
    told = asked(panel)
    section = lines(panel, RowKind.SECTION)[2]
    view = panel.list
    rect = view.visualRect(view.lines.index(view.lines.place_of(section.key)))
    area = view.paint_lines.insert_area(section, rect)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert told == [(section.row.id, section.section_id, WHOLE)]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert lines(panel, RowKind.PARAGRAPH)


def test_lines_are_spoken(panel):
    section = lines(panel, RowKind.SECTION)[0]
    assert section.spoken == "1, Summary, closed, Enter inserts"
    index = panel.list.lines.index(panel.list.lines.place_of(section.key))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == section.spoken


@pytest.mark.parametrize("name", theme.THEME_NAMES)
@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_the_panel_paints_in_every_theme_and_size(panel, themed_app, name, factor):
    theme.apply_theme(themed_app, name)
    theme.set_text_factor(factor)
    go(panel, RowKind.SECTION)
    press(panel, Qt.Key.Key_Right)
    assert not panel.grab().isNull()


def test_the_panel_forgets(panel):
    panel.clear()
    assert panel.list.lines.rowCount() == 0 or panel.nothing.isVisible()
    assert panel.nothing.accessibleName() == "No question yet"


def test_a_question_is_answered_with_suggestions_that_say_why(panel, settle):
    panel.set_question("Can she drink grapfruit juice with atorvastatin?", "", WHOM)
    settle()
    head = panel.list.lines.lines[0]
    assert (head.kind, head.title) == (RowKind.HEAD, "Suggested for this question")
    why = lines(panel, RowKind.WHY)[0]
    assert "grapfruit read as grapefruit" in why.chips
    for line in lines(panel, RowKind.CLOSED):
        assert line.passage.text


def test_typed_words_are_searched_and_are_no_suggestion(panel, settle):
    panel.search.setText("torsades")
    panel.search.search_now()
    settle()
    assert "Suggested for this question" not in [line.title for line in lines(panel, RowKind.HEAD)]
    assert lines(panel, RowKind.DOCUMENT)[0].row.code == "SRD-HAL-001"
