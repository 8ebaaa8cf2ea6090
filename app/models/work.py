"""Whatever else somebody owes: work items with an owner and a due time."""

from typing import Any

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped

from app.models.base import Json, Synced, column, freeze


class WorkItem(Synced):
    """One owed piece of work; `linked` names the records it is about."""

    __tablename__ = "work_item"

    kind: Mapped[str] = column(String(40))
    title: Mapped[str] = column(Text)
    owner_id: Mapped[str | None] = column(String(36))
    due_at: Mapped[int | None] = column(Integer)
    done_at: Mapped[int | None] = column(Integer)
    linked: Mapped[Any] = column(Json, default=lambda: freeze([]))
