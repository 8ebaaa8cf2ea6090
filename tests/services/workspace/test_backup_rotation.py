import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.services.workspace.backup_rotation import expired_backups

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis wants the bounds without a zone
    max_value=datetime(2026, 12, 31),  # noqa: DTZ001 - see above
    timezones=st.just(UTC),
)


def kept_after(days: int, start: datetime = NOON) -> list[datetime]:
    kept: set[datetime] = set()
    for day in range(days):
        now = start + day * DAY
        kept.add(now)
        kept -= expired_backups(kept, now)
    return sorted(kept, reverse=True)


def test_daily_backups_settle_at_seven_days_and_four_weeks():
    for days in range(50, 64):
        kept = kept_after(days)
        newest = NOON + (days - 1) * DAY
        assert kept[:7] == [newest - day * DAY for day in range(7)]
        assert len(kept) == 11
        assert all(instant.isoweekday() == 7 for instant in kept[7:])
        assert [late - early for late, early in itertools.pairwise(kept[7:])] == [7 * DAY] * 3


def test_the_first_week_loses_nothing():
    assert len(kept_after(7)) == 7


def test_of_one_day_the_newest_stays():
    taken = [NOON - timedelta(hours=hours) for hours in range(6)]
    assert expired_backups(taken, NOON) == frozenset(taken[1:])


def test_a_long_absence_deletes_nothing():
    last = kept_after(60)
    assert expired_backups(last, last[0] + 400 * DAY) == frozenset()


def test_backups_from_a_wrong_clock_push_no_real_one_out():
    wrong = [NOON + (3650 + day) * DAY for day in range(20)]
    real = [NOON - day * DAY for day in range(7)]
    assert expired_backups([*wrong, *real], NOON) == frozenset()


@given(st.lists(moments, max_size=40), moments)
def test_the_newest_backup_never_expires_and_twice_is_once(taken, now):
    expired = expired_backups(taken, now)
    left = set(taken) - expired
    past = [instant for instant in taken if instant <= now]
    assert not past or max(past) in left
    assert expired_backups(left, now) == frozenset()
    assert len([instant for instant in left if instant <= now]) <= 11
