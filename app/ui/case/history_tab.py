"""What happened to the case: who, what, from, to, when and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.services.intake.queries import FieldChange, TimelineEntry
from app.ui import theme
from app.ui.case.wording import clock_time, moment, state_name, words
from app.ui.widgets import focus_ring

_Index = QModelIndex | QPersistentModelIndex
_PAD: Final = 14
_TEXT_LEFT: Final = 64
_MOST_FIELDS: Final = 6
_LONGEST: Final = 160
_OPS: Final = {"create": "added", "patch": "changed", "retire": "taken out", "transition": "moved"}
_DECISIONS: Final = ("yes", "no", "uncertain")
_TIMES: Final = frozenset(
    {
        "received_at",
        "noted_at",
        "verified_at",
        "assessed_at",
        "attested_at",
        "answered_at",
        "closed_at",
        "due_at",
        "acknowledge_by",
        "paused_since",
        "awareness_at",
        "handed_off_at",
        "acknowledged_at",
        "released_at",
        "sent_at",
        "signed_at",
        "frozen_at",
        "attempted_at",
        "escalated_at",
        "ended_at",
        "expires_at",
    }
)
_UUID: Final = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ICONS: Final = {
    "inquiry": "inbox",
    "inquiry_question": "message-square-text",
    "note": "pen-line",
    "adverse_event_report": "shield-alert",
    "product_quality_complaint": "shield-alert",
    "safety_handoff": "shield-check",
    "letter": "file-text",
    "letter_block": "file-text",
    "signature": "signature",
    "package": "lock",
    "delivery_attempt": "send",
    "contact": "user",
    "requester": "user",
    "contact_verification": "user-check",
    "off_label_assessment": "tag",
    "phone_call": "phone",
    "inquiry_link": "link-2",
}
# What the program writes for itself and no reader looks for.
_QUIET: Final = frozenset(
    {"position", "rank", "origins", "sha256", "device_signature", "version", "retired_at"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """One event as it is drawn: time, head, and lines below."""

    at: str
    day: str
    icon: str
    head: str
    lines: tuple[str, ...]

    @property
    def spoken(self) -> str:
        """The whole event for a screen reader."""
        return ". ".join((f"{self.day} {self.at}", self.head, *self.lines))


def lines_of(entries: Sequence[TimelineEntry]) -> list[Line]:
    """Return the events as lines, the newest first."""
    return [_line(entry) for entry in reversed(entries)]


def _line(entry: TimelineEntry) -> Line:
    shown = [change for change in entry.changes if _is_told(change)]
    moved = (
        next((c for c in shown if c.field == "state" and c.old), None) if entry.op == "transition" else None
    )
    below = [_change(change, entry) for change in shown[:_MOST_FIELDS]]
    if len(shown) > _MOST_FIELDS:
        below.append(words("and {n} more").format(n=len(shown) - _MOST_FIELDS))
    if entry.why:
        below.append(words("Why: {reason}").format(reason=entry.why))
    at = moment(entry.at, entry.zone)
    parts = [
        entry.who,
        at.rpartition(",")[0],
        *([words("not on the server yet")] if entry.is_pending else []),
    ]
    icon = _ICONS.get(entry.type, "circle")
    head = _head(entry) if moved is None else f"{entry.what}: {_value(moved.new, moved, entry).lower()}"
    who = "  \N{MIDDLE DOT}  ".join(parts)
    return Line(clock_time(entry.at, entry.zone), at, icon, head, (who, *below))


def _head(entry: TimelineEntry) -> str:
    did = words(_OPS.get(entry.op, entry.op.replace("_", " ")))
    return f"{entry.what} {did}".strip()


def _is_told(change: FieldChange) -> bool:
    if change.field in _QUIET or not (change.old or change.new):
        return False
    # Links between records are told by the records themselves.
    return not (_UUID.search(change.new) or (not change.new and _UUID.search(change.old)))


def _change(change: FieldChange, entry: TimelineEntry) -> str:
    new, old = _value(change.new, change, entry), _value(change.old, change, entry)
    if not old:
        return f"{change.label}: {new}"
    return f"{change.label}: {old} \N{RIGHTWARDS ARROW} {new or words('nothing')}"


def _value(text: str, change: FieldChange, entry: TimelineEntry) -> str:
    if change.field in _TIMES and text.isdigit():
        return moment(int(text), entry.zone)
    if change.field == "state" or text in _DECISIONS:
        return state_name(text) if text else ""
    return " ".join(text.split())[:_LONGEST]


class HistoryModel(QAbstractListModel):
    """The events of one case."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []

    def show_lines(self, lines: list[Line]) -> None:
        """Hold these events instead."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def line(self, place: int) -> Line:
        """Return one event."""
        return self._lines[place]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Count the events."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a role asks of an event."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(line.lines)
        return line.head if role == Qt.ItemDataRole.DisplayRole else None


class HistoryDelegate(QStyledItemDelegate):
    """Paints one event: time, sign, what, and what it went from and to."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Leave a line for each thing that is said."""
        line = _at(index)
        head = QFontMetrics(theme.font("body", weight=500)).height()
        below = QFontMetrics(theme.font("secondary")).height() + 2
        return QSize(0, head + below * len(line.lines) + theme.scaled(theme.SPACE.m))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the event in the colours of the theme."""
        line, rect = _at(index), option.rect
        painter.save()
        self._paint_ground(painter, option)
        top = rect.top() + theme.scaled(6)
        left = rect.left() + theme.scaled(_PAD)
        painter.setFont(theme.font("secondary"))
        painter.setPen(theme.color("text.3"))
        head_height = QFontMetrics(theme.font("body", weight=500)).height()
        painter.drawText(
            QRect(left, top, theme.scaled(40), head_height), Qt.AlignmentFlag.AlignVCenter, line.at
        )
        size = theme.scaled(14)
        picture = theme.pixmap(line.icon, "text.2", size, painter.device().devicePixelRatioF())
        painter.drawPixmap(left + theme.scaled(42), top + (head_height - size) // 2, picture)
        self._paint_words(
            painter, rect.adjusted(theme.scaled(_TEXT_LEFT + _PAD), 0, -theme.scaled(_PAD), 0), top, line
        )
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.color("bg.selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, theme.color("bg.hover"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, option.rect, theme.scaled(theme.RADIUS.control))

    @staticmethod
    def _paint_words(painter: QPainter, room: QRect, top: int, line: Line) -> None:
        painter.setFont(theme.font("body", weight=500))
        painter.setPen(theme.color("text.1"))
        height = painter.fontMetrics().height()
        elide = Qt.TextElideMode.ElideRight
        said = painter.fontMetrics().elidedText(line.head, elide, room.width())
        painter.drawText(QRect(room.left(), top, room.width(), height), Qt.AlignmentFlag.AlignVCenter, said)
        top += height
        painter.setFont(theme.font("secondary"))
        metrics = painter.fontMetrics()
        for place, text in enumerate(line.lines):
            painter.setPen(theme.color("text.3" if place == 0 else "text.2"))
            below = QRect(room.left(), top, room.width(), metrics.height() + 2)
            painter.drawText(
                below, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(text, elide, room.width())
            )
            top += metrics.height() + 2


class HistoryTab(QListView):
    """The timeline, the newest event first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.events = HistoryModel(self)
        self.setModel(self.events)
        self.setItemDelegate(HistoryDelegate(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("History"))
        theme.theme_signals.changed.connect(self._on_theme_changed)

    def show_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Show what happened to the case."""
        place = self.verticalScrollBar().value()
        self.events.show_lines(lines_of(entries))
        self.verticalScrollBar().setValue(place)

    def keyboardSearch(self, _search: str) -> None:
        """Leave letters to the page."""

    def _on_theme_changed(self) -> None:
        self.scheduleDelayedItemsLayout()


def _at(index: _Index) -> Line:
    model = index.model()
    if not isinstance(model, HistoryModel):
        raise TypeError(model)
    return model.line(index.row())
