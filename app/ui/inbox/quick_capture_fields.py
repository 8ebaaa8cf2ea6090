"""The parts of the call form that other forms do not have: questions, safety, script."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.phone_script import PhoneScript, ScriptStep, phone_script
from app.ui import theme
from app.ui.inbox.quick_capture_values import SAFETY
from app.ui.widgets import (
    KeyCap,
    SegmentedControl,
    announce,
    section_head,
    text_label,
)

_ENTERS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LONGEST: Final = 2_000
_SHOWN_LINES: Final = 4
_BEHIND_BOX: Final = 26
SCRIPT_LANGUAGES: Final = (("en", "EN"), ("de", "DE"), ("fr", "FR"))


class QuestionLine(QLineEdit):
    """One question; Enter starts the next, Backspace in an empty one takes it away."""

    next_wanted = Signal()
    gone = Signal()
    step_wanted = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the next question, or back to the one before."""
        key = event.key()
        if key in _ENTERS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.next_wanted.emit()
        elif key == Qt.Key.Key_Backspace and not self.text():
            self.gone.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_wanted.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class QuestionsField(QWidget):
    """The questions of a call, one a line; as a draft they are one text."""

    changed = Signal()

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label
        self._lines: list[QuestionLine] = []
        self._head = section_head(label, note=self.tr("Enter starts the next"), shortcut="Alt+Q")
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.SPACE.xs)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._scroll = QScrollArea()
        self._build()
        self.set_text("")

    @property
    def lines(self) -> Sequence[QuestionLine]:
        """The fields from first to last."""
        return tuple(self._lines)

    def text(self) -> str:
        """Return every question, one a line."""
        return "\n".join(line.text().strip() for line in self._lines if line.text().strip())

    def set_text(self, text: str) -> None:
        """Fill the fields from a draft."""
        for line in list(self._lines):
            self._drop(line)
        for words in [part for part in text.split("\n") if part.strip()] or [""]:
            self._insert(len(self._lines), words)

    def show_error(self, _sentence: str) -> None:
        """Show nothing: a question is kept as it was typed."""

    def focus_last(self) -> None:
        """Put the keyboard into the last question."""
        self._lines[-1].setFocus()

    def _build(self) -> None:
        inner = QWidget()
        place = QVBoxLayout(inner)
        place.setContentsMargins(0, 0, 0, 0)
        place.addLayout(self._column)
        place.addStretch(1)
        self._scroll.setWidget(inner)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for clear in (self._scroll, self._scroll.viewport(), inner):
            clear.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.label_to_field)
        column.addWidget(self._head)
        column.addWidget(self._scroll)
        theme.theme_signals.changed.connect(self._fit)

    def _insert(self, at: int, words: str = "") -> QuestionLine:
        line = QuestionLine(words)
        line.setMaxLength(_LONGEST)
        theme.set_font(line, "body", weight=400)
        line.setMinimumHeight(theme.scaled(theme.HEIGHT.form_control))
        line.textChanged.connect(self.changed)
        line.next_wanted.connect(partial(self._on_next, line))
        line.gone.connect(partial(self._on_gone, line))
        line.step_wanted.connect(partial(self._on_step, line))
        self._lines.insert(at, line)
        self._column.insertWidget(at, line)
        self._renumber()
        return line

    def _drop(self, line: QuestionLine) -> None:
        self._lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _renumber(self) -> None:
        for at, line in enumerate(self._lines, start=1):
            line.setAccessibleName(f"{self._label} {at}")
            line.setPlaceholderText(self.tr("Question {n}, as it was asked").format(n=at))
        self._fit()

    @Slot()
    def _fit(self) -> None:
        lines = min(_SHOWN_LINES, len(self._lines))
        height = theme.scaled(theme.HEIGHT.form_control) + theme.SPACE.xs
        self._scroll.setFixedHeight(lines * height + 2)

    def _on_next(self, line: QuestionLine) -> None:
        at = self._lines.index(line)
        if not line.text().strip():
            return
        following = self._lines[at + 1] if at + 1 < len(self._lines) else None
        if following is None or following.text().strip():
            following = self._insert(at + 1)
        following.show()
        following.setFocus()
        self._scroll.ensureWidgetVisible(following)

    def _on_gone(self, line: QuestionLine) -> None:
        at = self._lines.index(line)
        if at == 0:
            return
        self._lines[at - 1].setFocus()
        self._drop(line)
        self._renumber()
        self.changed.emit()

    def _on_step(self, line: QuestionLine, by: int) -> None:
        at = self._lines.index(line) + by
        if 0 <= at < len(self._lines):
            self._lines[at].setFocus()


