"""The pages of a paper, painted one by one."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPagedPaintDevice,
    QPainter,
    QPalette,
    QPen,
    QTextBlock,
)

from app.services.letters.paper import Flow, Line, Mark, Paper, Piece, Rule
from app.ui.print.flowing import POINTS_PER_INCH, Flowed, Numbers, flowed, keep_before

_MOST_MOVES: Final = 200
_RISE: Final = 4.0
# Qt rounds places to a 64th of a dot.
_NEARLY: Final = 2.0


class Pages:
    """A paper laid out for a device; a QPdfWriter or a printer whose page has the paper's size."""

    def __init__(self, paper: Paper, device: QPagedPaintDevice) -> None:
        self._paper, self._device = paper, device
        self._scale = device.logicalDpiY() / POINTS_PER_INCH
        self._margins: dict[tuple[tuple[Flow, ...], Numbers], Flowed] = {}
        sheet = paper.sheet
        self._width = sheet.width - sheet.left - sheet.right
        header, footer = (self._margin(flow, Numbers()) for flow in (paper.header, paper.footer))
        self._top = max(sheet.top, sheet.header + self._height(header))
        self._bottom = max(sheet.bottom, sheet.footer + self._height(footer))
        self._body = flowed(paper.body, device, self._column().size())
        self._keep_together()
        self.count = max(self._body.document.pageCount(), 1)

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint a page; the first is 0."""
        # In the order in which they are read aloud.
        numbers, sheet = Numbers(number + 1, self.count), self._paper.sheet
        left = sheet.left * self._scale
        header = self._margin(self._paper.header, numbers)
        self._draw(painter, header, QPointF(left, sheet.header * self._scale))
        column = self._column()
        column.moveTop(number * column.height())
        at = QPointF(left, self._top * self._scale - column.top())
        self._draw(painter, self._body, at, column)
        footer = self._margin(self._paper.footer, numbers)
        down = (sheet.height - sheet.footer - self._height(footer)) * self._scale
        self._draw(painter, footer, QPointF(left, down))

    def marks(self) -> tuple[Mark, ...]:
        """Return the headings and where they stand."""
        height = self._column().height()
        found: list[Mark] = []
        for block, line in self._body.lines:
            if line.level and block.text().strip():
                top = self._top_of(block)
                down = self._top + (top % height) / self._scale
                found.append(Mark(line.level, _words(line), int(top // height), down))
        return tuple(found)

    def _column(self) -> QRectF:
        sheet = self._paper.sheet
        height = sheet.height - self._top - self._bottom
        return QRectF(0, 0, self._width * self._scale, height * self._scale)

    def _margin(self, flow: tuple[Flow, ...], numbers: Numbers) -> Flowed:
        key = (flow, numbers if _is_numbered(flow) else Numbers())
        if key not in self._margins:
            self._margins[key] = flowed(flow, self._device, QSizeF(self._width * self._scale, -1), key[1])
        return self._margins[key]

    def _height(self, flow: Flowed) -> float:
        return flow.document.size().height() / self._scale if flow.lines else 0.0

    def _rect(self, block: QTextBlock, flow: Flowed | None = None) -> QRectF:
        document = (flow or self._body).document
        return document.documentLayout().blockBoundingRect(block)

    def _keep_together(self) -> None:
        """Move headings and what stays with the next line to the page where that begins."""
        height = self._column().height()
        lines = self._body.lines
        for _move in range(_MOST_MOVES):
            torn = next(
                (
                    place
                    for place in range(len(lines) - 1)
                    if lines[place][1].shape.keep_next
                    and self._last_top(lines[place][0]) // height
                    != self._top_of(lines[place + 1][0]) // height
                ),
                None,
            )
            if torn is None:
                return
            first = torn
            while (
                first
                and lines[first - 1][1].shape.keep_next
                and self._top_of(lines[first - 1][0]) // height == self._top_of(lines[torn][0]) // height
            ):
                first -= 1
            # A chain longer than a page cannot stay together.
            if self._top_of(lines[first][0]) % height < 2 * _NEARLY:
                return
            keep_before(lines[first][0])

    def _top_of(self, block: QTextBlock) -> float:
        """Return where the first line of a block stands: its rectangle may begin on the page before."""
        rect = self._rect(block)
        layout = block.layout()
        return rect.top() + (layout.lineAt(0).y() if layout.lineCount() else 0.0) + _NEARLY

    def _last_top(self, block: QTextBlock) -> float:
        layout = block.layout()
        count = layout.lineCount()
        return self._rect(block).top() + (layout.lineAt(count - 1).y() if count else 0.0) + _NEARLY

    def _draw(self, painter: QPainter, flow: Flowed, at: QPointF, clip: QRectF | None = None) -> None:
        if not flow.lines:
            return
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, QColor("black"))
        painter.save()
        painter.translate(at)
        if clip is not None:
            # Lines of other pages are left out one by one; a superscript may rise above its own line.
            painter.setClipRect(clip.adjusted(-clip.width(), -_RISE * self._scale, clip.width(), 0))
            context.clip = clip.adjusted(-clip.width(), 1, clip.width(), -1)
        flow.document.documentLayout().draw(painter, context)
        self._rules(painter, flow, clip)
        painter.restore()

    def _rules(self, painter: QPainter, flow: Flowed, clip: QRectF | None) -> None:
        for block, line in flow.ruled:
            rect = self._rect(block, flow)
            if clip is not None and not clip.intersects(rect):
                continue
            self._rule(painter, line.shape.above, rect, rect.top() - self._room(line.shape.above))
            self._rule(painter, line.shape.below, rect, rect.bottom() + self._room(line.shape.below))

    def _room(self, rule: Rule | None) -> float:
        return rule.space * self._scale if rule is not None else 0.0

    def _rule(self, painter: QPainter, rule: Rule | None, rect: QRectF, down: float) -> None:
        if rule is not None:
            painter.setPen(QPen(QColor(rule.color), rule.width * self._scale))
            painter.drawLine(QPointF(rect.left(), down), QPointF(rect.right(), down))


def _is_numbered(flow: tuple[Flow, ...]) -> bool:
    lines = (each for each in flow if isinstance(each, Line))
    return any(isinstance(piece, Piece) and piece.field for line in lines for piece in line.pieces)


def _words(line: Line) -> str:
    pieces = "".join(piece.text for piece in line.pieces if isinstance(piece, Piece))
    return " ".join(pieces.replace("\u2028", " ").split())
