"""Paint the rows of the inbox: grey while on time, colour for news."""

import functools
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import theme
from app.ui.inbox.columns import Columns, columns, known_columns
from app.ui.inbox.groups import Group, GroupHead
from app.ui.inbox.item_model import HeadRole, ShownRole
from app.ui.inbox.passages import paint_passage
from app.ui.inbox.row_words import ChipWords, ShownRow, group_title
from app.ui.widgets import chip_size, focus_ring, paint_avatar, paint_chip, rounded
from app.ui.widgets.painting import text_width

Index = QModelIndex | QPersistentModelIndex
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_HEAD: Final = 27
_LINE_GAP: Final = 3
_BAR: Final = 8
_NARROWEST_TAG: Final = 44
_MOST_KEPT: Final = 4096


class _Face:
    """A font with what was measured in it."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.height = self.metrics.height()
        self._elided: dict[tuple[str, int], str] = {}
        self._widths: dict[str, int] = {}

    def elided(self, text: str, width: int) -> str:
        """Return the text as it fits, reckoned once per width."""
        found = self._elided.get((text, width))
        if found is None:
            if len(self._elided) > _MOST_KEPT:
                self._elided.clear()
            found = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._elided[text, width] = found
        return found

    def width(self, text: str) -> int:
        """Return the room a text needs, reckoned once."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) > _MOST_KEPT:
                self._widths.clear()
            found = self._widths[text] = text_width(self.font, text)
        return found


