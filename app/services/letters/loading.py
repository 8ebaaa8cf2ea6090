"""Read a letter with its case, in a fixed number of statements."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.audit import Conflict
from app.models.checks.snapshot import BlockKind, BlockState, LetterKind
from app.models.citations import Numbering
from app.models.csl import CslRecord
from app.models.inquiry import Inquiry, InquiryQuestion, OffLabelAssessment
from app.models.letter import (
    Enclosure,
    Letter,
    LetterBlock,
    LetterTemplate,
    Package,
    Response,
    Signature,
)
from app.models.letter_blocks import state_of
from app.models.letter_drawing import Drawing, field_values
from app.models.letter_origins import Origin, TextOrigin, approved, origins_from
from app.models.letter_references import CitedVersion, References, number_letter, written_keys
from app.models.letter_templates import letter_kind
from app.models.people import Contact, ContactVerification, Requester, User
from app.models.product import Product
from app.models.settings import DraftText
from app.models.vocabulary import vocabulary
from app.services.letters.field_source import field_source
from app.services.letters.sources import LoadedVersion, company, local_references, versions
from app.services.library.queries import ForWhom
from app.services.work.queries import office_zone
from app.services.workspace.clock import SystemClock, in_zone

BLOCK_TYPE = "letter_block"
TEXT_FIELD = "text"
VERBAL = "verbal"

_OFF_LABEL = frozenset({"off_label", "unapproved_product"})
_OPINION_LEADER = frozenset({"kol", "opinion leader", "opinion_leader"})
_MEDIA_OR_LEGAL = frozenset({"media", "legal"})
_MEDIA_OR_LEGAL_ROLES = frozenset({"journalist", "attorney"})


@dataclass(frozen=True)
class LoadedBlock:
    """One stored block with its origins read and its state told."""

    row: LetterBlock
    kind: BlockKind
    origins: tuple[Origin, ...]
    state: BlockState

    @property
    def id(self) -> str:
        """The id of the block."""
        return self.row.id

    @property
    def text(self) -> str:
        """The stored markup."""
        return self.row.text


@dataclass(frozen=True)
class LoadedQuestion:
    """One live question, how it was assessed, and whether another answer covers it."""

    id: str
    text: str
    is_off_label: bool
    answered_elsewhere: bool


@dataclass(frozen=True)
class LetterCase:
    """A letter and everything it draws on; live rows, so it stays inside the services."""

    letter: Letter
    inquiry: Inquiry
    contact: Contact | None
    requester: Requester | None
    product: Product | None
    author: User | None
    verification: ContactVerification | None
    company: Mapping[str, Any]
    blocks: tuple[LoadedBlock, ...]
    drafts: Mapping[str, DraftText]
    versions: Mapping[str, LoadedVersion]
    local: Mapping[str, CslRecord]
    questions: tuple[LoadedQuestion, ...]
    enclosures: tuple[Enclosure, ...]
    package: Package | None
    signatures: tuple[Signature, ...]
    forked: frozenset[str]
    template: LetterTemplate | None
    today: date
    now: int

    @cached_property
    def frozen(self) -> Mapping[str, Any] | None:
        """The manifest of the frozen package, once there is one."""
        return json.loads(self.package.manifest) if self.package else None

    @cached_property
    def references(self) -> References:
        """Every reference that the blocks can cite."""
        cited = {
            version.row.id: CitedVersion(
                version.row.id, f"{version.row.code}/{version.row.number}", version.references
            )
            for version in self.versions.values()
        }
        return References(cited, self.local)

    @cached_property
    def numbering(self) -> Numbering:
        """The numbers of the citations."""
        return number_letter(((b.kind, b.text, b.origins) for b in self.blocks), self.references)

    @cached_property
    def live_values(self) -> dict[str, str | None]:
        """The field values as the case stands now."""
        return field_values(
            field_source(
                letter=self.letter,
                inquiry=self.inquiry,
                contact=self.contact,
                product=self.product,
                author=self.author,
                company=self.company,
                questions=tuple(question.text for question in self.questions),
            )
        )

    @cached_property
    def drawing(self) -> Drawing:
        """What drawing a block needs; a released letter keeps the values it was released with."""
        values = self.frozen["fields"] if self.frozen else self.live_values
        return Drawing(values, self.references, self.numbering)

    @property
    def whom(self) -> ForWhom:
        """Whom the texts of the letter must fit."""
        return ForWhom(self.country, self.audience, self.letter.language, self.today)

    @property
    def kind(self) -> LetterKind:
        """What the letter is for, as its template says."""
        return letter_kind(self.template.slots) if self.template else LetterKind.ANSWER

    @property
    def country(self) -> str:
        """The country of the recipient."""
        return (self.contact.country if self.contact else "") or self.inquiry.country

    @property
    def role(self) -> str:
        """The role of who receives the letter."""
        person = self.contact or self.requester
        return person.role if person else ""

    @property
    def audience(self) -> str:
        """For whom the letter is: hcp, patient or other."""
        return vocabulary().audience(self.role)

    @property
    def is_off_label(self) -> bool:
        """Whether any question was assessed as off label."""
        return any(question.is_off_label for question in self.questions)

    @property
    def is_for_opinion_leader(self) -> bool:
        """Whether the inquiry is marked as an opinion leader's."""
        return bool(self._tags & _OPINION_LEADER)

    @property
    def is_media_or_legal(self) -> bool:
        """Whether a journalist or an attorney asks, or the inquiry is marked so."""
        roles = {person.role for person in (self.contact, self.requester) if person}
        return bool(self._tags & _MEDIA_OR_LEGAL or roles & _MEDIA_OR_LEGAL_ROLES)

    @property
    def is_verified(self) -> bool:
        """Whether the identity of the contact is verified now."""
        found = self.verification
        return found is not None and (found.expires_at is None or found.expires_at > self.now)

    @property
    def _tags(self) -> set[str]:
        return {str(tag).casefold() for tag in self.inquiry.tags}

    def source_of(self, origin: TextOrigin) -> LoadedVersion | None:
        """Return the version of an origin, as it stands today."""
        return self.versions.get(origin.version)


