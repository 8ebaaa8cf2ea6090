"""The commands of the library page, with their keys."""

import functools
from typing import TYPE_CHECKING

from app.ui.library import lifecycle_forms as forms
from app.ui.shell.actions import Command, list_of

if TYPE_CHECKING:
    from app.ui.library.page import LibraryPage

PAGE_ID = "library"
# Ctrl+O imports inquiries from everywhere, so the library takes the key beside it.
IMPORT_KEY = "Ctrl+Shift+O"
IMPORT, PUBLISH, HOLD = "library.import", "library.publish", "library.hold"
PLAN, BEGIN_DRAFT, REVISE = "library.plan", "library.begin_draft", "library.revise"
WITHDRAW, ARCHIVE, VARIANT = "library.withdraw", "library.archive", "library.variant"
WHERE_USED, ASSESS = "library.where_used", "library.assess"
FIND, FIND_IN_LIST = "library.find", "library.find_in_list"


def library_commands(page: "LibraryPage") -> list[Command]:
    """Make every command of the library page."""
    in_list = list_of(PAGE_ID)
    return [
        Command(FIND, "Search the library", page.focus_search, ("Ctrl+F",), icon="search", context=PAGE_ID),
        Command(FIND_IN_LIST, "Filter the list", page.focus_search, ("/",), icon="filter", context=in_list),
        Command("library.next", "Next document", functools.partial(page.step, 1), ("J",), context=in_list),
        Command(
            "library.previous", "Previous document", functools.partial(page.step, -1), ("K",), context=in_list
        ),
        Command(
            IMPORT,
            "Import documents",
            page.choose_files,
            (IMPORT_KEY,),
            icon="file-input",
            context=PAGE_ID,
            enabled_reason=page.why_no_import,
        ),
        Command(
            PUBLISH,
            "Publish this version",
            page.publish,
            icon="badge-check",
            context=PAGE_ID,
            enabled_reason=page.why_no_publish,
        ),
        Command(
            HOLD,
            "Hold this version everywhere",
            page.hold,
            icon="file-lock-2",
            context=PAGE_ID,
            enabled_reason=page.why_no_hold,
        ),
        *_lifecycle_commands(page),
    ]


def _lifecycle_commands(page: "LibraryPage") -> list[Command]:
    in_list = list_of(PAGE_ID)
    course = page.lifecycle
    steps = (
        (BEGIN_DRAFT, "Begin the draft", functools.partial(course.ask_step, forms.DRAFT), "B", "pencil-line"),
        (REVISE, "Revise this version", functools.partial(course.ask_step, forms.REVISE), "R", "file-diff"),
        (WITHDRAW, "Withdraw this version", functools.partial(course.ask_step, forms.WITHDRAW), "W", "ban"),
        (ARCHIVE, "Archive this version", functools.partial(course.ask_step, forms.ARCHIVE), "A", "archive"),
        (VARIANT, "Make a variant", course.ask_variant, "V", "languages"),
        (ASSESS, "Assess the chosen variant", page.reader.variants.assess, "S", "scale"),
        (WHERE_USED, "Show where it is used", page.reader.show_uses, "U", "link-2"),
    )
    return [
        Command(PLAN, "Plan a document", course.ask_plan, ("D",), icon="plus", context=in_list),
        *(
            Command(
                key,
                text,
                functools.partial(page.in_reader, run),
                (letter,),
                icon=icon,
                context=in_list,
                enabled_reason=page.why_no_document,
            )
            for key, text, run, letter, icon in steps
        ),
    ]