class InboxDelegate(QStyledItemDelegate):
    """Paints heads, rows, and grey bars for rows that are on their way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_compact = False
        self._columns: tuple[str, ...] = ()
        theme.theme_signals.changed.connect(self.forget_fonts)
        self.forget_fonts()

    @property
    def is_compact(self) -> bool:
        """Whether a row has one line instead of two."""
        return self._is_compact

    def set_compact(self, is_compact: bool) -> None:
        """Give rows one line or two."""
        self._is_compact = is_compact

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are shown, none for the usual ones."""
        return self._columns

    def set_columns(self, names: Sequence[str]) -> None:
        """Show these columns, the usual ones for none."""
        self._columns = known_columns(names)

    @Slot()
    def forget_fonts(self) -> None:
        """Take fonts and heights of the text size in use."""
        self._title, self._unread = (_Face(theme.font("body", weight=weight)) for weight in (500, 600))
        self._small, self._head = (_Face(theme.font("secondary", weight=weight)) for weight in (400, 600))
        self._tag = _Face(theme.font("badge", weight=600))
        self._title_height, self._small_height = self._unread.height, self._small.height

    def row_height(self) -> int:
        """Return the height of every inquiry, from the metrics of its fonts."""
        if self._is_compact:
            return max(theme.scaled(theme.HEIGHT.row_compact), self._title_height + theme.scaled(10))
        lines = self._title_height + self._small_height + theme.scaled(_LINE_GAP)
        return max(theme.scaled(theme.HEIGHT.row_comfortable), lines + theme.scaled(10))

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give heads and inquiries their fixed heights."""
        is_head = index.data(HeadRole) is not None
        head = max(theme.scaled(_HEAD), self._small_height + theme.scaled(8))
        return QSize(0, head if is_head else self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row within its rectangle."""
        place, state = _rect(option), _state(option)
        direction = _direction(option)
        painter.save()
        parts = columns(place.width(), self._columns)
        head, words = index.data(HeadRole), index.data(ShownRole)
        if isinstance(head, GroupHead):
            self._paint_head(painter, place, parts, head, direction)
        else:
            _paint_ground(painter, place, parts, state, has_line=_has_line_below(index))
            if isinstance(words, ShownRow):
                self._paint_row(painter, place, parts, words, direction)
            else:
                self._paint_bars(painter, place, parts, direction)
        painter.restore()

    def _paint_head(
        self, painter: QPainter, place: QRect, parts: Columns, head: GroupHead, direction: Qt.LayoutDirection
    ) -> None:
        words = group_title(head.group)
        width = self._head.width(words)
        line = QRect(place.left() + parts.icon, place.top() + theme.scaled(4), width, place.height())
        tone = "over" if head.group is Group.OVERDUE else "text.2"
        _write(painter, _mirrored(direction, place, line), words, self._head, tone, direction)
        if head.count:
            line.translate(width + theme.scaled(theme.SPACE.s), 0)
            count = f"{head.count:,}"
            _write(painter, _mirrored(direction, place, line), count, self._small, "text.3", direction)

    def _paint_row(
        self,
        painter: QPainter,
        place: QRect,
        parts: Columns,
        words: ShownRow,
        direction: Qt.LayoutDirection,
    ) -> None:
        mirrored = functools.partial(_mirrored, direction, place)
        tone = "accent" if words.is_unread else "text.2"
        _paint_icon(painter, mirrored(self._icon_place(parts, place)), words.icon, tone)
        if self._is_compact:
            self._paint_one_line(painter, place, parts, words, direction)
        else:
            self._paint_two_lines(painter, place, parts, words, direction)
        for name, chip in (("safety", words.safety), ("due", words.due)):
            if chip is not None and parts.has(name):
                _paint_chip_at(painter, parts.part(name, place), chip, place, direction)
        for name, text in (("received", words.received), ("state", words.state)):
            if parts.has(name):
                part = mirrored(parts.part(name, place))
                _write(painter, part, text, self._small, "text.3", direction)
        if parts.owner >= 0:
            owner = parts.part("owner", place)
            square = QRect(owner.left(), 0, owner.width(), owner.width())
            square.moveTop(place.top() + (place.height() - square.height()) // 2)
            paint_avatar(painter, mirrored(square), words.owner_id, words.owner_initials)
        if words.is_unsynced:
            _paint_icon(painter, mirrored(parts.part("mark", place)), "circle-arrow-up", "accent")

    def _icon_place(self, parts: Columns, place: QRect) -> QRect:
        icon = parts.part("icon", place)
        if not self._is_compact:
            # On the line of the question, so that the eye reads both in one go.
            top = self._first_line(place)
            icon.setTop(top)
            icon.setHeight(self._title_height)
        return icon

    def _first_line(self, place: QRect) -> int:
        lines = self._title_height + theme.scaled(_LINE_GAP) + self._small_height
        return place.top() + (place.height() - lines) // 2

    def _paint_two_lines(
        self, painter: QPainter, place: QRect, parts: Columns, words: ShownRow, direction: Qt.LayoutDirection
    ) -> None:
        top = self._first_line(place)
        first = QRect(place.left() + parts.words, top, parts.words_width, self._title_height)
        self._paint_question(painter, first, words, place, direction)
        below = first.translated(0, self._title_height + theme.scaled(_LINE_GAP))
        below.setHeight(self._small_height)
        self._paint_below(painter, _mirrored(direction, place, below), words, direction)

    def _paint_below(
        self, painter: QPainter, line: QRect, words: ShownRow, direction: Qt.LayoutDirection
    ) -> None:
        if words.passage is None or direction == Qt.LayoutDirection.RightToLeft:
            _write(painter, line, words.below, self._small, "text.3", direction)
            return
        number = words.below.partition(" ")[0]
        _write(painter, line, number, self._small, "text.3", direction)
        gap = self._small.width(number) + theme.scaled(theme.SPACE.m)
        paint_passage(painter, line.adjusted(gap, 0, 0, 0), words.passage, self._small.font)

    def _paint_one_line(
        self, painter: QPainter, place: QRect, parts: Columns, words: ShownRow, direction: Qt.LayoutDirection
    ) -> None:
        line = QRect(place.left() + parts.words, place.top(), parts.words_width, place.height())
        # The question takes what it needs, but leaves a part of the line to product and number.
        most = line.width() * 2 // 3
        used = self._paint_question(
            painter, QRect(line.left(), line.top(), most, line.height()), words, place, direction
        )
        rest = line.adjusted(used + theme.scaled(_LINE_GAP * 4), 0, 0, 0)
        if rest.width() > theme.scaled(_NARROWEST_TAG):
            self._paint_below(painter, _mirrored(direction, place, rest), words, direction)

    def _paint_question(
        self, painter: QPainter, line: QRect, words: ShownRow, place: QRect, direction: Qt.LayoutDirection
    ) -> int:
        """Paint question and tags; return how much of the line they took."""
        face = self._unread if words.is_unread else self._title
        gap = theme.scaled(theme.SPACE.s)
        sizes = [self._tag_size(tag) for tag in words.tags]
        tags_width = sum(size.width() + gap for size in sizes)
        room = max(line.width() - tags_width, line.width() // 2)
        question = QRect(line.left(), line.top(), min(room, face.width(words.title)), line.height())
        _write(painter, _mirrored(direction, place, question), words.title, face, "text.1", direction)
        left = question.left() + question.width() + gap
        for tag, size in zip(words.tags, sizes, strict=True):
            if left + size.width() > line.left() + line.width():
                break
            shape = QRect(
                left, line.top() + (line.height() - size.height()) // 2, size.width(), size.height()
            )
            self._paint_tag(painter, _mirrored(direction, place, shape), tag)
            left += size.width() + gap
        return left - line.left()

    def _tag_size(self, tag: ChipWords) -> QSize:
        height = max(theme.scaled(17), self._tag.height + theme.scaled(2))
        return QSize(self._tag.width(tag.text) + 2 * theme.scaled(6), height)

    def _paint_tag(self, painter: QPainter, shape: QRect, tag: ChipWords) -> None:
        is_urgent = tag.kind == "outline_over"
        edge = theme.color("over" if is_urgent else "line.strong")
        rounded(painter, shape, theme.scaled(theme.RADIUS.keycap), edge=edge, edge_width=theme.line_width())
        painter.setFont(self._tag.font)
        painter.setPen(theme.color("over" if is_urgent else "text.2"))
        painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, tag.text)

    def _paint_bars(
        self, painter: QPainter, place: QRect, parts: Columns, direction: Qt.LayoutDirection
    ) -> None:
        bar = theme.scaled(_BAR)
        grey = theme.color("line.soft")
        shapes = [(place.top() + (place.height() - bar) // 2, parts.words_width // 2)]
        if not self._is_compact:
            first = self._first_line(place) + (self._title_height - bar) // 2
            second = first + self._title_height
            shapes = [(first, parts.words_width // 2), (second, parts.words_width // 3)]
        for top, width in shapes:
            shape = QRect(place.left() + parts.words, top, width, bar)
            rounded(painter, _mirrored(direction, place, shape), bar / 2, fill=grey)


def _paint_chip_at(
    painter: QPainter, part: QRect, chip: ChipWords, place: QRect, direction: Qt.LayoutDirection
) -> None:
    size = chip_size(chip.text, chip.kind, chip.icon)
    # A plain chip has no padding: its icon stands where the icons of the others stand.
    lead = theme.scaled(theme.SPACE.s) if chip.kind == "plain" else 0
    shape = QRect(part.left() + lead, 0, min(size.width(), part.width() - lead), size.height())
    shape.moveTop(place.top() + (place.height() - size.height()) // 2)
    paint_chip(
        painter, _mirrored(direction, place, shape), chip.text, chip.kind, chip.icon, direction=direction
    )


def _paint_ground(
    painter: QPainter, place: QRect, parts: Columns, state: QStyle.StateFlag, *, has_line: bool
) -> None:
    is_chosen = bool(state & QStyle.StateFlag.State_Selected)
    shape = place.adjusted(parts.inset, 0, -parts.inset, -1)
    radius = theme.scaled(theme.RADIUS.card)
    if is_chosen:
        rounded(painter, shape, radius, fill=theme.color("bg.selected"))
    elif state & QStyle.StateFlag.State_MouseOver:
        rounded(painter, shape, radius, fill=theme.color("bg.hover"))
    elif has_line:
        line = QRect(place.left() + parts.words, place.bottom(), place.width() - parts.words - parts.icon, 1)
        painter.fillRect(line, theme.color("line.soft"))
    if state & QStyle.StateFlag.State_HasFocus:
        focus_ring(painter, shape, radius)


def _has_line_below(index: Index) -> bool:
    below = index.model().index(index.row() + 1, 0)
    return below.isValid() and below.data(HeadRole) is None


def _paint_icon(painter: QPainter, place: QRect, name: str, tone: str) -> None:
    size = place.width()
    picture = theme.pixmap(name, tone, size, painter.device().devicePixelRatioF())
    painter.drawPixmap(place.left(), place.top() + (place.height() - size) // 2, picture)


def _write(
    painter: QPainter, place: QRect, text: str, face: _Face, tone: str, direction: Qt.LayoutDirection
) -> None:
    painter.setFont(face.font)
    painter.setPen(theme.color(tone))
    side = Qt.AlignmentFlag.AlignLeft
    if direction == Qt.LayoutDirection.RightToLeft:
        side = Qt.AlignmentFlag.AlignRight
    painter.drawText(place, _MIDDLE | side, face.elided(text, place.width()))


def _mirrored(direction: Qt.LayoutDirection, place: QRect, shape: QRect) -> QRect:
    return QStyle.visualRect(direction, place, shape)


def _rect(option: QStyleOptionViewItem) -> QRect:
    return QRect(option.rect)


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state


def _direction(option: QStyleOptionViewItem) -> Qt.LayoutDirection:
    return option.direction
