"""The pages of the window, made when they are first shown."""

import functools

from app.services.workspace.workspace import Workspace
from app.ui.case.actions import case_commands
from app.ui.case.delivery_sheet import ChooseFile
from app.ui.case.page import CasePage
from app.ui.inbox.page import InboxPage
from app.ui.inbox.quick_capture_page import CallsPage, call_commands
from app.ui.jobs import JobRunner
from app.ui.library.label_panel import LabelPanel
from app.ui.library.page import LibraryPage
from app.ui.library.panel import LibraryPanel
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.page import SettingsPage
from app.ui.shell.actions import Registry
from app.ui.shell.page import Page, PageSpec


def make_pages(
    workspace: Workspace, runner: JobRunner, registry: Registry, choose_file: ChooseFile
) -> tuple[PageSpec, ...]:
    """Announce every page that exists; the rail shows no others."""
    database = workspace.database

    def verify(passphrase: str) -> bool:
        workspace.vault.verify_passphrase(passphrase)
        return True

    def case() -> Page:
        page = CasePage(
            database,
            runner,
            make_library_panel=functools.partial(LibraryPanel, database, runner),
            make_label_panel=functools.partial(LabelPanel, database, runner),
            verify_passphrase=verify,
            sign=workspace.sign,
            choose_file=choose_file,
        )
        registry.extend(case_commands(page))
        return page

    def calls() -> Page:
        page = CallsPage(database, runner)
        registry.extend(call_commands(page))
        return page

    return (
        PageSpec(
            "inbox",
            "Inbox",
            "inbox",
            "Ctrl+1",
            lambda: InboxPage(database, runner, registry=registry),
            chord="I",
        ),
        PageSpec("calls", "Calls", "phone", "", calls, chord="P"),
        PageSpec("case", "Case", "file-pen-line", "Ctrl+2", case, chord="C"),
        PageSpec(
            "library",
            "Library",
            "library",
            "Ctrl+3",
            lambda: LibraryPage(database, runner, registry=registry),
            chord="L",
        ),
        PageSpec(
            "settings",
            "Settings",
            "settings",
            "Ctrl+,",
            lambda: SettingsPage(SettingsDesk(workspace, runner, registry)),
            is_at_foot=True,
        ),
    )
