"""Lists as the flat lines in which editors and Word keep them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.models.markup_nodes import Block, Inlines, List, ListItem

_SUBLEVEL = 2


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list item as a line with its level and number."""

    level: int
    ordered: bool
    number: int
    children: Inlines


@dataclass(slots=True)
class _OpenItem:
    line: ListLine
    below: list[ListLine] = field(default_factory=list)

    def node(self) -> ListItem:
        return ListItem(self.line.children, _sublist(self.below) if self.below else None)


def list_lines(block: List, level: int = 1) -> Iterator[ListLine]:
    """Yield the items of a list as lines in reading order."""
    for number, item in enumerate(block.items, start=block.start):
        yield ListLine(level, block.ordered, number, item.children)
        if item.sublist:
            yield from list_lines(item.sublist, _SUBLEVEL)


def gather(parts: Iterable[Block | ListLine]) -> list[Block]:
    """Join runs of list lines to lists between the other blocks."""
    blocks: list[Block] = []
    open_items: list[_OpenItem] = []
    for part in parts:
        if not isinstance(part, ListLine):
            _close(open_items, blocks)
            blocks.append(part)
        elif open_items and part.level >= _SUBLEVEL:
            open_items[-1].below.append(part)
        else:
            if open_items and open_items[-1].line.ordered != part.ordered:
                _close(open_items, blocks)
            open_items.append(_OpenItem(part))
    _close(open_items, blocks)
    return blocks


def _close(open_items: list[_OpenItem], blocks: list[Block]) -> None:
    if open_items:
        first = open_items[0].line
        blocks.append(List(first.ordered, tuple(item.node() for item in open_items), first.number))
        open_items.clear()


def _sublist(lines: list[ListLine]) -> List:
    first = lines[0]
    return List(first.ordered, tuple(ListItem(line.children) for line in lines), first.number)
