import stat
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.errors import EnvironmentFaultError
from app.ui import theme
from app.ui.unlock.first_run import SAMPLE_PASSPHRASE, FirstRun
from app.ui.unlock.recovery_step import normal_key, save_recovery_key

PASSPHRASE = "night heron copper lantern"
KEY = "7K2M-9QXD-4TBN-8WRE-5HVC-3JPG-6ZSA-Y1F0"
ENTER, ESC, TAB, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Space


@pytest.fixture
def page(themed_app, first_port, runner, shown):
    page = FirstRun(first_port, runner, choose_folder=lambda _parent, _start: "/mnt/backup/desk")
    page.recovery_step.pick = lambda count: 2
    return shown(page)


def press(page, *keys):
    for key in keys:
        QTest.keyClick(page.focusWidget(), key)


def write(page, text):
    QTest.keyClicks(page.focusWidget(), text)


def make_workspace(page, qtbot):
    press(page, ENTER)
    write(page, "P. Nilsson")
    press(page, ENTER)
    write(page, PASSPHRASE)
    press(page, ENTER)
    write(page, PASSPHRASE)
    press(page, ENTER)
    qtbot.waitUntil(lambda: page.step is page.recovery_step)


def test_the_keyboard_alone_leads_through_all_steps(page, first_port, qtbot):
    press(page, ENTER)
    assert page.count_label.text() == "Step 1 of 4"
    write(page, "P. Nilsson")
    press(page, TAB)
    write(page, "MPharm")
    press(page, ENTER)
    write(page, PASSPHRASE)
    press(page, ENTER)
    write(page, PASSPHRASE)
    press(page, ENTER)
    qtbot.waitUntil(lambda: page.step is page.recovery_step)
    press(page, TAB, TAB)
    write(page, "4tbn")
    press(page, ENTER)
    assert page.count_label.text() == "Step 4 of 4"
    with qtbot.waitSignal(page.finished) as finished:
        press(page, ENTER)

    assert finished.args[0].handle == "handle"
    folder = first_port.default_folder(sample=False)
    assert first_port.made == [(folder, "P. Nilsson", "MPharm", PASSPHRASE, False)]


def test_the_sample_opens_with_one_click(page, first_port, qtbot):
    with qtbot.waitSignal(page.finished):
        page.choice_step.sample_button.click()

    assert first_port.made[0][3:] == (SAMPLE_PASSPHRASE, True)


def test_an_existing_folder_is_handed_on(page, qtbot):
    with qtbot.waitSignal(page.existing_chosen) as chosen:
        page.choice_step.existing_button.click()

    assert chosen.args == ["/mnt/backup/desk"]


def test_a_name_is_asked_for(page):
    press(page, ENTER, ENTER)

    assert page.step is page.person_step
    assert page.message_label.text() == "Your name is missing. Letters are signed with it."


def test_the_folder_can_be_changed(page):
    press(page, ENTER)
    page.person_step.change_button.click()

    assert page.person_step.folder() == Path("/mnt/backup/desk")


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("short", "short", "A passphrase has at least 12 characters."),
        (
            "password1234",
            "password1234",
            "This is easy to guess. Add a word that does not belong to the others.",
        ),
        (PASSPHRASE, "night heron", "The two are not the same. Type the second one again."),
    ],
)
def test_a_passphrase_that_does_not_do_is_refused_with_the_reason(page, first_port, first, second, message):
    press(page, ENTER)
    write(page, "P. Nilsson")
    press(page, ENTER)
    page.passphrase_step.first_field.edit.setText(first)
    page.passphrase_step.second_field.edit.setText(second)
    page.go_on()

    assert page.message_label.text() == message
    assert page.step is page.passphrase_step
    assert first_port.made == []


def test_strength_is_said_in_words_while_typing(page):
    press(page, ENTER)
    write(page, "P. Nilsson")
    press(page, ENTER)
    write(page, "night heron")
    assert page.passphrase_step.strength_label.text() == "1 more character needed"
    write(page, " copper lantern")

    assert page.passphrase_step.strength_label.text() == "Strong"


def test_esc_goes_back_and_keeps_what_was_typed(page):
    press(page, ENTER)
    write(page, "P. Nilsson")
    press(page, ENTER, ESC)

    assert page.step is page.person_step
    assert page.person_step.name() == "P. Nilsson"
    press(page, ESC)
    assert page.step is page.choice_step


