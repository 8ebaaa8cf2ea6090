import hashlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.models.lifecycle_inquiry import Decision
from app.services.intake import commands as intake
from app.services.letters import commands as letters
from app.services.library import queries as library_queries
from app.services.safety import commands as safety
from app.ui.case.checks_tab import BlockerRow
from app.ui.case.delivery_sheet import DeliverySheet
from app.ui.case.release_sheet import ReleaseSheet
from app.ui.case.sheet import FormSheet
from tests.ui.case.conftest import PASSPHRASE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def answer_safety(desk, *, adverse_event=Decision.NO):
    desk.database.write(
        safety.decide, desk.inquiry_id, adverse_event=adverse_event, reason="Nothing was said"
    )
    desk.database.write(
        safety.decide,
        desk.inquiry_id,
        special_situation=Decision.NO,
        quality_complaint=Decision.NO,
        reason="Nothing was said",
    )


def bring_to_progress(desk):
    database, inquiry_id = desk.database, desk.inquiry_id
    database.write(intake.triage, inquiry_id)
    answer_safety(desk)
    for question in desk.view().questions:
        database.write(intake.assess_label, question.id, "on_label", label_version="USPI 11")
    database.write(intake.edit_fact, inquiry_id, "solicited", "unsolicited")
    database.write(intake.assign, inquiry_id)
    database.write(intake.start, inquiry_id)


def verify(desk):
    desk.database.write(
        intake.verify_contact, desk.inquiry_id, method="domain_email", evidence="Wrote from the hospital"
    )


def write_letter(desk, *, answered=True):
    letter_id = desk.database.write(letters.new_letter, desk.inquiry_id).letter_id
    if answered:
        for question in desk.view().questions:
            hits = desk.database.read(library_queries.search, question.verbatim)
            hit = next(hit for hit in hits if hit.row.state == "effective")
            desk.database.write(
                letters.insert,
                letter_id,
                hit.row.id,
                section_id=hit.section_id,
                question_ids=[question.id],
            )
    return letter_id


def focus(widget):
    widget.setFocus(Qt.FocusReason.TabFocusReason)


def answer_by_key(desk, key, answer_key, reason=""):
    row = desk.page.left.safety.rows[key]
    focus(row.control.button("yes"))
    desk.press(answer_key)
    if reason:
        desk.write(reason)
        desk.press("Return")


def choose(desk, row, code):
    focus(row)
    desk.press("Return")
    action = next(each for each in row.menu.actions() if each.data() == code)
    action.trigger()
    row.menu.close()
    # Off screen there is no window manager to give the window back what the menu took.
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    desk.settle()


def test_the_whole_way_to_work_in_progress_goes_by_keyboard(desk):
    desk.press("Ctrl+Return")
    assert desk.view().state == "triage"
    answer_by_key(desk, "adverse_event", "Alt+N", "A question about food only")
    answer_by_key(desk, "special_situation", "Alt+N")
    desk.press("Return")
    answer_by_key(desk, "quality_complaint", "Alt+N")
    desk.press("Return")
    for question in desk.view().questions:
        focus(desk.page.left.questions.card(question.id))
        desk.press("Space")
        choose(desk, desk.page.left.questions.card(question.id).label, "on_label")
    choose(desk, desk.page.left.facts.rows["solicited"], "unsolicited")
    desk.press("Ctrl+Return")
    assert desk.view().state == "assigned"
    desk.press("Ctrl+Return")
    assert desk.view().state == "in_progress"
    assert desk.page.step.key == "new_letter"


def test_leaving_triage_is_refused_until_safety_is_answered(desk):
    desk.database.write(intake.triage, desk.inquiry_id)
    desk.page.reload()
    desk.settle()
    assert desk.page.header.next_button.text() == "Review: 7 to fix first"
    desk.press("Ctrl+Return")
    assert desk.view().state == "triage"
    told = [row.text for row in desk.page.right.checks.findChildren(BlockerRow) if row.isVisible()]
    assert "Adverse event: nobody has answered Yes, No or Uncertain." in told


def test_no_safety_answer_is_preset(desk):
    assert [row.control.choice for row in desk.page.left.safety.rows.values()] == ["", "", ""]


