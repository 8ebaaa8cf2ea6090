"""Showing an error in the way its kind asks for."""

import sys
from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from app.errors import (
    AppError,
    DamagedDatabaseError,
    DamagedKeySlotsError,
    EnvironmentFaultError,
    JobCancelledError,
    NewerDatabaseError,
    NotAllowedError,
    UnsafeLocationError,
    UserFacingError,
    WorkspaceBusyError,
    WorkspaceError,
    WorkspaceMissingError,
    WrongKeyError,
)
from app.ui.errors.message_bar import MessageAction, MessageBar, MessageKind

# For errors raised without a sentence of their own; the first class that fits is taken.
_SENTENCES: Final[tuple[tuple[type[AppError], str], ...]] = (
    (WorkspaceMissingError, "There is no workspace in this folder. Choose another, or make a new one."),
    (WrongKeyError, "That does not open this workspace. Nothing was changed."),
    (DamagedKeySlotsError, "The key file of this workspace cannot be read. Restore it from a backup."),
    (DamagedDatabaseError, "A page of this workspace is damaged. Nothing was changed. Restore a backup."),
    (
        NewerDatabaseError,
        "A newer version of MI Desk wrote this workspace. Nothing was changed. Update MI Desk.",
    ),
    (
        UnsafeLocationError,
        "This folder is copied to other machines while it is in use. Choose one on this disk.",
    ),
    (WorkspaceError, "The workspace does not open. Nothing in it was changed."),
    (WorkspaceBusyError, "Another window or program uses this workspace now. Your text is kept."),
    (EnvironmentFaultError, "That did not work this time. Your text is kept here."),
    (NotAllowedError, "This step is not open yet."),
    (UserFacingError, "That was not done. Your text is kept."),
)


def error_kind(error: AppError) -> MessageKind:
    """Return how loud an error is shown."""
    return "over" if isinstance(error, WorkspaceError) else "soon"


def error_sentence(error: AppError) -> str:
    """Return the sentence for the user, never an empty one."""
    written = str(error).strip()
    if written:
        return written
    return next((text for kind, text in _SENTENCES if isinstance(error, kind)), "That was not done.")


def show_error(parent_window: QWidget, error: AppError, *, retry: Callable[[], None] | None = None) -> None:
    """Show an error in the message bar of its window.

    A cancelled job is not shown. An error that is neither the user's nor the world's is a bug and goes to
    the excepthook.
    """
    if isinstance(error, JobCancelledError):
        return
    if not isinstance(error, UserFacingError | WorkspaceError | EnvironmentFaultError):
        sys.excepthook(type(error), error, error.__traceback__)
        return
    MessageBar.for_window(parent_window.window()).show_message(
        error_sentence(error),
        kind=error_kind(error),
        action=MessageAction("Try again", retry) if retry is not None else None,
        details=error.blockers if isinstance(error, NotAllowedError) else (),
    )
