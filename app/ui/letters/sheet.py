"""The letter as a text document that always agrees with its model.

Every edit ends here: one pass gives each block one id inside the same undo step, and a change that reached
closed text is taken back. This is the second of the two nets; the guard of the keys is the first.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QDateTime, QObject, Signal, Slot
from PySide6.QtGui import QTextCursor, QTextDocument

from app.models.checks.snapshot import BlockKind
from app.models.markup import Document, parse, render
from app.ui.letters import formats
from app.ui.letters.document import (
    TextUnit,
    id_at,
    make_room_first,
    read_units,
    remove_tree,
    replace_tree,
    run_at,
    write_tree,
)
from app.ui.letters.formats import Look
from app.ui.letters.model import LetterModel, Seen
from app.ui.letters.saving import Held
from app.ui.letters.spans import Span, put_tag, span_of, spans

_MOVING = "moving"


class Sheet(QObject):
    """Keeps one document and one model in agreement.

    `settled` comes after every change of text or order; `refused` when a change was taken back.
    """

    settled = Signal()
    refused = Signal(str)

    def __init__(self, document: QTextDocument, model: LetterModel, look: Callable[[], Look]) -> None:
        super().__init__(document)
        self.document = document
        self.model = model
        self.is_composing = False
        self._look = look
        self._range: tuple[int, int] | None = None
        self._blocks = 0
        self._is_quiet = False
        self._is_own = False
        document.contentsChange.connect(self._on_contents_change)
        document.contentsChanged.connect(self._on_contents_changed)

    @property
    def is_behind(self) -> bool:
        """Whether the model does not know yet what the document shows."""
        return self._is_own or self._is_quiet or self._range is not None

    # Filling

    def fill(self) -> None:
        """Write the whole letter anew; the undo history begins here."""
        with self.quiet():
            self.document.setUndoRedoEnabled(False)
            self.document.clear()
            cursor = QTextCursor(self.document)
            for held in self.model.order:
                self._write(cursor, held)
            self.document.setUndoRedoEnabled(True)
        self._blocks = self.document.blockCount()
        self.settled.emit()

    def _write(self, cursor: QTextCursor, held: Held) -> None:
        made = held.kind is BlockKind.REFERENCES
        tree = Document() if made else parse(held.text)
        write_tree(cursor, tree, self.model.tag(held.id, held.origins), self._look())
        if made:
            cursor.insertText(formats.ATOM_CHARACTER, formats.made_format())

    # Steps

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Ignore changes that show the same letter in another way."""
        before, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = before

    @contextmanager
    def step(self) -> Iterator[QTextCursor]:
        """Make one undo step whose tags are right already."""
        cursor = QTextCursor(self.document)
        before, self._is_own = self._is_own, True
        cursor.beginEditBlock()
        try:
            yield cursor
        finally:
            cursor.endEditBlock()
            self._is_own = before
        self._take_over()

    def undo(self) -> None:
        """Take the last step back."""
        self._travel(self.document.undo)

    def redo(self) -> None:
        """Do the step again that was taken back."""
        self._travel(self.document.redo)

    def retire(self, block_ids: Sequence[str]) -> None:
        """Take whole blocks out of the letter."""
        tags = [self.model.tag_of(block_id) for block_id in block_ids]
        with self.step():
            for tag in tags:
                remove_tree(self.document, tag)

    def restore(self, block_id: str, text: str, new_tag: str = "") -> None:
        """Put another wording into a block, with other origins if so tagged."""
        tag = self.model.tag_of(block_id)
        with self.step():
            if new_tag:
                self.give_origins(block_id, new_tag)
            replace_tree(self.document, new_tag or tag, parse(text), self._look())

    def move(self, block_id: str, steps: int) -> bool:
        """Move a block past its neighbour; tell whether there was one."""
        places = [span for span in spans(self.document) if span.tag]
        at = next(place for place, span in enumerate(places) if span.block_id == block_id)
        if not 0 <= at + steps < len(places):
            return False
        tag, tree = places[at].tag, parse(self.model.held(block_id).text)
        # Upwards it goes behind the one before its neighbour, which may be nobody.
        behind = at + steps if steps > 0 else at + steps - 1
        # Within one step Qt does not see new tables yet, so all places are looked up before.
        with self.step() as cursor:
            put_tag(self.document, places[at], _MOVING)
            self._go_behind(cursor, places[behind] if behind >= 0 else None)
            write_tree(cursor, tree, tag, self._look())
            remove_tree(self.document, _MOVING)
        return True

    def insert(self, blocks: Sequence[tuple[str, str]], after: str) -> None:
        """Add blocks, each a tag and its text, behind a block in one undo step."""
        with self.step() as cursor:
            self._go_behind(cursor, span_of(self.document, after) if after else None)
            for tag, text in blocks:
                write_tree(cursor, parse(text), tag, self._look())

    def open_line(self, beside: str, *, is_before: bool) -> int:
        """Add an empty block beside another and return where it begins."""
        tag = self.model.new_block("")
        order = [held.id for held in self.model.order]
        at = order.index(beside)
        after = beside if not is_before else order[at - 1] if at else ""
        self.insert([(tag, "")], after)
        span = span_of(self.document, tag.partition("/")[0])
        return span.start if span is not None else 0

    def give_origins(self, block_id: str, tag: str) -> None:
        """Write another tag on a block, within the step that is open."""
        span = span_of(self.document, block_id)
        if span is not None:
            put_tag(self.document, span, tag)

    def give_tag(self, position: int, tag: str) -> None:
        """Write a tag on the empty line of nobody at a position."""
        block = self.document.findBlock(position)
        put_tag(self.document, Span("", block.position(), block.position() + block.length() - 1), tag)

    def close(self) -> None:
        """Stop following the document."""
        self.document.contentsChange.disconnect(self._on_contents_change)
        self.document.contentsChanged.disconnect(self._on_contents_changed)
        self.deleteLater()

    def _go_behind(self, cursor: QTextCursor, span: Span | None) -> None:
        """Put the cursor where the next block follows a block, or comes first."""
        if span is None:
            make_room_first(cursor)
        else:
            cursor.setPosition(span.end)

    # Changes

    @Slot(int, int, int)
    def _on_contents_change(self, position: int, _removed: int, added: int) -> None:
        if self._is_quiet or self._is_own:
            return
        low, high = self._range or (position, position + added)
        self._range = (min(low, position), max(high, position + added))

    @Slot()
    def _on_contents_changed(self) -> None:
        if self._is_quiet or self._is_own or self.is_composing or self._range is None:
            return
        self.catch_up()

    def catch_up(self) -> None:
        """Bring document and model together after an edit."""
        if self._range is None:
            return
        (low, high), self._range = self._range, None
        high = min(high, max(0, self.document.characterCount() - 1))
        if self._is_simple(low, high):
            self._type_into(low)
        else:
            self._settle()

    def _is_simple(self, low: int, high: int) -> bool:
        """Tell whether an edit stayed within one text block that is somebody's."""
        first, last = self.document.findBlock(low), self.document.findBlock(high)
        return (
            self.document.blockCount() == self._blocks and first == last and bool(id_at(self.document, low))
        )

    def _type_into(self, position: int) -> None:
        run = run_at(self.document, position)
        block_id, text = run.block_id.partition("/")[0], render(run.tree)
        if text == self.model.held(block_id).text:
            return
        if self.model.is_closed(block_id):
            self._take_back(block_id)
            return
        self.model.type_into(run.block_id, text)
        self.model.touch(block_id, QDateTime.currentMSecsSinceEpoch())
        self.settled.emit()

    def _settle(self) -> None:
        units = read_units(self.document, self.model.is_whole)
        harmed = self._harmed(units)
        if harmed:
            self._take_back(harmed)
            return
        tags = self.model.settle(self._seen(units))
        self._write_tags(units, tags)
        self._blocks = self.document.blockCount()
        self.settled.emit()

    def _seen(self, units: Sequence[TextUnit]) -> list[Seen]:
        return [
            Seen(unit.block_id, render(unit.tree), may_be_nobody=_is_beside_table(units, place))
            for place, unit in enumerate(units)
        ]

    def _write_tags(self, units: Sequence[TextUnit], tags: Sequence[str]) -> None:
        wrong = [(unit, tag) for unit, tag in zip(units, tags, strict=True) if unit.block_id != tag]
        if not wrong:
            return
        cursor = QTextCursor(self.document)
        with self.quiet():
            cursor.joinPreviousEditBlock()
            for unit, tag in wrong:
                put_tag(self.document, Span(unit.block_id, unit.start, unit.end, unit.is_table), tag)
            cursor.endEditBlock()

    def _harmed(self, units: Sequence[TextUnit]) -> str:
        """Return the first closed block that is not as it was, if any."""
        closed = [held for held in self.model.order if self.model.is_closed(held.id)]
        names = {held.id for held in closed}
        shown = [unit for unit in units if unit.block_id.partition("/")[0] in names]
        for place, held in enumerate(closed):
            tag = self.model.tag(held.id, held.origins)
            if place >= len(shown) or shown[place].block_id != tag or render(shown[place].tree) != held.text:
                return held.id
        return shown[len(closed)].block_id.partition("/")[0] if len(shown) > len(closed) else ""

    def _take_back(self, block_id: str) -> None:
        with self.quiet():
            self.document.undo()
            self.document.clearUndoRedoStacks(QTextDocument.Stacks.RedoStack)
        self._range = None
        self._take_over()
        self.refused.emit(block_id)

    def _travel(self, go: Callable[[], None]) -> None:
        self.catch_up()
        with self.quiet():
            go()
        self._range = None
        self._take_over()

    def _take_over(self) -> None:
        """Take what the document shows as it is, because its tags are right."""
        self._range = None
        self.model.sync(self._seen(read_units(self.document, self.model.is_whole)))
        self._blocks = self.document.blockCount()
        self.settled.emit()


def _is_beside_table(units: Sequence[TextUnit], place: int) -> bool:
    neighbours = units[max(0, place - 1) : place + 2]
    return not units[place].is_table and any(unit.is_table for unit in neighbours)
