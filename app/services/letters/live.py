"""The checks on what stands in the editor, saved or not; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from app.models.base import freeze
from app.models.checks import registry
from app.models.checks.findings import Finding
from app.models.checks.snapshot import Block, BlockKind, LetterSnapshot
from app.models.letter import LetterBlock
from app.models.letter_blocks import state_of
from app.models.letter_drawing import Drawing
from app.models.letter_origins import Origin
from app.services.jobs.context import JobContext
from app.services.letters.loading import LetterCase, LoadedBlock, load
from app.services.letters.snapshots import drawn_for_checks, snapshot_of


@dataclass(frozen=True, slots=True)
class TypedBlock:
    """One block as it stands in the editor, which the database need not know yet."""

    id: str
    kind: BlockKind
    text: str
    origins: tuple[Origin, ...]
    question_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """What a run has found, and what the next one can take over from it."""

    findings: tuple[Finding, ...] = ()
    _loaded: Mapping[TypedBlock, LoadedBlock] = field(default_factory=dict)
    _drawing: Drawing | None = None
    _drawn: Mapping[TypedBlock, str] = field(default_factory=dict)
    _around: LetterSnapshot | None = None
    _found: Mapping[str, tuple[Block, tuple[Finding, ...]]] = field(default_factory=dict)

    def rerun(
        self,
        session: Session,
        letter_id: str,
        blocks: Sequence[TypedBlock],
        *,
        now: int | None = None,
        job: JobContext | None = None,
    ) -> "LiveCheck":
        """Check a letter as it stands in the editor, and anew only the blocks that changed.

        Stops once the job is cancelled. Runs may overlap: none changes what another has found.
        """
        job = job or JobContext()
        loaded = {block: self._loaded.get(block) or _loaded(letter_id, block) for block in blocks}
        typed = {block.id: block for block in blocks}
        case = load(session, letter_id, now=now, blocks=tuple(loaded.values()))
        is_same = self._drawing is not None and _draws_alike(self._drawing, case.drawing)
        before = self._drawn if is_same else {}
        drawn: dict[TypedBlock, str] = {}

        def draw(case: LetterCase, block: LoadedBlock) -> str:
            job.checkpoint()
            key = typed[block.id]
            known = None if block.kind is BlockKind.REFERENCES else before.get(key)
            drawn[key] = drawn_for_checks(case, block) if known is None else known
            return drawn[key]

        snapshot = snapshot_of(session, case, draw)
        found = self._checked(snapshot, job)
        findings = (*(each for _, some in found.values() for each in some), *registry.run_letter(snapshot))
        return LiveCheck(findings, loaded, case.drawing, drawn, _around(snapshot), found)

    def _checked(
        self, snapshot: LetterSnapshot, job: JobContext
    ) -> dict[str, tuple[Block, tuple[Finding, ...]]]:
        before = self._found if self._around == _around(snapshot) else {}
        found: dict[str, tuple[Block, tuple[Finding, ...]]] = {}
        for block in snapshot.blocks:
            job.checkpoint()
            known = before.get(block.id)
            is_known = known is not None and known[0] == block
            found[block.id] = (
                known if known is not None and is_known else (block, registry.run_block(snapshot, block.id))
            )
        return found


def _around(snapshot: LetterSnapshot) -> LetterSnapshot:
    """Return what a block is compared to, without the letter that stands around it."""
    return replace(snapshot, blocks=(), citations=(), references=())


def _draws_alike(one: Drawing, other: Drawing) -> bool:
    return (
        one.values == other.values
        and one.numbering == other.numbering
        and one.references.versions.keys() == other.references.versions.keys()
        and one.references.local == other.references.local
    )


def _loaded(letter_id: str, block: TypedBlock) -> LoadedBlock:
    # A row of its own that no session knows, so that reading can never become writing.
    row = LetterBlock(
        id=block.id,
        letter_id=letter_id,
        kind=block.kind.value,
        text=block.text,
        question_ids=freeze(list(block.question_ids)),
    )
    return LoadedBlock(row, block.kind, block.origins, state_of(block.kind, block.text, block.origins))
