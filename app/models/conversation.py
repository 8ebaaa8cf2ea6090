"""How an inquiry came in and went on: calls, messages and what was attached."""

from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped

from app.models.base import Json, Synced, column, freeze


class PhoneCall(Synced):
    """One call with its times; it has no inquiry until the specialist keeps it as one."""

    __tablename__ = "phone_call"

    inquiry_id: Mapped[str | None] = column(ForeignKey("inquiry.id"), index=True)
    direction: Mapped[str] = column(String(8), default="in")
    caller: Mapped[str] = column(String(200), default="")
    phone: Mapped[str] = column(String(60), default="")
    started_at: Mapped[int] = column(Integer, index=True)
    zone: Mapped[str] = column(String(64))
    ended_at: Mapped[int | None] = column(Integer)
    outcome: Mapped[str] = column(String(20), default="")
    notes: Mapped[str] = column(Text, default="")
    taken_by: Mapped[str] = column(String(36))


class Message(Synced):
    """One e-mail of an inquiry's thread, as it was written."""

    __tablename__ = "message"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    message_id: Mapped[str | None] = column(String(300))
    in_reply_to: Mapped[str] = column(String(300), default="")
    thread: Mapped[Any] = column(Json, default=lambda: freeze([]))
    direction: Mapped[str] = column(String(8), default="in")
    sender: Mapped[str] = column(String(320), default="")
    recipients: Mapped[Any] = column(Json, default=lambda: freeze([]))
    subject: Mapped[str] = column(String(300), default="")
    body: Mapped[str] = column(Text, default="")
    sent_at: Mapped[int | None] = column(Integer)

    __table_args__ = (
        Index("ux_message_message_id", "message_id", unique=True, sqlite_where=text("message_id NOT NULL")),
    )


class Attachment(Synced):
    """A file kept beside a record; its bytes lie sealed in `blobs/`, found by their hash."""

    __tablename__ = "attachment"

    owner_type: Mapped[str] = column(String(40))
    owner_id: Mapped[str] = column(String(36), index=True)
    name: Mapped[str] = column(String(255))
    media_type: Mapped[str] = column(String(120), default="")
    size: Mapped[int] = column(Integer)
    sha256: Mapped[str] = column(String(64), index=True)
