"""The documents that go with a letter: add, order, take out."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.models.vocabulary import vocabulary
from app.services.letters import commands, queries
from app.services.letters.views import EnclosureView, LetterView
from app.services.workspace.unit_of_work import UnitOfWork
from app.ui import theme
from app.ui.case.desk import CaseDesk
from app.ui.case.ports import ChoosePdf
from app.ui.case.sheet import Sheet
from app.ui.errors import error_sentence
from app.ui.widgets import (
    ElidedLabel,
    announce,
    icon_button,
    icon_label,
    primary_button,
    set_tone,
    text_label,
)

_WIDTH = 620


class EnclosuresSheet(Sheet):
    """List what goes with a letter, in the order in which it stands behind it."""

    def __init__(self, page: QWidget, desk: CaseDesk, letter: LetterView, *, choose_pdf: ChoosePdf) -> None:
        super().__init__(page, self.tr("Enclosures"), icon="paperclip", width=_WIDTH)
        self._desk, self._letter, self._choose_pdf = desk, letter, choose_pdf
        self._is_open = letter.state == "draft"
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("What it is"))
        for term in vocabulary().terms("enclosure"):
            self.kind.addItem(term.label, term.code)
        self.add_button = primary_button(
            self.tr("Add a PDF"), icon="paperclip", size="form", on_click=self.add
        )
        self.said = text_label(role="secondary", tone="text.2", wraps=True, selectable=True)
        self.rows = QVBoxLayout()
        self._build()
        self._show(letter.enclosures)

    def open(self) -> None:
        """Show the sheet with the keyboard on what adds one."""
        super().open()
        self.fit()
        self.add_button.setFocus(Qt.FocusReason.TabFocusReason)

    def add(self) -> None:
        """Ask for a file and put it behind the others."""
        path = self._choose_pdf(self)
        blobs = self._desk.database.blobs
        if path is None or blobs is None:
            return
        kind = str(self.kind.currentData())

        def command(uow: UnitOfWork) -> Changes:
            return commands.enclose_file(uow, blobs, self._letter.id, path, kind=kind).changes

        self._say(self.tr("Reading {name} ...").format(name=path.name))
        self._run(command, self.tr("{name} goes with the letter.").format(name=path.name))

    def shift(self, enclosure: EnclosureView, steps: int) -> None:
        """Move one up or down."""
        command = partial(commands.move_enclosure, enclosure_id=enclosure.id, steps=steps)
        self._run(command, self.tr("{title} was moved.").format(title=enclosure.title))

    def take_out(self, enclosure: EnclosureView) -> None:
        """Take one out of the letter."""
        command = partial(commands.retire_enclosure, enclosure_id=enclosure.id)
        self._run(
            command, self.tr("{title} does not go with the letter any more.").format(title=enclosure.title)
        )

    def _build(self) -> None:
        self.rows.setSpacing(theme.SPACE.xs)
        self.body.addLayout(self.rows)
        if self._is_open:
            row = QHBoxLayout()
            row.setSpacing(theme.SPACE.s)
            row.addWidget(self.kind)
            row.addWidget(self.add_button)
            row.addStretch(1)
            self.body.addLayout(row)
        self.body.addWidget(self.said)
        self.said.hide()

    def _show(self, enclosures: tuple[EnclosureView, ...]) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.deleteLater()
        for place, each in enumerate(enclosures):
            self.rows.addWidget(self._row(each, place, len(enclosures)))
        if not enclosures:
            nothing = self.tr("Nothing goes with this letter yet. PDFs stand behind it, in this order.")
            self.rows.addWidget(text_label(nothing, tone="text.2", wraps=True))
        # New rows have their height only once they have been polished.
        QTimer.singleShot(0, self, self.fit)

    def _row(self, enclosure: EnclosureView, place: int, count: int) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE.s)
        row.addWidget(icon_label("file-text", "text.2", 16))
        title = ElidedLabel(f"{place + 1}. {enclosure.title}")
        title.setToolTip(enclosure.title)
        row.addWidget(title, 1)
        pages = self.tr("1 page") if enclosure.pages == 1 else self.tr("{n} pages").format(n=enclosure.pages)
        about = f"{vocabulary().label('enclosure', enclosure.kind)}, {pages}"
        row.addWidget(text_label(about, role="secondary", tone="text.2"))
        if self._is_open:
            up = self._button("arrow-up", self.tr("Move up"), enclosure, partial(self.shift, enclosure, -1))
            down = self._button(
                "arrow-down", self.tr("Move down"), enclosure, partial(self.shift, enclosure, 1)
            )
            out = self._button("trash-2", self.tr("Take out"), enclosure, partial(self.take_out, enclosure))
            up.setEnabled(place > 0)
            down.setEnabled(place < count - 1)
            for button in (up, down, out):
                row.addWidget(button)
        return holder

    def _button(
        self, icon: str, text: str, enclosure: EnclosureView, on_click: Callable[[], None]
    ) -> QWidget:
        button = icon_button(icon, text, on_click=on_click)
        button.setAccessibleName(f"{text}: {enclosure.title}")
        return button

    def _run(self, command: Callable[[UnitOfWork], Changes], sentence: str) -> None:
        self.add_button.setEnabled(False)
        self._desk.write(command, on_done=partial(self._on_done, sentence), on_failed=self._on_failed)

    def _on_done(self, sentence: str) -> None:
        database = self._desk.database
        self._desk.read(
            lambda: database.read(queries.letter, self._letter.id, now=database.clock.now()),
            on_done=partial(self._on_read, sentence),
            on_failed=self._on_failed,
        )

    def _on_read(self, sentence: str, letter: LetterView) -> None:
        self._show(letter.enclosures)
        self._be_ready()
        self._say(sentence)

    def _on_failed(self, error: AppError) -> None:
        self._be_ready()
        self._say("\n".join(getattr(error, "blockers", ())) or error_sentence(error), "over")

    def _be_ready(self) -> None:
        self.add_button.setEnabled(True)
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, sentence: str, tone: str = "text.2") -> None:
        set_tone(self.said, tone)
        self.said.setText(sentence)
        self.said.show()
        self.fit()
        announce(self, sentence)
