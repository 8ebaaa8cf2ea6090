"""A text to read scrolls sideways only where something is really wide."""

import pytest
from PySide6.QtGui import QTextCursor, QTextLength, QTextTableFormat

from app.ui.library.text_view import TextView


@pytest.fixture
def view(themed_app, qtbot):
    view = TextView("Text")
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    return view


def add_table(view, length):
    shape = QTextTableFormat()
    shape.setBorder(1)
    shape.setBorderCollapse(True)
    shape.setCellSpacing(0)
    shape.setWidth(length)
    QTextCursor(view.document()).insertTable(2, 2, shape)


@pytest.mark.parametrize(
    ("length", "is_scrolled"),
    [
        (QTextLength(QTextLength.Type.PercentageLength, 100), False),
        (QTextLength(QTextLength.Type.FixedLength, 900), True),
    ],
    ids=["full width", "wider"],
)
def test_it_scrolls_sideways_for_wide_tables_alone(view, qtbot, length, is_scrolled):
    add_table(view, length)
    qtbot.waitUntil(lambda: view.horizontalScrollBar().isVisible() is is_scrolled)
