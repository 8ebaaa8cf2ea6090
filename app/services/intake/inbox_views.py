"""Views that a person saved: a filter, an order and columns under a name, on this device only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, RecordNotFoundError
from app.models.ids import uuid7
from app.models.inbox_filter import LONGEST
from app.models.settings import SavedView
from app.services.intake.inbox import Sort, View
from app.services.workspace.unit_of_work import UnitOfWork

PAGE: Final = "inbox"
LONGEST_NAME: Final = 60
MOST_VIEWS: Final = 50


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """What a saved view shows and how: built-in view, filter, order, columns (none: the usual)."""

    view: View
    text: str = ""
    sort: Sort = "due"
    is_descending: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedViewRow:
    """One saved view in the place that its owner gave it."""

    id: str
    name: str
    query: SavedQuery


def saved_views(session: Session) -> tuple[SavedViewRow, ...]:
    """List the saved views of the inbox in their order; one that cannot be read is left out."""
    rows = session.scalars(
        select(SavedView).where(SavedView.page == PAGE).order_by(SavedView.position, SavedView.row)
    )
    read = ((row, _query_of(row.query)) for row in rows)
    return tuple(SavedViewRow(row.id, row.name, query) for row, query in read if query is not None)


def save_view(uow: UnitOfWork, name: str, query: SavedQuery, view_id: str = "") -> str:
    """Keep a view under a name and return its id; with an id it takes the place of that one."""
    with uow:
        tidy = _free_name(uow, name, view_id)
        if len(query.text) > LONGEST:
            raise InputRefusedError(f"The filter is longer than {LONGEST:,} characters. Nothing was saved.")
        if view_id:
            found = _view(uow, view_id)
            found.name, found.query = tidy, _written(query)
        else:
            views = _views(uow)
            if len(views) >= MOST_VIEWS:
                raise InputRefusedError(f"There are {MOST_VIEWS} saved views. Delete one first.")
            position = max((view.position for view in views), default=0) + 1
            found = SavedView(id=uuid7(), page=PAGE, name=tidy, query=_written(query), position=position)
            uow.session.add(found)
        uow.commit()
        return found.id


def rename_view(uow: UnitOfWork, view_id: str, name: str) -> None:
    """Give a saved view another name."""
    with uow:
        _view(uow, view_id).name = _free_name(uow, name, view_id)
        uow.commit()


def reorder_views(uow: UnitOfWork, view_ids: Sequence[str]) -> None:
    """Put the saved views in this order; those not named follow as they were."""
    with uow:
        places = {view_id: at for at, view_id in enumerate(view_ids)}
        views = sorted(_views(uow), key=lambda view: places.get(view.id, len(places)))
        for position, view in enumerate(views, start=1):
            view.position = position
        uow.commit()


def delete_view(uow: UnitOfWork, view_id: str) -> None:
    """Forget a saved view; a missing one is no error. No inquiry is touched."""
    with uow:
        found = uow.session.get(SavedView, view_id)
        if found is not None:
            uow.session.delete(found)
        uow.commit()


def _view(uow: UnitOfWork, view_id: str) -> SavedView:
    found = uow.session.get(SavedView, view_id)
    if found is None:
        raise RecordNotFoundError(view_id)
    return found


def _views(uow: UnitOfWork) -> list[SavedView]:
    query = select(SavedView).where(SavedView.page == PAGE)
    return list(uow.session.scalars(query.order_by(SavedView.position, SavedView.row)))


def _free_name(uow: UnitOfWork, name: str, view_id: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise InputRefusedError("The view has no name yet. Write one.")
    if len(tidy) > LONGEST_NAME:
        raise InputRefusedError(f"A name has at most {LONGEST_NAME} letters. Nothing was saved.")
    if any(view.name.lower() == tidy.lower() and view.id != view_id for view in _views(uow)):
        raise InputRefusedError(f"There is a view called “{tidy}” already. Choose another name.")
    return tidy


def _written(query: SavedQuery) -> str:
    body = {
        "view": query.view,
        "text": query.text,
        "sort": query.sort,
        "descending": query.is_descending,
        "columns": list(query.columns),
    }
    return json.dumps(body, ensure_ascii=False)


def _query_of(written: str) -> SavedQuery | None:
    try:
        body: dict[str, Any] = json.loads(written)
        view, sort, columns = body["view"], body["sort"], body["columns"]
        if view not in get_args(View) or sort not in get_args(Sort) or not isinstance(columns, list):
            return None
        names = tuple(str(name) for name in columns)
        return SavedQuery(view, str(body["text"]), sort, bool(body["descending"]), names)
    except (ValueError, TypeError, KeyError):
        return None
