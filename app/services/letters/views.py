"""What the letter's queries answer: frozen, without a live row."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.models.checks.snapshot import BlockKind, BlockState, LetterKind
from app.models.citations import Numbering
from app.models.letter_blocks import Shares
from app.models.letter_drawing import Drawing
from app.models.letter_origins import Origin
from app.models.reference_runs import Runs
from app.models.word_diff import Piece


@dataclass(frozen=True, slots=True)
class DraftView:
    """Text that was typed and is no journal row yet; stale if the block changed since."""

    text: str
    seen_sha256: str
    saved_at: int
    is_stale: bool


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block: its text, where that comes from, and how it stands to it."""

    id: str
    rank: str
    kind: BlockKind
    text: str
    origins: tuple[Origin, ...]
    state: BlockState
    stale: str | None
    question_ids: tuple[str, ...]
    slot: str
    is_fixed: bool
    is_editable: bool
    has_conflict: bool
    sha256: str
    draft: DraftView | None


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """One entry of the reference list, as runs."""

    number: int
    key: str
    runs: Runs


@dataclass(frozen=True, slots=True)
class QuestionCoverage:
    """One question and the blocks that answer it."""

    id: str
    text: str
    block_ids: tuple[str, ...]
    answered_elsewhere: bool

    @property
    def is_answered(self) -> bool:
        """Whether a block or another answer covers it."""
        return bool(self.block_ids) or self.answered_elsewhere


@dataclass(frozen=True, slots=True)
class EnclosureView:
    """One document that goes with the letter."""

    id: str
    kind: str
    title: str
    sha256: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class SignatureView:
    """Who signed, when and with what meaning."""

    printed_name: str
    meaning: str
    signed_at: int
    zone: str
    sha256: str
    device_id: str
    device_signature: str


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter, whole."""

    id: str
    response_id: str
    inquiry_id: str
    inquiry_number: str
    reference: str
    edition: int
    state: str
    kind: LetterKind
    template: str
    template_version: str
    author_id: str
    author: str
    language: str
    letter_date: str
    released_at: int | None
    sent_at: int | None
    blocks: tuple[BlockView, ...]
    drawing: Drawing
    references: tuple[ReferenceView, ...]
    questions: tuple[QuestionCoverage, ...]
    shares: Shares
    enclosures: tuple[EnclosureView, ...]
    signatures: tuple[SignatureView, ...]
    review_reasons: tuple[str, ...]
    is_off_label: bool

    @property
    def is_answer(self) -> bool:
        """Whether the letter is meant to answer what was asked."""
        return self.kind is LetterKind.ANSWER

    @property
    def fields(self) -> Mapping[str, str | None]:
        """The value of every merge field, None where there is none."""
        return self.drawing.values

    @property
    def numbering(self) -> Numbering:
        """The number of every cited work."""
        return self.drawing.numbering

    def block(self, block_id: str) -> BlockView | None:
        """Return the block of this id, if the letter has it."""
        return next((block for block in self.blocks if block.id == block_id), None)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter in a list."""

    id: str
    reference: str
    edition: int
    state: str
    language: str
    author_id: str
    letter_date: str
    released_at: int | None
    sent_at: int | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """One approved text behind a block, and what the block made of it."""

    origin: Origin
    approved: str
    diff: tuple[Piece, ...]
    status: str


@dataclass(frozen=True, slots=True)
class PackageView:
    """The frozen bytes of a released letter."""

    id: str
    letter_id: str
    sha256: str
    manifest: str
    manifest_sha256: str
    document: bytes
    frozen_at: int
    problems: tuple[str, ...]
