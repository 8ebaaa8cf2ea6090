"""Labels of the medicines: USPI, SmPC and patient leaflets, in dated versions."""

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.models.base import Synced, column


class Label(Synced):
    """One label through all its versions; `set_id` is what its authority calls it."""

    __tablename__ = "label"

    set_id: Mapped[str] = column(String(80), unique=True)
    kind: Mapped[str] = column(String(12))
    title: Mapped[str] = column(String(300))
    product_id: Mapped[str | None] = column(ForeignKey("product.id"), index=True)
    region: Mapped[str] = column(String(2), default="")
    language: Mapped[str] = column(String(10), default="en")


class LabelVersion(Synced):
    """One dated text of a label; its sections never change."""

    __tablename__ = "label_version"

    label_id: Mapped[str] = column(ForeignKey("label.id"), index=True)
    number: Mapped[str] = column(String(20))
    effective_from: Mapped[str] = column(String(10), default="")
    source: Mapped[str] = column(String(40), default="")
    source_sha256: Mapped[str] = column(String(64), default="")

    __table_args__ = (UniqueConstraint("label_id", "number", "source_sha256", name="uq_label_version"),)


class LabelSection(Synced):
    """One headed section in the letter markup; `code` is its LOINC code, `depth` 1 the top."""

    __tablename__ = "label_section"

    version_id: Mapped[str] = column(ForeignKey("label_version.id"), index=True)
    position: Mapped[int] = column(Integer)
    depth: Mapped[int] = column(Integer, default=1)
    code: Mapped[str] = column(String(12), default="")
    heading: Mapped[str] = column(String(300), default="")
    text: Mapped[str] = column(Text)
