"""The Qt formats that carry blocks and marks in the editor.

What a format means is kept in user properties of our own. How it looks (weights, sizes, colours) is set
beside them, so that a bold heading never reads back as strong text.
"""

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextLength,
    QTextListFormat,
    QTextTableFormat,
)

from app.models.markup import Align, Citation, Field, source
from app.models.markup_runs import SUB, SUPER, Marks
from app.ui import theme

_USER = int(QTextFormat.Property.UserProperty)
BLOCK_ID = _USER + 1
STRONG = _USER + 2
EMPHASIS = _USER + 3
SHIFT = _USER + 4
SOURCE = _USER + 5
ATOM_OBJECT = int(QTextFormat.ObjectTypes.UserObject) + 1
MADE_OBJECT = ATOM_OBJECT + 1
ATOM_CHARACTER = "\ufffc"

_SIZE_STEPS = {1: 1, 2: 0, 3: 0, 4: 0}
_CELL_PADDING = 4
_BLOCK_SPACE = 14
_HEADING_SPACE = 4
_LINE_HEIGHT = 114.0
_ALIGN = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}
_SHIFTS = {
    SUPER: QTextCharFormat.VerticalAlignment.AlignSuperScript,
    SUB: QTextCharFormat.VerticalAlignment.AlignSubScript,
}
_BULLETS = {1: QTextListFormat.Style.ListDisc, 2: QTextListFormat.Style.ListCircle}


@dataclass(frozen=True, slots=True)
class Look:
    """The colours that marks take from the theme."""

    link_color: str = field(default_factory=lambda: theme.color("accent").name())
    border_color: str = field(default_factory=lambda: theme.color("line.strong").name())


def block_format(block_id: str, *, heading_level: int = 0, is_tight: bool = False) -> QTextBlockFormat:
    """Return the format of a text block that belongs to a letter block."""
    block = QTextBlockFormat()
    block.setProperty(BLOCK_ID, block_id)
    block.setHeadingLevel(heading_level)
    block.setBottomMargin(_HEADING_SPACE if heading_level or is_tight else _BLOCK_SPACE)
    block.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return block


def cell_format(align: Align) -> QTextBlockFormat:
    """Return the format of the text in a table cell."""
    block = QTextBlockFormat()
    block.setAlignment(_ALIGN[align])
    return block


def cell_align(block: QTextBlockFormat) -> Align:
    """Return how the text of a table cell is set."""
    flags = block.alignment()
    return next((align for align in (Align.CENTER, Align.RIGHT) if flags & _ALIGN[align]), Align.LEFT)


def list_format(level: int, start: int, *, ordered: bool) -> QTextListFormat:
    """Return the format of a list or sublist."""
    numbered = QTextListFormat()
    numbered.setStyle(QTextListFormat.Style.ListDecimal if ordered else _BULLETS[level])
    numbered.setIndent(level)
    if ordered:
        numbered.setStart(start)
    return numbered


def is_ordered(numbered: QTextListFormat) -> bool:
    """Tell whether a list counts its items."""
    # Qt numbers its list styles downwards: disc, circle, square, then the counting ones.
    return numbered.style().value <= QTextListFormat.Style.ListDecimal.value


def table_format(block_id: str, look: Look) -> QTextTableFormat:
    """Return the format of a table that is one letter block."""
    table = QTextTableFormat()
    table.setProperty(BLOCK_ID, block_id)
    table.setHeaderRowCount(1)
    table.setCellPadding(_CELL_PADDING)
    table.setCellSpacing(0)
    table.setBorderCollapse(True)
    table.setBorder(1)
    table.setBorderBrush(QBrush(QColor(look.border_color)))
    table.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    return table


def base_format(*, heading_level: int = 0, bold: bool = False) -> QTextCharFormat:
    """Return the unmarked character format of a block."""
    characters = QTextCharFormat()
    if heading_level:
        characters.setProperty(QTextFormat.Property.FontSizeAdjustment, _SIZE_STEPS[heading_level])
    if heading_level or bold:
        characters.setFontWeight(QFont.Weight.DemiBold)
    return characters


def marked_format(base: QTextCharFormat, marks: Marks, look: Look) -> QTextCharFormat:
    """Return the character format of a block with marks on it."""
    characters = QTextCharFormat(base)
    if marks.strong:
        characters.setProperty(STRONG, True)
        characters.setFontWeight(QFont.Weight.Bold)
    if marks.emphasis:
        characters.setProperty(EMPHASIS, True)
        characters.setFontItalic(True)
    if marks.shift:
        characters.setProperty(SHIFT, marks.shift)
        characters.setVerticalAlignment(_SHIFTS[marks.shift])
    if marks.link:
        characters.setAnchor(True)
        characters.setAnchorHref(marks.link)
        characters.setFontUnderline(True)
        characters.setForeground(QBrush(QColor(look.link_color)))
    return characters


def atom_format(marked: QTextCharFormat, atom: Citation | Field) -> QTextCharFormat:
    """Return the format of the object that stands for an atom."""
    characters = QTextCharFormat(marked)
    characters.setObjectType(ATOM_OBJECT)
    characters.setProperty(SOURCE, source(atom))
    return characters


def made_format() -> QTextCharFormat:
    """Return the format of the object that stands for a made text."""
    characters = QTextCharFormat()
    characters.setObjectType(MADE_OBJECT)
    return characters


def match_format(*, is_present: bool = False) -> QTextCharFormat:
    """Return how found words are tinted; high contrast underlines them too."""
    characters = QTextCharFormat()
    characters.setBackground(theme.color("fill" if is_present else "mark"))
    characters.setForeground(theme.color("on.fill" if is_present else "text.1"))
    if theme.current_theme() == "contrast" and not is_present:
        characters.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
    return characters


def marks_of(characters: QTextCharFormat) -> Marks:
    """Return the marks that a character format carries."""
    return Marks(
        characters.anchorHref(),
        bool(characters.property(STRONG)),
        bool(characters.property(EMPHASIS)),
        _text(characters.property(SHIFT)),
    )


def source_of(characters: QTextCharFormat) -> str:
    """Return the markup of the atom a format stands for."""
    return _text(characters.property(SOURCE))


def id_of(holder: QTextFormat) -> str:
    """Return the letter block's id on a format, or nothing."""
    return _text(holder.property(BLOCK_ID))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