def load(
    session: Session,
    letter_id: str,
    *,
    now: int | None = None,
    zone: str = "",
    blocks: tuple[LoadedBlock, ...] | None = None,
) -> LetterCase:
    """Read a letter whole; the time is the system's, and the blocks are the stored ones, unless given."""
    letter, inquiry, response = _heads(session, letter_id)
    clock = SystemClock()
    now = clock.now() if now is None else now
    today = in_zone(now, office_zone(session, zone or clock.zone())).date()
    blocks = load_blocks(session, letter_id) if blocks is None else blocks
    drafts = drafts_of(session, [block.id for block in blocks])
    texts = (*(block.text for block in blocks), *(draft.text for draft in drafts.values()))
    contact = session.get(Contact, inquiry.contact_id) if inquiry.contact_id else None
    return LetterCase(
        letter=letter,
        inquiry=inquiry,
        contact=contact,
        requester=session.get(Requester, inquiry.requester_id) if inquiry.requester_id else None,
        product=session.get(Product, inquiry.product_id) if inquiry.product_id else None,
        author=session.get(User, letter.author_id),
        verification=_verification(session, inquiry.contact_id),
        company=company(session),
        blocks=blocks,
        drafts=drafts,
        versions=versions(session, {o.version for b in blocks for o in approved(b.origins)}),
        local=local_references(session, written_keys(texts)),
        questions=_questions(session, inquiry.id, response.id),
        enclosures=_enclosures(session, letter_id),
        package=_package(session, letter_id),
        signatures=_signatures(session, letter_id),
        forked=_forked(session, [block.id for block in blocks]),
        template=_template(session, letter.template),
        today=today,
        now=now,
    )


def load_blocks(session: Session, letter_id: str) -> tuple[LoadedBlock, ...]:
    """Return the live blocks of a letter in their order."""
    query = select(LetterBlock).where(LetterBlock.letter_id == letter_id, LetterBlock.retired_at.is_(None))
    return tuple(map(loaded, session.scalars(query.order_by(LetterBlock.rank, LetterBlock.id))))


