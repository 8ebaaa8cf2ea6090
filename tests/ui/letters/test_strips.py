"""The small frames under a block leave the keyboard alone when it is elsewhere."""

from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ui.letters.editor import LetterEditor
from app.ui.letters.strip import TextStrip


def window_with(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    editor, field = LetterEditor(), QLineEdit()
    column.addWidget(editor)
    column.addWidget(field)
    window.resize(700, 500)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window, editor, field


def shown_strip(qtbot, editor):
    strip = TextStrip(editor)
    strip.show_text("", "Two texts", "<b>one</b>", (("Keep mine", lambda: None),))
    strip.show()
    button = next(each for each in strip.findChildren(QPushButton) if each.text() == "Keep mine")
    qtbot.waitUntil(button.isVisible)
    return strip, button


def test_a_frame_that_had_the_keyboard_once_does_not_take_it_from_another(themed_app, qtbot):
    _window, editor, field = window_with(qtbot)
    strip, button = shown_strip(qtbot, editor)
    button.setFocus()
    field.setFocus()

    strip.leave()

    assert field.hasFocus()


def test_a_frame_that_has_the_keyboard_gives_it_to_the_letter(themed_app, qtbot):
    _window, editor, _ = window_with(qtbot)
    strip, button = shown_strip(qtbot, editor)
    button.setFocus()
    assert button.hasFocus()

    strip.leave()

    assert editor.hasFocus()
