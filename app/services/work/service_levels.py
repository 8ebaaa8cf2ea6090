"""The offices and service levels of a workspace, read once for many inquiries."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.office import Office, SlaPolicyRecord
from app.models.office_hours import OfficeHours, calendar_of, shipped_office
from app.models.sla import SlaPolicy, default_policy, kept_policy
from app.services.work.desk import office_zone


@dataclass(frozen=True, slots=True)
class KnownOffice:
    """One office: its name, its hours and the countries it answers for."""

    id: str | None
    name: str
    hours: OfficeHours
    countries: tuple[str, ...] = ()
    is_default: bool = False
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """Who answers for a country, when they work, and what they promise."""

    otherwise: KnownOffice
    offices: Mapping[str, KnownOffice] = field(default_factory=dict)
    policies: tuple[tuple[int, SlaPolicy], ...] = ()

    def responsible(self, country: str) -> str | None:
        """Return the id of the office of a country; None means the default of the program."""
        live = (office for office in self.offices.values() if not office.is_retired)
        return next(
            (office.id for office in live if country and country in office.countries), self.otherwise.id
        )

    def office(self, office_id: str | None) -> KnownOffice:
        """Return an office by its id, else the default one."""
        return self.offices.get(office_id or "", self.otherwise)

    def policy(self, at: int) -> SlaPolicy:
        """Return the newest service levels that had begun at an instant."""
        return next((policy for begins, policy in self.policies if begins <= at), default_policy())


def service_levels(session: Session, zone: str) -> ServiceLevels:
    """Read every office and policy; the zone is that of a workspace without offices."""
    offices = {row.id: _office(row) for row in session.scalars(select(Office).order_by(Office.name))}
    default = next((each for each in offices.values() if each.is_default and not each.is_retired), None)
    shipped = shipped_office()
    hours = OfficeHours(office_zone(session, zone), shipped.calendar)
    query = (
        select(SlaPolicyRecord)
        .where(SlaPolicyRecord.retired_at.is_(None))
        .order_by(SlaPolicyRecord.effective_from.desc(), SlaPolicyRecord.id.desc())
    )
    return ServiceLevels(
        default or KnownOffice(None, shipped.name, hours, is_default=True),
        offices,
        tuple((row.effective_from, kept_policy(row.number, row.rules)) for row in session.scalars(query)),
    )


def _office(row: Office) -> KnownOffice:
    return KnownOffice(
        id=row.id,
        name=row.name,
        hours=OfficeHours(row.zone, calendar_of(row.calendar)),
        countries=tuple(row.countries),
        is_default=row.is_default,
        is_retired=row.retired_at is not None,
    )
