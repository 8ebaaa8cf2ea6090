"""The commands of the settings; each opens its section or its form."""

import functools
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.ui.shell.actions import Command

PAGE_ID: Final = "settings"


def settings_commands(go: Callable[[str, str], object]) -> list[Command]:
    """Make what leads to a setting from everywhere; `go` opens a page at a target."""
    table = (
        ("look", _tr("Settings: look"), "sun"),
        ("look.text_size", _tr("Text size"), "sun"),
        ("you", _tr("Settings: you"), "user"),
        ("service_levels", _tr("Settings: service levels"), "clock"),
        ("security", _tr("Settings: security"), "key-round"),
        ("security.lock", _tr("Minutes until the lock\u2026"), "lock"),
        ("security.passphrase", _tr("Change the passphrase\u2026"), "key-round"),
        ("security.keyring", _tr("Open with the system: on or off\u2026"), "key-round"),
        ("security.recovery_key", _tr("Make a new recovery key\u2026"), "key-round"),
        ("backups", _tr("Settings: backups"), "hard-drive"),
        ("backups.now", _tr("Back up now\u2026"), "hard-drive"),
        ("backups.copy", _tr("Save a copy of the workspace\u2026"), "hard-drive"),
        ("about", _tr("Settings: version and licences"), "info"),
    )
    return [
        Command(f"{PAGE_ID}.{target}", text, functools.partial(go, PAGE_ID, target), icon=icon)
        for target, text, icon in table
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate("SettingsCommands", text)
