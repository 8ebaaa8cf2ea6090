"""The label beside a letter: its sections, searched as you type, ready to insert."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.services.library.queries import DocumentRow, ForWhom
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.errors.show import show_error
from app.ui.jobs import JobHandle, JobRunner
from app.ui.library import states
from app.ui.library.label_panel_rows import LabelRead, LabelState, label_rows, read_label
from app.ui.library.panel_list import PanelList
from app.ui.library.panel_rows import WHOLE, Inserted, PanelRow, PieceKey, RowKind
from app.ui.widgets import EmptyState, SearchField, announce

LABEL_KEY = "Ctrl+Shift+B"
KINDS = ("label", "label_version", "product")


class LabelPanel(QFrame):
    """Choose a label of the product, search in it, and insert its pieces.

    The letter is not known here: the owner is told what to insert and says what is in it.
    """

    insert_requested = Signal(str, str, int)
    left = Signal()

    def __init__(self, database: Database, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._database, self._runner = database, runner
        self._product, self._chosen = "", ""
        self._state = LabelState()
        self._wanted: PieceKey | None = None
        self._handle: JobHandle | None = None
        self.setProperty("surface", "sunken")
        self.setAccessibleName(self.tr("Label"))
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Label of the product"))
        self.search = SearchField(self.tr("Search in this label"), LABEL_KEY)
        self.list = PanelList()
        self.list.setAccessibleName(self.tr("Sections of the label"))
        self.nothing = EmptyState("file-badge", "", "")
        self._body = QStackedWidget()
        self._build()
        self._connect()
        self._show()

    def set_product(self, product: str, whom: ForWhom) -> None:
        """Show the labels of a product for a reader; typed words are dropped with the product."""
        if (product, whom) == (self._product, self._state.whom):
            return
        if product != self._product:
            self._product, self._chosen = product, ""
            self.search.clear()
            self.search.settle("")
            self._state = LabelState(inserted=self._state.inserted)
        self._state = replace(self._state, whom=whom)
        self.refresh()

    def set_inserted(self, inserted: Mapping[PieceKey, Inserted]) -> None:
        """Show what stands in the letter, whole or changed."""
        self._state = replace(self._state, inserted=dict(inserted))
        self._show()

    def clear(self) -> None:
        """Forget the product and everything that was read."""
        if self._handle is not None:
            self._handle.cancel()
        self._product, self._chosen, self._state, self._wanted = "", "", LabelState(), None
        self.search.clear()
        self.search.settle("")
        self._show()

    @Slot()
    def refresh(self) -> None:
        """Read the label once more, for the typed words."""
        if self._handle is not None:
            self._handle.cancel()
        today = self._state.whom.today if self._state.whom is not None else None
        words = self.search.text().strip()
        query = partial(read_label, self._database, self._product, self._chosen, words, today)
        self._handle = self._runner.run_query(
            lambda _job: query(),
            on_done=self._on_read,
            on_failed=self._on_failed,
            owner=self,
            label="label panel",
        )

    @Slot()
    def focus_list(self) -> None:
        """Put the keyboard on the first section."""
        if self._body.currentWidget() is self.list:
            if self.list.current is None or not self.list.current.is_piece:
                self.list.go_to(self.list.lines.first_piece())
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_search(self) -> None:
        """Put the keyboard into the search field, or on the words that say why there is no label."""
        if self.search.isVisible():
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        else:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def reveal_source(self, version_id: str, section_id: str, paragraph: int) -> None:
        """Show where a block of the letter comes from; the focus stays.

        That version of the label is opened for it, even one that can no longer be inserted.
        """
        self._wanted = (version_id, section_id, paragraph)
        document = self._state.read.document
        if document is not None and document.row.id == version_id and not self._state.read.words:
            self._reveal()
            return
        self._chosen = version_id
        self.search.clear()
        self.search.settle("")
        self.refresh()

    def _reveal(self) -> None:
        wanted, document = self._wanted, self._state.read.document
        if wanted is None or document is None or document.row.id != wanted[0]:
            return
        self._wanted = None
        version, section, paragraph = wanted
        self._state = replace(self._state, open_sections=self._state.open_sections | {section})
        self._show()
        keys = (
            (RowKind.PARAGRAPH, version, section, paragraph),
            (RowKind.SECTION, version, section, WHOLE),
        )
        places = [self.list.lines.place_of(key) for key in keys]
        self.list.go_to(next((place for place in places if place >= 0), -1), quietly=True)

    def _on_read(self, read: LabelRead) -> None:
        known = self._state.read
        is_same = (read.words, read.document and read.document.row.id) == (
            known.words,
            known.document and known.document.row.id,
        )
        opened = self._state.open_sections if is_same else frozenset(read.found)
        self._state = replace(self._state, read=read, open_sections=opened)
        self._show_choices(read)
        self._show()
        if not is_same:
            self.list.verticalScrollBar().setValue(0)
            if read.words:
                announce(self.search, self.tr("{n} sections found").format(n=len(read.found)))
        if self._wanted is not None:
            self._reveal()

    def _show_choices(self, read: LabelRead) -> None:
        self.choice.blockSignals(True)
        self.choice.clear()
        for row in read.choices:
            where = f" ({row.country})" if row.country else ""
            self.choice.addItem(f"{row.title}{where}{self._when(row)}", row.id)
        if read.document is not None:
            self.choice.setCurrentIndex(self.choice.findData(read.document.row.id))
        self.choice.blockSignals(False)
        self.choice.setVisible(len(read.choices) > 1)

    def _when(self, row: DocumentRow) -> str:
        today = self._state.whom.today.isoformat() if self._state.whom is not None else ""
        if today and row.effective_from > today:
            return self.tr(", from {day}").format(day=states.day_words(row.effective_from))
        is_older = row.replaced_on is not None and row.replaced_on <= today
        return self.tr(", older version {number}").format(number=row.number) if is_older else ""

    def _show(self) -> None:
        lines, read = label_rows(self._state), self._state.read
        self._head.setVisible(read.document is not None)
        if read.document is None:
            self._say_no_label()
        elif not read.shown:
            self._say(self.tr("Nothing found in this label"), self.tr("Search by other words."))
        else:
            self.list.show_lines(lines)
            self._body.setCurrentWidget(self.list)

    def _say_no_label(self) -> None:
        if not self._product:
            self._say(self.tr("No product yet"), self.tr("Choose the product of the case to see its label."))
            return
        title = self.tr("No label of {product}").format(product=self._product)
        self._say(
            title, self.tr("Import one in the library with Ctrl+Shift+O: an SPL file (.xml) or label JSON.")
        )

    def _say(self, title: str, sentence: str) -> None:
        self.nothing.set_words(title, sentence)
        self._body.setCurrentWidget(self.nothing)

    @Slot(int)
    def _on_choice(self, _place: int) -> None:
        self._chosen = str(self.choice.currentData() or "")
        self.refresh()

    @Slot(object)
    def _on_entered_on(self, line: PanelRow) -> None:
        if line.can_insert and line.row is not None:
            self.insert_requested.emit(line.row.id, line.section_id, line.paragraph)
        else:
            self._on_opened(line)

    @Slot(object)
    def _on_opened(self, line: PanelRow) -> None:
        self._fold(line, is_open=True)

    @Slot(object)
    def _on_folded(self, line: PanelRow) -> None:
        self._fold(line, is_open=False)

    def _fold(self, line: PanelRow, *, is_open: bool) -> None:
        if line.kind not in (RowKind.SECTION, RowKind.PARAGRAPH) or line.row is None:
            return
        known = self._state.open_sections
        opened = known | {line.section_id} if is_open else known - {line.section_id}
        if opened == known:
            return
        key = (RowKind.SECTION, line.row.id, line.section_id, WHOLE)
        self.list.go_to(self.list.lines.place_of(key), quietly=True)
        self._state = replace(self._state, open_sections=opened)
        self._show()

    @Slot(object, object)
    def _on_data_changed(self, changes: Changes, _initiator: QObject | None) -> None:
        if changes.touch(*KINDS) and self._product:
            self.refresh()

    def _on_failed(self, error: AppError) -> None:
        show_error(self, error, retry=self.refresh)

    def _connect(self) -> None:
        self.search.searched.connect(self.refresh)
        self.search.returnPressed.connect(self.focus_list)
        self.search.left.connect(self.left)
        self.choice.activated.connect(self._on_choice)
        self.list.left.connect(self.left)
        self.list.entered_on.connect(self._on_entered_on)
        self.list.opened.connect(self._on_opened)
        self.list.folded.connect(self._on_folded)
        self._runner.data_changed.connect(self._on_data_changed)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE.m, 0, 0)
        column.setSpacing(theme.SPACE.m)
        self._head = QWidget()
        inside = QVBoxLayout(self._head)
        inside.setContentsMargins(14, 0, 14, 0)
        inside.addWidget(self.choice)
        inside.addWidget(self.search)
        column.addWidget(self._head)
        self._body.addWidget(self.nothing)
        self._body.addWidget(self.list)
        column.addWidget(self._body, 1)