def test_a_blocker_leads_to_its_place(desk):
    desk.database.write(intake.triage, desk.inquiry_id)
    desk.page.reload()
    desk.settle()
    desk.press("Ctrl+Return")
    row = next(each for each in desk.page.right.checks.findChildren(BlockerRow) if "Adverse" in each.text)
    focus(row)
    desk.press("Return")
    assert QApplication.focusWidget() is desk.page.left.safety.rows["adverse_event"].control.button("yes")


@pytest.mark.parametrize(("key", "answer"), [("Alt+Y", "yes"), ("Alt+U", "uncertain")])
def test_a_suspicion_opens_a_record_with_its_clock(desk, key, answer):
    answer_by_key(desk, "adverse_event", key)
    (record,) = desk.view().safety
    card = desk.page.left.safety.record(record.id)
    assert desk.view().facts["adverse_event"] == answer
    assert card.kind == "safety"
    assert card.clock.text() == "22 h 17 min left to hand off"
    assert card.day_zero.text() == "Day 0: Sun 22 Nov 2026, 17:05"
    assert desk.page.header.safety.text() == "AE 22 h 17 min"


def test_a_no_without_a_reason_is_no_answer(desk):
    answer_by_key(desk, "quality_complaint", "Alt+N")
    desk.press("Return")
    assert desk.view().facts["quality_complaint"] is None
    assert desk.page.left.safety.form is not None
    desk.press("Escape")
    assert desk.page.left.safety.rows["quality_complaint"].control.choice == ""


def test_a_hand_off_and_its_receipt_are_recorded(desk):
    answer_by_key(desk, "adverse_event", "Alt+Y")
    (record,) = desk.view().safety
    card = desk.page.left.safety.record(record.id)
    card.hand_off_button.click()
    focus(desk.page.left.safety.form.field("receiver"))
    desk.write("J. Ortega, Drug Safety")
    desk.press("Return")
    assert desk.view().safety[0].handoffs[0].receiver == "J. Ortega, Drug Safety"
    assert desk.page.header.safety.isHidden()
    card.receipt_button.click()
    desk.write("GPV-2026-55120")
    desk.press("Return")
    assert card.clock.text() == "Acknowledged: GPV-2026-55120"


def test_a_fact_is_edited_where_it_stands(desk):
    row = desk.page.left.facts.rows["country"]
    focus(row)
    desk.press("Return")
    edit = row.findChild(QLineEdit)
    edit.clear()
    desk.write("gb")
    desk.press("Return")
    assert desk.view().facts["country"] == "GB"
    assert row.value == "GB"


def test_a_refused_fact_says_why_in_its_section(desk):
    row = desk.page.left.facts.rows["country"]
    focus(row)
    desk.press("Return")
    row.findChild(QLineEdit).setText("Albion")
    desk.press("Return")
    assert desk.view().facts["country"] == "US"
    assert row.value == "US"
    assert "no country code" in desk.page.left.facts._error.text()


def test_the_time_of_receipt_is_read_in_its_zone(desk):
    desk.page.left.facts.rows["received"].start_editing()
    form = desk.page.left.facts.form
    form.field("at").setText("2026-11-22 16:00")
    form.field("zone").setText("America/New_York")
    form.submit()
    desk.settle()
    assert desk.page.left.facts.rows["received"].value == "Sun 22 Nov 2026, 16:00"


def test_verifying_needs_a_method(desk):
    facts = desk.page.left.facts
    facts.rows["verified"].start_editing()
    facts.form.field("evidence").setText("Called the switchboard")
    facts.form.submit()
    assert desk.view().verification is None
    facts.form.field("method").setCurrentIndex(1)
    facts.form.submit()
    desk.settle()
    assert desk.view().verification.evidence == "Called the switchboard"
    assert facts.form is None


def test_flush_keeps_what_nobody_confirmed(desk):
    focus(desk.page.left.notes.edit)
    desk.write("Half a thought")
    desk.page.left.questions.add_question()
    desk.write("Does it keep in the fridge?")
    desk.page.flush()
    texts = [note.text for note in desk.view().notes]
    assert "Half a thought" in texts
    assert any("Does it keep in the fridge?" in text for text in texts)
    desk.page.flush()
    assert len(desk.view().notes) == 2


def test_an_answer_by_phone_is_logged_for_each_question(desk):
    bring_to_progress(desk)
    desk.page.reload()
    desk.settle()
    desk.page.middle.words.phone_button.click()
    phone = desk.page.middle.words.phone
    for question in desk.view().questions:
        phone.edit(question.id).setPlainText(f"Told about {question.position}")
    phone.log_button.click()
    desk.settle()
    assert [response.text for response in desk.view().responses] == [f"Told about {n}" for n in (1, 2, 3)]
    assert desk.page.step.key == "answer"
    desk.press("Ctrl+Return")
    assert desk.view().state == "answered"


