"""The sheet for one's own name and letters, on a real workspace."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.services.settings import queries
from app.ui.jobs import JobRunner
from app.ui.shell.person_sheet import PersonSheet


@pytest.fixture
def runner(themed_app):
    made = JobRunner()
    yield made
    assert made.close()


@pytest.fixture
def sheet(database, runner, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    window.activateWindow()
    made = PersonSheet(window, database, runner)
    made.open()
    qtbot.waitUntil(made.save_button.isEnabled)
    yield made
    window.close()


def test_it_opens_with_what_is_on_record_and_the_keyboard_in_the_name(sheet, qtbot):
    assert (sheet.name_field.text(), sheet.credentials_field.text()) == ("P. Nilsson", "MPharm")
    qtbot.waitUntil(sheet.name_field.edit.hasFocus)


def test_name_and_letters_are_saved_with_enter(sheet, database, qtbot):
    sheet.name_field.edit.setText("  Petra Nilsson ")
    sheet.credentials_field.edit.setText("PharmD")
    with qtbot.waitSignal(sheet.saved):
        qtbot.keyClick(sheet.credentials_field.edit, Qt.Key.Key_Return)
    user = database.read(queries.user, "user-1")
    assert (user.name, user.credentials) == ("Petra Nilsson", "PharmD")
    assert not sheet.isVisible()


def test_an_empty_name_is_refused_beside_the_fields(sheet, database, qtbot):
    sheet.name_field.edit.setText("   ")
    sheet.save_button.click()
    assert sheet.error_label.isVisible()
    assert sheet.error_label.text() == "Your name is missing. Letters are signed with it."
    assert sheet.name_field.edit.property("state") == "over"
    assert sheet.isVisible()
    assert database.read(queries.user, "user-1").name == "P. Nilsson"
    sheet.name_field.edit.setText("P. Nilsson")
    with qtbot.waitSignal(sheet.saved):
        sheet.save_button.click()


def test_escape_leaves_everything_as_it_was(sheet, database, qtbot):
    sheet.name_field.edit.setText("Somebody else")
    qtbot.keyClick(sheet.name_field.edit, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert database.read(queries.user, "user-1").name == "P. Nilsson"
