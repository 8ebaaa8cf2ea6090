"""The page of settings on a real workspace: every control does what it says, at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QLineEdit, QWidget

from app.errors import WrongKeyError
from app.models.migrations import SCHEMA
from app.services.settings import commands, locking, queries
from app.services.workspace import vault as vaults
from app.services.workspace.keyslots import SlotKind
from app.ui import theme
from app.ui.settings.actions import settings_commands
from app.ui.settings.page import SECTIONS
from app.ui.settings.security import REKEY
from app.ui.widgets import keycap_setting
from tests.services.workspace.vault_fakes import QUICK_COST
from tests.ui.settings.conftest import PASSPHRASE

NEW = "nine loud otters at dawn"


def opens(workspace, text, kind=SlotKind.PASSPHRASE):
    try:
        vaults.unlock_copy(workspace.vault.slots_bytes(), kind, text, QUICK_COST)
    except WrongKeyError:
        return False
    return True


def fill(qtbot, *pairs):
    for edit, text in pairs:
        edit.setText(text)
    qtbot.keyClick(pairs[-1][0], Qt.Key.Key_Return)


def settle(settings, qtbot):
    qtbot.waitUntil(lambda: not settings.runner.is_busy)


# --- finding one's way ---


def test_the_keyboard_walks_the_sections_and_tells_the_shell_where_it_is(settings, qtbot):
    places = []
    settings.page.place_changed.connect(places.append)
    settings.page.section_list.button("look").setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(settings.page.focusWidget(), key)
    first, second, third = list(settings.page.sections)[:3]
    assert (first, places) == ("look", [second, third, second])
    assert [each for each, section in settings.page.sections.items() if section.isVisible()] == ["you"]
    assert settings.page.target() == "you"


def test_each_command_leads_to_its_section_or_setting(settings):
    asked = []
    for command in settings_commands(lambda *place: asked.append(place)):
        command.run()
    assert {page for page, _ in asked} == {"settings"}
    for _, target in asked:
        section_id, _, row = target.partition(".")
        assert not row or row in settings.section(section_id).rows
    assert {target.partition(".")[0] for _, target in asked} == set(settings.page.sections)


@pytest.mark.parametrize("target", ["security.passphrase", "security.keyring", "security.recovery_key"])
def test_a_command_opens_the_form_with_the_keyboard_in_it(settings, qtbot, target):
    settings.page.show_target(target)
    form = settings.section("security").open_form()
    qtbot.waitUntil(form.edits()[0].hasFocus)
    assert settings.page.primary_action() is form.submit_action
    qtbot.keyClick(form.edits()[0], Qt.Key.Key_Escape)
    assert form.isHidden()
    assert settings.page.focusWidget() is settings.section("security").rows[target.partition(".")[2]].button
    assert settings.page.primary_action() is None


def test_a_search_shows_the_rows_that_match_and_escape_goes_back(settings, qtbot):
    qtbot.keyClick(settings.page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(settings.page.search.hasFocus)
    qtbot.keyClicks(settings.page.search, "recovery")
    qtbot.keyClick(settings.page.search, Qt.Key.Key_Return)
    shown = [
        key for each in settings.page.sections.values() for key, row in each.rows.items() if row.isVisible()
    ]
    assert shown == ["recovery_key", "copy"]
    assert settings.section("security").recovery_row.button.hasFocus()
    settings.page.search.setFocus()
    qtbot.keyClick(settings.page.search, Qt.Key.Key_Escape)
    assert settings.section("look").isVisible()
    assert not settings.section("security").isVisible()


def test_a_search_without_a_match_says_so(settings):
    settings.page.search.setText("zebra")
    settings.page.search.search_now()
    assert settings.page.nothing_label.isVisible()
    assert "zebra" in settings.page.nothing_label.text()
    assert not any(section.isVisible() for section in settings.page.sections.values())


def test_one_tab_stop_for_the_sections(settings):
    stops = [
        settings.page.section_list.button(key).focusPolicy() == Qt.FocusPolicy.StrongFocus
        for key in settings.page.sections
    ]
    assert sum(stops) == 1


def test_every_control_has_a_name_and_every_label_says_something(settings, qtbot):
    focusable = (QAbstractButton, QLineEdit, QAbstractSpinBox)
    for key in settings.page.sections:
        settings.page.show_target(key)
        for row in settings.section(key).rows.values():
            row.open()
        settle(settings, qtbot)
        for widget in settings.page.findChildren(QWidget):
            if (
                isinstance(widget, focusable)
                and widget.isVisible()
                and widget.objectName() != "qt_spinbox_lineedit"
            ):
                assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name), widget
    settings.page.drop()


def test_sections_stand_in_their_order_and_about_is_the_last():
    ids = [make.section_id for make in SECTIONS]
    assert (ids[:2], ids[-3:]) == (["look", "you"], ["security", "backups", "about"])


# --- look ---


def test_colours_and_text_size_act_at_once(settings):
    look = settings.section("look")
    look.theme_control.button("dark").click()
    look.size_control.button("1.3").click()
    assert (theme.theme_choice(), theme.text_factor()) == ("dark", 1.3)
    theme.set_text_factor(1.5)
    assert look.size_control.choice == "1.5"


def test_keys_can_be_hidden_and_letters_switched_off(settings, qtbot):
    look = settings.section("look")
    before = len(settings.events())
    look.keycaps_box.click()
    look.letters_box.click()
    settle(settings, qtbot)
    assert not keycap_setting.is_on
    kept = settings.workspace.database.read(queries.look)
    assert (kept["keycaps"], kept["letter_keys"]) == (False, False)
    # Look settings are of this device and no rows of the trail.
    assert len(settings.events()) == before
    look.letters_box.click()


# --- you ---


def test_the_name_is_shown_and_changed_in_the_form_of_the_window(settings, qtbot):
    you = settings.section("you")
    assert you.row.name == "Priya Nilsson, MPharm"
    you.change_button.click()
    assert settings.ran == ["person.edit"]
    identity = settings.workspace.identity
    changes = settings.workspace.database.write(commands.rename_user, identity.user, "P. Nilsson", "PhD")
    settings.page.on_changes(changes)
    qtbot.waitUntil(lambda: you.row.name == "P. Nilsson, PhD")


# --- security ---


def test_minutes_are_kept_once_after_the_last_step_and_journalled(settings, qtbot):
    security, before = settings.section("security"), settings.events()
    for _ in range(5):
        security.minutes_field.stepUp()
    security.flush()
    settle(settings, qtbot)
    assert settings.workspace.database.read(locking.lock_rule).minutes == 15
    assert settings.events()[len(before) :] == ["configuration"]


def test_leaving_the_page_keeps_the_minutes(settings, qtbot):
    settings.section("security").minutes_field.setValue(3)
    settings.page.deactivate()
    settle(settings, qtbot)
    assert settings.workspace.database.read(locking.lock_rule).minutes == 3


def test_the_bounds_come_from_the_company(settings, qtbot):
    policy = {"least_minutes": 2, "most_minutes": 8}
    changes = settings.workspace.database.write(commands.configure, locking.POLICY_KEY, policy)
    settings.page.on_changes(changes)
    field = settings.section("security").minutes_field
    qtbot.waitUntil(lambda: (field.minimum(), field.maximum()) == (2, 8))
    assert field.value() == 8
    assert settings.section("security").lock_row.reason_label.text().startswith("From 2 to 8 minutes.")


def test_the_passphrase_is_changed_with_the_keyboard_alone(settings, qtbot):
    settings.page.show_target("security.passphrase")
    form = settings.section("security").passphrase_row.change_form
    for text in (PASSPHRASE, NEW, NEW):
        qtbot.keyClicks(settings.page.focusWidget(), text)
        qtbot.keyClick(settings.page.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(form.isHidden)
    assert opens(settings.workspace, NEW)
    assert not opens(settings.workspace, PASSPHRASE)
    assert settings.events()[-1] == "passphrase_changed"
    assert settings.said == ["The passphrase is changed. The old one no longer opens the workspace."]
    assert [edit.text() for edit in form.edits()] == ["", "", ""]


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("", NEW, NEW, "Type the passphrase of now first."),
        (PASSPHRASE, "short", "short", "at least 12 characters"),
        (PASSPHRASE, "passwordpassword", "passwordpassword", "easy to guess"),
        (PASSPHRASE, NEW, NEW + "!", "not the same"),
        ("not this one at all", NEW, NEW, "does not open"),
        (PASSPHRASE, PASSPHRASE, PASSPHRASE, "the same as the old one"),
    ],
)
def test_a_passphrase_that_cannot_be_changed_is_told_beside_its_fields(
    settings, qtbot, old, new, again, says
):
    settings.page.show_target("security.passphrase")
    form = settings.section("security").passphrase_row.change_form
    for edit, text in zip(form.edits(), (old, new, again), strict=True):
        edit.setText(text)
    form.submit()
    settle(settings, qtbot)
    assert says in form.error_label.text()
    assert form.error_label.isVisible()
    assert opens(settings.workspace, PASSPHRASE)
    assert "passphrase_changed" not in settings.events()
    form.leave()


def test_a_new_recovery_key_is_shown_until_a_group_is_typed_back(settings, qtbot):
    settings.page.show_target("security.recovery_key")
    form = settings.section("security").recovery_row.key_form
    fill(qtbot, (form.passphrase_field.edit, PASSPHRASE))
    qtbot.waitUntil(lambda: form.shows_key)
    key = form.step._key
    assert opens(settings.workspace, key, SlotKind.RECOVERY)
    assert not opens(settings.workspace, settings.recovery_key, SlotKind.RECOVERY)
    assert settings.events()[-1] == "recovery_key_replaced"
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert form.shows_key
    assert "Look at the key you kept" in form.error_label.text()
    form.step.check_field.edit.setText(form.step.asked_group)
    form.submit_action.trigger()
    assert form.isHidden()
    assert form.step._key == ""


def test_a_key_that_is_being_made_cannot_be_walked_away_from(settings, qtbot):
    settings.page.show_target("security.recovery_key")
    form = settings.section("security").recovery_row.key_form
    fill(qtbot, (form.passphrase_field.edit, PASSPHRASE))
    assert form.is_busy
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    form.cancel_button.click()
    assert not form.isHidden()
    qtbot.waitUntil(lambda: form.shows_key)


def test_a_lock_takes_every_secret_off_the_screen(settings, qtbot):
    settings.page.show_target("security.recovery_key")
    form = settings.section("security").recovery_row.key_form
    fill(qtbot, (form.passphrase_field.edit, PASSPHRASE))
    qtbot.waitUntil(lambda: form.shows_key)
    settings.page.drop()
    assert form.isHidden()
    assert form.step._key == ""
    assert form.passphrase_field.text() == ""


def test_the_keyring_is_switched_on_and_off_with_the_passphrase(settings, qtbot):
    settings.page.show_target("security.keyring")
    row = settings.section("security").keyring_row
    fill(qtbot, (row.passphrase_form.passphrase_field.edit, PASSPHRASE))
    qtbot.waitUntil(lambda: row.is_on)
    assert settings.workspace.vault.has_keyring_slot
    assert row.reason_label.text().startswith("On.")
    assert row.button.text() == "Switch off"
    row.open()
    fill(qtbot, (row.passphrase_form.passphrase_field.edit, PASSPHRASE))
    qtbot.waitUntil(lambda: not row.is_on)
    assert not settings.workspace.vault.has_keyring_slot
    assert settings.events()[-2:] == ["keyring_switched_on", "keyring_switched_off"]


def test_a_wrong_passphrase_switches_nothing(settings, qtbot):
    settings.page.show_target("security.keyring")
    row = settings.section("security").keyring_row
    fill(qtbot, (row.passphrase_form.passphrase_field.edit, "not this one at all"))
    settle(settings, qtbot)
    assert "does not open" in row.form.error_label.text()
    assert not settings.workspace.vault.has_keyring_slot
    row.form.leave()


def test_without_a_safe_keyring_there_is_no_button_and_the_command_says_why(settings, qtbot):
    row = settings.section("security").keyring_row
    row.show_state(is_on=False, is_available=False)
    settings.page.show_target("security.keyring")
    assert row.button.isHidden()
    assert row.form.isHidden()
    assert "no keyring that keeps secrets safely" in settings.said[-1]


def test_the_command_for_a_new_key_is_copied(settings):
    settings.section("security").copy_button.click()
    assert QGuiApplication.clipboard().text() == REKEY


# --- backups ---


def test_a_backup_is_made_now_and_shown(settings, qtbot):
    section = settings.section("backups")
    assert section.now_row.reason_label.text().startswith("There is none yet.")
    section.now_button.click()
    assert not section.now_button.isEnabled()
    settle(settings, qtbot)
    qtbot.waitUntil(lambda: "1 on this disk" in section.now_row.reason_label.text())
    assert settings.said == ["The backup is written and verified."]
    assert settings.events()[-1] == "backup"
    assert section.now_button.isEnabled()


def test_a_copy_goes_where_the_user_says(settings, qtbot, tmp_path):
    section = settings.section("backups")
    section.copy_button.click()
    assert settings.said == []
    settings.copy_to = tmp_path / "copy.midesk-backup"
    section.copy_button.click()
    settle(settings, qtbot)
    assert settings.copy_to.stat().st_size > 0
    section.copy_button.click()
    settle(settings, qtbot)
    assert "There is a file named copy.midesk-backup already" in settings.said[-1]


def test_the_folder_is_shown(settings):
    settings.section("backups").folder_button.click()
    assert settings.shown_folders == [settings.workspace.folder / "backups"]


# --- about ---


def test_about_names_version_schema_and_licences(settings):
    about = settings.section("about")
    assert f"Schema {SCHEMA}" in about.rows["workspace"].reason_label.text()
    about.licences_button.click()
    assert settings.ran == ["shell.about"]
