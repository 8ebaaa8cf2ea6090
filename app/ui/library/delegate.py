"""Paint the rows of the document list."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import theme
from app.ui.library.flowing import flowing
from app.ui.library.item_model import DocumentListModel, RowRole
from app.ui.library.rows import ListRow
from app.ui.widgets import chip_size, focus_ring, paint_chip, rounded

Index = QModelIndex | QPersistentModelIndex

INSET: Final = 8
EDGE: Final = 20
_ICON: Final = 16
_GAP: Final = 8
_LEAST_TITLE: Final = 260
_WIDTHS: Final = {"state": 92, "due": 92, "whom": 112}
_ORDER: Final = ("state", "due", "whom")
VERSION_COLUMNS: Final = ("state",)
_START: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column of a row of one width begins and how wide it is."""

    places: dict[str, tuple[int, int]]

    @classmethod
    def of_width(cls, width: int, *, names: tuple[str, ...] = _ORDER) -> "Columns":
        """Lay the columns out; what does not fit is left to the title's line."""
        has_icon = names != VERSION_COLUMNS
        left = theme.scaled(EDGE + (_ICON + theme.SPACE.icon_to_text if has_icon else 0))
        right = width - theme.scaled(EDGE)
        shown = list(names)
        while len(shown) > 1 and right - left - _room(shown) < theme.scaled(_LEAST_TITLE):
            shown.pop()
        places: dict[str, tuple[int, int]] = {}
        at = right
        for name in reversed(shown):
            at -= theme.scaled(_WIDTHS[name])
            places[name] = (at, theme.scaled(_WIDTHS[name]))
            at -= theme.scaled(_GAP)
        places["title"] = (left, max(0, at - left))
        return cls(places)


def _room(names: list[str]) -> int:
    return sum(theme.scaled(_WIDTHS[name] + _GAP) for name in names)


