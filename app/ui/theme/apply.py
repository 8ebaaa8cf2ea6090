"""Putting a theme and text size on the whole application."""

from typing import cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from app.ui.theme import state
from app.ui.theme.fonts import font
from app.ui.theme.icons import forget_pixmaps
from app.ui.theme.palette import make_palette
from app.ui.theme.sheet import style_sheet
from app.ui.theme.tokens import ThemeChoice


class _SystemFollower(QObject):
    """Repaints when the desktop turns dark and the user follows it."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("system-theme-follower")
        app.styleHints().colorSchemeChanged.connect(self.follow)

    @Slot()
    def follow(self) -> None:
        """Take over what the desktop asks for now."""
        if state.theme_choice() == "system" and state.system_theme() != state.current_theme():
            apply_theme(cast("QApplication", self.parent()), "system")


def apply_theme(app: QApplication, name: ThemeChoice) -> None:
    """Paint the whole application in a theme, from now on."""
    state.choose(name)
    if app.findChild(_SystemFollower, "system-theme-follower") is None:
        app.setStyle("Fusion")
        _SystemFollower(app)
    _put_on(app)


def set_text_factor(factor: float) -> None:
    """Show all text and everything sized by it at this factor."""
    state.choose_text_factor(factor)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        _put_on(app)


def _put_on(app: QApplication) -> None:
    forget_pixmaps()
    windows = [window for window in app.topLevelWidgets() if window.updatesEnabled()]
    for window in windows:
        window.setUpdatesEnabled(False)
    app.setFont(font("body"))
    app.setPalette(make_palette())
    app.setStyleSheet(style_sheet())
    state.theme_signals.changed.emit()
    for window in windows:
        window.setUpdatesEnabled(True)
