"""Change the blocks of a letter; approved text never becomes free by it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import select

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError, StaleEditError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.checks.snapshot import BlockKind
from app.models.letter import Letter, LetterBlock
from app.models.letter_blocks import (
    ANSWERS,
    MADE,
    WRITTEN,
    canonical_text,
    cut_from,
    is_fixed,
    kept_origins,
    kind_of_text,
    text_hash,
)
from app.models.letter_origins import (
    Origin,
    TextOrigin,
    approved,
    origin_from,
    origins_from,
    origins_json,
)
from app.models.rank import is_rank
from app.services.letters.block_history import earlier_forms
from app.services.letters.drafts import put_in, take_out
from app.services.letters.records import check_questions, open_letter
from app.services.letters.sources import source_document
from app.services.letters.writing import text_origin
from app.services.workspace.unit_of_work import UnitOfWork

Op = Literal["create", "update", "move", "retire"]

_FIXED = "This part of the letter is fixed by its template. Nothing was changed."
_MADE = "This part of the letter is made by the program. Nothing was changed."


@dataclass(frozen=True, slots=True)
class BlockEdit:
    """One edit of the editor; what is None stays as it is.

    A new text carries the hash of the text it replaces, so that nobody else's words are overwritten.
    """

    op: Op
    block_id: str
    kind: str | None = None
    text: str | None = None
    origins: Sequence[Mapping[str, Any] | Origin] | None = None
    rank: str | None = None
    question_ids: Sequence[str] | None = None
    seen_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved, and the hash of each text as it now stands."""

    changes: Changes
    sha256s: Mapping[str, str] = field(default_factory=dict)


def save_blocks(uow: UnitOfWork, letter_id: str, edits: Sequence[BlockEdit]) -> Saved:
    """Apply all edits of a letter in one step, or none.

    Raises `StaleEditError` when a text changed since it was seen; what was typed stays as a draft.
    """
    with uow:
        letter = open_letter(uow, letter_id)
        rows = {row.id: row for row in uow.session.scalars(_blocks(letter_id))}
        _refuse_stale(uow, rows, edits)
        touched = _Saver(uow, letter, rows).apply(edits)
        take_out(uow, [edit.block_id for edit in edits if edit.op == "retire" or edit.text is not None])
        changes = uow.commit()
    return Saved(changes, {row.id: text_hash(row.text) for row in touched})


def apply_edits(uow: UnitOfWork, letter: Letter, edits: Sequence[BlockEdit]) -> list[LetterBlock]:
    """Apply edits inside an open unit of work; the caller has looked for stale ones."""
    rows = {row.id: row for row in uow.session.scalars(_blocks(letter.id))}
    return _Saver(uow, letter, rows).apply(edits)


def _blocks(letter_id: str) -> Any:
    # Retired ones too: an undo brings a block back with the origins it had.
    return select(LetterBlock).where(LetterBlock.letter_id == letter_id)


def _refuse_stale(uow: UnitOfWork, rows: Mapping[str, LetterBlock], edits: Sequence[BlockEdit]) -> None:
    stale = [edit for edit in edits if _is_stale(rows.get(edit.block_id), edit)]
    if not stale:
        return
    for edit in edits:
        if edit.op == "update" and edit.text is not None and edit.seen_sha256 is not None:
            put_in(uow, edit.block_id, edit.text, edit.seen_sha256)
    uow.commit()
    what = "A block has" if len(stale) == 1 else f"{len(stale)} blocks have"
    raise StaleEditError(
        f"{what} changed since you read the letter. Nothing was overwritten, and what you typed is kept. "
        "Compare the two, then choose."
    )


def _is_stale(row: LetterBlock | None, edit: BlockEdit) -> bool:
    if edit.op == "create" or row is None:
        return False
    if edit.op == "update" and edit.text is not None and edit.seen_sha256 is None:
        raise ValueError("a new text carries the hash of the text it replaces")
    is_gone = row.retired_at is not None and edit.op != "retire"
    return is_gone or (edit.seen_sha256 is not None and edit.seen_sha256 != text_hash(row.text))


