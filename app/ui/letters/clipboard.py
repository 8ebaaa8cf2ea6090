"""What the letter gives to the clipboard and takes from it.

Inside the program text travels as markup with its origins; what comes from outside is cleaned to the markup
and is free text. Qt's own way with HTML is never used: it would lose what a block is.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QTextCursor, QTextDocument

from app.models.letter_drawing import display_text
from app.models.letter_origins import Origin, origins_from, origins_json
from app.models.markup import Document, Paragraph, Text, canonical, parse, plain_text, render, render_block
from app.models.markup_from_html import has_structure, read_html
from app.models.markup_from_text import read_text
from app.ui.letters.document import read_units
from app.ui.letters.model import LetterModel
from app.ui.letters.spans import spans

MIME_TYPE = "application/x-midesk-letter"
TOO_MUCH = (
    "The copied text is too large to keep its headings, lists and tables. Its words were inserted. "
    "Copy smaller parts to keep them."
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph, list or table on its way, and where it comes from."""

    text: str
    origins: tuple[Origin, ...] = ()


def pieces_of(cursor: QTextCursor, model: LetterModel) -> list[Piece]:
    """Return the selected text as pieces with their origins."""
    part = QTextDocument()
    QTextCursor(part).insertFragment(cursor.selection())
    here = [span for span in spans(cursor.document()) if span.tag]
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    tags = [span.tag for span in here if span.touches(start, end)]
    pieces = []
    for unit in read_units(part, lambda _tag: False):
        tag = unit.block_id or (tags[0] if tags else "")
        text = render(unit.tree)
        if text:
            pieces.append(Piece(text, model.read_tag(tag)[1] if tag else ()))
    return pieces


def to_mime(pieces: Sequence[Piece], model: LetterModel) -> QMimeData:
    """Write pieces for this program, and as they are read for others."""
    packed = [{"text": piece.text, "origins": origins_json(piece.origins)} for piece in pieces]
    data = QMimeData()
    data.setData(MIME_TYPE, json.dumps(packed).encode())
    shown = (display_text(piece.text, piece.origins, model.drawing) for piece in pieces)
    data.setText("\n\n".join(shown))
    return data


def from_mime(
    data: QMimeData, *, is_plain: bool = False, tell: Callable[[str], None] | None = None
) -> list[Piece]:
    """Read what was copied here, or the text of another program cleaned to the markup.

    `tell` hears why only words came of a text that has more.
    """
    packed = bytes(data.data(MIME_TYPE).data()) if data.hasFormat(MIME_TYPE) else b""
    pieces = _unpacked(packed)
    if pieces:
        return [Piece(_unmarked(piece.text), piece.origins) for piece in pieces] if is_plain else pieces
    if is_plain:
        return [Piece(text) for line in data.text().splitlines() if (text := _as_text(line))]
    return [Piece(text) for block in _from_outside(data, tell).blocks if (text := render_block(block))]


def takes(data: QMimeData) -> bool:
    """Tell whether there is text in any form that is read here."""
    return data.hasFormat(MIME_TYPE) or data.hasText() or data.hasHtml()


def leave_words(clipboard: QClipboard) -> None:
    """Leave only words on the clipboard, which outlive the program.

    What Python made must not be asked for after Python has ended.
    """
    if clipboard.ownsClipboard() and clipboard.mimeData().hasFormat(MIME_TYPE):
        clipboard.setText(clipboard.text())


def _unpacked(packed: bytes) -> list[Piece]:
    try:
        found = json.loads(packed) if packed else []
        return [Piece(str(each["text"]), origins_from(each["origins"])) for each in found]
    except (ValueError, KeyError, TypeError):
        # Another version of the program may pack differently; its words still come in.
        return []


def _from_outside(data: QMimeData, tell: Callable[[str], None] | None) -> Document:
    """Return the tree of HTML that says more than its words, and else of the words."""
    tree = read_html(data.html()) if data.hasHtml() else Document()
    if tree is None:
        if tell is not None:
            tell(TOO_MUCH)
    elif has_structure(tree) or not data.text().strip():
        return tree
    return read_text(data.text())


def _as_text(line: str) -> str:
    """Return the markup by which these very characters are read."""
    return render(canonical(Document((Paragraph((Text(line),)),))))


def _unmarked(text: str) -> str:
    return "\n\n".join(filter(None, map(_as_text, plain_text(parse(text)).splitlines())))
