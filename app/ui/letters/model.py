"""The open letter: its blocks in order, their origins and their states.

The text document carries one tag per block, which names the block and the origins it has. Undo brings old
tags back, and with them what each text came from; everything else is looked up here by the block's id.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.models.checks.snapshot import BlockKind, BlockState
from app.models.citations import CitationKey, Numbering
from app.models.csl import CslRecord
from app.models.ids import uuid7
from app.models.letter_blocks import MADE, Shares, canonical_text, kind_of_text, shares, state_of, word_count
from app.models.letter_drawing import Drawing
from app.models.letter_origins import Origin, approved, joined_origins
from app.models.letter_references import LOCAL, References, cited, number_letter, reference_lines, scopes_of
from app.models.markup import parse, plain_text
from app.services.letters.queries import BlockView, LetterView
from app.services.letters.views import ReferenceView
from app.ui.letters.saving import Batch, Change, Held, SaveBook, Stored

_WORD = re.compile(r"\w")
_KEPT_KINDS = MADE | {BlockKind.FIXED, BlockKind.EVIDENCE_TABLE}


@dataclass(frozen=True, slots=True)
class Facts:
    """What stays true of a block whatever is typed, also while it is gone."""

    kind: BlockKind
    question_ids: tuple[str, ...] = ()
    is_fixed: bool = False
    is_slot: bool = False
    stale: str | None = None
    has_conflict: bool = False
    written_at: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One piece of the document: the tag it carries and its text."""

    tag: str
    text: str
    may_be_nobody: bool = False


@dataclass(slots=True)
class _Known:
    """What the letter has ever held, for undo to find again."""

    facts: dict[str, Facts] = field(default_factory=dict)
    serials: dict[tuple[Origin, ...], int] = field(default_factory=dict)
    origins: list[tuple[Origin, ...]] = field(default_factory=list)


