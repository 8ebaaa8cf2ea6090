"""Facts in two columns; Enter edits a value where it stands."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.labels import text_label
from app.ui.widgets.painting import focus_ring, rounded

_LABEL_WIDTH: Final = 84
_NOTHING: Final = "Not known"
_STAYS_OPEN: Final = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class FactRow(QFrame):
    """One fact: a label of 84 pixels and its value.

    Enter, F2 or a double click opens the value; Enter keeps it, Esc drops it.
    """

    edited = Signal(str, str)

    def __init__(
        self, key: str, label: str, value: str = "", *, editable: bool = True, note: str = ""
    ) -> None:
        super().__init__()
        self.key = key
        self.is_editable = editable
        self._value = value
        self._label = text_label(label, role="secondary", tone="text.3", wraps=True)
        self._shown = text_label(role="body", wraps=True)
        self._note = text_label(note, role="body", tone="text.2", wraps=True)
        self._edit: QLineEdit | None = None
        self._build()
        self.set_value(value, note)

    @property
    def value(self) -> str:
        """The value as it was last set or kept."""
        return self._value

    @property
    def is_editing(self) -> bool:
        """Whether the value is open for editing."""
        return self._edit is not None

    def set_value(self, value: str, note: str = "") -> None:
        """Show another value, with a grey second line if given."""
        self._value = value
        self._shown.setText(value or _NOTHING)
        theme.set_variant(self._shown, tone="text.1" if value else "text.3")
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(f"{self._label.text()}: {value or _NOTHING}")

    def start_editing(self) -> None:
        """Open the value in a field with all of it selected."""
        if not self.is_editable or self._edit is not None:
            return
        self._edit = QLineEdit(self._value)
        self._edit.setAccessibleName(self._label.text())
        self._edit.installEventFilter(self)
        self._values.insertWidget(0, self._edit)
        self._shown.hide()
        # A layout shows new widgets only in the next turn of the loop, and a hidden one takes no focus.
        self._edit.show()
        self._edit.selectAll()
        self._edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep with Enter, drop with Esc, keep when the focus moves on."""
        if watched is not self._edit:
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take_key(event.key())
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _STAYS_OPEN:
            self._keep(takes_focus=False)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the value with Enter or F2."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self.is_editable:
            self.start_editing()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the value with a double click."""
        self.start_editing()
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint hover and focus under the words."""
        radius = theme.scaled(theme.RADIUS.control)
        with QPainter(self) as painter:
            if self.is_editable and self.underMouse() and not self.is_editing:
                rounded(painter, self.rect(), radius, fill=theme.color("bg.hover"))
            if self.hasFocus():
                focus_ring(painter, self.rect(), radius)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.xs, 3, theme.SPACE.xs, 3)
        row.setSpacing(theme.SPACE.xs)
        theme.set_size(self._label, width=_LABEL_WIDTH)
        row.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        self._values = QVBoxLayout()
        self._values.setSpacing(1)
        self._values.addWidget(self._shown)
        self._values.addWidget(self._note)
        row.addLayout(self._values, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        if self.is_editable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleDescription("Enter edits")

    def _take_key(self, key: int) -> bool:
        # Taken here, because a field passes Enter on to its row, which would open the value again.
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()
            return True
        if key == Qt.Key.Key_Escape:
            self._close()
            self.setFocus()
            return True
        return False

    def _keep(self, *, takes_focus: bool = True) -> None:
        if self._edit is None:
            return
        text = self._edit.text().strip()
        self._close()
        if takes_focus:
            self.setFocus()
        if text != self._value:
            self.set_value(text, self._note.text())
            self.edited.emit(self.key, text)

    def _close(self) -> None:
        edit, self._edit = self._edit, None
        if edit is not None:
            edit.removeEventFilter(self)
            edit.hide()
            edit.deleteLater()
        self._shown.show()
        self.update()


class FactList(QWidget):
    """Facts below each other; Up and Down move between them."""

    edited = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, FactRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def add_fact(
        self, key: str, label: str, value: str = "", *, editable: bool = True, note: str = ""
    ) -> FactRow:
        """Add a fact at the end."""
        row = FactRow(key, label, value, editable=editable, note=note)
        row.edited.connect(self.edited)
        self._rows[key] = row
        self._column.addWidget(row)
        return row

    def set_value(self, key: str, value: str, note: str = "") -> None:
        """Show another value of a fact, unless it is being edited."""
        row = self._rows[key]
        if not row.is_editing:
            row.set_value(value, note)

    def row(self, key: str) -> FactRow:
        """Return the row of a fact."""
        return self._rows[key]

    def labels(self) -> list[QLabel]:
        """Return every label, for a find in the panel."""
        return self.findChildren(QLabel)

    def clear(self) -> None:
        """Remove all facts."""
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the facts with Up and Down."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        rows = [row for row in self._rows.values() if row.focusPolicy() != Qt.FocusPolicy.NoFocus]
        places = [index for index, row in enumerate(rows) if row.hasFocus()]
        if step is None or not places:
            super().keyPressEvent(event)
            return
        rows[max(0, min(len(rows) - 1, places[0] + step))].setFocus(Qt.FocusReason.TabFocusReason)