class _Saver:
    """Applies the edits of one unit to the rows of one letter."""

    def __init__(self, uow: UnitOfWork, letter: Letter, rows: dict[str, LetterBlock]) -> None:
        self._uow = uow
        self._letter = letter
        self._rows = rows
        self._before: list[tuple[str, tuple[Origin, ...]]] = []
        self._known = {origin for row in rows.values() for origin in origins_from(row.origins)}

    def apply(self, edits: Iterable[BlockEdit]) -> list[LetterBlock]:
        """Apply the edits in their order and return the touched rows."""
        edits = tuple(edits)
        self._before = [
            (row.text, origins_from(row.origins))
            for edit in edits
            if edit.op in ("update", "retire") and (row := self._rows.get(edit.block_id)) is not None
        ]
        touched = [self._apply(edit) for edit in edits]
        self._uow.session.flush()
        return touched

    def _apply(self, edit: BlockEdit) -> LetterBlock:
        if edit.op == "create":
            return self._create(edit)
        row = self._rows.get(edit.block_id)
        if row is None:
            raise RecordNotFoundError(edit.block_id)
        if edit.op == "retire":
            self._retire(row)
        elif edit.op == "move":
            self._move(row, edit)
        else:
            self._update(row, edit)
        return row

    def _create(self, edit: BlockEdit) -> LetterBlock:
        row = self._rows.get(edit.block_id)
        if row is not None and row.retired_at is None:
            raise InputRefusedError("A block with this id is in the letter already. Nothing was changed.")
        text = canonical_text(edit.text or "")
        stored = origins_from(row.origins) if row is not None else ()
        if row is None:
            row = LetterBlock(id=edit.block_id, letter_id=self._letter.id, kind="", rank="")
            self._uow.session.add(row)
            self._rows[row.id] = row
        row.rank = _rank(edit.rank)
        origins = self._origins(text, stored, edit) or cut_from(text, self._before)
        slot_kind = BlockKind.FIXED if row.kind == BlockKind.FIXED else None
        row.kind = (slot_kind or _kind(edit.kind, text)).value
        row.text, row.origins, row.retired_at = text, origins_json(origins), None
        row.question_ids = self._questions(edit.question_ids or ())
        return row

    def _update(self, row: LetterBlock, edit: BlockEdit) -> None:
        stored = origins_from(row.origins)
        text = row.text if edit.text is None else canonical_text(edit.text)
        kind = BlockKind(row.kind)
        if text != row.text and (kind in MADE or is_fixed(stored)):
            raise NotAllowedError(_MADE if kind is BlockKind.REFERENCES else _FIXED)
        origins = self._origins(text, stored, edit)
        if kind in ANSWERS:
            kind = _kind(edit.kind or (None if kind in WRITTEN else kind.value), text)
        row.kind, row.text = kind.value, text
        if origins != stored:
            row.origins = origins_json(origins)
        if edit.rank is not None and edit.rank != row.rank:
            self._move(row, edit)
        if edit.question_ids is not None:
            row.question_ids = self._questions(edit.question_ids)

    def _retire(self, row: LetterBlock) -> None:
        self._ensure_loose(row)
        if row.retired_at is None:
            row.retired_at = self._uow.now()

    def _move(self, row: LetterBlock, edit: BlockEdit) -> None:
        self._ensure_loose(row)
        row.rank = _rank(edit.rank)

    def _ensure_loose(self, row: LetterBlock) -> None:
        if BlockKind(row.kind) in MADE or is_fixed(origins_from(row.origins)):
            raise NotAllowedError(_FIXED)

    def _questions(self, question_ids: Sequence[str]) -> Any:
        return freeze(check_questions(self._uow.session, self._letter.inquiry_id, question_ids))

    def _origins(self, text: str, stored: tuple[Origin, ...], edit: BlockEdit) -> tuple[Origin, ...]:
        if edit.origins is None:
            return stored
        proposed = tuple(self._genuine(origin) for origin in map(_read, edit.origins))
        loses = any(origin not in proposed for origin in approved(stored))
        earlier = earlier_forms(self._uow.session, edit.block_id) if loses else ()
        return kept_origins(text, stored, proposed, earlier)

    def _genuine(self, origin: Origin) -> Origin:
        """Return the origin if this letter or the library vouches for its hash."""
        if origin in self._known:
            return origin
        if isinstance(origin, TextOrigin):
            source = source_document(self._uow.session, origin.version)
            for section in source.sections:
                paragraphs = len(section.paragraphs)
                in_range = origin.paragraph is None or 0 <= origin.paragraph < paragraphs
                if section.id == origin.section and in_range:
                    real = text_origin(source, section, origin.paragraph)
                    if real == origin:
                        self._known.add(real)
                        return real
        raise InputRefusedError(
            "This text says that it comes from the library, and the library does not have it. "
            "Nothing was changed. Insert it from the library."
        )


def _read(origin: Mapping[str, Any] | Origin) -> Origin:
    return origin_from(origin) if isinstance(origin, Mapping) else origin


def _kind(kind: str | None, text: str) -> BlockKind:
    if kind is None:
        return kind_of_text(text)
    if kind not in ANSWERS:
        raise InputRefusedError(f"A letter cannot be given a block of the kind {kind[:20]}.")
    # The structure of the text decides what it is; only a table of evidence looks like another.
    return BlockKind(kind) if kind == BlockKind.EVIDENCE_TABLE else kind_of_text(text)


def _rank(rank: str | None) -> str:
    if rank is None or not is_rank(rank):
        raise InputRefusedError("A block needs a place in the letter. Nothing was changed.")
    return rank
