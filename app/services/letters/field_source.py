"""What the merge fields of a letter draw on, out of its case."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.models.countries import country_name
from app.models.fields import FieldCompany, FieldContact, FieldInquiry, FieldSource
from app.models.inquiry import Inquiry
from app.models.letter import Letter
from app.models.people import Contact, User
from app.models.product import Product
from app.services.workspace.clock import in_zone

_ANY_COUNTRY = "*"


def field_source(
    *,
    letter: Letter,
    inquiry: Inquiry,
    contact: Contact | None,
    product: Product | None,
    author: User | None,
    company: Mapping[str, Any],
    questions: tuple[str, ...],
) -> FieldSource:
    """Gather what the fields of one letter draw on."""
    country = (contact.country if contact else "") or inquiry.country
    return FieldSource(
        contact=_contact(contact),
        inquiry=FieldInquiry(
            number=inquiry.number,
            received_on=in_zone(inquiry.received_at, inquiry.received_zone).date(),
            questions=questions,
            product=product.name if product else "",
        ),
        company=_company(company, country),
        letter_date=date.fromisoformat(letter.letter_date) if letter.letter_date else None,
        letter_reference=letter.reference,
        author_name=author.name if author else "",
        author_credentials=author.credentials if author else "",
        language=_language(letter.language, country),
    )


def safety_line(company: Mapping[str, Any], country: str) -> str:
    """Return where a country reports adverse events; unlisted ones share a line."""
    lines = {line.get("country", ""): line.get("text", "") for line in company.get("safety_lines", ())}
    return str(lines.get(country) or lines.get(_ANY_COUNTRY) or "")


def _contact(contact: Contact | None) -> FieldContact:
    if contact is None:
        return FieldContact()
    return FieldContact(
        title=contact.title,
        first_name=contact.first_name,
        last_name=contact.last_name,
        credentials=contact.credentials,
        institution=contact.institution,
        address_lines=_lines(contact.address.splitlines()),
        country=country_name(contact.country) if contact.country else "",
        email=contact.email,
    )


def _company(company: Mapping[str, Any], country: str) -> FieldCompany:
    name = str(company.get("name", ""))
    address = _lines(company.get("address", ()))
    return FieldCompany(
        name=name,
        # An address that begins with the company's name would name it twice.
        address_lines=address[1:] if address[:1] == (name,) else address,
        mi_phone=str(company.get("mi_phone", "")),
        mi_email=str(company.get("mi_email", "")),
        safety_line=safety_line(company, country),
    )


def _lines(lines: Sequence[Any]) -> tuple[str, ...]:
    return tuple(text for line in lines if (text := str(line).strip()))


def _language(language: str, country: str) -> str:
    return language if "-" in language or not country else f"{language}-{country}"
