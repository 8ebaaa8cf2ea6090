"""Lead to the pages from the left edge of the window."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.shell.hover_button import HoverButton
from app.ui.shell.page import BadgeKind, PageSpec

_WIDTH = 72
_PITCH = 56
_ICON = 20
_MARK = 28
_LARGEST_COUNT = 99
_RAIL_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RailButton(HoverButton):
    """Paint one page of the rail with its badge."""

    def __init__(self, spec: PageSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self.page_id = spec.id
        self._title = spec.title
        self._icon = spec.icon
        self._badge_kind = spec.badge
        self._count = 0
        self.setCheckable(True)
        self.setText(spec.title)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._name()

    @property
    def count(self) -> int:
        """Return the number in the badge; zero shows none."""
        return self._count

    @property
    def badge_token(self) -> str:
        """Return the colour token of the badge."""
        return "safety.fill" if self._badge_kind is BadgeKind.SAFETY else "fill"

    def set_count(self, count: int) -> None:
        """Show a number at the icon, or none for zero."""
        if count != self._count:
            self._count = count
            self._name()
            self.update()

    def nextCheckState(self) -> None:  # noqa: N802 - Qt calls this name
        """Leave the check mark to the rail, which knows the page."""

    def sizeHint(self) -> QSize:
        """Fit icon and name at the text size in use."""
        metrics = QFontMetrics(theme.font("badge", weight=600))
        height = max(_PITCH, theme.scaled(_ICON) + metrics.height() + 20)
        return QSize(metrics.horizontalAdvance(self._title) + 16, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave arrows and Enter to the rail, press with Space."""
        if Qt.Key(event.key()) in _RAIL_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint tile, icon, name, badge and focus ring."""
        icon = theme.scaled(_ICON)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_tile(painter)
            font = theme.font("badge", weight=600 if self.isChecked() else 500)
            text_height = QFontMetrics(font).height()
            top = (self.height() - icon - text_height - 2) // 2
            token = "accent" if self.isChecked() else "text.2"
            left = (self.width() - icon) // 2
            painter.drawPixmap(left, top, theme.pixmap(self._icon, token, icon, self.devicePixelRatioF()))
            painter.setFont(font)
            painter.setPen(theme.color("text.1" if self.isChecked() else "text.2"))
            name = QRect(0, top + icon + 2, self.width(), text_height)
            painter.drawText(name, Qt.AlignmentFlag.AlignCenter, self._title)
            if self._count:
                self._paint_badge(painter, QPoint(left + icon - 6, top - 6))

    def _paint_tile(self, painter: QPainter) -> None:
        tile = QRectF(self.rect()).adjusted(8, 3, -8, -3)
        radius = theme.RADIUS.card
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.is_hovered:
            painter.setBrush(theme.color("bg.surface" if self.isChecked() else "bg.hover"))
            painter.drawRoundedRect(tile, radius, radius)
        if self.isChecked():
            painter.setBrush(theme.color("accent"))
            bar = self.style().visualRect(
                self.layoutDirection(), self.rect(), QRect(0, 15, 3, self.height() - 30)
            )
            painter.drawRoundedRect(bar, 1.5, 1.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), radius - 1, radius - 1)

    def _paint_badge(self, painter: QPainter, at: QPoint) -> None:
        text = str(self._count) if self._count <= _LARGEST_COUNT else f"{_LARGEST_COUNT}+"
        painter.setFont(theme.font("badge", weight=600))
        metrics = painter.fontMetrics()
        height = max(16, metrics.height() + 2)
        width = max(height, metrics.horizontalAdvance(text) + 8)
        ring = theme.color("bg.surface" if self.isChecked() else "bg.rail")
        shape = QRectF(at.x(), at.y(), width, height)
        painter.setPen(QPen(ring, 2))
        painter.setBrush(theme.color(self.badge_token))
        painter.drawRoundedRect(shape.adjusted(-1, -1, 1, 1), height / 2 + 1, height / 2 + 1)
        painter.setPen(theme.color("on.fill"))
        painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, text)

    def _name(self) -> None:
        self.setAccessibleName(self._title)
        if not self._count:
            self.setAccessibleDescription("")
        elif self._badge_kind is BadgeKind.SAFETY:
            self.setAccessibleDescription(self.tr("{n} open safety records").format(n=self._count))
        else:
            self.setAccessibleDescription(self.tr("{n} waiting").format(n=self._count))


class _MarkButton(QToolButton):
    """Show the mark of the program; opens its menu."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark and the focus ring."""
        size = theme.scaled(_MARK)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left, top = (self.width() - size) // 2, (self.height() - size) // 2
            painter.drawPixmap(left, top, theme.app_mark(size, self.devicePixelRatioF()))
            if self.hasFocus() or self.isDown():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRoundedRect(QRectF(left - 3, top - 3, size + 6, size + 6), 8, 8)


