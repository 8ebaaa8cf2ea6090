"""The life of a document on its page: letters, reviews, gaps, steps and variants."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.audit import Cursor
from app.models.inquiry import Inquiry
from app.models.library_forms import Approval, SectionForm
from app.models.people import User
from app.models.standard_response import StandardResponseVersion
from app.services.intake import commands as intake
from app.services.letters import commands as letters
from app.services.library import commands as library
from app.services.library import queries, variants, versions
from app.services.library.where_used import Passage, Use
from app.ui.library.facts import due_line, passage_words, use_lines, uses_summary
from app.ui.library.page import LibraryPage
from app.ui.library.reader import USES_TAB, VARIANTS_TAB
from app.ui.library.uses_pane import UsesPane
from app.ui.shell.actions import LIST, Registry, list_of
from tests.services.letters.conftest import desk

__all__ = ["desk"]
APPROVAL = Approval("S. Okonjo-Reyes", "2026-01-26")


@pytest.fixture
def page(desk, runner, shown):
    registry = Registry()
    made = shown(LibraryPage(desk.database, runner, registry=registry, choose_files=lambda _parent: []))
    registry.attach("library", made)
    for widget in made.shortcut_targets(LIST):
        registry.attach(list_of("library"), widget)
    made.activateWindow()
    # Yielding keeps the registry, which owns the shortcuts, alive.
    yield made
    del registry


def open_version(page, desk, settle, code="SRD-ATO-001"):
    version_id = desk.version(code)
    page.show_target(version_id)
    settle()
    page.list_pane.list.setFocus()
    return version_id


def press(page, key, settle):
    QTest.keyClick(page.list_pane.front, key)
    settle()


def enter(widget, settle):
    QTest.keyClick(widget, Qt.Key.Key_Return)
    settle()


def states_of(desk, code="SRD-ATO-001"):
    return {row.number: row.state for row in desk.database.read(queries.versions_of, code)}


def chips(view):
    return [line.chip for line in view.facts.lines]


# Where used


def test_a_document_that_no_letter_uses_says_what_that_means(page, desk, settle):
    open_version(page, desk, settle)
    press(page, Qt.Key.Key_U, settle)
    assert page.reader.tabs.currentIndex() == USES_TAB
    assert page.reader.uses.is_empty
    assert "touches nobody" in page.reader.uses.empty.accessibleDescription()


def test_letters_that_went_out_are_marked_and_enter_opens_the_case(page, desk, settle, qtbot):
    letter_id = desk.answered_letter()
    desk.release(letter_id)
    desk.do(letters.send, letter_id, "email")
    open_version(page, desk, settle)
    assert page.reader.tabs.tabText(USES_TAB) == "Where used  1"
    pane = page.reader.uses
    assert chips(pane.list) == ["Went out"]
    assert pane.passages.text().startswith("Verbatim: ")
    assert pane.summary.text() == "1 letter holds text of it, 1 went out"

    with qtbot.waitSignal(page.go_requested) as told:
        QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert told.args == ["case", desk.inquiry_id]


def test_a_letter_being_written_is_no_part_of_the_recall_list(page, desk, settle):
    desk.answered_letter()
    open_version(page, desk, settle)
    pane = page.reader.uses
    assert chips(pane.list) == ["Draft"]
    pane.scopes.button("out").click()
    assert pane.is_empty
    assert "nothing to recall" in pane.empty.accessibleDescription()


def test_a_new_letter_appears_when_the_page_hears_of_it(page, desk, settle):
    open_version(page, desk, settle)
    letter_id = desk.new_letter()
    page.on_changes(desk.do(letters.insert, letter_id, desk.version()).changes)
    settle()
    assert page.reader.tabs.tabText(USES_TAB) == "Where used  1"


def use(number, state="sent", **changes):
    passages = (
        Passage("b1", "s1", "Summary", 0, "verbatim"),
        Passage("b2", "s1", "Summary", 1, "verbatim"),
        Passage("b3", "s2", "Results", 2, "changed"),
    )
    values = {
        "letter_id": f"l{number}",
        "reference": f"REF-{number}",
        "edition": 1,
        "letter_state": state,
        "inquiry_id": f"i{number}",
        "inquiry_number": f"MI-{number}",
        "version_id": "v",
        "number": "2.0",
        "sent_at": 1_760_000_000_000,
        "passages": passages,
    }
    return Use(**(values | changes))


def test_passages_are_named_verbatim_and_changed_apart():
    said = passage_words(use(1).passages)
    assert said == "Verbatim: Summary (1, 2)  \N{MIDDLE DOT}  Changed: Results (3)"


def test_a_thousand_letters_are_listed(qtbot, themed_app, desk):
    row = desk.database.read(queries.document, desk.version()).row
    uses = tuple(use(number, version_id=row.id) for number in range(1000))
    pane = UsesPane()
    qtbot.addWidget(pane)
    pane.show_around(_around(row, uses))
    pane.resize(720, 500)
    pane.show()
    assert pane.list.facts.rowCount() == 1000
    assert pane.summary.text() == uses_summary(uses) == "1,000 letters hold text of it, 1,000 went out"
    assert not pane.grab().isNull()


def _around(row, uses):
    from app.ui.library.around import Around

    return Around(row, uses, tuple(use_lines(uses, "UTC")), (), ())


# Review due and gaps


@pytest.mark.parametrize(
    ("left", "state", "words", "kind"),
    [
        (40, "effective", "40 days left", "plain"),
        (14, "effective", "14 days left", "soon"),
        (1, "effective", "1 day left", "soon"),
        (0, "effective", "Today", "soon"),
        (-1, "effective", "1 day late", "soon"),
        (-45, "expired", "Expired, 45 days late", "over"),
        (None, "effective", "No day set", "outline"),
    ],
)
def test_the_days_of_a_review_stand_in_words(left, state, words, kind):
    day = "" if left is None else "2026-12-01"
    line = due_line(versions.ReviewDue("v", "SRD-A", "1.0", "About", day, left, state))
    assert (line.chip, line.kind) == (words, kind)
    assert words in line.spoken


def test_due_reviews_are_listed_and_enter_opens_the_document(page, desk, settle):
    lines = page.list_pane.due.list.facts.lines
    listed = desk.database.read(versions.reviews_due, desk.database.clock.now(), desk.database.clock.zone())
    assert [line.key for line in lines] == [due.version_id for due in listed]
    page.list_pane.kinds.button("due").click()
    settle()
    assert page.list_pane.backlog == "due"
    if lines:
        enter(page.list_pane.due.list, settle)
        assert page.reader.row.id == lines[0].key


def test_a_search_leaves_the_work_lists(page, settle):
    page.list_pane.kinds.button("gaps").click()
    assert page.list_pane.gaps.is_empty
    page.search.setText("atorvastatin")
    page.search.search_now()
    settle()
    assert page.list_pane.backlog == ""
    assert page.list_pane.is_showing_rows


def ask_by_phone(desk):
    desk.change(Inquiry, desk.inquiry_id, topic="interaction")
    return desk.do(
        intake.answer_verbal, desk.inquiry_id, text="Up to 1.2 l.", question_ids=[desk.question_id]
    )


def test_a_gap_opens_its_newest_case_and_is_planned_with_what_is_known(page, desk, settle, qtbot):
    page.on_changes(ask_by_phone(desk))
    settle()
    assert page.list_pane.kinds.button("gaps").text() == "Gaps  1"
    page.list_pane.kinds.button("gaps").click()
    gaps = page.list_pane.gaps.list
    with qtbot.waitSignal(page.go_requested) as told:
        QTest.keyClick(gaps, Qt.Key.Key_Return)
    assert told.args == ["case", desk.inquiry_id]

    gaps.setFocus()
    QTest.keyClick(gaps, Qt.Key.Key_D)
    settle()
    form = page.plan_pane.form
    assert (form.topic_edit.text(), form.product_box.currentText()) == ("interaction", "Atorvastatin tablets")
    assert form.source_edit.text().startswith("1 custom answer, newest case ")
    form.code_edit.setText("SRD-ATO-009")
    form.title_edit.setText("Grapefruit and atorvastatin")
    enter(form.title_edit, settle)
    settle()
    assert states_of(desk, "SRD-ATO-009") == {"0.1": "planned"}
    assert page.reader.row.code == "SRD-ATO-009"


def test_a_refused_plan_shows_every_blocker_and_keeps_the_words(page, desk, settle):
    page.list_pane.list.setFocus()
    press(page, Qt.Key.Key_D, settle)
    form = page.plan_pane.form
    form.code_edit.setText("SRD-NEW-001")
    form.title_edit.setText("About it")
    enter(form.title_edit, settle)
    told = form.blockers.text()
    assert "The topic is missing." in told
    assert "The product is missing." in told
    assert "Say what asks for it" in told
    assert form.isVisible()
    assert form.code_edit.text() == "SRD-NEW-001"


# Steps


def test_a_revision_begins_with_its_reason(page, desk, settle):
    open_version(page, desk, settle)
    press(page, Qt.Key.Key_R, settle)
    form = page.reader.ask_form
    enter(form.words_edit, settle)
    assert form.isVisible()
    assert form.blockers.text()
    form.words_edit.setText("label change")
    enter(form.words_edit, settle)
    assert states_of(desk)["2.1"] == "draft"
    assert not form.isVisible()


def test_a_step_out_of_its_state_lists_what_stands_in_the_way(page, desk, settle):
    open_version(page, desk, settle)
    press(page, Qt.Key.Key_B, settle)
    form = page.reader.ask_form
    assert form.isVisible()
    assert form.blockers.text()
    assert not form.button.isVisible()
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()


def test_a_version_in_an_open_letter_is_not_archived_and_says_why(page, desk, settle):
    desk.answered_letter()
    open_version(page, desk, settle)
    press(page, Qt.Key.Key_A, settle)
    page.reader.ask_form.button.click()
    settle()
    assert page.reader.ask_form.isVisible()
    assert "Open letters that use it: 1" in page.reader.ask_form.blockers.text()


def test_a_version_is_withdrawn_with_a_reason(page, desk, settle):
    open_version(page, desk, settle)
    press(page, Qt.Key.Key_W, settle)
    page.reader.ask_form.words_edit.setText("label change")
    enter(page.reader.ask_form.words_edit, settle)
    assert states_of(desk)["2.0"] == "withdrawn"


# Variants


def make_variant(page, settle, country="Germany"):
    press(page, Qt.Key.Key_V, settle)
    page.reader.variant_form.country_edit.setText(country)
    enter(page.reader.variant_form.country_edit, settle)


def test_a_variant_is_made_and_listed(page, desk, settle):
    version_id = open_version(page, desk, settle)
    make_variant(page, settle)
    (made,) = desk.database.read(variants.variants_of, version_id)
    assert (made.country, made.state) == ("DE", "draft")
    assert page.reader.tabs.tabText(VARIANTS_TAB) == "Variants  1"


def test_a_variant_for_the_same_readers_is_refused_in_the_form(page, desk, settle):
    open_version(page, desk, settle)
    make_variant(page, settle, page.reader.row.country)
    assert page.reader.variant_form.isVisible()
    assert "needs another country" in page.reader.variant_form.blockers.text()


def test_an_open_deviation_is_marked_and_explained(page, desk, settle):
    version_id = open_version(page, desk, settle)
    make_variant(page, settle)
    (made,) = desk.database.read(variants.variants_of, version_id)
    sections = desk.database.read(queries.document, made.version_id).sections
    forms = [SectionForm(each.heading, each.text) for each in sections]
    forms[0] = SectionForm(forms[0].heading, "Another dose.")
    page.on_changes(desk.do(versions.write_draft, made.version_id, forms))
    settle()
    settle()
    view = page.reader.variants.list
    assert chips(view) == ["Draft", "Open"]
    page.reader.tabs.setCurrentIndex(VARIANTS_TAB)
    view.choose_place(1)
    enter(view, settle)
    page.reader.ask_form.words_edit.setText("Another dose in the German label")
    enter(page.reader.ask_form.words_edit, settle)
    settle()
    assert chips(view) == ["Draft", "Explained"]


def test_a_variant_of_a_replaced_version_is_assessed_against_the_new_one(page, desk, settle):
    version_id = open_version(page, desk, settle)
    make_variant(page, settle)
    desk.do(versions.revise, version_id, "label change")
    (draft,) = [
        row.id for row in desk.database.read(queries.versions_of, "SRD-ATO-001") if row.number == "2.1"
    ]
    page.on_changes(desk.do(library.publish, draft, APPROVAL))
    settle()
    page.show_target(draft)
    settle()
    pane = page.reader.variants
    assert chips(pane.list) == ["Needs assessment"]
    page.reader.tabs.setCurrentIndex(VARIANTS_TAB)
    pane.list.setFocus()
    QTest.keyClick(pane.list, Qt.Key.Key_S)
    page.reader.ask_form.words_edit.setText("No change needed")
    enter(page.reader.ask_form.words_edit, settle)
    settle()
    (made,) = desk.database.read(variants.variants_of, draft)
    assert not made.needs_assessment
    assert chips(pane.list) == ["Draft"]


def test_leaving_the_workspace_forgets_every_row(page, desk, settle):
    desk.answered_letter()
    open_version(page, desk, settle)
    page.drop()
    for view in (page.reader.uses.list, page.reader.variants.list, page.list_pane.due.list):
        assert view.facts.rowCount() == 0


# Under revision


def test_a_version_under_revision_says_so_and_t_opens_its_draft(page, desk, settle):
    version_id = open_version(page, desk, settle)
    assert not page.reader.head.revision.isVisible()
    desk.do(versions.revise, version_id, "the new label")
    page.reload()
    settle()
    assert page.reader.head.revision.text() == "Under revision: version 2.1 is being written (draft)."
    press(page, Qt.Key.Key_R, settle)
    form = page.reader.ask_form
    assert form.blockers.text().startswith("It is under revision already: version 2.1")
    assert not form.button.isVisible()
    form.close_form()
    page.list_pane.list.setFocus()
    press(page, Qt.Key.Key_T, settle)
    assert (page.reader.row.number, page.reader.row.state) == ("2.1", "draft")
    assert not page.reader.head.draft_button.isVisible()


# Use abroad


@pytest.fixture
def core(desk):
    version_id = desk.version()
    with desk.database.unit() as uow:
        uow.session.get(StandardResponseVersion, version_id).country = ""
        uow.commit()


def test_a_text_of_one_country_is_no_matter_of_use_abroad(page, desk, settle):
    open_version(page, desk, settle)
    press(page, Qt.Key.Key_E, settle)
    assert "is a text for US" in page.reader.abroad_form.sentence.text()
    assert not page.reader.abroad_form.button.isVisible()


def test_a_core_text_is_closed_for_use_abroad_with_a_reason_and_a_trail(core, page, desk, settle):
    version_id = open_version(page, desk, settle)
    press(page, Qt.Key.Key_E, settle)
    form = page.reader.abroad_form
    assert form.trail.text() == "Nothing was decided before."
    enter(form.reason_edit, settle)
    assert form.blockers.text().startswith("Say why")
    QTest.keyClicks(form.reason_edit, "US indication only")
    enter(form.reason_edit, settle)
    assert not desk.database.read(queries.document, version_id).row.is_exportable
    head = page.reader.head
    assert head.abroad.text() == "Not for use abroad, by P. Nilsson, 22 Nov 2026: US indication only"
    page.list_pane.list.setFocus()
    press(page, Qt.Key.Key_E, settle)
    assert form.button.text() == "Clear for use abroad"
    assert form.trail.text() == "Closed by P. Nilsson, 22 Nov 2026: US indication only"
    QTest.keyClick(form.reason_edit, Qt.Key.Key_Escape)
    assert form.isHidden()


def test_who_keeps_no_library_reads_why_the_clearance_is_refused(core, page, desk, settle):
    with desk.database.unit() as uow:
        uow.session.add(Cursor(scope="org", seq=0))
        uow.session.get(User, "user-1").roles = ["specialist"]
        uow.commit()
    version_id = open_version(page, desk, settle)
    press(page, Qt.Key.Key_E, settle)
    form = page.reader.abroad_form
    QTest.keyClicks(form.reason_edit, "US indication only")
    enter(form.reason_edit, settle)
    assert form.isVisible()
    assert form.blockers.text().startswith("Only a librarian may decide this")
    assert desk.database.read(queries.document, version_id).row.is_exportable
