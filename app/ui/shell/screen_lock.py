"""Hide the records while the user is away, and keep the key."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import AppError


@runtime_checkable
class Flushable(Protocol):
    """Be a window that holds words not saved yet."""

    def flush(self) -> None:
        """Save every word before returning; raise if it cannot be."""


class Clipboard(Protocol):
    """Be what Qt calls a clipboard, as far as the lock needs it."""

    def ownsClipboard(self) -> bool:  # noqa: N802 - Qt's name
        """Tell whether this program put the content there."""

    def ownsSelection(self) -> bool:  # noqa: N802 - Qt's name
        """Tell whether the marked text is of this program."""

    def supportsSelection(self) -> bool:  # noqa: N802 - Qt's name
        """Tell whether the system keeps marked text."""

    def clear(self, mode: QClipboard.Mode, /) -> None:
        """Empty one of the two."""


def clear_own_clipboard(clipboard: Clipboard | None = None) -> bool:
    """Empty the clipboard if what it holds was copied here."""
    clipboard = clipboard or QGuiApplication.clipboard()
    was_cleared = False
    modes = [(QClipboard.Mode.Clipboard, clipboard.ownsClipboard)]
    if clipboard.supportsSelection():
        modes.append((QClipboard.Mode.Selection, clipboard.ownsSelection))
    for mode, is_ours in modes:
        if is_ours():
            clipboard.clear(mode)
            was_cleared = True
    return was_cleared


def close_other_windows(main_window: QWidget) -> list[QWidget]:
    """Close dialogs and menus; return those only hidden, not saved."""
    hidden: list[QWidget] = []
    for window in QApplication.topLevelWidgets():
        if window is main_window or not window.isVisible():
            continue
        if _can_save(window.flush if isinstance(window, Flushable) else None):
            window.close()
        else:
            # Its words live in this window alone; it comes back after the unlocking.
            window.hide()
            hidden.append(window)
    return hidden


def _can_save(flush: Callable[[], None] | None) -> bool:
    if flush is None:
        return True
    try:
        flush()
    except AppError:
        return False
    return True
