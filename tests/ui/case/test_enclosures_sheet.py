"""The sheet of what goes with a letter, by keyboard and mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from app.services.workspace.blobs import BlobStore
from app.services.workspace.keys import SecretKey
from app.ui.case.enclosures_sheet import EnclosuresSheet
from tests.services.letters.test_enclosures import pdf
from tests.ui.case.test_case_page import bring_to_progress, verify, write_letter

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def sheet(desk, tmp_path):
    desk.database.blobs = BlobStore(tmp_path / "blobs", SecretKey(b"\x05" * 32))
    bring_to_progress(desk)
    verify(desk)
    write_letter(desk)
    desk.page.reload()
    desk.settle()
    desk.press("Ctrl+Shift+A")
    assert isinstance(desk.page.sheet, EnclosuresSheet)
    return desk.page.sheet


def add(desk, sheet, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    desk.files.append(path)
    sheet.add()
    desk.settle()


def titles(desk, sheet):
    return [each.title for each in desk.page.read.letter.enclosures]


def button(sheet, name):
    return next(each for each in sheet.findChildren(QToolButton) if each.accessibleName() == name)


def test_pdfs_are_added_ordered_and_taken_out(desk, sheet, tmp_path):
    assert sheet.add_button.hasFocus()
    add(desk, sheet, tmp_path, "leaflet.pdf", pdf(3))
    add(desk, sheet, tmp_path, "reprint.pdf", pdf(1, mark=3))
    assert titles(desk, sheet) == ["leaflet", "reprint"]
    assert sheet.said.text() == "reprint.pdf goes with the letter."
    assert sheet.add_button.hasFocus()
    up = button(sheet, "Move up: reprint")
    desk.qtbot.waitUntil(lambda: up.height() >= up.sizeHint().height())
    QTest.mouseClick(button(sheet, "Move up: reprint"), Qt.MouseButton.LeftButton)
    desk.settle()
    assert titles(desk, sheet) == ["reprint", "leaflet"]
    assert not button(sheet, "Move up: reprint").isEnabled()
    QTest.mouseClick(button(sheet, "Take out: leaflet"), Qt.MouseButton.LeftButton)
    desk.settle()
    assert titles(desk, sheet) == ["reprint"]
    desk.press("Esc")
    assert desk.page.sheet is None


def test_a_refused_file_says_why_and_changes_nothing(desk, sheet, tmp_path):
    add(desk, sheet, tmp_path, "notes.pdf", b"no pdf at all")
    assert "not a PDF" in sheet.said.text()
    assert sheet.add_button.isEnabled()
    assert titles(desk, sheet) == []


def test_stepping_back_from_the_choice_of_a_file_changes_nothing(desk, sheet):
    sheet.add()
    desk.settle()
    assert titles(desk, sheet) == []
    assert not sheet.said.isVisible()
