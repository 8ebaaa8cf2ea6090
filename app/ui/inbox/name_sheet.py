"""Ask for one line over the dimmed page: a name, a tag, a colleague."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.shell.overlay import Overlay
from app.ui.widgets import announce, primary_button, quiet_button, text_label

_WIDTH: Final = 460


class LineSheet(Overlay):
    """A card with one field; it stays open with a sentence until the answer will do."""

    def __init__(
        self,
        page: QWidget,
        title: str,
        deed: str,
        on_submit: Callable[[str], str],
        *,
        sentence: str = "",
        text: str = "",
        choices: Sequence[str] = (),
    ) -> None:
        """Make a sheet; `on_submit` returns why the answer will not do, or nothing."""
        super().__init__(page.window(), width=_WIDTH)
        self._on_submit = on_submit
        self.card.setAccessibleName(title)
        self.edit = QLineEdit(text)
        self.edit.setProperty("control", "form")
        self.edit.setAccessibleName(title)
        self.edit.returnPressed.connect(self.submit)
        self.error = text_label(role="secondary", tone="over", weight=500, wraps=True)
        self.error.hide()
        if choices:
            self._complete(choices)
        self._build(title, deed, sentence)
        self.closed.connect(self.deleteLater)

    def open(self) -> None:
        """Show the card with the keyboard in its field."""
        super().open()
        self.place_card()
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)
        self.edit.selectAll()

    def submit(self) -> None:
        """Hand over what was written, or say why it will not do."""
        sentence = self._on_submit(self.edit.text())
        if sentence:
            self.show_error(sentence)
        else:
            self.dismiss()

    def show_error(self, sentence: str) -> None:
        """Say beside the field what is in the way."""
        self.error.setText(sentence)
        self.error.show()
        announce(self, sentence)
        self.place_card()

    def wanted_height(self, room: int) -> int:
        """Return the height its words need at the width of the card."""
        layout, width = self.card.layout(), self.card.width() or theme.scaled(_WIDTH)
        needed = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
        return min(room, max(needed, self.card.sizeHint().height()))

    def _complete(self, choices: Sequence[str]) -> None:
        completer = QCompleter(list(choices), self.edit)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.edit.setCompleter(completer)

    def _build(self, title: str, deed: str, sentence: str) -> None:
        body = QVBoxLayout()
        edge = theme.SPACE.xl
        body.setContentsMargins(edge, edge, edge, edge)
        body.setSpacing(theme.SPACE.m)
        body.addWidget(text_label(title, role="page_title", wraps=True))
        if sentence:
            body.addWidget(text_label(sentence, tone="text.2", wraps=True))
        body.addWidget(self.edit)
        body.addWidget(self.error)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(quiet_button(self.tr("Cancel"), "Esc", size="form", on_click=self.dismiss))
        row.addWidget(primary_button(deed, "Enter", size="form", on_click=self.submit))
        body.addLayout(row)
        self.column.addLayout(body)
