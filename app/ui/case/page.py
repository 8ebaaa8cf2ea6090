"""The case page: read a case, show it, and take its next step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.errors import AppError, RecordNotFoundError
from app.models.changes import Changes
from app.models.checks.findings import Finding
from app.services.intake import commands
from app.services.letters.release import Sign
from app.services.workspace.database import Database
from app.ui.case.body import CaseBody
from app.ui.case.delivery_sheet import ChooseFile
from app.ui.case.desk import CaseDesk
from app.ui.case.header import CaseBar, CaseHeader
from app.ui.case.left_pane import LeftPane
from app.ui.case.letter_work import LetterWork
from app.ui.case.middle import MiddlePane
from app.ui.case.more import MoreSteps
from app.ui.case.next_step import Next, next_step
from app.ui.case.ports import ChoosePdf, MakeLibrary, ask_where, ask_which_pdf
from app.ui.case.reading import CaseRead, read_case
from app.ui.case.release_sheet import Verify
from app.ui.case.right_pane import CHECKS, LABEL, LIBRARY, RightPane
from app.ui.case.safety import QUESTIONS
from app.ui.case.sheet import Sheet
from app.ui.jobs import JobHandle, JobRunner
from app.ui.shell.page import Page
from app.ui.shell.panes import first_stop
from app.ui.widgets import EmptyState

_MINUTE_MS = 60_000
# Every type that the page shows; a change of another kind is none of its business.
KINDS = (
    "inquiry",
    "inquiry_question",
    "note",
    "requester",
    "contact",
    "contact_verification",
    "unsolicited_attestation",
    "off_label_assessment",
    "escalation",
    "response",
    "adverse_event_report",
    "product_quality_complaint",
    "safety_handoff",
    "letter",
    "letter_block",
    "package",
    "signature",
    "delivery_attempt",
    "work_item",
    "product",
    "inquiry_link",
    "phone_call",
    "message",
    "attachment",
)
_STEPS: Mapping[str, Callable[..., Changes]] = {
    "triage": commands.triage,
    "assign_to_me": commands.assign,
    "start": commands.start,
    "resume": commands.resume,
    "restart": commands.restart,
    "answer": commands.answered,
    "close": commands.close,
}


class CasePage(Page):
    """One inquiry from the call to the closed case.

    The library panel is handed in, because pages do not know each other; so are the ways to verify a
    passphrase and to sign, which belong to the vault.
    """

    case_shown = Signal(str)

    def __init__(
        self,
        database: Database,
        runner: JobRunner,
        *,
        make_library_panel: MakeLibrary,
        make_label_panel: MakeLibrary | None = None,
        verify_passphrase: Verify,
        sign: Sign,
        template: str = "response-en",
        choose_file: ChooseFile = ask_where,
        choose_pdf: ChoosePdf = ask_which_pdf,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = CaseDesk(database, runner, self)
        self.read: CaseRead | None = None
        self._inquiry_id = ""
        self._step: Next | None = None
        self._loading: JobHandle | None = None
        self._rescued: dict[str, str] = {}
        self._action = QAction(self)
        self.header = CaseHeader(self._action.trigger)
        self.bar = CaseBar()
        self.left = LeftPane(self.desk)
        self.middle = MiddlePane(self.desk)
        self.right = RightPane(make_library_panel(), make_label_panel() if make_label_panel else None)
        self.body = CaseBody(self.left, self.middle, self.right)
        self.nothing = EmptyState(
            "inbox", self.tr("No case is open"), self.tr("Choose an inquiry in the inbox; it opens here.")
        )
        self.letters = LetterWork(
            self,
            verify=verify_passphrase,
            sign=sign,
            template=template,
            choose_file=choose_file,
            choose_pdf=choose_pdf,
        )
        self.more = MoreSteps(self)
        self._front = QStackedWidget()
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._build()
        self._connect()
        self._show_nothing()

    @property
    def step(self) -> Next | None:
        """What comes next in the case on screen."""
        return self._step

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that lies over the page, if one does."""
        return next((sheet for sheet in self.findChildren(Sheet) if sheet.isVisible()), None)

    def show_target(self, target: str) -> None:
        """Open a case; what was typed in the last one is saved first."""
        if target == self._inquiry_id:
            self.reload()
            return
        try:
            self.flush()
        except AppError as error:
            self.desk.report(error)
            return
        self._inquiry_id = target
        self._rescued = {}
        self.read = None
        self.reload()

    def target(self) -> str:
        """Return the id of the case on screen."""
        return self._inquiry_id

    def record_number(self) -> str:
        """Return the number of the case for the window title."""
        return self.read.view.number if self.read is not None else ""

    def primary_action(self) -> QAction | None:
        """Return the action of the next step."""
        return self._action if self._step is not None or self.sheet is not None else None

    def panes(self) -> Sequence[QWidget]:
        """Return facts, letter and side panel, or their strips."""
        return self.body.panes() if self.read is not None else (self,)

    def home(self) -> QWidget | None:
        """Return where work goes on: the letter, or the facts."""
        if self.read is None:
            return None
        return self.body.panes()[0]

    def refresh(self, changes: Changes) -> None:
        """Read the case again if something of it may have changed."""
        if self._inquiry_id and changes.touch(*KINDS):
            self.reload()

    def reload(self) -> None:
        """Read the case on screen again."""
        if self._loading is not None:
            self._loading.cancel()
        query = partial(read_case, self.desk.database, self._inquiry_id)
        # After the writes that wait, so that the page never shows a state older than its own last step.
        self._loading = self.desk.read(
            query, on_done=self._show, on_failed=self._on_not_read, after_writes=True
        )

    def run_next(self) -> None:
        """Take the next step, or show what stands against it."""
        sheet = self.sheet
        if sheet is not None:
            sheet.submit()
            return
        step = self._step
        if step is None:
            return
        self.left.notes.cut()
        if step.to_fix:
            self.show_checks()
        elif step.key in _STEPS:
            self.take(step.key)
        else:
            self.letters.run(step.key)

    def take(self, key: str) -> None:
        """Take one step of the inquiry; it looks at the note that is being typed too."""
        self.left.notes.cut()
        self.desk.write(partial(_STEPS[key], inquiry_id=self._inquiry_id), on_failed=self._on_refused)

    def show_checks(self) -> None:
        """Open the list of what stands against the next step."""
        self.body.open_right()
        self.right.show_tab(CHECKS)
        self.right.checks.focus_first()

    def step_finding(self, by: int) -> None:
        """Open the next or previous finding of the checks."""
        self.body.reveal_right()
        self.right.show_tab(CHECKS)
        self.right.checks.step(by)

    def show_library(self) -> None:
        """Put the keyboard into the search of the library."""
        self.body.open_right()
        self.right.show_tab(LIBRARY)
        self.letters.library.focus_search()

    def show_label(self) -> None:
        """Put the keyboard into the search of the label."""
        if self.letters.label is not None:
            self.body.open_right()
            self.right.show_tab(LABEL)
            self.letters.label.focus_search()

    def why_no_case(self) -> str | None:
        """Say why nothing can be done here, if so."""
        return None if self.read is not None else self.tr("No case is open.")

    def flush(self) -> None:
        """Save every word: the letter, the note, and what stands in open fields."""
        if self.read is None:
            return
        self.middle.flush()
        self.left.notes.flush()
        open_fields = {**self.left.unsaved(), **self.middle.unsaved()}
        for sheet in self.findChildren(Sheet):
            form = getattr(sheet, "form", None)
            open_fields.update(form.unsaved() if form is not None and sheet.isVisible() else {})
        if open_fields and open_fields != self._rescued:
            # What nobody confirmed is no fact of the case, but its words are kept, as a note.
            lines = [self.tr("Typed and not yet kept:")]
            lines += [f"{label}: {text}" for label, text in open_fields.items()]
            command = partial(commands.add_note, inquiry_id=self._inquiry_id, text="\n".join(lines))
            self.desk.settle()
            self.desk.write_now(command)
            self._rescued = open_fields

    def drop(self) -> None:
        """Let go of the case, so that no record stays in memory."""
        self._minute.stop()
        self.letters.clear()
        self.middle.drop()
        self.right.history.show_entries(())
        self.read = None

    def save_layout(self) -> Mapping[str, object]:
        """Return the widths of the panes."""
        return self.body.save_layout()

    def restore_layout(self, layout: Mapping[str, object]) -> None:
        """Put the panes where they were."""
        self.body.restore_layout(layout)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.bar)
        self._front.addWidget(self.nothing)
        self._front.addWidget(self.body)
        column.addWidget(self._front, 1)
        self.nothing.add_step(
            self.tr("Open the inbox"),
            self._on_back,
            icon="inbox",
            reason=self.tr("Every open inquiry, by due time"),
        )

    def _connect(self) -> None:
        self._action.triggered.connect(self.run_next)
        self._minute.timeout.connect(self._on_minute)
        self.desk.written.connect(self._on_written)
        self.header.back_requested.connect(self._on_back)
        self.header.menu_requested.connect(self.more.popup)
        self.bar.view_chosen.connect(self._on_view_chosen)
        self.left.repeats.opened.connect(self._on_other_case)
        self.left.questions.question_chosen.connect(self.letters.follow_question)
        self.middle.checked.connect(self._on_checked)
        self.middle.words.letter_requested.connect(self.letters.begin)
        self.right.blocker_requested.connect(self._on_blocker_requested)

    def _show(self, read: CaseRead) -> None:
        is_first = self.read is None
        self.read = read = self.middle.with_typed(read)
        self._step = next_step(read)
        self._action.setText(self._step.text if self._step is not None else "")
        self.header.show_case(read.view, self._step, self.desk.now())
        self.bar.show_case(read.view, has_letter=read.letter is not None)
        self.left.facts.set_products(read.products)
        self.left.show_case(read.view)
        self.body.show_signs(
            is_running=any(record.is_running for record in read.view.safety),
            undecided=sum(not read.view.facts[key] for key in QUESTIONS),
        )
        self.left.questions.set_blocks(read.blocks)
        self.middle.show_read(read)
        self.bar.switch.choose(self.middle.shown)
        self.right.show_read(read, self._step)
        self.letters.show_read(read)
        self._front.setCurrentWidget(self.body)
        self.bar.show()
        self._minute.start()
        if is_first:
            self._take_keyboard()
            self.place_changed.emit(read.view.id)
            self.case_shown.emit(read.view.id)

    @Slot(object)
    def _on_checked(self, findings: tuple[Finding, ...]) -> None:
        if self.read is None or findings == self.read.findings:
            return
        self.read = replace(self.read, findings=findings)
        self._step = next_step(self.read)
        self._action.setText(self._step.text if self._step is not None else "")
        self.header.show_case(self.read.view, self._step, self.desk.now())
        self.right.show_checks(self.read, self._step, gently=True)

    def _take_keyboard(self) -> None:
        focused = QApplication.focusWidget()
        # What had the keyboard while nothing was shown is gone; a rail or a field elsewhere keeps it.
        if focused is None or self.isAncestorOf(focused):
            stop = first_stop(self.body.panes()[0])
            if stop is not None:
                stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_nothing(self) -> None:
        self.header.show_nothing()
        self.bar.hide()
        self._front.setCurrentWidget(self.nothing)
        self._minute.stop()

    def _on_not_read(self, error: AppError) -> None:
        if isinstance(error, RecordNotFoundError):
            self._inquiry_id = ""
            self._show_nothing()
            self.nothing.set_words(self.tr("This case is not here"), str(error))
        else:
            self.desk.report(error)

    def _on_refused(self, error: AppError) -> None:
        self.desk.report(error)
        self.reload()

    @Slot(object)
    def _on_written(self, _changes: Changes) -> None:
        self.reload()

    @Slot()
    def _on_minute(self) -> None:
        if self.read is not None:
            self.header.tick(self.read.view, self.desk.now())
            self.left.safety.tick()

    @Slot()
    def _on_back(self) -> None:
        self.go_requested.emit("inbox", "")

    @Slot(str)
    def _on_other_case(self, inquiry_id: str) -> None:
        self.go_requested.emit("case", inquiry_id)

    @Slot(str)
    def _on_view_chosen(self, what: str) -> None:
        self.middle.choose(what)

    @Slot(str)
    def _on_blocker_requested(self, blocker: str) -> None:
        if self.body.mode != "wide":
            self.body.open_left()
        self.left.go_to(blocker)
