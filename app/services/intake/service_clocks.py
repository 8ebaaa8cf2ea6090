"""Which clock of an inquiry is the nearest, for a row, a case and the status bar."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from app.models.business_time import end_of_day, instant_of, local_day
from app.models.inquiry import Escalation, Inquiry
from app.models.service_clock import CalledFor, ServiceClock, ServiceFacts, clocks_of
from app.services.intake.due import TAKEN_UP, start_of
from app.services.intake.records import ACKNOWLEDGED, INTERIM_AT, INTERIM_BY, extra_of
from app.services.work.service_levels import ServiceLevels, service_levels

_NEVER = 1 << 62


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


def is_over(now: int) -> ColumnElement[bool]:
    """Return the condition that any clock of an inquiry has run out."""
    return or_(*(clock < now for clock in _DUE))


def is_due_on(days: Mapping[str | None, tuple[int, int]]) -> ColumnElement[bool]:
    """Return the condition that a clock runs out on the day of the inquiry's own office.

    The days come by office id; None is the day of every other inquiry.
    """
    begin, end = min(day[0] for day in days.values()), max(day[1] for day in days.values())
    somewhere = or_(*(clock.between(begin, end) for clock in _DUE))
    if len(set(days.values())) == 1:
        return somewhere
    own = [office for office in days if office is not None]
    here = (
        (
            Inquiry.office_id == office
            if office is not None
            else func.coalesce(Inquiry.office_id, "").not_in(own)
        )
        & or_(*(clock.between(*day) for clock in _DUE))
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


def nearest_due() -> ColumnElement[int]:
    """Return the instant at which the nearest clock of an inquiry runs out."""
    return func.min(*(func.coalesce(clock, _NEVER) for clock in _DUE))


def has_clock() -> ColumnElement[bool]:
    """Return the condition that any clock of an inquiry runs."""
    return or_(*(clock.is_not(None) for clock in _DUE))


def _said(model: type[Inquiry] | type[Escalation], name: str) -> ColumnElement[Any]:
    return func.json_extract(type_coerce(model.extra, Text), f"$.{name}")


# Most inquiries are not escalated, so the other table is asked for those that are.
_ESCALATED = case(
    (
        Inquiry.escalated_to != "",
        select(func.min(Escalation.due_at))
        .where(
            Escalation.inquiry_id == Inquiry.id,
            Escalation.ended_at.is_(None),
            Escalation.retired_at.is_(None),
            _said(Escalation, TAKEN_UP).is_(None),
        )
        .correlate(Inquiry)
        .scalar_subquery(),
    )
)
_DUE: tuple[ColumnElement[Any], ...] = (
    type_coerce(Inquiry.due_at, Inquiry.due_at.type),
    case((_said(Inquiry, ACKNOWLEDGED).is_(None), Inquiry.acknowledge_by)),
    case((_said(Inquiry, INTERIM_AT).is_(None), _said(Inquiry, INTERIM_BY))),
    _ESCALATED,
)


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
