"""The text form of letters and SRDs, and its walks.

A small subset of Markdown with citations and merge fields: `parse` gives every string exactly one tree and
`render` gives every tree one normal form. All other forms of a letter text are walks over the same tree.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from app.models.markup_inline import parse_atom
from app.models.markup_nodes import (
    Align,
    Atom,
    Block,
    Citation,
    CitationItem,
    Document,
    Emphasis,
    Field,
    HardBreak,
    Heading,
    Inline,
    Inlines,
    Link,
    List,
    ListItem,
    Paragraph,
    Strong,
    Sub,
    Super,
    Table,
    Text,
    clean_start,
    inline_parts,
    source,
)
from app.models.markup_parse import parse
from app.models.markup_plain import plain_text
from app.models.markup_render import render, render_block
from app.models.markup_runs import canonical_inlines

__all__ = [
    "Align",
    "Atom",
    "Block",
    "Citation",
    "CitationItem",
    "Document",
    "Emphasis",
    "Field",
    "HardBreak",
    "Heading",
    "Inline",
    "Inlines",
    "Link",
    "List",
    "ListItem",
    "Paragraph",
    "Strong",
    "Sub",
    "Super",
    "Table",
    "Text",
    "atoms",
    "canonical",
    "canonical_inlines",
    "citations",
    "fields",
    "map_inline",
    "map_parts",
    "map_text",
    "parse",
    "parse_atom",
    "plain_text",
    "render",
    "render_block",
    "source",
    "split_blocks",
]

_DEEPEST_HEADING = 4


def canonical(tree: Document) -> Document:
    """Return the one canonical form of a tree."""
    return _map_parts(tree, canonical_inlines)


def atoms(tree: Document) -> Iterator[Citation | Field]:
    """Yield the citations and merge fields in reading order."""
    for block in tree.blocks:
        for part in inline_parts(block):
            yield from _atoms(part)


def citations(tree: Document) -> tuple[Citation, ...]:
    """Return the citations of a tree in reading order."""
    return tuple(atom for atom in atoms(tree) if isinstance(atom, Citation))


def fields(tree: Document) -> tuple[Field, ...]:
    """Return the merge fields of a tree in reading order."""
    return tuple(atom for atom in atoms(tree) if isinstance(atom, Field))


def map_inline(tree: Document, draw: Callable[[Citation | Field], Sequence[Inline]]) -> Document:
    """Put what is drawn in place of citations and merge fields."""
    return _map_parts(tree, lambda part: canonical_inlines(_drawn(part, draw)))


def map_parts(tree: Document, change: Callable[[Inlines], Inlines]) -> Document:
    """Change each paragraph, item and cell of a tree as a whole; the result is canonical."""
    return _map_parts(tree, lambda part: canonical_inlines(change(part)))


def map_text(tree: Document, fold: Callable[[str], str]) -> Document:
    """Change the characters of a tree and keep its structure."""
    return _map_parts(tree, lambda part: canonical_inlines(_folded(part, fold)))


def split_blocks(markup_text: str) -> list[str]:
    """Cut a text into paragraphs, lists and tables, each as markup.

    What stands between two cuts is the paragraph that an origin names.
    """
    return [render_block(block) for block in parse(markup_text).blocks]


def _atoms(inlines: Inlines) -> Iterator[Citation | Field]:
    for node in inlines:
        match node:
            case Citation() | Field():
                yield node
            case Text() | HardBreak():
                pass
            case _:
                yield from _atoms(node.children)


def _drawn(inlines: Inlines, draw: Callable[[Citation | Field], Sequence[Inline]]) -> Inlines:
    nodes: list[Inline] = []
    for node in inlines:
        match node:
            case Citation() | Field():
                nodes += draw(node)
            case Text() | HardBreak():
                nodes.append(node)
            case _:
                nodes.append(replace(node, children=_drawn(node.children, draw)))
    return tuple(nodes)


def _folded(inlines: Inlines, fold: Callable[[str], str]) -> Inlines:
    nodes: list[Inline] = []
    for node in inlines:
        match node:
            case Text():
                nodes.append(Text(fold(node.text)))
            case Citation():
                nodes.append(Citation(tuple(CitationItem(i.key, fold(i.locator)) for i in node.items)))
            case Field() | HardBreak():
                nodes.append(node)
            case _:
                nodes.append(replace(node, children=_folded(node.children, fold)))
    return tuple(nodes)


def _map_parts(tree: Document, change: Callable[[Inlines], Inlines]) -> Document:
    blocks: list[Block] = []
    for block in tree.blocks:
        mapped = _map_block(block, change)
        last = blocks[-1] if blocks else None
        # Two lists of one kind side by side read as one list, in markup as on paper.
        if isinstance(mapped, List) and isinstance(last, List) and mapped.ordered == last.ordered:
            blocks[-1] = _list(mapped.ordered, last.items + mapped.items, last.start)
        elif mapped is not None:
            blocks.append(mapped)
    return Document(tuple(blocks))


def _map_block(block: Block, change: Callable[[Inlines], Inlines]) -> Block | None:
    match block:
        case Paragraph():
            children = change(block.children)
            return Paragraph(children) if children else None
        case Heading():
            return Heading(min(max(block.level, 1), _DEEPEST_HEADING), change(block.children))
        case List():
            items = tuple(_map_item(item, change) for item in block.items)
            return _list(block.ordered, items, block.start) if items else None
        case Table():
            return _map_table(block, change)


def _list(ordered: bool, items: tuple[ListItem, ...], start: int) -> List:
    return List(ordered, items, clean_start(start, len(items)) if ordered else 1)


def _map_item(item: ListItem, change: Callable[[Inlines], Inlines]) -> ListItem:
    below = tuple(ListItem(change(part)) for part in inline_parts(item.sublist)) if item.sublist else ()
    if item.sublist is None or not below:
        return ListItem(change(item.children))
    return ListItem(change(item.children), _list(item.sublist.ordered, below, item.sublist.start))


def _map_table(table: Table, change: Callable[[Inlines], Inlines]) -> Table | None:
    width = max(len(row) for row in (table.header, *table.rows))
    if not width:
        return None

    def row(cells: tuple[Inlines, ...]) -> tuple[Inlines, ...]:
        return tuple(map(change, cells)) + ((),) * (width - len(cells))

    align = (*table.align, *[Align.LEFT] * width)[:width]
    return Table(row(table.header), align, tuple(map(row, table.rows)))
