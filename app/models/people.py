"""The people around an inquiry and those who work on it."""

from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped

from app.models.base import Base, Json, Synced, column, freeze


class PersonFields:
    """What is known of a person outside the company."""

    title: Mapped[str] = column(String(40), default="")
    first_name: Mapped[str] = column(String(120), default="")
    last_name: Mapped[str] = column(String(120), default="")
    role: Mapped[str] = column(String(40), default="")
    credentials: Mapped[str] = column(String(80), default="")
    specialty: Mapped[str] = column(String(120), default="")
    institution: Mapped[str] = column(String(200), default="")
    address: Mapped[str] = column(Text, default="")
    email: Mapped[str] = column(String(254), default="")
    phone: Mapped[str] = column(String(60), default="")
    country: Mapped[str] = column(String(2), default="")
    language: Mapped[str] = column(String(10), default="en")

    @property
    def name(self) -> str:
        """The name as it is written in a list."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)


class Requester(PersonFields, Synced):
    """Who contacted the company."""

    __tablename__ = "requester"
    __table_args__ = (Index("ix_requester_email", text("lower(email)")),)


class Contact(PersonFields, Synced):
    """For whom the answer is; a letter goes to a verified contact only."""

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_email", text("lower(email)")),)


class ContactVerification(Synced):
    """How, by whom and until when a contact's identity was verified."""

    __tablename__ = "contact_verification"

    contact_id: Mapped[str] = column(ForeignKey("contact.id"), index=True)
    method: Mapped[str] = column(String(40))
    evidence: Mapped[str] = column(Text, default="")
    verified_at: Mapped[int] = column(Integer)
    verified_by: Mapped[str] = column(String(36))
    expires_at: Mapped[int | None] = column(Integer)


class User(Synced):
    """A person of the company who works with MI Desk."""

    __tablename__ = "user"

    name: Mapped[str] = column(String(120))
    credentials: Mapped[str] = column(String(80), default="")
    roles: Mapped[Any] = column(Json, default=lambda: freeze([]))


class Device(Base):
    """The signing key of this device; it never leaves the encrypted database."""

    __tablename__ = "device"
    journalled = False

    id: Mapped[str] = column(String(36), primary_key=True)
    short: Mapped[str] = column(String(8))
    private_key: Mapped[bytes] = column()
    public_key: Mapped[bytes] = column()
    made_at: Mapped[int] = column(Integer)
    replaced_by: Mapped[str | None] = column(String(36))
