"""The words of the library that stand in functions and not in widgets."""

from PySide6.QtCore import QCoreApplication


def say(text: str) -> str:
    """Return a text in the language of the window; values are put in after that."""
    return QCoreApplication.translate("library", text)
