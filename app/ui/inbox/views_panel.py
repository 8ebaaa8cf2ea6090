"""The saved views beside the list, with how many each holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.services.intake.inbox_views import SavedViewRow
from app.services.intake.queries import MOST_COUNTED, View
from app.ui import theme
from app.ui.widgets import focus_ring, rounded, section_head

_HEIGHT: Final = 30
SAVED: Final = "saved:"
_MY_WORK: Final[tuple[View, ...]] = ("mine",)
_TEAM: Final[tuple[View, ...]] = (
    "due_today",
    "overdue",
    "safety_open",
    "waiting",
    "unassigned",
    "all_open",
    "closed",
)
VIEWS: Final = _MY_WORK + _TEAM
_ICONS: Final[dict[View, str]] = {
    "mine": "user",
    "due_today": "calendar-clock",
    "overdue": "circle-alert",
    "safety_open": "shield-alert",
    "waiting": "circle-pause",
    "unassigned": "circle-dashed",
    "all_open": "layers",
    "closed": "archive",
    "all": "inbox",
}
_LOUD: Final[dict[View, str]] = {"overdue": "over", "safety_open": "safety"}


def view_title(view: View) -> str:
    """Return how a view is called."""
    return {
        "mine": _tr("Mine"),
        "due_today": _tr("Due today"),
        "overdue": _tr("Overdue"),
        "safety_open": _tr("Safety open"),
        "waiting": _tr("Waiting"),
        "unassigned": _tr("Unassigned"),
        "all_open": _tr("All open"),
        "closed": _tr("Closed"),
        "all": _tr("All inquiries"),
    }[view]


def view_icon(view: View) -> str:
    """Return the icon of a view."""
    return _ICONS[view]


@dataclass(frozen=True, slots=True)
class _Tones:
    """The tokens in which a view is painted."""

    icon: str
    text: str
    count: str


def count_text(count: int) -> str:
    """Return a count as a view shows it; one over the most that is counted means more."""
    return f"{MOST_COUNTED:,}+" if count == MOST_COUNTED + 1 else f"{count:,}"


class ViewButton(QPushButton):
    """One view: icon, name and count."""

    def __init__(self, view: str, title: str = "", icon: str = "") -> None:
        self._title = title or view_title(cast("View", view))
        super().__init__(self._title)
        self.view = view
        self.count: int | None = None
        self._icon = icon or _ICONS[cast("View", view)]
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._title)
        theme.theme_signals.changed.connect(self.updateGeometry)

    def set_count(self, count: int) -> None:
        """Show how many inquiries the view holds."""
        self.count = count
        self.setAccessibleName(f"{self._title}, {count_text(count)}")
        self.update()

    def sizeHint(self) -> QSize:
        """Fit one line at the text size in use."""
        line = QFontMetrics(theme.font("body", weight=600)).height()
        return QSize(theme.scaled(160), max(theme.scaled(_HEIGHT), line + theme.scaled(10)))

    def minimumSizeHint(self) -> QSize:
        """Keep the icon and some letters."""
        return QSize(theme.scaled(90), self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the mouse is here."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the mouse has gone."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        with QPainter(self) as painter:
            self._paint_ground(painter)
            inner = self.rect().adjusted(theme.scaled(12), 0, -theme.scaled(10), 0)
            tones, size = self._tones(), theme.scaled(16)
            picture = theme.pixmap(self._icon, tones.icon, size, self.devicePixelRatioF())
            icon = self._mirrored(QRect(inner.left(), (self.height() - size) // 2, size, size))
            painter.drawPixmap(icon.topLeft(), picture)
            taken = self._paint_count(painter, inner, tones.count)
            words = inner.adjusted(size + theme.scaled(theme.SPACE.s), 0, -taken, 0)
            self._write(painter, words, self.text(), tones.text, Qt.AlignmentFlag.AlignLeading)

    def _paint_ground(self, painter: QPainter) -> None:
        radius = theme.scaled(theme.RADIUS.control)
        if self.isChecked():
            rounded(painter, self.rect(), radius, fill=theme.color("bg.selected"))
        elif self.underMouse():
            rounded(painter, self.rect(), radius, fill=theme.color("bg.hover"))
        if self.hasFocus():
            focus_ring(painter, self.rect(), radius)

    def _paint_count(self, painter: QPainter, inner: QRect, tone: str) -> int:
        if self.count is None:
            return 0
        painter.setFont(theme.font("secondary", weight=600 if tone in _LOUD.values() else 400, tabular=True))
        painter.setPen(theme.color(tone))
        text = count_text(self.count)
        width = painter.fontMetrics().horizontalAdvance(text) + 1
        place = self._mirrored(QRect(inner.right() - width, 0, width + 1, self.height()))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        return width + theme.scaled(theme.SPACE.s)

    def _write(self, painter: QPainter, place: QRect, text: str, tone: str, side: Qt.AlignmentFlag) -> None:
        painter.setFont(theme.font("body", weight=600 if self.isChecked() else 400))
        painter.setPen(theme.color(tone))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(self._mirrored(place), Qt.AlignmentFlag.AlignVCenter | side, shown)

    def _tones(self) -> _Tones:
        if self.isChecked():
            count = _LOUD.get(cast("View", self.view), "text.2") if self.count else "text.2"
            return _Tones("accent", "text.1", count)
        return _Tones(
            "text.2", "text.2", _LOUD.get(cast("View", self.view), "text.3") if self.count else "text.3"
        )

    def _mirrored(self, place: QRect) -> QRect:
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            return QRect(self.width() - place.right() - 1, place.top(), place.width(), place.height())
        return place


class ViewsPanel(QFrame):
    """Every view in groups, those one saved last; arrow keys walk through them."""

    view_chosen = Signal(str)
    saved_menu_requested = Signal(str, QPoint)
    """The id of a saved view and where on the screen its menu belongs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "sunken")
        self.setAccessibleName(self.tr("Views"))
        self._buttons: dict[str, ViewButton] = {}
        self._shown = "mine"
        self._saved_head = section_head(self.tr("Saved views"))
        self._saved = QVBoxLayout()
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_clicked)
        self._build()

    def button(self, view: str) -> ViewButton:
        """Return the button of a view."""
        return self._buttons[view]

    def show_saved(self, views: Sequence[SavedViewRow]) -> None:
        """Show the saved views in their order; their counts follow."""
        known = {key: each.count for key, each in self._buttons.items() if each.count is not None}
        had_focus = self.focusWidget()
        wanted = had_focus.view if isinstance(had_focus, ViewButton) and had_focus.hasFocus() else ""
        for key in [key for key in self._buttons if key.startswith(SAVED)]:
            button = self._buttons.pop(key)
            self._group.removeButton(button)
            self._saved.removeWidget(button)
            button.hide()
            button.deleteLater()
        for view in views:
            key = SAVED + view.id
            button = self._add(key, view.name, "filter")
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(self._on_menu)
            self._saved.addWidget(button)
            if key in known:
                button.set_count(known[key])
            if key == wanted:
                button.setFocus()
        self._saved_head.setVisible(bool(views))
        self.show_view(self._shown)

    def show_view(self, view: str) -> None:
        """Show which view is on screen."""
        self._shown = view
        button = self._buttons.get(view)
        self._group.setExclusive(False)
        for each in self._buttons.values():
            each.setChecked(each is button)
            # One stop of the Tab key; the arrow keys do the rest.
            stop = each is button or (button is None and each.view == "mine")
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)
        self._group.setExclusive(True)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many inquiries each view holds."""
        for view, button in self._buttons.items():
            if view in counts:
                button.set_count(counts[view])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the view above or below with the arrow keys."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        buttons = list(self._buttons.values())
        focused = self.focusWidget()
        if by is None or focused not in buttons:
            super().keyPressEvent(event)
            return
        at = [button is focused for button in buttons].index(True) + by
        if 0 <= at < len(buttons):
            buttons[at].setFocus(Qt.FocusReason.TabFocusReason)
            buttons[at].click()

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.SPACE.s
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.l)
        column.setSpacing(1)
        for title, views in ((self.tr("My work"), _MY_WORK), (self.tr("Team"), _TEAM)):
            if self._buttons:
                column.addSpacing(theme.SPACE.l)
            head = section_head(title)
            head.setContentsMargins(theme.SPACE.m, 0, 0, 0)
            column.addWidget(head)
            column.addSpacing(theme.SPACE.xs)
            for view in views:
                column.addWidget(self._add(view))
        column.addSpacing(theme.SPACE.l)
        self._saved_head.setContentsMargins(theme.SPACE.m, 0, 0, 0)
        self._saved_head.hide()
        column.addWidget(self._saved_head)
        column.addSpacing(theme.SPACE.xs)
        self._saved.setSpacing(1)
        column.addLayout(self._saved)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for clear in (scroll, scroll.viewport(), body):
            clear.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _on_menu(self, place: QPoint) -> None:
        button = self.sender()
        if isinstance(button, ViewButton):
            self.saved_menu_requested.emit(button.view.removeprefix(SAVED), button.mapToGlobal(place))

    def _add(self, view: str, title: str = "", icon: str = "") -> ViewButton:
        button = self._buttons[view] = ViewButton(view, title, icon)
        self._group.addButton(button)
        return button

    def _on_clicked(self, button: ViewButton) -> None:
        self.show_view(button.view)
        self.view_chosen.emit(button.view)


def _tr(text: str) -> str:
    return QCoreApplication.translate("inbox_views", text)
