"""The commands of the case page, with their keys."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.models.checks.snapshot import LetterKind
from app.ui.letters.letter_actions import letter_commands
from app.ui.letters.view import LetterView
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
            "case.label",
            _words("Label of the product"),
            page.show_label,
            ("Ctrl+Shift+B",),
            icon="file-badge",
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
        Command(
            "case.enclosures",
            _words("Enclosures of the letter"),
            page.letters.show_enclosures,
            ("Ctrl+Shift+A",),
            icon="paperclip",
            context=PAGE_ID,
            enabled_reason=page.letters.why_no_letter,
        ),
        *_letters(page),
        *letter_commands(partial(_open_letter, page), PAGE_ID),
    ]


def _open_letter(page: "CasePage") -> LetterView | None:
    return page.middle.letter if page.middle.shown == "letter" else None


def _letters(page: "CasePage") -> list[Command]:
    told = (
        ("case.acknowledgement", _words("Write an acknowledgement"), "Ctrl+Shift+E", "mail",
         LetterKind.ACKNOWLEDGEMENT),
        ("case.interim", _words("Write an interim reply"), "Ctrl+Shift+I", "hourglass", LetterKind.INTERIM),
    )  # fmt: skip
    return [
        Command(
            command_id,
            text,
            partial(page.letters.begin_word, kind),
            (key,),
            icon=icon,
            context=PAGE_ID,
            enabled_reason=partial(page.letters.why_not, kind),
        )
        for command_id, text, key, icon, kind in told
    ]


def _words(text: str) -> str:
    return QCoreApplication.translate("case", text)
