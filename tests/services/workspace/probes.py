"""Mapped classes only for tests: relationships, orphans, links, defaults, JSON."""

from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, relationship
from sqlalchemy.schema import CreateTable

from app.models.base import Json, Synced, column, freeze
from app.services.workspace.database import Database
from app.services.workspace.engine import open_door


class ProbeParent(Synced):
    __tablename__ = "probe_parent"

    name: Mapped[str] = column(String, default="unnamed")
    count: Mapped[int | None] = column(Integer)
    flag: Mapped[bool] = column(Boolean, default=False)
    state: Mapped[str] = column(String, default="draft")
    facts: Mapped[Any] = column(Json, default=lambda: freeze([]))
    children: Mapped[list["ProbeChild"]] = relationship(
        cascade="all, delete-orphan", back_populates="parent", lazy="select"
    )


class ProbeChild(Synced):
    __tablename__ = "probe_child"

    parent_id: Mapped[str] = column(ForeignKey("probe_parent.id"))
    text: Mapped[str] = column(String, default="")
    parent: Mapped[ProbeParent] = relationship(back_populates="children")


class ProbeLink(Synced):
    __tablename__ = "probe_link"

    left_id: Mapped[str] = column(ForeignKey("probe_parent.id"))
    right_id: Mapped[str] = column(ForeignKey("probe_parent.id"))


def create_probe_tables(database: Database) -> None:
    with database.writer.connect() as connection, open_door(connection, "test"), connection.begin():
        for model in (ProbeParent, ProbeChild, ProbeLink):
            connection.execute(CreateTable(model.__table__, if_not_exists=True))
