"""The commands of the library page, with their keys."""

import functools
from typing import TYPE_CHECKING

from app.ui.library import lifecycle_forms as forms
from app.ui.library.compare_pane import NEXT_KEY, ONLY_CHANGES_KEY, PREVIOUS_KEY
from app.ui.library.wording import say
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
ABROAD, OPEN_DRAFT = "library.use_abroad", "library.open_draft"
COMPARE, NEXT_CHANGE, PREVIOUS_CHANGE = "library.compare", "library.next_change", "library.previous_change"
ONLY_CHANGES = "library.only_changes"
FIND, FIND_IN_LIST = "library.find", "library.find_in_list"


def library_commands(page: "LibraryPage") -> list[Command]:
    """Make every command of the library page."""
    in_list = list_of(PAGE_ID)
    return [
        Command(
            FIND, say("Search the library"), page.focus_search, ("Ctrl+F",), icon="search", context=PAGE_ID
        ),
        Command(
            FIND_IN_LIST, say("Filter the list"), page.focus_search, ("/",), icon="filter", context=in_list
        ),
        Command(
            "library.next", say("Next document"), functools.partial(page.step, 1), ("J",), context=in_list
        ),
        Command(
            "library.previous",
            say("Previous document"),
            functools.partial(page.step, -1),
            ("K",),
            context=in_list,
        ),
        Command(
            IMPORT,
            say("Import documents"),
            page.choose_files,
            (IMPORT_KEY,),
            icon="file-input",
            context=PAGE_ID,
            enabled_reason=page.why_no_import,
        ),
        Command(
            PUBLISH,
            say("Publish this version"),
            page.reading.publish,
            icon="badge-check",
            context=PAGE_ID,
            enabled_reason=page.reading.why_no_publish,
        ),
        Command(
            HOLD,
            say("Hold this version everywhere"),
            page.reading.hold,
            icon="file-lock-2",
            context=PAGE_ID,
            enabled_reason=page.reading.why_no_hold,
        ),
        *_compare_commands(page),
        *_lifecycle_commands(page),
    ]


def _compare_commands(page: "LibraryPage") -> list[Command]:
    in_list, pane = list_of(PAGE_ID), page.compare_pane
    return [
        Command(
            COMPARE,
            say("Compare two versions"),
            page.comparing.compare,
            ("C",),
            icon="git-compare-arrows",
            context=in_list,
            enabled_reason=page.comparing.why_no_compare,
        ),
        Command(
            NEXT_CHANGE,
            say("Next change"),
            pane.next_change,
            (NEXT_KEY,),
            icon="arrow-down",
            context=PAGE_ID,
            enabled_reason=page.comparing.why_no_step,
        ),
        Command(
            PREVIOUS_CHANGE,
            say("Previous change"),
            pane.previous_change,
            (PREVIOUS_KEY,),
            icon="arrow-up",
            context=PAGE_ID,
            enabled_reason=page.comparing.why_no_step,
        ),
        Command(
            ONLY_CHANGES,
            say("Only changes, or all sections"),
            pane.toggle_only_changes,
            (ONLY_CHANGES_KEY,),
            icon="filter",
            context=in_list,
            enabled_reason=page.comparing.why_no_toggle,
        ),
    ]


def _lifecycle_commands(page: "LibraryPage") -> list[Command]:
    in_list = list_of(PAGE_ID)
    course = page.lifecycle
    ask = {step.key: functools.partial(course.ask_step, step) for step in forms.BY_KEY}
    steps = (
        (BEGIN_DRAFT, say("Begin the draft"), ask["draft"], "B", "pencil-line"),
        (REVISE, say("Revise this version"), ask["revise"], "R", "file-diff"),
        (WITHDRAW, say("Withdraw this version"), ask["withdraw"], "W", "ban"),
        (ARCHIVE, say("Archive this version"), ask["archive"], "A", "archive"),
        (VARIANT, say("Make a variant"), course.ask_variant, "V", "languages"),
        (ABROAD, say("Use abroad"), course.ask_abroad, "E", "globe"),
        (ASSESS, say("Assess the chosen variant"), page.reader.variants.assess, "S", "scale"),
        (WHERE_USED, say("Show where it is used"), page.reader.show_uses, "U", "link-2"),
    )
    return [
        Command(
            OPEN_DRAFT,
            say("Open the draft of the next version"),
            page.reader.head.open_draft,
            ("T",),
            icon="file-pen-line",
            context=in_list,
            enabled_reason=page.reader.head.why_no_draft,
        ),
        Command(PLAN, say("Plan a document"), course.ask_plan, ("D",), icon="plus", context=in_list),
        *(
            Command(
                key,
                text,
                functools.partial(page.reading.in_reader, run),
                (letter,),
                icon=icon,
                context=in_list,
                enabled_reason=page.reading.why_no_document,
            )
            for key, text, run, letter, icon in steps
        ),
    ]
