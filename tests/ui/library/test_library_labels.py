"""Labels on the library page: listed, read, and two versions compared section by section."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.models.library_forms import LabelForm, LabelSectionForm
from app.services.library import labels, queries
from app.ui.library.compare_pane import ComparePane
from app.ui.library.label_course import LABEL_PAGE
from app.ui.library.list_pane import LABELS
from app.ui.library.page import LibraryPage
from app.ui.shell.actions import LIST, Registry, list_of


def label(number="1", day="2026-01-01", *sections, set_id="set-1", title="Lumivex tablets"):
    return LabelForm(
        set_id=set_id,
        kind="uspi",
        title=title,
        region="US",
        language="en",
        number=number,
        effective_from=day,
        source="SPL",
        source_sha256=number * 8,
        sections=sections
        or (
            LabelSectionForm("34066-1", 1, "WARNING: LIVER", "Stop at once."),
            LabelSectionForm("34067-9", 1, "1 USES", "For pain.\n\nFor fever."),
            LabelSectionForm("34068-7", 1, "2 DOSAGE", "Take 10 mg.\n\nWith water."),
        ),
    )


NEWER = (
    LabelSectionForm("34067-9", 1, "1 USES", "For pain.\n\nFor fever."),
    LabelSectionForm("34068-7", 1, "2 DOSAGE AND MORE", "Take 100 mg.\n\nWith water.\n\nTwice."),
    LabelSectionForm("34070-3", 1, "4 WHEN NOT", "Never with alcohol."),
)


@pytest.fixture
def page(library, runner, shown, settle):
    library.write(labels.import_labels, [label(), label("2", "2026-06-01", *NEWER)])
    library.write(labels.import_labels, [label("3", "2027-01-01", *NEWER[:2])])
    registry = Registry()
    made = shown(LibraryPage(library, runner, registry=registry, choose_files=lambda _parent: []))
    registry.attach("library", made)
    for widget in made.shortcut_targets(LIST):
        registry.attach(list_of("library"), widget)
    made.activateWindow()
    made.list_pane.kinds.button(LABELS).click()
    settle()
    made.list_pane.labels.list.setFocus()
    # Yielding keeps the registry, which owns the shortcuts, alive.
    yield made
    del registry


def states(pane):
    return [(line.title, line.chip) for line in pane.list.facts.lines]


@pytest.fixture
def compared(page, settle):
    QTest.keyClick(page.list_pane.labels.list, Qt.Key.Key_C)
    settle()
    assert page.body.is_comparing
    return page.compare_pane


def test_a_label_is_listed_once_with_the_version_in_force_and_the_one_that_comes(page):
    (line,) = page.list_pane.labels.list.facts.lines
    assert (line.title, line.side, line.chip) == ("Lumivex tablets", "1 Jun 2026", "In force")
    assert "3 versions" in line.detail
    assert "a new one from 1 Jan 2027" in line.detail
    assert page.list_pane.kinds.button(LABELS).text() == "Labels  1"


def test_the_chosen_label_is_read_and_enter_goes_into_its_sections(page, settle):
    reader = page.label_reader
    assert reader.isVisible()
    assert reader.row.number == "2"
    assert [reader.version_box.itemText(at).split()[1] for at in range(3)] == ["3", "2", "1"]
    QTest.keyClick(page.list_pane.labels.list, Qt.Key.Key_Return)
    settle()
    assert reader.list.hasFocus()
    reader.list.choose_place(1)
    assert "Take 100 mg." in reader.text.toPlainText()


def test_an_older_version_is_read_and_its_boxed_warning_says_so_in_words(page, settle):
    reader = page.label_reader
    reader.version_box.setCurrentIndex(2)
    reader.version_box.activated.emit(2)
    settle()
    assert (reader.row.number, reader.state_chip.text()) == ("1", "Older")
    assert reader.list.facts.lines[0].chip == "Boxed warning"
    assert "Boxed warning" in reader.list.facts.lines[0].spoken


def test_c_compares_with_the_version_before_section_by_section(compared):
    assert states(compared) == [
        ("WARNING: LIVER", "Gone"),
        ("1 USES", "Same"),
        ("2 DOSAGE AND MORE", "Changed"),
        ("4 WHEN NOT", "New"),
    ]
    assert (
        compared.summary.text().replace("  \N{MIDDLE DOT}  ", ", ") == "1 changed, 1 new, 1 gone, 1 the same"
    )
    assert compared.list.current.title == "WARNING: LIVER"
    assert "Stop at once." in compared.diff.toPlainText()


def test_f8_walks_through_every_change_and_shift_f8_back(compared):
    walked = []
    for _ in range(6):
        QTest.keyClick(compared.list, Qt.Key.Key_F8)
        walked.append((compared.list.current.title, compared.place.text()))
    in_dosage = [("2 DOSAGE AND MORE", f"Change {n} of 3 in this section") for n in (1, 2, 3)]
    last = "4 WHEN NOT"
    assert walked[:3] == in_dosage
    assert walked[3] == (last, "Change 1 of 1 in this section")
    assert walked[4:] == [(last, "That was the last change.")] * 2
    QTest.keyClick(compared.list, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert (compared.list.current.title, compared.place.text()) == in_dosage[2]
    for _ in range(3):
        QTest.keyClick(compared.list, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert compared.list.current.title == "WARNING: LIVER"
    QTest.keyClick(compared.list, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert compared.place.text() == "That was the first change."


def test_o_leaves_out_what_is_the_same_and_brings_it_back(compared):
    QTest.keyClick(compared.list, Qt.Key.Key_O)
    assert [chip for _, chip in states(compared)] == ["Gone", "Changed", "New"]
    assert compared.only_button.isChecked()
    QTest.keyClick(compared.list, Qt.Key.Key_O)
    assert len(states(compared)) == 4


def test_any_two_versions_are_compared_and_equal_ones_say_so(compared, settle):
    compared.older_box.setCurrentIndex(0)
    compared.older_box.activated.emit(0)
    settle()
    assert ("4 WHEN NOT", "New") in states(compared)
    compared.newer_box.setCurrentIndex(0)
    compared.newer_box.activated.emit(0)
    settle()
    assert compared.summary.text() == "The text of both versions is the same"
    assert not compared.next_button.isEnabled()
    assert compared.why_no_step() is not None
    QTest.keyClick(compared.list, Qt.Key.Key_O)
    assert compared.same.isVisible()


def test_esc_goes_back_to_the_list_of_labels(page, compared):
    QTest.keyClick(compared.list, Qt.Key.Key_Escape)
    assert not page.body.is_comparing
    assert page.list_pane.labels.list.hasFocus()


def test_one_version_alone_says_that_there_is_nothing_to_compare(page, library, settle):
    taken = library.write(labels.import_labels, [label(set_id="set-2", title="Zzz")])
    page.on_changes(taken.changes)
    settle()
    page.list_pane.labels.list.choose_place(1)
    settle()
    assert "only version" in page.comparing.why_no_compare()
    assert not page.label_reader.compare_button.isEnabled()
    assert page.label_reader.reason.isVisible()


def test_two_versions_of_a_document_are_compared_too(page, library, settle):
    page.show_target(library.read(queries.version_by_code, "SRD-ATO-001"))
    settle()
    page.list_pane.list.setFocus()
    QTest.keyClick(page.list_pane.list, Qt.Key.Key_C)
    settle()
    pane = page.compare_pane
    assert page.body.is_comparing
    assert {chip for _, chip in states(pane)} >= {"Changed", "Same"}
    assert pane.older_box.currentText().startswith("Version 1.0")
    QTest.keyClick(pane.list, Qt.Key.Key_Escape)
    assert page.reader.isVisible()
    page.reader.tabs.setCurrentIndex(1)
    page.reader.versions.compare_button.click()
    settle()
    assert page.body.is_comparing


def test_a_library_without_labels_says_how_they_come_in(database, runner, shown, settle):
    page = shown(LibraryPage(database, runner, choose_files=lambda _parent: []))
    page.list_pane.kinds.button(LABELS).click()
    settle()
    assert page.list_pane.labels.is_empty
    assert "SPL" in page.list_pane.labels.empty.accessibleDescription()


def test_labels_are_searched_by_title_while_they_are_listed(page, library, settle):
    taken = library.write(labels.import_labels, [label(set_id="set-2", title="Zzz")])
    page.on_changes(taken.changes)
    page.search.setText("zz")
    page.search.search_now()
    settle()
    assert [line.title for line in page.list_pane.labels.list.facts.lines] == ["Zzz"]
    page.search.setText("nothing at all")
    page.search.search_now()
    settle()
    assert page.list_pane.labels.empty.accessibleName() == "No label matches “nothing at all”"


def test_the_list_of_labels_comes_by_the_page(page, library, settle):
    plain = (LabelSectionForm("34068-7", 1, "2 DOSAGE", "Take 10 mg."),)
    many = [
        label("1", "2026-01-01", *plain, set_id=f"many-{at:04}", title=f"Many {at:04}")
        for at in range(LABEL_PAGE + 20)
    ]
    page.on_changes(library.write(labels.import_labels, many).changes)
    settle()
    view = page.list_pane.labels.list
    assert len(view.facts.lines) == LABEL_PAGE
    view.facts.fetchMore()
    settle()
    assert len(view.facts.lines) == LABEL_PAGE + 21
    assert page.list_pane.kinds.button(LABELS).text() == f"Labels  {LABEL_PAGE + 21}"


def test_a_label_of_hundreds_of_sections_writes_only_the_one_that_is_shown(page, library, settle):
    def long(word):
        return tuple(
            LabelSectionForm(
                "42229-5", 2, f"{at}. Part {at}", f"Section {at} says {word if at % 50 == 9 else 'so'}."
            )
            for at in range(400)
        )

    library.write(labels.import_labels, [label("1", "2026-01-01", *long("a"), set_id="big", title="Aaa")])
    page.on_changes(
        library.write(
            labels.import_labels, [label("2", "2026-02-01", *long("b"), set_id="big", title="Aaa")]
        ).changes
    )
    settle()
    page.list_pane.labels.list.choose_place(0)
    settle()
    page.comparing.compare()
    settle()
    pane = page.compare_pane
    assert pane.list.facts.rowCount() == 400
    assert pane.summary.text().startswith("8 changed")
    assert pane.list.current.title == "9. Part 9"
    assert pane.diff.document().characterCount() < 500


def test_every_focusable_part_of_the_comparison_has_a_name(compared):
    nameless = [
        each
        for each in compared.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and not each.accessibleName()
    ]
    assert nameless == []
    assert isinstance(compared, ComparePane)
