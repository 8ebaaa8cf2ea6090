"""The commands of the inbox and the keys that run them."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.shell.actions import Command, list_of

if TYPE_CHECKING:
    from app.ui.inbox.page import InboxPage

PAGE_ID = "inbox"
NEW, IMPORT = "new", "import"
_DIGITS = 9


def global_commands(go: Callable[[str, str], object]) -> list[Command]:
    """Make what can be done from everywhere; `go` opens a page at a target."""
    return [
        Command(
            "inquiry.new",
            _tr("New inquiry"),
            lambda: go(PAGE_ID, NEW),
            ("Ctrl+N",),
            list_shortcuts=("N",),
            icon="plus",
        ),
        Command(
            "inquiry.import",
            _tr("Import inquiries"),
            lambda: go(PAGE_ID, IMPORT),
            ("Ctrl+O",),
            icon="file-input",
        ),
    ]


def inbox_commands(page: "InboxPage") -> list[Command]:
    """Make the commands of the list; each says why it cannot be run."""
    rows = list_of(PAGE_ID)
    chosen = page.why_nothing_chosen
    listing = page.listing
    return [
        Command(
            "inbox.open",
            _tr("Open case"),
            page.open_chosen,
            ("Return", "Enter"),
            icon="file-pen-line",
            context=rows,
            enabled_reason=chosen,
        ),
        Command(
            "inbox.take",
            _tr("Take it"),
            page.take_chosen,
            ("A",),
            icon="user-check",
            context=rows,
            enabled_reason=chosen,
        ),
        *_many_commands(page),
        Command(
            "inbox.preview",
            _tr("Preview"),
            listing.toggle_preview,
            ("Space",),
            icon="panel-right",
            context=rows,
        ),
        Command("inbox.next", _tr("Next inquiry"), page.step_down, ("J",), icon="arrow-down", context=rows),
        Command(
            "inbox.previous", _tr("Previous inquiry"), page.step_up, ("K",), icon="arrow-up", context=rows
        ),
        Command("inbox.filter", _tr("Filter"), listing.focus_filter, ("/",), icon="filter", context=rows),
        Command(
            "inbox.find",
            _tr("Filter the list"),
            listing.focus_filter,
            ("Ctrl+F",),
            icon="search",
            context=PAGE_ID,
        ),
        Command(
            "inbox.density",
            _tr("Dense or roomy rows"),
            page.toggle_density,
            ("Ctrl+Shift+D",),
            icon="list",
            context=PAGE_ID,
        ),
    ]


def _many_commands(page: "InboxPage") -> list[Command]:
    """Make what can be done with all that are chosen, and with the view itself."""
    rows, chosen = list_of(PAGE_ID), page.why_nothing_chosen
    bulk, listing = page.listing.bulk, page.listing
    steps = (
        ("inbox.assign", _tr("Assign the chosen to …"), bulk.ask_owner, "O", "user-check"),
        ("inbox.tag", _tr("Tag the chosen"), bulk.ask_tag, "T", "tag"),
        ("inbox.untag", _tr("Take a tag off the chosen"), bulk.ask_untag, "Shift+T", "tag"),
        ("inbox.urgency", _tr("Set the urgency of the chosen"), bulk.ask_urgency, "U", "clock-alert"),
        ("inbox.export", _tr("Export the chosen"), bulk.ask_export, "E", "download"),
    )
    many = [
        Command(name, text, call, (key,), icon=icon, context=rows, enabled_reason=chosen)
        for name, text, call, key, icon in steps
    ]
    everything = Command(
        "inbox.all",
        _tr("Choose every inquiry of the view"),
        listing.list.selectAll,
        ("Ctrl+A",),
        context=rows,
    )
    save = Command(
        "inbox.save_view",
        _tr("Save this view"),
        listing.saved.ask_save,
        ("Ctrl+S",),
        icon="filter",
        context=PAGE_ID,
    )
    one = Command("inbox.one", _tr("Choose one again"), listing.list.choose_one, ("Escape",), context=rows)
    return [*many, everything, one, save]


def view_commands(page: "InboxPage") -> list[Command]:
    """Make a command a saved view; the first nine have a digit in the list."""
    listing = page.listing
    return [
        Command(
            f"inbox.saved.{at}",
            _tr("Show the view “{name}”").format(name=view.name),
            functools.partial(page.show_saved, view.id),
            (f"{at}",) if at <= _DIGITS else (),
            icon="filter",
            context=list_of(PAGE_ID),
        )
        for at, view in enumerate(listing.saved.views, start=1)
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate("inbox_commands", text)
