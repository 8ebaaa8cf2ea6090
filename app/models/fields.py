"""Fill the merge fields of a letter from its case."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.models.written_dates import written_date

FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class FieldContact:
    """The recipient as the letter names them."""

    title: str = ""
    first_name: str = ""
    last_name: str = ""
    credentials: str = ""
    institution: str = ""
    address_lines: tuple[str, ...] = ()
    country: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class FieldInquiry:
    """What was asked, when, and about which product."""

    number: str = ""
    received_on: dt.date | None = None
    questions: tuple[str, ...] = ()
    product: str = ""


@dataclass(frozen=True, slots=True)
class FieldCompany:
    """The sender, from the letter template."""

    name: str = ""
    address_lines: tuple[str, ...] = ()
    mi_phone: str = ""
    mi_email: str = ""
    safety_line: str = ""


@dataclass(frozen=True, slots=True)
class FieldSource:
    """All that merge fields may draw on; what is empty is unknown."""

    contact: FieldContact = field(default_factory=FieldContact)
    inquiry: FieldInquiry = field(default_factory=FieldInquiry)
    company: FieldCompany = field(default_factory=FieldCompany)
    letter_date: dt.date | None = None
    letter_reference: str = ""
    author_name: str = ""
    author_credentials: str = ""
    label_date: dt.date | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Field:
    """One merge field: its name in the text, its label, and how it is drawn."""

    name: str
    label: str
    description: str
    value: Callable[[FieldSource], str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a field name came to; no value if it is unknown or not yet filled."""

    name: str
    value: str | None
    is_known: bool


def draw(name: str, source: FieldSource) -> Drawn:
    """Draw one field; an unknown name is reported, never raised."""
    found = FIELDS.get(name.strip())
    if found is None:
        return Drawn(name.strip(), None, is_known=False)
    return Drawn(found.name, _clean(found.value(source)) or None, is_known=True)


def draw_text(text: str, source: FieldSource) -> str:
    """Fill the fields of a text; those without a value stay as written."""
    return FIELD.sub(lambda match: _filled(match, source), text)


def unresolved(texts: Iterable[str], source: FieldSource) -> tuple[Drawn, ...]:
    """Return each field of the texts that has no value, once, in order."""
    names = dict.fromkeys(name for text in texts for name in FIELD.findall(text))
    return tuple(drawn for name in names if (drawn := draw(name, source)).value is None)


def _filled(match: re.Match[str], source: FieldSource) -> str:
    value = draw(match.group(1), source).value
    return match.group() if value is None else value


def _clean(value: str) -> str:
    # A value must not open a field of its own, so braces from the case lose their pair.
    lines = (" ".join(line.split()) for line in re.sub(r"\{(?=\{)", "{ ", value).splitlines())
    return "\n".join(line for line in lines if line)


def _contact_name(source: FieldSource) -> str:
    contact = source.contact
    name = " ".join(part for part in (contact.title, contact.first_name, contact.last_name) if part.strip())
    # A title or a degree alone names nobody.
    if not (contact.first_name.strip() or contact.last_name.strip()):
        return ""
    return f"{name}, {contact.credentials.strip()}" if contact.credentials.strip() else name


def _salutation_name(source: FieldSource) -> str:
    contact = source.contact
    if not contact.last_name.strip():
        return ""
    first = contact.title.strip() or contact.first_name.strip()
    return f"{first} {contact.last_name}"


def _contact_block(source: FieldSource) -> str:
    contact = source.contact
    if not contact.address_lines:
        return ""
    return "\n".join((_contact_name(source), contact.institution, *contact.address_lines, contact.country))


def _author(source: FieldSource) -> str:
    if not source.author_name.strip():
        return ""
    return ", ".join(part for part in (source.author_name, source.author_credentials.strip()) if part)


def _questions(source: FieldSource) -> str:
    questions = [question for question in source.inquiry.questions if question.strip()]
    if len(questions) == 1:
        return questions[0]
    return "\n".join(f"{place}. {question}" for place, question in enumerate(questions, start=1))


def _date(day: dt.date | None, source: FieldSource) -> str:
    return "" if day is None else written_date(day, source.language)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


_ALL = (
    Field("contact.title", "Title", "Title of the recipient, as in Dr", lambda s: s.contact.title),
    Field("contact.first_name", "First name", "First name of the recipient", lambda s: s.contact.first_name),
    Field("contact.last_name", "Last name", "Last name of the recipient", lambda s: s.contact.last_name),
    Field("contact.credentials", "Credentials", "Degrees of the recipient", lambda s: s.contact.credentials),
    Field("contact.name", "Full name", "Title, names and credentials of the recipient", _contact_name),
    Field("contact.salutation", "Salutation name", "Title and last name, for the greeting", _salutation_name),
    Field("contact.institution", "Institution", "Where the recipient works", lambda s: s.contact.institution),
    Field("contact.address", "Address", "Address lines", lambda s: _lines(s.contact.address_lines)),
    Field("contact.block", "Address block", "Name, institution, address, country", _contact_block),
    Field("contact.country", "Country", "Country of the recipient", lambda s: s.contact.country),
    Field("contact.email", "E-mail", "E-mail address of the recipient", lambda s: s.contact.email),
    Field("inquiry.number", "Inquiry number", "Number of the inquiry", lambda s: s.inquiry.number),
    Field(
        "inquiry.received_on",
        "Date received",
        "Day the inquiry came in",
        lambda s: _date(s.inquiry.received_on, s),
    ),
    Field("inquiry.questions", "Questions", "The restated questions, numbered if several", _questions),
    Field("product.name", "Product", "Product the inquiry is about", lambda s: s.inquiry.product),
    Field("letter.date", "Letter date", "Date of the letter", lambda s: _date(s.letter_date, s)),
    Field("letter.reference", "Letter reference", "Reference of the letter", lambda s: s.letter_reference),
    Field("author.name", "Author", "Name of the letter's author", lambda s: s.author_name),
    Field(
        "author.credentials", "Author's credentials", "Degrees of the author", lambda s: s.author_credentials
    ),
    Field("author.signature", "Author with credentials", "Name and degrees of the author", _author),
    Field("company.name", "Company", "Name of the company", lambda s: s.company.name),
    Field("company.address", "Company address", "Address lines", lambda s: _lines(s.company.address_lines)),
    Field(
        "company.mi_phone",
        "Company phone",
        "Phone number of Medical Information",
        lambda s: s.company.mi_phone,
    ),
    Field(
        "company.mi_email", "Company e-mail", "E-mail of Medical Information", lambda s: s.company.mi_email
    ),
    Field(
        "company.safety_line",
        "Safety line",
        "Where the contact's country reports adverse events",
        lambda s: s.company.safety_line,
    ),
    Field("label.date", "Label date", "Date of the current label", lambda s: _date(s.label_date, s)),
)

FIELDS: Mapping[str, Field] = MappingProxyType({each.name: each for each in _ALL})
