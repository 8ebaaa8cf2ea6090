"""Compare two versions paragraph by paragraph, in whole words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from app.models.ama import ama_text
from app.models.markup import Citation, Field, parse, plain_text, source, split_blocks
from app.models.word_diff import Kind, Piece, word_diff
from app.services.library.label_changes import SectionChange, SectionState
from app.services.library.queries import Document
from app.ui.library.wording import say

NO_HEADING: Final = "\N{EM DASH}"
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
    is_boxed_warning: bool = False

    @property
    def heading(self) -> str:
        """The heading in the newer version, else in the older one."""
        return self.new_heading or self.old_heading

    @property
    def state(self) -> SectionState:
        """What became of the section."""
        kinds = {piece.kind for paragraph in self.paragraphs for piece in paragraph.pieces}
        if self.old_heading == self.new_heading and kinds <= {Kind.SAME}:
            return SectionState.SAME
        if not self.old_heading and kinds <= {Kind.INSERTED}:
            return SectionState.ADDED
        if not self.new_heading and kinds <= {Kind.DELETED}:
            return SectionState.REMOVED
        return SectionState.CHANGED


def compare(old: Document, new: Document) -> tuple[PairedSection, ...]:
    """Pair the sections of two versions by their headings."""
    return tuple(_pair_sections(_sections(old), _sections(new)))


def compare_label_sections(changes: Iterable[SectionChange]) -> tuple[PairedSection, ...]:
    """Pair the paragraphs of label sections that belong together."""
    return tuple(_label_section(change) for change in changes)


def _label_section(change: SectionChange) -> PairedSection:
    old, new = change.older, change.newer
    before = _label_paragraphs(old.text) if old is not None else []
    # Most sections stay as they are, and reading the markup is what takes the time.
    is_same = old is not None and new is not None and old.text == new.text
    after = before if is_same else _label_paragraphs(new.text) if new is not None else []
    shown = new or old
    return PairedSection(
        (old.heading or NO_HEADING) if old is not None else "",
        (new.heading or NO_HEADING) if new is not None else "",
        tuple(_pair_paragraphs(before, after)),
        is_boxed_warning=shown is not None and shown.is_boxed_warning,
    )


def _label_paragraphs(text: str) -> list[str]:
    return [_plain(each) for each in split_blocks(text)]


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
    return [*sections, (say("References"), references)] if references else sections


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
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, False).get_opcodes():
        for before, after in zip_longest(old[old_from:old_to], new[new_from:new_to], fillvalue=""):
            if tag == "equal" and after:
                yield PairedParagraph((Piece(Kind.SAME, after),))
            else:
                yield PairedParagraph(word_diff(before, after))