def loaded(row: LetterBlock) -> LoadedBlock:
    """Read the origins of a stored block and tell its state."""
    origins = origins_from(row.origins)
    return LoadedBlock(row, BlockKind(row.kind), origins, state_of(row.kind, row.text, origins))


def drafts_of(session: Session, block_ids: Sequence[str]) -> dict[str, DraftText]:
    """Return what was typed in these blocks and is not yet journalled."""
    query = select(DraftText).where(
        DraftText.type == BLOCK_TYPE, DraftText.field == TEXT_FIELD, DraftText.entity_id.in_(block_ids)
    )
    return {draft.entity_id: draft for draft in session.scalars(query)}


def _heads(session: Session, letter_id: str) -> tuple[Letter, Inquiry, Response]:
    query = (
        select(Letter, Inquiry, Response)
        .join(Inquiry, Inquiry.id == Letter.inquiry_id)
        .join(Response, Response.id == Letter.response_id)
        .where(Letter.id == letter_id, Letter.retired_at.is_(None))
    )
    found = session.execute(query).first()
    if found is None:
        raise RecordNotFoundError(letter_id)
    return found[0], found[1], found[2]


def _verification(session: Session, contact_id: str | None) -> ContactVerification | None:
    if contact_id is None:
        return None
    query = select(ContactVerification).where(
        ContactVerification.contact_id == contact_id, ContactVerification.retired_at.is_(None)
    )
    newest = query.order_by(ContactVerification.verified_at.desc(), ContactVerification.id.desc())
    return session.scalars(newest.limit(1)).first()


def _questions(session: Session, inquiry_id: str, response_id: str) -> tuple[LoadedQuestion, ...]:
    rows = session.scalars(
        select(InquiryQuestion)
        .where(InquiryQuestion.inquiry_id == inquiry_id, InquiryQuestion.retired_at.is_(None))
        .order_by(InquiryQuestion.position, InquiryQuestion.id)
    ).all()
    assessed = dict(
        session.execute(
            select(OffLabelAssessment.question_id, OffLabelAssessment.assessment)
            .where(
                OffLabelAssessment.question_id.in_([row.id for row in rows]),
                OffLabelAssessment.retired_at.is_(None),
            )
            .order_by(OffLabelAssessment.assessed_at, OffLabelAssessment.id)
        ).all()
    )
    spoken = _spoken(session, inquiry_id)
    return tuple(
        LoadedQuestion(
            id=row.id,
            text=row.restated or row.verbatim,
            is_off_label=assessed.get(row.id) in _OFF_LABEL,
            answered_elsewhere=row.answered_by not in (None, response_id) or row.id in spoken,
        )
        for row in rows
    )


def _spoken(session: Session, inquiry_id: str) -> set[str]:
    query = select(Response.question_ids).where(
        Response.inquiry_id == inquiry_id, Response.kind == VERBAL, Response.retired_at.is_(None)
    )
    return {question for ids in session.scalars(query) for question in ids}


def _enclosures(session: Session, letter_id: str) -> tuple[Enclosure, ...]:
    query = select(Enclosure).where(Enclosure.letter_id == letter_id, Enclosure.retired_at.is_(None))
    return tuple(session.scalars(query.order_by(Enclosure.position, Enclosure.id)))


def _package(session: Session, letter_id: str) -> Package | None:
    query = select(Package).where(Package.letter_id == letter_id)
    return session.scalars(query.order_by(Package.frozen_at.desc(), Package.id.desc()).limit(1)).first()


def _signatures(session: Session, letter_id: str) -> tuple[Signature, ...]:
    query = select(Signature).where(Signature.letter_id == letter_id)
    return tuple(session.scalars(query.order_by(Signature.signed_at, Signature.id)))


def _forked(session: Session, block_ids: Sequence[str]) -> frozenset[str]:
    query = select(Conflict.entity_id).where(
        Conflict.type == BLOCK_TYPE, Conflict.entity_id.in_(block_ids), Conflict.settled_at.is_(None)
    )
    return frozenset(session.scalars(query))


def _template(session: Session, code: str) -> LetterTemplate | None:
    return session.scalars(select(LetterTemplate).where(LetterTemplate.code == code)).first()
