"""The answer: responses, letters, their blocks, and what is frozen of them."""

from typing import Any

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped

from app.models.base import Json, Synced, column, freeze


class Response(Synced):
    """One answer event, spoken or written; it names the questions it answers."""

    __tablename__ = "response"

    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    kind: Mapped[str] = column(String(8))
    text: Mapped[str] = column(Text, default="")
    question_ids: Mapped[Any] = column(Json, default=lambda: freeze([]))
    author_id: Mapped[str] = column(String(36))
    answered_at: Mapped[int | None] = column(Integer)


class Letter(Synced):
    """One version of a letter; an amendment is a new one that names its predecessor."""

    __tablename__ = "letter"

    response_id: Mapped[str] = column(ForeignKey("response.id"), index=True)
    inquiry_id: Mapped[str] = column(ForeignKey("inquiry.id"), index=True)
    reference: Mapped[str] = column(String(40))
    edition: Mapped[int] = column(Integer, default=1)
    amends_id: Mapped[str | None] = column(ForeignKey("letter.id"))
    state: Mapped[str] = column(String(24), default="draft")
    template: Mapped[str] = column(String(60))
    template_version: Mapped[str] = column(String(20))
    author_id: Mapped[str] = column(String(36))
    language: Mapped[str] = column(String(10), default="en")
    letter_date: Mapped[str] = column(String(10), default="")
    released_at: Mapped[int | None] = column(Integer)
    sent_at: Mapped[int | None] = column(Integer)


class LetterBlock(Synced):
    """One block of a letter: its markup, its rank and where the text comes from."""

    __tablename__ = "letter_block"

    letter_id: Mapped[str] = column(ForeignKey("letter.id"), index=True)
    rank: Mapped[str] = column(String(80))
    kind: Mapped[str] = column(String(16))
    text: Mapped[str] = column(Text, default="")
    origins: Mapped[Any] = column(Json, default=lambda: freeze([]))
    question_ids: Mapped[Any] = column(Json, default=lambda: freeze([]))


class Enclosure(Synced):
    """A document that goes with the letter."""

    __tablename__ = "enclosure"

    letter_id: Mapped[str] = column(ForeignKey("letter.id"), index=True)
    position: Mapped[int] = column(Integer)
    kind: Mapped[str] = column(String(20))
    title: Mapped[str] = column(String(300))
    sha256: Mapped[str] = column(String(64), default="")
    pages: Mapped[int | None] = column(Integer)


class Package(Synced):
    """The frozen bytes of a released letter and its manifest; a trigger refuses every change."""

    __tablename__ = "package"

    letter_id: Mapped[str] = column(ForeignKey("letter.id"), index=True)
    sha256: Mapped[str] = column(String(64))
    manifest: Mapped[str] = column(Text)
    document: Mapped[bytes] = column(LargeBinary)
    frozen_at: Mapped[int] = column(Integer)


class Signature(Synced):
    """A person's signature under a package, with name, time and meaning; never changed."""

    __tablename__ = "signature"

    letter_id: Mapped[str] = column(ForeignKey("letter.id"), index=True)
    package_id: Mapped[str | None] = column(ForeignKey("package.id"))
    user_id: Mapped[str] = column(String(36))
    printed_name: Mapped[str] = column(String(200))
    meaning: Mapped[str] = column(String(12))
    signed_at: Mapped[int] = column(Integer)
    zone: Mapped[str] = column(String(64))
    sha256: Mapped[str] = column(String(64))
    device_id: Mapped[str] = column(String(36))
    device_signature: Mapped[str] = column(String(128))


class DeliveryAttempt(Synced):
    """One try to deliver a package."""

    __tablename__ = "delivery_attempt"

    letter_id: Mapped[str] = column(ForeignKey("letter.id"), index=True)
    method: Mapped[str] = column(String(20))
    address: Mapped[str] = column(Text)
    attempted_at: Mapped[int] = column(Integer)
    outcome: Mapped[str] = column(String(12))
    reason: Mapped[str] = column(Text, default="")


class LetterTemplate(Synced):
    """A letter template: its slots and its Word file."""

    __tablename__ = "letter_template"

    code: Mapped[str] = column(String(60), unique=True)
    number: Mapped[str] = column(String(20))
    title: Mapped[str] = column(String(200))
    language: Mapped[str] = column(String(10), default="en")
    slots: Mapped[Any] = column(Json)
    document: Mapped[bytes] = column(LargeBinary)
