"""Paint the cards of the library panel."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import theme
from app.ui.library import states
from app.ui.library.flowing import FlowingText, flowing
from app.ui.library.item_model import Index
from app.ui.library.panel_model import PanelRowRole
from app.ui.library.panel_rows import Coverage, PanelRow, RowKind
from app.ui.library.wording import say
from app.ui.widgets import (
    chip_size,
    focus_ring,
    keycap_setting,
    keycap_size,
    paint_chip,
    paint_keycap,
    rounded,
)

_SIDE: Final = 14
_PAD: Final = 14
_GAP: Final = 12
_ICON: Final = 16
_NUMBER: Final = 38
_KEY: Final = "Enter"
_START: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
_SECTION_HEIGHT: Final = 32
_PASSAGE_LINES: Final = 6
_TITLE_LINES: Final = 3
_PLAIN: Final = frozenset({RowKind.SECTION, RowKind.WHOLE})


class PanelDelegate(QStyledItemDelegate):
    """Paint the lines of the panel, each within the frame of its card."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give a line the height of its wrapped text."""
        line = index.data(PanelRowRole)
        return QSize(0, self.line_height(line) if isinstance(line, PanelRow) else 0)

    def line_height(self, line: PanelRow) -> int:
        """Return how high a line is at the width in use."""
        below = theme.scaled(_GAP) if line.ends_card else 0
        if line.ends_card and line.kind in (RowKind.SECTION, RowKind.PARAGRAPH, RowKind.WHOLE):
            below += theme.scaled(8)
        return self._own_height(line) + below

    def insert_area(self, line: PanelRow, rect: QRect) -> QRect:
        """Return where a click inserts the piece of a line."""
        inner = self._inner(rect)
        width = _insert_width()
        top, height = rect.top(), self._own_height(line)
        if line.kind is RowKind.PARAGRAPH:
            foot = self._foot_height()
            top, height = rect.top() + height - foot - theme.scaled(6), foot
        return QRect(inner.right() - width + 1, top, width, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line within its rectangle."""
        line = index.data(PanelRowRole)
        if not isinstance(line, PanelRow):
            return
        rect, state = QRect(option.rect), option.state
        painter.save()
        painter.setClipRect(rect)
        if line.kind is RowKind.HEAD:
            self._paint_head(painter, rect, line)
        else:
            self._paint_card(painter, rect, line)
            self._paint_choice(painter, rect, line, state)
            self._paint_line(painter, rect, line, state)
        painter.restore()

    def _inner(self, rect: QRect) -> QRect:
        card = self._card(rect)
        pad = theme.scaled(_PAD)
        return QRect(card.left() + pad, rect.top(), max(1, card.width() - 2 * pad), rect.height())

    def _card(self, rect: QRect) -> QRect:
        # The gutter of the scroll bar is part of the margin, so that cards end under the search field.
        side = theme.scaled(_SIDE)
        gutter = self._view.verticalScrollBar().sizeHint().width()
        return rect.adjusted(side, 0, -max(2, side - gutter), 0)

    def _inner_width(self) -> int:
        return self._inner(QRect(0, 0, self._view.viewport().width(), 1)).width()

    def _title_left(self) -> int:
        return theme.scaled(_ICON + 10)

    def _foot_height(self) -> int:
        return max(QFontMetrics(theme.font("secondary", weight=500)).height(), keycap_size(_KEY).height())

    def _own_height(self, line: PanelRow) -> int:
        px = theme.scaled
        secondary = QFontMetrics(theme.font("secondary")).height()
        if line.kind is RowKind.HEAD:
            return secondary + px(14)
        if line.kind is RowKind.STATE:
            return chip_size("x").height() + px(8)
        if line.kind is RowKind.WHY:
            return chip_size("x").height() + px(10)
        if line.kind is RowKind.PASSAGE:
            return self._quote(line).height + secondary + px(10 + 4 + 8 + 10)
        if line.kind is RowKind.PARAGRAPH:
            return self._quote(line).height + self._foot_height() + px(8 + 4 + 8)
        if line.kind in _PLAIN:
            return max(px(_SECTION_HEIGHT), self._title(line).height + px(14))
        return self._document_height(line)

    def _document_height(self, line: PanelRow) -> int:
        px = theme.scaled
        height = px(12) + self._title(line).height + px(2) + self._detail(line).height
        passage = self._passing(line)
        if passage is not None:
            height += px(4) + passage.height
        return height + px(8 if line.kind is RowKind.DOCUMENT else 12)

    def _title(self, line: PanelRow) -> FlowingText:
        if line.kind in _PLAIN:
            weight = 500 if line.kind is RowKind.WHOLE else 400
            left = theme.scaled(_NUMBER) if line.kind is RowKind.SECTION else theme.scaled(16)
            width = self._inner_width() - left - self._state_width(line)
            return flowing(
                line.title, "body", max(theme.scaled(60), width), weight=weight, lines=_TITLE_LINES
            )
        width = self._inner_width() - self._title_left()
        role = "card" if line.kind is RowKind.DOCUMENT else "body"
        return flowing(line.title, role, width, weight=600, lines=_TITLE_LINES)

    def _detail(self, line: PanelRow) -> FlowingText:
        width = self._inner_width() - self._title_left()
        return flowing(line.detail, "secondary", width)

    def _passing(self, line: PanelRow) -> FlowingText | None:
        if line.kind is not RowKind.CLOSED or not line.passage.text:
            return None
        width = self._inner_width() - self._title_left()
        return flowing(line.passage.text, "secondary", width, marks=line.passage.marks, lines=2)

    def _quote(self, line: PanelRow) -> FlowingText:
        if line.kind is RowKind.PARAGRAPH:
            width = self._inner_width() - theme.scaled(_NUMBER) - theme.scaled(4)
            return flowing(line.passage.text, "quote", width, marks=line.passage.marks)
        width = self._inner_width() - theme.scaled(24)
        return flowing(line.passage.text, "quote", width, marks=line.passage.marks, lines=_PASSAGE_LINES)

    def _state_width(self, line: PanelRow) -> int:
        words = line.coverage.words
        if not words:
            return _insert_width()
        return _width(theme.font("secondary", weight=500), words) + theme.scaled(_ICON + 16)

    def _paint_head(self, painter: QPainter, rect: QRect, line: PanelRow) -> None:
        place = self._card(rect).adjusted(0, 0, 0, -theme.scaled(4))
        font = theme.font("secondary", weight=600)
        _text(painter, place, line.title, font, "text.2")
        place.setLeft(place.left() + _width(font, line.title) + theme.scaled(8))
        _text(painter, place, line.number, theme.font("secondary"), "text.3")

    def _paint_card(self, painter: QPainter, rect: QRect, line: PanelRow) -> None:
        # The frame is drawn beyond the line where the card goes on, and clipped to the line.
        far = theme.scaled(40)
        card = self._card(rect)
        card.setTop(rect.top() if line.starts_card else rect.top() - far)
        card.setBottom(rect.bottom() - theme.scaled(_GAP) if line.ends_card else rect.bottom() + far)
        ground = "bg.sunken" if line.kind is RowKind.REFUSED else "bg.surface"
        edge = "line.strong" if theme.current_theme() == "contrast" else "line.soft"
        radius = theme.scaled(theme.RADIUS.card)
        rounded(
            painter,
            card,
            radius,
            fill=theme.color(ground),
            edge=theme.color(edge),
            edge_width=theme.line_width(),
        )

    def _paint_choice(self, painter: QPainter, rect: QRect, line: PanelRow, state: QStyle.StateFlag) -> None:
        if not line.is_stop:
            return
        shape = self._card(rect).adjusted(theme.scaled(6), 0, -theme.scaled(6), 0)
        shape.setHeight(self._own_height(line))
        if line.kind not in _PLAIN and line.kind is not RowKind.PARAGRAPH:
            shape.adjust(0, theme.scaled(4), 0, -theme.scaled(4))
        radius = theme.scaled(theme.RADIUS.control)
        if state & QStyle.StateFlag.State_Selected:
            rounded(painter, shape, radius, fill=theme.color("bg.selected"))
            if self._view.hasFocus():
                focus_ring(painter, shape, radius)
            elif line.is_piece:
                rounded(painter, shape, radius, edge=theme.color("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, shape, radius, fill=theme.color("bg.hover"))

    def _paint_line(self, painter: QPainter, rect: QRect, line: PanelRow, state: QStyle.StateFlag) -> None:
        inner = self._inner(rect)
        inner.setHeight(self._own_height(line))
        if line.kind is RowKind.STATE:
            self._paint_state(painter, inner, line)
        elif line.kind is RowKind.WHY:
            _paint_why(painter, inner, line)
        elif line.kind is RowKind.PASSAGE:
            self._paint_passage(painter, inner, line)
        elif line.is_piece:
            self._paint_piece(painter, rect, inner, line, state)
        else:
            self._paint_document(painter, inner, line)

    def _paint_document(self, painter: QPainter, inner: QRect, line: PanelRow) -> None:
        is_refused = line.kind is RowKind.REFUSED
        icon = "file-lock-2" if is_refused else "file-badge"
        if not is_refused and line.row is not None and line.row.kind == "faq":
            icon = "message-square-text"
        top, left = inner.top() + theme.scaled(12), inner.left() + self._title_left()
        size = theme.scaled(_ICON)
        picture = theme.pixmap(icon, "over" if is_refused else "prov.verbatim", size, _ratio(painter))
        painter.drawPixmap(inner.left(), top + theme.scaled(1), picture)
        title, detail = self._title(line), self._detail(line)
        title.paint(painter, left, top, "text.2" if is_refused else "text.1")
        top += title.height + theme.scaled(2)
        detail.paint(painter, left, top, "over" if is_refused else "text.2")
        passage = self._passing(line)
        if passage is not None:
            passage.paint(painter, left, top + detail.height + theme.scaled(4), "text.2")

    def _paint_state(self, painter: QPainter, inner: QRect, line: PanelRow) -> None:
        if line.row is None:
            return
        look = states.state_look(line.row.state)
        size = chip_size(look.word, look.kind, look.icon)
        left = inner.left() + self._title_left()
        paint_chip(
            painter, QRect(left, inner.top(), size.width(), size.height()), look.word, look.kind, look.icon
        )
        rest = QRect(left + size.width() + theme.scaled(10), inner.top(), inner.width(), size.height())
        rest.setRight(inner.right())
        tone = "over" if line.is_blocked else "text.2"
        _text(painter, rest, line.title, theme.font("secondary"), tone)

    def _paint_passage(self, painter: QPainter, inner: QRect, line: PanelRow) -> None:
        box = inner.adjusted(0, 0, 0, -theme.scaled(10))
        rounded(
            painter,
            box,
            theme.scaled(theme.RADIUS.control),
            fill=theme.color("bg.sunken"),
            edge=theme.color("line.soft"),
        )
        if self._is_current(line):
            focus_ring(painter, box, theme.scaled(theme.RADIUS.control))
        quote = self._quote(line)
        left, top = box.left() + theme.scaled(12), box.top() + theme.scaled(10)
        quote.paint(painter, left, top, "text.1")
        below = QRect(left, top + quote.height + theme.scaled(4), box.width() - theme.scaled(24), 0)
        below.setHeight(QFontMetrics(theme.font("secondary")).height())
        _text(painter, below, line.detail, theme.font("secondary"), "text.2")

    def _paint_piece(
        self, painter: QPainter, rect: QRect, inner: QRect, line: PanelRow, state: QStyle.StateFlag
    ) -> None:
        if line.kind is RowKind.PARAGRAPH:
            bar = QRect(inner.left() + theme.scaled(_NUMBER - 10), inner.top() + theme.scaled(8), 2, 0)
            bar.setBottom(inner.bottom() - theme.scaled(8))
            painter.fillRect(bar, theme.color("line.soft"))
            left = inner.left() + theme.scaled(_NUMBER)
            self._quote(line).paint(painter, left, inner.top() + theme.scaled(8), "text.1")
        else:
            self._paint_plain(painter, inner, line)
        area = self.insert_area(line, rect)
        if line.coverage.inserted:
            wide = QRect(inner.left(), area.top(), inner.width(), area.height())
            _paint_coverage(painter, wide, line.coverage)
        elif line.can_insert and state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            self._paint_insert(painter, area, is_chosen=bool(state & QStyle.StateFlag.State_Selected))

    def _paint_plain(self, painter: QPainter, inner: QRect, line: PanelRow) -> None:
        title = self._title(line)
        top = inner.top() + (inner.height() - title.height) // 2
        if line.kind is RowKind.WHOLE:
            painter.fillRect(QRect(inner.left(), inner.top(), inner.width(), 1), theme.color("line.soft"))
            title.paint(painter, inner.left() + theme.scaled(16), top, "text.1")
            return
        size = theme.scaled(12)
        chevron = theme.pixmap(
            "chevron-down" if line.is_open else "chevron-right", "text.3", size, _ratio(painter)
        )
        painter.drawPixmap(inner.left(), inner.top() + (inner.height() - size) // 2, chevron)
        number = QRect(inner.left() + theme.scaled(16), inner.top(), theme.scaled(20), inner.height())
        if line.is_warning:
            picture = theme.pixmap("triangle-alert", "warn", theme.scaled(14), _ratio(painter))
            painter.drawPixmap(number.left(), inner.top() + (inner.height() - theme.scaled(14)) // 2, picture)
        else:
            _text(painter, number, line.number, theme.font("secondary"), "text.3")
        tone = "warn" if line.is_warning else "text.1"
        title.paint(painter, inner.left() + theme.scaled(_NUMBER), top, tone)

    def _paint_insert(self, painter: QPainter, area: QRect, *, is_chosen: bool) -> None:
        font = theme.font("secondary", weight=600)
        place = area.adjusted(theme.scaled(8), 0, 0, 0)
        _text(painter, place, say("Insert"), font, "accent")
        if is_chosen and keycap_setting.is_on and self._view.hasFocus():
            place.setLeft(place.left() + _width(font, say("Insert")) + theme.scaled(8))
            paint_keycap(painter, place, _KEY)

    def _is_current(self, line: PanelRow) -> bool:
        current = self._view.currentIndex().data(PanelRowRole)
        return self._view.hasFocus() and isinstance(current, PanelRow) and current.key == line.key


def _paint_coverage(painter: QPainter, inner: QRect, coverage: Coverage) -> None:
    token = "prov.changed" if coverage.is_changed else "prov.verbatim"
    font, size = theme.font("secondary", weight=500), theme.scaled(14)
    width = _width(font, coverage.words)
    place = QRect(inner.right() - width + 1, inner.top(), width, inner.height())
    _text(painter, place, coverage.words, font, token)
    picture = theme.pixmap("pencil-line" if coverage.is_changed else "lock", token, size, _ratio(painter))
    left = place.left() - size - theme.scaled(6)
    painter.drawPixmap(left, inner.top() + (inner.height() - size) // 2, picture)


def _paint_why(painter: QPainter, inner: QRect, line: PanelRow) -> None:
    font, left = theme.font("secondary"), inner.left()
    height = chip_size("x").height()
    place = QRect(left, inner.top(), inner.width(), height)
    _text(painter, place, line.title, font, "text.2")
    left += _width(font, line.title) + theme.scaled(10)
    for chip in line.chips:
        width = chip_size(chip).width()
        if left + width > inner.right() + 1:
            break
        paint_chip(painter, QRect(left, inner.top(), width, height), chip)
        left += width + theme.scaled(6)


def _text(painter: QPainter, place: QRect, text: str, font: QFont, token: str) -> None:
    painter.setFont(font)
    painter.setPen(theme.color(token))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 1)
    painter.drawText(place, _START, shown)


def _insert_width() -> int:
    width = _width(theme.font("secondary", weight=600), say("Insert")) + theme.scaled(16)
    return width + keycap_size(_KEY).width() + theme.scaled(8) if keycap_setting.is_on else width


def _width(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text) + 2


def _ratio(painter: QPainter) -> float:
    device = painter.device()
    return float(device.devicePixelRatioF()) if device else 1.0
