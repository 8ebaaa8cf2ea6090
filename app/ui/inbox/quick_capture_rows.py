"""What a row of the call log says, and how it is painted."""

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.services.intake.queries import CallView, FormDraft
from app.ui import theme
from app.ui.inbox.quick_capture_values import STARTED, questions_in
from app.ui.inbox.row_words import clock_time
from app.ui.widgets import ChipKind, chip_size, focus_ring, paint_chip

Index = QModelIndex | QPersistentModelIndex
_PAD: Final = 20
_ICON: Final = 16
_DOT: Final = "  \N{MIDDLE DOT}  "


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as the log shows it: kept, or a draft that waits."""

    head: str
    below: str
    icon: str
    chip: str
    chip_kind: ChipKind
    call: CallView | None = None
    draft: FormDraft | None = None

    @property
    def spoken(self) -> str:
        """The whole row for a screen reader."""
        return ", ".join((self.head, self.chip, *self.below.split(_DOT)))


def row_of_call(call: CallView, zone: str, now: int) -> CallRow:
    """Return a kept call in words."""
    is_out = call.direction == "out"
    parts = [clock_time(call.started_at, zone, now), lasted(call.seconds), call.phone, call.number]
    return CallRow(
        head=call.caller or call.phone or _tr("Caller not noted"),
        below=_DOT.join(part for part in parts if part),
        icon="arrow-up-right" if is_out else "arrow-down-right",
        chip=call.outcome_label,
        chip_kind="accent" if call.number else "outline",
        call=call,
    )


def row_of_draft(draft: FormDraft, zone: str, now: int) -> CallRow:
    """Return a call that waits to be finished in words."""
    values = draft.values
    started = clock_time(int(values.get(STARTED) or draft.saved_at), zone, now)
    words = " ".join((values.get("notes") or "; ".join(questions_in(values))).split())
    return CallRow(
        head=values.get("caller", "").strip() or values.get("phone", "").strip() or _tr("Caller not noted"),
        below=_DOT.join(part for part in (started, values.get("phone", ""), words[:80]) if part),
        icon="file-pen-line",
        chip=_tr("Waits to be finished"),
        chip_kind="soon",
        draft=draft,
    )


def lasted(seconds: int | None) -> str:
    """Return how long a call lasted in words."""
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, 60)
    return _tr("{m} min {s:02} s").format(m=minutes, s=rest) if minutes else _tr("{s} s").format(s=rest)


class CallLogModel(QAbstractListModel):
    """Drafts first, then calls; more are asked for when the end comes in sight."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[CallRow] = []
        self.ask_more: Any = None
        self.has_more = False

    def show_rows(self, rows: list[CallRow]) -> None:
        """Hold these rows instead."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def add_rows(self, rows: list[CallRow]) -> None:
        """Hold these rows below the others."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def row(self, place: int) -> CallRow | None:
        """Return one row, none for a place that is not there."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Count the rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Tell whether older calls are there."""
        return not parent.isValid() and self.has_more

    def fetchMore(self, _parent: Index) -> None:
        """Ask for older calls."""
        if self.ask_more is not None:
            self.ask_more()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a role asks of a row."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return row.head if role == Qt.ItemDataRole.DisplayRole else None


class CallRowDelegate(QStyledItemDelegate):
    """Paints one call: icon, who, when and how long, and what became of it."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Leave room for two lines."""
        lines = QFontMetrics(theme.font("body", weight=500)).height()
        lines += QFontMetrics(theme.font("secondary")).height()
        return QSize(0, lines + theme.scaled(theme.SPACE.l))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row in the colours of the theme."""
        model = index.model()
        row = model.row(index.row()) if isinstance(model, CallLogModel) else None
        if row is None:
            return
        painter.save()
        _paint_ground(painter, option)
        inside = option.rect.adjusted(theme.scaled(_PAD), 0, -theme.scaled(_PAD), 0)
        size = theme.scaled(_ICON)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(
            inside.left(), inside.center().y() - size // 2, theme.pixmap(row.icon, "text.2", size, ratio)
        )
        chip = chip_size(row.chip, row.chip_kind)
        place = QRect(
            inside.right() - chip.width(),
            inside.center().y() - chip.height() // 2,
            chip.width(),
            chip.height(),
        )
        paint_chip(painter, place, row.chip, row.chip_kind)
        left = inside.left() + size + theme.scaled(theme.SPACE.m)
        words = QRect(left, inside.top(), place.left() - theme.scaled(theme.SPACE.m) - left, inside.height())
        _paint_words(painter, words, row)
        painter.restore()


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, theme.color("bg.selected"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, theme.color("bg.hover"))
    if option.state & QStyle.StateFlag.State_HasFocus:
        focus_ring(painter, option.rect, theme.scaled(theme.RADIUS.control))


def _paint_words(painter: QPainter, room: QRect, row: CallRow) -> None:
    elide = Qt.TextElideMode.ElideRight
    top = room.top() + theme.scaled(theme.SPACE.s)
    for text, font, tone in (
        (row.head, theme.font("body", weight=500), "text.1"),
        (row.below, theme.font("secondary"), "text.2"),
    ):
        painter.setFont(font)
        painter.setPen(theme.color(tone))
        metrics = painter.fontMetrics()
        line = QRect(room.left(), top, room.width(), metrics.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(text, elide, room.width()))
        top += metrics.height()


def _tr(text: str) -> str:
    return QCoreApplication.translate("call_log", text)
