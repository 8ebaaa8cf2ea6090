"""A small form that opens in place: Enter keeps it, Esc drops it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.errors import AppError
from app.ui import theme
from app.ui.errors import error_sentence
from app.ui.widgets import announce, make_button, quiet_button, text_label

_LINES = 3
_KEEPS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WordsEdit(QPlainTextEdit):
    """A field for several lines; Tab leads on to the next field."""

    def __init__(self, name: str, text: str = "", *, lines: int = _LINES, placeholder: str = "") -> None:
        super().__init__(text)
        self._lines = lines
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        theme.set_font(self, "body")
        theme.theme_signals.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        height = self.fontMetrics().lineSpacing() * self._lines + theme.scaled(theme.SPACE.xl)
        self.setFixedHeight(height)


class InlineForm(QFrame):
    """Fields below each other with one button that says the result."""

    submitted = Signal(object)
    cancelled = Signal()

    def __init__(
        self, title: str, keep: str, *, variant: str = "primary", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._fields: dict[str, QWidget] = {}
        self._first: dict[str, str] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.SPACE.xs, 0, theme.SPACE.xs)
        self._column.setSpacing(theme.SPACE.label_to_field)
        self._error = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.keep_button = make_button(
            keep, "safety" if variant == "safety" else "secondary", size="form", on_click=self.submit
        )
        self._build()

    @property
    def title(self) -> str:
        """What the form is about."""
        return self._title

    @property
    def is_dirty(self) -> bool:
        """Whether something stands in a field that nobody kept."""
        return self.values() != self._first

    def add_text(self, key: str, label: str, value: str = "", *, placeholder: str = "") -> QLineEdit:
        """Add a field of one line."""
        edit = QLineEdit(value)
        edit.setPlaceholderText(placeholder)
        self._add(key, label, edit)
        return edit

    def add_words(self, key: str, label: str, value: str = "", *, placeholder: str = "") -> WordsEdit:
        """Add a field of several lines."""
        edit = WordsEdit(label, value, placeholder=placeholder)
        self._add(key, label, edit)
        return edit

    def add_choice(
        self, key: str, label: str, choices: Sequence[tuple[str, str]], current: str = ""
    ) -> QComboBox:
        """Add a choice; nothing is chosen unless `current` says so."""
        box = QComboBox()
        for code, name in choices:
            box.addItem(name, code)
        box.setCurrentIndex(box.findData(current))
        box.setPlaceholderText(self.tr("Choose"))
        self._add(key, label, box)
        return box

    def values(self) -> dict[str, str]:
        """Return what every field holds."""
        return {key: _value(field) for key, field in self._fields.items()}

    def field(self, key: str) -> QWidget:
        """Return the field of a value."""
        return self._fields[key]

    def show_failure(self, error: AppError) -> None:
        """Say below the fields why it was not kept."""
        details = getattr(error, "blockers", ())
        self.show_error(" ".join(details) or error_sentence(error))

    def show_error(self, text: str) -> None:
        """Say below the fields what is missing."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.keep_button.setEnabled(True)
        if text:
            announce(self, text)

    def make_loud(self) -> None:
        """Fill the button, where nothing else on screen can be done."""
        if self.keep_button.property("v") == "secondary":
            theme.set_variant(self.keep_button, v="primary")

    def start(self) -> None:
        """Put the keyboard into the first field."""
        first = next(iter(self._fields.values()))
        first.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def submit(self) -> None:
        """Hand over what stands in the fields."""
        self.show_error("")
        self.keep_button.setEnabled(False)
        self.submitted.emit(self.values())

    def unsaved(self) -> Mapping[str, str]:
        """Return what was typed and nobody kept, by label."""
        if not self.is_dirty:
            return {}
        told = {k: v for k, v in self.values().items() if v.strip() and v != self._first.get(k)}
        return {f"{self._title}, {self._fields[key].accessibleName()}": value for key, value in told.items()}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the form with Enter in a field of one line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _KEEPS and isinstance(watched, QLineEdit):
                self.submit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.cancelled.emit()
                return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self.setAccessibleName(self._title)
        self._error.hide()
        self._column.addWidget(self._error)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        row.addWidget(self.keep_button)
        row.addWidget(quiet_button(self.tr("Cancel"), "Esc", size="form", on_click=self.cancelled.emit))
        row.addStretch(1)
        row.setContentsMargins(0, theme.SPACE.s, 0, 0)
        self._column.addLayout(row)

    def _add(self, key: str, label: str, field: QWidget) -> None:
        field.setAccessibleName(label)
        field.installEventFilter(self)
        head = text_label(label, role="secondary", tone="text.2", weight=500, wraps=True)
        head.setBuddy(field)
        # A label stands nearer to its own field than to the one above.
        head.setContentsMargins(0, theme.SPACE.s if self._fields else 0, 0, 0)
        place = self._column.count() - 2
        self._column.insertWidget(place, head)
        self._column.insertWidget(place + 1, field)
        self._fields[key] = field
        self._first[key] = _value(field)


def _value(field: QWidget) -> str:
    if isinstance(field, QLineEdit):
        return field.text()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QComboBox):
        return str(field.currentData() or "")
    return ""
