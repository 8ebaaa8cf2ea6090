"""Who acts, in which office, and which number comes next."""

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import NotAllowedError
from app.models.audit import Cursor
from app.models.inquiry import Inquiry
from app.models.lifecycle import CONTENT_ROLES, Actor, Role
from app.models.numbering import Series, provisional, short_of, stem
from app.models.office import Office
from app.models.people import Device, User
from app.models.safety import AdverseEventReport, ProductQualityComplaint
from app.models.settings import Configuration

OFFICE_ZONE = "office.zone"

_NUMBERS: dict[Series, InstrumentedAttribute[str]] = {
    Series.INQUIRY: Inquiry.number,
    Series.ADVERSE_EVENT: AdverseEventReport.number,
    Series.QUALITY_COMPLAINT: ProductQualityComplaint.number,
}


def actor_of(session: Session, user_id: str) -> Actor:
    """Return what a user may do here; before enrolment alone."""
    granted = session.scalar(select(User.roles).where(User.id == user_id)) or ()
    known = {role.value for role in Role}
    return Actor(frozenset(Role(name) for name in granted if name in known), enrolled=is_enrolled(session))


def is_enrolled(session: Session) -> bool:
    """Tell whether this workspace has ever read a server's scope."""
    return session.scalar(select(Cursor.scope).limit(1)) is not None


def ensure_may_write(session: Session, user_id: str) -> Actor:
    """Return the actor, or refuse one who holds no content rights."""
    actor = actor_of(session, user_id)
    if not actor.effective_roles & CONTENT_ROLES:
        raise NotAllowedError("Your role changes no content. Nothing was changed. Ask a specialist.")
    return actor


def office_zone(session: Session, otherwise: str) -> str:
    """Return the zone in which the default office counts time."""
    own = select(Office.zone).where(Office.is_default, Office.retired_at.is_(None))
    zone = session.scalar(own.limit(1))
    if zone:
        return zone
    value = session.scalar(select(Configuration.value).where(Configuration.key == OFFICE_ZONE))
    return value if isinstance(value, str) and value else otherwise


def device_short(session: Session, device: str) -> str:
    """Return the short name of this device that its numbers carry."""
    return session.scalar(select(Device.short).where(Device.id == device)) or short_of(device)


def next_serial(session: Session, device: str, series: Series) -> int:
    """Return the next free serial of this device; call it inside a write.

    A write begins with BEGIN IMMEDIATE, so no other process can take the same number.
    """
    column = _NUMBERS[series]
    begin = stem(series, device_short(session, device))
    # "." is the character after "-", so the range holds exactly what begins with the stem.
    own = (column >= begin, column < begin[:-1] + ".")
    last = session.scalar(select(func.max(cast(func.substr(column, len(begin) + 1), Integer))).where(*own))
    return (last or 0) + 1


def next_number(session: Session, device: str, series: Series) -> str:
    """Return the next provisional number of this device; call it inside a write."""
    serial = next_serial(session, device, series)
    return provisional(series, device_short(session, device), serial)
