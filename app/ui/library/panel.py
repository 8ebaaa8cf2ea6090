"""The library beside a letter: what answers the question, ready to insert."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.services.jobs import JobContext
from app.services.library import queries
from app.services.library.queries import Document, ForWhom
from app.services.search.suggest import Suggester
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.errors.show import show_error
from app.ui.jobs import JobHandle, JobRunner
from app.ui.library.flowing import forget_texts
from app.ui.library.found import read_document
from app.ui.library.panel_list import PanelList
from app.ui.library.panel_rows import (
    WHOLE,
    Inserted,
    PanelRow,
    PanelState,
    PieceKey,
    RowKind,
    panel_rows,
)
from app.ui.library.panel_suggest import PanelAnswer, PanelQuestion, answer
from app.ui.library.wording import say
from app.ui.widgets import EmptyState, SearchField, announce

KINDS = ("standard_response", "standard_response_version", "standard_response_section", "product")


class LibraryPanel(QFrame):
    """Search, the best document open, and its pieces to insert.

    The letter is not known here: the owner is told what to insert and says what is in it.
    """

    insert_requested = Signal(str, str, int)
    source_selected = Signal(str, str, int)
    left = Signal()

    def __init__(self, database: Database, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._database, self._runner = database, runner
        self._question, self._product = "", ""
        self._whom: ForWhom | None = None
        self._state = PanelState()
        self._wanted: PieceKey | None = None
        self._suggester = Suggester()
        self._handles: dict[str, JobHandle] = {}
        self.setProperty("surface", "sunken")
        self.setAccessibleName(say("Library"))
        self.search = SearchField(say("Search the library, offline"), "Ctrl+L")
        self.list = PanelList()
        self.nothing = EmptyState(
            "text-search", say("No question yet"), say("Choose a question, or search by words.")
        )
        self._body = QStackedWidget()
        self._build()
        self._connect()

    def set_question(self, text: str, product: str, whom: ForWhom) -> None:
        """Search for a question; typed words are dropped when it changes."""
        if (text, product, whom) == (self._question, self._product, self._whom):
            return
        self._question, self._product, self._whom = text, product, whom
        # Nothing stays open for another question, nor for another reader of the same words.
        self._state = replace(self._state, words="")
        self.search.clear()
        self.search.search_now()
        self.refresh()

    def set_inserted(self, inserted: Mapping[PieceKey, Inserted]) -> None:
        """Show what stands in the letter, whole or changed.

        Keys are version, section and paragraph; -1 and an empty section stand for all of it.
        """
        self._state = replace(self._state, inserted=dict(inserted))
        self._show()

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def focus_list(self) -> None:
        """Put the keyboard on the first text that can be inserted."""
        if self._body.currentWidget() is not self.list:
            return
        current = self.list.current
        if current is None or not current.is_piece:
            self.list.go_to(self.list.lines.first_piece())
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def reveal_source(self, version_id: str, section_id: str, paragraph: int) -> None:
        """Show where a block of the letter comes from; the focus stays.

        Another document is opened for it, even one that can no longer be inserted.
        """
        self._wanted = (version_id, section_id, paragraph)
        document = self._state.document
        if document is not None and document.row.id == version_id:
            self._reveal()
        else:
            self._open_document(version_id)

    def add_next_step(self, title: str, on_click: Callable[[], None], *, icon: str = "") -> None:
        """Offer a way on where nothing was found."""
        self.nothing.add_step(title, on_click, icon=icon)

    def refresh(self) -> None:
        """Search once more, for the typed words or the question."""
        words = self.search.text().strip() or self._question
        if not words:
            self._say(say("No question yet"), say("Choose a question, or search by words."))
            return
        kept = self._state.document.row.id if self._state.document is not None else ""
        kept = kept if words == self._state.words else ""
        is_question = not self.search.text().strip()
        asked = PanelQuestion(words, is_question, self._product, self._whom, kept)
        query = functools.partial(answer, self._database, self._suggester, asked)
        self._ask("search", lambda _job: query(), functools.partial(self._on_found, words, is_question))

    def clear(self) -> None:
        """Forget the question and everything that was read."""
        for handle in self._handles.values():
            handle.cancel()
        self._question, self._product, self._whom, self._wanted = "", "", None, None
        self._state = PanelState()
        self._suggester.forget()
        self.search.clear()
        self._show()
        forget_texts()

    def _ask(self, what: str, query: Callable[[JobContext], object], on_done: Callable[..., None]) -> None:
        last = self._handles.get(what)
        if last is not None:
            last.cancel()
        self._handles[what] = self._runner.run_query(
            query,
            on_done=on_done,
            on_failed=self._on_failed,
            owner=self,
            label=f"library panel {what}",
        )

    def _on_found(self, words: str, is_question: bool, answered: PanelAnswer) -> None:
        found, document = answered.found, answered.document
        self.search.setPlaceholderText(
            say("Search {count} documents, offline").format(count=f"{answered.count:,}")
        )
        is_same = words == self._state.words
        hit = next((each for each in found if document and each.hit.row.id == document.row.id), None)
        opened = self._state.open_sections if is_same else frozenset()
        self._state = replace(
            self._state,
            found=found,
            document=document,
            words=words,
            open_sections=opened,
            obstacle=self._obstacle(document),
            is_suggested=is_question,
        )
        self._show()
        if not is_same:
            self.list.verticalScrollBar().setValue(0)
            self.list.go_to(-1, quietly=True)
            announce(
                self.search,
                say("{count} found").format(count=len(found))
                if hit
                else say("Nothing found that can be inserted"),
            )
        if self._wanted is not None:
            self._reveal()

    def _show(self) -> None:
        lines = panel_rows(self._state)
        if not lines:
            self._say_nothing_found()
            return
        if self._state.document is None:
            where = (
                say(" for {country}").format(country=self._whom.country)
                if self._whom is not None and self._whom.country
                else ""
            )
            lines = (
                PanelRow(
                    RowKind.HEAD, title=say("No effective document{where} answers this").format(where=where)
                ),
                *lines,
            )
        self._body.setCurrentWidget(self.list)
        self.list.show_lines(lines)

    def _say_nothing_found(self) -> None:
        if not self._state.words:
            self._say(say("No question yet"), say("Choose a question, or search by words."))
            return
        where = (
            say(" for {country}").format(country=self._whom.country)
            if self._whom is not None and self._whom.country
            else ""
        )
        self._say(
            say("No effective document{where} answers this").format(where=where),
            say("Search by other words, or write the answer."),
        )

    def _say(self, title: str, sentence: str) -> None:
        self.nothing.set_words(title, sentence)
        self._body.setCurrentWidget(self.nothing)

    def _open_document(self, version_id: str) -> None:
        def query(_job: JobContext) -> Document | None:
            return read_document(self._database, version_id)

        self._ask("document", query, self._on_document)

    @Slot(object)
    def _on_document(self, document: Document | None) -> None:
        if document is None:
            return
        self._state = replace(
            self._state,
            document=document,
            open_sections=frozenset(),
            obstacle=self._obstacle(document),
        )
        self._show()
        if self._wanted is not None:
            self._reveal()
        else:
            self.list.verticalScrollBar().setValue(0)
            self.list.go_to(self.list.lines.first_piece())

    def _reveal(self) -> None:
        wanted = self._wanted
        document = self._state.document
        if wanted is None or document is None or document.row.id != wanted[0]:
            return
        self._wanted = None
        version, section, paragraph = wanted
        keys = [
            (RowKind.PARAGRAPH, version, section, paragraph),
            (RowKind.SECTION, version, section, WHOLE),
            (RowKind.WHOLE, version, "", WHOLE),
        ]
        places = [self.list.lines.place_of(key) for key in keys]
        self.list.go_to(next((place for place in places if place >= 0), -1), quietly=True)

    @Slot(object)
    def _on_entered_on(self, line: PanelRow) -> None:
        if line.can_insert:
            self.insert_requested.emit(*_piece_key(line))
        elif line.is_piece and line.coverage.is_whole:
            self.source_selected.emit(*_piece_key(line))
        elif line.kind is RowKind.WHOLE:
            announce(self.list, say("Part of it is in the letter. Insert the rest by section."))
        else:
            self._on_opened(line)

    @Slot(object)
    def _on_chosen(self, line: PanelRow) -> None:
        if line.is_piece:
            self.source_selected.emit(*_piece_key(line))

    @Slot(object)
    def _on_opened(self, line: PanelRow) -> None:
        if line.kind is RowKind.CLOSED and line.row is not None:
            self._open_document(line.row.id)
        elif line.kind in (RowKind.SECTION, RowKind.PASSAGE):
            self._state = replace(self._state, open_sections=self._state.open_sections | {line.section_id})
            self._show()
        if line.kind is RowKind.PASSAGE and line.row is not None:
            key = (RowKind.PARAGRAPH, line.row.id, line.section_id, line.paragraph)
            self.list.go_to(self.list.lines.place_of(key))

    @Slot(object)
    def _on_folded(self, line: PanelRow) -> None:
        if line.kind not in (RowKind.SECTION, RowKind.PARAGRAPH) or line.row is None:
            return
        key = (RowKind.SECTION, line.row.id, line.section_id, WHOLE)
        self.list.go_to(self.list.lines.place_of(key), quietly=True)
        self._state = replace(self._state, open_sections=self._state.open_sections - {line.section_id})
        self._show()

    def _obstacle(self, document: Document | None) -> str | None:
        if document is None or self._whom is None:
            return None
        return queries.obstacle(document.row, self._whom)

    @Slot(object, object)
    def _on_data_changed(self, changes: Changes, _initiator: QObject | None) -> None:
        if changes.touch(*KINDS) and (self._state.words or self._question):
            self.refresh()

    def _on_failed(self, error: AppError) -> None:
        show_error(self, error, retry=self.refresh)

    def _connect(self) -> None:
        self.search.searched.connect(self.refresh)
        self.search.returnPressed.connect(self.focus_list)
        self.search.left.connect(self.left)
        self.list.left.connect(self.left)
        self.list.chosen.connect(self._on_chosen)
        self.list.entered_on.connect(self._on_entered_on)
        self.list.opened.connect(self._on_opened)
        self.list.folded.connect(self._on_folded)
        self._runner.data_changed.connect(self._on_data_changed)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE.m, 0, 0)
        column.setSpacing(theme.SPACE.m)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(14, 0, 14, 0)
        inside.addWidget(self.search)
        column.addWidget(holder)
        self._body.addWidget(self.nothing)
        self._body.addWidget(self.list)
        column.addWidget(self._body, 1)


def _piece_key(line: PanelRow) -> PieceKey:
    version = line.row.id if line.row is not None else ""
    return version, line.section_id, line.paragraph
