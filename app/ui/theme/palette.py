"""The palette of the application, from tokens."""

from typing import Final

from PySide6.QtGui import QPalette

from app.ui.theme.state import color

_Role = QPalette.ColorRole

_ROLES: Final[dict[_Role, str]] = {
    _Role.Window: "bg.window",
    _Role.WindowText: "text.1",
    _Role.Base: "bg.surface",
    _Role.AlternateBase: "bg.sunken",
    _Role.Text: "text.1",
    _Role.PlaceholderText: "text.3",
    _Role.Button: "bg.surface",
    _Role.ButtonText: "text.1",
    _Role.BrightText: "over",
    _Role.ToolTipBase: "bg.raised",
    _Role.ToolTipText: "text.1",
    _Role.Highlight: "fill",
    _Role.HighlightedText: "on.fill",
    _Role.Accent: "accent",
    _Role.Link: "accent",
    _Role.LinkVisited: "accent",
    _Role.Light: "bg.surface",
    _Role.Midlight: "bg.hover",
    _Role.Mid: "line.soft",
    _Role.Dark: "line.strong",
    _Role.Shadow: "line.strong",
}
_DISABLED: Final = (_Role.WindowText, _Role.Text, _Role.ButtonText)


def make_palette() -> QPalette:
    """Return the palette of the theme in use."""
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, color(token))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, color("text.3"))
    return palette
