"""Every word that the library page says itself passes the translation."""

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTabBar, QWidget

from app.ui.library.label_panel import LabelPanel
from app.ui.library.list_pane import DUE, GAPS, LABELS
from app.ui.library.page import LibraryPage
from app.ui.library.panel import LibraryPanel

# Keys on key caps, and what the parts that all pages share say themselves.
_OWN = {
    "Esc",
    "Enter",
    "Ctrl",
    "Shift",
    "Shortcut Ctrl+Shift+O",
    "Ctrl+Shift+O",
    "Cancel",
    "Clear the filter",
}


class Marking(QTranslator):
    """Mark every text that is asked for."""

    def translate(self, _context, source, _disambiguation=None, _count=-1):
        return f"«{source}»"


@pytest.fixture
def marked(themed_app):
    translator = Marking()
    assert themed_app.installTranslator(translator)
    yield
    themed_app.removeTranslator(translator)


def said(widget):
    for each in widget.findChildren(QWidget):
        if isinstance(each, QLineEdit):
            yield each.placeholderText()
        elif isinstance(each, QTabBar):
            yield from (each.tabText(at) for at in range(each.count()))
        elif isinstance(each, QComboBox):
            yield from (each.itemText(at) for at in range(each.count()))
        elif isinstance(each, QLabel | QAbstractButton):
            yield each.text()
        yield each.accessibleName()


def untranslated(widget):
    words = {text for text in said(widget) if any(char.isalpha() for char in text)}
    return sorted(text for text in words if "«" not in text and len(text) > 2 and text not in _OWN)


def test_the_page_says_nothing_past_the_translation(marked, database, runner, shown, settle):
    page = shown(LibraryPage(database, runner, choose_files=lambda _parent: []))
    for kind in (LABELS, DUE, GAPS, ""):
        page.list_pane.kinds.button(kind).click()
        settle()
    page.lifecycle.ask_plan()
    settle()
    assert untranslated(page) == []


@pytest.mark.parametrize("make", [LibraryPanel, LabelPanel])
def test_the_panels_beside_a_letter_say_nothing_past_it(marked, database, runner, shown, make):
    assert untranslated(shown(make(database, runner))) == []
