"""The journal, and what sync keeps beside the live rows."""

from typing import Any

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped

from app.models.base import Base, Json, column, freeze


class JournalRow(Base):
    """One event of the trail: append-only and chained by hash.

    `fields` maps each field to the commitment SHA-256(salt || canonical
    [old, new]); the values stand in `JournalValue`, so they can be erased
    and the chain still verifies.
    """

    __tablename__ = "journal"
    journalled = False

    n: Mapped[int] = column(Integer, primary_key=True, autoincrement=False)
    group_id: Mapped[str] = column(String(36))
    at: Mapped[int] = column(Integer)
    zone: Mapped[str] = column(String(64))
    actor: Mapped[str] = column(String(36))
    device: Mapped[str] = column(String(36))
    op: Mapped[str] = column(String(12))
    type: Mapped[str] = column(String(40))
    entity_id: Mapped[str] = column(String(36))
    scope: Mapped[str] = column(String(64))
    base: Mapped[Any] = column(Json)
    fields: Mapped[Any] = column(Json)
    schema: Mapped[int] = column(Integer)
    prev_hash: Mapped[str] = column(String(64))
    hash: Mapped[str] = column(String(64))
    acked: Mapped[int | None] = column(Integer)
    result: Mapped[Any] = column(Json, nullable=True)

    __table_args__ = (Index("ix_journal_entity", "entity_id", "n"), Index("ix_journal_at", "at"))


class JournalValue(Base):
    """The old and new value behind one commitment of the journal."""

    __tablename__ = "journal_value"
    journalled = False

    n: Mapped[int] = column(Integer, primary_key=True, autoincrement=False)
    field: Mapped[str] = column(String(60), primary_key=True)
    salt: Mapped[str] = column(String(32))
    old: Mapped[Any] = column(Json, nullable=True)
    new: Mapped[Any] = column(Json, nullable=True)


class History(Base):
    """What another device changed: who, when, why, from what to what."""

    __tablename__ = "history"
    journalled = False

    row: Mapped[int] = column(Integer, primary_key=True)
    type: Mapped[str] = column(String(40))
    entity_id: Mapped[str] = column(String(36), index=True)
    scope: Mapped[str] = column(String(64))
    seq: Mapped[int] = column(Integer)
    op: Mapped[str] = column(String(12))
    actor: Mapped[str] = column(String(36))
    device: Mapped[str] = column(String(36))
    at: Mapped[int] = column(Integer)
    reason: Mapped[str] = column(Text, default="")
    fields: Mapped[Any] = column(Json, default=lambda: freeze({}))


class SyncBase(Base):
    """The server's state beneath a row that has pending edits."""

    __tablename__ = "base"
    journalled = False

    type: Mapped[str] = column(String(40), primary_key=True)
    entity_id: Mapped[str] = column(String(36), primary_key=True)
    version: Mapped[int] = column(Integer)
    body: Mapped[Any] = column(Json)


class Conflict(Base):
    """A value that lost to another and waits for a person."""

    __tablename__ = "conflict"
    journalled = False

    row: Mapped[int] = column(Integer, primary_key=True)
    type: Mapped[str] = column(String(40))
    entity_id: Mapped[str] = column(String(36), index=True)
    field: Mapped[str] = column(String(60))
    server: Mapped[Any] = column(Json, nullable=True)
    mine: Mapped[Any] = column(Json, nullable=True)
    by: Mapped[Any] = column(Json)
    found_at: Mapped[int] = column(Integer)
    settled_at: Mapped[int | None] = column(Integer)


class Cursor(Base):
    """How far this device has read each scope of the server."""

    __tablename__ = "cursor"
    journalled = False

    scope: Mapped[str] = column(String(64), primary_key=True)
    seq: Mapped[int] = column(Integer, default=0)
    checksum: Mapped[str] = column(String(16), default="0")
