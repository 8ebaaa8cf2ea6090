"""Freeze a loaded letter for its checks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.canonical import sha256_hex
from app.models.checks.snapshot import (
    Block,
    BlockKind,
    Citation,
    ContactCard,
    LetterSnapshot,
    Origin,
    OriginKind,
    Person,
    Question,
    ReferenceEntry,
    SignatureBlock,
)
from app.models.letter_blocks import MADE
from app.models.letter_drawing import checked_text
from app.models.letter_origins import Origin as StoredOrigin
from app.models.letter_origins import TemplateOrigin
from app.models.letter_references import cited, reference_lines, scopes_of
from app.models.people import Contact, PersonFields
from app.models.product import Product
from app.services.letters.loading import LetterCase, LoadedBlock
from app.services.letters.templates import has_footer
from app.services.workspace.clock import in_zone

Draw = Callable[[LetterCase, LoadedBlock], str]


def snapshot_of(session: Session, case: LetterCase, draw: Draw | None = None) -> LetterSnapshot:
    """Freeze a letter with everything its checks compare it to.

    `draw` returns the text of a block as the checks read it, for somebody who has drawn most of them before.
    """
    letter, draw = case.letter, draw or drawn_for_checks
    return LetterSnapshot(
        today=case.today,
        kind=case.kind,
        number=case.inquiry.number,
        letter_date=date.fromisoformat(letter.letter_date) if letter.letter_date else None,
        reference=letter.reference,
        version_footer=_footer(case),
        language=letter.language,
        blocks=tuple(_block(case, block, draw(case, block)) for block in case.blocks),
        questions=tuple(Question(q.id, q.text, q.answered_elsewhere) for q in case.questions),
        recipient=_recipient(case),
        contact=_card(case),
        other_names=_other_names(session, case),
        product_names=tuple(session.scalars(select(Product.name).where(Product.retired_at.is_(None)))),
        citations=tuple(_citations(case)),
        references=_entries(case),
        off_label=case.is_off_label,
        opinion_leader=case.is_for_opinion_leader,
        media_or_legal=case.is_media_or_legal,
        signature=_signature(case),
        package_hash=sha256_hex(case.package.document) if case.package else "",
        approved_hash=case.signatures[-1].sha256 if case.signatures else "",
    )


def person_of(person: PersonFields | None) -> Person:
    """Return a person as the checks compare one."""
    if person is None:
        return Person()
    return Person(person.name, person.title, _one_line(person.address), person.email)


def frozen_person(fields: Mapping[str, str | None]) -> Person:
    """Return the recipient of a frozen letter, as its fields were filled."""
    names = (fields.get("contact.first_name"), fields.get("contact.last_name"))
    return Person(
        " ".join(name for name in names if name),
        fields.get("contact.title") or "",
        _one_line(fields.get("contact.address") or ""),
        fields.get("contact.email") or "",
    )


def _one_line(address: str) -> str:
    return " ".join(address.split())


def _recipient(case: LetterCase) -> Person:
    return frozen_person(case.frozen["fields"]) if case.frozen else person_of(case.contact)


def _card(case: LetterCase) -> ContactCard:
    contact, found = case.contact, case.verification
    until = in_zone(found.expires_at, "UTC").date() if found and found.expires_at else None
    return ContactCard(
        person=person_of(contact),
        is_verified=found is not None,
        verified_until=until,
        country=case.country,
        audience=case.audience,
        language=contact.language if contact else "",
    )


def _footer(case: LetterCase) -> str:
    template = case.template
    return f"{template.code} {template.number}" if template and has_footer(template) else ""


def _signature(case: LetterCase) -> SignatureBlock:
    author = case.author
    return SignatureBlock(author.name, author.credentials) if author else SignatureBlock()


def _block(case: LetterCase, block: LoadedBlock, drawn: str) -> Block:
    return Block(
        id=block.id,
        kind=block.kind,
        drawn=drawn,
        markup=block.text,
        origins=tuple(_origin(case, origin) for origin in block.origins),
        state=block.state,
        stale=stale_reason(case, block) is not None,
        question_ids=tuple(block.row.question_ids),
    )


def drawn_for_checks(case: LetterCase, block: LoadedBlock) -> str:
    """Return the text of a block as the checks read it."""
    if block.kind is BlockKind.REFERENCES:
        lines = reference_lines(case.numbering, case.references)
        return "\n".join(f"{line.number}. {''.join(run.text for run in line.runs)}" for line in lines)
    return checked_text(block.text, block.origins, case.drawing)


def stale_reason(case: LetterCase, block: LoadedBlock) -> str | None:
    """Say why a source of a block is no longer in force, if one is not."""
    for origin in block.origins:
        if isinstance(origin, TemplateOrigin):
            continue
        version = case.source_of(origin)
        reason = version.why_stale(case.today) if version else "is not in the library"
        if reason:
            return f"{origin.name} {reason}"
    return None


def _origin(case: LetterCase, origin: StoredOrigin) -> Origin:
    if isinstance(origin, TemplateOrigin):
        return Origin(OriginKind.TEMPLATE, origin.template, origin.number)
    version = case.source_of(origin)
    if version is None:
        return Origin(OriginKind(origin.kind), origin.code, origin.number, "not in the library")
    row = version.row
    return Origin(
        kind=OriginKind(origin.kind),
        document=row.code,
        version=row.number,
        status=row.state,
        effective_from=date.fromisoformat(row.effective_from) if row.effective_from else None,
        country=row.country,
        exportable=row.is_exportable,
        audience=row.audience,
        language=row.language,
    )


def _citations(case: LetterCase) -> Sequence[Citation]:
    return [
        Citation(block.id, key.key, case.numbering.number_of(key))
        for block in case.blocks
        if block.kind not in MADE
        for key in cited(block.text, scopes_of(block.origins), case.references)
    ]


def _entries(case: LetterCase) -> tuple[ReferenceEntry, ...]:
    lines = reference_lines(case.numbering, case.references)
    return tuple(ReferenceEntry(line.key.key, line.record) for line in lines)


def _other_names(session: Session, case: LetterCase) -> tuple[str, ...]:
    query = select(Contact.first_name, Contact.last_name).where(
        Contact.retired_at.is_(None), Contact.id != (case.contact.id if case.contact else "")
    )
    names = {" ".join(filter(None, row)) for row in session.execute(query)}
    own = {person.name for person in (case.contact, case.requester) if person}
    return tuple(sorted(names - own - {""}))
