"""What somebody owes, who works here, and the next number."""

from dataclasses import dataclass

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from app.models.people import User
from app.models.work import WorkItem
from app.services.work.desk import (
    actor_of,
    device_short,
    ensure_may_write,
    is_enrolled,
    next_number,
    next_serial,
    office_zone,
)

__all__ = [
    "ColleagueView",
    "WorkItemView",
    "actor_of",
    "colleagues",
    "device_short",
    "ensure_may_write",
    "is_enrolled",
    "linked_to",
    "next_number",
    "next_serial",
    "office_zone",
    "open_items",
]


@dataclass(frozen=True, slots=True)
class WorkItemView:
    """One owed piece of work as a list shows it."""

    id: str
    kind: str
    title: str
    owner_id: str | None
    owner: str
    due_at: int | None
    done_at: int | None
    linked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ColleagueView:
    """One person of the company to whom work can be given."""

    id: str
    name: str
    credentials: str
    roles: tuple[str, ...]


def open_items(session: Session, *, owner_id: str | None = None) -> tuple[WorkItemView, ...]:
    """List what is not done yet, the soonest due first."""
    query = select(WorkItem).where(WorkItem.done_at.is_(None), WorkItem.retired_at.is_(None))
    if owner_id is not None:
        query = query.where(WorkItem.owner_id == owner_id)
    items = session.scalars(query.order_by(WorkItem.due_at.is_(None), WorkItem.due_at, WorkItem.id))
    return _views(session, list(items))


def linked_to(session: Session, record_id: str) -> tuple[WorkItemView, ...]:
    """List every work item about one record, done or not."""
    # The ids are UUIDs, so a match in the canonical text of the links is a link.
    query = select(WorkItem).where(
        func.instr(type_coerce(WorkItem.linked, Text), record_id) > 0, WorkItem.retired_at.is_(None)
    )
    return _views(session, list(session.scalars(query.order_by(WorkItem.due_at, WorkItem.id))))


def colleagues(session: Session) -> tuple[ColleagueView, ...]:
    """List the people to whom an inquiry can be assigned."""
    users = session.scalars(select(User).where(User.retired_at.is_(None)).order_by(User.name, User.id))
    return tuple(ColleagueView(u.id, u.name, u.credentials, tuple(u.roles)) for u in users)


def _views(session: Session, items: list[WorkItem]) -> tuple[WorkItemView, ...]:
    owners = {item.owner_id for item in items if item.owner_id}
    names: dict[str, str] = {
        row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(owners)))
    }
    return tuple(
        WorkItemView(
            id=item.id,
            kind=item.kind,
            title=item.title,
            owner_id=item.owner_id,
            owner=names.get(item.owner_id or "", ""),
            due_at=item.due_at,
            done_at=item.done_at,
            linked=tuple((link["type"], link["id"]) for link in item.linked),
        )
        for item in items
    )