class _PageColumn(QScrollArea):
    """Scroll the pages where the window is too low for them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrow keys to the rail."""
        event.ignore()


class Rail(QWidget):
    """Hold the pages from top to bottom, settings at the foot."""

    page_requested = Signal(str)
    menu_requested = Signal(QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons: dict[str, RailButton] = {}
        self._current = ""
        self.mark_button = _MarkButton(self)
        self.mark_button.setAccessibleName(self.tr("MI Desk menu"))
        self.mark_button.setToolTip(self.tr("MI Desk menu"))
        self.mark_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.mark_button.clicked.connect(self._on_mark_clicked)
        self._body = QWidget()
        self._pages = QVBoxLayout(self._body)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.setSpacing(0)
        self._pages.addStretch(1)
        self._foot = QVBoxLayout()
        self._arrange()
        self._fit()
        theme.theme_signals.changed.connect(self._fit)

    def buttons(self) -> Sequence[RailButton]:
        """Return the buttons from top to bottom."""
        return tuple(self._buttons.values())

    def button(self, page_id: str) -> RailButton:
        """Return the button of one page."""
        return self._buttons[page_id]

    def add_page(self, spec: PageSpec, tooltip: str) -> None:
        """Add the button of a page that exists."""
        button = RailButton(spec, self)
        button.setToolTip(tooltip)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self._on_button_clicked)
        self._buttons[spec.id] = button
        if spec.is_at_foot:
            self._foot.addWidget(button)
        else:
            self._pages.insertWidget(self._pages.count() - 1, button)
        self._fit()

    def set_current(self, page_id: str) -> None:
        """Mark the page on screen; it alone takes the Tab key."""
        self._current = page_id
        for button in self._buttons.values():
            is_current = button.page_id == page_id
            button.setChecked(is_current)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_current else Qt.FocusPolicy.NoFocus)
            button.update()

    def holds_keyboard(self) -> bool:
        """Tell whether the keyboard is on one of the pages."""
        return any(button.hasFocus() for button in self._buttons.values())

    def focus_current(self) -> None:
        """Put the keyboard on the page that is shown."""
        if self._current:
            self._buttons[self._current].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys, open with Enter."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        buttons = self.buttons()
        focused = next((at for at, button in enumerate(buttons) if button.hasFocus()), None)
        if focused is None:
            super().keyPressEvent(event)
        elif step is not None:
            target = buttons[(focused + step) % len(buttons)]
            target.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(target)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            buttons[focused].click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line to the page."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("bg.rail"))
            edge = self.style().visualRect(
                self.layoutDirection(), self.rect(), QRect(self.width() - 1, 0, 1, self.height())
            )
            painter.fillRect(edge, theme.color("line.soft"))

    def _arrange(self) -> None:
        self._scroll = _PageColumn(self)
        self._scroll.setWidget(self._body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self._body.setAutoFillBackground(False)
        # At 200 % text nine pages are higher than a small window; the scroll bar must not cover names.
        self._scroll.verticalScrollBar().rangeChanged.connect(self._fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.SPACE.xs)
        column.setSpacing(0)
        column.addWidget(self.mark_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._scroll, 1)
        self._foot.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._foot)

    def _fit(self) -> None:
        widest = max((button.sizeHint().width() for button in self._buttons.values()), default=0)
        bar = self._scroll.verticalScrollBar()
        room = bar.sizeHint().width() if bar.maximum() > 0 else 0
        self.setFixedWidth(max(_WIDTH, widest) + room)
        self.mark_button.setFixedSize(self.width() - 2, max(_PITCH, theme.scaled(_MARK) + 12))
        for button in self._buttons.values():
            button.updateGeometry()
        self.update()

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, RailButton):
            self.page_requested.emit(button.page_id)

    def _on_mark_clicked(self) -> None:
        corner = self.mark_button.mapToGlobal(QPoint(theme.SPACE.s, self.mark_button.height()))
        self.menu_requested.emit(corner)
