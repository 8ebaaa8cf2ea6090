"""Fields for numbers and dates, with the room before the text that others have."""

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QAbstractSpinBox, QDateEdit, QSpinBox

from app.ui import theme


def indent_text(box: QAbstractSpinBox) -> None:
    """Give the text of a spin box the indent of other fields."""
    # A style sheet's padding does not reach the field inside a spin box.
    indent = theme.scaled(theme.SPACE.s)
    box.lineEdit().setTextMargins(indent, 0, 0, 0)
    box.ensurePolished()
    box.setMinimumWidth(box.sizeHint().width() + indent + theme.scaled(theme.SPACE.xs))


def number_field(name: str, *, least: int = 0, most: int = 999_999, value: int = 0) -> QSpinBox:
    """Make a field for a whole number, named for screen readers."""
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setAccessibleName(name)
    indent_text(box)
    return box


def date_field(name: str, value: QDate | None = None) -> QDateEdit:
    """Make a field for a day, with a calendar that drops down."""
    box = QDateEdit(value or QDate.currentDate())
    box.setCalendarPopup(True)
    box.setDisplayFormat("d MMM yyyy")
    box.setAccessibleName(name)
    indent_text(box)
    return box
