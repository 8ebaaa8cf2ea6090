"""Which clock of an inquiry is the nearest, for a row, a case and the status bar."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from app.models.business_time import end_of_day, instant_of, local_day
from app.models.inquiry import Escalation, Inquiry
from app.models.safety import AdverseEventReport, ProductQualityComplaint
from app.models.service_clock import CalledFor, ServiceClock, ServiceFacts, clocks_of
from app.services.intake.due import TAKEN_UP, start_of
from app.services.intake.records import ACKNOWLEDGED, INTERIM_AT, INTERIM_BY, extra_of
from app.services.safety.queries import is_running
from app.services.work.service_levels import ServiceLevels, service_levels

# Stands for the time where an answer is paused; what owes nothing has a later one.
PAUSED: Final = 1 << 61


@dataclass(frozen=True, slots=True)
class ServiceView:
    """The responsible office of an inquiry and every clock that runs, the nearest first.

    `offices` are those it could go to, as id and name.
    """

    office_id: str | None
    office: str
    zone: str
    clocks: tuple[ServiceClock, ...]
    interim_by: int | None = None
    interim_at: int | None = None
    offices: tuple[tuple[str, str], ...] = ()

    @property
    def nearest(self) -> ServiceClock | None:
        """The clock that the head of the case shows."""
        return next(iter(self.clocks), None)


def service_of(session: Session, inquiry: Inquiry, zone: str) -> ServiceView:
    """Return the office and the clocks of one inquiry."""
    levels = service_levels(session, zone)
    office, extra = levels.office(inquiry.office_id), extra_of(inquiry)
    return ServiceView(
        office.id,
        office.name,
        office.hours.zone,
        clocks_for(session, [inquiry], levels)[inquiry.id],
        extra.get(INTERIM_BY),
        extra.get(INTERIM_AT),
        tuple((each.id, each.name) for each in levels.offices.values() if each.id and not each.is_retired),
    )


def clocks_for(
    session: Session, inquiries: Sequence[Inquiry], levels: ServiceLevels
) -> dict[str, tuple[ServiceClock, ...]]:
    """Return the running clocks of each inquiry, the nearest first."""
    called = _called_for(session, [inquiry.id for inquiry in inquiries if inquiry.escalated_to])
    return {
        inquiry.id: clocks_of(
            _facts(inquiry, called.get(inquiry.id, ())), levels.policy(start_of(inquiry)).soon
        )
        for inquiry in inquiries
    }


def is_past(now: int) -> ColumnElement[bool]:
    """Return the condition that a service level of an inquiry has run out."""
    return now > _NEXT


def is_late(now: int) -> ColumnElement[bool]:
    """Return the condition that a safety clock of an inquiry has run out, whatever became of it."""
    late = (
        select(model.inquiry_id).where(is_running(model), model.due_at < now)
        for model in (AdverseEventReport, ProductQualityComplaint)
    )
    return Inquiry.id.in_(union_all(*late))


def is_over(now: int) -> ColumnElement[bool]:
    """Return the condition that a clock of an inquiry has run out, of service or of safety."""
    return or_(is_past(now), is_late(now))


def is_due_on(days: Mapping[str | None, tuple[int, int]]) -> ColumnElement[bool]:
    """Return the condition that the clock shown runs out on the day of the inquiry's own office.

    The days come by office id; None is the day of every other inquiry.
    """
    begin, end = min(day[0] for day in days.values()), max(day[1] for day in days.values())
    somewhere = _NEXT.between(begin, end)
    if len(set(days.values())) == 1:
        return somewhere
    own = [office for office in days if office is not None]
    here = (
        (
            Inquiry.office_id == office
            if office is not None
            else func.coalesce(Inquiry.office_id, "").not_in(own)
        )
        & _NEXT.between(*day)
        for office, day in days.items()
    )
    return somewhere & or_(*here)


def office_days(session: Session, now: int, zone: str) -> dict[str | None, tuple[int, int]]:
    """Return where the day of each office begins and ends that an instant lies in."""
    levels = service_levels(session, zone)
    days: dict[str | None, tuple[int, int]] = {None: day_around(now, levels.otherwise.hours.zone)}
    for office_id, office in levels.offices.items():
        days[office_id] = day_around(now, office.hours.zone)
    return days


def day_around(now: int, zone: str) -> tuple[int, int]:
    """Return the first and the last millisecond of the day of an instant."""
    day = local_day(now, zone)
    return instant_of(day, 0, zone), end_of_day(day, zone)


def has_clock() -> ColumnElement[bool]:
    """Return the condition that any clock of an inquiry runs."""
    return _NEXT < PAUSED


# Triggers reckon it for every door (view `inquiry_clock`).
_NEXT: ColumnElement[Any] = type_coerce(Inquiry.next_due_at, Inquiry.next_due_at.type)


def _called_for(session: Session, ids: Iterable[str]) -> Mapping[str, tuple[CalledFor, ...]]:
    found: dict[str, list[CalledFor]] = defaultdict(list)
    query = select(Escalation).where(
        Escalation.inquiry_id.in_(list(ids)), Escalation.ended_at.is_(None), Escalation.retired_at.is_(None)
    )
    for item in session.scalars(query):
        if extra_of(item).get(TAKEN_UP) is None:
            called = CalledFor(item.level, item.target, item.escalated_at, item.due_at)
            found[item.inquiry_id].append(called)
    return {inquiry_id: tuple(calls) for inquiry_id, calls in found.items()}


def _facts(inquiry: Inquiry, escalations: tuple[CalledFor, ...]) -> ServiceFacts:
    extra = extra_of(inquiry)
    return ServiceFacts(
        state=inquiry.state,
        counted_from=start_of(inquiry),
        due_at=inquiry.due_at,
        acknowledge_by=inquiry.acknowledge_by,
        acknowledged_at=extra.get(ACKNOWLEDGED),
        interim_by=extra.get(INTERIM_BY),
        interim_at=extra.get(INTERIM_AT),
        paused_since=inquiry.paused_since,
        escalations=escalations,
    )
