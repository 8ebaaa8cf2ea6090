"""The commands of the case page, with their keys."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.shell.actions import Command

if TYPE_CHECKING:
    from app.ui.case.page import CasePage

PAGE_ID = "case"


def case_commands(page: "CasePage") -> list[Command]:
    """Make every command of the case page."""
    return [
        Command(
            "case.library",
            _words("Library for this question"),
            page.show_library,
            ("Ctrl+L",),
            icon="library",
            context=PAGE_ID,
            enabled_reason=page.why_no_case,
        ),
        Command(
            "case.next_finding",
            _words("Next finding"),
            partial(page.step_finding, 1),
            ("F8",),
            icon="arrow-down",
            context=PAGE_ID,
            enabled_reason=page.why_no_case,
        ),
        Command(
            "case.previous_finding",
            _words("Previous finding"),
            partial(page.step_finding, -1),
            ("Shift+F8",),
            icon="arrow-up",
            context=PAGE_ID,
            enabled_reason=page.why_no_case,
        ),
        Command(
            "case.checks",
            _words("What stands against the next step"),
            page.show_checks,
            icon="list-checks",
            context=PAGE_ID,
            enabled_reason=page.why_no_case,
        ),
    ]


def _words(text: str) -> str:
    return QCoreApplication.translate("case", text)
