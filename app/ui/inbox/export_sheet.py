"""Ask which columns of the chosen inquiries go into a file, and of which kind."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.services.intake.inbox_export import COLUMNS
from app.ui import theme
from app.ui.shell.overlay import Overlay
from app.ui.widgets import primary_button, quiet_button, secondary_button, section_head, text_label

_WIDTH: Final = 560
_ACROSS: Final = 3
Submit = Callable[[tuple[str, ...], str], str]


class ExportSheet(Overlay):
    """A card of columns; those about persons are off until somebody wants them."""

    def __init__(self, page: QWidget, count: int, on_submit: Submit) -> None:
        super().__init__(page.window(), width=_WIDTH)
        self._on_submit = on_submit
        self.boxes = {column.name: QCheckBox(column.title) for column in COLUMNS}
        for column in COLUMNS:
            self.boxes[column.name].setChecked(not column.is_personal)
            self.boxes[column.name].toggled.connect(self._on_toggled)
        title = self.tr("Export {n:,} inquiries").format(n=count)
        self.card.setAccessibleName(title)
        self.warning = text_label(role="secondary", tone="soon", weight=500, wraps=True)
        self.sheet_button = secondary_button(self.tr("Excel"), size="form", on_click=self._as_sheet)
        self.csv_button = primary_button(self.tr("CSV"), "Ctrl+Enter", size="form", on_click=self._as_csv)
        self._build(title)
        self.closed.connect(self.deleteLater)
        self._on_toggled()

    def open(self) -> None:
        """Show the card with the keyboard on the first column."""
        super().open()
        self.place_card()
        next(iter(self.boxes.values())).setFocus(Qt.FocusReason.PopupFocusReason)

    def wanted_height(self, room: int) -> int:
        """Return the height its words need at the width of the card."""
        layout, width = self.card.layout(), self.card.width() or theme.scaled(_WIDTH)
        needed = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
        return min(room, max(needed, self.card.sizeHint().height()))

    def columns(self) -> tuple[str, ...]:
        """Return the columns that are wanted, in their order."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def _build(self, title: str) -> None:
        body = QVBoxLayout()
        edge = theme.SPACE.xl
        body.setContentsMargins(edge, edge, edge, edge)
        body.setSpacing(theme.SPACE.m)
        body.addWidget(text_label(title, role="page_title", wraps=True))
        groups = ((self.tr("Columns"), False), (self.tr("About persons and their words"), True))
        for head, is_personal in groups:
            body.addWidget(section_head(head))
            grid = QGridLayout()
            grid.setHorizontalSpacing(theme.SPACE.l)
            grid.setVerticalSpacing(theme.SPACE.s)
            names = [column.name for column in COLUMNS if column.is_personal == is_personal]
            for at, name in enumerate(names):
                grid.addWidget(self.boxes[name], *divmod(at, _ACROSS))
            for column in range(_ACROSS):
                grid.setColumnStretch(column, 1)
            body.addLayout(grid)
        body.addWidget(self.warning)
        note = self.tr("The file is not encrypted. That it was written stands in the audit trail.")
        body.addWidget(text_label(note, role="secondary", tone="text.3", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        row.addStretch(1)
        row.addWidget(quiet_button(self.tr("Cancel"), "Esc", size="form", on_click=self.dismiss))
        row.addWidget(self.sheet_button)
        row.addWidget(self.csv_button)
        body.addLayout(row)
        self.column.addLayout(body)

    def _as_csv(self) -> None:
        self._submit(".csv")

    def _as_sheet(self) -> None:
        self._submit(".xlsx")

    def _submit(self, kind: str) -> None:
        if self.columns():
            self.dismiss()
            self._on_submit(self.columns(), kind)

    def _on_toggled(self) -> None:
        personal = [c.title for c in COLUMNS if c.is_personal and self.boxes[c.name].isChecked()]
        sentence = self.tr("Personal data goes into the file: {columns}.").format(columns=", ".join(personal))
        self.warning.setText(sentence if personal else "")
        self.warning.setVisible(bool(personal))
        has_any = bool(self.columns())
        self.csv_button.setEnabled(has_any)
        self.sheet_button.setEnabled(has_any)
        self.place_card()
