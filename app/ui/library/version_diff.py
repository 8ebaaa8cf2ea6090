"""Compare two versions paragraph by paragraph, in whole words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from app.models.ama import ama_text
from app.models.markup import Citation, Field, parse, plain_text, source
from app.models.word_diff import Kind, Piece, word_diff
from app.services.library.queries import Document

_BULLET: Final = re.compile(r"^( *)- ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PairedParagraph:
    """A paragraph of the older and newer version with its changes."""

    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether a word differs."""
        return any(piece.kind is not Kind.SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class PairedSection:
    """A section of both versions; one heading is empty if it is new or gone."""

    old_heading: str
    new_heading: str
    paragraphs: tuple[PairedParagraph, ...]


def compare(old: Document, new: Document) -> tuple[PairedSection, ...]:
    """Pair the sections of two versions by their headings."""
    return tuple(_pair_sections(_sections(old), _sections(new)))


def changed_count(sections: Sequence[PairedSection]) -> int:
    """Count the paragraphs in which a word differs."""
    return sum(paragraph.is_changed for section in sections for paragraph in section.paragraphs)


_Section = tuple[str, list[str]]


def _sections(document: Document) -> list[_Section]:
    sections = [
        (section.heading, [_plain(each.markup) for each in section.paragraphs])
        for section in document.sections
    ]
    references = [ama_text(record) for record in document.references]
    return [*sections, ("References", references)] if references else sections


def _plain(markup: str) -> str:
    return _BULLET.sub("\\1\N{BULLET} ", plain_text(parse(markup), _drawn))


def _drawn(atom: Citation | Field) -> str:
    # Keys, not numbers: one more reference at the top would change every number below.
    if isinstance(atom, Citation):
        return "[" + "; ".join(item.key for item in atom.items) + "]"
    return source(atom)


def _pair_sections(old: list[_Section], new: list[_Section]) -> Iterator[PairedSection]:
    codes = SequenceMatcher(None, [heading for heading, _ in old], [heading for heading, _ in new], False)
    for tag, old_from, old_to, new_from, new_to in codes.get_opcodes():
        if tag == "equal":
            for (heading, before), (_, after) in zip(old[old_from:old_to], new[new_from:new_to], strict=True):
                yield PairedSection(heading, heading, tuple(_pair_paragraphs(before, after)))
            continue
        for heading, before in old[old_from:old_to]:
            yield PairedSection(heading, "", tuple(_pair_paragraphs(before, [])))
        for heading, after in new[new_from:new_to]:
            yield PairedSection("", heading, tuple(_pair_paragraphs([], after)))


def _pair_paragraphs(old: list[str], new: list[str]) -> Iterator[PairedParagraph]:
    for _tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, False).get_opcodes():
        for before, after in zip_longest(old[old_from:old_to], new[new_from:new_to], fillvalue=""):
            yield PairedParagraph(word_diff(before, after))
