"""The step bar: where a record is in its lifecycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.labels import icon_label, text_label

StepState = Literal["done", "current", "todo"]
_ICONS: dict[str, tuple[str, str]] = {
    "done": ("circle-check", "ok"),
    "current": ("circle-dot", "accent"),
    "todo": ("circle", "text.3"),
}
_WORDS = {"done": "done", "current": "now", "todo": "to come"}


@dataclass(frozen=True, slots=True)
class _Step:
    """The widgets of one step."""

    box: QWidget
    picture: QLabel
    name: QLabel
    line: QFrame | None


class StepBar(QWidget):
    """The steps of a lifecycle; narrow windows show the current one alone."""

    def __init__(self, names: Sequence[str], current: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(names)
        self._current = current
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.SPACE.s)
        self._steps = [self._make_step(index, name) for index, name in enumerate(self._names)]
        self._place = text_label(role="secondary", tone="text.3")
        self._row.addWidget(self._place)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_current(current)

    @property
    def current(self) -> int:
        """The index of the step the record is in."""
        return self._current

    def set_current(self, index: int, name: str = "") -> None:
        """Move to a step, which may have another name meanwhile."""
        self._current = index
        for place, step in enumerate(self._steps):
            state: StepState = "done" if place < index else "current" if place == index else "todo"
            shown = name if name and place == index else self._names[place]
            self._show_state(step, shown, state)
        self._place.setText(f"{index + 1} of {len(self._names)}")
        self.setAccessibleName(f"Step {index + 1} of {len(self._names)}: {name or self._names[index]}")
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Leave room for the current step alone."""
        current = self._steps[self._current].box.sizeHint()
        return QSize(current.width() + self._place.sizeHint().width() + theme.SPACE.s, current.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many steps as fit."""
        super().resizeEvent(event)
        self._fit()

    def _make_step(self, index: int, name: str) -> _Step:
        line = None
        if index:
            line = QFrame()
            line.setProperty("divider", "horizontal")
            theme.set_size(line, width=16)
            self._row.addWidget(line, 0, Qt.AlignmentFlag.AlignVCenter)
        box = QWidget()
        inside = QHBoxLayout(box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        step = _Step(box, icon_label("circle", "text.3", 15), text_label(name), line)
        inside.addWidget(step.picture)
        inside.addWidget(step.name)
        self._row.addWidget(box)
        return step

    @staticmethod
    def _show_state(step: _Step, name: str, state: StepState) -> None:
        icon, token = _ICONS[state]
        theme.set_picture(step.picture, icon, token, 15)
        theme.set_variant(step.name, tone="text.1" if state == "current" else "text.2")
        # Behind the tone: a label that is polished anew takes the font back that it had before.
        theme.set_font(step.name, "body", weight=600 if state == "current" else 400)
        step.name.setText(name)
        step.name.setAccessibleName(f"{name}, {_WORDS[state]}")

    def _fit(self) -> None:
        gap = self._row.spacing()
        lines = [step.line for step in self._steps if step.line is not None]
        needed = sum(step.box.sizeHint().width() + gap for step in self._steps)
        needed += sum(line.maximumWidth() + gap for line in lines)
        fits = self.width() >= needed
        for place, step in enumerate(self._steps):
            step.box.setVisible(fits or place == self._current)
            if step.line is not None:
                step.line.setVisible(fits)
        self._place.setVisible(not fits)
