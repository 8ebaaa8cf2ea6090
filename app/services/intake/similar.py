"""Inquiries that may be the same contact once more; a person decides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.models.inquiry import Inquiry, InquiryLink, InquiryQuestion
from app.models.lifecycle_inquiry import InquiryState
from app.models.people import Contact, Requester
from app.models.repeats import Traits, judge, name_key, phone_key, plain, repeat_rules, telling_words
from app.services.intake.words import INDEX, says

_PART = 300
# Long words tell most; with five of them a message that shares two is found.
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """An inquiry that may be the same, how alike it is, and why it looks so."""

    inquiry_id: str
    number: str
    state: str
    received_at: int
    title: str
    reason: str
    reasons: tuple[str, ...] = ()
    score: int = 0


def similar(session: Session, inquiry_id: str) -> tuple[Proposal, ...]:
    """Propose earlier and later inquiries about which nobody has decided yet."""
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is None:
        return ()
    decided = {inquiry.id, inquiry.first_id or "", *_decided(session, inquiry.id)}
    return _propose(session, traits_of(session, [inquiry.id])[inquiry.id], frozenset(decided))


def similar_to(
    session: Session,
    *,
    verbatim: str,
    emails: frozenset[str],
    product_id: str | None,
    received_at: int,
    without: str = "",
    external_id: str | None = None,
    phones: frozenset[str] = frozenset(),
    people: Sequence[tuple[str, str, str]] = (),
    questions: Sequence[str] = (),
) -> tuple[Proposal, ...]:
    """Propose repeats of an inquiry that is not stored yet; `people` are first, last name and institution."""
    traits = Traits(
        received_at=received_at,
        verbatim=verbatim,
        questions=tuple(questions),
        product_id=product_id,
        external_id=external_id,
        emails=frozenset(email.lower() for email in emails if email),
        phones=_filled(phone_key(phone) for phone in phones),
        names=_filled(name_key(*person) for person in people),
        institutions=_filled(plain(person[2]) for person in people),
    )
    return _propose(session, traits, frozenset({without}))


def likeness_reasons(session: Session, inquiry_id: str, other_id: str) -> tuple[str, ...]:
    """Return why two inquiries look alike, as a decision about them keeps it."""
    traits = traits_of(session, [inquiry_id, other_id])
    return judge(traits[inquiry_id], traits[other_id]).reasons


def traits_of(session: Session, inquiry_ids: Sequence[str]) -> dict[str, Traits]:
    """Return what is compared of these inquiries, in three queries a part."""
    found: dict[str, Traits] = {}
    for start in range(0, len(inquiry_ids), _PART):
        part = inquiry_ids[start : start + _PART]
        questions: dict[str, list[str]] = {}
        asked = select(InquiryQuestion.inquiry_id, InquiryQuestion.verbatim).where(
            InquiryQuestion.inquiry_id.in_(part), InquiryQuestion.retired_at.is_(None)
        )
        for inquiry_id, words in session.execute(asked):
            questions.setdefault(inquiry_id, []).append(words)
        people: dict[str, list[_Person]] = {}
        for model, key in ((Requester, Inquiry.requester_id), (Contact, Inquiry.contact_id)):
            query = select(
                Inquiry.id, model.email, model.phone, model.first_name, model.last_name, model.institution
            ).join(model, model.id == key)
            for inquiry_id, *person in session.execute(query.where(Inquiry.id.in_(part))):
                people.setdefault(inquiry_id, []).append(_Person(*person))
        for row in session.execute(select(*_COMPARED).where(Inquiry.id.in_(part))):
            found[row.id] = _traits(
                row.received_at, row.verbatim, questions.get(row.id, ()), row.product_id, row.external_id,
                people.get(row.id, ()),
            )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class _Person:
    email: str
    phone: str
    first_name: str
    last_name: str
    institution: str


_COMPARED = (Inquiry.id, Inquiry.received_at, Inquiry.verbatim, Inquiry.product_id, Inquiry.external_id)


def _traits(
    received_at: int,
    verbatim: str,
    questions: Iterable[str],
    product_id: str | None,
    external_id: str | None,
    people: Sequence[_Person],
) -> Traits:
    return Traits(
        received_at=received_at,
        verbatim=verbatim,
        questions=tuple(questions),
        product_id=product_id,
        external_id=external_id,
        emails=_filled(person.email.lower() for person in people),
        phones=_filled(phone_key(person.phone) for person in people),
        names=_filled(name_key(p.first_name, p.last_name, p.institution) for p in people),
        institutions=_filled(plain(person.institution) for person in people),
    )


def _filled(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key for key in keys if key)


def _decided(session: Session, inquiry_id: str) -> Iterator[str]:
    query = select(InquiryLink.inquiry_id, InquiryLink.other_id).where(
        or_(InquiryLink.inquiry_id == inquiry_id, InquiryLink.other_id == inquiry_id),
        InquiryLink.retired_at.is_(None),
    )
    for row in session.execute(query):
        yield row.other_id if row.inquiry_id == inquiry_id else row.inquiry_id


def _propose(session: Session, traits: Traits, without: frozenset[str]) -> tuple[Proposal, ...]:
    rules = repeat_rules()
    near = _candidates(session, traits) - without
    # The nearest in time first, when a frequent caller has more than can be compared.
    query = select(Inquiry.id).where(
        Inquiry.id.in_(sorted(near)), Inquiry.retired_at.is_(None), Inquiry.state != InquiryState.DUPLICATE
    )
    nearest = func.abs(Inquiry.received_at - traits.received_at)
    ids = list(session.scalars(query.order_by(nearest, Inquiry.id).limit(rules.candidates)))
    others = traits_of(session, ids)
    judged = {key: judge(traits, others[key], rules) for key in ids}
    alike = {key: found for key, found in judged.items() if found.score >= rules.propose_at}
    rows = session.execute(
        select(Inquiry.id, Inquiry.number, Inquiry.state, Inquiry.received_at, Inquiry.title).where(
            Inquiry.id.in_(list(alike))
        )
    )
    found = [
        Proposal(
            row.id, row.number, row.state, row.received_at, row.title,
            _sentence(alike[row.id].reasons), alike[row.id].reasons, alike[row.id].score,
        )
        for row in rows
    ]  # fmt: skip
    found.sort(key=lambda item: (-item.score, -item.received_at, item.inquiry_id))
    return tuple(found[: rules.most])


def _candidates(session: Session, traits: Traits) -> set[str]:
    rules = repeat_rules()
    near = Inquiry.received_at.between(
        traits.received_at - rules.window_ms, traits.received_at + rules.window_ms
    )
    found: set[str] = set()
    if traits.external_id:
        found.update(session.scalars(select(Inquiry.id).where(Inquiry.external_id == traits.external_id)))
    for test in _from_addresses(traits.emails):
        newest = select(Inquiry.id).where(near, test).order_by(Inquiry.received_at.desc())
        found.update(session.scalars(newest.limit(4 * rules.candidates)))
    found.update(_same_person(session, traits, near))
    found.update(_same_words(session, traits, near))
    return found


def _from_addresses(emails: frozenset[str]) -> tuple[ColumnElement[bool], ...]:
    if not emails:
        return ()
    askers = select(Requester.id).where(func.lower(Requester.email).in_(emails))
    contacts = select(Contact.id).where(func.lower(Contact.email).in_(emails))
    return (Inquiry.requester_id.in_(askers), Inquiry.contact_id.in_(contacts))


def _same_person(session: Session, traits: Traits, near: ColumnElement[bool]) -> Iterator[str]:
    """Find the phone number or the name among those who asked about the same product.

    Neither has an index, and without the product they are not alike enough to be proposed.
    """
    if not traits.product_id or not (traits.phones or traits.names):
        return
    houses: dict[str, set[str]] = {}
    for name in traits.names:
        family, _, house = name.split("|")
        houses.setdefault(family, set()).add(house)
    for model, key in ((Requester, Inquiry.requester_id), (Contact, Inquiry.contact_id)):
        ends = [model.phone.endswith(phone[-2:], autoescape=True) for phone in sorted(traits.phones)]
        begins = [model.last_name.startswith(family[0], autoescape=True) for family in sorted(houses)]
        # A letter with an accent, or a sign before it, is folded below and not by SQL.
        odd = [model.last_name.op("GLOB")("[^A-Za-z]*")] if houses else []
        query = (
            select(Inquiry.id, model.phone, model.last_name, model.institution)
            .join(model, model.id == key)
            .where(near, Inquiry.product_id == traits.product_id, or_(*ends, *begins, *odd))
        )
        for inquiry_id, phone, last_name, institution in session.execute(query):
            wanted = houses.get(plain(last_name)) if houses else None
            if (wanted and plain(institution) in wanted) or phone_key(phone) in traits.phones:
                yield inquiry_id


def _same_words(session: Session, traits: Traits, near: ColumnElement[bool]) -> Iterator[str]:
    rules = repeat_rules()
    for text in dict.fromkeys((*traits.questions, traits.verbatim)):
        words = telling_words(text)
        if not words:
            continue
        match = _pairs(words[:_LONGEST])
        # Newest first by row, so that the search stops as soon as it has enough.
        rows = select(INDEX.c.rowid).where(says(match)).order_by(INDEX.c.rowid.desc()).limit(rules.candidates)
        numbers = list(session.scalars(rows))
        yield from session.scalars(select(Inquiry.id).where(near, Inquiry.row.in_(numbers)))


def _pairs(words: Sequence[str]) -> str:
    quoted = [f'"{word[:40]}"' for word in words]
    if len(quoted) < 3:
        return " AND ".join(quoted)
    return " OR ".join(f"({one} AND {other})" for one, other in combinations(quoted, 2))


def _sentence(reasons: Sequence[str]) -> str:
    first, *others = reasons or ("",)
    return ", ".join((first, *(each[:1].lower() + each[1:] for each in others)))
