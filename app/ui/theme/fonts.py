"""The typefaces of the interface, by role."""

import logging
from pathlib import Path
from typing import Final, Literal

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from app.ui.theme.state import text_factor

logger = logging.getLogger(__name__)

FontRole = Literal[
    "badge", "secondary", "body", "card", "letter", "case_title", "page_title", "lock_title", "figure", "mono"
]

RESOURCES: Final = Path(__file__).resolve().parents[3] / "resources"
SANS: Final = "Inter"
SERIF: Final = "Source Serif 4"
MONO: Final = "JetBrains Mono"

# Size in pixels at 100 %, and the weight a role has unless asked otherwise.
_ROLES: Final[dict[str, tuple[int, int]]] = {
    "badge": (11, 500),
    "secondary": (12, 400),
    "body": (13, 400),
    "card": (14, 600),
    "letter": (15, 400),
    "case_title": (16, 600),
    "page_title": (18, 600),
    "lock_title": (22, 600),
    "figure": (26, 600),
    "mono": (12, 400),
}

_fonts: dict[tuple[str, int, float, bool, bool], QFont] = {}
_loaded: list[str] = []


def load_fonts(folder: Path | None = None) -> tuple[str, ...]:
    """Register the shipped faces and return the families that loaded."""
    if _loaded and folder is None:
        return tuple(_loaded)
    families: set[str] = set()
    for path in sorted((folder or RESOURCES / "fonts").glob("*.ttf")):
        handle = QFontDatabase.addApplicationFont(str(path))
        if handle < 0:
            logger.warning("The font %s was not loaded", path.name)
            continue
        families.update(QFontDatabase.applicationFontFamilies(handle))
    if folder is None:
        _loaded.extend(sorted(families))
    return tuple(sorted(families))


def font(
    role: str = "body", *, weight: int | None = None, italic: bool = False, tabular: bool = False
) -> QFont:
    """Return the font of a role at the text size in use."""
    size, usual = _ROLES[role]
    key = (role, weight or usual, text_factor(), italic, tabular)
    cached = _fonts.get(key)
    if cached is None:
        cached = _fonts[key] = _make(
            role, round(size * text_factor()), key[1], italic=italic, tabular=tabular
        )
    return QFont(cached)


def _make(role: str, pixels: int, weight: int, *, italic: bool, tabular: bool) -> QFont:
    made = QFont(_families(role))
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    made.setItalic(italic)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def _families(role: str) -> list[str]:
    load_fonts()
    if role == "mono":
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        return [MONO, QFontInfo(fixed).family()]
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return [SERIF if role == "letter" else SANS, system]
