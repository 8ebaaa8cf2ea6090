"""Find inquiries and people by what somebody types."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.models.inquiry import Inquiry
from app.models.people import Contact, Requester
from app.models.service_clock import ServiceClock, nearest
from app.services.intake.inbox_filter import IS_OPEN
from app.services.intake.service_clocks import clocks_for, has_clock, is_past
from app.services.intake.words import INDEX, match_of, number_in, says
from app.services.safety.queries import RunningClocks, running_clocks
from app.services.work.service_levels import service_levels


@dataclass(frozen=True, slots=True)
class Hit:
    """One inquiry that matches what was typed."""

    inquiry_id: str
    number: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class PersonHit:
    """One person who asked before, as a form would take them over."""

    id: str
    part: str
    name: str
    role: str
    institution: str
    email: str
    country: str


@dataclass(frozen=True, slots=True)
class NearestClocks:
    """The nearest service level, how many are over it, and safety."""

    open_inquiries: int
    overdue: int
    sla_inquiry_id: str
    sla_number: str
    sla_due_at: int | None
    safety: RunningClocks
    sla: ServiceClock | None = None


def find(session: Session, words: str, limit: int = 20) -> tuple[Hit, ...]:
    """Find inquiries by number first, then by their words."""
    typed = number_in(words)
    hits: dict[str, Hit] = {}
    if typed:
        numbers = Inquiry.number.contains(typed, autoescape=True)
        shortest = (func.length(Inquiry.number), Inquiry.number)
        hits.update(_hits(session, select(*_COLUMNS).where(numbers).order_by(*shortest).limit(limit)))
    match = match_of(words)
    if match and len(hits) < limit:
        query = (
            select(*_COLUMNS)
            .join(INDEX, INDEX.c.rowid == Inquiry.row)
            .where(says(match), Inquiry.retired_at.is_(None))
            .order_by(INDEX.c.rank)
            .limit(limit)
        )
        hits = {**hits, **{key: hit for key, hit in _hits(session, query).items() if key not in hits}}
    return tuple(hits.values())[:limit]


def people(session: Session, words: str, limit: int = 20) -> tuple[PersonHit, ...]:
    """Find people by parts of name, e-mail or institution."""
    parts = words.split()[:6]
    if not parts:
        return ()
    found: dict[tuple[str, ...], PersonHit] = {}
    for model in (Contact, Requester):
        query = select(model).where(model.retired_at.is_(None), *(_says(model, word) for word in parts))
        known: list[Contact | Requester] = list(
            session.scalars(query.order_by(model.row.desc()).limit(limit))
        )
        for person in known:
            part = str(model.__tablename__)
            key = (person.name.lower(), person.email.lower(), person.institution.lower())
            hit = PersonHit(
                person.id, part, person.name, person.role, person.institution, person.email, person.country
            )
            found.setdefault(key, hit)
    return tuple(found.values())[:limit]


def nearest_clocks(session: Session, now: int) -> NearestClocks:
    """Return the nearest service level and safety clock, with counts."""
    live = Inquiry.retired_at.is_(None)
    query = select(Inquiry).where(live, has_clock()).order_by(Inquiry.next_due_at, Inquiry.id)
    first = session.scalars(query.limit(1)).first()
    clock = _nearest_of(session, first) if first else None
    overdue = select(func.count()).select_from(Inquiry).where(live, is_past(now))
    opened = select(func.count()).select_from(Inquiry).where(IS_OPEN, live)
    return NearestClocks(
        open_inquiries=session.scalar(opened) or 0,
        overdue=session.scalar(overdue) or 0,
        sla_inquiry_id=first.id if first else "",
        sla_number=first.number if first else "",
        sla_due_at=clock.due_at if clock else None,
        safety=running_clocks(session, now),
        sla=clock,
    )


def _nearest_of(session: Session, inquiry: Inquiry) -> ServiceClock | None:
    levels = service_levels(session, inquiry.received_zone)
    return nearest(clocks_for(session, [inquiry], levels)[inquiry.id])


_COLUMNS = (Inquiry.id, Inquiry.number, Inquiry.title, Inquiry.state)


def _hits(session: Session, query: Any) -> dict[str, Hit]:
    return {row.id: Hit(row.id, row.number, row.title, row.state) for row in session.execute(query)}


def _says(model: type[Contact] | type[Requester], word: str) -> ColumnElement[bool]:
    fields = (model.first_name, model.last_name, model.email, model.institution)
    return or_(*(field.icontains(word, autoescape=True) for field in fields))
