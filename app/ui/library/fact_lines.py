"""A quiet list of two-line rows: letters, reviews, gaps and variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import theme
from app.ui.library.delegate import EDGE, paint_ground, paint_line
from app.ui.library.item_model import PagedModel
from app.ui.widgets import ChipKind, chip_size, paint_chip

Index = QModelIndex | QPersistentModelIndex
LineRole: Final = Qt.ItemDataRole.UserRole
_NO_INDEX: Final = QModelIndex()
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_GAP: Final = 12
_INDENT: Final = 20
_LEAST_TITLE: Final = 220


@dataclass(frozen=True, slots=True)
class FactLine:
    """One row: what it is, what is known of it, and the news about it."""

    key: str
    title: str
    detail: str
    side: str = ""
    chip: str = ""
    kind: ChipKind = "plain"
    icon: str = ""
    is_indented: bool = False
    about: object = None

    @property
    def spoken(self) -> str:
        """Return what a screen reader says for the row."""
        parts = (self.title, self.chip, self.side, self.detail)
        return ", ".join(part.replace("  \N{MIDDLE DOT}  ", ", ") for part in parts if part)


class FactLineModel(PagedModel):
    """Hold the rows that the delegate paints."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[FactLine, ...] = ()

    def show_lines(self, lines: Sequence[FactLine]) -> None:
        """Replace every row."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def add_lines(self, lines: Sequence[FactLine]) -> None:
        """Put another page below the rows."""
        if lines:
            self.beginInsertRows(_NO_INDEX, len(self.lines), len(self.lines) + len(lines) - 1)
            self.lines += tuple(lines)
            self.endInsertRows()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Count the rows."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is painted and what a screen reader says."""
        line = self.lines[index.row()]
        if role == LineRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.detail
        return line.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None


class FactLines(QListView):
    """The view of such rows; Enter opens the current one."""

    opened = Signal(object)
    moved = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = FactLineModel(self)
        self.setModel(self.facts)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._delegate = _LineDelegate(self)
        self.setItemDelegate(self._delegate)
        self.doubleClicked.connect(self._open_current)
        theme.theme_signals.changed.connect(self._on_theme_changed)

    @property
    def current(self) -> FactLine | None:
        """The chosen row, if there is one."""
        at = self.currentIndex().row()
        return self.facts.lines[at] if 0 <= at < len(self.facts.lines) else None

    def show_lines(self, lines: Sequence[FactLine]) -> None:
        """Replace the rows; keep the chosen one, else take the first."""
        before = self.current
        self.facts.show_lines(lines)
        self._delegate.measure(self.facts.lines)
        keys = [line.key for line in lines]
        self.choose_place(keys.index(before.key) if before is not None and before.key in keys else 0)

    def add_lines(self, lines: Sequence[FactLine], *, has_more: bool) -> None:
        """Put another page below the rows; the chosen one stays."""
        self.facts.add_lines(lines)
        self.facts.has_more = has_more
        self._delegate.measure(self.facts.lines)

    def choose_place(self, place: int) -> None:
        """Choose the row at a place and bring it into view."""
        if 0 <= place < self.facts.rowCount():
            self.setCurrentIndex(self.facts.index(place))

    def step(self, by: int) -> None:
        """Choose the next or previous row."""
        self.choose_place(self.currentIndex().row() + by)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which row is chosen now."""
        super().currentChanged(current, previous)
        self.moved.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row with Enter."""
        if event.key() in _ENTER and self.current is not None:
            self._open_current()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Leave typed letters to the shortcuts."""

    @Slot()
    def _open_current(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._delegate.measure(self.facts.lines)
        self.scheduleDelayedItemsLayout()


class _LineDelegate(QStyledItemDelegate):
    """Paint title and detail, and in columns at the end the side words and the chip."""

    def __init__(self, view: FactLines) -> None:
        super().__init__(view)
        self._view = view
        self._side, self._chip = 0, 0

    def measure(self, lines: Sequence[FactLine]) -> None:
        """Make the columns as wide as their widest word."""
        metrics = QFontMetrics(theme.font("secondary"))
        sides = {line.side for line in lines if line.side}
        chips = {(line.chip, line.kind, line.icon) for line in lines if line.chip}
        self._side = max((metrics.horizontalAdvance(side) for side in sides), default=0)
        self._chip = max((chip_size(*chip).width() for chip in chips), default=0)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give every row the same height."""
        height = QFontMetrics(theme.font("body", weight=600)).height()
        height += QFontMetrics(theme.font("secondary")).height() + theme.scaled(16)
        return QSize(0, max(theme.scaled(theme.HEIGHT.row_comfortable), height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row within its rectangle."""
        line = index.data(LineRole)
        if not isinstance(line, FactLine):
            return
        painter.save()
        rect, direction = QRect(option.rect), self._view.layoutDirection()
        paint_ground(painter, rect, option.state, has_focus=self._view.hasFocus())
        left = rect.left() + theme.scaled(EDGE + (_INDENT if line.is_indented else 0))
        right = rect.right() - theme.scaled(EDGE)
        right = self._paint_chip(painter, rect, right, line)
        detail = line.detail
        if self._side and right - self._side - left >= theme.scaled(_LEAST_TITLE):
            cell = QRect(right - self._side, rect.top(), self._side, rect.height())
            paint_line(
                painter,
                QStyle.visualRect(direction, rect, cell),
                None,
                line.side,
                theme.font("secondary"),
                "text.2",
            )
            right -= self._side + theme.scaled(_GAP)
        elif line.side:
            detail = f"{line.side}  \N{MIDDLE DOT}  {detail}"
        cell = QStyle.visualRect(direction, rect, QRect(left, rect.top(), right - left, rect.height()))
        if not detail:
            paint_line(painter, cell, None, line.title, theme.font("body", weight=500), "text.1")
            painter.restore()
            return
        top = cell.top() + theme.scaled(6)
        top += paint_line(painter, cell, top, line.title, theme.font("body", weight=500), "text.1")
        paint_line(painter, cell, top + theme.scaled(2), detail, theme.font("secondary"), "text.2")
        painter.restore()

    def _paint_chip(self, painter: QPainter, rect: QRect, right: int, line: FactLine) -> int:
        """Paint the chip at the start of its column; return where that begins."""
        if not self._chip:
            return right
        direction = self._view.layoutDirection()
        if line.chip:
            size = chip_size(line.chip, line.kind, line.icon)
            place = QRect(right - self._chip, 0, size.width(), size.height())
            place.moveTop(rect.top() + (rect.height() - size.height()) // 2)
            place = QStyle.visualRect(direction, rect, place)
            paint_chip(painter, place, line.chip, line.kind, line.icon, direction=direction)
        return right - self._chip - theme.scaled(_GAP)
