"""Documents as they come in from a file, before they are records."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SectionForm:
    """One headed section in the letter markup."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing of a file that the text cannot hold: what it is, and its words."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """How many of something a file held and the text holds now."""

    what: str
    count: int

    @property
    def words(self) -> str:
        """Return the count with its noun, such as "1 table"."""
        if self.count != 1:
            return f"{self.count:,} {self.what}"
        return f"1 {self.what.removesuffix('es' if self.what.endswith('xes') else 's')}"


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
    understood: tuple[Understood, ...] = field(default=(), compare=False)
    listed: tuple[Listed, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class LabelSectionForm:
    """One section of a label; `code` is its LOINC code or empty, `depth` 1 the top."""

    code: str
    depth: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class LabelForm:
    """One version of a label; names, substances and product codes tell which medicine it is of."""

    set_id: str
    kind: str
    title: str
    sections: tuple[LabelSectionForm, ...]
    document_id: str = ""
    number: str = ""
    effective_from: str = ""
    region: str = ""
    language: str = "en"
    source: str = ""
    source_sha256: str = ""
    names: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    where: str = field(default="", compare=False)
    understood: tuple[Understood, ...] = field(default=(), compare=False)
    listed: tuple[Listed, ...] = field(default=(), compare=False)


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
