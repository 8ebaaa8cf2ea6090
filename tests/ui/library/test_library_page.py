"""The library page on a real workspace: list, search, reading, publishing, holding, importing."""

import json

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.models.changes import Changes
from app.services.library import commands, queries
from app.ui import theme
from app.ui.library import states
from app.ui.library.actions import HOLD, IMPORT, PUBLISH
from app.ui.library.delegate import Columns
from app.ui.library.item_model import RowRole
from app.ui.library.page import LibraryPage
from app.ui.shell.actions import LIST, Registry, list_of
from app.ui.widgets import chip_size
from tests.ui.library.conftest import APPROVAL


@pytest.fixture
def page(library, runner, shown):
    return shown(LibraryPage(library, runner, choose_files=lambda _parent: []))


def codes(page):
    model = page.list_pane.list.rows
    return [model.index(at).data(RowRole).row.code for at in range(model.rowCount())]


def search(page, settle, words):
    page.search.setText(words)
    page.search.search_now()
    settle()


def write(folder, name, **changes):
    record = {
        "id": name,
        "title": f"About {name}",
        "sections": [{"heading": "Summary", "text": "Yes."}],
        **changes,
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_the_list_shows_every_document_and_the_held_one_first(page):
    assert len(codes(page)) == 22
    assert codes(page)[0] == "SRD-HAL-003"
    assert page.header.fact == "22 documents \N{MIDDLE DOT} 1 on hold"
    assert page.list_pane.kinds.button("faq").text() == "FAQs  5"


def test_a_kind_is_shown_alone(page, settle):
    page.list_pane.kinds.button("faq").click()
    settle()
    assert len(codes(page)) == 5
    assert all(code.startswith("FAQ") for code in codes(page))


def test_a_column_sorts_and_a_second_click_turns_it_round(page, settle):
    page.list_pane.heads.button("title").click()
    settle()
    titles = [page.list_pane.list.rows.row_at(at).title for at in range(22)]
    page.list_pane.heads.button("title").click()
    settle()
    assert titles == sorted(titles, key=str.casefold)
    assert page.list_pane.list.rows.row_at(0).title == titles[-1]


def test_the_search_reads_the_full_text_and_marks_the_passage(page, settle):
    search(page, settle, "CYP3A4")
    first = page.list_pane.list.rows.row_at(0)
    assert "CYP3A4" in [first.passage.text[a:b] for a, b in first.passage.marks]
    assert page.reader.row.id == page.list_pane.list.current_id or page.list_pane.list.current_id
    page.list_pane.list.choose_place(0)
    settle()
    assert page.reader.text.extraSelections()


def test_esc_clears_the_search_and_a_second_one_goes_to_the_list(page, settle):
    page.focus_search()
    search(page, settle, "grapefruit")
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    settle()
    assert len(codes(page)) == 22
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.list_pane.list.hasFocus()


def test_no_match_names_the_words_and_a_guess(page, settle):
    search(page, settle, "haloperidul")
    assert not page.list_pane.is_showing_rows
    assert page.list_pane.no_match.accessibleName() == "No document matches \u201chaloperidul\u201d"
    assert "haloperidol (6)" in page.list_pane.no_match.accessibleDescription()


def test_an_answer_to_an_older_search_is_dropped(page, settle):
    page.search.setText("grapefruit")
    page.search.search_now()
    page.search.setText("tardive dyskinesia")
    page.search.search_now()
    settle()
    assert codes(page)[0] == "SRD-HAL-004"


def test_enter_opens_the_document_and_tells_the_shell(page, settle, qtbot):
    with qtbot.waitSignal(page.place_changed) as told:
        QTest.keyClick(page.list_pane.list, Qt.Key.Key_Return)
    settle()
    assert told.args == [page.list_pane.list.current_id]
    assert page.target() == told.args[0]
    assert page.record_number() == "SRD-HAL-003"


def test_the_text_has_numbers_for_citations_and_its_references(page, library, settle):
    page.show_target(library.read(queries.version_by_code, "SRD-ATO-001"))
    settle()
    text = page.reader.text.toPlainText()
    assert "[@" not in text
    assert text.index("References") < text.index("1.\tLipitor (atorvastatin calcium) tablets")


def test_versions_are_listed_and_their_words_compared(page, library, settle):
    page.show_target(library.read(queries.version_by_code, "SRD-ATO-001"))
    settle()
    assert page.reader.tabs.tabText(1) == "Versions  2"
    assert page.reader.versions.summary.text() == "9 paragraphs changed from 1.0 to 2.0"
    page.reader.versions.list.choose_place(1)
    settle()
    assert page.reader.versions.summary.text() == "SRD-ATO-001 v1.0 is the first version here"


def test_a_target_is_shown_though_the_list_was_filtered(page, library, settle):
    search(page, settle, "haloperidol")
    page.list_pane.kinds.button("faq").click()
    wanted = library.read(queries.version_by_code, "SRD-SIL-002")
    page.show_target(wanted)
    settle()
    assert (page.target(), page.list_pane.list.current_id) == (wanted, wanted)


def test_a_hold_asks_why_and_is_shown_at_once(page, library, settle):
    version = library.read(queries.version_by_code, "SRD-ATO-002")
    page.show_target(version)
    settle()
    page.reader.hold_button.click()
    page.reader.hold_form.button.click()
    assert page.reader.hold_form.problem.text().startswith("Write why")
    page.reader.hold_form.reason_edit.setText("label change")
    page.reader.hold_form.button.click()
    settle()
    assert library.read(queries.document, version).row.state == "on_hold"
    assert page.reader.state_chip.text() == "On hold"
    assert page.reader.hold_reason.text() == "On hold: label change. Nobody can insert it."
    assert not page.reader.hold_button.isEnabled()
    assert page.header.fact.endswith("2 on hold")


def test_esc_leaves_the_form_and_holds_nothing(page, library, settle):
    version = library.read(queries.version_by_code, "SRD-ATO-002")
    page.show_target(version)
    settle()
    page.reading.hold()
    page.reader.hold_form.reason_edit.setText("label change")
    QTest.keyClick(page.reader.hold_form.reason_edit, Qt.Key.Key_Escape)
    assert page.reader.hold_form.isHidden()
    assert library.read(queries.document, version).row.state == "effective"


def test_a_draft_is_published_with_name_and_day(page, library, settle, tmp_path):
    taken = library.write(commands.import_file, write(tmp_path, "SRD-NEW"))
    page.on_changes(taken.changes)
    settle()
    page.show_target(taken.imported[0].id)
    settle()
    form = page.reader.publish_form
    page.reader.publish_button.click()
    form.button.click()
    assert form.fields.problem.text() == "Write who approved it."
    form.fields.name_edit.setText("S. Okonjo-Reyes")
    form.fields.day_edit.setText("1 Jan 2030")
    form.button.click()
    assert "has not come yet" in form.fields.problem.text()
    form.fields.day_edit.setText("26 Jan 2026")
    QTest.keyClick(form.fields.day_edit, Qt.Key.Key_Return)
    settle()
    assert library.read(queries.document, taken.imported[0].id).row.state == "effective"
    assert page.reader.state_chip.text() == "Effective"


def test_a_step_that_is_closed_says_why(page, library, settle):
    page.show_target(library.read(queries.version_by_code, "SRD-HAL-003"))
    settle()
    assert not page.reader.publish_button.isEnabled()
    assert "Publish: this version is on hold" in page.reader.reasons.text()
    assert page.reading.why_no_hold() == "This version is on hold, so it cannot be put on hold."


def test_an_import_asks_first_and_reports_every_document(page, settle, tmp_path, library):
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    mixed = tmp_path / "mixed.jsonl"
    good = json.dumps({"id": "SRD-N1", "title": "New", "sections": [{"text": "Yes."}]})
    mixed.write_text(f"{good}\n{good}\nnot json\n", encoding="utf-8")
    pane = page.import_pane
    page.ask_import([broken, mixed])
    pane.submit()
    assert pane.problem.text() == "Say first whether these texts were approved elsewhere."
    pane.as_drafts.setChecked(True)
    pane.submit()
    settle()
    assert pane.title.text() == "1 taken in, 1 known already, 2 refused."
    report = pane.report.toPlainText()
    assert "mixed.jsonl, line 3" in report
    assert "broken.json is not JSON" in report
    assert library.read(queries.version_by_code, "SRD-N1")
    assert "SRD-N1" in codes(page)
    pane.copy_button.click()
    assert "refused: mixed.jsonl, line 3" in QGuiApplication.clipboard().text()


def test_an_approved_import_is_effective(page, settle, tmp_path, library):
    page.ask_import([write(tmp_path, "SRD-N2")])
    page.import_pane.as_approved.setChecked(True)
    page.import_pane.submit()
    assert page.import_pane.fields.problem.text() == "Write who approved it."
    page.import_pane.fields.name_edit.setText(APPROVAL.approved_by)
    page.import_pane.fields.day_edit.setText(APPROVAL.approved_on)
    page.import_pane.submit()
    settle()
    version = library.read(queries.version_by_code, "SRD-N2")
    assert library.read(queries.document, version).row.state == "effective"


def test_a_stopped_import_keeps_the_files_before_it(page, settle, tmp_path, library, runner):
    paths = [write(tmp_path, f"SRD-N{at}") for at in range(6)]
    page.ask_import(paths)
    page.import_pane.as_drafts.setChecked(True)
    runner.job_started.connect(lambda handle: handle.progressed.connect(lambda _progress: handle.cancel()))
    page.import_pane.submit()
    settle()
    taken = [row.code for row in library.read(queries.documents) if row.code.startswith("SRD-N")]
    run = page.import_pane._run
    if run is not None:
        assert run.count("taken in") == len(taken)
        assert run.count("taken in") + run.count("stopped") == 6
    assert not page.import_pane.is_running


def drop(page, event_type, paths):
    at = QPoint(20, 20)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = at if event_type is QDragEnterEvent else QPointF(at)
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = event_type(place, Qt.DropAction.CopyAction, data, button, key)
    event.ignore()
    QApplication.sendEvent(page, event)
    return event.isAccepted()


def test_files_are_dropped_and_others_are_not(page, tmp_path):
    assert drop(page, QDragEnterEvent, [tmp_path / "a.md"])
    assert not drop(page, QDragEnterEvent, [tmp_path / "a.exe"])
    drop(page, QDropEvent, [tmp_path / "a.md", tmp_path / "b.exe", tmp_path / "c.jsonl"])
    assert page.import_pane.names.text() == "a.md, c.jsonl"


def test_an_empty_library_offers_the_import(database, runner, shown):
    page = shown(LibraryPage(database, runner, choose_files=lambda _parent: []))
    assert page.home() is page.empty
    assert page.empty.isVisible()
    assert not page.search.isEnabled()


def test_a_change_elsewhere_is_read_when_the_page_is_shown(page, library, settle, tmp_path):
    page.deactivate()
    taken = library.write(commands.import_file, write(tmp_path, "SRD-NEW"))
    page.on_changes(taken.changes)
    assert "SRD-NEW" not in codes(page)
    page.activate()
    settle()
    assert "SRD-NEW" in codes(page)


def test_other_changes_read_nothing(page, runner):
    page.on_changes(Changes(frozenset({"inquiry"}), frozenset({"x"})))
    assert not runner.is_busy


def test_a_failed_read_is_said_and_keeps_the_rows(page, library, settle, monkeypatch):
    from app.errors import EnvironmentFaultError
    from app.ui.errors.message_bar import MessageBar

    def fail(*_args, **_kwargs):
        raise EnvironmentFaultError("The disk is not there.")

    monkeypatch.setattr(page._desk, "_database", type("Gone", (), {"read": fail, "clock": library.clock})())
    page.reload()
    settle()
    assert [bar.text for bar in page.window().findChildren(MessageBar)] == ["The disk is not there."]
    assert len(codes(page)) == 22


def test_the_page_is_dropped_with_everything_it_read(page):
    page.drop()
    assert codes(page) == []
    assert page.reader.text.toPlainText() == ""
    assert page.reader.row is None


def test_the_layout_is_remembered(page, library, runner, shown):
    page.list_pane.heads.sort_by("due", descending=True)
    page.body.splitter.setSizes([500, 868])
    kept = page.save_layout()
    other = LibraryPage(library, runner)
    other.restore_layout(kept)
    shown(other)
    assert other.save_layout()["sort"] == "due"
    assert other.save_layout()["descending"] is True


def test_every_command_is_registered_with_its_reason(library, runner, shown, settle):
    registry = Registry()
    page = shown(LibraryPage(library, runner, registry=registry, choose_files=lambda _parent: []))
    assert registry.reason(PUBLISH).startswith("This version is on hold")
    assert registry.reason(HOLD) is not None
    assert registry.reason(IMPORT) is None
    assert page.list_pane.list in page.shortcut_targets(LIST)


def test_j_and_k_move_and_slash_goes_to_the_search(library, runner, shown):
    registry = Registry()
    page = shown(LibraryPage(library, runner, registry=registry))
    registry.attach("library", page)
    registry.attach(list_of("library"), page.list_pane.list)
    page.activateWindow()
    page.list_pane.list.setFocus()
    QTest.keyClick(page.list_pane.list, Qt.Key.Key_J)
    QTest.keyClick(page.list_pane.list, Qt.Key.Key_J)
    QTest.keyClick(page.list_pane.list, Qt.Key.Key_K)
    assert page.list_pane.list.currentIndex().row() == 1
    QTest.keyClick(page.list_pane.list, Qt.Key.Key_Slash)
    assert page.search.hasFocus()


def test_one_pane_at_a_time_where_two_do_not_fit(library, runner, shown, settle):
    page = shown(LibraryPage(library, runner), width=760)
    assert page.list_pane.isVisible()
    assert not page.reader.isVisible()
    QTest.keyClick(page.list_pane.list, Qt.Key.Key_Return)
    settle()
    assert page.reader.isVisible()
    assert not page.list_pane.isVisible()
    page.reader.back_button.click()
    assert page.list_pane.isVisible()


@pytest.mark.parametrize("name", theme.THEME_NAMES)
@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_the_page_paints_in_every_theme_and_size(library, runner, shown, themed_app, settle, name, factor):
    theme.apply_theme(themed_app, name)
    theme.set_text_factor(factor)
    page = shown(LibraryPage(library, runner))
    search(page, settle, "grapefruit")
    assert not page.grab().isNull()
    heights = {page.list_pane.list.sizeHintForRow(at) for at in range(3)}
    assert heights == {page.list_pane.list.itemDelegate().row_height()}


def test_every_focusable_widget_has_a_name(page, tmp_path):
    page.reading.hold()
    page.ask_import([tmp_path / "a.md"])
    nameless = [
        each
        for each in page.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and not each.accessibleName()
    ]
    assert nameless == []


def test_a_newly_shown_document_starts_at_its_top(library, runner, shown, settle):
    theme.set_text_factor(2.0)
    page = LibraryPage(library, runner, choose_files=lambda _parent: [])
    # Wide enough at this size for the list and the text beside each other.
    shown(page, width=2200)
    bar = page.reader.text.verticalScrollBar()
    # Two standard responses; a short answer may fit without a bar.
    for at in (0, 8, 0):
        page.list_pane.list.choose_place(at)
        settle()
        page.reader.text.setFocus()
        page.resize(2100 + at, 800)
        settle()
        assert bar.maximum() > 0
        assert bar.value() == 0
        bar.setValue(bar.maximum())


def test_the_second_line_of_a_row_has_room_for_product_and_readers(page):
    columns = Columns.of_width(640)
    assert "whom" not in columns.places
    wanted = QFontMetrics(theme.font("secondary")).horizontalAdvance(
        states.joined("SRD-APA-001 v1.0", "Acetaminophen caplets", "US", "Patient")
    )
    assert columns.places["title"][1] >= wanted
    widest = max(chip_size(look.word, look.kind, look.icon).width() for look in states._LOOKS.values())
    assert columns.places["state"][1] >= widest
