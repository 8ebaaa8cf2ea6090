"""Standard response documents (SRDs) and FAQs, in immutable versions."""

from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import Json, Synced, column, freeze


class StandardResponse(Synced):
    """One document through all its versions; `code` is its number, such as SRD-0412."""

    __tablename__ = "standard_response"

    code: Mapped[str] = column(String(60), unique=True)
    kind: Mapped[str] = column(String(8), default="srd")
    title: Mapped[str] = column(String(300))
    product_id: Mapped[str | None] = column(ForeignKey("product.id"), index=True)
    topic: Mapped[str] = column(String(80), default="")


class StandardResponseVersion(Synced):
    """One version for one audience, country and language.

    Its text never changes once it has left draft: a trigger of the database
    refuses it too. `variant` is core, regional or country; `parent_id` names the version it varies,
    `deviations` the sections in which it differs and why. None reads as core, False and empty.
    """

    __tablename__ = "standard_response_version"

    response_id: Mapped[str] = column(ForeignKey("standard_response.id"), index=True)
    number: Mapped[str] = column(String(20))
    state: Mapped[str] = column(String(24), default="draft")
    title: Mapped[str] = column(String(300))
    audience: Mapped[str] = column(String(12), default="hcp")
    country: Mapped[str] = column(String(2), default="")
    language: Mapped[str] = column(String(10), default="en")
    effective_from: Mapped[str] = column(String(10), default="")
    review_due: Mapped[str] = column(String(10), default="")
    approved_by: Mapped[str] = column(String(120), default="")
    approved_on: Mapped[str] = column(String(10), default="")
    hold_reason: Mapped[str] = column(Text, default="")
    source_sha256: Mapped[str] = column(String(64), default="")
    references: Mapped[Any] = column(Json, default=lambda: freeze([]))
    variant: Mapped[str | None] = column(String(12))
    parent_id: Mapped[str | None] = column(ForeignKey("standard_response_version.id"), index=True)
    needs_assessment: Mapped[bool | None] = column(Boolean)
    exportable: Mapped[bool | None] = column(Boolean)
    deviations: Mapped[Any | None] = column(Json)
    source: Mapped[str | None] = column(Text)
    under_revision: Mapped[bool | None] = column(Boolean)

    __table_args__ = (
        UniqueConstraint("response_id", "number", "country", "language", "audience", name="uq_srd_version"),
    )


class StandardResponseSection(Synced):
    """One headed section of a version, in the letter markup."""

    __tablename__ = "standard_response_section"

    version_id: Mapped[str] = column(ForeignKey("standard_response_version.id"), index=True)
    position: Mapped[int] = column(Integer)
    heading: Mapped[str] = column(String(300), default="")
    text: Mapped[str] = column(Text)
