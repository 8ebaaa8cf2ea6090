"""How a changed block differs from its approved wording, in words."""

from collections.abc import Iterable, Iterator
from html import escape

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from app.models.markup import Citation, Document, Field, HardBreak, parse
from app.models.markup_nodes import inline_parts
from app.models.markup_runs import flatten
from app.models.word_diff import Kind, Piece, word_diff
from app.ui import theme
from app.ui.letters.formats import ATOM_CHARACTER
from app.ui.letters.model import LetterModel
from app.ui.letters.spans import Span, text_blocks

_LINE_SEPARATOR = "\u2028"


def differences(model: LetterModel, block_id: str) -> tuple[Piece, ...]:
    """Return what changed against the approved wording, if that is known."""
    source = model.source(block_id)
    if source is None:
        return ()
    return word_diff(_written(parse(source)), _written(parse(model.held(block_id).text)))


def as_html(pieces: Iterable[Piece]) -> str:
    """Write a word diff with new words underlined and old ones struck out."""
    return "".join(map(_piece_html, pieces))


def marked_words(
    document: QTextDocument, span: Span, pieces: Iterable[Piece]
) -> Iterator[QTextEdit.ExtraSelection]:
    """Yield the places of new words in the document, which stays as it is."""
    shown = "\n".join(block.text() for block in text_blocks(document, span)).replace(_LINE_SEPARATOR, "\n")
    pieces = tuple(piece for piece in pieces if piece.kind is not Kind.DELETED)
    if span.is_table or "".join(piece.text for piece in pieces) != shown:
        return
    at = span.start
    for piece in pieces:
        if piece.kind is Kind.INSERTED:
            yield _selection(document, at, at + len(piece.text))
        at += len(piece.text)


def _selection(document: QTextDocument, start: int, end: int) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    shape = QTextCharFormat()
    shape.setForeground(theme.color("prov.changed"))
    shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    selection.cursor = cursor
    selection.format = shape
    return selection


def _piece_html(piece: Piece) -> str:
    text = escape(piece.text.replace(ATOM_CHARACTER, "[…]")).replace("\n", "<br>")
    if piece.kind is Kind.INSERTED:
        return f'<span style="color:{theme.color("prov.changed").name()}"><u>{text}</u></span>'
    if piece.kind is Kind.DELETED:
        return f'<span style="color:{theme.color("text.3").name()}"><s>{text}</s></span> '
    return text


def _written(tree: Document) -> str:
    """Return a text as the characters that the editor's document has for it."""
    parts = (part for block in tree.blocks for part in inline_parts(block))
    return "\n".join("".join(map(_body, (run.body for run in flatten(part)))) for part in parts)


def _body(body: object) -> str:
    if isinstance(body, HardBreak):
        return "\n"
    return ATOM_CHARACTER if isinstance(body, (Citation, Field)) else str(body)
