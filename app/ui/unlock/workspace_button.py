"""Show which workspace is locked, and let another be chosen."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui import theme
from app.ui.unlock.ports import WorkspaceChoice

_ICON = 18


class WorkspaceButton(QAbstractButton):
    """Paint the name of the workspace; open the choice if there is one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._choice = WorkspaceChoice("", "")
        self._can_choose = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.theme_signals.changed.connect(self.updateGeometry)

    def show_workspace(self, choice: WorkspaceChoice, *, can_choose: bool) -> None:
        """Show a workspace; without a choice it is no tab stop."""
        self._choice = choice
        self._can_choose = can_choose
        self.setText(choice.name)
        self.setAccessibleName(self.tr("Workspace {name}").format(name=choice.name))
        self.setAccessibleDescription(choice.detail)
        self.setToolTip(choice.folder)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if can_choose else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if can_choose else Qt.CursorShape.ArrowCursor)
        self.update()

    def sizeHint(self) -> QSize:
        """Fit the head, the name and the detail."""
        small = QFontMetrics(theme.font("secondary")).height()
        detail = small if self._choice.detail else 0
        return QSize(theme.scaled(200), small + QFontMetrics(theme.font("card")).height() + detail + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint head, icon, name, detail and the focus ring."""
        icon = theme.scaled(_ICON)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            top = self._line(painter, 0, 0, "secondary", "text.2", self.tr("Workspace")) + 4
            left = icon + theme.scaled(12)
            ratio = self.devicePixelRatioF()
            bottom = self._line(painter, left, top, "card", "text.1", self._choice.name)
            if self._choice.detail:
                bottom = self._line(painter, left, bottom, "secondary", "text.3", self._choice.detail)
            middle = (top + bottom - icon) // 2
            painter.drawPixmap(0, middle, theme.pixmap("hard-drive", "text.2", icon, ratio))
            if self._can_choose:
                arrow = theme.pixmap("chevrons-up-down", "text.2", theme.scaled(16), ratio)
                painter.drawPixmap(self.width() - theme.scaled(16), middle, arrow)
            if self.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRoundedRect(QRect(1, top - 2, self.width() - 2, bottom - top + 3), 5, 5)

    def _line(self, painter: QPainter, left: int, top: int, role: str, tone: str, text: str) -> int:
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(tone))
        metrics = painter.fontMetrics()
        room = self.width() - left - (theme.scaled(24) if self._can_choose else 0)
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, top, room, metrics.height()), Qt.AlignmentFlag.AlignVCenter, cut)
        return top + metrics.height()
