"""A small box of signs that keyboards lack: typing a name finds one, Enter writes it at the caret."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.special_signs import SpecialSign, find_signs
from app.ui import theme
from app.ui.letters.editor import LetterEditor
from app.ui.widgets import ElidedLabel, announce

NO_BREAK_SPACE: Final = "\u00a0"
NO_BREAK_HYPHEN: Final = "\u2011"

_COLUMNS: Final = 10
_ROWS: Final = 5
_CELL: Final = 34
_MOST_RECENT: Final = 20
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_COLUMNS,
    Qt.Key.Key_Down: _COLUMNS,
}


class RecentSigns:
    """The signs used last, the latest first, as long as the program runs."""

    def __init__(self) -> None:
        self.signs: tuple[str, ...] = ()

    def take(self, sign: str) -> None:
        """Take note that a sign was used."""
        self.signs = (sign, *(each for each in self.signs if each != sign))[:_MOST_RECENT]

    def forget(self) -> None:
        """Begin anew."""
        self.signs = ()


recent_signs: Final = RecentSigns()


class SpecialSigns(QFrame):
    """The box of signs over one editor; `left` comes when it has closed."""

    left = Signal()

    def __init__(self, editor: LetterEditor) -> None:
        super().__init__(editor.viewport())
        self._editor = editor
        self._signs: tuple[SpecialSign, ...] = ()
        self.field = QLineEdit()
        self.list = QListWidget()
        self.name_label = ElidedLabel()
        self._build()

    @property
    def signs(self) -> tuple[SpecialSign, ...]:
        """The signs that are offered now."""
        return self._signs

    @Slot()
    def begin(self) -> None:
        """Open at the caret, if a sign may be written there."""
        if self._editor.sheet is None or not self._editor.may_type():
            return
        self._editor.ensureCursorVisible()
        self.field.clear()
        self._show("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def leave(self) -> None:
        """Close; the letter has the keyboard again."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self.hide()
        if had_focus:
            self._editor.setFocus(Qt.FocusReason.PopupFocusReason)
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Steer the signs with the arrow keys, take one with Enter, close with Esc."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in _ENTER:
            self._take(self.list.currentRow())
        elif event.key() in _STEPS:
            self._move(_STEPS[Qt.Key(event.key())])
        else:
            return super().eventFilter(watched, event)
        return True

    def _build(self) -> None:
        self.setProperty("surface", "toast")
        self.setAccessibleName(self.tr("Special signs"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.field.setPlaceholderText(self.tr("Name: alpha, micro, at least"))
        self.field.setAccessibleName(self.tr("Name of a sign"))
        self.field.setProperty("control", "header")
        self.list.setAccessibleName(self.tr("Signs"))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Fixed)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        theme.set_font(self.list, "case_title", weight=400)
        theme.set_font(self.name_label, "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE.s, theme.SPACE.s, theme.SPACE.s, theme.SPACE.s)
        column.setSpacing(theme.SPACE.s)
        for part in (self.field, self.list, self.name_label):
            column.addWidget(part)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._show)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.list.itemEntered.connect(self._on_hovered)
        self.list.itemClicked.connect(self._on_clicked)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self.hide()

    def _place(self) -> None:
        cell, edge = theme.scaled(_CELL), 2 * theme.SPACE.s
        self.list.setGridSize(QSize(cell, cell))
        bar = self.list.verticalScrollBar().sizeHint().width()
        rows = max(1, min(_ROWS, -(-len(self._signs) // _COLUMNS)))
        # Qt breaks a row early if the grid fills the view to the last pixel.
        self.list.setFixedSize(cell * _COLUMNS + bar + theme.SPACE.xs, cell * rows + theme.SPACE.xs)
        self.name_label.setFixedWidth(self.list.width())
        self.setFixedWidth(self.list.width() + edge)
        self.adjustSize()
        room, caret = self._editor.viewport().size(), self._editor.cursorRect()
        left = max(0, min(caret.left(), room.width() - self.width() - theme.SPACE.s))
        below = caret.bottom() + theme.SPACE.s
        is_low = below + self.height() > room.height() and caret.top() - theme.SPACE.s > self.height()
        self.move(QPoint(left, caret.top() - theme.SPACE.s - self.height() if is_low else below))

    @Slot(str)
    def _show(self, text: str) -> None:
        self._signs = find_signs(text, recent_signs.signs)
        self.list.clear()
        size = QSize(theme.scaled(_CELL), theme.scaled(_CELL))
        for each in self._signs:
            item = QListWidgetItem(each.sign)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            item.setSizeHint(size)
            item.setToolTip(_told(each))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.sign} {each.name}")
            self.list.addItem(item)
        self.list.setCurrentRow(0 if self._signs else -1)
        if not self._signs:
            self.name_label.setText(self.tr("No sign is named so. Clear the name to see all."))
            announce(self, self.name_label.text())
        self._place()

    def _move(self, by: int) -> None:
        last = self.list.count() - 1
        if last >= 0:
            self.list.setCurrentRow(max(0, min(self.list.currentRow() + by, last)))

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        if 0 <= row < len(self._signs):
            self.name_label.setText(_told(self._signs[row]))
            if self.isVisible():
                announce(self, self._signs[row].name)

    @Slot(QListWidgetItem)
    def _on_hovered(self, item: QListWidgetItem) -> None:
        self.name_label.setText(_told(self._signs[self.list.row(item)]))

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._take(self.list.row(item))

    def _take(self, row: int) -> None:
        if not 0 <= row < len(self._signs):
            return
        sign = self._signs[row].sign
        self.leave()
        if self._editor.type_text(sign):
            recent_signs.take(sign)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self.isVisible() and now is not None and now is not self and not self.isAncestorOf(now):
            self.leave()


def _told(sign: SpecialSign) -> str:
    return f"{sign.sign}  {sign.name.capitalize()} · U+{ord(sign.sign):04X}"
