"""When the window locks: what the user chose, within what the company allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InputRefusedError
from app.models.changes import Changes
from app.models.settings import Configuration
from app.services.settings.commands import put_configuration
from app.services.workspace.unit_of_work import UnitOfWork

LOCK_KEY: Final = "lock"
POLICY_KEY: Final = "policy.lock"
_USUAL: Final = 10
_LEAST: Final = 1
_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class LockRule:
    """Minutes without input until the lock, their bounds, and whether that lock drops the key."""

    minutes: int
    least: int
    most: int
    is_full: bool


def lock_rule(session: Session) -> LockRule:
    """Return the rule in force; what cannot be read counts as not said."""
    said = _configured(session, POLICY_KEY)
    least = _whole(said, "least_minutes", _LEAST, _LEAST, _MOST)
    most = _whole(said, "most_minutes", _MOST, least, _MOST)
    usual = min(max(_USUAL, least), most)
    chosen = _whole(_configured(session, LOCK_KEY), "minutes", usual, 0, 24 * 60)
    return LockRule(min(max(chosen, least), most), least, most, said.get("full") is True)


def set_lock_minutes(uow: UnitOfWork, minutes: int) -> Changes:
    """Lock after this many minutes without input; the change is journalled."""
    with uow:
        rule = lock_rule(uow.session)
        if not rule.least <= minutes <= rule.most:
            raise InputRefusedError(
                f"The lock comes after {rule.least} to {rule.most} minutes. It stays at {rule.minutes}."
            )
        put_configuration(uow.session, LOCK_KEY, {"minutes": minutes})
        return uow.commit()


def _configured(session: Session, key: str) -> Mapping[str, Any]:
    value = session.scalar(select(Configuration.value).where(Configuration.key == key))
    return value if isinstance(value, Mapping) else {}


def _whole(said: Mapping[str, Any], name: str, usual: int, least: int, most: int) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return usual
    return value if least <= value <= most else usual
