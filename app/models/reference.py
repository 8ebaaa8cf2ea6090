"""Citation records."""

from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from app.models.base import Json, Synced, column


class Reference(Synced):
    """One citation record; CSL-JSON is its one inner form."""

    __tablename__ = "reference"

    key: Mapped[str] = column(String(80), unique=True)
    title: Mapped[str] = column(String(600), default="")
    year: Mapped[int | None] = column(Integer)
    doi: Mapped[str | None] = column(String(200), index=True)
    pmid: Mapped[str | None] = column(String(16), index=True)
    csl: Mapped[Any] = column(Json)
