"""A tree as plain characters, for search, voice and mail."""

from collections.abc import Callable, Iterator

from app.models.markup_nodes import (
    Block,
    Citation,
    Document,
    Field,
    HardBreak,
    Heading,
    Inlines,
    List,
    Paragraph,
    Table,
    source,
)
from app.models.markup_runs import SUB, SUPER, Run, flatten, tidy

Draw = Callable[[Citation | Field], str]

_SUPERS = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBS = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_INDENT = "  "


def draw_source(atom: Citation | Field) -> str:
    """Show a merge field by its name and leave citations out."""
    return source(atom) if isinstance(atom, Field) else ""


def plain_text(tree: Document, draw: Draw = draw_source) -> str:
    """Return the tree as plain text, one blank line between blocks.

    Raised digits stay raised (10⁶ never reads 106), so that a figure keeps its meaning.
    """
    return "\n\n".join("\n".join(_block_lines(block, draw)) for block in tree.blocks)


def plain_inlines(inlines: Inlines, draw: Draw = draw_source) -> str:
    """Return inline nodes as plain text."""
    parts: list[str] = []
    for run in tidy(flatten(inlines)):
        shown = _shown(run, draw)
        if parts and not shown:
            # An atom that shows nothing takes the space before it along.
            parts[-1] = parts[-1].removesuffix(" ")
        parts.append(shown)
    return "".join(parts).strip()


def _block_lines(block: Block, draw: Draw) -> Iterator[str]:
    match block:
        case Paragraph() | Heading():
            yield plain_inlines(block.children, draw)
        case List():
            yield from _list_lines(block, draw)
        case Table():
            for row in (block.header, *block.rows):
                yield " | ".join(plain_inlines(cell, draw).replace("\n", " ") for cell in row)


def _list_lines(block: List, draw: Draw) -> Iterator[str]:
    for number, item in enumerate(block.items, start=block.start):
        marker = f"{number}. " if block.ordered else "- "
        text = plain_inlines(item.children, draw)
        yield marker + text.replace("\n", "\n" + " " * len(marker))
        if item.sublist:
            yield from (_INDENT + line for line in _list_lines(item.sublist, draw))


def _shown(run: Run, draw: Draw) -> str:
    match run.body:
        case HardBreak():
            return "\n"
        case Citation() | Field():
            text = draw(run.body)
        case text:
            pass
    if run.marks.shift == SUPER:
        return _raised(text)
    return _lowered(text) if run.marks.shift == SUB else text


def _raised(text: str) -> str:
    raised = text.translate(_SUPERS)
    if not any(plain == shown for plain, shown in zip(text, raised, strict=True)):
        return raised
    # "1st" and "TM" read well unraised; a power that Unicode cannot raise must stay visible as one.
    return text if text.isalpha() else f"^({text})"


def _lowered(text: str) -> str:
    lowered = text.translate(_SUBS)
    return text if any(plain == shown for plain, shown in zip(text, lowered, strict=True)) else lowered
