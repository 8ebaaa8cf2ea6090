"""Which theme and text size are on, and who is told of a change."""

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication

from app.ui.theme.tokens import THEME_NAMES, TOKENS, ThemeChoice, ThemeName

TEXT_FACTORS: Final = (1.0, 1.15, 1.3, 1.5, 2.0)


class ThemeSignals(QObject):
    """Tell every painter that colours, fonts or sizes changed."""

    changed = Signal()


class _State:
    """The theme in use; changed on the GUI thread only."""

    def __init__(self) -> None:
        self.choice: ThemeChoice = "system"
        self.name: ThemeName = "light"
        self.text_factor = 1.0
        self.colors: dict[str, QColor] = {}


_state = _State()
theme_signals: Final = ThemeSignals()


def color(token: str) -> QColor:
    """Return the colour of a token in the theme in use."""
    cached = _state.colors.get(token)
    if cached is None:
        cached = _state.colors[token] = QColor(TOKENS[_state.name][token])
    # A copy, so that a caller who sets its alpha does not change everybody's colour.
    return QColor(cached)


def current_theme() -> ThemeName:
    """Return the name of the theme that is painted now."""
    return _state.name


def theme_choice() -> ThemeChoice:
    """Return what the user chose, which may be to follow the system."""
    return _state.choice


def text_factor() -> float:
    """Return the text size as a factor of 100 %."""
    return _state.text_factor


def scaled(pixels: float) -> int:
    """Return a length at 100 % in whole pixels at the text size in use."""
    return max(1, round(pixels * _state.text_factor)) if pixels > 0 else 0


def line_width() -> int:
    """Return how wide the edge of a control is in this theme."""
    return 2 if _state.name == "contrast" else 1


def choose(choice: ThemeChoice) -> None:
    """Remember the choice and take over the colours it stands for."""
    if choice != "system" and choice not in THEME_NAMES:
        message = f"There is no theme {choice!r}."
        raise ValueError(message)
    _state.choice = choice
    _state.name = system_theme() if choice == "system" else choice
    _state.colors.clear()


def choose_text_factor(factor: float) -> None:
    """Remember the text size; refuse what no window could show."""
    if not 0.5 <= factor <= 4:
        message = f"Text cannot be shown at {factor:.0%}."
        raise ValueError(message)
    _state.text_factor = factor


def system_theme() -> ThemeName:
    """Return the theme the desktop asks for, light if it does not say."""
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"
