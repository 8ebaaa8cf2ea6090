"""The flow of a paper as a text document of Qt, in the units of the device that it is painted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from app.services.letters.paper import (
    CENTER,
    PAGE,
    PAGES,
    RIGHT,
    Flow,
    Grid,
    Line,
    Look,
    Picture,
    Piece,
    Rule,
)
from app.ui.theme.fonts import SANS, SERIF, load_fonts

POINTS_PER_INCH: Final = 72
_SANS: Final = ("arial", "calibri", "helvetica", "inter", "segoe", "tahoma", "verdana", "liberation sans")
_ALIGN: Final = {CENTER: Qt.AlignmentFlag.AlignHCenter, RIGHT: Qt.AlignmentFlag.AlignRight}
_TABS: Final = {
    "right": QTextOption.TabType.RightTab,
    "end": QTextOption.TabType.RightTab,
    "center": QTextOption.TabType.CenterTab,
    "decimal": QTextOption.TabType.DelimiterTab,
}
_SCRIPTS: Final = {
    "super": QTextCharFormat.VerticalAlignment.AlignSuperScript,
    "sub": QTextCharFormat.VerticalAlignment.AlignSubScript,
}
_Edge = QTextFrameFormat.BorderStyle


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stands where a paper asks for the number of its page, and of all pages."""

    page: int = 1
    pages: int = 1

    def of(self, kind: str, text: str) -> str:
        """Return the words for a piece of text or a number."""
        return {PAGE: str(self.page), PAGES: str(self.pages)}.get(kind, text)


@dataclass(frozen=True, slots=True)
class Flowed:
    """A text document with what Qt does not hold: rules of paragraphs, headings, what stays together."""

    document: QTextDocument
    lines: tuple[tuple[QTextBlock, Line], ...]
    ruled: tuple[tuple[QTextBlock, Line], ...]


def flowed(
    flow: Sequence[Flow], device: QPagedPaintDevice, page: QSizeF, numbers: Numbers | None = None
) -> Flowed:
    """Return a flow laid out for a device; `page` is in its dots, without a height for one endless page."""
    return _Writer(device, page, numbers or Numbers()).write(flow)


