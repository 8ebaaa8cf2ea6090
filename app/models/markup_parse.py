"""The block grammar of markup: lines to blocks, total.

A block is a heading line, a pipe table, a list of two levels, or else a paragraph. The rules follow
CommonMark where the subset has a rule at all; whatever is no mark is text.
"""

import re
from dataclasses import dataclass, field

from app.models.markup_inline import parse_inline
from app.models.markup_nodes import (
    Align,
    Block,
    Document,
    Heading,
    Inlines,
    List,
    ListItem,
    Paragraph,
    Table,
    clean_start,
    clean_text,
)

_HEADING = re.compile(r"[ \t]*(#{1,4})(?:[ \t]+(.*))?$")
_CLOSING = re.compile(r"(?:^|[ \t])#+$")
_ITEM = re.compile(r"([ \t]*)(?:-|([0-9]{1,9})\.)(?:[ \t]+(.*))?$")
_DELIMITER = re.compile(r":?-+:?")
_PIPE = re.compile(r"\\.|\|")
_ALIGN = {(False, False): Align.LEFT, (True, False): Align.LEFT}
_ALIGN |= {(True, True): Align.CENTER, (False, True): Align.RIGHT}
_SUBLIST_INDENT = 2


def parse(text: str) -> Document:
    """Return the one canonical tree of any string."""
    lines = clean_text(text).split("\n")
    if len(lines) == 1 and not _may_start_block(lines[0]):
        return Document(_paragraph(lines))
    return Document(tuple(_Blocks(lines).read()))


@dataclass(slots=True)
class _Item:
    """A list item while its lines are still being read."""

    ordered: bool
    number: int
    text: str
    below: "list[_Item]" = field(default_factory=list)

    def node(self) -> ListItem:
        sublist = _list_node(self.below) if self.below else None
        return ListItem(parse_inline(self.text), sublist)


class _Blocks:
    """Reads the blocks of a text line by line."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._blocks: list[Block] = []

    def read(self) -> list[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip():
                self._at += 1
            elif heading := _HEADING.match(line):
                self._at += 1
                self._blocks.append(_heading(heading))
            elif align := self._table_starts():
                self._table(align)
            elif _ITEM.match(line):
                self._list()
            else:
                self._paragraph()
        return self._blocks

    def _table_starts(self) -> list[Align]:
        """Return the column alignments if a table begins on this line."""
        if self._at + 1 >= len(self._lines) or "|" not in self._lines[self._at + 1]:
            return []
        delimiters = _cells(self._lines[self._at + 1])
        if not delimiters or not all(map(_DELIMITER.fullmatch, delimiters)):
            return []
        header = _cells(self._lines[self._at])
        return list(map(_align, delimiters)) if len(header) == len(delimiters) else []

    def _table(self, align: list[Align]) -> None:
        rows = [_cells(self._lines[self._at])]
        self._at += 2
        while self._at < len(self._lines) and (cells := _cells(self._lines[self._at])):
            rows.append(cells)
            self._at += 1
        self._blocks.append(_table_node(align, rows))

    def _paragraph(self) -> None:
        lines = [self._lines[self._at]]
        self._at += 1
        while self._at < len(self._lines) and not self._interrupted():
            lines.append(self._lines[self._at])
            self._at += 1
        self._blocks += _paragraph(lines)

    def _interrupted(self) -> bool:
        line = self._lines[self._at]
        if not line.strip() or _HEADING.match(line) or self._table_starts():
            return True
        item = _ITEM.match(line)
        # A wrapped line may begin with "2019. "; only a bullet or a first number breaks a paragraph.
        return bool(item and item.group(3) and (item.group(2) is None or int(item.group(2)) == 1))

    def _list(self) -> None:
        items: list[_Item] = []
        while self._at < len(self._lines):
            marker = _ITEM.match(self._lines[self._at])
            if marker and not self._table_starts():
                if not _add_item(items, marker):
                    break
            elif not self._continue_item(items):
                break
            self._at += 1
        node, last = _list_node(items), self._blocks[-1] if self._blocks else None
        if isinstance(last, List) and last.ordered == node.ordered:
            self._blocks[-1] = List(node.ordered, last.items + node.items, last.start)
        else:
            self._blocks.append(node)

    def _continue_item(self, items: list[_Item]) -> bool:
        """Add this line to the last item, if it belongs there."""
        line = self._lines[self._at]
        if not line.strip():
            return self._skip_blank(items)
        if _HEADING.match(line) or self._table_starts():
            return False
        _last(items).text += "\n" + line.lstrip()
        return True

    def _skip_blank(self, items: list[_Item]) -> bool:
        """Stay in the list over blank lines if it goes on."""
        after = self._at
        while after < len(self._lines) and not self._lines[after].strip():
            after += 1
        if after == len(self._lines):
            return False
        line = self._lines[after]
        if not _ITEM.match(line):
            if _indent(line) < _SUBLIST_INDENT:
                return False
            # Two spaces before a line end are a hard break, whatever the item's text ends with.
            _last(items).text += "  "
        self._at = after - 1
        return True


def _may_start_block(line: str) -> bool:
    return bool(_HEADING.match(line) or _ITEM.match(line))


def _heading(match: re.Match[str]) -> Heading:
    text = _CLOSING.sub("", (match.group(2) or "").rstrip())
    return Heading(len(match.group(1)), parse_inline(text))


def _paragraph(lines: list[str]) -> tuple[Paragraph, ...]:
    inlines = parse_inline("\n".join(line.lstrip() for line in lines))
    return (Paragraph(inlines),) if inlines else ()


def _add_item(items: list[_Item], marker: re.Match[str]) -> bool:
    """Append an item unless it begins a list of the other kind."""
    indent, number, text = marker.groups()
    item = _Item(number is not None, int(number or 1), text or "")
    if items and _indent(indent) >= _SUBLIST_INDENT:
        items[-1].below.append(item)
    elif items and items[0].ordered != item.ordered:
        return False
    else:
        items.append(item)
    return True


def _last(items: list[_Item]) -> _Item:
    return items[-1].below[-1] if items[-1].below else items[-1]


def _indent(line: str) -> int:
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip(" "))


def _list_node(items: list[_Item]) -> List:
    first = items[0]
    start = clean_start(first.number, len(items)) if first.ordered else 1
    return List(first.ordered, tuple(item.node() for item in items), start)


def _cells(line: str) -> list[str]:
    """Cut a line at its free pipes; none if it has none."""
    cuts = [match.start() for match in _PIPE.finditer(line) if match.group() == "|"]
    if not cuts:
        return []
    cells = [line[a + 1 : b].strip() for a, b in zip([-1, *cuts], [*cuts, len(line)], strict=True)]
    return cells[not line[: cuts[0]].strip() : len(cells) - (not line[cuts[-1] + 1 :].strip())]


def _align(delimiter: str) -> Align:
    return _ALIGN[delimiter.startswith(":"), delimiter.endswith(":")]


def _table_node(align: list[Align], rows: list[list[str]]) -> Table:
    # A row longer than the header widens the table: no cell of a dose table is ever dropped.
    width = max(map(len, rows))
    align += [Align.LEFT] * (width - len(align))
    parsed = [_row(row, width) for row in rows]
    return Table(parsed[0], tuple(align), tuple(parsed[1:]))


def _row(cells: list[str], width: int) -> tuple[Inlines, ...]:
    return tuple(map(parse_inline, cells)) + ((),) * (width - len(cells))