class LetterModel:
    """The blocks of one open letter, without a widget and without the database."""

    def __init__(self, view: LetterView, sources: Mapping[Origin, str] | None = None) -> None:
        self.letter_id = view.id
        self.drawing: Drawing = view.drawing
        self.sources: dict[Origin, str] = dict(sources or {})
        self.order: tuple[Held, ...] = ()
        self.unlocked: set[str] = set()
        self.is_read_only = False
        self._known = _Known()
        self._frozen_lines = view.references if view.released_at else None
        self.book = SaveBook(map(self._take_block, view.blocks))
        self.order = tuple(self._shown_first(block) for block in view.blocks)
        self.stale_drafts = tuple(b.id for b in view.blocks if b.draft is not None and b.draft.is_stale)
        self._cited: tuple[object, ...] = ()
        self._learned: dict[str, CslRecord] = {}
        self.renumber()

    # Tags

    def tag(self, block_id: str, origins: Sequence[Origin]) -> str:
        """Return what the document carries for a block with these origins."""
        origins = tuple(origins)
        serial = self._known.serials.get(origins)
        if serial is None:
            serial = self._known.serials[origins] = len(self._known.origins)
            self._known.origins.append(origins)
        return f"{block_id}/{serial}"

    def tag_of(self, block_id: str) -> str:
        """Return the tag of a block that stands in the letter."""
        return self.tag(block_id, self.held(block_id).origins)

    def read_tag(self, tag: str) -> tuple[str, tuple[Origin, ...]]:
        """Return the block and the origins that a tag names."""
        block_id, _, serial = tag.partition("/")
        return block_id, self._known.origins[int(serial)] if serial else ()

    def is_whole(self, tag: str) -> bool:
        """Tell whether all the text of a tag is one block, whatever its shape."""
        facts = self._known.facts.get(tag.partition("/")[0])
        return facts is not None and facts.kind in _KEPT_KINDS

    # Blocks

    def held(self, block_id: str) -> Held:
        """Return a block that stands in the letter."""
        return next(held for held in self.order if held.id == block_id)

    def has(self, block_id: str) -> bool:
        """Tell whether a block stands in the letter now."""
        return any(held.id == block_id for held in self.order)

    def facts(self, block_id: str) -> Facts:
        """Return what stays true of a block, also of one that is gone."""
        return self._known.facts[block_id]

    def state(self, block_id: str) -> BlockState:
        """Tell how a block stands to its origin."""
        held = self.held(block_id)
        return state_of(held.kind, held.text, held.origins)

    def is_fixed(self, block_id: str) -> bool:
        """Tell whether the template or the program holds a block."""
        facts = self._known.facts.get(block_id)
        return facts is not None and (facts.is_fixed or facts.kind in MADE)

    def is_locked(self, block_id: str) -> bool:
        """Tell whether a block is approved text that nobody asked to change."""
        if block_id in self.unlocked or not self.has(block_id):
            return False
        held = self.held(block_id)
        return bool(approved(held.origins)) and self.state(block_id) is BlockState.VERBATIM

    def is_closed(self, block_id: str) -> bool:
        """Tell whether nothing may be typed into a block."""
        return self.is_read_only or self.is_fixed(block_id) or self.is_locked(block_id)

    def source(self, block_id: str) -> str | None:
        """Return the approved wording of a block, if it has one that is known."""
        texts = [self.sources.get(origin) for origin in self.held(block_id).origins]
        known = [text for text in texts if text is not None]
        return "\n\n".join(known) if known and len(known) == len(texts) else None

    def missing_sources(self) -> tuple[Origin, ...]:
        """Return the origins of changed blocks whose wording is not known yet."""
        wanted = dict.fromkeys(origin for held in self.order for origin in held.origins)
        return tuple(origin for origin in wanted if origin not in self.sources)

    def shares(self) -> Shares:
        """Count the words of the answer by their state."""
        return shares((held.kind, held.text, self.state(held.id)) for held in self.order)

    def words(self) -> int:
        """Count the words of the whole letter."""
        return sum(word_count(held.text) for held in self.order)

    def take(self, blocks: Sequence[BlockView], view: LetterView) -> None:
        """Make blocks known that the database already has, and what they cite."""
        for block in blocks:
            self.book.take(self._take_block(block))
        for block in view.blocks:
            self.book.rank(block.id, block.rank)
        self.take_surroundings(view)

    def take_surroundings(self, view: LetterView) -> None:
        """Take over what may change around a text: fields, references, holds."""
        self.drawing = self._with_learned(view.drawing)
        self._cited = ()
        self._frozen_lines = view.references if view.released_at else None
        for block in view.blocks:
            facts = self._known.facts.get(block.id)
            if facts is not None:
                self._known.facts[block.id] = replace(
                    facts, stale=block.stale, has_conflict=block.has_conflict
                )
        self.renumber()

    def learn(self, sources: Mapping[Origin, str]) -> None:
        """Take note of approved wordings."""
        self.sources.update({origin: canonical_text(text) for origin, text in sources.items()})

    def cite(self, block_id: str, key: CitationKey, record: CslRecord) -> str:
        """Make a work known and return how a block must write its key.

        A work of the library is known from now on, though no stored block cites it yet.
        """
        if key.scope == LOCAL:
            self._learned[key.key] = record
            self.drawing = self._with_learned(self.drawing)
            self._cited = ()
        origins = self.held(block_id).origins if self.has(block_id) else ()
        return self.drawing.references.written(key, scopes_of(origins))

    def is_behind(self, block: BlockView) -> bool:
        """Tell whether another text is stored than the one the editor has seen."""
        is_draft = block.id in self.stale_drafts
        return is_draft or (self.book.is_stored(block.id) and self.book.seen_sha256(block.id) != block.sha256)

    def differs(self, block: BlockView) -> bool:
        """Tell whether the editor shows another text than is stored."""
        return self.has(block.id) and self.held(block.id).text != canonical_text(block.text)

    def forget_missing(self, stored_ids: Iterable[str]) -> tuple[str, ...]:
        """Take note of blocks that are no longer stored; they are due as new ones."""
        stored = set(stored_ids)
        gone = tuple(held.id for held in self.order if self.book.is_stored(held.id) and held.id not in stored)
        for block_id in gone:
            self.book.forget(block_id)
        return gone

    # Edits

    def settle(self, seen: Sequence[Seen]) -> list[str]:
        """Take what the document shows after an edit and return a tag for each piece.

        Afterwards every block has one place. Text that came from somewhere keeps saying so: a half keeps
        the origins of the whole, a joined block has those of both.
        """
        keepers = self._keepers(seen)
        present = {self.read_tag(seen[place].tag)[0] for place in keepers}
        gone = [held for held in self.order if held.id not in present]
        tags = [self._settled(seen, place, place in keepers, gone) for place in range(len(seen))]
        self.sync([replace(piece, tag=tag) for piece, tag in zip(seen, tags, strict=True)])
        return tags

    def sync(self, seen: Iterable[Seen]) -> None:
        """Take what the document shows after undo, redo or a step of our own."""
        self.order = tuple(self._held(piece) for piece in seen if piece.tag)
        self._relock()

    def type_into(self, tag: str, text: str) -> None:
        """Take the new text of one block whose place is the same."""
        fresh = self._held(Seen(tag, text))
        self.order = tuple(fresh if held.id == fresh.id else held for held in self.order)
        self._relock()

    def new_block(
        self, text: str, origins: Sequence[Origin] = (), question_ids: Sequence[str] = (), block_id: str = ""
    ) -> str:
        """Make a block known and return its tag; the document decides whether it stands."""
        block_id = block_id or uuid7()
        self._known.facts[block_id] = Facts(kind_of_text(text), tuple(question_ids))
        return self.tag(block_id, origins)

    def touch(self, block_id: str, now: int) -> None:
        """Note when a block was last written into."""
        self._known.facts[block_id] = replace(self._known.facts[block_id], written_at=now)

    # Numbers

    def renumber(self) -> bool:
        """Count the citations anew and tell whether any number changed."""
        blocks = [(held.kind, held.text, held.origins) for held in self.order]
        references = self.drawing.references
        keys = tuple(cited(text, scopes_of(origins), references) for _, text, origins in blocks)
        if keys == self._cited:
            return False
        self._cited = keys
        numbering: Numbering = number_letter(blocks, references)
        changed = numbering != self.drawing.numbering
        self.drawing = replace(self.drawing, numbering=numbering)
        return changed

    def reference_lines(self) -> tuple[ReferenceView, ...]:
        """Write the reference list as it stands now."""
        if self._frozen_lines is not None:
            return self._frozen_lines
        lines = reference_lines(self.drawing.numbering, self.drawing.references)
        return tuple(ReferenceView(line.number, line.key.key, line.runs) for line in lines)

    # Saving

    def due(self) -> tuple[Change, ...]:
        """Return what the database does not have yet."""
        return self.book.due(self.order, frozenset(held.id for held in self.order if self.is_fixed(held.id)))

    def send(self) -> Batch | None:
        """Count everything due as on its way; nothing due is no batch."""
        changes = self.due()
        return self.book.send(changes) if changes else None

    def _take_block(self, block: BlockView) -> Stored:
        written = block.draft.saved_at if block.draft is not None else None
        self._known.facts[block.id] = Facts(
            block.kind,
            block.question_ids,
            not block.is_editable,
            bool(block.slot) and block.kind not in MADE,
            block.stale,
            block.has_conflict,
            written,
        )
        if block.state is BlockState.VERBATIM and len(block.origins) == 1:
            self.sources.setdefault(block.origins[0], canonical_text(block.text))
        held = Held(block.id, block.kind, canonical_text(block.text), block.origins, block.question_ids)
        return Stored(held, block.rank, block.sha256)

    def _shown_first(self, block: BlockView) -> Held:
        text = canonical_text(block.text)
        if block.draft is not None and not block.draft.is_stale and block.is_editable:
            text = canonical_text(block.draft.text)
        return Held(block.id, block.kind, text, block.origins, block.question_ids)

    def _held(self, piece: Seen) -> Held:
        block_id, origins = self.read_tag(piece.tag)
        facts = self._known.facts[block_id]
        kind = facts.kind if facts.kind in _KEPT_KINDS else kind_of_text(piece.text)
        return Held(block_id, kind, piece.text, origins, facts.question_ids)

    def _with_learned(self, drawing: Drawing) -> Drawing:
        known = drawing.references
        return replace(drawing, references=References(known.versions, {**self._learned, **known.local}))

    def _relock(self) -> None:
        self.unlocked &= {held.id for held in self.order}

    def _keepers(self, seen: Sequence[Seen]) -> frozenset[int]:
        """Choose the piece that keeps its id where several carry it."""
        places: dict[str, list[int]] = {}
        for place, piece in enumerate(seen):
            if piece.tag:
                places.setdefault(self.read_tag(piece.tag)[0], []).append(place)
        return frozenset(self._keeper(block_id, seen, found) for block_id, found in places.items())

    def _keeper(self, block_id: str, seen: Sequence[Seen], places: Sequence[int]) -> int:
        before = self.held(block_id).text if self.has(block_id) else None
        same = (place for place in places if seen[place].text == before)
        written = (place for place in places if seen[place].text)
        return next(same, next(written, places[0]))

    def _settled(self, seen: Sequence[Seen], place: int, is_keeper: bool, gone: Sequence[Held]) -> str:
        piece = seen[place]
        block_id, origins = self.read_tag(piece.tag) if piece.tag else ("", ())
        if not piece.text and not is_keeper:
            # An empty line carries nothing over, so what is written there is nobody's yet.
            return "" if piece.may_be_nobody else self.new_block("")
        joined = joined_origins(origins, *self._absorbed(seen, place, gone))
        if is_keeper:
            return self.tag(block_id, joined)
        questions = self._known.facts[block_id].question_ids if block_id else ()
        # A slot of the template has one block; what was cut from it keeps only what was approved.
        return self.new_block(piece.text, approved(joined), questions)

    def _absorbed(self, seen: Sequence[Seen], place: int, gone: Sequence[Held]) -> list[tuple[Origin, ...]]:
        """Return the origins of lost neighbours whose words this piece has taken in."""
        if not gone or not seen[place].text:
            return []
        piece = seen[place]
        block_id = self.read_tag(piece.tag)[0] if piece.tag else ""
        if self.has(block_id) and self.held(block_id).text == piece.text:
            return []
        return [held.origins for held in gone if held.origins and shares_edge(piece.text, held.text)]


def shares_edge(text: str, other: str) -> bool:
    """Tell whether two texts begin or end with the same words."""
    one, two = plain_text(parse(text)), plain_text(parse(other))
    return bool(_WORD.search(_common(one, two)) or _WORD.search(_common(one[::-1], two[::-1])))


def _common(one: str, two: str) -> str:
    pairs = enumerate(zip(one, two, strict=False))
    end = next((place for place, (left, right) in pairs if left != right), min(len(one), len(two)))
    return one[:end]