class DocumentDelegate(QStyledItemDelegate):
    """Paint two lines, a state chip, and a passage while searching."""

    def __init__(self, view: QListView, *, names: tuple[str, ...] = _ORDER) -> None:
        super().__init__(view)
        self._view = view
        self._names = names

    def row_height(self) -> int:
        """Return how high every row is at the text size in use."""
        height = QFontMetrics(theme.font("body", weight=600)).height()
        height += QFontMetrics(theme.font("secondary")).height() + theme.scaled(2)
        model = self._view.model()
        if isinstance(model, DocumentListModel) and model.has_passages:
            height += QFontMetrics(theme.font("secondary")).height() + theme.scaled(4)
        return max(theme.scaled(theme.HEIGHT.row_comfortable), height + theme.scaled(14))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give every row the same height."""
        return QSize(0, self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row within its rectangle."""
        row = index.data(RowRole)
        if not isinstance(row, ListRow):
            return
        painter.save()
        rect, state = QRect(option.rect), option.state
        paint_ground(painter, rect, state, has_focus=self._view.hasFocus())
        columns = Columns.of_width(rect.width(), names=self._names)
        if self._names != VERSION_COLUMNS:
            self._paint_icon(painter, rect, row)
        self._paint_words(painter, self._cell(rect, columns, "title"), row, columns)
        self._paint_cells(painter, rect, row, columns)
        painter.restore()

    def _cell(self, rect: QRect, columns: Columns, name: str) -> QRect:
        left, width = columns.places[name]
        cell = QRect(rect.left() + left, rect.top(), width, rect.height())
        return QStyle.visualRect(self._view.layoutDirection(), rect, cell)

    def _paint_icon(self, painter: QPainter, rect: QRect, row: ListRow) -> None:
        size = theme.scaled(_ICON)
        is_loud = row.look.kind == "over"
        name = "message-square-text" if row.row.kind == "faq" else "file-badge"
        picture = theme.pixmap(
            "file-lock-2" if is_loud else name, "over" if is_loud else "text.2", size, _ratio(painter)
        )
        place = QRect(rect.left() + theme.scaled(EDGE), rect.top() + theme.scaled(8), size, size)
        painter.drawPixmap(QStyle.visualRect(self._view.layoutDirection(), rect, place).topLeft(), picture)

    def _paint_words(self, painter: QPainter, cell: QRect, row: ListRow, columns: Columns) -> None:
        top = cell.top() + theme.scaled(6)
        top += paint_line(painter, cell, top, row.title, theme.font("body", weight=500), "text.1")
        detail = row.detail
        if "whom" not in columns.places and row.whom:
            detail = f"{detail}  \N{MIDDLE DOT}  {row.whom}"
        top += theme.scaled(2)
        top += paint_line(painter, cell, top, detail, theme.font("secondary"), "text.2")
        if row.passage.text:
            passage = flowing(row.passage.text, "secondary", cell.width(), marks=row.passage.marks, lines=1)
            passage.paint(painter, cell.left(), top + theme.scaled(4), "text.2")

    def _paint_cells(self, painter: QPainter, rect: QRect, row: ListRow, columns: Columns) -> None:
        direction = self._view.layoutDirection()
        state = self._cell(rect, columns, "state")
        size = chip_size(row.look.word, row.look.kind, row.look.icon)
        chip = QRect(state.left(), 0, min(size.width(), state.width()), size.height())
        chip.moveTop(rect.top() + (rect.height() - size.height()) // 2)
        paint_chip(
            painter,
            QStyle.visualRect(direction, state, chip),
            row.look.word,
            row.look.kind,
            row.look.icon,
            direction=direction,
        )
        if "whom" in columns.places:
            cell = self._cell(rect, columns, "whom")
            paint_line(painter, cell, None, row.whom, theme.font("secondary"), "text.2")
        if "due" in columns.places:
            cell = self._cell(rect, columns, "due")
            self._paint_due(painter, cell, row)

    def _paint_due(self, painter: QPainter, cell: QRect, row: ListRow) -> None:
        if not row.is_due_loud:
            paint_line(painter, cell, None, row.due, theme.font("secondary"), "text.3")
            return
        # With its icon the chip is wider than the column and would cut the day.
        size = chip_size(row.due, "soon")
        chip = QRect(cell.left(), 0, min(size.width(), cell.width()), size.height())
        chip.moveTop(cell.top() + (cell.height() - size.height()) // 2)
        paint_chip(painter, chip, row.due, "soon", direction=self._view.layoutDirection())


def paint_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag, *, has_focus: bool) -> None:
    """Paint selection, hover and focus of a row as one rounded shape."""
    shape = rect.adjusted(theme.scaled(INSET), 1, -theme.scaled(INSET), -1)
    radius = theme.scaled(theme.RADIUS.card)
    if state & QStyle.StateFlag.State_Selected:
        rounded(painter, shape, radius, fill=theme.color("bg.selected"))
        if has_focus:
            focus_ring(painter, shape, radius)
    else:
        if state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, shape, radius, fill=theme.color("bg.hover"))
        line = QRect(shape.left() + theme.scaled(12), rect.bottom(), shape.width() - theme.scaled(24), 1)
        painter.fillRect(line, theme.color("line.soft"))


def paint_line(painter: QPainter, cell: QRect, top: int | None, text: str, font: QFont, token: str) -> int:
    """Paint one line of a cell, in its middle without a top; return its height."""
    painter.setFont(font)
    painter.setPen(theme.color(token))
    metrics = painter.fontMetrics()
    place = cell if top is None else QRect(cell.left(), top, cell.width(), metrics.height())
    painter.drawText(place, _START, metrics.elidedText(text, Qt.TextElideMode.ElideRight, cell.width()))
    return metrics.height()


def _ratio(painter: QPainter) -> float:
    device = painter.device()
    return float(device.devicePixelRatioF()) if device else 1.0
