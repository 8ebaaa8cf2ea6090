"""The slim bar above the paper: find words in the letter, and replace them."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.ui import theme
from app.ui.letters import guard
from app.ui.letters.editor import LetterEditor
from app.ui.letters.finder import Finder
from app.ui.letters.finding import Wanted
from app.ui.letters.replacing import Replaced
from app.ui.widgets import ElidedLabel, announce, icon_button, link_button, quiet_button, set_tone, text_label

_LONGEST_SEED: Final = 200
_FIELD: Final = 240
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KINDS: Final = ((guard.APPROVED, "approved"), (guard.FIXED, "fixed"), (guard.MADE, "made"))


class FindBar(QFrame):
    """Finds as one types; Esc closes it and leaves the caret on the match.

    `left` comes when the keyboard goes back to the letter.
    """

    left = Signal()

    def __init__(self, editor: LetterEditor) -> None:
        super().__init__()
        self._editor = editor
        self.finder = Finder(editor)
        self._anchor = 0
        self.field = _field(self.tr("Find in the letter"))
        self.new_words = _field(self.tr("Replace with"))
        self.case_button = _toggle("case-sensitive", self.tr("Match case"), "Alt+C")
        self.word_button = _toggle("whole-word", self.tr("Whole word"), "Alt+W")
        self.count_label = text_label(role="secondary", tone="text.2")
        self.note_label = ElidedLabel()
        self.result_label = text_label(role="secondary", tone="text.2")
        self.left_button = link_button("", on_click=self.show_left)
        self._replace_parts: list[QWidget] = []
        self._build()
        self._connect()

    # Door

    def open(self, *, replaces: bool = False) -> None:
        """Come up with the selected words, the keyboard in the field."""
        if self._editor.sheet is None:
            return
        cursor = self._editor.textCursor()
        self._anchor = cursor.selectionStart()
        seed = self._seed()
        self._show_replace(is_on=replaces)
        self.show()
        if seed:
            self.field.setText(seed)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._look()

    def leave(self) -> None:
        """Close; the caret stays on the match."""
        self.finder.stop()
        self.hide()
        self.left.emit()

    def step(self, by: int) -> None:
        """Go to the next or previous match; without words to find, ask for them."""
        if not self.field.text():
            self.open()
            return
        self.show()
        is_round = self.finder.step(by)
        self._anchor = self._editor.textCursor().selectionStart()
        if is_round:
            self._say(self.tr("Went on from the top") if by > 0 else self.tr("Went on from the end"))
        else:
            self._say(self._why_held())

    def replace(self) -> None:
        """Replace the present match and go on to the next."""
        why = self.finder.replace(self.new_words.text())
        self._show_result("", 0)
        self._say(self._why_held())
        if not why and not self.finder.count:
            self._show_result(self.tr("The last one is replaced"), 0)

    def replace_all(self) -> None:
        """Replace wherever that is allowed, in one undo step."""
        if self.field.text():
            replaced = self.finder.replace_all(self.new_words.text())
            self._show_result(_told(replaced), len(replaced.left))

    def show_left(self) -> None:
        """Step through what was not replaced."""
        self.finder.step_through_held()
        self._say(self._why_held())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def unlock(self) -> None:
        """Open the block of the present match for changes."""
        self._editor.unlock()
        self._say(self._why_held())

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step and replace with Enter, close with Esc."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ENTER:
            by = -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.step(by) if watched is self.field or by < 0 else self.replace()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    # Building

    def _build(self) -> None:
        self.setProperty("surface", "header")
        self.setAccessibleName(self.tr("Find in the letter"))
        rows = QGridLayout(self)
        rows.setContentsMargins(theme.SPACE.l, theme.SPACE.xs, theme.SPACE.m, theme.SPACE.xs)
        rows.setHorizontalSpacing(theme.SPACE.s)
        rows.setVerticalSpacing(theme.SPACE.xs)
        previous = icon_button("chevron-up", self.tr("Previous match"), "Shift+F3", on_click=self._go_back)
        following = icon_button("chevron-down", self.tr("Next match"), "F3", on_click=self._go_on)
        close = icon_button("x", self.tr("Close"), "Esc", on_click=self.leave)
        rows.addWidget(self.field, 0, 0)
        rows.addLayout(
            _row((self.case_button, self.word_button, previous, following, self.count_label)), 0, 1
        )
        rows.addWidget(self.note_label, 0, 2)
        rows.addWidget(close, 0, 3)
        one = quiet_button(self.tr("Replace"), self.tr("Enter"), on_click=self.replace)
        every = quiet_button(self.tr("Replace all"), "Alt+A", on_click=self.replace_all)
        rows.addWidget(self.new_words, 1, 0)
        rows.addLayout(_row((one, every)), 1, 1)
        rows.addLayout(_row((self.result_label, self.left_button)), 2, 0, 1, 3)
        rows.setColumnStretch(2, 1)
        self._replace_parts = [self.new_words, one, every]
        self._key("Alt+C", self.case_button.toggle)
        self._key("Alt+W", self.word_button.toggle)
        self._key("Alt+A", self.replace_all)
        self._key("F2", self.unlock)
        self._set_order(previous, following, one, every, close)
        self.hide()

    def _set_order(self, *buttons: QWidget) -> None:
        fields = (self.field, self.new_words, self.case_button, self.word_button)
        order = (*fields, *buttons[:-1], self.left_button, buttons[-1])
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _key(self, key: str, run: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: run())
        self.addAction(action)

    def _connect(self) -> None:
        self.field.installEventFilter(self)
        self.new_words.installEventFilter(self)
        self.field.textChanged.connect(self._look)
        self.case_button.toggled.connect(self._look)
        self.word_button.toggled.connect(self._look)
        self.finder.moved.connect(self._show_count)
        theme.set_font(self.note_label, "secondary")
        set_tone(self.note_label, "text.2")

    # Following

    @Slot()
    def _look(self) -> None:
        wanted = Wanted(self.field.text(), self.case_button.isChecked(), self.word_button.isChecked())
        self._say("")
        self._show_result("", 0)
        self.finder.look_for(wanted, self._anchor)
        self._say(self._why_held(), is_spoken=False)
        announce(self, self.count_label.text())

    @Slot()
    def _show_count(self) -> None:
        finder = self.finder
        if not finder.wanted.text:
            text = ""
        elif not finder.count:
            text = self.tr("Nothing left") if finder.is_among_held else self.tr("Nothing found")
        elif finder.number:
            text = self.tr("{n} of {count}").format(n=finder.number, count=finder.count)
        else:
            text = self.tr("{count} found").format(count=finder.count)
        if finder.count and finder.is_among_held:
            text = self.tr("{text} left").format(text=text)
        self.count_label.setText(text)

    def _why_held(self) -> str:
        why = self.finder.why_held() if self.new_words.isVisibleTo(self) else ""
        short = {
            guard.APPROVED: self.tr("Approved text: F2 opens it"),
            guard.FIXED: self.tr("Fixed by the template"),
            guard.MADE: self.tr("Made by the program"),
        }
        return short.get(why, why)

    def _show_replace(self, *, is_on: bool) -> None:
        for part in self._replace_parts:
            part.setVisible(is_on)
        self._show_result("", 0)

    def _show_result(self, text: str, left: int) -> None:
        self.result_label.setText(text)
        self.result_label.setVisible(bool(text))
        self.left_button.setText(self.tr("Step through the {n} left").format(n=left))
        self.left_button.setAccessibleName(self.left_button.text())
        self.left_button.setVisible(bool(left))
        if text:
            announce(self, text)

    def _say(self, text: str, *, is_spoken: bool = True) -> None:
        self.note_label.setText(text)
        if is_spoken and text:
            announce(self, f"{self.count_label.text()}. {text}")

    def _seed(self) -> str:
        cursor = self._editor.textCursor()
        if not cursor.hasSelection():
            return ""
        words = self._editor.shown_text().words(cursor.selectionStart(), cursor.selectionEnd())
        return words if "\n" not in words and len(words) <= _LONGEST_SEED else ""

    def _go_on(self) -> None:
        self.step(1)

    def _go_back(self) -> None:
        self.step(-1)


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    field.setProperty("control", "header")
    theme.set_size(field, width=_FIELD)
    return field


def _toggle(icon: str, name: str, key: str) -> QToolButton:
    button = icon_button(icon, name, key)
    button.setCheckable(True)
    return button


def _row(widgets: Sequence[QWidget | QLabel]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.SPACE.xs)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _told(replaced: Replaced) -> str:
    if not replaced.left:
        return f"{replaced.done} replaced"
    said = [word for why, word in _KINDS if why in replaced.left]
    listed = " or ".join(filter(None, (", ".join(said[:-1]), said[-1]))) if said else ""
    why = f"{listed} text" if listed else "this letter is not open for changes"
    return f"{replaced.done} replaced, {len(replaced.left)} left: {why}"