def test_closing_asks_for_the_three_confirmations(desk):
    bring_to_progress(desk)
    ids = [question.id for question in desk.view().questions]
    desk.database.write(intake.answer_verbal, desk.inquiry_id, text="Said so", question_ids=ids)
    desk.database.write(intake.answered, desk.inquiry_id)
    desk.page.reload()
    desk.settle()
    assert desk.page.header.next_button.text() == "Review: 3 to fix first"
    for box in list(desk.page.left.closing.boxes.values()):
        box.click()
        desk.settle()
    desk.press("Ctrl+Return")
    assert desk.view().state == "closed"


def test_release_is_refused_while_checks_block(desk):
    bring_to_progress(desk)
    write_letter(desk, answered=False)
    desk.page.reload()
    desk.settle()
    assert desk.page.step.key == "release"
    assert desk.page.header.next_button.text().startswith("Review: ")
    desk.press("Ctrl+Return")
    assert desk.page.sheet is None
    assert desk.page.right.tabs.currentIndex() == 1
    rules = {row.finding.rule for row in desk.page.right.checks.rows}
    assert {"LC02", "LC11"} <= rules
    assert "8 of 40 checks ran" in desk.page.right.checks.ran.text()


def test_f8_goes_from_finding_to_finding(desk):
    bring_to_progress(desk)
    write_letter(desk, answered=False)
    desk.page.reload()
    desk.settle()
    opened = [row.finding for row in desk.page.right.checks.rows]
    desk.press("F8")
    rows = desk.page.right.checks.rows
    assert [row.kind for row in rows].index("chosen") == 1
    desk.press("Shift+F8")
    assert [row.kind for row in rows].index("chosen") == 0
    assert [row.finding for row in rows] == opened


def test_ctrl_l_leads_to_the_library(desk):
    desk.page.right.show_tab(2)
    desk.press("Ctrl+L")
    assert desk.page.right.tabs.currentIndex() == 0
    assert QApplication.focusWidget() is desk.page.right.library.search


def test_a_blocker_on_a_question_leads_to_its_label(desk):
    desk.page.left.go_to("Question 2 is neither on nor off label. Assess it.")
    second = desk.view().questions[1]
    assert desk.page.left.questions.chosen == second.id
    assert QApplication.focusWidget() is desk.page.left.questions.card(second.id).label


def test_dropping_the_page_lets_go_of_the_case(desk):
    desk.page.drop()
    assert desk.page.read is None
    assert desk.page.right.history.events.rowCount() == 0


def test_flush_leaves_the_letter_saved(desk):
    bring_to_progress(desk)
    write_letter(desk, answered=False)
    desk.page.reload()
    desk.settle()
    desk.database.write(intake.edit_fact, desk.inquiry_id, "title", "Other")
    desk.page.flush()
    assert desk.page.middle.letter.is_saved


def test_a_clean_letter_is_released_exported_and_sent(desk, tmp_path):
    bring_to_progress(desk)
    verify(desk)
    letter_id = write_letter(desk)
    desk.page.reload()
    desk.settle()
    assert [row.finding.message for row in desk.page.right.checks.rows if row.finding.severity == "X"] == []
    desk.press("Ctrl+Return")
    sheet = desk.page.sheet
    assert isinstance(sheet, ReleaseSheet)
    desk.write("not it")
    desk.press("Return")
    assert sheet.error.text() == "That is not your passphrase. Nothing was signed. Try again."
    desk.write(PASSPHRASE)
    desk.press("Return")
    assert desk.page.read.letter.state == "released"
    desk.press("Ctrl+Return")
    sheet = desk.page.sheet
    assert isinstance(sheet, DeliverySheet)
    for file_format in ("eml", "pdf", "docx"):
        target = tmp_path / f"letter.{file_format}"
        desk.files.append(target)
        sheet.export_buttons[file_format].click()
        desk.settle()
        assert hashlib.sha256(target.read_bytes()).hexdigest() in sheet.exported.text()
    assert desk.page.read.package.sha256 in sheet.exported.text()
    sheet.submit()
    desk.settle()
    assert desk.page.read.letter.state == "sent"
    assert desk.page.read.letter.id == letter_id
    desk.press("Ctrl+Return")
    assert desk.view().state == "answered"


