"""The letter editor: one text over all blocks, in which closed text holds."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QStyle, QTextEdit, QWidget

from app.models.checks.snapshot import BlockState
from app.models.letter_origins import Origin, joined_origins
from app.models.markup import Citation, CitationItem, Paragraph, parse
from app.ui import theme
from app.ui.letters import clipboard, guard, marking
from app.ui.letters.document import id_at, insert_inlines
from app.ui.letters.drawer import Drawer
from app.ui.letters.formats import Look
from app.ui.letters.guard import Plan
from app.ui.letters.inline_objects import InlineObjects
from app.ui.letters.made_objects import ReferenceObject
from app.ui.letters.model import LetterModel
from app.ui.letters.removing import Remover
from app.ui.letters.sheet import Sheet
from app.ui.letters.spans import Span, span_of, spans, text_blocks
from app.ui.widgets import rounded

_FLASH_MS = 600
_INDENT = 20
_TINTS = {
    BlockState.VERBATIM: "prov.verbatim.soft",
    BlockState.CHANGED: "prov.changed.soft",
    BlockState.FREE: "prov.free.soft",
    BlockState.NONE: "prov.free.soft",
}
_REMOVALS = {
    QKeySequence.StandardKey.Delete: QTextCursor.MoveOperation.NextCharacter,
    QKeySequence.StandardKey.Backspace: QTextCursor.MoveOperation.PreviousCharacter,
    QKeySequence.StandardKey.DeleteEndOfWord: QTextCursor.MoveOperation.EndOfWord,
    QKeySequence.StandardKey.DeleteStartOfWord: QTextCursor.MoveOperation.PreviousWord,
    QKeySequence.StandardKey.DeleteEndOfLine: QTextCursor.MoveOperation.EndOfLine,
}
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
        self._flashed = ""
        self._flash_end = QTimer(self, singleShot=True, interval=_FLASH_MS)
        self._flash_end.timeout.connect(self._on_flash_end)
        self._drawing = Drawer(self)
        self._remover = Remover(self)
        self._objects = InlineObjects(self.document(), self._drawing.draw)
        self._references = ReferenceObject(self.document(), self._drawing.lines)
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
        self.sheet = Sheet(self.document(), model, self._look)
        self._references.forget()
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

    def reveal(self, block_id: str) -> None:
        """Scroll to a block and put the caret at its start."""
        span = span_of(self.document(), block_id)
        if span is not None:
            cursor = self.textCursor()
            cursor.setPosition(span.start)
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
        block_id = self.current_block_id()
        if block_id and self.model.is_locked(block_id) and not self.model.is_read_only:
            self.model.unlocked.add(block_id)
            self.changed.emit()
        elif block_id and self.model.is_closed(block_id):
            self._refuse(block_id)

    @Slot()
    def restore(self) -> None:
        """Put the approved wording back into the block under the caret."""
        block_id = self.current_block_id()
        if not block_id or self.model.state(block_id) is not BlockState.CHANGED:
            return
        source = self.model.source(block_id)
        if self.model.is_read_only or self.model.is_fixed(block_id):
            self._refuse(block_id)
        elif source is None or len(self.model.held(block_id).origins) > 1:
            self.refused.emit(
                block_id, "This block comes from several approved texts. Undo the joining instead."
            )
        else:
            self.model.unlocked.discard(block_id)
            self.open_sheet.restore(block_id, source)
            self.reveal(block_id)

    def move_block(self, steps: int) -> None:
        """Move the block under the caret up or down."""
        block_id = self.current_block_id()
        if not block_id:
            return
        if self.model.is_read_only or self.model.is_fixed(block_id):
            self._refuse(block_id)
        elif self.open_sheet.move(block_id, steps):
            self.reveal(block_id)

    def insert_blocks(self, tagged: Sequence[tuple[str, str]], after: str) -> None:
        """Add blocks behind another in one undo step, and flash them."""
        self.open_sheet.insert(tagged, after)
        self.flash(tagged[0][0].partition("/")[0])

    def take_text(self, block_id: str, text: str, origins: Sequence[Origin]) -> None:
        """Put a stored text in place of a block, in one undo step."""
        self.open_sheet.restore(block_id, text, self.model.tag(block_id, origins))

    def insert_citation(self, key: str, locator: str = "") -> bool:
        """Cite a reference at the caret; tell whether it could be."""
        if not self._may_type():
            return False
        citation = Citation((CitationItem(key, locator),))
        insert_inlines(self.textCursor(), (citation,), self._look())
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
        self._flashed = block_id
        self.reveal(block_id)
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0:
            self._flash_end.start()
        else:
            self._on_flash_end()

    def refresh_objects(self) -> None:
        """Draw numbers, values and references anew without an edit."""
        self._references.forget()
        if self.sheet is not None:
            with self.sheet.quiet():
                self._objects.refresh()

    # Guards

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let through what the blocks allow."""
        if self.sheet is None or self._is_command(event) or self._is_removal(event):
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(event)
        elif not _types(event) or self._may_type():
            super().keyPressEvent(event)
        else:
            event.accept()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Let an input method compose only where one may type."""
        if self.sheet is None or ((event.commitString() or event.preeditString()) and not self._may_type()):
            event.ignore()
            return
        self.sheet.is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if not self.sheet.is_composing:
            self.sheet.catch_up()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take our own pieces, and words."""
        return source.hasFormat(clipboard.MIME_TYPE) or source.hasText()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Give the selection as markup with its origins."""
        return clipboard.to_mime(clipboard.pieces_of(self.textCursor(), self.model), self.model)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take pieces with their origins, or plain words; never HTML."""
        self.insert_pieces(clipboard.from_mime(source))

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
        cursor = self.cursorForPosition(event.position().toPoint())
        event.setAccepted(event.isAccepted() and self._landing(cursor) is not None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Insert what is dropped; what was dragged from here moves."""
        target = self.cursorForPosition(event.position().toPoint())
        is_move = (
            event.source() in (self, self.viewport()) and event.proposedAction() is Qt.DropAction.MoveAction
        )
        # The source removes nothing by itself, so that both halves of a move pass the guard.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        # Qt keeps showing its drop caret until the drag has left.
        self.dragLeaveEvent(QDragLeaveEvent())
        pieces = clipboard.from_mime(event.mimeData())
        if is_move and not self._move_selection_away(target):
            return
        self.setTextCursor(target)
        self.insert_pieces(pieces)

    def insert_pieces(self, pieces: Sequence[clipboard.Piece]) -> None:
        """Insert pieces at the caret in one undo step."""
        if not pieces:
            return
        cursor = self.textCursor()
        if cursor.hasSelection():
            if self.plan(cursor).kind == "refuse":
                self.say(self.plan(cursor))
                return
            self._remover.remove(cursor)
            cursor = self.textCursor()
        landing = self._landing(cursor)
        if landing is None:
            self._refuse(self.current_block_id())
        elif len(pieces) == 1 and landing == "inside" and _is_paragraph(pieces[0].text):
            self._insert_inside(cursor, pieces[0])
        else:
            self._insert_beside(cursor, pieces, landing)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint of the block under the caret below the text."""
        if self.sheet is not None:
            self._paint_tint()
        super().paintEvent(event)

    def tinted(self) -> tuple[str, str]:
        """Return the block that is tinted now, and its colour token."""
        block_id = self._flashed or (self._entered if self.hasFocus() else "")
        if self.sheet is None or not block_id or not self.model.has(block_id):
            return "", ""
        state = self.model.state(block_id)
        is_plain = state is BlockState.VERBATIM and not self._flashed
        return ("", "") if is_plain or self.model.is_fixed(block_id) else (block_id, _TINTS[state])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tint the block under the caret."""
        super().focusInEvent(event)
        self.changed.emit()

    def _paint_tint(self) -> None:
        block_id, token = self.tinted()
        span = span_of(self.document(), block_id) if block_id else None
        if span is None:
            return
        rect = self.block_rect(span).adjusted(-theme.RADIUS.card, -6, -theme.SPACE.s, 6)
        with QPainter(self.viewport()) as painter:
            rounded(painter, rect, theme.RADIUS.chip, fill=theme.color(token))

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

    def _look(self) -> Look:
        return Look(theme.color("accent").name(), theme.color("line.strong").name())

    # Decisions

    def plan(self, cursor: QTextCursor) -> Plan:
        """Decide what removing a selection comes to."""
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        return guard.plan_removal(self.model, self.spans(), start, end)

    def _may_type(self) -> bool:
        """Tell whether a character may come in at the caret, and say why not."""
        plan = self.plan(self.textCursor())
        is_one = plan.kind == "retire" and len(plan.block_ids) == 1
        if plan.kind == "edit" or (is_one and not self.model.is_closed(plan.block_ids[0])):
            return True
        if plan.kind == "retire":
            closed = [each for each in plan.block_ids if self.model.is_closed(each)]
            why = guard.why_closed(self.model, closed[0]) if closed else guard.SEVERAL
            plan = Plan("refuse", tuple(closed or plan.block_ids), why)
        if not plan.block_ids and not plan.why:
            # An empty line of nobody becomes a block when something is written there.
            return not self.model.is_read_only
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
                self._refuse(span.block_id)
                return False
        return not self.model.is_read_only

    def _landing(self, cursor: QTextCursor) -> str | None:
        """Tell where a piece would go: inside the block, before or after it."""
        block_id = id_at(self.document(), cursor.position()).partition("/")[0]
        if self.model.is_read_only:
            return None
        if not block_id or not self.model.is_closed(block_id):
            return "inside"
        span = span_of(self.document(), block_id)
        if span is not None and cursor.position() == span.end and not span.is_table:
            return "after"
        return "before" if span is not None and cursor.position() == span.start else None

    def say(self, plan: Plan) -> None:
        """Say why a block held."""
        if plan.why:
            self.refused.emit(plan.block_ids[0] if plan.block_ids else "", plan.why)

    def _refuse(self, block_id: str) -> None:
        if block_id:
            self.refused.emit(block_id, guard.why_closed(self.model, block_id))

    # Keys

    def _is_command(self, event: QKeyEvent) -> bool:
        """Run what the editor does itself in place of Qt's own way."""
        commands = {
            QKeySequence.StandardKey.Undo: self.undo,
            QKeySequence.StandardKey.Redo: self.redo,
            QKeySequence.StandardKey.Cut: self.cut,
        }
        for key, run in commands.items():
            if event.matches(key):
                run()
                return True
        return False

    def _is_removal(self, event: QKeyEvent) -> bool:
        """Remove what the key names, where that is allowed."""
        for key, move in _REMOVALS.items():
            if event.matches(key):
                self._remover.remove_by(move)
                return True
        plain_backspace = event.key() == Qt.Key.Key_Backspace
        if plain_backspace:
            self._remover.remove_by(QTextCursor.MoveOperation.PreviousCharacter)
        return plain_backspace

    def _enter(self, event: QKeyEvent) -> None:
        cursor = self.textCursor()
        block_id = self.current_block_id()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if self._may_type():
                super().keyPressEvent(event)
            return
        if block_id and self.model.is_closed(block_id):
            self._enter_closed(cursor, block_id)
        elif self._may_type():
            tag = id_at(self.document(), cursor.position())
            with_own_break = cursor.currentTable() is None and not self.model.is_whole(tag)
            if with_own_break and cursor.currentList() is not None and not cursor.block().text():
                marking.leave_list(cursor)
            else:
                marking.break_line(cursor, is_new_paragraph=with_own_break)
            self.setTextCursor(cursor)

    def _enter_closed(self, cursor: QTextCursor, block_id: str) -> None:
        landing = None if cursor.hasSelection() else self._landing(cursor)
        if landing is None:
            self._refuse(block_id)
            return
        cursor.setPosition(self.open_sheet.open_line(block_id, is_before=landing == "before"))
        self.setTextCursor(cursor)

    # Inserting

    def _insert_inside(self, cursor: QTextCursor, piece: clipboard.Piece) -> None:
        block_id = self.current_block_id()
        paragraph = parse(piece.text).blocks[0]
        with self.open_sheet.step():
            if not block_id:
                self.open_sheet.give_tag(cursor.position(), self.model.new_block("", piece.origins))
            elif piece.origins:
                joined = joined_origins(self.model.held(block_id).origins, piece.origins)
                self.open_sheet.give_origins(block_id, self.model.tag(block_id, joined))
            insert_inlines(cursor, getattr(paragraph, "children", ()), self._look())
        self.setTextCursor(cursor)

    def _insert_beside(self, cursor: QTextCursor, pieces: Sequence[clipboard.Piece], landing: str) -> None:
        block_id = self._nearest(cursor)
        order = [held.id for held in self.model.order]
        at = order.index(block_id) if block_id in order else 0
        after = (order[at - 1] if at else "") if landing == "before" else block_id
        tagged = [(self.model.new_block(piece.text, piece.origins), piece.text) for piece in pieces]
        self.insert_blocks(tagged, after)

    def _nearest(self, cursor: QTextCursor) -> str:
        before = [span for span in self.spans() if span.tag and span.start <= cursor.position()]
        return before[-1].block_id if before else ""

    def _move_selection_away(self, target: QTextCursor) -> bool:
        """Take the dragged text out; tell whether the drop may go on."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if start <= target.position() <= end or self._landing(target) is None:
            return False
        plan = self.plan(cursor)
        if plan.kind == "refuse":
            self.say(plan)
            return False
        self._remover.remove(cursor)
        return True

    # Following

    @Slot()
    def _on_settled(self) -> None:
        if self.model.renumber():
            self.refresh_objects()
        self._on_caret_moved()
        self.changed.emit()

    @Slot(str)
    def _on_refused(self, block_id: str) -> None:
        self._refuse(block_id)

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
    def _on_flash_end(self) -> None:
        self._flashed = ""
        self.viewport().update()
        self.changed.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.document().setDefaultFont(theme.font("letter"))
        self.refresh_objects()


def _types(event: QKeyEvent) -> bool:
    """Tell whether a key brings text or takes some away."""
    text = event.text()
    writes = bool(text) and (text.isprintable() or text == "\t")
    return writes or event.matches(QKeySequence.StandardKey.Paste)


def _is_paragraph(text: str) -> bool:
    blocks = parse(text).blocks
    return len(blocks) == 1 and isinstance(blocks[0], Paragraph)
