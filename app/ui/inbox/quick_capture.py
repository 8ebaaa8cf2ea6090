"""Note a call while it lasts: one form, by keyboard alone, and one key when it ends."""

from collections.abc import Mapping
from functools import partial
from typing import Final, TypeVar

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.phone_script import call_outcomes
from app.models.vocabulary import vocabulary
from app.services.intake.queries import FormDraft
from app.services.jobs import JobContext
from app.services.settings.queries import ProductView
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox.draft_keeper import DraftKeeper
from app.ui.inbox.form_fields import ChoiceField, FormField, LineField, NotesField, SegmentField, show_errors
from app.ui.inbox.inquiry_values import countries, country_of, product_of
from app.ui.inbox.quick_capture_before import AskedBefore
from app.ui.inbox.quick_capture_fields import DecisionsField, QuestionsField, ScriptPane
from app.ui.inbox.quick_capture_saving import CallSave, CallSaved
from app.ui.inbox.quick_capture_store import CallDraftStore
from app.ui.inbox.quick_capture_values import (
    ENDED,
    LANGUAGE,
    SAFETY,
    SAID,
    STARTED,
    ZONE,
    ReadCall,
    has_words,
    read_call,
    why_no_inquiry,
)
from app.ui.inbox.row_words import clock_time
from app.ui.jobs import JobRunner
from app.ui.widgets import (
    Chip,
    PageHeader,
    announce,
    divider,
    icon_label,
    primary_button,
    quiet_button,
    secondary_button,
    section_head,
    set_tone,
    text_label,
    with_keycap,
)

_FORM_WIDTH: Final = 344
_SCRIPT_WIDTH: Final = 288
# Below this the script folds away, and its key brings it back.
_FOLDS_BELOW: Final = 1_120
_TICK_MS: Final = 1_000
_TOP: Final = Qt.AlignmentFlag.AlignTop

F = TypeVar("F", bound=FormField)


