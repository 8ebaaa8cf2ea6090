"""Documents as they come in from a file, before they are records."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SectionForm:
    """One headed section in the letter markup."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """One version of a standard response document or FAQ; dates are ISO days or empty."""

    code: str
    kind: str
    title: str
    sections: tuple[SectionForm, ...]
    product: str = ""
    topic: str = ""
    audience: str = "hcp"
    country: str = ""
    language: str = "en"
    number: str = "1.0"
    effective_from: str = ""
    review_due: str = ""
    references: tuple[dict[str, Any], ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval given elsewhere: by whom and on which day."""

    approved_by: str
    approved_on: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """One input that was not taken in, and why."""

    where: str
    reason: str