def test_a_paragraph_of_the_library_goes_into_the_letter(desk):
    bring_to_progress(desk)
    write_letter(desk, answered=False)
    desk.page.reload()
    desk.settle()
    question = desk.view().questions[0]
    hit = next(
        hit
        for hit in desk.database.read(library_queries.search, question.verbatim)
        if hit.row.state == "effective"
    )
    desk.page.letters.library.insert_requested.emit(hit.row.id, hit.section_id, 0)
    desk.settle()
    covered = {each.id: each.block_ids for each in desk.page.read.letter.questions}
    assert len(covered[question.id]) == 1
    assert desk.page.middle.letter.editor.model.has(covered[question.id][0])


def test_history_tells_who_changed_what(desk):
    desk.database.write(intake.triage, desk.inquiry_id)
    desk.database.write(intake.edit_fact, desk.inquiry_id, "urgency", "urgent")
    desk.page.reload()
    desk.settle()
    events = desk.page.right.history.events
    told = [events.line(place).spoken for place in range(events.rowCount())]
    assert any(
        "Urgency: Routine \N{RIGHTWARDS ARROW} Urgent" in line and "P. Nilsson" in line for line in told
    )
    assert any(line.startswith("Sun 22 Nov 2026, 23:48") for line in told)


def test_a_step_beside_the_next_one_asks_and_explains(desk):
    bring_to_progress(desk)
    desk.page.reload()
    desk.settle()
    desk.page.more.ask("ask_requester")
    sheet = desk.page.sheet
    assert isinstance(sheet, FormSheet)
    sheet.submit()
    desk.settle()
    assert "Say what you asked the requester." in sheet.form._error.text()
    sheet.form.field("asked").setPlainText("Which strength?")
    sheet.form.field("reason").setText("The dose depends on it")
    sheet.submit()
    desk.settle()
    assert desk.view().state == "awaiting_requester"
    assert desk.page.step.key == "resume"


def test_a_repeat_is_decided_by_a_person(make_desk):
    first = make_desk()
    desk = make_desk().open()
    repeats = desk.page.left.repeats
    assert repeats.is_undecided
    assert desk.view().proposals[0].inquiry_id == first.inquiry_id
    repeats._decide("follow_up", first.inquiry_id)
    desk.settle()
    assert desk.view().facts["first_id"] == first.inquiry_id


def test_a_change_from_elsewhere_is_shown(desk):
    desk.runner.run_command(
        lambda _job: desk.database.write(intake.edit_fact, desk.inquiry_id, "title", "Grapefruit")
    )
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.page.header.title == "Grapefruit")


def test_an_unknown_case_is_explained(desk):
    desk.page.show_target("no-such-case")
    desk.settle()
    assert desk.page.nothing.isVisible()
    assert desk.page.target() == ""


def test_the_left_pane_folds_and_is_laid_over(desk):
    desk.window.resize(1280, 720)
    QApplication.processEvents()
    body = desk.page.body
    assert body.mode == "medium"
    assert body.left.isHidden()
    assert body.left_strip.width() == 44
    desk.press("Alt+1")
    assert body.is_laid_over
    assert body.left.isAncestorOf(QApplication.focusWidget())
    desk.press("Alt+3")
    assert not body.is_laid_over
    desk.press("Alt+1", "Escape")
    assert not body.is_laid_over


def test_a_narrow_window_shows_one_pane_and_the_keys_switch(desk):
    desk.window.resize(960, 600)
    QApplication.processEvents()
    body = desk.page.body
    assert body.mode == "narrow"
    assert body.middle.isVisible()
    assert body.right.isHidden()
    desk.press("Alt+3")
    assert body.right.isVisible()
    assert body.middle.isHidden()
    desk.press("Alt+2")
    assert body.middle.isVisible()


def test_everything_that_takes_the_keyboard_has_a_name(desk):
    nameless = [
        child
        for child in desk.page.findChildren(QWidget)
        if child.isVisible()
        and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not QAccessible.queryAccessibleInterface(child).text(QAccessible.Text.Name)
    ]
    assert nameless == []


def test_the_pane_is_never_cut_off_at_the_side(desk):
    QTest.qWait(0)
    ground = desk.page.left.widget()
    assert ground.width() <= desk.page.left.viewport().width()
