"""The call log: calls in and out, what became of them, and calls that wait."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from app.models.phone_script import phone_script
from app.services.intake import queries
from app.services.intake.queries import CallView, FormDraft
from app.services.jobs import JobContext
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox.quick_capture_rows import (
    CallLogModel,
    CallRow,
    CallRowDelegate,
    lasted,
    row_of_call,
    row_of_draft,
)
from app.ui.inbox.quick_capture_store import CallDraftStore
from app.ui.inbox.quick_capture_values import questions_in
from app.ui.inbox.row_words import clock_time
from app.ui.jobs import JobRunner
from app.ui.widgets import (
    EmptyState,
    PageHeader,
    SearchField,
    divider,
    link_button,
    section_head,
    text_label,
)

_PART: Final = 200
_SIDE: Final = 384
_OPENS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CallList(QListView):
    """The rows of the log; Enter opens one."""

    opened = Signal()

    def __init__(self, model: CallLogModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(CallRowDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Calls"))
        self.doubleClicked.connect(self._on_double_clicked)
        theme.theme_signals.changed.connect(self.scheduleDelayedItemsLayout)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the chosen call with Enter."""
        if event.key() in _OPENS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Leave letters to the page."""

    @Slot(QModelIndex)
    def _on_double_clicked(self, _index: QModelIndex) -> None:
        self.opened.emit()


class CallLog(QWidget):
    """The list with the chosen call beside it."""

    draft_opened = Signal(object)
    case_opened = Signal(str)
    discard_requested = Signal(str)
    undo_requested = Signal(object)
    new_requested = Signal()

    def __init__(self, database: Database, runner: JobRunner, store: CallDraftStore) -> None:
        super().__init__()
        self._database, self._runner, self._store = database, runner, store
        self._is_reading = False
        self._words = ""
        self._thrown: FormDraft | None = None
        self.model = CallLogModel(self)
        self.model.ask_more = self._ask_more
        self.list = CallList(self.model)
        self.filter_field = SearchField(self.tr("Filter by name, number or words"), "/")
        self.header = PageHeader(self.tr("Calls"))
        self.empty = EmptyState(
            "phone",
            self.tr("No calls yet"),
            self.tr("Notes are saved as you type; a call may wait as a draft."),
        )
        self._front = QStackedWidget()
        self.detail = QVBoxLayout()
        self._build()

    @property
    def chosen(self) -> CallRow | None:
        """The row that is chosen."""
        index = self.list.currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    def reload(self) -> None:
        """Read drafts and the newest calls again."""
        read = partial(_read, self._database, self._store, self._words)
        self._runner.run_query(read, on_done=self._show, owner=self, after_commands=True)

    def clear(self) -> None:
        """Forget every call on screen."""
        self._thrown = None
        self.model.show_rows([])
        self._show_detail(None)

    @Slot()
    def open_chosen(self) -> None:
        """Go on with a draft, or open the case of a call."""
        row = self.chosen
        if row is None:
            return
        if row.draft is not None:
            self.draft_opened.emit(row.draft)
        elif row.call is not None and row.call.inquiry_id:
            self.case_opened.emit(row.call.inquiry_id)

    def _build(self) -> None:
        self.header.set_field(self.filter_field)
        self.header.set_primary(
            self.tr("New call"), self.new_requested.emit, shortcut="Ctrl+Shift+N", icon="phone"
        )
        self.empty.add_step(
            self.tr("Note a call"),
            self.new_requested.emit,
            icon="phone",
            shortcut="Ctrl+Shift+N",
            reason=self.tr("From any page, while the phone rings"),
        )
        self._front.addWidget(self.empty)
        self._front.addWidget(self.list)
        side = QFrame()
        side.setProperty("surface", "sunken")
        theme.set_size(side, width=_SIDE)
        edge = theme.SPACE.page_edge
        around = QVBoxLayout(side)
        around.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.l)
        self.detail.setSpacing(theme.SPACE.s)
        around.addLayout(self.detail)
        around.addStretch(1)
        self.side = side
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._front, 1)
        body.addWidget(divider(vertical=True))
        body.addWidget(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        self.list.opened.connect(self.open_chosen)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.filter_field.searched.connect(self._on_searched)
        self.filter_field.left.connect(self.list.setFocus)

    def _show(self, read: tuple[tuple[FormDraft, ...], tuple[CallView, ...]]) -> None:
        drafts, calls = read
        zone, now = self._database.clock.zone(), self._database.clock.now()
        place = self.list.currentIndex().row()
        rows = [row_of_draft(draft, zone, now) for draft in drafts]
        rows += [row_of_call(call, zone, now) for call in calls]
        self.model.show_rows(rows)
        self.model.has_more = len(calls) == _PART
        self._front.setCurrentWidget(self.list if rows or self._words else self.empty)
        self.side.setVisible(bool(rows))
        self.header.set_fact(self.tr("{n} to finish").format(n=len(drafts)) if drafts else "")
        at = self.model.index(min(max(0, place), len(rows) - 1)) if rows else QModelIndex()
        self.list.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._show_detail(self.chosen)

    def _ask_more(self) -> None:
        last = self.model.row(self.model.rowCount() - 1)
        if self._is_reading or last is None or last.call is None:
            return
        self._is_reading = True
        key = (last.call.started_at, last.call.id)
        read = partial(_read_more, self._database, key, self._words)
        handle = self._runner.run_query(read, on_done=self._show_more, owner=self)
        handle.ended.connect(self._on_read)

    def _show_more(self, calls: tuple[CallView, ...]) -> None:
        zone, now = self._database.clock.zone(), self._database.clock.now()
        self.model.has_more = len(calls) == _PART
        self.model.add_rows([row_of_call(call, zone, now) for call in calls])

    def _show_detail(self, row: CallRow | None) -> None:
        while self.detail.count():
            item = self.detail.takeAt(0)
            widget: QWidget | None = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._thrown is not None:
            self.detail.addWidget(
                text_label(self.tr("The notes are thrown away."), tone="text.2", wraps=True)
            )
            self._add_link(self.tr("Undo"), "undo-2", self._bring_back)
            self.side.show()
        if row is None:
            return
        self.detail.addWidget(text_label(row.head, role="card", wraps=True))
        if row.draft is not None:
            self._show_draft(row.draft)
        elif row.call is not None:
            self._show_call(row.call)

    def _show_draft(self, draft: FormDraft) -> None:
        notes = draft.values.get("notes", "").strip()
        if notes:
            self._add_part(self.tr("Notes"), notes)
        for question in questions_in(draft.values):
            self._add_part(self.tr("Question"), question)
        self._add_link(self.tr("Finish it"), "file-pen-line", self.open_chosen)
        self._add_link(self.tr("Throw away"), "trash-2", partial(self._throw_away, draft))

    def _show_call(self, call: CallView) -> None:
        zone, now = call.zone, self._database.clock.now()
        started = clock_time(call.started_at, zone, now)
        told = self.tr("{way}, {time}, {lasted}").format(
            way=self.tr("Called back") if call.direction == "out" else self.tr("Came in"),
            time=started,
            lasted=lasted(call.seconds) or self.tr("end not known"),
        )
        self.detail.addWidget(text_label(told, tone="text.2", wraps=True))
        if call.phone:
            self._add_part(self.tr("Phone"), call.phone)
        if call.notes.strip():
            self._add_part(self.tr("Notes"), call.notes.strip())
        if call.script_version:
            names = {step.id: step.title for step in phone_script().steps}
            said = ", ".join(names.get(step, step) for step in call.said) or self.tr("nothing ticked")
            self._add_part(self.tr("Script {version}, said").format(version=call.script_version), said)
        if call.number:
            self._add_link(call.number, "link-2", self.open_chosen)

    def _add_part(self, head: str, words: str) -> None:
        self.detail.addWidget(section_head(head))
        self.detail.addWidget(text_label(words, wraps=True, selectable=True))

    def _add_link(self, words: str, icon: str, on_click: Callable[[], None]) -> None:
        self.detail.addWidget(link_button(words, icon=icon, on_click=on_click), 0, Qt.AlignmentFlag.AlignLeft)

    def _throw_away(self, draft: FormDraft) -> None:
        self._thrown = draft
        self.discard_requested.emit(draft.id)

    def _bring_back(self) -> None:
        thrown, self._thrown = self._thrown, None
        if thrown is not None:
            self.undo_requested.emit(thrown)

    @Slot()
    def _on_read(self) -> None:
        self._is_reading = False

    @Slot()
    def _on_current(self) -> None:
        self._show_detail(self.chosen)

    @Slot(str)
    def _on_searched(self, words: str) -> None:
        self._words = words.strip()
        self.reload()


def _read(
    database: Database, store: CallDraftStore, words: str, _job: JobContext
) -> tuple[tuple[FormDraft, ...], tuple[CallView, ...]]:
    drafts = () if words else store.kept()
    return drafts, database.read(queries.calls, _PART, words=words)


def _read_more(
    database: Database, key: tuple[int, str], words: str, _job: JobContext
) -> tuple[CallView, ...]:
    return database.read(queries.calls, _PART, before=key, words=words)
