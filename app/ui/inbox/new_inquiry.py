"""Take an inquiry: one form, by keyboard alone, while on the phone."""

from collections.abc import Mapping
from typing import Final, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.errors import AppError
from app.models.changes import Changes
from app.models.inquiry_forms import InquiryForm
from app.models.vocabulary import vocabulary
from app.services.intake import commands
from app.services.intake.queries import FormDraft
from app.services.jobs import JobContext
from app.services.settings.queries import ProductView
from app.services.workspace.database import Database
from app.ui import theme
from app.ui.inbox.draft_keeper import DraftKeeper
from app.ui.inbox.draft_strip import DraftStrip
from app.ui.inbox.form_fields import (
    ChoiceField,
    FormField,
    LineField,
    NotesField,
    SegmentField,
    TimeField,
    show_errors,
)
from app.ui.inbox.inquiry_values import (
    CONTACT,
    OTHER,
    SAME,
    UNKNOWN,
    has_words,
    product_of,
    read_form,
)
from app.ui.inbox.person_fields import add_person, spread, titled_grid
from app.ui.inbox.row_words import channel_icon, clock_time
from app.ui.inbox.stores import DraftStore
from app.ui.jobs import JobRunner
from app.ui.widgets import (
    Chip,
    PageHeader,
    announce,
    divider,
    icon_label,
    primary_button,
    quiet_button,
    set_tone,
    text_label,
    with_keycap,
)

_SIDE: Final = 440
_TOP: Final = Qt.AlignmentFlag.AlignTop

F = TypeVar("F", bound=FormField)


