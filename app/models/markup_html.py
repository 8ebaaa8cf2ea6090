"""A tree as HTML for mail: a few safe tags, every character escaped."""

from collections.abc import Callable, Iterator
from html import escape

from app.models.markup_nodes import (
    Align,
    Block,
    Citation,
    Document,
    Emphasis,
    Field,
    HardBreak,
    Heading,
    Inline,
    Inlines,
    Link,
    List,
    Paragraph,
    Strong,
    Sub,
    Super,
    Table,
    Text,
    clean_text,
    clean_url,
)
from app.models.markup_plain import draw_source

Draw = Callable[[Citation | Field], str]

_TAGS: dict[type[Inline], str] = {Strong: "strong", Emphasis: "em", Super: "sup", Sub: "sub"}
_TABLE = '<table border="1" cellspacing="0" cellpadding="4" style="border-collapse:collapse">'


def html(tree: Document, draw: Draw = draw_source) -> str:
    """Return the tree as the inside of an HTML body.

    Mail programs strip style sheets, so the little style there is stands on its element.
    """
    return "\n".join(line for block in tree.blocks for line in _block(block, draw))


def html_inlines(inlines: Inlines, draw: Draw = draw_source) -> str:
    """Return inline nodes as HTML, links only to allowed addresses."""
    return "".join(_inline(node, draw) for node in inlines)


def _inline(node: Inline, draw: Draw) -> str:
    match node:
        case Text():
            return escape(clean_text(node.text))
        case HardBreak():
            return "<br>"
        case Citation() | Field():
            return escape(clean_text(draw(node)))
        case Link():
            inner, url = html_inlines(node.children, draw), clean_url(node.url)
            return f'<a href="{escape(url)}">{inner}</a>' if url else inner
        case _:
            tag = _TAGS[type(node)]
            return f"<{tag}>{html_inlines(node.children, draw)}</{tag}>"


def _block(block: Block, draw: Draw) -> Iterator[str]:
    match block:
        case Paragraph():
            yield f"<p>{html_inlines(block.children, draw)}</p>"
        case Heading():
            yield f"<h{block.level}>{html_inlines(block.children, draw)}</h{block.level}>"
        case List():
            yield from _list(block, draw)
        case Table():
            yield from _table(block, draw)


def _list(block: List, draw: Draw) -> Iterator[str]:
    tag = "ol" if block.ordered else "ul"
    yield f'<ol start="{block.start}">' if block.ordered and block.start != 1 else f"<{tag}>"
    for item in block.items:
        below = "".join(_list(item.sublist, draw)) if item.sublist else ""
        yield f"<li>{html_inlines(item.children, draw)}{below}</li>"
    yield f"</{tag}>"


def _table(table: Table, draw: Draw) -> Iterator[str]:
    yield _TABLE
    yield f"<thead>{_row(table.header, table.align, 'th', draw)}</thead>"
    yield "<tbody>"
    yield from (_row(row, table.align, "td", draw) for row in table.rows)
    yield "</tbody>"
    yield "</table>"


def _row(cells: tuple[Inlines, ...], align: tuple[Align, ...], tag: str, draw: Draw) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    drawn = (
        f'<{tag}{scope} style="text-align:{of_column}">{html_inlines(cell, draw)}</{tag}>'
        for cell, of_column in zip(cells, align, strict=True)
    )
    return f"<tr>{''.join(drawn)}</tr>"
