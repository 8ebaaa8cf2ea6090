"""The exception tree of MI Desk.

AppError
├── UserFacingError              the user can act; the message is shown as it stands
│   ├── RecordNotFoundError      no such record in this workspace
│   ├── NotAllowedError          a rule of the field forbids the step; `blockers` says why
│   ├── InputRefusedError        a file or row was refused; nothing of it was taken in
│   └── StaleEditError           the text changed elsewhere since it was read
├── WorkspaceError               the workspace does not open (exit 4)
│   ├── WorkspaceMissingError    there is no workspace in this folder
│   ├── WrongKeyError            the passphrase, recovery key or keyring secret is not the right one
│   ├── DamagedKeySlotsError     the key slot file cannot be read
│   ├── DamagedDatabaseError     a page of the database fails its check
│   ├── NewerDatabaseError       the database was written by a newer program
│   └── UnsafeLocationError      the folder is on a cloud drive or network share
├── EnvironmentFaultError        disk full, file locked, no network: retrying may help (exit 5)
│   └── WorkspaceBusyError       another process holds what this step needs alone
├── JobCancelledError            never shown
└── WriteRefusedError            a write that did not pass one of the three doors: a bug
"""

from collections.abc import Sequence


class AppError(Exception):
    """The base of every error that MI Desk raises."""


class UserFacingError(AppError):
    """The user can act on it; the message is shown as it stands."""


class RecordNotFoundError(UserFacingError):
    """No record with this id is in the workspace."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no record {what} in this workspace.")
        self.what = what


class NotAllowedError(UserFacingError):
    """A rule of the field forbids the step; each blocker is a sentence."""

    def __init__(self, message: str, blockers: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.blockers = tuple(blockers)


class InputRefusedError(UserFacingError):
    """A file or a row was refused and nothing of it was taken in."""


class StaleEditError(UserFacingError):
    """The text changed elsewhere since it was read, so nothing was overwritten."""


class WorkspaceError(AppError):
    """The workspace does not open; nothing in it was changed."""


class WorkspaceMissingError(WorkspaceError):
    """There is no workspace in this folder."""


class WrongKeyError(WorkspaceError):
    """The passphrase, recovery key or keyring secret is not the right one."""


class DamagedKeySlotsError(WorkspaceError):
    """The key slot file cannot be read."""


class DamagedDatabaseError(WorkspaceError):
    """A page of the database fails its check."""


class NewerDatabaseError(WorkspaceError):
    """The database was written by a newer version of the program."""


class UnsafeLocationError(WorkspaceError):
    """The folder lies on a cloud drive or a network share."""


class EnvironmentFaultError(AppError):
    """The world failed: disk full, file locked, no network. Trying again may help."""


class WorkspaceBusyError(EnvironmentFaultError):
    """Another process holds the workspace, or a part that this step needs alone."""


class JobCancelledError(AppError):
    """The user cancelled a background job; never shown."""


class WriteRefusedError(AppError):
    """A write did not pass one of the three doors of the unit of work; this is a bug."""
