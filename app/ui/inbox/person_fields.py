"""The fields for one person, laid out in two columns."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from app.models.vocabulary import vocabulary
from app.ui import theme
from app.ui.inbox.form_fields import ChoiceField, FormField, LineField
from app.ui.inbox.inquiry_values import countries
from app.ui.widgets import section_head

F = TypeVar("F", bound=FormField)
_TOP = Qt.AlignmentFlag.AlignTop


def titled_grid(title: str) -> QGridLayout:
    """Return two equal columns below the title of a section."""
    grid = QGridLayout()
    spread(grid)
    grid.addWidget(section_head(title), 0, 0, 1, 2)
    return grid


def spread(grid: QGridLayout) -> None:
    """Give both columns the same width and the usual gaps."""
    grid.setHorizontalSpacing(theme.SPACE.m)
    grid.setVerticalSpacing(theme.SPACE.s)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)


def add_person(grid: QGridLayout, row: int, prefix: str, take: Callable[[str, FormField], object]) -> None:
    """Lay the fields of a person out from a row on; `take` gets each by name."""
    grid.addLayout(_names(prefix, take), row, 0, 1, 2)
    roles = {"": _tr("Not known")} | {term.code: term.label for term in vocabulary().terms("requester_role")}
    known = [f"{name} ({code})" for code, name in countries().items()]
    pairs: list[tuple[str, FormField]] = [
        ("role", ChoiceField(_tr("Role"), roles)),
        ("institution", LineField(_tr("Institution"), limit=200)),
        ("email", LineField(_tr("E-mail"))),
        ("phone", LineField(_tr("Phone"), limit=60)),
        ("country", LineField(_tr("Country"), words=known, limit=80)),
    ]
    for at, (name, field) in enumerate(pairs):
        take(prefix + name, field)
        grid.addWidget(field, row + 1 + at // 2, at % 2, _TOP)


def _names(prefix: str, take: Callable[[str, FormField], object]) -> QHBoxLayout:
    names = QHBoxLayout()
    names.setSpacing(theme.SPACE.m)
    title = LineField(_tr("Title"), words=("Dr", "Prof", "Mr", "Ms"), limit=40)
    theme.set_size(title, width=64)
    fields = (
        ("title", title, 0),
        ("first_name", LineField(_tr("First name"), limit=120), 1),
        ("last_name", LineField(_tr("Last name"), limit=120), 1),
    )
    for name, field, stretch in fields:
        take(prefix + name, field)
        names.addWidget(field, stretch, _TOP)
    return names


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewInquiry", text)
