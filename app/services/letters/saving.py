"""The small edits of a letter, each a thin form of saving blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.changes import Changes
from app.models.checks.snapshot import BlockKind
from app.models.citations import CitationKey
from app.models.letter import Letter, LetterBlock
from app.models.letter_blocks import ANSWERS, canonical_text, kind_of_text, place, text_hash
from app.models.letter_origins import Origin, origins_from
from app.models.letter_references import LOCAL, References, scopes_of
from app.models.lifecycle_letter import LetterState
from app.models.markup import Citation, CitationItem, parse_atom, source, split_blocks
from app.services.letters.drafts import take_out, waiting
from app.services.letters.editing import BlockEdit, Saved, apply_edits, save_blocks
from app.services.letters.loading import load, load_blocks
from app.services.letters.queries import approved_texts
from app.services.letters.records import any_letter, block_of, check_questions, letter_of_block, open_letter
from app.services.letters.sources import local_references
from app.services.letters.writing import Inserted, NewBlock, place_blocks
from app.services.workspace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CutDrafts:
    """Which drafts became edits, and which wait because their block changed."""

    cut: tuple[str, ...]
    stale: tuple[str, ...]
    changes: Changes


def cut_drafts(uow: UnitOfWork, letter_id: str) -> CutDrafts:
    """Turn what was typed into journalled edits; a draft of an older text stays a draft."""
    with uow:
        letter = any_letter(uow, letter_id)
        found = waiting(uow, letter_id) if letter.state == LetterState.DRAFT else []
        fresh = [(block, draft) for block, draft in found if draft.seen_sha256 == text_hash(block.text)]
        edits = [
            BlockEdit("update", block.id, text=draft.text, seen_sha256=draft.seen_sha256)
            for block, draft in fresh
        ]
        apply_edits(uow, letter, edits)
        take_out(uow, [block.id for block, _ in fresh])
        cut = tuple(block.id for block, _ in fresh)
        stale = tuple(block.id for block, _ in found if block.id not in cut)
        return CutDrafts(cut, stale, uow.commit())


def write_block(
    uow: UnitOfWork, block_id: str, text: str, seen_sha256: str, *, origins: Sequence[Origin] | None = None
) -> Saved:
    """Write the text of one block."""
    edit = BlockEdit("update", block_id, text=text, seen_sha256=seen_sha256, origins=origins)
    return save_blocks(uow, _letter_of(uow, block_id), [edit])


def add_block(
    uow: UnitOfWork, letter_id: str, text: str, *, after: str | None = None, question_ids: Sequence[str] = ()
) -> Inserted:
    """Add free text behind a block or behind the answers, one block a paragraph, list or table."""
    with uow:
        letter = open_letter(uow, letter_id)
        pieces = split_blocks(text)
        if not pieces:
            raise InputRefusedError("There is no text to add. Nothing was changed.")
        questions = check_questions(uow.session, letter.inquiry_id, question_ids)
        blocks = [NewBlock(kind_of_text(piece), piece) for piece in pieces]
        ids = place_blocks(uow, letter, blocks, after=after, question_ids=questions)
        return Inserted(ids, uow.commit())


def retire_block(uow: UnitOfWork, block_id: str, seen_sha256: str | None = None) -> Changes:
    """Take a block out of its letter; it stays in the trail."""
    edit = BlockEdit("retire", block_id, seen_sha256=seen_sha256)
    return save_blocks(uow, _letter_of(uow, block_id), [edit]).changes


def move_block(uow: UnitOfWork, block_id: str, *, after: str | None) -> Changes:
    """Move a block behind another one, or to the top."""
    with uow:
        letter = open_letter(uow, letter_of_block(uow, block_id))
        others = [block.row for block in load_blocks(uow.session, letter.id) if block.id != block_id]
        ids = [row.id for row in others]
        if after is not None and after not in ids:
            raise RecordNotFoundError(after)
        placed = place([row.rank for row in others], ids.index(after) + 1 if after else 0, 1)
        for at, rank in placed.moved:
            others[at].rank = rank
        apply_edits(uow, letter, [BlockEdit("move", block_id, rank=placed.ranks[0])])
        return uow.commit()


def restore_approved(uow: UnitOfWork, block_id: str) -> Saved:
    """Give a changed block its approved text back."""
    with uow:
        block = block_of(uow.session, block_id)
        letter_id, seen = block.letter_id, text_hash(block.text)
        text = _approved_text(uow, block)
    return save_blocks(uow, letter_id, [BlockEdit("update", block_id, text=text, seen_sha256=seen)])


def set_questions(uow: UnitOfWork, block_id: str, question_ids: Sequence[str]) -> Changes:
    """Say which questions a block answers."""
    edit = BlockEdit("update", block_id, question_ids=tuple(question_ids))
    return save_blocks(uow, _letter_of(uow, block_id), [edit]).changes


def cite(
    uow: UnitOfWork, letter_id: str, key: str, *, block_id: str | None = None, locator: str = ""
) -> Saved:
    """Cite a work of the reference library at the end of a block, by default the last answer."""
    with uow:
        letter = open_letter(uow, letter_id)
        block = block_of(uow.session, block_id) if block_id else _last_answer(uow, letter)
        if block.letter_id != letter.id:
            raise RecordNotFoundError(block.id)
        text, seen = (
            _with_citation(block, _written(uow, letter_id, block, key), locator),
            text_hash(block.text),
        )
        target = block.id
    return save_blocks(uow, letter_id, [BlockEdit("update", target, text=text, seen_sha256=seen)])


def _written(uow: UnitOfWork, letter_id: str, block: LetterBlock, key: str) -> str:
    """Return how the block must write a key of the library, so that it means that work."""
    record = local_references(uow.session, [key]).get(key)
    if record is None:
        raise RecordNotFoundError(key)
    known = load(uow.session, letter_id, now=uow.now(), zone=uow.zone()).references
    references = References(known.versions, {**known.local, key: record})
    return references.written(CitationKey(LOCAL, key), scopes_of(origins_from(block.origins)))


def _letter_of(uow: UnitOfWork, block_id: str) -> str:
    with uow:
        return letter_of_block(uow, block_id)


def _approved_text(uow: UnitOfWork, block: LetterBlock) -> str:
    origins = origins_from(block.origins)
    if len(origins) != 1:
        raise NotAllowedError(
            "This block comes from several texts or from none, so there is no one text to restore. "
            "Nothing was changed. Insert the approved text again."
        )
    texts = approved_texts(uow.session, origins)
    if origins[0] not in texts:
        name = origins[0].name
        raise NotAllowedError(f"The text of {name} is not in this workspace. Nothing was changed.")
    return texts[origins[0]]


def _last_answer(uow: UnitOfWork, letter: Letter) -> LetterBlock:
    rows = [block.row for block in load_blocks(uow.session, letter.id) if block.kind in ANSWERS]
    citable = [row for row in rows if row.kind not in (BlockKind.HEADING, BlockKind.TABLE)]
    if not citable:
        raise NotAllowedError("The letter has no answer that could cite a work. Write one first.")
    return citable[-1]


def _with_citation(block: LetterBlock, key: str, locator: str) -> str:
    if block.kind in (BlockKind.TABLE, BlockKind.REFERENCES, BlockKind.SIGNATURE):
        raise NotAllowedError("A work cannot be cited at the end of this block. Nothing was changed.")
    mark = source(Citation((CitationItem(key, locator),)))
    if parse_atom(mark) is None:
        raise InputRefusedError(f"“{key[:40]}” cannot be used as a citation key. Nothing was changed.")
    return canonical_text(block.text + mark)