def test_a_failed_making_says_why_and_can_be_tried_again(page, first_port, qtbot):
    first_port.error = EnvironmentFaultError("The disk is full. Nothing was made. Free 50 MB, then go on.")
    press(page, ENTER)
    write(page, "P. Nilsson")
    press(page, ENTER)
    page.passphrase_step.first_field.edit.setText(PASSPHRASE)
    page.passphrase_step.second_field.edit.setText(PASSPHRASE)
    page.go_on()
    qtbot.waitUntil(lambda: not page.is_busy)
    assert page.message_label.text().startswith("The disk is full.")
    first_port.error = None
    page.go_on()
    qtbot.waitUntil(lambda: page.step is page.recovery_step)

    assert page.passphrase_step.passphrase() == ""


def test_the_recovery_key_must_be_typed_back(page, qtbot):
    make_workspace(page, qtbot)
    page.recovery_step.check_field.edit.setText("XXXX")
    page.go_on()
    assert page.step is page.recovery_step
    assert page.message_label.text() == "That is not group 3. Look at the key you kept."

    page.recovery_step.check_field.edit.setText("4tbn")
    page.go_on()

    assert page.step is page.look_step


def test_the_made_workspace_has_no_way_back(page, qtbot):
    make_workspace(page, qtbot)
    press(page, ESC)

    assert page.step is page.recovery_step
    assert page.message_label.text() == "The workspace is made. Keep the recovery key, then go on."


def test_the_key_is_saved_for_its_owner_alone(page, qtbot, tmp_path):
    make_workspace(page, qtbot)
    file = tmp_path / "key.txt"
    page.recovery_step.choose_file = lambda _parent: str(file)
    page.recovery_step.save_button.click()

    assert KEY in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert page.recovery_step.kept_label.text() == "Saved to key.txt"


def test_an_older_file_does_not_lend_the_key_its_mode(tmp_path):
    file = tmp_path / "key.txt"
    file.write_text("old")
    file.chmod(0o644)
    save_recovery_key(file, KEY)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "old" not in file.read_text()


def test_a_key_that_cannot_be_saved_says_why(page, qtbot, tmp_path):
    make_workspace(page, qtbot)
    page.recovery_step.choose_file = lambda _parent: str(tmp_path / "missing" / "key.txt")
    page.recovery_step.save_button.click()

    assert page.message_label.text().startswith("The key was not saved: No such file or directory.")


def test_printing_hands_the_key_to_the_printer(page, qtbot):
    printed = []
    make_workspace(page, qtbot)
    page.recovery_step.print_key = lambda _parent, key: bool(printed.append(key) or True)
    page.recovery_step.print_button.click()

    assert printed == [KEY]
    assert page.recovery_step.kept_label.text() == "Printed"


def test_the_key_leaves_the_screen_at_the_end(page, qtbot):
    make_workspace(page, qtbot)
    page.recovery_step.check_field.edit.setText("4TBN")
    page.go_on()
    page.go_on()

    assert page.recovery_step.asked_group == ""
    assert page.recovery_step.grid.count() == 0


def test_the_look_acts_at_once(page, qtbot):
    make_workspace(page, qtbot)
    page.recovery_step.check_field.edit.setText("4TBN")
    page.go_on()
    page.look_step.theme_control.button("dark").click()
    page.look_step.size_control.button("1.3").click()

    assert (theme.current_theme(), theme.text_factor()) == ("dark", 1.3)


@pytest.mark.parametrize("text", ["4TBN", "4tbn", " 4t-bn "])
def test_keys_are_compared_without_case_and_dashes(text):
    assert normal_key(text) == "4TBN"


def test_look_alike_letters_of_a_key_count_as_digits():
    assert normal_key("oIl-0") == "0110"


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_every_step_names_its_widgets_and_fits_the_width(page, qtbot, factor):
    theme.set_text_factor(factor)
    make_workspace(page, qtbot)
    for step in (
        page.choice_step,
        page.person_step,
        page.passphrase_step,
        page.recovery_step,
        page.look_step,
    ):
        page._show_step(step)
        qtbot.waitUntil(step.isVisible)
        stops = [each for each in step.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert [each for each in stops if not each.accessibleName()] == []
        assert page._scroll.horizontalScrollBar().maximum() == 0
