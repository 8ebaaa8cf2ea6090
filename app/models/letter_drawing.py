"""Draw a block: fields filled, citations numbered and in their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from app.models import citations as numbers
from app.models.citations import Numbering, fold_numbers, place_callout
from app.models.fields import FIELDS, FieldSource, draw
from app.models.letter_origins import Origin
from app.models.letter_references import References, scopes_of, tree_of
from app.models.markup import (
    Citation,
    Document,
    Field,
    HardBreak,
    Inline,
    Inlines,
    Paragraph,
    Super,
    Text,
    map_inline,
    map_parts,
    plain_text,
)
from app.models.markup_runs import PLAIN, Run, flatten, nest, tidy

# What a recipient may lack: a line that shows nothing else is left out.
OPTIONAL = frozenset({
    "contact.title", "contact.first_name", "contact.credentials", "contact.institution", "contact.address",
    "contact.country", "contact.email",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that drawing the blocks of one letter needs."""

    values: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    references: References = field(default_factory=References)
    numbering: Numbering = field(default_factory=Numbering)

    def callout(self, citation: Citation, origins: Sequence[Origin]) -> str:
        """Write the numbers of one citation as they stand on paper."""
        scopes = scopes_of(origins)
        return self.numbering.callout(
            numbers.Citation(self.references.key(item.key, scopes), item.locator) for item in citation.items
        )

    def plain_callout(self, citation: Citation, origins: Sequence[Origin]) -> str:
        """Write the numbers of one citation in brackets, without places in the works."""
        scopes = scopes_of(origins)
        found = [self.numbering.number_of(self.references.key(item.key, scopes)) for item in citation.items]
        known = [number for number in found if number is not None]
        return "[" + ",".join(filter(None, (fold_numbers(known), "?" if None in found else ""))) + "]"


def field_values(source: FieldSource) -> dict[str, str | None]:
    """Return the value of every merge field, None where there is none."""
    return {name: draw(name, source).value for name in FIELDS}


def display_tree(text: str, origins: Sequence[Origin], drawing: Drawing) -> Document:
    """Return the tree of a block as it is read: nothing in it is left to draw."""

    def shown(atom: Citation | Field) -> Sequence[Inline]:
        if isinstance(atom, Field):
            return (atom,)
        return (Super((Text(drawing.callout(atom, origins)),)),)

    return map_inline(placed_tree(text, drawing.values), shown)


def display_text(text: str, origins: Sequence[Origin], drawing: Drawing) -> str:
    """Return a block as plain text, as it is read."""
    return plain_text(display_tree(text, origins, drawing))


def checked_text(text: str, origins: Sequence[Origin], drawing: Drawing) -> str:
    """Return a block as the checks read it, every callout in brackets."""

    def shown(atom: Citation | Field) -> Sequence[Inline]:
        return (atom,) if isinstance(atom, Field) else (Text(drawing.plain_callout(atom, origins)),)

    return plain_text(map_inline(placed_tree(text, drawing.values), shown))


def living_tree(text: str, drawing: Drawing) -> Document:
    """Return the tree of a draft, whose fields and citations stay what they are.

    Only a value of several lines is written out, because a field of Word has one.
    """
    kept = {name: value for name, value in drawing.values.items() if not value or "\n" in value}
    tree = map_parts(_filled(tree_of(text), kept), _placed)
    return map_inline(tree, lambda atom: (atom,) if isinstance(atom, Field) else (Super((atom,)),))


def placed_tree(text: str, values: Mapping[str, str | None]) -> Document:
    """Return the tree of a text with its fields filled and citations moved where AMA wants them."""
    return map_parts(_filled(tree_of(text), values), _placed)


def _filled(tree: Document, values: Mapping[str, str | None]) -> Document:
    def value(atom: Citation | Field) -> Sequence[Inline]:
        found = values.get(atom.name) if isinstance(atom, Field) else None
        return (atom,) if found is None else (Text(", ".join(found.split("\n"))),)

    blocks = (_paragraph(b, values) if isinstance(b, Paragraph) else b for b in tree.blocks)
    return map_inline(Document(tuple(block for block in blocks if block is not None)), value)


def _paragraph(paragraph: Paragraph, values: Mapping[str, str | None]) -> Paragraph | None:
    """Write out values of several lines that stand alone, and leave out lines that show nothing."""
    lines: list[list[Run]] = [[]]
    for run in flatten(paragraph.children):
        if isinstance(run.body, HardBreak):
            lines.append([])
        else:
            lines[-1].append(run)
    written = [out for line in lines if not _shows_nothing(line, values) for out in _lines(line, values)]
    if written == lines:
        return paragraph
    runs = [run for line in written for run in (Run(HardBreak(), PLAIN), *line)]
    return Paragraph(nest(tidy(runs[1:]))) if written else None


def _lines(line: list[Run], values: Mapping[str, str | None]) -> list[list[Run]]:
    found = values.get(line[0].body.name) if len(line) == 1 and isinstance(line[0].body, Field) else None
    if not found or "\n" not in found:
        return [line]
    return [[line[0]._replace(body=part)] for part in found.split("\n")]


def _shows_nothing(line: list[Run], values: Mapping[str, str | None]) -> bool:
    fields = [run.body.name for run in line if isinstance(run.body, Field)]
    texts = "".join(run.body for run in line if isinstance(run.body, str))
    if not fields or any(isinstance(run.body, Citation) for run in line):
        return False
    is_bare = not any(char.isalnum() for char in texts)
    return is_bare and all(name in OPTIONAL and name in values and not values[name] for name in fields)


def _placed(inlines: Inlines) -> Inlines:
    runs = _gathered(flatten(inlines))
    if not any(isinstance(run.body, Citation) for run in runs):
        return inlines
    at = 0
    while at < len(runs):
        if isinstance(runs[at].body, Citation):
            at = _place(runs, at)
        at += 1
    return nest(tidy(runs))


def _place(runs: list[Run], at: int) -> int:
    """Move the citation at an index and return where it stands now."""
    before = runs[at - 1].body if at else ""
    after = runs[at + 1].body if at + 1 < len(runs) else ""
    left, right = before if isinstance(before, str) else "", after if isinstance(after, str) else ""
    place = place_callout(left, right)
    if isinstance(after, str) and at + 1 < len(runs):
        runs[at + 1] = runs[at + 1]._replace(body=place.after)
    elif place.after:
        runs.insert(at + 1, runs[at]._replace(body=place.after))
    if isinstance(before, str) and at:
        runs[at - 1] = runs[at - 1]._replace(body=place.before)
    elif place.before:
        runs.insert(at, runs[at]._replace(body=place.before))
        return at + 1
    return at


def _gathered(runs: list[Run]) -> list[Run]:
    """Join citations with only white space between them."""
    gathered: list[Run] = []
    for run in runs:
        blank = len(gathered) > 1 and isinstance(gathered[-1].body, str) and not gathered[-1].body.strip()
        last = gathered[-2] if blank else gathered[-1] if gathered else None
        if isinstance(run.body, Citation) and last is not None and isinstance(last.body, Citation):
            del gathered[-2 if blank else -1 :]
            gathered.append(last._replace(body=Citation(last.body.items + run.body.items)))
        else:
            gathered.append(run)
    return gathered
