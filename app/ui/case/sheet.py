"""Sheets over the page: for what cannot be taken back."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.case.form import InlineForm
from app.ui.shell.overlay import Overlay
from app.ui.widgets import icon_button, icon_label, text_label

_WIDTH = 520


class Sheet(Overlay):
    """A card over the dimmed page, with a title and a way out."""

    def __init__(self, page: QWidget, title: str, *, icon: str = "", width: int = _WIDTH) -> None:
        super().__init__(page, width=width)
        self.card.setAccessibleName(title)
        self.body = QVBoxLayout()
        edge = theme.SPACE.xl
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(theme.SPACE.m)
        self.column.addLayout(self.body)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE.s)
        if icon:
            head.addWidget(icon_label(icon, "text.2", 20))
        self.title = text_label(title, role="page_title", wraps=True)
        head.addWidget(self.title, 1)
        head.addWidget(icon_button("x", self.tr("Close"), "Esc", on_click=self.dismiss))
        self.body.addLayout(head)
        self.closed.connect(self.deleteLater)

    def wanted_height(self, room: int) -> int:
        """Return the height its words need at the width of the card."""
        width = self.card.width() or theme.scaled(_WIDTH)
        layout = self.card.layout()
        needed = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
        return min(room, max(needed, self.card.sizeHint().height()))

    def submit(self) -> None:
        """Do what the sheet is for; for subclasses."""

    def fit(self) -> None:
        """Give the card the height of what it holds now."""
        self.card.layout()
        self.place_card()
        self.place_card()


class FormSheet(Sheet):
    """A sheet that holds one form."""

    def __init__(
        self,
        page: QWidget,
        form: InlineForm,
        on_submit: Callable[[dict[str, str]], None],
        *,
        sentence: str = "",
        icon: str = "",
    ) -> None:
        super().__init__(page, form.title, icon=icon)
        self.form = form
        form.make_loud()
        if sentence:
            self.body.addWidget(text_label(sentence, tone="text.2", wraps=True))
        self.body.addWidget(form)
        form.submitted.connect(on_submit)
        form.cancelled.connect(self.dismiss)

    def open(self) -> None:
        """Show the sheet with the keyboard in its first field."""
        super().open()
        self.fit()
        self.form.start()

    def submit(self) -> None:
        """Hand over what stands in the fields."""
        self.form.submit()


def line(label: str, value: QWidget) -> QHBoxLayout:
    """Return a row of a label of one width and a value."""
    row = QHBoxLayout()
    row.setSpacing(theme.SPACE.m)
    name = text_label(label, role="secondary", tone="text.3")
    theme.set_size(name, width=96)
    row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(value, 1, Qt.AlignmentFlag.AlignTop)
    return row
