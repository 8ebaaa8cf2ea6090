"""The view of the library panel: its keys and its clicks."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from app.ui import theme
from app.ui.library.item_model import Index
from app.ui.library.panel_delegate import PanelDelegate
from app.ui.library.panel_model import PanelModel
from app.ui.library.panel_rows import PanelRow, RowKind
from app.ui.library.wording import say

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PanelList(QListView):
    """Lines that open with Right, close with Left and insert with Enter."""

    chosen = Signal(object)
    entered_on = Signal(object)
    opened = Signal(object)
    folded = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = PanelModel(self)
        self.paint_lines = PanelDelegate(self)
        self._is_quiet = False
        self._was_double = False
        self.setModel(self.lines)
        self.setItemDelegate(self.paint_lines)
        self.setAccessibleName(say("Found in the library"))
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would wrap every text anew, and that bring it or take it again.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        theme.theme_signals.changed.connect(self.scheduleDelayedItemsLayout)

    @property
    def current(self) -> PanelRow | None:
        """The line the keyboard is on."""
        return self.lines.line_at(self.currentIndex().row())

    def show_lines(self, lines: tuple[PanelRow, ...]) -> None:
        """Replace the lines; the keyboard stays where it was."""
        before, place = self.current, self.verticalScrollBar().value()
        self._is_quiet = True
        self.lines.show_lines(lines)
        if before is not None:
            self._go(self.lines.place_of(before.key))
        self._is_quiet = False
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(place)

    def go_to(self, place: int, *, quietly: bool = False) -> None:
        """Put the keyboard on a line, without telling if quietly."""
        self._is_quiet = quietly
        self._go(place)
        self._is_quiet = False

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which line was chosen by the user."""
        super().currentChanged(current, previous)
        if not self._is_quiet and self.current is not None:
            self.chosen.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Insert, open, close or leave."""
        line, key = self.current, event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif line is not None and key in _ENTER:
            self.entered_on.emit(line)
        elif line is not None and key == Qt.Key.Key_Right:
            self.opened.emit(line)
        elif line is not None and key == Qt.Key.Key_Left:
            self.folded.emit(line)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Insert a piece wherever it is clicked twice."""
        super().mouseDoubleClickEvent(event)
        line = self.lines.line_at(self.indexAt(event.position().toPoint()).row())
        if event.button() == Qt.MouseButton.LeftButton and line is not None and line.can_insert:
            self._was_double = True
            self.entered_on.emit(line)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Insert where it says so, else open or close what was clicked."""
        super().mouseReleaseEvent(event)
        if self._was_double:
            # The second click of two; the first one opened or closed the line already.
            self._was_double = False
            return
        index = self.indexAt(event.position().toPoint())
        line = self.lines.line_at(index.row())
        if event.button() != Qt.MouseButton.LeftButton or line is None or not line.is_stop:
            return
        area = self.paint_lines.insert_area(line, self.visualRect(index))
        if line.can_insert and area.contains(event.position().toPoint()):
            self.entered_on.emit(line)
        elif line.kind is RowKind.SECTION and line.is_open:
            self.folded.emit(line)
        elif line.kind in (RowKind.SECTION, RowKind.PASSAGE, RowKind.CLOSED):
            self.opened.emit(line)

    def keyboardSearch(self, search: str) -> None:
        """Leave typed letters to the shortcuts."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap every text anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def event(self, event: QEvent) -> bool:
        """Paint the ground behind the scroll bar, which no paint event of the viewport reaches."""
        if event.type() == QEvent.Type.Paint:
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), theme.color("bg.sunken"))
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of the panel, then the lines."""
        with QPainter(self.viewport()) as painter:
            painter.fillRect(self.viewport().rect(), theme.color("bg.sunken"))
        super().paintEvent(event)

    def _go(self, place: int) -> None:
        index = self.lines.index(place) if place >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)
