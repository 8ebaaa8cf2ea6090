"""Add, give away and finish work items."""

from collections.abc import Sequence

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry_forms import check_text
from app.models.people import User
from app.models.vocabulary import vocabulary
from app.models.work import WorkItem
from app.services.work.queries import ensure_may_write
from app.services.workspace.unit_of_work import UnitOfWork

MAX_TITLE = 500


def add(
    uow: UnitOfWork,
    *,
    kind: str,
    title: str,
    due_at: int | None,
    owner_id: str | None = None,
    linked: Sequence[tuple[str, str]] = (),
) -> Changes:
    """Add a work item; its links name type and id of records."""
    with uow:
        ensure_may_write(uow.session, uow.actor)
        _ensure_colleague(uow, owner_id)
        uow.session.add(
            WorkItem(
                id=uuid7(),
                kind=vocabulary().check("work_kind", kind),
                title=_title(title),
                owner_id=owner_id,
                due_at=due_at,
                linked=freeze([{"type": type_, "id": id_} for type_, id_ in linked]),
            )
        )
        return uow.commit()


def give(uow: UnitOfWork, item_id: str, owner_id: str | None) -> Changes:
    """Give an open work item to somebody, or to nobody."""
    with uow:
        item = _open_item(uow, item_id)
        _ensure_colleague(uow, owner_id)
        item.owner_id = owner_id
        return uow.commit()


def set_due(uow: UnitOfWork, item_id: str, due_at: int | None) -> Changes:
    """Say by when an open work item is due."""
    with uow:
        _open_item(uow, item_id).due_at = due_at
        return uow.commit()


def rename(uow: UnitOfWork, item_id: str, title: str) -> Changes:
    """Say in other words what an open work item is."""
    with uow:
        _open_item(uow, item_id).title = _title(title)
        return uow.commit()


def finish(uow: UnitOfWork, item_id: str) -> Changes:
    """Mark a work item as done now."""
    with uow:
        _open_item(uow, item_id).done_at = uow.now()
        return uow.commit()


def resume(uow: UnitOfWork, item_id: str) -> Changes:
    """Open a finished work item again."""
    with uow:
        _item(uow, item_id).done_at = None
        return uow.commit()


def _title(text: str) -> str:
    title = check_text("title", text, MAX_TITLE).strip()
    if not title:
        raise InputRefusedError("The work item has no title. Say what is to be done.")
    return title


def _item(uow: UnitOfWork, item_id: str) -> WorkItem:
    ensure_may_write(uow.session, uow.actor)
    item = uow.session.get(WorkItem, item_id)
    if item is None:
        raise RecordNotFoundError(item_id)
    return item


def _open_item(uow: UnitOfWork, item_id: str) -> WorkItem:
    item = _item(uow, item_id)
    if item.done_at is not None:
        raise NotAllowedError("This work item is done. Open it again first.")
    return item


def _ensure_colleague(uow: UnitOfWork, user_id: str | None) -> None:
    if user_id is not None and uow.session.get(User, user_id) is None:
        raise RecordNotFoundError(user_id)
