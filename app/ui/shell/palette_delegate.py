"""Paint the rows of the palette and of the help page."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import theme
from app.ui.shell.palette_model import HeadRole, ItemRole, MarksRole, PaletteItem
from app.ui.widgets.keycap import keycap_setting, keycap_size, paint_keycap

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_ICON = 18
_EDGE = 8


class PaletteDelegate(QStyledItemDelegate):
    """Paint headings and two-line rows with keycaps."""

    def __init__(self, parent: QObject, *, is_choosable: bool = True) -> None:
        super().__init__(parent)
        self._is_choosable = is_choosable
        self.forget_fonts()

    def forget_fonts(self) -> None:
        """Take the fonts of the text size in use."""
        self._title = theme.font("body", weight=500)
        self._marked = theme.font("body", weight=700)
        self._small = theme.font("secondary")
        self._head = theme.font("secondary", weight=600)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give headings, one-line and two-line rows their height."""
        item = index.data(ItemRole)
        if not isinstance(item, PaletteItem):
            return QSize(0, QFontMetrics(self._head).height() + 14)
        lines = QFontMetrics(self._title).height()
        if item.subtitle or item.reason:
            return QSize(0, lines + QFontMetrics(self._small).height() + 18)
        return QSize(0, lines + (18 if self._is_choosable else 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row within its rectangle."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = _rect(option)
        item = index.data(ItemRole)
        if isinstance(item, PaletteItem):
            if self._is_choosable:
                _paint_choice(painter, row, _state(option))
            self._paint_item(painter, row, item, index.data(MarksRole) or ())
        else:
            painter.setFont(self._head)
            painter.setPen(theme.color("text.3"))
            place = row.adjusted(_EDGE + 14, 6, -_EDGE, 0)
            painter.drawText(place, _LEFT, str(index.data(HeadRole)))
        painter.restore()

    def _paint_item(
        self, painter: QPainter, row: QRect, item: PaletteItem, marks: tuple[tuple[int, int], ...]
    ) -> None:
        icon = theme.scaled(_ICON)
        left = row.left() + _EDGE + 14
        if item.icon:
            tone = "text.3" if item.reason else item.tone
            ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
            picture = theme.pixmap(item.icon, tone, icon, ratio)
            painter.drawPixmap(left, row.center().y() - icon // 2 + 1, picture)
            left += icon + theme.scaled(12)
        caps_left = self._paint_caps(painter, row, item.keys)
        words = QRect(left, row.top(), max(0, caps_left - 12 - left), row.height())
        below = item.reason or item.subtitle
        if below:
            self._paint_below(painter, words, below, is_reason=item.reason is not None)
            words.setHeight(row.height() // 2 + 2)
            words.setTop(words.top() + 6)
        self._paint_title(painter, words, item, marks)

    def _paint_below(self, painter: QPainter, words: QRect, text: str, *, is_reason: bool) -> None:
        painter.setFont(self._small)
        painter.setPen(theme.color("text.2" if is_reason else "text.3"))
        place = QRect(words.left(), words.center().y() + 1, words.width(), words.height() // 2 - 5)
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, _LEFT, cut)

    def _paint_title(
        self, painter: QPainter, words: QRect, item: PaletteItem, marks: tuple[tuple[int, int], ...]
    ) -> None:
        text = QFontMetrics(self._marked).elidedText(item.title, Qt.TextElideMode.ElideRight, words.width())
        plain = theme.color("text.3" if item.reason else "text.1")
        at, left = 0, words.left()
        for start, end in [*marks, (len(text), len(text))]:
            left += self._run(painter, left, words, text[at:start], self._title, plain)
            left += self._run(painter, left, words, text[start:end], self._marked, theme.color("accent"))
            at = max(at, end)

    def _run(self, painter: QPainter, left: int, words: QRect, text: str, font: QFont, colour: QColor) -> int:
        if not text:
            return 0
        painter.setFont(font)
        painter.setPen(colour)
        width = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(QRect(left, words.top(), width + 2, words.height()), _LEFT, text)
        return width

    def _paint_caps(self, painter: QPainter, row: QRect, keys: str) -> int:
        right = row.right() - _EDGE - 12
        if not keys or not keycap_setting.is_on:
            return right
        size = keycap_size(keys)
        place = QRect(right - size.width(), row.top(), size.width(), row.height())
        paint_keycap(painter, place, keys)
        return place.left()


def _paint_choice(painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
    shape = QRectF(row).adjusted(_EDGE, 1, -_EDGE, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if state & QStyle.StateFlag.State_Selected:
        painter.setBrush(theme.color("bg.selected"))
        painter.drawRoundedRect(shape, theme.RADIUS.card, theme.RADIUS.card)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(shape.adjusted(1, 1, -1, -1), theme.RADIUS.card - 1, theme.RADIUS.card - 1)
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(theme.color("bg.hover"))
        painter.drawRoundedRect(shape, theme.RADIUS.card, theme.RADIUS.card)


def _rect(option: QStyleOptionViewItem) -> QRect:
    return QRect(option.rect)


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state
