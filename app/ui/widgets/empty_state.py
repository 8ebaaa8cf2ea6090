"""The empty state: what is done, as of when, and what comes next."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.buttons import connect_click
from app.ui.widgets.keycap import KeyCap
from app.ui.widgets.labels import icon_label, text_label
from app.ui.widgets.painting import rounded

_DISC: Final = 72
_ICON: Final = 30
_WIDTH: Final = 520


class _Disc(QLabel):
    """A large icon on a soft disc; it says nothing that the words do not."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        theme.set_size(self, width=_DISC, height=_DISC)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        size = theme.scaled(_ICON)
        with QPainter(self) as painter:
            edge = theme.color("accent") if theme.current_theme() == "contrast" else None
            rounded(
                painter,
                self.rect(),
                self.width() / 2,
                fill=theme.color("accent.soft"),
                edge=edge,
                edge_width=2,
            )
            picture = theme.pixmap(self._icon, "accent", size, self.devicePixelRatioF())
            painter.drawPixmap((self.width() - size) // 2, (self.height() - size) // 2, picture)


class StepButton(QPushButton):
    """A next step: icon, what it does, why, and its key."""

    def __init__(self, title: str, reason: str = "", *, icon: str = "", shortcut: str = "") -> None:
        super().__init__()
        self.setProperty("v", "step")
        self.setAccessibleName(title)
        self.setAccessibleDescription(reason)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(theme.SPACE.m)
        if icon:
            self._row.addWidget(icon_label(icon, "accent", 20))
        self._row.addLayout(self._make_words(title, reason), 1)
        if shortcut:
            self._row.addWidget(KeyCap(shortcut))
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._row.setContentsMargins(theme.SPACE.l, theme.SPACE.s, theme.SPACE.l, theme.SPACE.s)

    def sizeHint(self) -> QSize:
        """Fit the words, which Qt's own hint does not know."""
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Keep every line readable."""
        return self._row.minimumSize()

    def _make_words(self, title: str, reason: str) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(text_label(title, role="body", weight=600, wraps=True))
        if reason:
            words.addWidget(text_label(reason, role="secondary", tone="text.2", wraps=True))
        return words


class EmptyState(QWidget):
    """A page without rows: an icon, what is done, and next steps."""

    def __init__(self, icon: str, title: str, sentence: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.SPACE.s)
        self._title = text_label(title, role="page_title", wraps=True)
        self._sentence = text_label(sentence, role="body", tone="text.2", wraps=True)
        self._build(icon)

    def set_words(self, title: str, sentence: str) -> None:
        """Say something else, for instance after a search."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def add_step(
        self,
        title: str,
        on_click: Callable[[], None],
        *,
        reason: str = "",
        icon: str = "",
        shortcut: str = "",
    ) -> StepButton:
        """Add a next step below the words."""
        step = StepButton(title, reason, icon=icon, shortcut=shortcut)
        connect_click(step, on_click)
        self._column.insertWidget(self._column.count() - 1, step)
        return step

    def _build(self, icon: str) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(
            theme.SPACE.page_edge, theme.SPACE.huge, theme.SPACE.page_edge, theme.SPACE.huge
        )
        middle = QWidget()
        middle.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        theme.theme_signals.changed.connect(self._fit_width)
        self._middle = middle
        middle.setLayout(self._column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(2)
        self._column.addWidget(_Disc(icon), 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(theme.SPACE.m)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._column.addWidget(label)
        self._sentence.setVisible(bool(self._sentence.text()))
        self._column.addSpacing(theme.SPACE.m)
        self._column.addStretch(3)
        outer.addStretch(1)
        outer.addWidget(middle, 100)
        outer.addStretch(1)
        self._fit_width()

    def _fit_width(self) -> None:
        self._middle.setMaximumWidth(theme.scaled(_WIDTH))
