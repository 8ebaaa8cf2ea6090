"""Change the service levels from an instant on; what was promised before stays promised."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.base import freeze
from app.models.changes import Changes
from app.models.office import SlaPolicyRecord
from app.models.sla import SlaPolicy, check_policy, default_policy, kept_policy, rules_of
from app.services.settings.configuring import configuring
from app.services.work.service_levels import service_levels
from app.services.workspace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One edition of the service levels; without an id it is the one that ships."""

    id: str | None
    number: str
    effective_from: int | None
    policy: SlaPolicy
    is_in_force: bool


def change_policy(
    uow: UnitOfWork, policy: SlaPolicy, *, reason: str, effective_from: int | None = None
) -> Changes:
    """Promise other service levels for what is received from an instant on.

    They begin now or later, never in the past: an inquiry keeps the promise of the day it came.
    """
    with uow:
        configuring(uow, reason)
        check_policy(policy)
        begins = uow.now() if effective_from is None else effective_from
        if begins < uow.now():
            raise InputRefusedError("Service levels cannot begin in the past. Choose a later time.")
        count = uow.session.scalar(select(func.count()).select_from(SlaPolicyRecord)) or 0
        uow.session.add(
            SlaPolicyRecord(number=f"SL-{count + 1}", effective_from=begins, rules=freeze(rules_of(policy)))
        )
        return uow.commit()


def withdraw_policy(uow: UnitOfWork, policy_id: str, *, reason: str) -> Changes:
    """Take back service levels that have not begun."""
    with uow:
        configuring(uow, reason)
        found = uow.session.get(SlaPolicyRecord, policy_id)
        if found is None or found.retired_at is not None:
            raise RecordNotFoundError(policy_id)
        if found.effective_from <= uow.now():
            raise NotAllowedError(
                f"{found.number} has begun and stays. Change the service levels again instead."
            )
        found.retired_at = uow.now()
        return uow.commit()


def policies(session: Session, now: int) -> tuple[PolicyView, ...]:
    """List every edition of the service levels, the newest first and the shipped one last."""
    query = select(SlaPolicyRecord).where(SlaPolicyRecord.retired_at.is_(None))
    rows = session.scalars(
        query.order_by(SlaPolicyRecord.effective_from.desc(), SlaPolicyRecord.id.desc())
    ).all()
    in_force = next((row.id for row in rows if row.effective_from <= now), None)
    kept = [
        PolicyView(
            row.id, row.number, row.effective_from, kept_policy(row.number, row.rules), row.id == in_force
        )
        for row in rows
    ]
    shipped = default_policy()
    return (*kept, PolicyView(None, shipped.version, None, shipped, in_force is None))


def policy_in_force(session: Session, now: int) -> SlaPolicy:
    """Return the service levels that count for an inquiry received now."""
    return service_levels(session, "UTC").policy(now)
