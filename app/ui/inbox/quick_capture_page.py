"""Calls as a page of the window: the log, and the form of the call that is on."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.models.changes import Changes
from app.models.ids import uuid7
from app.services.intake.queries import FormDraft
from app.services.jobs import JobContext
from app.services.settings import queries as settings
from app.services.settings.queries import ProductView
from app.services.workspace.database import Database
from app.ui.inbox.quick_capture import QuickCapture
from app.ui.inbox.quick_capture_log import CallLog
from app.ui.inbox.quick_capture_saving import CallSaved
from app.ui.inbox.quick_capture_store import CallDraftStore
from app.ui.jobs import JobRunner
from app.ui.shell.actions import Command, list_of
from app.ui.shell.page import Page

PAGE_ID: Final = "calls"
NEW: Final = "new"
KINDS: Final = ("phone_call", "inquiry", "user")


class CallsPage(Page):
    """Holds two screens; a call that is on stays on while one looks elsewhere."""

    def __init__(self, database: Database, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._database, self._runner = database, runner
        self._store = CallDraftStore(database)
        self.log = CallLog(database, runner, self._store)
        self.form = QuickCapture(database, runner, self._store)
        self._screens = QStackedWidget()
        self._new_action = QAction(self.tr("New call"), self)
        self._new_action.triggered.connect(self.begin_new)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screens)
        for screen in (self.log, self.form):
            self._screens.addWidget(screen)
        self.form.rest()
        self._connect()

    @property
    def is_on_call(self) -> bool:
        """Whether the form is on screen."""
        return self._screens.currentWidget() is self.form

    def activate(self) -> None:
        """Come on screen and read the log."""
        super().activate()
        if not self.is_on_call:
            self.log.reload()

    def refresh(self, changes: Changes) -> None:
        """Read the log again if a call changed."""
        if changes.touch(*KINDS) and not self.is_on_call:
            self.log.reload()

    def show_target(self, target: str) -> None:
        """Start a call, or show the log."""
        if target == NEW:
            self.begin_new()

    def primary_action(self) -> QAction | None:
        """Return what Ctrl+Enter does on this screen."""
        return self.form.finish_action if self.is_on_call else self._new_action

    def panes(self) -> Sequence[QWidget]:
        """Return the panes of this screen."""
        if not self.is_on_call:
            return (self.log.list,) if self.log.model.rowCount() else (self.log,)
        panes = (self.form.middle, self.form.side)
        return panes if self.form.script.isHidden() else (*panes, self.form.script)

    def home(self) -> QWidget | None:
        """Return where the keyboard goes first."""
        return self.form.notes if self.is_on_call else self.log.list

    def shortcut_targets(self, context: str) -> Sequence[QWidget]:
        """Return the list, in which single letters work."""
        return (self.log.list,) if context == "list" else ()

    def flush(self) -> None:
        """Save every word of the call before returning."""
        if self.is_on_call:
            self.form.keep()

    def drop(self) -> None:
        """Forget every record, after the notes were saved."""
        self.deactivate()
        self.log.clear()
        self.form.begin()
        self.form.rest()
        self._screens.setCurrentWidget(self.log)

    def why_no_call(self) -> str | None:
        """Say why there is no call to act on, if so."""
        return None if self.is_on_call else self.tr("No call is being noted. Ctrl+Shift+N starts one.")

    @Slot()
    def begin_new(self) -> None:
        """Start the clock of a call; one that has words waits as a draft meanwhile."""
        if self.is_on_call:
            if not self.form.has_words:
                self.form.notes.edit.setFocus()
                return
            self.form.keep()
            self.message_requested.emit(self.tr("The other call waits as a draft."))
        self._open(None)

    def show_log(self) -> None:
        """Go to the list of calls."""
        self._screens.setCurrentWidget(self.log)
        self.log.reload()
        self.log.list.setFocus()

    def answer(self, code: str) -> None:
        """Answer the safety question that is open."""
        self.form.decisions.answer(code)

    def _connect(self) -> None:
        self.log.new_requested.connect(self.begin_new)
        self.log.draft_opened.connect(self._open)
        self.log.case_opened.connect(self._on_case)
        self.log.discard_requested.connect(self._on_discard)
        self.log.undo_requested.connect(self._on_brought_back)
        self.form.left.connect(self._on_left)
        self.form.kept.connect(self._on_kept)
        self.form.before.opened.connect(self._on_case)

    @Slot(object)
    def _open(self, draft: FormDraft | None) -> None:
        self.form.begin(draft)
        self._screens.setCurrentWidget(self.form)
        self.form.notes.edit.setFocus()
        query = partial(_products, self._database)
        self._runner.run_query(query, on_done=self.form.set_products, owner=self)

    @Slot(str)
    def _on_case(self, inquiry_id: str) -> None:
        self.go_requested.emit("case", inquiry_id)

    @Slot(str)
    def _on_left(self, sentence: str) -> None:
        self.show_log()
        if sentence:
            self.message_requested.emit(sentence)

    @Slot(object)
    def _on_kept(self, saved: CallSaved) -> None:
        self.show_log()
        self.message_requested.emit(self._told(saved))
        if saved.opens:
            self.go_requested.emit("case", saved.inquiry_id)

    def _told(self, saved: CallSaved) -> str:
        if not saved.number:
            return self.tr("The call is in the log, without an inquiry.")
        words = self.tr("{number} is in the inbox, with its call.").format(number=saved.number)
        if saved.trouble:
            return f"{words} {saved.trouble}"
        if saved.left_open:
            return words + " " + self.tr("No without a reason stays open for triage.")
        return words

    def _on_discard(self, draft_id: str) -> None:
        store = self._store

        def call(_job: JobContext) -> None:
            store.forget(draft_id)

        self._runner.run_io(call, on_done=self._on_gone, owner=self)

    def _on_gone(self, _nothing: None) -> None:
        self.log.reload()

    @Slot(object)
    def _on_brought_back(self, draft: FormDraft) -> None:
        store, values = self._store, dict(draft.values)

        def call(_job: JobContext) -> None:
            # Under a new id: what was forgotten is never written again.
            store.save(uuid7(), values)

        self._runner.run_io(call, on_done=self._on_gone, owner=self)


def call_commands(page: CallsPage) -> list[Command]:
    """Make the commands of a call; each says why it cannot be run."""
    on_call = page.why_no_call
    form = page.form
    facts: tuple[tuple[str, str, Callable[[], object], str, str], ...] = (
        ("calls.hang_up", _tr("Call ended, or still talking"), form.hang_up, "Alt+E", "phone"),
        ("calls.no_inquiry", _tr("Keep the call without an inquiry"), form.ask_outcome, "Alt+W", "phone"),
        ("calls.later", _tr("End the call, answer later"), form.finish_later, "Ctrl+S", "inbox"),
        ("calls.said", _tr("Said: next step of the script"), form.script.say_next, "Alt+D", "check"),
        ("calls.script", _tr("Show or fold the script"), form.toggle_script, "Alt+S", "panel-left"),
        ("calls.before", _tr("Look at who asked before"), form.before.open_first, "Alt+L", "history"),
        ("calls.question", _tr("Go to the questions"), form.questions.focus_last, "Alt+Q", "list"),
        ("calls.yes", _tr("Safety question: yes"), partial(page.answer, "yes"), "Alt+Y", "shield-plus"),
        ("calls.no", _tr("Safety question: no"), partial(page.answer, "no"), "Alt+N", "shield-check"),
        (
            "calls.unsure",
            _tr("Safety question: uncertain"),
            partial(page.answer, "uncertain"),
            "Alt+U",
            "shield-alert",
        ),
    )
    made = [
        Command(key, text, run, (shortcut,), icon=icon, context=PAGE_ID, enabled_reason=on_call)
        for key, text, run, shortcut, icon in facts
    ]
    focus = page.log.filter_field.setFocus
    return [*made, Command("calls.filter", _tr("Filter the calls"), focus, ("/",), context=list_of(PAGE_ID))]


def global_call_commands(go: Callable[[str, str], object]) -> list[Command]:
    """Make what can be done from everywhere; `go` opens a page at a target."""
    start = partial(go, PAGE_ID, NEW)
    return [Command("calls.new", _tr("Note a phone call"), start, ("Ctrl+Shift+N",), icon="phone")]


def _products(database: Database, _job: JobContext) -> tuple[ProductView, ...]:
    return database.read(settings.products)


def _tr(text: str) -> str:
    return QCoreApplication.translate("calls_commands", text)
