"""Who asks and for whom the answer is."""

from typing import Literal

from sqlalchemy import select

from app.errors import InputRefusedError, NotAllowedError
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, UnsolicitedAttestation
from app.models.inquiry_forms import PersonForm, check_person, check_person_field, check_text
from app.models.people import Contact, ContactVerification, Requester
from app.models.vocabulary import vocabulary
from app.services.intake.records import open_inquiry, put, record
from app.services.workspace.unit_of_work import UnitOfWork

Part = Literal["requester", "contact"]

_ATTRIBUTES = {"requester": "requester_id", "contact": "contact_id"}

# Who verified whom is void once one of these says something else.
_VERIFIED_FIELDS = frozenset({"title", "first_name", "last_name", "role", "address", "email", "phone"})


def set_person(uow: UnitOfWork, inquiry_id: str, part: Part, form: PersonForm) -> Changes:
    """Enter or replace the requester or the contact of an inquiry."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        if form.is_empty:
            raise InputRefusedError("Nothing is said of this person. Enter a name or an address.")
        values = check_person(form).values()
        known = _person(uow, inquiry, part)
        if known is None:
            known = Requester(id=uuid7()) if part == "requester" else Contact(id=uuid7())
            _fill(uow, known, values)
            put(uow, known)
            setattr(inquiry, _ATTRIBUTES[part], known.id)
        else:
            _fill(uow, known, values)
        if part == "contact":
            inquiry.anonymous_reason = ""
        return uow.commit()


def use_requester_as_contact(uow: UnitOfWork, inquiry_id: str) -> Changes:
    """Say that the answer is for the one who asked."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        requester = _person(uow, inquiry, "requester")
        if requester is None:
            raise NotAllowedError("There is no requester yet. Enter who asked.")
        known = _person(uow, inquiry, "contact")
        contact = known or Contact(id=uuid7())
        _fill(uow, contact, {name: getattr(requester, name) for name in PersonForm().values()})
        if known is None:
            put(uow, contact)
        inquiry.contact_id = contact.id
        inquiry.anonymous_reason = ""
        return uow.commit()


def set_anonymous(uow: UnitOfWork, inquiry_id: str, *, reason: str) -> Changes:
    """Say that the inquiry has no contact, and why."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        text = check_text("reason", reason, 10_000).strip()
        if not text:
            raise NotAllowedError("Say why the inquiry is anonymous. Nothing was changed.")
        inquiry.anonymous_reason = text
        inquiry.contact_id = None
        return uow.commit()


def edit_person(uow: UnitOfWork, inquiry_id: str, part: Part, field: str, value: str) -> Changes:
    """Correct one field of the requester or the contact."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        person = _person(uow, inquiry, part)
        if person is None:
            raise NotAllowedError(f"There is no {part} yet. Enter one first.")
        _fill(uow, person, {field: check_person_field(field, value)})
        return uow.commit()


def verify_contact(
    uow: UnitOfWork, inquiry_id: str, *, method: str, evidence: str, expires_at: int | None = None
) -> Changes:
    """Record how the identity of the contact was verified."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        if inquiry.contact_id is None:
            raise NotAllowedError("There is no contact yet. Enter one first.")
        text = check_text("evidence", evidence, 10_000).strip()
        if not text:
            raise InputRefusedError("The evidence is missing. Say what you saw or whom you called.")
        put(
            uow,
            ContactVerification(
                id=uuid7(),
                contact_id=inquiry.contact_id,
                method=vocabulary().check("verification_method", method),
                evidence=text,
                verified_at=uow.now(),
                verified_by=uow.actor,
                expires_at=expires_at,
            ),
        )
        return uow.commit()


def attest_unsolicited(
    uow: UnitOfWork, inquiry_id: str, *, statement: str, text_version: str, attested_by: str
) -> Changes:
    """Record the statement that nobody prompted this request."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        text = check_text("statement", statement, 10_000).strip()
        name = check_text("name", attested_by, 200).strip()
        if not text or not name:
            raise InputRefusedError("The statement and the name of who made it are both needed.")
        put(
            uow,
            UnsolicitedAttestation(
                id=uuid7(),
                inquiry_id=inquiry.id,
                statement=text,
                text_version=check_text("version", text_version, 20),
                attested_by=name,
                attested_at=uow.now(),
            ),
        )
        inquiry.solicited = "unsolicited"
        return uow.commit()


def _person(uow: UnitOfWork, inquiry: Inquiry, part: Part) -> Requester | Contact | None:
    if part == "requester":
        return record(uow.session, Requester, inquiry.requester_id) if inquiry.requester_id else None
    return record(uow.session, Contact, inquiry.contact_id) if inquiry.contact_id else None


def _fill(uow: UnitOfWork, person: Requester | Contact, values: dict[str, str]) -> None:
    changed = {name for name, value in values.items() if getattr(person, name) != value}
    for name in changed:
        setattr(person, name, values[name])
    if isinstance(person, Contact) and changed & _VERIFIED_FIELDS:
        query = select(ContactVerification).where(
            ContactVerification.contact_id == person.id, ContactVerification.retired_at.is_(None)
        )
        for verification in uow.session.scalars(query):
            verification.retired_at = uow.now()
