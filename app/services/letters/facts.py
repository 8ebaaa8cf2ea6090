"""What the lifecycle of a letter looks at."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.audit import History, JournalRow
from app.models.canonical import sha256_hex
from app.models.checks.findings import Finding, Severity
from app.models.checks.snapshot import BlockState
from app.models.letter import LetterBlock
from app.models.letter_blocks import text_hash
from app.models.lifecycle import Actor, Position, blockers
from app.models.lifecycle_inquiry import InquiryState
from app.models.lifecycle_letter import LETTER, LetterFacts
from app.models.manifest import verify_manifest
from app.models.settings import DraftText
from app.services.letters.loading import BLOCK_TYPE, LetterCase
from app.services.letters.snapshots import frozen_person, person_of

IN_PROGRESS = frozenset(
    {InquiryState.IN_PROGRESS, InquiryState.AWAITING_REQUESTER, InquiryState.AWAITING_INTERNAL}
)
PATIENT = "patient"


def facts_of(
    session: Session, case: LetterCase, findings: Sequence[Finding] = (), **said: Any
) -> LetterFacts:
    """Gather the facts of a letter; what is said now comes on top."""
    states = [block.state for block in case.blocks]
    facts: dict[str, Any] = {
        "inquiry_in_progress": case.inquiry.state in IN_PROGRESS,
        "blocking_findings": sum(finding.severity is Severity.BLOCK for finding in findings),
        "forked_blocks": len(case.forked),
        "authors": authors_of(session, case),
        "unusable_versions": unusable_versions(case),
        "free_blocks": states.count(BlockState.FREE),
        "changed_blocks": states.count(BlockState.CHANGED),
        "off_label": case.is_off_label,
        "patient_facing": case.audience == PATIENT,
        "for_opinion_leader": case.is_for_opinion_leader,
        "media_or_legal": case.is_media_or_legal,
        "contact_verified": case.is_verified,
        "recipient_equals_contact": equals_contact(case),
        "safety_decided": is_safety_decided(case),
        "hash_unchanged": is_unchanged(case),
    }
    return LetterFacts(**(facts | said))


def step_blockers(case: LetterCase, step: str, facts: LetterFacts, actor: Actor) -> tuple[str, ...]:
    """List what keeps a draft from a step: its lifecycle, and typed text that waits."""
    found = blockers(LETTER, Position(case.letter.state), step, facts, actor)
    if any(draft.seen_sha256 != text_hash(text) for draft, text in _drafts(case)):
        return (*found, "A block has typed text that waits because the block changed. Take it or drop it.")
    return found


def _drafts(case: LetterCase) -> list[tuple[DraftText, str]]:
    texts = {block.id: block.text for block in case.blocks}
    return [(draft, texts[block_id]) for block_id, draft in case.drafts.items()]


def authors_of(session: Session, case: LetterCase) -> frozenset[str]:
    """Return everybody who wrote in this version, here or on another device."""
    blocks = select(LetterBlock.id).where(LetterBlock.letter_id == case.letter.id)
    here = select(JournalRow.actor).where(JournalRow.type == BLOCK_TYPE, JournalRow.entity_id.in_(blocks))
    elsewhere = select(History.actor).where(History.type == BLOCK_TYPE, History.entity_id.in_(blocks))
    return frozenset(session.scalars(here.union(elsewhere))) | {case.letter.author_id}


def unusable_versions(case: LetterCase) -> tuple[str, ...]:
    """Name each version that may not go to this contact today."""
    return tuple(
        f"{version.row.code} {version.row.number}"
        for version in case.versions.values()
        if version.obstacle(case.whom) is not None
    )


def equals_contact(case: LetterCase) -> bool:
    """Tell whether the frozen recipient is still the contact, word for word."""
    if case.contact is None or case.frozen is None:
        return False
    return frozen_person(case.frozen["fields"]) == person_of(case.contact)


def is_safety_decided(case: LetterCase) -> bool:
    """Tell whether a person answered every safety question of the inquiry."""
    inquiry = case.inquiry
    return None not in (inquiry.adverse_event, inquiry.special_situation, inquiry.quality_complaint)


def is_unchanged(case: LetterCase) -> bool:
    """Recompute the hash of the frozen bytes and compare it with what was signed."""
    package = case.package
    if package is None or not case.signatures:
        return False
    own = sha256_hex(package.document)
    signed = {signature.sha256 for signature in case.signatures if signature.package_id == package.id}
    return signed == {own} == {package.sha256} and not verify_manifest(package.document, package.manifest)
