"""The sections beside the settings."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QPushButton, QSizePolicy, QVBoxLayout

from app.ui import theme
from app.ui.settings.section import Section
from app.ui.widgets import focus_ring, rounded

_HEIGHT = 30
_WIDTH = 204
_ICON = 16


class SectionButton(QPushButton):
    """One section: icon and name."""

    def __init__(self, section: Section) -> None:
        super().__init__(section.title())
        self.section_id = section.section_id
        self._icon = section.icon
        self.setCheckable(True)
        self.setAccessibleName(section.title())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme_signals.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Fit one line at the text size in use."""
        metrics = QFontMetrics(theme.font("body", weight=600))
        width = theme.scaled(_ICON) + metrics.horizontalAdvance(self.text()) + theme.scaled(36)
        return QSize(width, max(theme.scaled(_HEIGHT), metrics.height() + theme.scaled(10)))

    def minimumSizeHint(self) -> QSize:
        """Never cut the name."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the mouse is here."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the mouse has gone."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, icon, name and focus ring."""
        radius, size = theme.scaled(theme.RADIUS.control), theme.scaled(_ICON)
        inner = self.rect().adjusted(theme.scaled(12), 0, -theme.scaled(10), 0)
        is_here = self.isChecked()
        with QPainter(self) as painter:
            if is_here or self.underMouse():
                rounded(
                    painter, self.rect(), radius, fill=theme.color("bg.selected" if is_here else "bg.hover")
                )
            if self.hasFocus():
                focus_ring(painter, self.rect(), radius)
            place = QRect(inner.left(), (self.height() - size) // 2, size, size)
            picture = theme.pixmap(
                self._icon, "accent" if is_here else "text.2", size, self.devicePixelRatioF()
            )
            painter.drawPixmap(self._mirrored(place).topLeft(), picture)
            painter.setFont(theme.font("body", weight=600 if is_here else 400))
            painter.setPen(theme.color("text.1" if is_here else "text.2"))
            words = inner.adjusted(size + theme.scaled(theme.SPACE.s), 0, 0, 0)
            sides = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
            painter.drawText(self._mirrored(words), sides, self.text())

    def _mirrored(self, place: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), place)


class SectionList(QFrame):
    """Every section; arrow keys walk through them, one stop of the Tab key."""

    section_chosen = Signal(str)

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self.setProperty("surface", "sunken")
        self.setAccessibleName(self.tr("Sections"))
        self._buttons = {section.section_id: SectionButton(section) for section in sections}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE.s, theme.SPACE.m, theme.SPACE.s, theme.SPACE.m)
        column.setSpacing(2)
        for button in self._buttons.values():
            self._group.addButton(button)
            column.addWidget(button)
        column.addStretch(1)
        self._group.buttonClicked.connect(self._on_clicked)
        theme.theme_signals.changed.connect(self._fit)
        self._fit()

    def button(self, section_id: str) -> SectionButton:
        """Return the button of a section."""
        return self._buttons[section_id]

    def show_section(self, section_id: str) -> None:
        """Show which section is on screen; none while a search runs."""
        self._group.setExclusive(False)
        for key, button in self._buttons.items():
            button.setChecked(key == section_id)
            is_stop = key == (section_id or next(iter(self._buttons)))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)
        self._group.setExclusive(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the section above or below with the arrow keys."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        buttons = list(self._buttons.values())
        at = next((place for place, button in enumerate(buttons) if button.hasFocus()), None)
        if by is None or at is None:
            super().keyPressEvent(event)
        elif 0 <= at + by < len(buttons):
            buttons[at + by].setFocus(Qt.FocusReason.TabFocusReason)
            buttons[at + by].click()

    def _fit(self) -> None:
        widest = max(button.sizeHint().width() for button in self._buttons.values())
        usual = _WIDTH if theme.text_factor() == 1 else 0
        self.setFixedWidth(max(usual, widest + 2 * theme.SPACE.s))

    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, SectionButton):
            self.section_chosen.emit(button.section_id)
