"""Which work every citation of a letter means, and its number."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from app.models.ama import ama
from app.models.checks.snapshot import BlockKind
from app.models.citations import CitationKey, Numbering, number_citations
from app.models.csl import CslRecord
from app.models.duplicates import same_reference
from app.models.letter_blocks import MADE
from app.models.letter_origins import Origin, approved
from app.models.markup import Citation, CitationItem, Field, Inline, citations, map_inline, parse, render
from app.models.markup_nodes import KEY
from app.models.reference_runs import Run, Runs

LOCAL = ""
_LOCAL_PREFIX = "local:"
_LEGAL_KEY = re.compile(KEY)

tree_of = functools.lru_cache(maxsize=4096)(parse)


@dataclass(frozen=True, slots=True)
class CitedVersion:
    """The references of one version from which a letter has text."""

    id: str
    name: str
    references: Mapping[str, CslRecord]

    @property
    def prefix(self) -> str:
        """What stands before a key of this version where it is not at home."""
        return (self.name if _LEGAL_KEY.fullmatch(self.name) else self.id) + ":"


@dataclass(frozen=True, slots=True)
class References:
    """Every reference that a letter can cite: of its versions, and of the library."""

    versions: Mapping[str, CitedVersion] = field(default_factory=lambda: MappingProxyType({}))
    local: Mapping[str, CslRecord] = field(default_factory=lambda: MappingProxyType({}))

    def key(self, written: str, scopes: Sequence[str]) -> CitationKey:
        """Return what a key means in a text from these versions.

        A key that nothing answers to stays in the first scope and has no record.
        """
        if written.startswith(_LOCAL_PREFIX):
            return CitationKey(LOCAL, written.removeprefix(_LOCAL_PREFIX))
        for version in self.versions.values():
            if written.startswith(version.prefix):
                return CitationKey(version.id, written.removeprefix(version.prefix))
        for scope in scopes:
            if scope in self.versions and written in self.versions[scope].references:
                return CitationKey(scope, written)
        return CitationKey(LOCAL if written in self.local or not scopes else scopes[0], written)

    def record(self, key: CitationKey) -> CslRecord | None:
        """Return the record behind a key, or None if there is none."""
        if key.scope == LOCAL:
            return self.local.get(key.key)
        version = self.versions.get(key.scope)
        return version.references.get(key.key) if version else None

    def written(self, key: CitationKey, scopes: Sequence[str]) -> str:
        """Return how a text from these versions must write a key."""
        if self.key(key.key, scopes) == key:
            return key.key
        if key.scope == LOCAL:
            return _LOCAL_PREFIX + key.key
        version = self.versions.get(key.scope)
        return (version.prefix if version else f"{key.scope}:") + key.key


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the reference list."""

    number: int
    key: CitationKey
    runs: Runs
    record: CslRecord


def scopes_of(origins: Iterable[Origin]) -> tuple[str, ...]:
    """Return the versions in which the keys of a block are at home."""
    return tuple(dict.fromkeys(origin.version for origin in approved(origins)))


def cited(text: str, scopes: Sequence[str], references: References) -> tuple[CitationKey, ...]:
    """Return what a text cites, in reading order."""
    return tuple(
        references.key(item.key, scopes) for citation in citations(tree_of(text)) for item in citation.items
    )


def written_keys(texts: Iterable[str]) -> frozenset[str]:
    """Return every key that these texts write, for looking them up."""
    found = {item.key for text in texts for c in citations(tree_of(text)) for item in c.items}
    return frozenset(found | {key.removeprefix(_LOCAL_PREFIX) for key in found})


def number_letter(
    blocks: Iterable[tuple[BlockKind | str, str, Sequence[Origin]]], references: References
) -> Numbering:
    """Give the citations of a whole letter numbers in order of first use."""
    keys = [
        key
        for kind, text, origins in blocks
        if BlockKind(kind) not in MADE
        for key in cited(text, scopes_of(origins), references)
    ]
    known = {key: record for key in dict.fromkeys(keys) if (record := references.record(key)) is not None}
    names = {key: _name(key) for key in known}
    return number_citations(keys, names, {names[key]: record for key, record in known.items()})


def reference_lines(numbering: Numbering, references: References) -> tuple[Line, ...]:
    """Write the reference list in AMA style, in the order of the numbers."""
    by_name = {_name(key): key for key in numbering.numbers}
    lines = []
    for number, name in enumerate(numbering.references, start=1):
        key = by_name[name]
        record = references.record(key) or {}
        lines.append(Line(number, key, ama(record) or (Run(key.key),), record))
    return tuple(lines)


def requalified(text: str, home: Sequence[str], scopes: Sequence[str], references: References) -> str:
    """Return a text that goes into a block of other versions and still cites the same works.

    Only a key that would mean another work there is renamed.
    """

    def renamed(item: CitationItem) -> CitationItem:
        meant, there = references.key(item.key, home), references.key(item.key, scopes)
        if meant == there or _same(references.record(meant), references.record(there)):
            return item
        return CitationItem(references.written(meant, scopes), item.locator)

    def draw(atom: Citation | Field) -> Sequence[Inline]:
        return (atom if isinstance(atom, Field) else Citation(tuple(map(renamed, atom.items))),)

    return render(map_inline(tree_of(text), draw))


def _same(one: CslRecord | None, other: CslRecord | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or same_reference(one, other)


def _name(key: CitationKey) -> str:
    return f"{key.scope}#{key.key}"
