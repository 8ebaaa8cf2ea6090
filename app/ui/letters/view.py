"""The open letter: tools, margin, paper and foot, and what is saved of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.checks.snapshot import BlockState
from app.models.letter_origins import Origin
from app.services.jobs.context import JobContext
from app.services.letters.queries import CitableWork
from app.services.letters.queries import LetterView as LetterFacts
from app.ui import theme
from app.ui.errors import MessageAction, MessageBar
from app.ui.jobs import JobRunner
from app.ui.letters.autosave import Autosave, LetterStore
from app.ui.letters.bars import Foot, ToolBar
from app.ui.letters.cite_box import CiteBox
from app.ui.letters.conflicts import Conflicts
from app.ui.letters.differences import as_html, differences, marked_words
from app.ui.letters.editor import LetterEditor
from app.ui.letters.find_bar import FindBar
from app.ui.letters.letter_actions import make_actions
from app.ui.letters.margin import ProvenanceMargin
from app.ui.letters.model import LetterModel
from app.ui.letters.paper import lay_desk, pages_of
from app.ui.letters.spans import span_of
from app.ui.letters.special_signs import SpecialSigns
from app.ui.letters.strip import ReasonStrip, TextStrip
from app.ui.widgets import announce


class LetterView(QWidget):
    """One letter, open for writing.

    `block_entered` carries the id of the block under the caret and its origins; `changed` comes after
    every edit, `cut` once an edit is in the journal. The database is read and written in the background only.
    """

    block_entered = Signal(str, object)
    changed = Signal()
    source_requested = Signal(str)
    cut = Signal()

    def __init__(
        self,
        runner: JobRunner,
        store: LetterStore,
        parent: QWidget | None = None,
        *,
        binds_keys: bool = True,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._store = store
        self._now = now
        self._facts: LetterFacts | None = None
        self.autosave: Autosave | None = None
        self.editor = LetterEditor()
        self.cite_box = CiteBox(self.editor, runner, self._find_citable)
        self.margin = ProvenanceMargin(self.editor)
        self.find_bar = FindBar(self.editor)
        self.special_signs = SpecialSigns(self.editor)
        self.actions_by_name = make_actions(self, binds_keys=binds_keys)
        self.tools = ToolBar(self._tool_groups())
        self.foot = Foot()
        self.messages = MessageBar(self)
        self.reason = ReasonStrip(self.editor)
        self.words = TextStrip(self.editor)
        self.conflicts = Conflicts(self.editor, TextStrip(self.editor))
        self._shows_words = False
        self._build()
        self._connect()

    # Door

    def load(self, facts: LetterFacts) -> None:
        """Show a letter; what was typed into the last one is saved first."""
        self.flush()
        self._facts = facts
        model = LetterModel(facts)
        model.is_read_only = facts.released_at is not None or facts.state not in ("draft", "in_review")
        self.autosave = Autosave(self._runner, self._store, model, self)
        self.autosave.saved.connect(self._on_saved)
        self.autosave.cut.connect(self.cut)
        self.autosave.failed.connect(self._on_failed)
        self.autosave.stale.connect(self._on_stale)
        self.foot.show_state(facts.state, facts.edition)
        self.foot.saved.setText("")
        self.editor.open_letter(model)
        self._look_up_sources()
        self._on_changed()
        if model.stale_drafts:
            self._on_stale(
                "What you typed was kept as a draft, and the block has changed since. Compare them."
            )

    def refresh(self, facts: LetterFacts) -> None:
        """Take over what changed around the text: fields, holds, enclosures, state."""
        if self._facts is None or facts.id != self._facts.id:
            self.load(facts)
            return
        self._facts = facts
        self.editor.model.take_surroundings(facts)
        self.foot.show_state(facts.state, facts.edition)
        self.editor.refresh_objects()
        self._on_changed()

    def insert_blocks(self, facts: LetterFacts, block_ids: Sequence[str]) -> None:
        """Show blocks that the library has put into the letter, in one undo step."""
        model = self.editor.model
        order = [block.id for block in facts.blocks]
        fresh = [block for block in facts.blocks if block.id in block_ids and not model.has(block.id)]
        if not fresh:
            return
        before = order[: order.index(fresh[0].id)]
        after = next((block_id for block_id in reversed(before) if model.has(block_id)), "")
        model.take(fresh, facts)
        self._facts = facts
        self.editor.insert_blocks([(model.tag(b.id, b.origins), b.text) for b in fresh], after)

    def set_read_only(self, is_on: bool) -> None:
        """Close or open the whole letter."""
        self.editor.set_read_only(is_on)

    def flush(self) -> None:
        """Send everything that is not saved yet on its way."""
        if self.autosave is not None:
            self.autosave.flush()

    def reveal(self, block_id: str, quote: str = "") -> None:
        """Scroll to a block and put the caret there, or select the words that are quoted from it."""
        self.editor.reveal(block_id, quote)

    def focus_caret(self) -> None:
        """Give the keyboard back to the text."""
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def cite(self, work: CitableWork) -> bool:
        """Cite a work at the caret; tell whether it could be."""
        if not self.editor.may_type():
            return False
        written = self.editor.model.cite(self.editor.current_block_id(), work.key, work.record)
        return self.editor.insert_citation(written)

    @property
    def is_saved(self) -> bool:
        """Whether the database has everything that is shown."""
        return self.autosave is None or self.autosave.is_saved

    # Building

    def _tool_groups(self) -> Sequence[Sequence[tuple[QAction, str]]]:
        named = self.actions_by_name
        return (
            ((named["undo"], "undo-2"), (named["redo"], "redo-2")),
            (
                (named["bold"], "bold"),
                (named["italic"], "italic"),
                (named["super"], "superscript"),
                (named["list"], "list"),
            ),
            ((named["cite"], "quote"), (named["signs"], "omega")),
        )

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(self.find_bar)
        column.addLayout(lay_desk(self.margin, self.editor), 1)
        column.addWidget(self.messages)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self.editor.changed.connect(self._on_changed)
        self.editor.block_entered.connect(self._on_block_entered)
        self.editor.refused.connect(self.reason.show_reason)
        self.margin.source_requested.connect(self.source_requested)
        self.conflicts.decided.connect(self._on_decided)
        self.cite_box.chosen.connect(self.cite)
        self.find_bar.left.connect(self.focus_caret)
        theme.theme_signals.changed.connect(self._on_theme_changed)

    # Following

    @Slot()
    def _on_changed(self) -> None:
        if self._facts is None or self.autosave is None:
            return
        model = self.editor.model
        self.tools.show_shares(model.shares())
        self.foot.show_facts(pages_of(self.editor), len(model.reference_lines()), len(self._facts.enclosures))
        if not self.editor.current_block_id() or not model.is_closed(self.editor.current_block_id()):
            self.reason.leave()
        self.autosave.note()
        self._show_words()
        self.find_bar.finder.note()
        self.changed.emit()

    @Slot(str)
    def _on_block_entered(self, block_id: str) -> None:
        self.reason.leave()
        self.flush()
        has_block = bool(block_id) and self.editor.model.has(block_id)
        origins: tuple[Origin, ...] = self.editor.model.held(block_id).origins if has_block else ()
        self._show_words()
        self.block_entered.emit(block_id, origins)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._show_words()

    @Slot()
    def _on_saved(self) -> None:
        self.foot.saved.setText(f"Saved {self._now():%H:%M}")
        self.messages.dismiss()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.messages.show_message(
            f"The letter could not be saved. Your words are kept here. {why}",
            kind="over",
            action=MessageAction("Save now", self.flush),
        )

    @Slot(str)
    def _on_stale(self, why: str) -> None:
        self.messages.show_message(why, kind="soon", action=MessageAction("Compare", self._compare))

    def _compare(self) -> None:
        letter_id, store = self.editor.model.letter_id, self._store

        def read(_context: JobContext) -> LetterFacts:
            return store.letter(letter_id)

        self._runner.run_query(read, on_done=self.conflicts.show, owner=self, after_commands=True)

    @Slot()
    def _on_decided(self) -> None:
        if self.autosave is not None:
            self.autosave.is_stale = False
            self.flush()
        announce(self, "Every text is decided.")

    def _find_citable(self, wanted: str) -> tuple[CitableWork, ...]:
        facts = self._facts
        return self._store.citable(facts.id, wanted) if facts is not None else ()

    def _look_up_sources(self) -> None:
        wanted, store = self.editor.model.missing_sources(), self._store
        if wanted:
            self._runner.run_query(
                lambda _context: store.sources(wanted), on_done=self._on_sources, owner=self
            )

    def _on_sources(self, sources: Mapping[Origin, str]) -> None:
        self.editor.model.learn(sources)
        self._show_words()

    # Word changes

    def toggle_words(self) -> None:
        """Show or hide what changed in the block under the caret."""
        self._shows_words = not self._shows_words
        self._show_words()

    def _show_words(self) -> None:
        block_id = self.editor.current_block_id()
        model = self.editor.model if self._facts is not None else None
        is_changed = model is not None and model.has(block_id) and model.state(block_id) is BlockState.CHANGED
        pieces = differences(self.editor.model, block_id) if is_changed else ()
        span = span_of(self.editor.document(), block_id) if is_changed else None
        marked = marked_words(self.editor.document(), span, pieces) if span is not None else ()
        self.editor.mark("changed", marked)
        if self._shows_words and pieces:
            self.words.show_text(block_id, "Changed against the approved wording", as_html(pieces))
        else:
            self.words.leave()

    def ask_source(self) -> None:
        """Ask for the source of the block under the caret."""
        block_id = self.editor.current_block_id()
        if block_id:
            self.source_requested.emit(block_id)
