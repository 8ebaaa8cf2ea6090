"""Offices with their working time, and the service levels they promise."""

from typing import Any

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped

from app.models.base import Json, Synced, column, freeze


class Office(Synced):
    """A place that answers: its zone and business calendar (the shape of `sla.json`)."""

    __tablename__ = "office"

    name: Mapped[str] = column(String(120), unique=True)
    zone: Mapped[str] = column(String(64))
    countries: Mapped[Any] = column(Json, default=lambda: freeze([]))
    calendar: Mapped[Any] = column(Json)
    is_default: Mapped[bool] = column(Boolean, default=False)


class SlaPolicyRecord(Synced):
    """The service levels in force from an instant on; the newest that has begun counts."""

    __tablename__ = "sla_policy"

    number: Mapped[str] = column(String(20), unique=True)
    effective_from: Mapped[int] = column(Integer)
    rules: Mapped[Any] = column(Json)
