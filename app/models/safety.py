"""Adverse events, quality complaints and their hand-off."""

from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped

from app.models.base import Json, Synced, column, freeze


class SafetyRecordFields:
    """What both kinds of safety record carry; Day 0 is `awareness_at` and never pauses."""

    number: Mapped[str] = column(String(32), unique=True)
    state: Mapped[str] = column(String(16), default="suspected")
    awareness_at: Mapped[int] = column(Integer)
    awareness_zone: Mapped[str] = column(String(64))
    due_at: Mapped[int] = column(Integer, index=True)
    description: Mapped[str] = column(Text, default="")
    recorded_by: Mapped[str] = column(String(36))
    handed_off_at: Mapped[int | None] = column(Integer)
    external_number: Mapped[str] = column(String(60), default="")
    facts: Mapped[Any] = column(Json, default=lambda: freeze({}))


class AdverseEventReport(SafetyRecordFields, Synced):
    """A suspected adverse event or special situation; never deleted."""

    __tablename__ = "adverse_event_report"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    special_situations: Mapped[Any] = column(Json, default=lambda: freeze([]))


class ProductQualityComplaint(SafetyRecordFields, Synced):
    """A suspected defect of a product; never deleted."""

    __tablename__ = "product_quality_complaint"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)


class SafetyHandoff(Synced):
    """One transmission of a safety record to its department."""

    __tablename__ = "safety_handoff"

    record_kind: Mapped[str] = column(String(40))
    record_id: Mapped[str] = column(String(36), index=True)
    method: Mapped[str] = column(String(20))
    receiver: Mapped[str] = column(String(200))
    handed_off_at: Mapped[int] = column(Integer)
    handed_off_by: Mapped[str] = column(String(36))
    note: Mapped[str] = column(Text, default="")
    acknowledged_at: Mapped[int | None] = column(Integer)
    external_number: Mapped[str] = column(String(60), default="")
