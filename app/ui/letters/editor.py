"""The letter editor: one text over all blocks, in which closed text holds."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QMimeData, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QPaintEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app.models.letter_origins import Origin
from app.models.markup import Citation, CitationItem
from app.ui import theme
from app.ui.letters import clipboard, guard, marking
from app.ui.letters.block_steps import BlockSteps
from app.ui.letters.block_tint import BlockTint
from app.ui.letters.document import id_at, insert_inlines
from app.ui.letters.drawer import Drawer
from app.ui.letters.dropping import Dropper
from app.ui.letters.finding import ShownText
from app.ui.letters.formats import Look
from app.ui.letters.guard import Plan
from app.ui.letters.inline_objects import InlineObjects
from app.ui.letters.inserting import Inserter
from app.ui.letters.keys import Keys
from app.ui.letters.made_objects import ReferenceObject
from app.ui.letters.model import LetterModel
from app.ui.letters.removing import Remover
from app.ui.letters.sheet import Sheet
from app.ui.letters.spans import Span, quoted, span_of, spans, text_blocks

_INDENT = 20
_KEEP = QTextCursor.MoveMode.KeepAnchor


class LetterEditor(QTextEdit):
    """One text over a whole letter.

    `block_entered` carries the id of the block under the caret; `refused` the id of a block that held,
    and why; `changed` comes after every change of text, order or state.
    """

    block_entered = Signal(str)
    changed = Signal()
    refused = Signal(str, str)
    unlock_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self._entered = ""
        self._marks: dict[str, list[QTextEdit.ExtraSelection]] = {}
        self._tint = BlockTint(self)
        self._drawing = Drawer(self)
        self._remover = Remover(self)
        self._inserter = Inserter(self, self._remover)
        self._steps = BlockSteps(self)
        self._dropper = Dropper(self, self._inserter)
        self._keys = Keys(self, self._remover, self._inserter)
        self.objects = InlineObjects(self.document(), self._drawing.draw)
        self.references = ReferenceObject(self.document(), self._drawing.lines)
        self._build()

    @property
    def model(self) -> LetterModel:
        """The model of the open letter."""
        return self.open_sheet.model

    @property
    def open_sheet(self) -> Sheet:
        """The document of the open letter, in step with its model."""
        if self.sheet is None:
            raise RuntimeError("no letter is open")
        return self.sheet

    def open_letter(self, model: LetterModel) -> None:
        """Show a letter; the undo history of the last one ends."""
        if self.sheet is not None:
            self.sheet.close()
        self.sheet = Sheet(self.document(), model, self.look)
        self.references.forget()
        self.sheet.fill()
        self.sheet.settled.connect(self._on_settled)
        self.sheet.refused.connect(self._on_refused)
        self._entered = ""
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._on_caret_moved()

    # Where things are

    def spans(self) -> list[Span]:
        """Return where every block stands."""
        return spans(self.document())

    def current_block_id(self) -> str:
        """Return the id of the block under the caret, or nothing."""
        return id_at(self.document(), self.textCursor().position()).partition("/")[0]

    def block_rect(self, span: Span) -> QRect:
        """Return the room of a block in the viewport, over its full width."""
        layout = self.document().documentLayout()
        blocks = list(text_blocks(self.document(), span))
        top = layout.blockBoundingRect(blocks[0]).top()
        last = layout.blockBoundingRect(blocks[-1])
        scrolled = self.verticalScrollBar().value()
        return QRectF(0, top - scrolled, self.viewport().width(), last.bottom() - top).toRect()

    def reveal(self, block_id: str, quote: str = "") -> None:
        """Scroll to a block: the caret goes to its start, or selects the words quoted from it."""
        span = span_of(self.document(), block_id)
        if span is None:
            return
        found = quoted(self.document(), span, quote)
        cursor = self.textCursor()
        cursor.setPosition(found.selectionStart() if found is not None else span.start)
        if found is not None:
            cursor.setPosition(found.selectionEnd(), _KEEP)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def select_block(self, block_id: str) -> None:
        """Select a whole block."""
        span = span_of(self.document(), block_id)
        if span is not None:
            cursor = self.textCursor()
            cursor.setPosition(span.start)
            cursor.setPosition(span.end, _KEEP)
            self.setTextCursor(cursor)

    # Steps of the user

    @Slot()
    def undo(self) -> None:
        """Take the last step back."""
        self.open_sheet.undo()

    @Slot()
    def redo(self) -> None:
        """Do the step again that was taken back."""
        self.open_sheet.redo()

    @Slot()
    def unlock(self) -> None:
        """Open the approved block under the caret for changes."""
        self._steps.unlock(self.current_block_id())

    @Slot()
    def restore(self) -> None:
        """Put the approved wording back into the block under the caret."""
        self._steps.restore(self.current_block_id())

    def move_block(self, steps: int) -> None:
        """Move the block under the caret up or down."""
        self._steps.move(self.current_block_id(), steps)

    def insert_blocks(self, tagged: Sequence[tuple[str, str]], after: str) -> None:
        """Add blocks behind another in one undo step, and flash them."""
        self.open_sheet.insert(tagged, after)
        self.flash(tagged[0][0].partition("/")[0])

    def take_text(self, block_id: str, text: str, origins: Sequence[Origin]) -> None:
        """Put a stored text in place of a block, in one undo step."""
        self.open_sheet.restore(block_id, text, self.model.tag(block_id, origins))

    def insert_citation(self, key: str, locator: str = "") -> bool:
        """Cite a reference at the caret; tell whether it could be."""
        if not self.may_type():
            return False
        citation = Citation((CitationItem(key, locator),))
        insert_inlines(self.textCursor(), (citation,), self.look())
        return True

    def toggle(self, mark: marking.Mark) -> None:
        """Set or take off a mark on the selection."""
        if self.may_mark():
            self.setTextCursor(marking.toggle(self.textCursor(), mark))

    def toggle_list(self) -> None:
        """Make the block under the caret a list, or paragraphs again."""
        if self.may_mark() and not self.model.is_whole(id_at(self.document(), self.textCursor().position())):
            span = span_of(self.document(), self.current_block_id())
            if span is not None and not span.is_table:
                marking.toggle_list(self.document(), span)

    def set_read_only(self, is_on: bool) -> None:
        """Close or open the whole letter."""
        self.model.is_read_only = is_on
        self.changed.emit()

    def flash(self, block_id: str) -> None:
        """Show for a moment where something came in."""
        self.reveal(block_id)
        self._tint.flash(block_id)

    def type_text(self, text: str) -> bool:
        """Put signs where the caret is, as a key would; tell whether they could be."""
        if self.sheet is None or not self.may_type():
            return False
        self.textCursor().insertText(text)
        self.ensureCursorVisible()
        return True

    def refresh_objects(self) -> None:
        """Draw numbers, values and references anew without an edit."""
        self.references.forget()
        if self.sheet is not None:
            with self.sheet.quiet():
                self.objects.refresh()

    # Guards

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let through what the blocks allow."""
        if self.sheet is None or self._keys.takes(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Let an input method compose only where one may type."""
        if self.sheet is None or ((event.commitString() or event.preeditString()) and not self.may_type()):
            event.ignore()
            return
        self.sheet.is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if not self.sheet.is_composing:
            self.sheet.catch_up()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take our own pieces, and the text of other programs."""
        return clipboard.takes(source)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Give the selection as markup with its origins."""
        return clipboard.to_mime(clipboard.pieces_of(self.textCursor(), self.model), self.model)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take pieces with their origins, or text cleaned to the markup; never by Qt's way with HTML."""
        told: list[str] = []
        self.insert_pieces(clipboard.from_mime(source, tell=told.append))
        for why in told:
            self.refused.emit(self.current_block_id(), why)

    @Slot()
    def cut(self) -> None:
        """Copy the selection and take it out, where that is allowed."""
        cursor = self.textCursor()
        if cursor.hasSelection() and self.plan(cursor).kind != "refuse":
            self.copy()
        self._remover.remove(cursor)

    def paste_plain(self) -> None:
        """Take only the words of the clipboard."""
        self.insert_pieces(clipboard.from_mime(QGuiApplication.clipboard().mimeData(), is_plain=True))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where a drop would go, and only where it may."""
        super().dragMoveEvent(event)
        event.setAccepted(event.isAccepted() and self._dropper.accepts(event))

    def dropEvent(self, event: QDropEvent) -> None:
        """Insert what is dropped; what was dragged from here moves."""
        self._dropper.take(event)

    def insert_pieces(self, pieces: Sequence[clipboard.Piece]) -> None:
        """Insert pieces at the caret in one undo step."""
        self._inserter.insert(pieces)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint of the block under the caret below the text."""
        if self.sheet is not None:
            self._tint.paint()
        super().paintEvent(event)

    def tinted(self) -> tuple[str, str]:
        """Return the block that is tinted now, and its colour token."""
        return self._tint.tinted(self._entered)

    def mark(self, name: str, selections: Iterable[QTextEdit.ExtraSelection]) -> None:
        """Show marks of one kind beside those of other kinds; the text stays as it is."""
        before, now = self._marks.get(name, []), list(selections)
        if before or now:
            self._marks[name] = now
            self.setExtraSelections([each for kind in sorted(self._marks) for each in self._marks[kind]])

    def shown_text(self) -> ShownText:
        """Return the letter as it is read now: fields, numbers and references written out."""
        return ShownText(self.document(), self.objects.shown, self.references.text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tint the block under the caret."""
        super().focusInEvent(event)
        self.changed.emit()

    def _build(self) -> None:
        self.setProperty("v", "bare")
        self.setAccessibleName("Letter text")
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(theme.SPACE.l)
        self.document().setIndentWidth(_INDENT)
        self.cursorPositionChanged.connect(self._on_caret_moved)
        theme.theme_signals.changed.connect(self._on_theme_changed)
        app = QGuiApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._on_about_to_quit)
        self._on_theme_changed()

    def look(self) -> Look:
        """Return the colours that the document itself needs."""
        return Look(theme.color("accent").name(), theme.color("line.strong").name())

    # Decisions

    def plan(self, cursor: QTextCursor) -> Plan:
        """Decide what removing a selection comes to."""
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        return guard.plan_removal(self.model, self.spans(), start, end)

    def may_type(self) -> bool:
        """Tell whether a character may come in at the caret, and say why not."""
        cursor = self.textCursor()
        plan = guard.plan_typing(self.model, self.spans(), cursor.selectionStart(), cursor.selectionEnd())
        if plan.kind != "refuse":
            return True
        self.say(plan)
        return False

    def may_mark(self) -> bool:
        """Tell whether the selection may be marked, and say why not."""
        cursor = self.textCursor()
        here = [
            s for s in self.spans() if s.tag and s.touches(cursor.selectionStart(), cursor.selectionEnd())
        ]
        for span in here:
            if self.model.is_closed(span.block_id):
                self.refuse(span.block_id)
                return False
        return not self.model.is_read_only

    def say(self, plan: Plan) -> None:
        """Say why a block held."""
        if plan.why:
            self.refused.emit(plan.block_ids[0] if plan.block_ids else "", plan.why)

    def refuse(self, block_id: str) -> None:
        """Say why a block is closed."""
        if block_id:
            self.refused.emit(block_id, guard.why_closed(self.model, block_id))

    # Following

    @Slot()
    def _on_settled(self) -> None:
        if self.model.renumber():
            self.refresh_objects()
        self._on_caret_moved()
        self.changed.emit()

    @Slot(str)
    def _on_refused(self, block_id: str) -> None:
        self.refuse(block_id)

    @Slot()
    def _on_caret_moved(self) -> None:
        if self.sheet is None:
            return
        block_id = self.current_block_id()
        # Within a step the caret moves before the model knows of it; the step's end comes here again.
        is_early = self.open_sheet.is_behind or (block_id and not self.model.has(block_id))
        if block_id == self._entered or is_early:
            return
        self.model.unlocked.discard(self._entered)
        self._entered = block_id
        self.block_entered.emit(block_id)
        self.viewport().update()

    @Slot()
    def _on_about_to_quit(self) -> None:
        clipboard.leave_words(QGuiApplication.clipboard())

    @Slot()
    def _on_theme_changed(self) -> None:
        self.document().setDefaultFont(theme.font("letter"))
        self.refresh_objects()
