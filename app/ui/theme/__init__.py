"""Colours, type, icons and distances that every widget is painted from.

Widgets ask for a token by name and never hold a colour: `theme.color("text.2")` in a paint event,
`theme.set_icon(button, "phone")` for what Qt paints itself, so a change of theme reaches all of them.
"""

from app.ui.theme.apply import apply_theme, set_text_factor
from app.ui.theme.fonts import font, load_fonts
from app.ui.theme.icons import app_icon, app_mark, has_icon, icon, pixmap
from app.ui.theme.live import set_font, set_icon, set_picture, set_size, set_variant
from app.ui.theme.space import HEIGHT, RADIUS, SPACE
from app.ui.theme.state import (
    TEXT_FACTORS,
    color,
    current_theme,
    line_width,
    scaled,
    text_factor,
    theme_choice,
    theme_signals,
)
from app.ui.theme.tokens import TEXT_TOKENS, THEME_NAMES, TOKENS

__all__ = [
    "HEIGHT",
    "RADIUS",
    "SPACE",
    "TEXT_FACTORS",
    "TEXT_TOKENS",
    "THEME_NAMES",
    "TOKENS",
    "app_icon",
    "app_mark",
    "apply_theme",
    "color",
    "current_theme",
    "font",
    "has_icon",
    "icon",
    "line_width",
    "load_fonts",
    "pixmap",
    "scaled",
    "set_font",
    "set_icon",
    "set_picture",
    "set_size",
    "set_text_factor",
    "set_variant",
    "text_factor",
    "theme_choice",
    "theme_signals",
]
