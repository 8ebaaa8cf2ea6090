"""Marks, lists and line breaks at a cursor, each in one undo step."""

from typing import Literal

from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextList

from app.models.markup_runs import SUPER
from app.ui.letters import formats
from app.ui.letters.spans import Span, table_at, text_blocks

Mark = Literal["strong", "emphasis", "super"]
_KEEP = QTextCursor.MoveMode.KeepAnchor


def is_marked(cursor: QTextCursor, mark: Mark) -> bool:
    """Tell whether what is selected, or typed next, has a mark."""
    probe = QTextCursor(cursor)
    if cursor.hasSelection():
        probe.setPosition(cursor.selectionStart() + 1)
    marks = formats.marks_of(probe.charFormat())
    return {"strong": marks.strong, "emphasis": marks.emphasis, "super": marks.shift == SUPER}[mark]


def toggle(cursor: QTextCursor, mark: Mark) -> QTextCursor:
    """Set or take off a mark on the selection and return the cursor."""
    cursor.mergeCharFormat(_mark_format(cursor, mark, is_on=not is_marked(cursor, mark)))
    return cursor


def toggle_list(document: QTextDocument, span: Span) -> None:
    """Make the texts of a block list items, or paragraphs again."""
    blocks = list(text_blocks(document, span))
    cursor = QTextCursor(blocks[0])
    cursor.beginEditBlock()
    if blocks[0].textList() is not None:
        for block in reversed(blocks):
            _out_of_list(QTextCursor(block))
    else:
        cursor.setPosition(span.end, _KEEP)
        cursor.createList(formats.list_format(1, 1, ordered=False))
    cursor.endEditBlock()


def leave_list(cursor: QTextCursor) -> None:
    """Make the list item at the cursor a paragraph."""
    cursor.beginEditBlock()
    _out_of_list(QTextCursor(cursor.block()))
    cursor.endEditBlock()


def break_line(cursor: QTextCursor, *, is_new_paragraph: bool) -> None:
    """Break the text at the cursor; what follows a heading is no heading."""
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    level = cursor.blockFormat().headingLevel()
    is_at_end = cursor.atBlockEnd()
    cursor.insertBlock()
    if is_new_paragraph and level and is_at_end:
        tag = formats.id_of(cursor.blockFormat())
        cursor.setBlockFormat(formats.block_format(tag))
        cursor.setBlockCharFormat(formats.base_format())
    if is_at_end and cursor.currentList() is None:
        cursor.setCharFormat(formats.base_format(heading_level=cursor.blockFormat().headingLevel()))
    cursor.endEditBlock()


def _out_of_list(cursor: QTextCursor) -> None:
    # Qt returns None outside lists, which its type stubs do not say.
    numbered: QTextList | None = cursor.currentList()
    if numbered is None:
        return
    numbered.remove(cursor.block())
    shape = QTextBlockFormat(cursor.blockFormat())
    shape.setIndent(0)
    cursor.setBlockFormat(shape)


def _mark_format(cursor: QTextCursor, mark: Mark, *, is_on: bool) -> QTextCharFormat:
    shape = QTextCharFormat()
    if mark == "strong":
        shape.setProperty(formats.STRONG, is_on)
        usual = QFont.Weight.DemiBold if _is_bold_by_place(cursor) else QFont.Weight.Normal
        shape.setFontWeight(QFont.Weight.Bold if is_on else usual)
    elif mark == "emphasis":
        shape.setProperty(formats.EMPHASIS, is_on)
        shape.setFontItalic(is_on)
    else:
        shape.setProperty(formats.SHIFT, SUPER if is_on else "")
        alignment = QTextCharFormat.VerticalAlignment
        shape.setVerticalAlignment(alignment.AlignSuperScript if is_on else alignment.AlignNormal)
    return shape


def _is_bold_by_place(cursor: QTextCursor) -> bool:
    table = table_at(cursor.block())
    return bool(cursor.blockFormat().headingLevel()) or (
        table is not None and table.cellAt(cursor).row() == 0
    )
