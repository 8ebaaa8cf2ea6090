"""Look at letters: whole, block by block, as their checks and as frozen bytes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.checks import registry
from app.models.checks.findings import Finding
from app.models.checks.snapshot import BlockKind, BlockState, LetterSnapshot
from app.models.inquiry import Inquiry
from app.models.letter import Letter, LetterBlock, Package, Signature
from app.models.letter_blocks import ANSWERS, MADE, shares, text_hash
from app.models.letter_origins import (
    Origin,
    TemplateOrigin,
    approved,
    heading_markup,
    origins_from,
    template_slot,
)
from app.models.letter_references import reference_lines
from app.models.lifecycle_letter import review_reasons
from app.models.manifest import manifest_hash, verify_manifest
from app.models.markup import parse, plain_text
from app.models.reference_runs import Run
from app.models.settings import DraftText
from app.models.word_diff import word_diff
from app.services.letters.citing import CitableWork, citable
from app.services.letters.facts import facts_of, step_blockers
from app.services.letters.live import LiveCheck, TypedBlock
from app.services.letters.loading import LetterCase, LoadedBlock, load, load_blocks
from app.services.letters.snapshots import snapshot_of, stale_reason
from app.services.letters.sources import source_sections, versions
from app.services.letters.templates import form_of, template_row
from app.services.letters.views import (
    BlockView,
    DraftView,
    EnclosureView,
    LetterRow,
    LetterView,
    PackageView,
    QuestionCoverage,
    ReferenceView,
    SignatureView,
    SourceView,
)
from app.services.work.queries import actor_of

__all__ = [
    "BlockView",
    "CitableWork",
    "DraftView",
    "LetterRow",
    "LetterView",
    "LiveCheck",
    "PackageView",
    "QuestionCoverage",
    "SourceView",
    "TypedBlock",
    "block_source",
    "check",
    "citable",
    "inserted_paragraphs",
    "letter",
    "letters_of",
    "package",
    "release_blockers",
    "resolve",
    "snapshot",
]

Place = tuple[str, str, int | None]


def letter(session: Session, letter_id: str, *, now: int | None = None) -> LetterView:
    """Return one letter, whole."""
    return view_of(session, load(session, letter_id, now=now))


def view_of(session: Session, case: LetterCase) -> LetterView:
    """Return a loaded letter without its live rows."""
    row = case.letter
    blocks = tuple(_block(case, block) for block in case.blocks)
    return LetterView(
        id=row.id,
        response_id=row.response_id,
        inquiry_id=row.inquiry_id,
        inquiry_number=case.inquiry.number,
        reference=row.reference,
        edition=row.edition,
        state=row.state,
        kind=case.kind,
        template=row.template,
        template_version=row.template_version,
        author_id=row.author_id,
        author=case.author.name if case.author else "",
        language=row.language,
        letter_date=row.letter_date,
        released_at=row.released_at,
        sent_at=row.sent_at,
        blocks=blocks,
        drawing=case.drawing,
        references=_references(case),
        questions=_coverage(case),
        shares=shares((block.kind, block.text, block.state) for block in blocks),
        enclosures=tuple(EnclosureView(e.id, e.kind, e.title, e.sha256, e.pages) for e in case.enclosures),
        signatures=tuple(map(_signature, case.signatures)),
        review_reasons=review_reasons(facts_of(session, case)),
        is_off_label=case.is_off_label,
    )


def letters_of(session: Session, inquiry_id: str) -> tuple[LetterRow, ...]:
    """List the letters of an inquiry, the oldest first."""
    query = select(Letter).where(Letter.inquiry_id == inquiry_id, Letter.retired_at.is_(None))
    return tuple(
        LetterRow(
            row.id,
            row.reference,
            row.edition,
            row.state,
            row.language,
            row.author_id,
            row.letter_date,
            row.released_at,
            row.sent_at,
        )
        for row in session.scalars(query.order_by(Letter.created_at, Letter.id))
    )


def snapshot(session: Session, letter_id: str, *, now: int | None = None) -> LetterSnapshot:
    """Freeze a letter for its checks."""
    return snapshot_of(session, load(session, letter_id, now=now))


def check(session: Session, letter_id: str, *, now: int | None = None) -> tuple[Finding, ...]:
    """Run every check on a letter as it is stored."""
    return registry.run(snapshot(session, letter_id, now=now))


def release_blockers(
    session: Session, letter_id: str, user_id: str, *, now: int | None = None
) -> tuple[str, ...]:
    """List everything but the passphrase that keeps a user from releasing a letter."""
    case = load(session, letter_id, now=now)
    findings = registry.run(snapshot_of(session, case))
    facts = facts_of(session, case, findings, acting=user_id, reauthenticated=True)
    return step_blockers(case, "release", facts, actor_of(session, user_id))


def package(session: Session, letter_id: str) -> PackageView | None:
    """Return the frozen bytes of a letter and what is wrong with them, if it has any."""
    query = select(Package).where(Package.letter_id == letter_id)
    row = session.scalars(query.order_by(Package.frozen_at.desc(), Package.id.desc()).limit(1)).first()
    if row is None:
        return None
    return PackageView(
        id=row.id,
        letter_id=row.letter_id,
        sha256=row.sha256,
        manifest=row.manifest,
        manifest_sha256=manifest_hash(row.manifest),
        document=row.document,
        frozen_at=row.frozen_at,
        problems=verify_manifest(row.document, row.manifest),
    )


def inserted_paragraphs(session: Session, letter_id: str) -> dict[Place, BlockState]:
    """Tell which pieces of the library stand in a letter, and whether unchanged.

    A piece that stands there twice counts as verbatim once one of them is.
    """
    found: dict[Place, BlockState] = {}
    for block in load_blocks(session, letter_id):
        for origin in approved(block.origins):
            if found.get(origin.place) is not BlockState.VERBATIM:
                found[origin.place] = block.state
    return found


def block_source(session: Session, block_id: str) -> tuple[SourceView, ...]:
    """Return every approved text behind a block and how the block differs from it."""
    row = session.get(LetterBlock, block_id)
    if row is None:
        raise RecordNotFoundError(block_id)
    origins = origins_from(row.origins)
    sources = approved_texts(session, origins)
    known = versions(session, {origin.version for origin in approved(origins)})
    drawn = plain_text(parse(row.text))
    found = []
    for origin, text in sources.items():
        version = None if isinstance(origin, TemplateOrigin) else known.get(origin.version)
        diff = word_diff(plain_text(parse(text)), drawn)
        found.append(SourceView(origin, text, diff, version.row.state if version else ""))
    return tuple(found)


def approved_texts(session: Session, origins: tuple[Origin, ...]) -> dict[Origin, str]:
    """Return the approved text of each origin that this workspace holds."""
    sections = source_sections(session, [origin.section for origin in approved(origins)])
    found: dict[Origin, str] = {}
    for origin in origins:
        if isinstance(origin, TemplateOrigin):
            text = _slot_text(session, origin)
        elif origin.section not in sections:
            text = None
        elif origin.paragraph is None:
            text = heading_markup(sections[origin.section].heading)
        else:
            paragraphs = sections[origin.section].paragraphs
            text = paragraphs[origin.paragraph].markup if origin.paragraph < len(paragraphs) else None
        if text is not None:
            found[origin] = text
    return found


def _slot_text(session: Session, origin: TemplateOrigin) -> str | None:
    try:
        form = form_of(template_row(session, origin.template))
    except RecordNotFoundError:
        return None
    # A newer template may say something else under the same name of a slot.
    slots = (slot for slot in (*form.slots, *form.optional) if form.origin(slot).sha256 == origin.sha256)
    return next((slot.text for slot in slots if slot.name == origin.slot), None)


def _block(case: LetterCase, block: LoadedBlock) -> BlockView:
    slot = template_slot(block.origins)
    is_fixed = slot is not None and not slot.editable
    return BlockView(
        id=block.id,
        rank=block.row.rank,
        kind=block.kind,
        text=block.text,
        origins=block.origins,
        state=block.state,
        stale=stale_reason(case, block),
        question_ids=tuple(block.row.question_ids),
        slot=slot.slot if slot else "",
        is_fixed=is_fixed,
        is_editable=not is_fixed and block.kind not in MADE,
        has_conflict=block.id in case.forked,
        sha256=text_hash(block.text),
        draft=_draft(block, case.drafts.get(block.id)),
    )


def _draft(block: LoadedBlock, draft: DraftText | None) -> DraftView | None:
    if draft is None:
        return None
    is_stale = draft.seen_sha256 != text_hash(block.text)
    return DraftView(draft.text, draft.seen_sha256, draft.saved_at, is_stale)


def _references(case: LetterCase) -> tuple[ReferenceView, ...]:
    if case.frozen:
        return tuple(
            ReferenceView(item["number"], "", tuple(Run(**run) for run in item["runs"]))
            for item in case.frozen["references"]
        )
    lines = reference_lines(case.numbering, case.references)
    return tuple(ReferenceView(line.number, line.key.key, line.runs) for line in lines)


def _coverage(case: LetterCase) -> tuple[QuestionCoverage, ...]:
    answering = [b for b in case.blocks if b.kind in ANSWERS and b.kind is not BlockKind.HEADING and b.text]
    return tuple(
        QuestionCoverage(
            question.id,
            question.text,
            tuple(block.id for block in answering if question.id in block.row.question_ids),
            question.answered_elsewhere,
        )
        for question in case.questions
    )


def _signature(row: Signature) -> SignatureView:
    return SignatureView(
        row.printed_name,
        row.meaning,
        row.signed_at,
        row.zone,
        row.sha256,
        row.device_id,
        row.device_signature,
    )


def resolve(session: Session, text: str) -> str:
    """Return the id of a letter named by id, by reference, or by its inquiry."""
    wanted = text.strip()
    query = (
        select(Letter.id)
        .join(Inquiry, Inquiry.id == Letter.inquiry_id)
        .where(
            (Letter.id == wanted)
            | (Letter.reference == wanted.upper())
            | (Inquiry.number == wanted.upper())
            | (Inquiry.id == wanted)
        )
        .order_by(Letter.created_at.desc(), Letter.id.desc())
        .limit(1)
    )
    found = session.scalar(query)
    if found is None:
        raise RecordNotFoundError(wanted[:60])
    return found
