"""Fields of a form: a label, the field, and its error beneath."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QDateTime, Qt, QTimeZone, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.widgets import SegmentedControl, announce, set_tone, text_label

Editor = QLineEdit | QComboBox | QPlainTextEdit | QDateTimeEdit | SegmentedControl


class FormField(QWidget):
    """One field; `text` is what a draft keeps of it."""

    changed = Signal()

    def __init__(self, label: str, editor: Editor, *, note: str = "", role: str = "body") -> None:
        super().__init__()
        self.editor = editor
        self._label = text_label(label, role="secondary", tone="text.2", weight=500)
        self._error = text_label(role="secondary", tone="over", wraps=True)
        self._note = note
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.label_to_field)
        for part in (self._label, editor, self._error):
            column.addWidget(part)
        self._label.setBuddy(editor)
        editor.setAccessibleName(label)
        # Before the first polish: the style keeps the font that it finds then.
        theme.set_font(editor, role, weight=400)
        self.show_error("")
        self._listen()

    @property
    def error(self) -> str:
        """The sentence beneath the field, empty for none."""
        return self._error.text() if not self._error.isHidden() else ""

    def text(self) -> str:
        """Return what the field holds, as a draft keeps it."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """Fill the field from a draft."""
        raise NotImplementedError

    def show_error(self, sentence: str, *, is_hint: bool = False) -> None:
        """Say beneath the field what is wrong with it."""
        self._error.setText(sentence or self._note)
        set_tone(self._error, "text.3" if not sentence else "soon" if is_hint else "over")
        self._error.setVisible(bool(sentence or self._note))
        self.editor.setAccessibleDescription(sentence)
        theme.set_variant(self.editor, state="over" if sentence and not is_hint else "")

    def _listen(self) -> None:
        """Tell of every change of the editor."""
        raise NotImplementedError

    @Slot()
    def _on_changed(self) -> None:
        if self.editor.property("state") == "over":
            self.show_error("")
        self.changed.emit()


class LineField(FormField):
    """A line of text, with words to complete if given."""

    def __init__(self, label: str, *, words: Sequence[str] = (), limit: int = 254) -> None:
        self.line = QLineEdit()
        self.line.setMaxLength(limit)
        super().__init__(label, self.line)
        if words:
            self.complete_from(words)

    def complete_from(self, words: Sequence[str]) -> None:
        """Offer words that contain what is typed."""
        completer = QCompleter(list(words), self.line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(8)
        self.line.setCompleter(completer)

    def text(self) -> str:
        """Return what the field holds, as a draft keeps it."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Fill the field from a draft."""
        self.line.setText(text)

    def _listen(self) -> None:
        self.line.textChanged.connect(self._on_changed)


class ChoiceField(FormField):
    """One of a list of terms; an empty code stands for not known."""

    def __init__(self, label: str, choices: Mapping[str, str]) -> None:
        self.box = QComboBox()
        for code, name in choices.items():
            self.box.addItem(name, code)
        self.box.setMinimumContentsLength(6)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        super().__init__(label, self.box)

    def text(self) -> str:
        """Return what the field holds, as a draft keeps it."""
        return str(self.box.currentData() or "")

    def set_text(self, text: str) -> None:
        """Fill the field from a draft."""
        self.box.setCurrentIndex(max(0, self.box.findData(text)))

    def _listen(self) -> None:
        self.box.currentIndexChanged.connect(self._on_changed)


class SegmentField(FormField):
    """One of two or three, side by side; nothing need be chosen."""

    def __init__(self, label: str, choices: Mapping[str, str], *, note: str = "") -> None:
        self.control = SegmentedControl(list(choices.items()), name=label)
        super().__init__(label, self.control, note=note)
        self._label.setBuddy(self.control.button(next(iter(choices))))

    def text(self) -> str:
        """Return what the field holds, as a draft keeps it."""
        return self.control.choice

    def set_text(self, text: str) -> None:
        """Fill the field from a draft."""
        self.control.choose(text)

    def focus_stops(self) -> Sequence[QWidget]:
        """Return the segments in the order of the Tab key."""
        return self.control.findChildren(QWidget)

    def _listen(self) -> None:
        self.control.chosen.connect(self._on_changed)


class TimeField(FormField):
    """A date and time in the zone of this device."""

    def __init__(self, label: str, zone: str) -> None:
        self._zone = QTimeZone(zone.encode())
        self.edit = QDateTimeEdit()
        self.edit.setTimeZone(self._zone)
        self.edit.setDisplayFormat("ddd d MMM yyyy  HH:mm")
        super().__init__(label, self.edit)
        self._exact = 0

    def text(self) -> str:
        """Return what the field holds, as a draft keeps it."""
        return str(self._exact)

    def set_text(self, text: str) -> None:
        """Fill the field from a draft."""
        self._exact = int(text)
        self.edit.setDateTime(QDateTime.fromMSecsSinceEpoch(self._exact, self._zone))

    def _listen(self) -> None:
        self.edit.dateTimeChanged.connect(self._on_time_changed)

    @Slot()
    def _on_time_changed(self) -> None:
        shown = self.edit.dateTime().toMSecsSinceEpoch()
        # The field has no seconds: as long as its minute is the same, the stamp stays exact.
        if shown // 60_000 != self._exact // 60_000:
            self._exact = shown
            self._on_changed()


class NotesField(FormField):
    """The words as they are heard; Tab leaves the field."""

    def __init__(self, label: str) -> None:
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        super().__init__(label, self.edit, role="case_title")
        theme.set_font(self._label, "body", weight=600)
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def text(self) -> str:
        """Return what the field holds, as a draft keeps it."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Fill the field from a draft."""
        self.edit.setPlainText(text)
        cursor = self.edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.edit.setTextCursor(cursor)

    def _listen(self) -> None:
        self.edit.textChanged.connect(self._on_changed)


def show_errors(fields: Mapping[str, FormField], errors: Mapping[str, str]) -> None:
    """Show each error at its field and go to the first."""
    for name, field in fields.items():
        if name in errors or field.editor.property("state") == "over":
            field.show_error(errors.get(name, ""))
    first = next((field for name, field in fields.items() if name in errors), None)
    if first is not None:
        first.editor.setFocus()
        announce(first, first.error, assertive=False)
