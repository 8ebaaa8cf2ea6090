"""The application style sheet, filled from tokens and the text size."""

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.ui.theme.fonts import RESOURCES
from app.ui.theme.icons import svg_source
from app.ui.theme.state import color, current_theme, line_width, scaled

_TEMPLATE: Final = RESOURCES / "theme" / "app.qss"
_PLACEHOLDER: Final = re.compile(r"\$\{([^}]+)\}")
_FOCUS_RING: Final = 2


class _IconFiles:
    """Coloured icons as files, since a style sheet takes images from files only."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None

    def path(self, name: str, token: str, size: int) -> str:
        """Write the icon once and return its path as a style sheet spells it."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="midesk-icons-")
        # Qt keeps images by path, so each colour has a file of its own.
        file = Path(self._folder.name) / f"{name}-{color(token).name()[1:]}-{size}.svg"
        if not file.exists():
            file.write_text(svg_source(name, token, size), encoding="utf-8")
        return file.as_posix()


_icon_files: Final = _IconFiles()

_SIZES: Final[dict[str, Callable[[float], int]]] = {
    "px": scaled,
    "inner": lambda n: scaled(n) - 2 * line_width(),
    "inner.focus": lambda n: scaled(n) - 2 * _FOCUS_RING,
    "pad": lambda n: max(0, scaled(n) - line_width()),
    "pad.focus": lambda n: max(0, scaled(n) - _FOCUS_RING),
}


def style_sheet() -> str:
    """Return the style sheet for the theme and text size in use."""
    template = _TEMPLATE.read_text(encoding="utf-8")
    _comment, _, rules = template.partition("*/")
    return _PLACEHOLDER.sub(_fill, rules)


def _fill(match: re.Match[str]) -> str:
    word, *arguments = match.group(1).split(":")
    if word == "line":
        return str(line_width())
    if word == "icon":
        name, token, size = arguments
        return _icon_files.path(name, token, scaled(float(size)))
    if word == "edge":
        # A soft fill has the edge of its own colour, but is never the only sign in high contrast.
        return color(arguments[0] if current_theme() == "contrast" else f"{arguments[0]}.soft").name()
    if word in _SIZES:
        return str(_SIZES[word](float(arguments[0])))
    return color(word).name()
