"""Day 0 of a safety record and by when it is handed off."""

from collections.abc import Iterable

from app.models.clocks import SafetyClock, day_zero, start_clock
from app.models.lifecycle_safety import DISMISSED
from app.models.safety import AdverseEventReport, ProductQualityComplaint

AE = "adverse_event_report"
PQC = "product_quality_complaint"

SafetyRecord = AdverseEventReport | ProductQualityComplaint


def kind_of(item: SafetyRecord) -> str:
    """Return the register name of a safety record."""
    return AE if isinstance(item, AdverseEventReport) else PQC


def is_live(item: SafetyRecord) -> bool:
    """Tell whether somebody still holds it for a safety case."""
    return item.retired_at is None and item.state not in DISMISSED


def handoff_clock(kind: str, awareness_at: int, zone: str, *, is_critical: bool = False) -> SafetyClock:
    """Start the clock of the hand-off; it never pauses."""
    if kind == AE:
        return start_clock("mi_to_pv", awareness_at, zone)
    return start_clock("mi_to_qa_critical" if is_critical else "mi_to_qa", awareness_at, zone)


def is_critical(item: SafetyRecord, others: Iterable[SafetyRecord]) -> bool:
    """Tell whether a complaint is critical or stands beside an event."""
    beside = any(isinstance(other, AdverseEventReport) and is_live(other) for other in others)
    return beside or (item.facts or {}).get("severity") == "critical"


def set_due(item: SafetyRecord, zone: str, others: Iterable[SafetyRecord], *known_at: int) -> None:
    """Move Day 0 to the earliest time, and the due time with it.

    Neither ever moves to a later time: what has become known cannot become unknown.
    """
    item.awareness_at = day_zero([item.awareness_at, *known_at])
    clock = handoff_clock(kind_of(item), item.awareness_at, zone, is_critical=is_critical(item, others))
    item.due_at = clock.due_ms if item.due_at is None else min(item.due_at, clock.due_ms)
