"""Build the fields and the busy ring of the lock pages."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.buttons import Button, Size, Variant, make_button
from app.ui.widgets.labels import icon_label, set_tone, text_label

_RING = 14
_TURN_MS = 40
_TURN_DEGREES = 15


def wide_button(text: str, variant: Variant, size: Size = "form") -> Button:
    """Make a button that takes the width of its column."""
    made = make_button(text, variant, size=size)
    made.setAutoDefault(False)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made


class NamedField(QWidget):
    """Hold a text field below its label, with a notice beside it."""

    def __init__(self, label: str, parent: QWidget, *, size: str = "form") -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName(label)
        self.edit.setProperty("size", size)
        self.label = text_label(label, role="secondary", tone="text.2", weight=500)
        self.label.setBuddy(self.edit)
        self.notice = text_label(role="secondary", tone="text.3", weight=500)
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.SPACE.xs + 2)
        self.head.addWidget(self.label)
        self.head.addStretch(1)
        self.head.addWidget(self.notice)
        column = _column(self)
        column.addLayout(self.head)
        column.addWidget(self.edit)

    def text(self) -> str:
        """Return what is typed."""
        return self.edit.text()

    def show_notice(self, text: str, tone: str = "text.3") -> None:
        """Write a few words beside the label."""
        self.notice.setText(text)
        set_tone(self.notice, tone)


class SecretField(NamedField):
    """Hide what is typed, reveal on demand, notice Caps Lock."""

    def __init__(self, label: str, parent: QWidget, *, size: str = "form") -> None:
        super().__init__(label, parent, size=size)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.edit.installEventFilter(self)
        self.caps_picture = icon_label("arrow-big-up", "soon", 14)
        self.head.insertWidget(self.head.count() - 1, self.caps_picture)
        self.caps_picture.hide()
        self._is_caps_on = False
        self._build_reveal()

    @property
    def is_caps_on(self) -> bool:
        """Whether letters come out as capitals without Shift."""
        return self._is_caps_on

    def clear(self) -> None:
        """Forget the secret and hide the next one again."""
        self.edit.clear()
        self.reveal_button.setChecked(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Guess from each letter whether Caps Lock is on."""
        if watched is self.edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._notice_caps(event)
        if watched is self.edit and event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._place_reveal()
        return super().eventFilter(watched, event)

    def _build_reveal(self) -> None:
        self.reveal_button = QToolButton(self.edit)
        self.reveal_button.setCheckable(True)
        self.reveal_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.reveal_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.set_icon(self.reveal_button, "eye")
        self.reveal_button.toggled.connect(self._on_reveal_toggled)
        self._on_reveal_toggled(False)

    def _place_reveal(self) -> None:
        size = self.reveal_button.sizeHint()
        room = self.edit.rect()
        self.reveal_button.setGeometry(
            room.right() - size.width() - 3, (room.height() - size.height()) // 2, size.width(), size.height()
        )
        self.edit.setTextMargins(0, 0, size.width() + 4, 0)

    def _on_reveal_toggled(self, is_shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        text = self.tr("Hide what is typed") if is_shown else self.tr("Show what is typed")
        self.reveal_button.setAccessibleName(text)
        self.reveal_button.setToolTip(text)
        theme.set_icon(self.reveal_button, "eye-off" if is_shown else "eye")

    def _notice_caps(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_CapsLock:
            self._set_caps(not self._is_caps_on)
            return
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.upper() != text.lower():
            has_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set_caps(text.isupper() != has_shift)

    def _set_caps(self, is_on: bool) -> None:
        if is_on != self._is_caps_on:
            self._is_caps_on = is_on
            self.caps_picture.setVisible(is_on)
            self.show_notice(self.tr("Caps Lock is on") if is_on else "", "soon")


class BusyRing(QWidget):
    """Turn while something is awaited; stands still on request."""

    def __init__(self, parent: QWidget, *, tone: str = "text.2") -> None:
        super().__init__(parent)
        self._tone = tone
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._turn)
        theme.set_size(self, width=_RING, height=_RING)
        self.hide()

    def start(self) -> None:
        """Show the ring and let it turn."""
        self.show()
        is_animated = self.style().styleHint(self.style().StyleHint.SH_Widget_Animation_Duration) > 0
        if is_animated:
            self._timer.start()

    def stop(self) -> None:
        """Hide the ring."""
        self._timer.stop()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint three quarters of a circle."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color(self._tone), 2))
            circle = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            painter.drawArc(circle, -self._angle * 16, 270 * 16)

    def _turn(self) -> None:
        self._angle = (self._angle + _TURN_DEGREES) % 360
        self.update()


def _column(parent: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE.label_to_field)
    return column
