"""Which backups stay: the newest of 7 days and of 4 weeks before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

DAYS_KEPT: Final = 7
WEEKS_KEPT: Final = 4


def expired_backups(taken: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """Tell which backups have had their time; the caller deletes them.

    Backups dated after `now` come from a clock that was wrong: they neither count nor expire, so that
    they cannot push real ones out.
    """
    past = sorted((instant for instant in taken if instant <= now), reverse=True)
    daily = _newest_of_each((instant.date(), instant) for instant in past)[:DAYS_KEPT]
    weekly = _newest_of_each((tuple(instant.isocalendar())[:2], instant) for instant in past)
    # A week whose newest backup is a daily one is not over yet and takes no place.
    older = [instant for instant in weekly if instant not in daily][:WEEKS_KEPT]
    return frozenset(past) - frozenset(daily) - frozenset(older)


def _newest_of_each(keyed: Iterable[tuple[object, datetime]]) -> list[datetime]:
    newest: dict[object, datetime] = {}
    for key, instant in keyed:
        newest.setdefault(key, instant)
    return list(newest.values())
