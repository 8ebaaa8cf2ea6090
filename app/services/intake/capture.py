"""Take an inquiry: everything said in one go, or only the words."""

from dataclasses import dataclass
from typing import Any

from app.errors import InputRefusedError, RecordNotFoundError
from app.models.base import Synced, freeze
from app.models.business_time import zone_named
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryQuestion, Note
from app.models.inquiry_forms import InquiryForm, PersonForm, QuestionForm, check_person, check_text, title_of
from app.models.lifecycle import NOTHING, Position
from app.models.lifecycle import apply as take_step
from app.models.lifecycle_inquiry import INQUIRY, InquiryFacts
from app.models.numbering import Series
from app.models.people import Contact, Requester
from app.models.product import Product
from app.models.topics import taxonomy
from app.models.vocabulary import check_country, check_language, vocabulary
from app.services.intake.due import begin_clocks
from app.services.intake.records import put, set_extra
from app.services.work.queries import actor_of, next_number
from app.services.workspace.unit_of_work import UnitOfWork

MAX_TAG = 40


@dataclass(frozen=True, slots=True)
class Captured:
    """The inquiry that was taken, under its provisional number."""

    changes: Changes
    inquiry_id: str
    number: str


def capture(uow: UnitOfWork, form: InquiryForm) -> Captured:
    """Take an inquiry under the next number of this device."""
    with uow:
        inquiry = take_in(uow, form)
        return Captured(uow.commit(), inquiry.id, inquiry.number)


def take_in(uow: UnitOfWork, form: InquiryForm) -> Inquiry:
    """Take an inquiry inside an open unit of work."""
    facts = InquiryFacts(
        channel=form.channel,
        received_ms=form.received_at if form.received_at is not None else uow.now(),
        verbatim=form.verbatim or " ".join(question.verbatim for question in form.questions),
        note=form.note,
    )
    take_step(INQUIRY, Position(NOTHING), "take", facts, actor_of(uow.session, uow.actor))
    people = _people(form)
    put(uow, *people.values())
    inquiry = _inquiry(uow, form, {role: person.id for role, person in people.items()})
    put(uow, inquiry)
    put(uow, *_parts(uow, form, inquiry))
    return inquiry


def check_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return tags without white space around them and without repeats."""
    tidy = (check_text("tag", " ".join(tag.split()), MAX_TAG) for tag in tags)
    return tuple(dict.fromkeys(tag for tag in tidy if tag))


def check_zone(zone: str) -> str:
    """Return the name of a zone, or refuse one that is unknown."""
    zone_named(zone)
    return check_text("zone", zone, 64)


def _people(form: InquiryForm) -> dict[str, Synced]:
    people: dict[str, Synced] = {}
    if form.requester is not None and not form.requester.is_empty:
        people["requester_id"] = Requester(id=uuid7(), **_person(form.requester))
    contact = form.contact or (None if form.asks_for_another else form.requester)
    if contact is not None and not contact.is_empty and not form.anonymous_reason.strip():
        people["contact_id"] = Contact(id=uuid7(), **_person(contact))
    return people


def _person(form: PersonForm) -> dict[str, str]:
    return check_person(form).values()


def _inquiry(uow: UnitOfWork, form: InquiryForm, people: dict[str, str]) -> Inquiry:
    if form.product_id is not None and uow.session.get(Product, form.product_id) is None:
        raise RecordNotFoundError(form.product_id)
    verbatim = check_text("question", form.verbatim or "\n".join(q.verbatim for q in form.questions))
    inquiry = Inquiry(
        id=uuid7(),
        number=next_number(uow.session, uow.device, Series.INQUIRY),
        received_at=uow.now() if form.received_at is None else form.received_at,
        received_zone=check_zone(form.received_zone or uow.zone()),
        title=title_of(check_text("title", form.title, 300) or verbatim or form.note),
        verbatim=verbatim,
        product_id=form.product_id,
        no_product=form.no_product and form.product_id is None,
        external_id=form.external_id,
        tags=freeze(check_tags(form.tags)),
        **_coded(form),
        **people,
    )
    set_extra(inquiry, **dict(form.given))
    begin_clocks(uow, inquiry)
    return inquiry


def _coded(form: InquiryForm) -> dict[str, Any]:
    words = vocabulary()
    return {
        "channel": words.check("channel", form.channel),
        "urgency": words.check("urgency", form.urgency),
        "solicited": words.check("solicited", form.solicited) if form.solicited is not None else None,
        "topic": taxonomy().check(form.topic),
        "country": check_country(form.country or (form.requester.country if form.requester else "")),
        "language": check_language(form.language),
        "referred_by": check_text("name", form.referred_by, 200),
        "anonymous_reason": check_text("reason", form.anonymous_reason, 10_000),
        "source": check_text("source", form.source, 40),
    }


def _parts(uow: UnitOfWork, form: InquiryForm, inquiry: Inquiry) -> list[Synced]:
    parts: list[Synced] = [
        new_question(inquiry.id, position, question)
        for position, question in enumerate(form.questions, start=1)
    ]
    if form.note.strip():
        text = check_text("note", form.note)
        parts.append(
            Note(id=uuid7(), inquiry_id=inquiry.id, text=text, author_id=uow.actor, noted_at=uow.now())
        )
    return parts


def new_question(inquiry_id: str, position: int, form: QuestionForm) -> InquiryQuestion:
    """Return a question of an inquiry, checked and not stored yet."""
    verbatim = check_text("question", form.verbatim)
    if not verbatim.strip():
        raise InputRefusedError("The question is empty. Write down what was asked.")
    return InquiryQuestion(
        id=uuid7(),
        inquiry_id=inquiry_id,
        position=position,
        verbatim=verbatim,
        restated=check_text("restated question", form.restated),
        topic=taxonomy().check(form.topic),
    )
