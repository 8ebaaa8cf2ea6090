from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from app.errors import DamagedDatabaseError, DamagedKeySlotsError, NewerDatabaseError, WrongKeyError
from app.ui.unlock.ports import UnlockFacts, WorkspaceChoice
from app.ui.unlock.unlock_page import UnlockPage

RIGHT = "night heron copper lantern"
ENTER, ESC, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab


@pytest.fixture
def page(themed_app, port, runner, facts, wall, shown):
    return shown(UnlockPage(port, runner, facts, clock=wall))


def try_passphrase(page, text, qtbot):
    page.passphrase_field.edit.selectAll()
    QTest.keyClicks(page.passphrase_field.edit, text)
    QTest.keyClick(page.passphrase_field.edit, ENTER)
    qtbot.waitUntil(lambda: not page.is_busy)


def test_the_keyboard_alone_unlocks(page, qtbot):
    assert page.passphrase_field.edit.hasFocus()
    with qtbot.waitSignal(page.unlocked) as unlocked:
        QTest.keyClicks(page.focusWidget(), RIGHT)
        QTest.keyClick(page.focusWidget(), ENTER)

    assert unlocked.args == ["opened with passphrase"]
    assert page.passphrase_field.text() == ""


def test_tab_walks_field_reveal_unlock_and_links(page):
    names = []
    for _ in range(5):
        names.append(page.focusWidget().accessibleName())
        QTest.keyClick(page.focusWidget(), TAB)

    assert names == ["Passphrase", "Show what is typed", "Unlock", "Use the system keyring", "Recovery key"]


def test_a_wrong_passphrase_says_so_and_counts_down(page, port, wall, qtbot):
    try_passphrase(page, "wrong", qtbot)
    assert page.message_label.text() == "That passphrase does not open this workspace. Next try in 2 s."
    assert not page.unlock_button.isEnabled()

    wall.time += timedelta(seconds=1)
    page.refresh_delay()
    assert page.message_label.text().endswith("Next try in 1 s.")
    wall.time += timedelta(seconds=1)
    page.refresh_delay()

    assert page.message_label.text() == "That passphrase does not open this workspace."
    assert page.unlock_button.isEnabled()


def test_the_delay_grows_with_each_wrong_try(page, wall, qtbot):
    try_passphrase(page, "wrong", qtbot)
    wall.time += timedelta(seconds=2)
    try_passphrase(page, "wrong again", qtbot)

    assert page.message_label.text().endswith("Next try in 4 s.")


def test_no_try_is_made_while_the_delay_runs(page, port, qtbot):
    try_passphrase(page, "wrong", qtbot)
    try_passphrase(page, RIGHT, qtbot)

    assert port.tries == [("passphrase", "wrong")]


def test_a_delay_from_before_is_shown_at_once(port, runner, facts, wall, shown, themed_app):
    port.wait_until = wall() + timedelta(minutes=5)
    page = shown(UnlockPage(port, runner, facts, clock=wall))

    assert page.message_label.text() == "Next try in 5 min."


def test_after_a_wrong_try_the_text_is_selected_for_typing_over(page, qtbot):
    try_passphrase(page, "wrong", qtbot)

    assert page.passphrase_field.edit.selectedText() != ""
    assert page.passphrase_field.edit.hasFocus()


def test_four_failures_have_four_messages_and_none_offers_to_delete(page, port, qtbot):
    messages = set()
    for error in (WrongKeyError(), DamagedKeySlotsError(), DamagedDatabaseError(), NewerDatabaseError()):
        port.error = error
        try_passphrase(page, RIGHT, qtbot)
        messages.add(page.message_label.text())

    assert len(messages) == 4
    assert not any("delete" in message.lower() for message in messages)


def test_the_sentence_of_an_error_is_shown_as_it_stands(page, port, qtbot):
    port.error = NewerDatabaseError("Version 3 wrote this. Update MI Desk.")
    try_passphrase(page, RIGHT, qtbot)

    assert page.message_label.text() == "Version 3 wrote this. Update MI Desk."


def test_the_recovery_key_opens_in_place_and_esc_steps_back(page, qtbot):
    QTest.keyClicks(page.passphrase_field.edit, "half typed")
    page.recovery_button.click()
    assert page.recovery_field.edit.hasFocus()
    assert not page.passphrase_field.isVisible()
    QTest.keyClick(page.recovery_field.edit, ESC)

    assert page.passphrase_field.edit.hasFocus()
    assert page.passphrase_field.text() == ""


def test_the_recovery_key_unlocks(page, port, qtbot):
    page.recovery_button.click()
    with qtbot.waitSignal(page.unlocked):
        QTest.keyClicks(page.recovery_field.edit, "7K2M-9QXD-4TBN-8WRE-5HVC-3JPG-6ZSA-Y1F0")
        QTest.keyClick(page.recovery_field.edit, ENTER)

    assert port.tries[0][0] == "recovery"


def test_the_keyring_unlocks_where_there_is_one(page, facts, qtbot):
    with qtbot.waitSignal(page.unlocked) as unlocked:
        page.keyring_button.click()
    assert unlocked.args == ["opened with keyring"]

    page.set_facts(replace(facts, has_keyring=False))

    assert not page.keyring_button.isVisible()


def test_an_empty_field_is_not_a_try(page, port):
    QTest.keyClick(page.passphrase_field.edit, ENTER)

    assert page.message_label.text() == "Type the passphrase first."
    assert port.tries == []


def test_reveal_shows_and_hides_what_is_typed(page):
    QTest.keyClicks(page.passphrase_field.edit, "night")
    page.passphrase_field.reveal_button.click()
    assert page.passphrase_field.edit.echoMode() == QLineEdit.EchoMode.Normal
    page.passphrase_field.clear()

    assert page.passphrase_field.edit.echoMode() == QLineEdit.EchoMode.Password


def test_caps_lock_is_noticed_from_the_letters(page):
    field = page.passphrase_field
    QTest.keyEvent(QTest.KeyAction.Click, field.edit, "N", Qt.KeyboardModifier.NoModifier)
    assert field.is_caps_on
    assert field.notice.text() == "Caps Lock is on"

    QTest.keyEvent(QTest.KeyAction.Click, field.edit, "N", Qt.KeyboardModifier.ShiftModifier)

    assert not field.is_caps_on


def test_the_page_counts_safety_clocks_and_names_nobody(page, facts):
    assert not page.safety_label.isVisible()
    page.set_facts(replace(facts, safety="3 safety clocks are running, the nearest has 3 h 05 min"))

    assert page.safety_label.isVisible()
    assert page.safety_label.kind == "safety_filled"


def test_after_a_restart_the_page_says_nothing(page):
    page.set_facts(UnlockFacts(WorkspaceChoice("/w", "Norvane")))

    assert page.reason_label.text() == "Locked"
    assert not page.safety_label.isVisible()
    assert not page.promise_label.isVisible()


def test_another_workspace_can_be_chosen(page, facts, qtbot):
    assert page.workspace_button.focusPolicy() == Qt.FocusPolicy.NoFocus
    page.set_facts(replace(facts, others=(WorkspaceChoice("/sample", "Sample"),)))
    assert page.workspace_button.focusPolicy() == Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(page.workspace_chosen) as chosen:
        page.workspace_menu().actions()[0].trigger()

    assert chosen.args == ["/sample"]


def test_every_focusable_widget_has_a_name(page):
    stops = [
        each
        for each in page.findChildren(QWidget)
        if each.isVisible() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]

    assert stops
    assert [each for each in stops if not each.accessibleName()] == []
