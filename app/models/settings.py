"""Configuration, which is journalled, and the look of this device, which is not."""

from typing import Any

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped

from app.models.base import Base, Entity, Json, Synced, column


class Configuration(Synced):
    """One configured value, such as the lock time or the company's address."""

    __tablename__ = "configuration"

    key: Mapped[str] = column(String(80), unique=True)
    value: Mapped[Any] = column(Json)


class SavedView(Entity):
    """A named filter of a list, on this device only."""

    __tablename__ = "saved_view"
    journalled = False

    page: Mapped[str] = column(String(24))
    name: Mapped[str] = column(String(80))
    query: Mapped[str] = column(Text)
    position: Mapped[int] = column(Integer, default=0)


class LookSetting(Base):
    """Layout and look of this device: splitters, columns, theme, density."""

    __tablename__ = "look_setting"
    journalled = False

    key: Mapped[str] = column(String(80), primary_key=True)
    value: Mapped[Any] = column(Json)


class DraftText(Base):
    """What was typed and is not yet a journal row."""

    __tablename__ = "draft_text"
    journalled = False

    type: Mapped[str] = column(String(40), primary_key=True)
    entity_id: Mapped[str] = column(String(36), primary_key=True)
    field: Mapped[str] = column(String(40), primary_key=True)
    text: Mapped[str] = column(Text)
    seen_sha256: Mapped[str] = column(String(64))
    saved_at: Mapped[int] = column(Integer)
