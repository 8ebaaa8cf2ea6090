"""Where each letter block stands in the document, without reading its text."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextTable

from app.ui.letters import formats


@dataclass(frozen=True, slots=True)
class Span:
    """The positions of one letter block; no tag is an empty line of nobody."""

    tag: str
    start: int
    end: int
    is_table: bool = False

    @property
    def block_id(self) -> str:
        """The id that the tag names."""
        return self.tag.partition("/")[0]

    def touches(self, start: int, end: int) -> bool:
        """Tell whether a selection begins, ends or runs within."""
        return self.start <= end and start <= self.end


def spans(document: QTextDocument) -> list[Span]:
    """Return the letter blocks of a document in their order."""
    found: list[Span] = []
    for piece in _pieces(document):
        last = found[-1] if found else None
        if last is not None and last.tag and last.tag == piece.tag:
            found[-1] = Span(last.tag, last.start, piece.end, last.is_table)
        else:
            found.append(piece)
    return found


def span_of(document: QTextDocument, block_id: str) -> Span | None:
    """Return where a letter block stands, if it is there."""
    return next((span for span in spans(document) if span.block_id == block_id), None)


def text_blocks(document: QTextDocument, span: Span) -> Iterator[QTextBlock]:
    """Yield the text blocks of a letter block."""
    block = document.findBlock(span.start)
    while block.isValid() and block.position() <= span.end:
        yield block
        block = block.next()


def table_at(block: QTextBlock) -> QTextTable | None:
    """Return the table in which a text block stands."""
    # Qt returns None outside tables, which its type stubs do not say.
    return QTextCursor(block).currentTable()


def quoted(document: QTextDocument, span: Span, quote: str) -> QTextCursor | None:
    """Return the words of a quote within a letter block, if they stand there as they were quoted.

    A quote may end in an ellipsis, and where it has the number of a citation the document has an object.
    """
    words = quote.removesuffix("\N{HORIZONTAL ELLIPSIS}").split("[")[0].strip()
    if not words:
        return None
    found = document.find(words, span.start, QTextDocument.FindFlag.FindCaseSensitively)
    is_there = not found.isNull() and found.selectionEnd() <= span.end
    return found if is_there else None


def put_tag(document: QTextDocument, span: Span, tag: str) -> None:
    """Write another tag on a letter block."""
    cursor = QTextCursor(document)
    for block in list(text_blocks(document, span)):
        table = table_at(block)
        if table is not None:
            shape = table.format()
            if formats.id_of(shape) != tag:
                shape.setProperty(formats.BLOCK_ID, tag)
                table.setFormat(shape)
            continue
        cursor.setPosition(block.position())
        text = cursor.blockFormat()
        text.setProperty(formats.BLOCK_ID, tag)
        cursor.setBlockFormat(text)


def _pieces(document: QTextDocument) -> Iterator[Span]:
    block = document.begin()
    while block.isValid():
        table = table_at(block)
        if table is None:
            start = block.position()
            yield Span(formats.id_of(block.blockFormat()), start, start + block.length() - 1)
            block = block.next()
        else:
            yield Span(formats.id_of(table.format()), table.firstPosition(), table.lastPosition(), True)
            block = document.findBlock(table.lastPosition() + 1)
