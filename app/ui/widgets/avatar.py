"""The avatar: initials in a disc, coloured by who it is."""

import zlib
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.painting import rounded

_COLOURS: Final = 5


def initials(name: str) -> str:
    """Return up to two letters that stand for a name."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return ""
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def avatar_token(user_id: str) -> str:
    """Return the colour of a user, the same on every device."""
    return f"avatar.{zlib.crc32(user_id.encode()) % _COLOURS + 1}"


def paint_avatar(painter: QPainter, rect: QRect, user_id: str, name: str) -> None:
    """Paint the disc of a user, or a dashed ring for nobody."""
    painter.save()
    if not user_id:
        rounded(painter, rect, rect.height() / 2, edge=theme.color("text.3"), dashed=True)
        painter.restore()
        return
    edge = theme.color("text.1") if theme.current_theme() == "contrast" else None
    rounded(painter, rect, rect.height() / 2, fill=theme.color(avatar_token(user_id)), edge=edge)
    written = theme.font("badge", weight=600)
    written.setPixelSize(max(8, round(rect.height() * 0.42)))
    painter.setFont(written)
    painter.setPen(theme.color("avatar.text"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(name))
    painter.restore()


class Avatar(QLabel):
    """The disc of a user as a widget, named for screen readers."""

    def __init__(
        self, user_id: str = "", name: str = "", *, size: int = 24, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._size = size
        self._user_id, self._name = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme_signals.changed.connect(self.updateGeometry)
        self.set_user(user_id, name)

    def set_user(self, user_id: str, name: str) -> None:
        """Show another user; an empty id means nobody."""
        self._user_id, self._name = user_id, name
        said = name if user_id else "Nobody"
        self.setText(said)
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.update()

    def sizeHint(self) -> QSize:
        """Fit the content at the text size in use."""
        return QSize(theme.scaled(self._size), theme.scaled(self._size))

    def minimumSizeHint(self) -> QSize:
        """Ask for the least that can still be read."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        with QPainter(self) as painter:
            paint_avatar(painter, self.rect(), self._user_id, self._name)