class QuickCapture(QWidget):
    """The form of one call; its notes are a draft until the call is kept."""

    kept = Signal(object)
    left = Signal(str)

    def __init__(self, database: Database, runner: JobRunner, store: CallDraftStore) -> None:
        super().__init__()
        self.database, self.runner, self.store = database, runner, store
        self._products: tuple[ProductView, ...] = ()
        self._started = self._ended = 0
        self._zone = database.clock.zone()
        self._is_filling = self._is_saving = False
        self._is_script_wanted: bool | None = None
        self.fields: dict[str, FormField] = {}
        self.keeper = DraftKeeper(store, runner, self.values, self)
        self.finish_action = QAction(self.tr("End the call, open the case"), self)
        self.finish_action.triggered.connect(self.finish)
        self._ticks = QTimer(self, interval=_TICK_MS)
        self._ticks.timeout.connect(self.tick)
        self._build()
        self._connect()
        self.begin()

    def values(self) -> dict[str, str]:
        """Return everything noted, as a draft keeps it."""
        noted = {name: field.text() for name, field in self.fields.items()}
        decided = {name: self.decisions.value(name) for name in (*SAFETY, "safety_reason")}
        return noted | decided | {
            "questions": self.questions.text(),
            STARTED: str(self._started),
            ENDED: str(self._ended or ""),
            ZONE: self._zone,
            LANGUAGE: self.script.language,
            SAID: self.script.said(),
        }  # fmt: skip

    @property
    def has_words(self) -> bool:
        """Whether anything was noted."""
        return has_words(self.values())

    @property
    def is_running(self) -> bool:
        """Whether the caller is still on the phone."""
        return not self._ended

    def begin(self, draft: FormDraft | None = None) -> None:
        """Start the clock of a new call, or go on with one that waits."""
        self.keeper.begin(draft.id if draft else "")
        now = self._now()
        self._fill({"urgency": "routine", **(dict(draft.values) if draft else {})}, now)
        if draft is not None and not self._ended:
            # Nobody knows when that call ended; the last word that was kept is the best witness.
            self._ended = max(self._started, draft.saved_at)
        self._problem.hide()
        kept = self.tr("Kept from {time}").format(time=self._time(draft.saved_at)) if draft else ""
        self._show_saved(kept)
        self.tick()
        self._ticks.start()
        self.notes.edit.setFocus()

    def set_products(self, products: tuple[ProductView, ...]) -> None:
        """Offer these products while one is typed."""
        self._products = products
        self.before.set_products(products)
        words = sorted({word for product in products for word in product.words if word}, key=str.lower)
        self._product.complete_from(words)

    def keep(self) -> None:
        """Save every word as a draft before returning."""
        if self.has_words:
            self.keeper.flush()

    def rest(self) -> None:
        """Let the clock of the screen stand still; that of the call goes on."""
        self._ticks.stop()

    @Slot()
    def leave(self) -> None:
        """Go back with the notes kept; an empty call leaves nothing."""
        if not self.has_words:
            self._forget_empty()
            self.left.emit("")
            return
        try:
            self.keeper.flush()
        except AppError as error:
            self._on_draft_failed(str(error))
            return
        self.rest()
        self.left.emit(self.tr("The call waits to be finished. Its notes are kept."))

    @Slot()
    def hang_up(self) -> None:
        """Stop the clock of the call, or let it run on after a slip."""
        self._ended = 0 if self._ended else self._now()
        self.keeper.touch()
        self.tick()

    @Slot()
    def finish(self) -> None:
        """End the call and make its notes an inquiry that opens."""
        self._make_inquiry(opens=True)

    @Slot()
    def finish_later(self) -> None:
        """End the call and make its notes an inquiry that waits in the inbox."""
        self._make_inquiry(opens=False)

    def keep_only(self, outcome: str) -> None:
        """End the call and keep it without an inquiry."""
        read = self._read()
        if read is None:
            return
        if read.decisions.is_suspected:
            # A suspicion must be handed off, and only an inquiry carries it there.
            self._show_problem(self.tr("You noted a possible safety case. It needs an inquiry: Ctrl+Enter."))
            return
        self._save(CallSave(self, read, outcome=outcome))

    @Slot()
    def ask_outcome(self) -> None:
        """Offer the ways in which a call ends without an inquiry."""
        menu = QMenu(self)
        for code in call_outcomes().call_only:
            menu.addAction(call_outcomes().label("in", code), partial(self.keep_only, code))
        menu.aboutToHide.connect(partial(QTimer.singleShot, 0, menu.deleteLater))
        above = QPoint(0, -menu.sizeHint().height())
        menu.popup(self._only_button.mapToGlobal(above))
        menu.setActiveAction(menu.actions()[0])
        self.menu = menu

    @Slot()
    def toggle_script(self) -> None:
        """Show or fold the script."""
        self._is_script_wanted = self.script.isHidden()
        self._fold()

    @Slot()
    def tick(self) -> None:
        """Write the clock of the call anew."""
        until = self._ended or self._now()
        minutes, seconds = divmod(max(0, until - self._started) // 1000, 60)
        hours, minutes = divmod(minutes, 60)
        lasted = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
        if self.is_running:
            self._clock.show_state(self.tr("On the call {time}").format(time=lasted), "neutral", "phone-call")
        else:
            self._clock.show_state(self.tr("Call ended, {time}").format(time=lasted), "neutral", "phone")
        self._hang_button.setText(self.tr("Call ended") if self.is_running else self.tr("Still talking"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc, with the notes kept."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the script where the form would be cramped."""
        super().resizeEvent(event)
        self._fold()

    def done(self, saved: CallSaved) -> None:
        """Tell of the call that was kept, with a fresh form behind it."""
        self._set_saving(is_saving=False)
        self.keeper.begin()
        self.rest()
        self.kept.emit(saved)

    def fail(self, error: AppError) -> None:
        """Say why nothing was kept; every word is still here."""
        self._set_saving(is_saving=False)
        self.keeper.touch()
        self._show_problem(str(error))

    def _make_inquiry(self, *, opens: bool) -> None:
        read = self._read()
        if read is None:
            return
        missing = why_no_inquiry(read)
        if missing:
            self._show_problem(missing)
            self.notes.edit.setFocus()
            return
        self._save(CallSave(self, read, opens=opens))

    def _read(self) -> ReadCall | None:
        if self._is_saving:
            return None
        read = read_call(
            self.values(), self._products, draft_id=self.keeper.id, now=self._now(),
            script_version=self.script.version,
        )  # fmt: skip
        show_errors(self.fields, read.errors)
        if read.errors:
            self._show_problem(self.tr("The marked fields need a look. Nothing is lost."))
            return None
        self._problem.hide()
        return read

    def _save(self, save: CallSave) -> None:
        self._ended = self._ended or self._now()
        self.keeper.forget()
        self._set_saving(is_saving=True)
        save.run()

    def _build(self) -> None:
        self.header = PageHeader(self.tr("Phone call"))
        self.header.add_before_title(icon_label("phone", "accent", 20))
        self._clock = Chip("", "neutral", "phone-call")
        self._day_zero = Chip("", "safety", "shield-alert")
        self._saved_note = text_label(role="secondary", tone="text.3")
        for part in (self._clock, self._day_zero, self._saved_note):
            self.header.add_widget(part)
        self.script = ScriptPane()
        theme.set_size(self.script, width=_SCRIPT_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        body = QHBoxLayout()
        body.setSpacing(0)
        self._script_edge = divider(vertical=True)
        body.addWidget(self.script)
        body.addWidget(self._script_edge)
        body.addWidget(self._make_middle(), 1)
        body.addWidget(divider(vertical=True))
        body.addWidget(self._make_side())
        column.addLayout(body, 1)
        column.addWidget(self._make_foot())

    def _make_middle(self) -> QWidget:
        self.notes = self._add("notes", NotesField(self.tr("Notes, as you hear them")))
        self.notes.edit.setMinimumHeight(theme.scaled(120))
        self.questions = QuestionsField(self.tr("Questions"))
        self.decisions = DecisionsField()
        self.middle = QFrame()
        self.middle.setProperty("surface", "window")
        column = QVBoxLayout(self.middle)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.l)
        column.setSpacing(theme.SPACE.m)
        column.addWidget(self.notes, 1)
        column.addWidget(self.questions)
        column.addWidget(self.decisions)
        return self.middle

    def _make_side(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.l)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(section_head(self.tr("Who is calling")))
        column.addLayout(self._make_caller())
        column.addSpacing(theme.SPACE.s)
        column.addWidget(section_head(self.tr("What about")))
        self._product = self._add("product", LineField(self.tr("Product"), limit=160))
        column.addWidget(self._product)
        for name, label in (
            ("urgency", self.tr("How urgent")),
            ("solicited", self.tr("Prompted by the company?")),
        ):
            choices = {term.code: term.label for term in vocabulary().terms(name)}
            column.addWidget(self._add(name, SegmentField(label, choices)))
        self.before = AskedBefore(self.database, self.runner, self.values)
        column.addWidget(self.before)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for clear in (scroll, scroll.viewport(), body):
            clear.setAutoFillBackground(False)
        self.side = QFrame()
        self.side.setProperty("surface", "surface")
        theme.set_size(self.side, width=_FORM_WIDTH)
        outer = QVBoxLayout(self.side)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        return self.side

    def _make_caller(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.s)
        for at in (0, 1):
            grid.setColumnStretch(at, 1)
        roles = {"": self.tr("Not known")} | {
            term.code: term.label for term in vocabulary().terms("requester_role")
        }
        known = [f"{name} ({code})" for code, name in countries().items()]
        grid.addWidget(self._add("caller", LineField(self.tr("Name"), limit=200)), 0, 0, 1, 2)
        pairs: tuple[tuple[str, FormField], ...] = (
            ("phone", LineField(self.tr("Call back"), limit=60)),
            ("role", ChoiceField(self.tr("Role"), roles)),
            ("institution", LineField(self.tr("Institution"), limit=200)),
            ("country", LineField(self.tr("Country"), words=known, limit=80)),
        )
        for at, (name, field) in enumerate(pairs):
            grid.addWidget(self._add(name, field), 1 + at // 2, at % 2, _TOP)
        grid.addWidget(self._add("email", LineField(self.tr("E-mail"))), 3, 0, 1, 2)
        return grid

    def _make_foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("surface", "foot")
        column = QVBoxLayout(foot)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.s, edge, theme.SPACE.s)
        self._problem = text_label(role="body", tone="over", wraps=True)
        self._problem.hide()
        column.addWidget(self._problem)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.m)
        back = quiet_button(self.tr("Keep as draft"), "Esc", size="form", on_click=self.leave)
        self._hang_button = quiet_button("", "Alt+E", size="form", on_click=self.hang_up)
        self._only_button = secondary_button(
            self.tr("No inquiry"), "Alt+W", size="form", on_click=self.ask_outcome
        )
        later = secondary_button(self.tr("Answer later"), "Ctrl+S", size="form", on_click=self.finish_later)
        self.finish_button = primary_button(
            self.tr("End call, open case"), "Ctrl+Enter", size="form", on_click=self.finish
        )
        self._foot_buttons = (back, self._hang_button, self._only_button, later, self.finish_button)
        for button, key in ((back, "Esc"), (self._hang_button, "Alt+E")):
            row.addWidget(with_keycap(button, key))
        row.addStretch(1)
        for button, key in (
            (self._only_button, "Alt+W"),
            (later, "Ctrl+S"),
            (self.finish_button, "Ctrl+Enter"),
        ):
            row.addWidget(with_keycap(button, key))
        column.addLayout(row)
        return foot

    def _add(self, name: str, field: F) -> F:
        self.fields[name] = field
        field.changed.connect(self._on_changed)
        return field

    def _connect(self) -> None:
        for part in (self.questions, self.decisions, self.script):
            part.changed.connect(self._on_changed)
        self.decisions.decided.connect(self.script.tick_asked)
        self.fields["country"].changed.connect(self._on_country)
        self._product.line.editingFinished.connect(self._on_product_left)
        self.keeper.saved.connect(self._on_draft_saved)
        self.keeper.failed.connect(self._on_draft_failed)

    def _fill(self, values: Mapping[str, str], now: int) -> None:
        self._is_filling = True
        self._started = int(values.get(STARTED) or now)
        self._ended = int(values.get(ENDED) or 0)
        self._zone = values.get(ZONE) or self.database.clock.zone()
        for name, field in self.fields.items():
            field.set_text(values.get(name, ""))
            field.show_error("")
        self.questions.set_text(values.get("questions", ""))
        for name in (*SAFETY, "safety_reason"):
            self.decisions.set_value(name, values.get(name, ""))
        self.script.show_script(values.get(LANGUAGE) or "en", country_of(values.get("country", "")))
        self.script.set_said(values.get(SAID, ""))
        self._day_zero.setText(self.tr("Day 0: {time}").format(time=self._time(self._started)))
        self._is_filling = False
        self.before.clear()

    def _fold(self) -> None:
        has_room = self.width() >= theme.scaled(_FOLDS_BELOW)
        is_shown = has_room if self._is_script_wanted is None else self._is_script_wanted
        self.script.setVisible(is_shown)
        self._script_edge.setVisible(is_shown)

    def _forget_empty(self) -> None:
        self.keeper.forget()
        self.rest()
        draft_id, store = self.keeper.id, self.store

        def call(_job: JobContext) -> None:
            store.forget(draft_id)

        self.runner.run_io(call)
        self.keeper.begin()

    def _set_saving(self, *, is_saving: bool) -> None:
        self._is_saving = is_saving
        for button in self._foot_buttons:
            button.setEnabled(not is_saving)

    def _show_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()
        announce(self, sentence, assertive=False)

    def _show_saved(self, words: str, *, is_failure: bool = False) -> None:
        self._saved_note.setText(words)
        set_tone(self._saved_note, "over" if is_failure else "text.3")

    def _now(self) -> int:
        return self.database.clock.now()

    def _time(self, at: int) -> str:
        return clock_time(at, self.database.clock.zone(), self._now())

    @Slot()
    def _on_changed(self) -> None:
        if not self._is_filling:
            self.keeper.touch()
            self.before.look_soon()

    @Slot()
    def _on_country(self) -> None:
        if not self._is_filling:
            code = country_of(self.fields["country"].text())
            self.script.show_script(self.script.language, code if len(code) == 2 else "")

    @Slot()
    def _on_product_left(self) -> None:
        text = self._product.text().strip()
        is_unknown = bool(text) and product_of(text, self._products) is None
        hint = self.tr("Not in the product list. It is kept as you wrote it.") if is_unknown else ""
        self._product.show_error(hint, is_hint=True)

    @Slot()
    def _on_draft_saved(self) -> None:
        self._show_saved(self.tr("Saved {time}").format(time=self._time(self._now())))

    @Slot(str)
    def _on_draft_failed(self, sentence: str) -> None:
        self._show_saved(self.tr("Not kept yet: {why}").format(why=sentence), is_failure=True)
