"""Begin a letter, and insert approved text into it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotAllowedError, RecordNotFoundError
from app.models.changes import Changes
from app.models.checks.snapshot import BlockKind
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryQuestion, OffLabelAssessment
from app.models.letter import Letter, LetterBlock, LetterTemplate, Response
from app.models.letter_blocks import kind_of_text, place
from app.models.letter_origins import (
    LABEL,
    SRD,
    Origin,
    TemplateOrigin,
    TextOrigin,
    heading_hash,
    heading_markup,
    origins_json,
    template_slot,
)
from app.models.letter_templates import OFF_LABEL, answers_end, arranged
from app.models.lifecycle import NOTHING, Position, apply
from app.models.lifecycle_letter import LETTER, LetterFacts
from app.models.rank import spread
from app.services.letters.facts import IN_PROGRESS
from app.services.letters.loading import load, load_blocks
from app.services.letters.owed import ensure_owed
from app.services.letters.records import check_questions, only_question, open_letter, put
from app.services.letters.sources import obstacle, source_document
from app.services.letters.templates import ensure_template, form_of, template_row
from app.services.library.queries import Document, Section
from app.services.work.queries import actor_of, office_zone
from app.services.workspace.clock import in_zone
from app.services.workspace.unit_of_work import UnitOfWork

LETTER_KIND = "letter"
_OFF_LABEL = frozenset({"off_label", "unapproved_product"})
_WHOLE_LABEL = (
    "A whole label is too long for a letter. Nothing was inserted. Choose a section or a paragraph."
)


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter that has just begun."""

    letter_id: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Inserted:
    """The blocks that came in, in their order."""

    block_ids: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block before it has its place."""

    kind: BlockKind
    text: str
    origins: tuple[Origin, ...] = ()


def new_letter(uow: UnitOfWork, inquiry_id: str, *, template: str = "response-en") -> NewLetter:
    """Begin a letter for an inquiry in progress, with the fixed parts of its template.

    An acknowledgement or interim reply that is not owed, or begun already, is refused.
    """
    with uow:
        session = uow.session
        inquiry = session.get(Inquiry, inquiry_id)
        if inquiry is None or inquiry.retired_at is not None:
            raise RecordNotFoundError(inquiry_id)
        facts = LetterFacts(inquiry_in_progress=inquiry.state in IN_PROGRESS)
        begun = apply(LETTER, Position(NOTHING), "write", facts, actor_of(session, uow.actor))
        row = ensure_template(session, template)
        ensure_owed(session, inquiry, row)
        response = Response(id=uuid7(), inquiry_id=inquiry.id, kind=LETTER_KIND, author_id=uow.actor)
        letter = Letter(
            id=uuid7(),
            response_id=response.id,
            inquiry_id=inquiry.id,
            reference=f"{inquiry.number}-L{_letters(session, inquiry.id) + 1}",
            state=begun.state,
            template=row.code,
            template_version=row.number,
            author_id=uow.actor,
            language=row.language,
            letter_date=today(uow).isoformat(),
        )
        put(uow, response, letter)
        put(uow, *_template_blocks(session, letter.id, row, inquiry.id))
        return NewLetter(letter.id, uow.commit())


def insert(
    uow: UnitOfWork,
    letter_id: str,
    version_id: str,
    *,
    section_id: str | None = None,
    paragraph: int | None = None,
    after: str | None = None,
    question_ids: Sequence[str] = (),
) -> Inserted:
    """Insert a version, one section or one paragraph, behind a block or behind the answers.

    Refuses a text that may not go to this contact, with the reason; a label comes in by its sections.
    """
    with uow:
        letter = open_letter(uow, letter_id)
        source = source_document(uow.session, version_id)
        if source.row.kind == LABEL and section_id is None:
            raise NotAllowedError(_WHOLE_LABEL)
        _ensure_usable(uow, letter_id, source)
        blocks = list(_pieces(source, section_id, paragraph))
        if not blocks:
            raise RecordNotFoundError(section_id or version_id)
        questions = check_questions(uow.session, letter.inquiry_id, question_ids)
        questions = questions or only_question(uow.session, letter.inquiry_id)
        ids = place_blocks(uow, letter, blocks, after=after, question_ids=questions)
        return Inserted(ids, uow.commit())


def refresh_slots(uow: UnitOfWork, letter_id: str) -> Changes:
    """Add the optional parts of the template that the case now asks for."""
    with uow:
        letter = open_letter(uow, letter_id)
        form = form_of(template_row(uow.session, letter.template))
        order = [slot.name for slot in arranged(form, conditions(uow.session, letter.inquiry_id))]
        for slot in form.optional:
            filled = [template_slot(block.origins) for block in load_blocks(uow.session, letter_id)]
            if slot.name in order and all(there is None or there.slot != slot.name for there in filled):
                behind = frozenset(order[order.index(slot.name) + 1 :])
                fresh = NewBlock(slot.block_kind, slot.text, (form.origin(slot),))
                put_at(uow, letter, _slot_index(filled, behind), [fresh])
        return uow.commit()


def place_blocks(
    uow: UnitOfWork,
    letter: Letter,
    blocks: Sequence[NewBlock],
    *,
    after: str | None,
    question_ids: Sequence[str],
) -> tuple[str, ...]:
    """Put new blocks behind a block, or behind the answers; return their ids."""
    stored = load_blocks(uow.session, letter.id)
    if after is None:
        form = form_of(template_row(uow.session, letter.template))
        index = answers_end([block.origins for block in stored], form)
    else:
        places = [at for at, block in enumerate(stored, start=1) if block.id == after]
        if not places:
            raise RecordNotFoundError(after)
        index = places[0]
    return put_at(uow, letter, index, blocks, question_ids)


def put_at(
    uow: UnitOfWork, letter: Letter, index: int, blocks: Sequence[NewBlock], question_ids: Sequence[str] = ()
) -> tuple[str, ...]:
    """Add blocks before the one at an index; tied neighbours move up."""
    stored = load_blocks(uow.session, letter.id)
    placed = place([block.row.rank for block in stored], index, len(blocks))
    for at, moved in placed.moved:
        stored[at].row.rank = moved
    rows = [
        LetterBlock(
            id=uuid7(),
            letter_id=letter.id,
            rank=rank,
            kind=block.kind.value,
            text=block.text,
            origins=origins_json(block.origins),
            question_ids=list(question_ids),
        )
        for rank, block in zip(placed.ranks, blocks, strict=True)
    ]
    uow.session.add_all(rows)
    uow.session.flush()
    return tuple(row.id for row in rows)


def conditions(session: Session, inquiry_id: str) -> frozenset[str]:
    """Return the conditions of optional slots that hold for an inquiry."""
    query = (
        select(OffLabelAssessment.question_id, OffLabelAssessment.assessment)
        .join(InquiryQuestion, InquiryQuestion.id == OffLabelAssessment.question_id)
        .where(
            InquiryQuestion.inquiry_id == inquiry_id,
            InquiryQuestion.retired_at.is_(None),
            OffLabelAssessment.retired_at.is_(None),
        )
        .order_by(OffLabelAssessment.assessed_at, OffLabelAssessment.id)
    )
    newest = dict(session.execute(query).all())
    return frozenset({OFF_LABEL} if _OFF_LABEL & set(newest.values()) else ())


def _slot_index(filled: Sequence[TemplateOrigin | None], behind: frozenset[str]) -> int:
    """Return where a slot stands: before the answers, and before the slots behind it."""
    found = (at for at, there in enumerate(filled) if there is None or there.slot in behind)
    return next(found, len(filled))


def today(uow: UnitOfWork) -> date:
    """Return the day in the zone of the responsible office."""
    return in_zone(uow.now(), office_zone(uow.session, uow.zone())).date()


def _letters(session: Session, inquiry_id: str) -> int:
    query = select(func.count(Letter.response_id.distinct())).where(Letter.inquiry_id == inquiry_id)
    return session.scalar(query) or 0


def _template_blocks(
    session: Session, letter_id: str, row: LetterTemplate, inquiry_id: str
) -> list[LetterBlock]:
    form = form_of(row)
    slots = arranged(form, conditions(session, inquiry_id))
    return [
        LetterBlock(
            id=uuid7(),
            letter_id=letter_id,
            rank=rank,
            kind=slot.block_kind.value,
            text=slot.text,
            origins=origins_json((form.origin(slot),)),
        )
        for rank, slot in zip(spread(len(slots)), slots, strict=True)
    ]


def _ensure_usable(uow: UnitOfWork, letter_id: str, source: Document) -> None:
    case = load(uow.session, letter_id, now=uow.now(), zone=uow.zone())
    reason = obstacle(source.row, case.whom)
    if reason is not None:
        sentence = f"{source.row.code} {source.row.number} {reason}."
        raise NotAllowedError(f"{sentence} Nothing was inserted.", (sentence,))


def _pieces(source: Document, section_id: str | None, paragraph: int | None) -> Iterator[NewBlock]:
    for section in source.sections:
        if section_id is not None and section.id != section_id:
            continue
        if paragraph is None and section.heading.strip():
            origin = text_origin(source, section, None)
            yield NewBlock(BlockKind.HEADING, heading_markup(section.heading), (origin,))
        for piece in section.paragraphs:
            if paragraph is None or piece.index == paragraph:
                origin = text_origin(source, section, piece.index)
                yield NewBlock(kind_of_text(piece.markup), piece.markup, (origin,))


def text_origin(source: Document, section: Section, paragraph: int | None) -> TextOrigin:
    """Return the origin of one piece of a version."""
    return TextOrigin(
        kind=LABEL if source.row.kind == LABEL else SRD,
        version=source.row.id,
        code=source.row.code,
        number=source.row.number,
        section=section.id,
        heading=section.heading,
        paragraph=paragraph,
        sha256=heading_hash(section.heading) if paragraph is None else section.paragraphs[paragraph].sha256,
    )
