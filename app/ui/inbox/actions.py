"""The commands of the inbox and the keys that run them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.shell.actions import Command, list_of

if TYPE_CHECKING:
    from app.ui.inbox.page import InboxPage

PAGE_ID = "inbox"
NEW, IMPORT = "new", "import"


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


def _tr(text: str) -> str:
    return QCoreApplication.translate("inbox_commands", text)
