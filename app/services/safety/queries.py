"""Safety records with their clocks, and what is still open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.clocks import SafetyClock, start_clock
from app.models.inquiry import Inquiry
from app.models.lifecycle_safety import DISMISSED, UNACKNOWLEDGED, SafetyState
from app.models.safety import AdverseEventReport, ProductQualityComplaint, SafetyHandoff
from app.services.safety.due import (
    AE,
    PQC,
    SafetyRecord,
    handoff_clock,
    is_critical,
    is_live,
    kind_of,
    set_due,
)
from app.services.work.queries import office_zone

__all__ = [
    "AE",
    "DISMISSED",
    "PQC",
    "UNACKNOWLEDGED",
    "HandoffView",
    "RunningClocks",
    "SafetyRecord",
    "SafetyView",
    "clock_of",
    "handoff_clock",
    "is_critical",
    "is_live",
    "is_running",
    "live_records",
    "open_records",
    "record_view",
    "records_of",
    "running_clocks",
    "set_due",
    "unacknowledged",
]

_MODELS: tuple[type[AdverseEventReport] | type[ProductQualityComplaint], ...] = (
    AdverseEventReport,
    ProductQualityComplaint,
)


@dataclass(frozen=True, slots=True)
class HandoffView:
    """One hand-off: when, how, to whom and under which number it arrived."""

    id: str
    method: str
    receiver: str
    handed_off_at: int
    handed_off_by: str
    note: str
    acknowledged_at: int | None
    external_number: str


@dataclass(frozen=True, slots=True)
class SafetyView:
    """One safety record, its clock and what was done with it."""

    id: str
    kind: str
    number: str
    inquiry_id: str
    inquiry_number: str
    state: str
    awareness_at: int
    awareness_zone: str
    due_at: int
    description: str
    special_situations: tuple[str, ...]
    facts: Mapping[str, Any]
    handed_off_at: int | None
    external_number: str
    handoffs: tuple[HandoffView, ...]
    acknowledge_by: int | None

    @property
    def is_event(self) -> bool:
        """Whether it is an adverse event or special situation."""
        return self.kind == AE

    @property
    def is_dismissed(self) -> bool:
        """Whether a person found that it is no safety case."""
        return self.state in DISMISSED

    @property
    def is_running(self) -> bool:
        """Whether the clock of the hand-off still runs."""
        return self.handed_off_at is None and not self.is_dismissed


@dataclass(frozen=True, slots=True)
class RunningClocks:
    """How many hand-off clocks run, how many are late, and the nearest."""

    running: int
    late: int
    unacknowledged: int
    nearest_id: str = ""
    nearest_kind: str = ""
    nearest_number: str = ""
    nearest_inquiry_id: str = ""
    nearest_awareness_at: int | None = None
    nearest_due_at: int | None = None


def is_running(
    model: type[AdverseEventReport] | type[ProductQualityComplaint],
) -> ColumnElement[bool]:
    """Return the condition that the hand-off clock of a record runs."""
    return model.handed_off_at.is_(None) & model.state.not_in(DISMISSED) & model.retired_at.is_(None)


def unacknowledged(
    model: type[AdverseEventReport] | type[ProductQualityComplaint],
) -> ColumnElement[bool]:
    """Return the condition that nobody has acknowledged a record yet."""
    return model.state.in_(UNACKNOWLEDGED) & model.retired_at.is_(None)


def live_records(session: Session, inquiry_id: str) -> list[SafetyRecord]:
    """Return the records of an inquiry, dismissed ones too."""
    found: list[SafetyRecord] = []
    for model in _MODELS:
        query = select(model).where(model.inquiry_id == inquiry_id, model.retired_at.is_(None))
        found.extend(session.scalars(query.order_by(model.id)))
    return found


def records_of(session: Session, inquiry_id: str) -> tuple[SafetyView, ...]:
    """List the safety records of an inquiry with their hand-offs."""
    return tuple(_view(session, item) for item in live_records(session, inquiry_id))


def record_view(session: Session, record_id: str) -> SafetyView:
    """Return one safety record with its hand-offs."""
    item = session.get(AdverseEventReport, record_id) or session.get(ProductQualityComplaint, record_id)
    if item is None:
        raise RecordNotFoundError(record_id)
    return _view(session, item)


def open_records(session: Session) -> tuple[SafetyView, ...]:
    """List what is not acknowledged yet, the least time left first."""
    items: list[SafetyRecord] = []
    for model in _MODELS:
        items.extend(session.scalars(select(model).where(unacknowledged(model))))
    return tuple(_view(session, item) for item in sorted(items, key=_urgency))


def running_clocks(session: Session, now: int) -> RunningClocks:
    """Count the running hand-off clocks and find the nearest."""
    running = late = waiting = 0
    nearest: list[SafetyRecord] = []
    for model in _MODELS:
        counts = select(func.count(), func.count().filter(model.due_at < now)).where(is_running(model))
        here, over = session.execute(counts).one()
        running, late = running + here, late + over
        waiting += session.scalar(select(func.count()).select_from(model).where(unacknowledged(model))) or 0
        query = select(model).where(is_running(model)).order_by(model.due_at, model.id).limit(1)
        nearest.extend(session.scalars(query))
    if not nearest:
        return RunningClocks(running, late, waiting)
    first = min(nearest, key=lambda item: (item.due_at, item.id))
    return RunningClocks(
        running,
        late,
        waiting,
        first.id,
        kind_of(first),
        first.number,
        first.inquiry_id,
        first.awareness_at,
        first.due_at,
    )


def clock_of(view: SafetyView) -> SafetyClock:
    """Return the hand-off clock of a record, for its percentages."""
    critical = view.facts.get("severity") == "critical"
    clock = handoff_clock(view.kind, view.awareness_at, view.awareness_zone, is_critical=critical)
    return SafetyClock(clock.policy, view.awareness_at, view.due_at, clock.reach_percent)


def _urgency(item: SafetyRecord) -> tuple[bool, int, str]:
    return item.handed_off_at is not None, item.due_at, item.id


def _view(session: Session, item: SafetyRecord) -> SafetyView:
    handoffs = tuple(_handoffs(session, item.id))
    zone = office_zone(session, item.awareness_zone)
    clock = "pv_acknowledgement"
    waits = item.handed_off_at is not None and item.state == SafetyState.HANDED_OFF
    number = session.scalar(select(Inquiry.number).where(Inquiry.id == item.inquiry_id))
    return SafetyView(
        id=item.id,
        kind=kind_of(item),
        number=item.number,
        inquiry_id=item.inquiry_id,
        inquiry_number=number or "",
        state=item.state,
        awareness_at=item.awareness_at,
        awareness_zone=item.awareness_zone,
        due_at=item.due_at,
        description=item.description,
        special_situations=tuple(getattr(item, "special_situations", ())),
        facts=dict(item.facts or {}),
        handed_off_at=item.handed_off_at,
        external_number=item.external_number,
        handoffs=handoffs,
        acknowledge_by=start_clock(clock, item.handed_off_at or 0, zone).due_ms if waits else None,
    )


def _handoffs(session: Session, record_id: str) -> Iterator[HandoffView]:
    query = select(SafetyHandoff).where(
        SafetyHandoff.record_id == record_id, SafetyHandoff.retired_at.is_(None)
    )
    for item in session.scalars(query.order_by(SafetyHandoff.handed_off_at, SafetyHandoff.id)):
        yield HandoffView(
            item.id,
            item.method,
            item.receiver,
            item.handed_off_at,
            item.handed_off_by,
            item.note,
            item.acknowledged_at,
            item.external_number,
        )
