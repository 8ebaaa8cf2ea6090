"""The renderer: a tree to its markup in normal form."""

import re
from collections.abc import Iterator

from app.models.markup_nodes import (
    Align,
    Block,
    Document,
    HardBreak,
    Heading,
    Inlines,
    List,
    ListItem,
    Paragraph,
    Table,
    source,
)
from app.models.markup_runs import PLAIN, SUPER, Marks, Run, flatten, tidy

_ALWAYS = re.compile(r"([\\*^~|]|\[(?=@)|\](?=\()|\{(?=\{|\Z)|<(?=[bB][rR]))")
_IN_LINK = re.compile(r"([\\*^~|\[\]]|\{(?=\{|\Z)|<(?=[bB][rR]))")
_SPECIAL = re.compile(r"[\\*^~|\[\]{<]")
_URL_SPECIAL = re.compile(r"([\\()|])")
_LINE_MARKER = re.compile(r"(?m)^(?=#{1,4}(?:[ \t]|$)|-(?:[ \t]|$))")
_LINE_NUMBER = re.compile(r"(?m)^([0-9]{1,9})(?=\.(?:[ \t]|$))")
_CLOSING = re.compile(r"(^|[ \t])(?=#+\Z)")
_DELIMITER = {Align.LEFT: "---", Align.CENTER: ":-:", Align.RIGHT: "--:"}
_LINE_BREAK = "\\\n"
_CELL_BREAK = "<br>"


def render(tree: Document) -> str:
    """Return the markup of a tree in normal form."""
    return "\n\n".join(filter(None, map(render_block, tree.blocks)))


def render_block(block: Block) -> str:
    """Return the markup of one block in normal form."""
    match block:
        case Paragraph():
            return _lines(block.children)
        case Heading():
            text = _CLOSING.sub(r"\1\\", render_inline(block.children, _CELL_BREAK))
            return f"{'#' * block.level} {text}".rstrip()
        case List():
            return "\n".join(_list_lines(block))
        case Table():
            return "\n".join(_table_lines(block))


def render_inline(inlines: Inlines, line_break: str = _LINE_BREAK) -> str:
    """Return the markup of inline nodes without line-start escapes."""
    parts: list[str] = []
    marks = PLAIN
    for run in tidy(flatten(inlines)):
        if run.marks != marks:
            parts += _switch(marks, run.marks)
            marks = run.marks
        parts.append(_body(run, line_break))
    parts += _switch(marks, PLAIN)
    return "".join(parts)


def _body(run: Run, line_break: str) -> str:
    if isinstance(run.body, str):
        if _SPECIAL.search(run.body) is None:
            return run.body
        return (_IN_LINK if run.marks.link else _ALWAYS).sub(r"\\\1", run.body)
    return line_break if isinstance(run.body, HardBreak) else source(run.body)


def _switch(old: Marks, new: Marks) -> Iterator[str]:
    """Yield the delimiters between two runs, innermost marks first to close."""
    shift_ends = old.shift != new.shift
    if shift_ends and old.shift:
        yield _shift(old)
    if old.link == new.link:
        yield _stars(old.strong != new.strong, old.emphasis != new.emphasis)
    else:
        yield _stars(old.strong and not new.strong, old.emphasis and not new.emphasis)
        yield f"]({_escaped_url(old.link)})" if old.link else ""
        yield "[" if new.link else ""
        yield _stars(new.strong and not old.strong, new.emphasis and not old.emphasis)
    if shift_ends and new.shift:
        yield _shift(new)


def _escaped_url(url: str) -> str:
    return _URL_SPECIAL.sub(r"\\\1", url)


def _shift(marks: Marks) -> str:
    return "^" if marks.shift == SUPER else "~"


def _stars(strong: bool, emphasis: bool) -> str:
    return "*" * (2 * strong + emphasis)


def _lines(inlines: Inlines) -> str:
    """Return inline markup that no line start turns into a block."""
    text = _LINE_MARKER.sub(r"\\", render_inline(inlines))
    return _LINE_NUMBER.sub(r"\1\\", text)


def _list_lines(block: List) -> Iterator[str]:
    for number, item in enumerate(block.items, start=block.start):
        marker = f"{number}." if block.ordered else "-"
        yield from _item_lines(item, marker)


def _item_lines(item: ListItem, marker: str) -> Iterator[str]:
    first, *more = _lines(item.children).split("\n")
    indent = " " * (len(marker) + 1)
    yield f"{marker} {first}".rstrip(" ")
    yield from (indent + line for line in more)
    if item.sublist:
        yield from (indent + line for line in _list_lines(item.sublist))


def _table_lines(table: Table) -> Iterator[str]:
    yield _row(table.header)
    yield f"| {' | '.join(_DELIMITER[align] for align in table.align)} |"
    yield from map(_row, table.rows)


def _row(cells: tuple[Inlines, ...]) -> str:
    return f"| {' | '.join(render_inline(cell, _CELL_BREAK) for cell in cells)} |"
