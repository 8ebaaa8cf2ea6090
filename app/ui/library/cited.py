"""Number the citations of one document and list its references."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.models.ama import ama
from app.models.citations import Callout, CitationKey, Numbering, number_citations, place_callouts
from app.models.citations import Citation as Cited
from app.models.markup import (
    Citation,
    Field,
    HardBreak,
    Inline,
    Inlines,
    Super,
    Text,
    citations,
    map_parts,
    parse,
    source,
)
from app.models.markup import Document as Tree
from app.models.reference_runs import Runs
from app.services.library.queries import Document


@dataclass(frozen=True, slots=True)
class CitedSection:
    """One section whose citations are written as numbers."""

    id: str
    heading: str
    tree: Tree


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document as it is read: numbered text and its reference list."""

    sections: tuple[CitedSection, ...]
    references: tuple[Runs, ...]


def cited(document: Document) -> CitedDocument:
    """Write the citations of a document as numbers in order of use."""
    trees = [parse(section.text) for section in document.sections]
    records = {str(record.get("id", "")): record for record in document.references}
    scope = document.row.id
    used = [CitationKey(scope, item.key) for tree in trees for each in citations(tree) for item in each.items]
    numbering = number_citations(used, {CitationKey(scope, key): key for key in records}, records)
    sections = tuple(
        CitedSection(section.id, section.heading, _numbered(tree, numbering, scope))
        for section, tree in zip(document.sections, trees, strict=True)
    )
    return CitedDocument(sections, tuple(ama(records[key]) for key in numbering.references))


def _numbered(tree: Tree, numbering: Numbering, scope: str) -> Tree:
    def written(inlines: Inlines) -> Inlines:
        return tuple(_written(inlines, numbering, scope))

    return map_parts(tree, written)


def _written(inlines: Inlines, numbering: Numbering, scope: str) -> Iterator[Inline]:
    waiting: list[str | Callout] = []
    for node in inlines:
        match node:
            case Text():
                waiting.append(node.text)
            case Citation():
                keys = (Cited(CitationKey(scope, item.key), item.locator) for item in node.items)
                waiting.append(Callout(tuple(keys)))
            case Field():
                waiting.append(source(node))
            case _:
                yield from _placed(waiting, numbering)
                waiting = []
                yield (
                    node
                    if isinstance(node, HardBreak)
                    else replace(node, children=tuple(_written(node.children, numbering, scope)))
                )
    yield from _placed(waiting, numbering)


def _placed(pieces: list[str | Callout], numbering: Numbering) -> Iterator[Inline]:
    for piece in place_callouts(pieces):
        if isinstance(piece, str):
            yield Text(piece)
            continue
        numbers = numbering.callout(piece.citations)
        if piece.collides:
            # A raised number behind a figure would read as a power of it.
            yield Text(f" (reference{'s' if ',' in numbers or '-' in numbers else ''} {numbers})")
        else:
            yield Super((Text(numbers),))
