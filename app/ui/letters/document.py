"""Trees into the editor's text document, and back.

A letter block is a run of text blocks that carry one id, or one table with the id on its format. The empty
paragraphs that Qt keeps around tables carry none and belong to no letter block.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextList,
    QTextTable,
)

from app.models.markup import (
    Block,
    Document,
    HardBreak,
    Heading,
    Inlines,
    List,
    Paragraph,
    Table,
    canonical,
    parse_atom,
)
from app.models.markup_flow import ListLine, gather, list_lines
from app.models.markup_runs import Run, flatten, nest, tidy
from app.ui.letters import formats
from app.ui.letters.formats import Look

_LINE_SEPARATOR = "\u2028"


@dataclass(frozen=True, slots=True)
class BlockRun:
    """One letter block as it stands in the editor."""

    block_id: str
    tree: Document
    position: int


def write_tree(cursor: QTextCursor, tree: Document, block_id: str, look: Look | None = None) -> None:
    """Add a letter block after the cursor's text block, in one undo step.

    An empty text block without an id is used up; the cursor ends behind what was written.
    """
    writer = _Writer(cursor, block_id, look or Look())
    cursor.beginEditBlock()
    writer.write(canonical(tree))
    cursor.endEditBlock()


def replace_tree(document: QTextDocument, block_id: str, tree: Document, look: Look | None = None) -> None:
    """Put another text in place of a letter block, in one undo step.

    Without text of that id nothing changes.
    """
    spans = [(part.position, part.end) for part in _parts(document) if part.block_id == block_id]
    if not spans:
        return
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for start, end in reversed(spans):
        _clear(cursor, start, end)
        if start != spans[0][0]:
            cursor.deletePreviousChar()
    write_tree(cursor, tree, block_id, look)
    cursor.endEditBlock()


def make_room_first(cursor: QTextCursor) -> None:
    """Put the cursor where the next letter block comes before all others."""
    cursor.setPosition(0)
    if not _is_unclaimed(cursor.block()):
        cursor.insertBlock(cursor.blockFormat(), cursor.blockCharFormat())
        cursor.setPosition(0)
        cursor.setBlockFormat(QTextBlockFormat())


def remove_tree(document: QTextDocument, block_id: str) -> None:
    """Take a letter block out of the document, in one undo step."""
    spans = [(part.position, part.end) for part in _parts(document) if part.block_id == block_id]
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for start, end in reversed(spans):
        _clear(cursor, start, end)
        _close_gap(cursor)
    cursor.endEditBlock()


def _close_gap(cursor: QTextCursor) -> None:
    """Join an emptied text block to a neighbour, whose format stays as it was."""
    block = cursor.block()
    if block.previous().isValid() and _table_at(block.previous()) is None:
        shape = block.previous().blockFormat()
        cursor.deletePreviousChar()
    elif block.next().isValid() and _table_at(block.next()) is None:
        shape = block.next().blockFormat()
        cursor.deleteChar()
    else:
        return
    cursor.setBlockFormat(shape)


def insert_inlines(cursor: QTextCursor, inlines: Inlines, look: Look | None = None) -> None:
    """Insert inline nodes at the cursor into the block there."""
    level = cursor.blockFormat().headingLevel()
    table = _table_at(cursor.block())
    bold = table is not None and table.cellAt(cursor).row() == 0
    cursor.beginEditBlock()
    _insert(cursor, inlines, formats.base_format(heading_level=level, bold=bold), look or Look())
    cursor.endEditBlock()


def read_runs(document: QTextDocument) -> list[BlockRun]:
    """Return every letter block of a document in order.

    Text without an id comes with an empty one, for the caller to place.
    """
    runs = []
    for block_id, group in groupby(_parts(document), key=lambda part: part.block_id):
        parts = list(group)
        if block_id or any(part.content for part in parts):
            runs.append(_run(parts))
    return runs


@dataclass(frozen=True, slots=True)
class TextUnit:
    """What may stand as one letter block: a text, a list, a table, or a whole run."""

    block_id: str
    tree: Document
    start: int
    end: int
    is_table: bool = False


def read_units(document: QTextDocument, is_whole: Callable[[str], bool]) -> list[TextUnit]:
    """Return the pieces of a document that may each be one letter block.

    Lines of one list belong together; so does all the text of an id that is whole.
    """
    units: list[list[_Part]] = []
    for part in _parts(document):
        last = units[-1][-1] if units else None
        if last is not None and last.block_id == part.block_id and _belongs(last, part, is_whole):
            units[-1].append(part)
        else:
            units.append([part])
    return [_unit(parts) for parts in units]


def read_tree(document: QTextDocument, block_id: str) -> Document:
    """Return the tree of the text that carries one id."""
    parts = [part for part in _parts(document) if part.block_id == block_id]
    return _run(parts).tree if parts else Document()


def run_at(document: QTextDocument, position: int) -> BlockRun:
    """Return the letter block at a position, reading no other text."""
    block = document.findBlock(position)
    table = _table_at(block)
    if table is not None:
        return _run([_table_part(table)])
    block_id, first = formats.id_of(block.blockFormat()), block
    while _continues(first.previous(), block_id):
        first = first.previous()
    parts = [_text_part(first)]
    while _continues(first.next(), block_id):
        first = first.next()
        parts.append(_text_part(first))
    return _run(parts)


def id_at(document: QTextDocument, position: int) -> str:
    """Return the id of the letter block at a position."""
    block = document.findBlock(position)
    table = _table_at(block)
    return formats.id_of(block.blockFormat() if table is None else table.format())


class _Writer:
    """Writes the blocks of one tree at a cursor."""

    def __init__(self, cursor: QTextCursor, block_id: str, look: Look) -> None:
        self._cursor = cursor
        self._block_id = block_id
        self._look = look

    def write(self, tree: Document) -> None:
        self._leave_table()
        for block in tree.blocks or (Paragraph(()),):
            match block:
                case Paragraph():
                    self._text(block.children)
                case Heading():
                    self._text(block.children, heading_level=block.level)
                case List():
                    self._list(block)
                case Table():
                    self._table(block)

    def _leave_table(self) -> None:
        table = _table_at(self._cursor.block())
        if table is not None:
            self._go_behind(table)

    def _go_behind(self, table: QTextTable) -> None:
        self._cursor.setPosition(table.lastPosition() + 1)

    def _text(self, inlines: Inlines, *, heading_level: int = 0, is_tight: bool = False) -> None:
        block = formats.block_format(self._block_id, heading_level=heading_level, is_tight=is_tight)
        base = formats.base_format(heading_level=heading_level)
        self._cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        if _is_unclaimed(self._cursor.block()):
            self._cursor.setBlockFormat(block)
            self._cursor.setBlockCharFormat(base)
        else:
            self._cursor.insertBlock(block, base)
        _insert(self._cursor, inlines, base, self._look)

    def _list(self, block: List) -> None:
        open_lists: dict[int, QTextList] = {}
        lines = list(list_lines(block))
        for place, line in enumerate(lines, start=1):
            self._text(line.children, is_tight=place < len(lines))
            if line.level == 1:
                open_lists.pop(2, None)
            if line.level in open_lists:
                open_lists[line.level].add(self._cursor.block())
            else:
                numbered = formats.list_format(line.level, line.number, ordered=line.ordered)
                open_lists[line.level] = self._cursor.createList(numbered)

    def _table(self, node: Table) -> None:
        self._cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        shape = formats.table_format(self._block_id, self._look)
        table = self._cursor.insertTable(len(node.rows) + 1, len(node.align), shape)
        for row, cells in enumerate((node.header, *node.rows)):
            base = formats.base_format(bold=row == 0)
            for column, inlines in enumerate(cells):
                cursor = table.cellAt(row, column).firstCursorPosition()
                cursor.setBlockFormat(formats.cell_format(node.align[column]))
                cursor.setBlockCharFormat(base)
                _insert(cursor, inlines, base, self._look)
        self._go_behind(table)


def _table_at(block: QTextBlock) -> QTextTable | None:
    # Qt returns None outside tables and lists, which its type stubs do not say.
    return QTextCursor(block).currentTable()


def _list_of(block: QTextBlock) -> QTextList | None:
    return block.textList()


def _clear(cursor: QTextCursor, start: int, end: int) -> None:
    """Empty a text block, or remove a table, and free its place."""
    cursor.setPosition(start)
    if _table_at(cursor.block()) is not None:
        start, end = _fence_table(cursor, start - 1, end + 1)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    cursor.setBlockFormat(QTextBlockFormat())


def _fence_table(cursor: QTextCursor, start: int, end: int) -> tuple[int, int]:
    """Put free text blocks around a table, as Qt joins what stood around a removed one."""
    cursor.setPosition(end)
    if not _is_unclaimed(cursor.block()):
        cursor.insertBlock(cursor.blockFormat(), cursor.blockCharFormat())
        cursor.setPosition(end)
        cursor.setBlockFormat(QTextBlockFormat())
    cursor.setPosition(max(0, start - 1))
    if _is_unclaimed(cursor.block()):
        return start, end
    cursor.setPosition(start)
    cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
    return start + 1, end + 1


def _is_unclaimed(block: QTextBlock) -> bool:
    return block.length() == 1 and not formats.id_of(block.blockFormat())


def _insert(cursor: QTextCursor, inlines: Inlines, base: QTextCharFormat, look: Look) -> None:
    for run in tidy(flatten(inlines)):
        marked = formats.marked_format(base, run.marks, look)
        match run.body:
            case HardBreak():
                cursor.insertText(_LINE_SEPARATOR, marked)
            case str() as text:
                cursor.insertText(text, marked)
            case atom:
                cursor.insertText(formats.ATOM_CHARACTER, formats.atom_format(marked, atom))
    # What is typed next must not become part of a link or of an atom.
    cursor.setCharFormat(base)


@dataclass(frozen=True, slots=True)
class _Part:
    """One text block or table with the id it carries."""

    block_id: str
    content: Block | ListLine | None
    position: int
    end: int


def _run(parts: list[_Part]) -> BlockRun:
    blocks = gather(part.content for part in parts if part.content)
    return BlockRun(parts[0].block_id, canonical(Document(tuple(blocks))), parts[0].position)


def _belongs(last: _Part, part: _Part, is_whole: Callable[[str], bool]) -> bool:
    if isinstance(last.content, ListLine) and isinstance(part.content, ListLine):
        return bool(part.block_id)
    return bool(part.block_id) and is_whole(part.block_id)


def _unit(parts: list[_Part]) -> TextUnit:
    run = _run(parts)
    is_table = isinstance(parts[0].content, Table)
    return TextUnit(run.block_id, run.tree, run.position, parts[-1].end, is_table)


def _parts(document: QTextDocument) -> Iterator[_Part]:
    block = document.begin()
    while block.isValid():
        table = _table_at(block)
        if table is None:
            yield _text_part(block)
            block = block.next()
        else:
            yield _table_part(table)
            block = document.findBlock(table.lastPosition() + 1)


def _continues(block: QTextBlock, block_id: str) -> bool:
    return block.isValid() and formats.id_of(block.blockFormat()) == block_id and _table_at(block) is None


def _text_part(block: QTextBlock) -> _Part:
    shape = block.blockFormat()
    start = block.position()
    return _Part(formats.id_of(shape), _text_content(block), start, start + block.length() - 1)


def _text_content(block: QTextBlock) -> Block | ListLine | None:
    children = nest(tidy(_runs(block)))
    numbered = _list_of(block)
    if numbered is not None:
        shape = numbered.format()
        number = shape.start() + numbered.itemNumber(block)
        return ListLine(min(shape.indent(), 2), formats.is_ordered(shape), number, children)
    level = block.blockFormat().headingLevel()
    if level:
        return Heading(level, children)
    return Paragraph(children) if children else None


def _table_part(table: QTextTable) -> _Part:
    rows = [
        tuple(_cell(table, row, column) for column in range(table.columns())) for row in range(table.rows())
    ]
    align = tuple(
        formats.cell_align(table.cellAt(0, column).firstCursorPosition().blockFormat())
        for column in range(table.columns())
    )
    node = Table(rows[0], align, tuple(rows[1:]))
    return _Part(formats.id_of(table.format()), node, table.firstPosition(), table.lastPosition())


def _cell(table: QTextTable, row: int, column: int) -> Inlines:
    cell = table.cellAt(row, column)
    block, last = cell.firstCursorPosition().block(), cell.lastPosition()
    runs: list[Run] = []
    while block.isValid() and block.position() <= last:
        runs += _runs(block)
        runs.append(Run(HardBreak(), runs[-1].marks if runs else formats.marks_of(block.charFormat())))
        block = block.next()
    return nest(tidy(runs))


def _runs(block: QTextBlock) -> Iterator[Run]:
    pieces = block.begin()
    while not pieces.atEnd():
        fragment = pieces.fragment()
        yield from _fragment_runs(fragment.text(), fragment.charFormat())
        pieces += 1


def _fragment_runs(text: str, characters: QTextCharFormat) -> Iterator[Run]:
    marks, markup = formats.marks_of(characters), formats.source_of(characters)
    atom = parse_atom(markup) if markup else None
    for index, line in enumerate(text.split(_LINE_SEPARATOR)):
        if index:
            yield Run(HardBreak(), marks)
        for place, stretch in enumerate(line.split(formats.ATOM_CHARACTER)):
            # Atoms of equal format side by side share one fragment.
            if place and atom is not None:
                yield Run(atom, marks)
            if stretch:
                yield Run(stretch, marks)
