"""A card over the window keeps the keyboard until it is closed."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTextEdit, QVBoxLayout, QWidget

from app.ui.shell.overlay import Overlay


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for editor in (QTextEdit(), QLineEdit()):
        column.addWidget(editor)
    window.resize(800, 600)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


@pytest.fixture
def letter(page):
    return page.findChild(QTextEdit)


def card_over(page):
    overlay = Overlay(page)
    field = QLineEdit()
    overlay.column.addWidget(field)
    overlay.open()
    field.setFocus()
    return overlay, field


def test_what_lies_beneath_cannot_take_the_keyboard(page, letter):
    overlay, field = card_over(page)

    letter.setFocus()
    QTest.keyClicks(QApplication.focusWidget(), "secret")

    assert field.text() == "secret"
    assert letter.toPlainText() == ""
    overlay.dismiss()


def test_a_second_card_may_take_it_and_keeps_it(page, letter):
    _, first = card_over(page)
    second, field = card_over(page)
    assert field.hasFocus()

    letter.setFocus()

    assert field.hasFocus()
    second.dismiss()
    assert first.hasFocus()


def test_a_closed_card_gives_the_keyboard_back(page, letter):
    letter.setFocus()
    overlay, _ = card_over(page)
    overlay.dismiss()
    assert letter.hasFocus()
    other = page.findChild(QLineEdit)

    other.setFocus()

    assert other.hasFocus()
