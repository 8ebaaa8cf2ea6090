"""A label that shortens its text instead of growing."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.painting import text_width


class ElidedLabel(QLabel):
    """One line of text, cut with an ellipsis; the tooltip has it whole."""

    def __init__(
        self,
        text: str = "",
        *,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._elide = elide
        self._shown = ""
        self._key: tuple[str, int, str] | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's own name, so callers need not know the class
        """Show one line of text, its breaks turned into spaces."""
        super().setText(" ".join(text.split()))
        self._key = None
        self._shorten()

    def is_elided(self) -> bool:
        """Tell whether a part of the text is cut away now."""
        return self._shown != self.text()

    def sizeHint(self) -> QSize:
        """Ask for the room of the whole text."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), text_width(self.font(), self.text())), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Ask for the least that can still be read."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme.scaled(32)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the content to the new width."""
        super().resizeEvent(event)
        self._shorten()

    def changeEvent(self, event: QEvent) -> None:
        """Shorten anew when the font changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._shorten()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the colours of the theme."""
        self._shorten()
        with QPainter(self) as painter:
            painter.setFont(self.font())
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.contentsRect(), self.alignment(), self._shown)

    def _shorten(self) -> None:
        key = (self.text(), self.contentsRect().width(), self.font().key())
        if key != self._key:
            self._key = key
            self._shown = self.fontMetrics().elidedText(self.text(), self._elide, key[1])
            self.setToolTip(self.text() if self.is_elided() else "")