class NewInquiry(QWidget):
    """The form; it asks no safety question, because triage asks them all."""

    saved = Signal(str, str)
    left = Signal(str)

    def __init__(self, database: Database, runner: JobRunner, store: DraftStore) -> None:
        super().__init__()
        self._database, self._runner, self._store = database, runner, store
        self._products: tuple[ProductView, ...] = ()
        self.fields: dict[str, FormField] = {}
        self._is_filling = False
        self._is_saving = False
        self.keeper = DraftKeeper(store, runner, self.values, self)
        self.save_action = QAction(self.tr("Save and open"), self)
        self.save_action.triggered.connect(self.save)
        self._build()
        self.keeper.saved.connect(self._on_draft_saved)
        self.keeper.failed.connect(self._on_draft_failed)
        self.begin()

    def values(self) -> dict[str, str]:
        """Return every field as a draft keeps it."""
        return {name: field.text() for name, field in self.fields.items()}

    def begin(self, draft: FormDraft | None = None) -> None:
        """Open an empty form stamped with now, or a kept one."""
        self.keeper.begin(draft.id if draft else "")
        usual = {"channel": "phone", "received": str(self._now()), "contact": SAME, "urgency": "routine"}
        self._fill({**usual, **(dict(draft.values) if draft else {})})
        self._problem.hide()
        self._show_saved(self.tr("Kept from {time}").format(time=self._time(draft.saved_at)) if draft else "")
        self.notes.edit.setFocus()

    def set_products(self, products: tuple[ProductView, ...]) -> None:
        """Offer these products while one is typed."""
        self._products = products
        words = sorted({word for product in products for word in product.words if word}, key=str.lower)
        self._product.complete_from(words)

    def keep(self) -> None:
        """Save every word as a draft before returning."""
        if has_words(self.values()):
            self.keeper.flush()

    @Slot()
    def leave(self) -> None:
        """Go back to the list; what was typed is kept and said so."""
        if not has_words(self.values()):
            self._forget_empty()
            self.left.emit("")
            return
        try:
            self.keeper.flush()
        except AppError as error:
            self._on_draft_failed(str(error))
            return
        self.left.emit(
            self.tr("Draft kept, {time}. It waits above the list.").format(time=self._time(self._now()))
        )

    @Slot()
    def save(self) -> None:
        """Take the inquiry in; wrong fields are marked and nothing is lost."""
        if self._is_saving:
            return
        read = read_form(self.values(), self._products, now=self._now(), zone=self._database.clock.zone())
        show_errors(self.fields, read.errors)
        if read.form is None:
            self._show_problem(self._count_errors(len(read.errors)))
            return
        self._problem.hide()
        self.keeper.forget()
        self._set_saving(True)
        _Save(self, read.form, self.keeper.id).run()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc, with the draft kept."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def finish(self, inquiry_id: str, number: str) -> None:
        """Open the inquiry that was taken in, with a fresh form behind it."""
        self._set_saving(False)
        self.begin()
        self.saved.emit(inquiry_id, number)

    def fail(self, error: AppError) -> None:
        """Say why nothing was taken in; every word is still here."""
        self._set_saving(False)
        self.keeper.touch()
        self._show_problem(str(error))

    @property
    def database(self) -> Database:
        """The workspace in which the inquiry is taken."""
        return self._database

    @property
    def runner(self) -> JobRunner:
        """What runs the save off the GUI thread."""
        return self._runner

    @property
    def store(self) -> DraftStore:
        """Where drafts are kept."""
        return self._store

    def _build(self) -> None:
        self.header = PageHeader(self.tr("New inquiry"))
        self._icon = icon_label("phone", "accent", 20)
        self.header.add_before_title(self._icon)
        self._day_zero = Chip("", "safety", "shield-alert")
        self.header.add_widget(self._day_zero)
        self._saved_note = text_label(role="secondary", tone="text.3")
        self.header.add_widget(self._saved_note)
        self.drafts = DraftStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.drafts)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._make_notes(), 1)
        body.addWidget(divider(vertical=True))
        body.addWidget(self._make_side())
        column.addLayout(body, 1)
        column.addWidget(self._make_foot())

    def _make_notes(self) -> QWidget:
        self.notes = self._add("notes", NotesField(self.tr("Notes, as you hear them")))
        place = QFrame()
        place.setProperty("surface", "window")
        column = QVBoxLayout(place)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.l)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(self.notes, 1)
        words = self.tr("Everything here is kept, word for word. Safety is decided in triage, not here.")
        column.addWidget(text_label(words, role="secondary", tone="text.3", wraps=True))
        return place

    def _make_side(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.SPACE.page_edge
        column.setContentsMargins(edge, theme.SPACE.l, edge, theme.SPACE.l)
        column.setSpacing(theme.SPACE.s)
        for part in (self._make_how(), self._make_requester(), self._make_contact(), self._make_about()):
            column.addLayout(part)
            column.addSpacing(theme.SPACE.s)
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
        theme.set_size(self.side, width=_SIDE)
        outer = QVBoxLayout(self.side)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self._scroll = scroll
        return self.side

    def _make_how(self) -> QGridLayout:
        grid = titled_grid(self.tr("How it came"))
        channels = {term.code: term.label for term in vocabulary().terms("channel")}
        self._channel = self._add("channel", ChoiceField(self.tr("Channel"), channels))
        received = TimeField(self.tr("Received, Day 0"), self._database.clock.zone())
        grid.addWidget(self._channel, 1, 0, _TOP)
        grid.addWidget(self._add("received", received), 1, 1, _TOP)
        return grid

    def _make_requester(self) -> QGridLayout:
        grid = titled_grid(self.tr("Who is asking"))
        add_person(grid, 1, "", self._add)
        return grid

    def _make_contact(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE.s)
        choices = {
            SAME: self.tr("Same person"),
            OTHER: self.tr("Somebody else"),
            UNKNOWN: self.tr("Not known yet"),
        }
        self._contact = self._add("contact", SegmentField(self.tr("The answer goes to"), choices))
        column.addWidget(self._contact)
        self._other = QWidget()
        grid = QGridLayout(self._other)
        grid.setContentsMargins(0, 0, 0, 0)
        spread(grid)
        add_person(grid, 0, CONTACT, self._add)
        self._other.hide()
        column.addWidget(self._other)
        return column

    def _make_about(self) -> QGridLayout:
        grid = titled_grid(self.tr("What about"))
        self._product = self._add("product", LineField(self.tr("Product"), limit=160))
        self._product.line.editingFinished.connect(self._on_product_left)
        grid.addWidget(self._product, 1, 0, 1, 2)
        urgency = {term.code: term.label for term in vocabulary().terms("urgency")}
        grid.addWidget(self._add("urgency", SegmentField(self.tr("How urgent"), urgency)), 2, 0, 1, 2)
        solicited = {term.code: term.label for term in vocabulary().terms("solicited")}
        field = SegmentField(self.tr("Did the company prompt the question?"), solicited)
        grid.addWidget(self._add("solicited", field), 3, 0, 1, 2)
        return grid

    def _make_foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("surface", "foot")
        row = QHBoxLayout(foot)
        edge = theme.SPACE.page_edge
        row.setContentsMargins(edge, theme.SPACE.s, edge, theme.SPACE.s)
        row.setSpacing(theme.SPACE.m)
        back = quiet_button(self.tr("Back, keep the draft"), "Esc", size="form", on_click=self.leave)
        row.addWidget(with_keycap(back, "Esc"))
        self._problem = text_label(role="body", tone="over", wraps=True)
        self._problem.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._problem.hide()
        row.addWidget(self._problem, 1)
        self.save_button = primary_button(
            self.tr("Save and open"), "Ctrl+Enter", size="form", on_click=self.save
        )
        row.addStretch(1)
        row.addWidget(with_keycap(self.save_button, "Ctrl+Enter"))
        return foot

    def _add(self, name: str, field: F) -> F:
        self.fields[name] = field
        field.changed.connect(self._on_changed)
        return field

    def _fill(self, values: Mapping[str, str]) -> None:
        self._is_filling = True
        for name, field in self.fields.items():
            field.set_text(values.get(name, ""))
            field.show_error("")
        self._is_filling = False
        self._show_choices()

    def _show_choices(self) -> None:
        self._other.setVisible(self._contact.text() == OTHER)
        channel = self._channel.text()
        theme.set_picture(self._icon, channel_icon(channel), "accent", 20)
        label = vocabulary().label("channel", channel).lower()
        self.header.set_title(self.tr("New inquiry, {channel}").format(channel=label))
        received = int(self.fields["received"].text())
        self._day_zero.setText(self.tr("Day 0: {time}").format(time=self._time(received)))

    def _forget_empty(self) -> None:
        self.keeper.forget()
        draft_id, store = self.keeper.id, self._store

        def call(_job: JobContext) -> None:
            store.forget(draft_id)

        self._runner.run_io(call)
        self.keeper.begin()

    def _set_saving(self, is_saving: bool) -> None:
        self._is_saving = is_saving
        self.save_button.setEnabled(not is_saving)

    def _show_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()
        announce(self, sentence, assertive=False)

    def _count_errors(self, count: int) -> str:
        if count == 1:
            return self.tr("One field is marked. Nothing is lost.")
        return self.tr("{n} fields are marked. Nothing is lost.").format(n=count)

    def _show_saved(self, words: str, *, is_failure: bool = False) -> None:
        self._saved_note.setText(words)
        set_tone(self._saved_note, "over" if is_failure else "text.3")

    def _now(self) -> int:
        return self._database.clock.now()

    def _time(self, at: int) -> str:
        return clock_time(at, self._database.clock.zone(), self._now())

    @Slot()
    def _on_changed(self) -> None:
        if self._is_filling:
            return
        self._show_choices()
        self.keeper.touch()

    @Slot()
    def _on_product_left(self) -> None:
        text = self._product.text().strip()
        is_unknown = bool(text) and product_of(text, self._products) is None
        hint = self.tr("Not in the product list. It is kept as you wrote it.") if is_unknown else ""
        self._product.show_error(hint, is_hint=True)

    @Slot()
    def _on_draft_saved(self) -> None:
        self._show_saved(self.tr("Draft kept {time}").format(time=self._time(self._now())))

    @Slot(str)
    def _on_draft_failed(self, sentence: str) -> None:
        self._show_saved(self.tr("Not kept yet: {why}").format(why=sentence), is_failure=True)


class _Save:
    """One save: the words by value, and the number that came of them."""

    def __init__(self, screen: NewInquiry, form: InquiryForm, draft_id: str) -> None:
        self._screen, self._form, self._draft_id = screen, form, draft_id
        self._taken: commands.Captured | None = None

    def run(self) -> None:
        """Take the inquiry in behind what is being written already."""
        self._screen.runner.run_command(self._work, on_done=self._on_done, on_failed=self._screen.fail)

    def _work(self, _job: JobContext) -> Changes:
        self._taken = self._screen.database.write(commands.capture, self._form)
        self._screen.store.forget(self._draft_id)
        return self._taken.changes

    def _on_done(self, _changes: Changes) -> None:
        if self._taken is not None:
            self._screen.finish(self._taken.inquiry_id, self._taken.number)
