"""The inquiry: one contact event with one or more questions."""

from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Json, Synced, column, freeze

IS_OPEN = "state NOT IN ('closed', 'duplicate', 'cancelled', 'transferred')"
_OPEN_OWNER = ("owner_id", "next_due_at", "id", "state", "office_id", "retired_at")


class Inquiry(Synced):
    """One contact event, numbered `MI-YYYY-NNNNNN` once a server knows it.

    `adverse_event`, `special_situation` and `quality_complaint` hold what a
    person answered (yes, no, uncertain) or None while nobody has. `next_due_at` is reckoned by triggers
    alone (view `inquiry_clock`): it is neither journalled nor synced.
    """

    __tablename__ = "inquiry"

    number: Mapped[str] = column(String(32), unique=True)
    state: Mapped[str] = column(String(24), default="new")
    received_at: Mapped[int] = column(Integer)
    received_zone: Mapped[str] = column(String(64))
    channel: Mapped[str] = column(String(24))
    title: Mapped[str] = column(String(300), default="")
    verbatim: Mapped[str] = column(Text, default="")
    requester_id: Mapped[str | None] = column(ForeignKey("requester.id"), index=True)
    contact_id: Mapped[str | None] = column(ForeignKey("contact.id"), index=True)
    anonymous_reason: Mapped[str] = column(Text, default="")
    referred_by: Mapped[str] = column(String(200), default="")
    product_id: Mapped[str | None] = column(ForeignKey("product.id"))
    no_product: Mapped[bool] = column(Boolean, default=False)
    topic: Mapped[str] = column(String(80), default="")
    country: Mapped[str] = column(String(2), default="")
    language: Mapped[str] = column(String(10), default="en")
    solicited: Mapped[str | None] = column(String(12))
    urgency: Mapped[str] = column(String(12), default="routine")
    adverse_event: Mapped[str | None] = column(String(12))
    special_situation: Mapped[str | None] = column(String(12))
    quality_complaint: Mapped[str | None] = column(String(12))
    safety_reason: Mapped[str] = column(Text, default="")
    duplicate_decision: Mapped[str | None] = column(String(12))
    owner_id: Mapped[str | None] = column(ForeignKey("user.id"))
    due_at: Mapped[int | None] = column(Integer)
    acknowledge_by: Mapped[int | None] = column(Integer)
    paused_since: Mapped[int | None] = column(Integer)
    waiting_for: Mapped[str] = column(Text, default="")
    escalated_to: Mapped[str] = column(String(40), default="")
    answered_at: Mapped[int | None] = column(Integer)
    closed_at: Mapped[int | None] = column(Integer)
    closing: Mapped[Any] = column(Json, default=lambda: freeze({}))
    source: Mapped[str] = column(String(40), default="")
    external_id: Mapped[str | None] = column(String(300))
    first_id: Mapped[str | None] = column(ForeignKey("inquiry.id"))
    tags: Mapped[Any] = column(Json, default=lambda: freeze([]))
    office_id: Mapped[str | None] = column(ForeignKey("office.id"))
    next_due_at: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        Index("ux_inquiry_external", "external_id", unique=True, sqlite_where=text("external_id NOT NULL")),
        Index("ix_inquiry_due", "next_due_at", "id"),
        Index("ix_inquiry_received", "received_at", "id"),
        Index("ix_inquiry_state_due", "state", "next_due_at", "id"),
        Index("ix_inquiry_owner_due", "owner_id", "next_due_at", "id"),
        Index("ix_inquiry_product_due", "product_id", "next_due_at", "id"),
        Index("ix_inquiry_urgency_due", "urgency", "next_due_at", "id"),
        Index("ix_inquiry_number_order", text("length(number)"), "number"),
        # The planner takes a partial index only for a query that spells its condition the same way.
        Index("ix_inquiry_open_due", "next_due_at", "id", sqlite_where=text(IS_OPEN)),
        Index("ix_inquiry_open_received", "received_at", "id", sqlite_where=text(IS_OPEN)),
        # Holds all that the counts of the views ask for, so they read no row.
        Index("ix_inquiry_open_owner", *_OPEN_OWNER, sqlite_where=text(IS_OPEN)),
        Index("ix_inquiry_tagged", "next_due_at", "id", "tags", sqlite_where=text("tags <> '[]'")),
        Index("ix_inquiry_retired", "retired_at", sqlite_where=text("retired_at NOT NULL")),
    )


class InquiryQuestion(Synced):
    """One answerable question, as it was asked and as it is understood."""

    __tablename__ = "inquiry_question"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    position: Mapped[int] = column(Integer)
    verbatim: Mapped[str] = column(Text)
    restated: Mapped[str] = column(Text, default="")
    topic: Mapped[str] = column(String(80), default="")
    answered_by: Mapped[str | None] = column(ForeignKey("response.id"))


class UnsolicitedAttestation(Synced):
    """The statement that a request was not prompted by the company."""

    __tablename__ = "unsolicited_attestation"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    statement: Mapped[str] = column(Text)
    text_version: Mapped[str] = column(String(20))
    attested_by: Mapped[str] = column(String(200))
    attested_at: Mapped[int] = column(Integer)


class OffLabelAssessment(Synced):
    """Whether a question lies within the label, and by which label version."""

    __tablename__ = "off_label_assessment"

    question_id: Mapped[str] = column(ForeignKey("inquiry_question.id"), index=True)
    assessment: Mapped[str] = column(String(20))
    label_version: Mapped[str] = column(String(120), default="")
    assessed_by: Mapped[str] = column(String(36))
    assessed_at: Mapped[int] = column(Integer)


class Note(Synced):
    """What a specialist noted, as typed."""

    __tablename__ = "note"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    text: Mapped[str] = column(Text)
    author_id: Mapped[str] = column(String(36))
    noted_at: Mapped[int] = column(Integer)


class Escalation(Synced):
    """A call for help above the front line."""

    __tablename__ = "escalation"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    level: Mapped[int] = column(Integer, default=2)
    target: Mapped[str] = column(String(40))
    reason: Mapped[str] = column(Text)
    escalated_by: Mapped[str] = column(String(36))
    escalated_at: Mapped[int] = column(Integer)
    ended_at: Mapped[int | None] = column(Integer)
    due_at: Mapped[int | None] = column(Integer)


class InquiryLink(Synced):
    """What a person decided about two inquiries that look alike.

    `kind` is follow_up, repeat, duplicate or unrelated; `reasons` are the likenesses the program showed.
    """

    __tablename__ = "inquiry_link"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    other_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    kind: Mapped[str] = column(String(12))
    reasons: Mapped[Any] = column(Json, default=lambda: freeze([]))
    decided_by: Mapped[str] = column(String(36))
    decided_at: Mapped[int] = column(Integer)
