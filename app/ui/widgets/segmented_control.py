"""The segmented control: one choice of a few, side by side."""

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.ui import theme

Tone = Literal["plain", "strong", "safety", "soon"]
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class SegmentedControl(QFrame):
    """A few choices of which one or none is taken.

    Nothing is chosen until the user or `choose` does it, so a decision is never preset.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        name: str,
        tones: Mapping[str, Tone] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self.setProperty("segments", "decision" if tones else "tabs")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for key, text in choices:
            row.addWidget(
                self._make_button(key, text, (tones or {}).get(key, "strong" if tones else "plain")), 1
            )
        self._group.buttonClicked.connect(self._on_clicked)

    @property
    def choice(self) -> str:
        """The key of the chosen segment, empty for none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Show a choice without telling anybody; empty clears it."""
        self._group.setExclusive(False)
        for each, button in self._buttons.items():
            button.setChecked(each == key)
        self._group.setExclusive(True)

    def button(self, key: str) -> QPushButton:
        """Return the button of a choice."""
        return self._buttons[key]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the segments with the arrow keys."""
        step = _ARROWS.get(Qt.Key(event.key()))
        focused = self.focusWidget()
        buttons = list(self._buttons.values())
        if step is None or focused not in buttons:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            step = -step
        place = [button is focused for button in buttons].index(True)
        buttons[(place + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    def _make_button(self, key: str, text: str, tone: Tone) -> QPushButton:
        button = _Segment(text)
        button.setCheckable(True)
        button.setProperty("v", "segment")
        button.setProperty("tone", tone)
        button.setAccessibleName(f"{self.accessibleName()}: {text}")
        theme.set_font(button, "secondary", weight=500)
        self._group.addButton(button)
        self._buttons[key] = button
        return button

    def _on_clicked(self, _button: QAbstractButton) -> None:
        self.chosen.emit(self.choice)


class _Segment(QPushButton):
    """A segment whose arrow keys are left to the control.

    A checked button of an exclusive group would move the choice with an arrow key; a decision is made by
    Space or a click alone.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrow keys to the control."""
        if Qt.Key(event.key()) in _ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)
