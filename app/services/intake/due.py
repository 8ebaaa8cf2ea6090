"""When an inquiry is to be acknowledged and answered."""

from collections.abc import Sequence

from app.models import sla
from app.models.business_time import Pause
from app.models.inquiry import Inquiry
from app.services.intake.records import answer_class, pauses_of
from app.services.work.queries import office_zone
from app.services.workspace.unit_of_work import UnitOfWork

_STAGES = {
    "standard": sla.Stage.ANSWER_STANDARD,
    "custom": sla.Stage.ANSWER_CUSTOM,
    "complex": sla.Stage.ANSWER_COMPLEX,
}


def due_times(
    received_at: int, zone: str, urgency: str, kind: str = "standard", pauses: Sequence[Pause] = ()
) -> tuple[int | None, int | None]:
    """Return when the acknowledgement and the answer are due."""
    priority = sla.Priority(urgency)
    acknowledge = sla.due_at(received_at, zone, priority, sla.Stage.ACKNOWLEDGE)
    return acknowledge, sla.due_at(received_at, zone, priority, _STAGES[kind], pauses=pauses)


def set_due_times(uow: UnitOfWork, inquiry: Inquiry, *, counted_from: int | None = None) -> None:
    """Reckon both due times of an inquiry again."""
    zone = office_zone(uow.session, uow.zone())
    start = inquiry.received_at if counted_from is None else counted_from
    inquiry.acknowledge_by, inquiry.due_at = due_times(
        start, zone, inquiry.urgency, answer_class(inquiry), pauses_of(inquiry)
    )
