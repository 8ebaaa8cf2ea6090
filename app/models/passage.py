"""The semantic index: one vector a passage, made in the background, on this device only."""

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from app.models.base import Base, column


class PassageVector(Base):
    """The vector of one passage of a section, and the hash of the text it was made from."""

    __tablename__ = "passage_vector"
    journalled = False

    section_id: Mapped[str] = column(String(36), primary_key=True)
    part: Mapped[int] = column(Integer, primary_key=True)
    model: Mapped[str] = column(String(40), primary_key=True)
    text_sha256: Mapped[str] = column(String(64))
    vector: Mapped[bytes] = column(LargeBinary)
