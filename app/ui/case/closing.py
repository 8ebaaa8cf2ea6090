"""The closing checklist: what the program can tell, and what a person confirms."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.services.intake import commands
from app.services.intake.queries import CaseView, ChecklistItem
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.section import Section, clear
from app.ui.case.wording import ENDED, words
from app.ui.widgets import icon_label, text_label

_NAMES: Final = {
    "answered": "Every question answered",
    "safety_decided": "Safety questions decided",
    "safety_handed_off": "Safety records handed off",
    "contact_complete": "Contact complete",
    "no_medical_advice": "No medical advice given",
    "category_confirmed": "Category confirmed",
    "self_checked": "Self-check done",
}


class ClosingSection(Section):
    """Seven lines; three of them are ticked by a person."""

    def __init__(self, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, self.tr("Before closing"), parent=parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._truths = QVBoxLayout()
        self._truths.setSpacing(theme.SPACE.xs)
        self._ticks = QVBoxLayout()
        self._ticks.setSpacing(theme.SPACE.xs)
        self.column.addLayout(self._truths)
        self.column.addLayout(self._ticks)

    def fill(self, view: CaseView) -> None:
        """Show what is done and what is missing."""
        done = sum(item.is_done for item in view.checklist)
        self.note.setText(self.tr("{n} of {all}").format(n=done, all=len(view.checklist)))
        clear(self._truths)
        for item in view.checklist:
            if item.is_ticked_by_hand:
                self._show_tick(item, is_open=view.state not in ENDED)
            else:
                self._truths.addWidget(_truth(item))

    def _show_tick(self, item: ChecklistItem, *, is_open: bool) -> None:
        box = self.boxes.get(item.key)
        if box is None:
            box = self.boxes[item.key] = QCheckBox(words(_NAMES[item.key]))
            box.clicked.connect(partial(self._on_clicked, item.key))
            self._ticks.addWidget(box)
        box.setChecked(item.is_done)
        box.setEnabled(is_open)

    def _on_clicked(self, key: str) -> None:
        if self.view is not None:
            is_done = self.boxes[key].isChecked()
            self.write(partial(commands.confirm, inquiry_id=self.view.id, item=key, is_done=is_done))


def _truth(item: ChecklistItem) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    # Aligned with the boxes of the lines that a person ticks.
    row.setContentsMargins(2, 0, 0, 0)
    row.setSpacing(theme.SPACE.s)
    icon, tone = ("circle-check", "ok") if item.is_done else ("circle", "text.3")
    row.addWidget(icon_label(icon, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(
        text_label(words(_NAMES[item.key]), wraps=True, tone="text.1" if item.is_done else "text.2"), 1
    )
    state = words("done") if item.is_done else " ".join(item.missing)
    line.setAccessibleName(f"{words(_NAMES[item.key])}: {state}")
    line.setToolTip("" if item.is_done else "\n".join(item.missing))
    return line
