"""Inquiries that may be the same contact once more; a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.models.inquiry import Inquiry
from app.models.people import Contact, Requester

WINDOW_MS = 30 * 86_400_000
_MOST = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """An inquiry that may be the same, and why it looks so."""

    inquiry_id: str
    number: str
    state: str
    received_at: int
    title: str
    reason: str


def similar(session: Session, inquiry_id: str) -> tuple[Proposal, ...]:
    """Propose earlier and later inquiries that may be a repeat."""
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is None:
        return ()
    addresses = _addresses(session, inquiry)
    return similar_to(
        session,
        verbatim=inquiry.verbatim,
        emails=addresses,
        product_id=inquiry.product_id,
        received_at=inquiry.received_at,
        without=inquiry.id,
    )


def similar_to(
    session: Session,
    *,
    verbatim: str,
    emails: frozenset[str],
    product_id: str | None,
    received_at: int,
    without: str = "",
    external_id: str | None = None,
) -> tuple[Proposal, ...]:
    """Propose repeats of an inquiry that is not stored yet."""
    near = Inquiry.received_at.between(received_at - WINDOW_MS, received_at + WINDOW_MS)
    found: dict[str, Proposal] = {}
    if external_id:
        found.update(_proposals(session, without, Inquiry.external_id == external_id, "Same message or row"))
    if emails and product_id:
        same = Inquiry.product_id == product_id
        for test in _from_addresses(emails):
            reason = "Same requester and product within 30 days"
            found.update(_proposals(session, without, near & same & test, reason, found))
    if verbatim.strip():
        reason = "Same words within 30 days"
        found.update(_proposals(session, without, near & (Inquiry.verbatim == verbatim), reason, found))
    return tuple(sorted(found.values(), key=lambda item: (-item.received_at, item.inquiry_id)))


def _proposals(
    session: Session,
    without: str,
    test: ColumnElement[bool],
    reason: str,
    known: dict[str, Proposal] | None = None,
) -> Iterator[tuple[str, Proposal]]:
    query = (
        select(Inquiry.id, Inquiry.number, Inquiry.state, Inquiry.received_at, Inquiry.title)
        .where(test, Inquiry.id != without, Inquiry.retired_at.is_(None))
        .order_by(Inquiry.received_at.desc(), Inquiry.id)
        .limit(_MOST)
    )
    rows = [row for row in session.execute(query) if row.id not in (known or {})]
    return ((r.id, Proposal(r.id, r.number, r.state, r.received_at, r.title, reason)) for r in rows)


def _from_addresses(emails: frozenset[str]) -> tuple[ColumnElement[bool], ...]:
    askers = select(Requester.id).where(func.lower(Requester.email).in_(emails))
    contacts = select(Contact.id).where(func.lower(Contact.email).in_(emails))
    return (Inquiry.requester_id.in_(askers), Inquiry.contact_id.in_(contacts))


def _addresses(session: Session, inquiry: Inquiry) -> frozenset[str]:
    asker = select(Requester.email).where(Requester.id == inquiry.requester_id)
    contact = select(Contact.email).where(Contact.id == inquiry.contact_id)
    found = [*session.scalars(asker), *session.scalars(contact)]
    return frozenset(address.lower() for address in found if address)