class DecisionsField(QFrame):
    """The three safety questions; none is preset, and a person answers each."""

    changed = Signal()
    decided = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._controls: dict[str, SegmentedControl] = {}
        self.reason = QLineEdit()
        self._build()

    def value(self, name: str) -> str:
        """Return the answer to one question, nothing for none."""
        return self.reason.text() if name == "safety_reason" else self._controls[name].choice

    def set_value(self, name: str, text: str) -> None:
        """Show an answer from a draft."""
        if name == "safety_reason":
            self.reason.setText(text)
        else:
            self._controls[name].choose(text)
        self._show_reason()

    def control(self, name: str) -> SegmentedControl:
        """Return the segments of a question."""
        return self._controls[name]

    @property
    def current(self) -> str:
        """The first question that nobody has answered."""
        return next((name for name in SAFETY if not self._controls[name].choice), "")

    def answer(self, code: str) -> None:
        """Answer the first open question; No leads to its reason."""
        name = self.current
        if not name:
            return
        self._controls[name].choose(code)
        said = self._controls[name].button(code).accessibleName()
        announce(self, said)
        self._on_chosen(name, code)

    def focus_first(self) -> None:
        """Put the keyboard to the first open question."""
        self._controls[self.current or SAFETY[0]].button("yes").setFocus()

    def _build(self) -> None:
        self.setProperty("card", "plain")
        self.setAccessibleName(self.tr("Safety, decided by you"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.m, theme.SPACE.s)
        column.setSpacing(theme.SPACE.xs)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE.xs)
        words = self.tr("Asked and decided by you; what stays open waits in triage")
        head.addWidget(text_label(words, role="secondary", tone="text.2", weight=600))
        head.addStretch(1)
        for key in ("Alt+Y", "Alt+N", "Alt+U"):
            head.addWidget(KeyCap(key))
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.xs)
        labels = {
            "adverse_event": self.tr("Adverse event"),
            "special_situation": self.tr("Special situation"),
            "quality_complaint": self.tr("Product complaint"),
        }
        for row, (name, label) in enumerate(labels.items()):
            self._add(grid, row, name, label)
        column.addLayout(grid)
        self.reason.setPlaceholderText(self.tr("Why no? For instance: asked, nothing told"))
        self.reason.setAccessibleName(self.tr("Why no"))
        self.reason.textChanged.connect(self.changed)
        theme.set_font(self.reason, "body", weight=400)
        self.reason.hide()
        column.addWidget(self.reason)

    def _add(self, grid: QGridLayout, row: int, name: str, label: str) -> None:
        choices = [("yes", self.tr("Yes")), ("no", self.tr("No")), ("uncertain", self.tr("Uncertain"))]
        control = SegmentedControl(
            choices, name=label, tones={"yes": "safety", "no": "plain", "uncertain": "soon"}
        )
        control.chosen.connect(partial(self._on_chosen, name))
        self._controls[name] = control
        head = text_label(label, weight=500)
        head.setBuddy(control.button("yes"))
        grid.addWidget(head, row, 0)
        grid.addWidget(control, row, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def _show_reason(self) -> None:
        self.reason.setVisible(any(control.choice == "no" for control in self._controls.values()))

    def _on_chosen(self, name: str, code: str) -> None:
        self._show_reason()
        if code == "no" and not self.reason.text().strip() and not self.current:
            self.reason.setFocus()
        self.changed.emit()
        if code:
            self.decided.emit(name)


class ScriptPane(QScrollArea):
    """What to say, step by step; a tick is recorded with the call."""

    changed = Signal()
    language_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._script: PhoneScript = phone_script()
        self._steps: dict[str, _Step] = {}
        self._country = ""
        self.switch = SegmentedControl(list(SCRIPT_LANGUAGES), name=self.tr("Language of the call"))
        self._count = text_label(role="secondary", tone="text.3")
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.SPACE.xs)
        self._build()
        self.show_script("en", "")

    @property
    def version(self) -> str:
        """The version of the script on screen."""
        return self._script.version

    @property
    def language(self) -> str:
        """The language that is spoken."""
        return self.switch.choice or "en"

    def show_script(self, language: str, country: str) -> None:
        """Show the wording for a language and a country; ticks stay."""
        said = self.said()
        self._country = country
        self.switch.choose(language)
        script = phone_script(language, country)
        if script != self._script or not self._steps:
            self._script = script
            self._fill()
        self.set_said(said)

    def said(self) -> str:
        """Return the steps that were ticked, as a draft keeps them."""
        return ",".join(key for key, step in self._steps.items() if step.box.isChecked())

    def set_said(self, said: str) -> None:
        """Tick the steps of a draft."""
        ticked = set(said.split(","))
        for key, step in self._steps.items():
            step.box.blockSignals(True)
            step.box.setChecked(key in ticked)
            step.box.blockSignals(False)
        self._show_current()

    def say_next(self) -> None:
        """Tick the step that is next."""
        current = self.current
        if current:
            self._steps[current].box.setChecked(True)

    def tick_asked(self, question: str) -> None:
        """Tick the step that puts a safety question, because it is answered."""
        for step in self._steps.values():
            if step.step.asks == question:
                step.box.setChecked(True)

    @property
    def current(self) -> str:
        """The first step that was not said."""
        return next((key for key, step in self._steps.items() if not step.box.isChecked()), "")

    def step(self, key: str) -> "_Step":
        """Return the widget of a step."""
        return self._steps[key]

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Script"))
        body = QFrame()
        body.setProperty("surface", "sunken")
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.SPACE.l, theme.SPACE.l, theme.SPACE.l, theme.SPACE.l)
        column.setSpacing(theme.SPACE.s)
        head = QHBoxLayout()
        head.addWidget(text_label(self.tr("Script"), role="secondary", tone="text.2", weight=600))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(KeyCap("Alt+D"))
        column.addLayout(head)
        column.addWidget(self.switch)
        column.addLayout(self._column)
        column.addStretch(1)
        self.setWidget(body)
        self.switch.chosen.connect(self._on_language)

    def _fill(self) -> None:
        for step in self._steps.values():
            self._column.removeWidget(step)
            step.hide()
            step.deleteLater()
        self._steps = {}
        for item in self._script.steps:
            step = _Step(item)
            step.box.toggled.connect(self._on_toggled)
            self._steps[item.id] = step
            self._column.addWidget(step)

    def _show_current(self) -> None:
        current = self.current
        for key, step in self._steps.items():
            step.set_open(key == current)
        done = sum(step.box.isChecked() for step in self._steps.values())
        self._count.setText(self.tr("{n} of {all}").format(n=done, all=len(self._steps)))
        if current:
            self.ensureWidgetVisible(self._steps[current], 0, theme.scaled(40))

    @Slot(str)
    def _on_language(self, language: str) -> None:
        self.show_script(language, self._country)
        self.language_chosen.emit(language)
        self.changed.emit()

    @Slot()
    def _on_toggled(self) -> None:
        self._show_current()
        self.changed.emit()


class _Step(QFrame):
    """One step: its title with a tick, and the words while it is next."""

    def __init__(self, step: ScriptStep) -> None:
        super().__init__()
        self.step = step
        self.box = QCheckBox(step.title)
        self.box.setAccessibleDescription(step.text)
        theme.set_font(self.box, "body", weight=500)
        self._words = text_label(step.text, wraps=True, selectable=True)
        self._note = text_label(step.note, role="secondary", tone="text.2", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE.xs, 0, theme.SPACE.xs)
        column.setSpacing(theme.SPACE.xs)
        column.addWidget(self.box)
        below = QVBoxLayout()
        # The words begin where the title begins, behind the box.
        below.setContentsMargins(theme.scaled(_BEHIND_BOX), 0, 0, 0)
        below.setSpacing(theme.SPACE.xs)
        for part in (self._words, self._note):
            below.addWidget(part)
        column.addLayout(below)
        self._words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.set_open(is_open=False)

    def set_open(self, is_open: bool) -> None:
        """Show the words, or the title alone."""
        self._words.setVisible(is_open)
        self._note.setVisible(is_open and bool(self.step.note))
