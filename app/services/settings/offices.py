"""Enter, change and retire the offices that answer; open inquiries follow in the same unit of work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.ids import uuid7
from app.models.inquiry import IS_OPEN, Inquiry
from app.models.office import Office
from app.models.office_hours import OfficeForm, check_office, fields_of, form_of, hours_of, shipped_office
from app.services.intake.due import set_due_times
from app.services.settings.configuring import configuring
from app.services.work.queries import office_zone
from app.services.work.service_levels import service_levels
from app.services.workspace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SavedOffice:
    """The office that was saved, and how many open inquiries it reckoned again."""

    changes: Changes
    office_id: str
    reckoned: int


@dataclass(frozen=True, slots=True)
class OfficeView:
    """One office as its form shows it; without an id it is the one that ships."""

    id: str | None
    form: OfficeForm
    open_inquiries: int


def save_office(
    uow: UnitOfWork, form: OfficeForm, *, reason: str, office_id: str | None = None
) -> SavedOffice:
    """Add an office, or change one and reckon its open inquiries again.

    An inquiry keeps the office that it was given at intake; a new office answers for what comes from now on.
    """
    with uow:
        configuring(uow, reason)
        tidy = check_office(form)
        office = _live(uow.session, office_id) if office_id else Office(id=uuid7())
        _refuse_clash(uow.session, office.id, tidy)
        was_default = bool(office.is_default)
        if was_default and not tidy.is_default:
            raise NotAllowedError(f"{office.name} is the default. Make another office the default instead.")
        _fill(office, tidy)
        uow.session.add(office)
        if tidy.is_default and not was_default:
            _only_default(uow.session, office.id)
        uow.session.flush()
        touched = _open_of(uow.session, office.id, with_default=office.is_default)
        reckoned = _reckon(uow, touched)
        return SavedOffice(uow.commit(), office.id, reckoned)


def retire_office(uow: UnitOfWork, office_id: str, *, reason: str) -> SavedOffice:
    """Close an office; its open inquiries go to the one that answers for their country."""
    with uow:
        configuring(uow, reason)
        office = _live(uow.session, office_id)
        if office.is_default:
            raise NotAllowedError(f"{office.name} is the default. Make another office the default first.")
        office.retired_at = uow.now()
        uow.session.flush()
        touched = _open_of(uow.session, office.id, with_default=False)
        levels = service_levels(uow.session, uow.zone())
        for inquiry in touched:
            inquiry.office_id = levels.responsible(inquiry.country)
        reckoned = _reckon(uow, touched)
        return SavedOffice(uow.commit(), office.id, reckoned)


def offices(session: Session, zone: str) -> tuple[OfficeView, ...]:
    """List the offices by name, the default first; without any, the one that ships."""
    counts: dict[str | None, int] = {}
    query = select(Inquiry.office_id, func.count()).where(text(IS_OPEN), Inquiry.retired_at.is_(None))
    for office_id, count in session.execute(query.group_by(Inquiry.office_id)):
        counts[office_id] = count
    rows = session.scalars(
        select(Office).where(Office.retired_at.is_(None)).order_by(Office.is_default.desc(), Office.name)
    ).all()
    found = tuple(OfficeView(row.id, _form(row), _answers(row, counts)) for row in rows)
    if any(row.is_default for row in rows):
        return found
    return (OfficeView(None, _shipped_form(office_zone(session, zone)), counts.get(None, 0)), *found)


def _live(session: Session, office_id: str) -> Office:
    office = session.get(Office, office_id)
    if office is None or office.retired_at is not None:
        raise RecordNotFoundError(office_id)
    return office


def _refuse_clash(session: Session, office_id: str, form: OfficeForm) -> None:
    for other in session.scalars(select(Office).where(Office.id != office_id)):
        if other.name.casefold() == form.name.casefold():
            was = "was" if other.retired_at is not None else "is"
            raise InputRefusedError(f"There {was} an office called {other.name}. Choose another name.")
        shared = [code for code in form.countries if code in other.countries and other.retired_at is None]
        if shared:
            raise InputRefusedError(
                f"{other.name} answers for {shared[0]}. Take the country off that office first."
            )


def _fill(office: Office, form: OfficeForm) -> None:
    office.name, office.zone, office.is_default = form.name, form.zone, form.is_default
    office.countries = freeze(list(form.countries))
    office.calendar = freeze(fields_of(form))


def _only_default(session: Session, office_id: str) -> None:
    for other in session.scalars(select(Office).where(Office.is_default, Office.id != office_id)):
        other.is_default = False


def _open_of(session: Session, office_id: str, *, with_default: bool) -> Sequence[Inquiry]:
    answers = Inquiry.office_id == office_id
    if with_default:
        answers = answers | Inquiry.office_id.is_(None)
    query = select(Inquiry).where(text(IS_OPEN), Inquiry.retired_at.is_(None), answers)
    return session.scalars(query).all()


def _reckon(uow: UnitOfWork, inquiries: Iterable[Inquiry]) -> int:
    uow.session.flush()
    levels, count = service_levels(uow.session, uow.zone()), 0
    for inquiry in inquiries:
        set_due_times(uow, inquiry, levels=levels)
        count += 1
    return count


def _form(row: Office) -> OfficeForm:
    return form_of(row.name, row.zone, row.countries, row.calendar, is_default=row.is_default)


def _answers(row: Office, counts: Mapping[str | None, int]) -> int:
    return counts.get(row.id, 0) + (counts.get(None, 0) if row.is_default else 0)


def _shipped_form(zone: str) -> OfficeForm:
    shipped = shipped_office()
    return form_of(shipped.name, zone, (), hours_of(shipped.calendar), is_default=True)
