"""The company's medicines."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from app.models.base import Json, Synced, column, freeze


class Product(Synced):
    """One medicine: its name, active substance, forms and the words people use for it."""

    __tablename__ = "product"

    name: Mapped[str] = column(String(160), unique=True)
    substance: Mapped[str] = column(String(160), default="")
    atc: Mapped[str] = column(String(10), default="")
    forms: Mapped[Any] = column(Json, default=lambda: freeze([]))
    strengths: Mapped[Any] = column(Json, default=lambda: freeze([]))
    aliases: Mapped[Any] = column(Json, default=lambda: freeze([]))
    label_set_id: Mapped[str] = column(String(64), default="")
