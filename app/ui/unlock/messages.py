"""Put into words why a workspace did not open."""

import math
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.errors import AppError, WrongKeyError
from app.ui.errors.show import error_sentence


def wrong_key_message(what: str) -> str:
    """Say that this kind of key does not fit."""
    return _translate("That {what} does not open this workspace.").format(what=what)


def message_of(error: AppError, what: str) -> str:
    """Say what happened, what was kept and what to do."""
    if isinstance(error, WrongKeyError):
        return wrong_key_message(what)
    return error_sentence(error)


def countdown(until: datetime, now: datetime) -> str:
    """Say how long it is until the next try."""
    seconds = max(1, math.ceil((until - now).total_seconds()))
    if seconds < 120:
        return _translate("Next try in {n} s.").format(n=seconds)
    return _translate("Next try in {n} min.").format(n=math.ceil(seconds / 60))


def _translate(text: str) -> str:
    return QCoreApplication.translate("unlock", text)
