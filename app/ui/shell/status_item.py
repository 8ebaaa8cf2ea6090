"""Paint one fact of the status bar."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.shell.hover_button import HoverButton

_ICON = 14


@dataclass(frozen=True, slots=True)
class _Look:
    """Hold how one item of the bar is painted."""

    icon: str
    text: str
    short: str
    tone: str
    is_filled: bool = False


class StatusItem(HoverButton):
    """Paint one fact of the status bar and open it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = _Look("cloud-off", "", "", "text.2")
        self._is_short = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_fact(
        self, icon: str, text: str, tone: str, *, short: str, is_filled: bool = False, hint: str = ""
    ) -> None:
        """Show an icon with words; say in the hint what it opens."""
        self._look = _Look(icon, text, short, tone, is_filled)
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(hint)
        self.setToolTip(hint)
        self.updateGeometry()
        self.update()

    @property
    def is_filled(self) -> bool:
        """Whether the item is painted as a filled pill."""
        return self._look.is_filled

    @property
    def shown_text(self) -> str:
        """Return the words that are painted, long or short."""
        return self._look.short if self._is_short else self._look.text

    def set_short(self, is_short: bool) -> None:
        """Paint the short words; a screen reader hears the long ones."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Fit the icon, the words and the inner edges."""
        metrics = QFontMetrics(self._font())
        height = max(theme.scaled(24), metrics.height() + 4)
        return QSize(metrics.horizontalAdvance(self.shown_text) + theme.scaled(_ICON + 6 + 16), height)

    def minimumSizeHint(self) -> QSize:
        """Allow the words to be cut before the icon goes."""
        return QSize(theme.scaled(_ICON + 16), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter too; leave the arrows to the bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, icon, words and the focus ring."""
        look = self._look
        tone = "on.fill" if look.is_filled else look.tone
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            icon = theme.scaled(_ICON)
            left = theme.scaled(8)
            top = (self.height() - icon) // 2
            picture = theme.pixmap(look.icon, tone, icon, self.devicePixelRatioF())
            painter.drawPixmap(left, top, picture)
            painter.setFont(self._font())
            painter.setPen(theme.color(tone))
            words = QRect(left + icon + theme.scaled(6), 0, 0, self.height())
            words.setRight(self.width() - theme.scaled(6))
            text = painter.fontMetrics().elidedText(
                self.shown_text, Qt.TextElideMode.ElideRight, words.width()
            )
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_ground(self, painter: QPainter) -> None:
        shape = self.rect().adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = theme.RADIUS.chip
        if self._look.is_filled:
            painter.setBrush(theme.color("safety.fill"))
            painter.drawRoundedRect(shape, radius, radius)
        elif self.is_hovered:
            painter.setBrush(theme.color("bg.hover"))
            painter.drawRoundedRect(shape, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = "on.fill" if self._look.is_filled else "accent"
            painter.setPen(QPen(theme.color(ring), 2))
            inset = 2 if self._look.is_filled else 0
            painter.drawRoundedRect(shape.adjusted(inset, inset, -inset, -inset), radius, radius)

    def _font(self) -> QFont:
        return theme.font("secondary", weight=600 if self._look.is_filled else 400)