class _Writer:
    def __init__(self, device: QPagedPaintDevice, page: QSizeF, numbers: Numbers) -> None:
        load_fonts()
        # Qt takes some lengths in the dots of the screen and scales them itself, others in those of the device.
        self._scale = QImage(1, 1, QImage.Format.Format_Mono).logicalDpiY() / POINTS_PER_INCH
        self._device_scale = device.logicalDpiY() / POINTS_PER_INCH
        self._numbers = numbers
        self._document = QTextDocument()
        self._document.setUndoRedoEnabled(False)
        self._document.setDocumentMargin(0)
        self._document.documentLayout().setPaintDevice(device)
        # Before the text comes: each later change of the size lays all of it out again.
        self._document.setPageSize(page)
        self._cursor = QTextCursor(self._document)
        self._is_begun = False
        self._lines: list[tuple[QTextBlock, Line]] = []
        self._looks: dict[Look, QTextCharFormat] = {}

    def write(self, flow: Sequence[Flow]) -> Flowed:
        self._cursor.beginEditBlock()
        for each in flow:
            if isinstance(each, Line):
                self._line(each)
            else:
                self._grid(each)
        self._cursor.endEditBlock()
        ruled = [each for each in self._lines if each[1].shape.above or each[1].shape.below]
        return Flowed(self._document, tuple(self._lines), tuple(ruled))

    def _line(self, line: Line) -> None:
        if self._is_begun:
            self._cursor.insertBlock()
        self._is_begun = True
        self._fill(line)

    def _fill(self, line: Line) -> None:
        self._cursor.setBlockFormat(self._shape(line))
        plain = self._look(line.look)
        self._cursor.setBlockCharFormat(plain)
        if line.marker:
            self._cursor.insertText(f"{line.marker}\t", plain)
        for piece in line.pieces:
            if isinstance(piece, Picture):
                self._picture(piece)
            else:
                self._piece(piece)
        self._lines.append((self._cursor.block(), line))

    def _piece(self, piece: Piece) -> None:
        look = self._look(piece.look)
        if piece.link:
            look.setAnchor(True)
            look.setAnchorHref(piece.link)
        self._cursor.insertText(self._numbers.of(piece.field, piece.text), look)

    def _picture(self, picture: Picture) -> None:
        name = QUrl(f"picture:{len(self._lines)}:{self._cursor.position()}")
        self._document.addResource(
            QTextDocument.ResourceType.ImageResource, name, QImage.fromData(picture.content)
        )
        shown = QTextImageFormat()
        shown.setName(name.toString())
        shown.setWidth(picture.width * self._scale)
        shown.setHeight(picture.height * self._scale)
        self._cursor.insertImage(shown)

    def _grid(self, grid: Grid) -> None:
        shape = QTextTableFormat()
        shape.setBorder(0)
        shape.setBorderCollapse(True)
        shape.setCellSpacing(0)
        shape.setCellPadding(0)
        shape.setHeaderRowCount(grid.head_rows)
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        table = self._cursor.insertTable(len(grid.rows), max(grid.columns, 1), shape)
        for row, cells in enumerate(grid.rows):
            column = 0
            for cell in cells:
                if cell.columns > 1:
                    table.mergeCells(row, column, 1, min(cell.columns, grid.columns - column))
                self._cursor = table.cellAt(row, column).firstCursorPosition()
                for place, line in enumerate(cell.lines):
                    if place:
                        self._cursor.insertBlock()
                    self._fill(line)
                # Last, because the format of the first paragraph's end takes its place.
                self._edges(table, grid, row, column)
                column += cell.columns
        self._cursor = table.lastCursorPosition()
        self._cursor.movePosition(QTextCursor.MoveOperation.NextBlock)
        # Qt puts an empty paragraph after each table; the next line of the flow takes it.
        self._is_begun = False

    def _edges(self, table: QTextTable, grid: Grid, row: int, column: int) -> None:
        edges, last = grid.edges, len(grid.rows) - 1
        below_head = edges.head if row == grid.head_rows - 1 else None
        shape = QTextTableCellFormat()
        shape.setLeftPadding(grid.padding * self._scale)
        shape.setRightPadding(grid.padding * self._scale)
        shape.setTopPadding(grid.padding_down * self._scale)
        shape.setBottomPadding(grid.padding_down * self._scale)
        above = edges.top if row == 0 else edges.head if row == grid.head_rows else edges.inside_h
        below = edges.bottom if row == last else below_head or edges.inside_h
        left = edges.left if column == 0 else edges.inside_v
        right = edges.right if column == grid.columns - 1 else edges.inside_v
        for rule, width, style, brush in (
            (above, shape.setTopBorder, shape.setTopBorderStyle, shape.setTopBorderBrush),
            (below, shape.setBottomBorder, shape.setBottomBorderStyle, shape.setBottomBorderBrush),
            (left, shape.setLeftBorder, shape.setLeftBorderStyle, shape.setLeftBorderBrush),
            (right, shape.setRightBorder, shape.setRightBorderStyle, shape.setRightBorderBrush),
        ):
            if rule is not None:
                width(rule.width * self._scale)
                style(_Edge.BorderStyle_Solid)
                brush(QBrush(QColor(rule.color)))
        table.cellAt(row, column).setFormat(shape)

    def _shape(self, line: Line) -> QTextBlockFormat:
        shape, scale, across = line.shape, self._scale, self._device_scale
        made = QTextBlockFormat()
        made.setAlignment(_ALIGN.get(shape.align, Qt.AlignmentFlag.AlignLeft))
        made.setTopMargin((shape.before + _room(shape.above)) * scale)
        made.setBottomMargin((shape.after + _room(shape.below)) * scale)
        made.setLeftMargin(shape.left * across)
        made.setRightMargin(shape.right * across)
        made.setTextIndent(shape.first * across)
        made.setLineHeight(shape.spacing * 100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        tabs = [
            QTextOption.Tab(
                (at - shape.left - shape.first) * scale, _TABS.get(kind, QTextOption.TabType.LeftTab)
            )
            for at, kind in shape.tabs
        ]
        if line.marker or (shape.first < 0 and not tabs):
            # What hangs out ends in a tab to where the other lines begin.
            tabs.insert(0, QTextOption.Tab(-shape.first * scale, QTextOption.TabType.LeftTab))
        made.setTabPositions(tabs)
        return made

    def _look(self, look: Look) -> QTextCharFormat:
        if look not in self._looks:
            self._looks[look] = _format(look)
        return QTextCharFormat(self._looks[look])


def _format(look: Look) -> QTextCharFormat:
    font = QFont(_families(look.family))
    font.setPointSizeF(look.points)
    font.setBold(look.bold)
    font.setItalic(look.italic)
    font.setUnderline(look.underline)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # A ligature is one glyph: whoever searches the PDF for "efficacy" would not find it.
    for tag in ("liga", "clig", "dlig"):
        font.setFeature(QFont.Tag(tag), 0)
    made = QTextCharFormat()
    made.setFont(font, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll)
    made.setForeground(QColor(look.color))
    if look.script:
        made.setVerticalAlignment(_SCRIPTS[look.script])
    return made


def keep_before(block: QTextBlock) -> None:
    """Begin a new page before a block."""
    shape = block.blockFormat()
    shape.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    QTextCursor(block).setBlockFormat(shape)


def _room(rule: Rule | None) -> float:
    return rule.space + rule.width if rule is not None else 0.0


def _families(family: str) -> list[str]:
    """Return the typeface, and the shipped one that stands in where it is not installed."""
    instead = SANS if family.lower().startswith(_SANS) else SERIF
    return [family, instead] if family else [instead]
