import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.workspace.keyslots import SlotKind
from app.services.workspace.unlock_attempts import (
    ATTEMPTS_FILE,
    LONGEST_DELAY_MS,
    KeyPurpose,
    TooEarlyError,
    UnlockAttempts,
    delay_after,
    next_try_at,
)
from tests.services.workspace.vault_fakes import START, FailingDisk, FakeClock

instants = st.integers(min_value=0, max_value=10**14)
counts = st.integers(min_value=0, max_value=10_000)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def attempts(tmp_path, clock):
    return UnlockAttempts(tmp_path, clock)


def fail(attempts, kind=SlotKind.PASSPHRASE, purpose=KeyPurpose.UNLOCK):
    attempts.record_failure(kind, purpose)


def test_the_delay_doubles_and_stays_at_a_minute():
    assert [delay_after(count) // 1000 for count in range(9)] == [0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert delay_after(10**9) == LONGEST_DELAY_MS


@given(counts, st.none() | instants, instants)
def test_the_next_try_is_never_in_the_past_nor_far_off(count, last, now):
    due = next_try_at(count, last, now)
    assert now <= due <= now + delay_after(count)


@given(counts, instants)
def test_the_delay_runs_out(count, last):
    later = last + delay_after(count)
    assert next_try_at(count, last, later) == later


def test_a_clock_set_back_does_not_lock_the_owner_out(attempts, clock):
    fail(attempts)
    clock.millis -= 86_400_000
    assert attempts.next_try_at() == clock.millis + 1000


def test_without_failures_the_next_try_is_now(attempts):
    assert attempts.next_try_at() == START
    attempts.refuse_too_early()


def test_a_try_before_the_delay_is_refused_with_its_time(attempts, clock):
    fail(attempts)
    fail(attempts)
    clock.millis += 500
    with pytest.raises(TooEarlyError, match=r"Next try in 2 s\.") as refused:
        attempts.refuse_too_early()
    assert refused.value.next_try_at == START + 2000
    clock.millis = START + 2000
    attempts.refuse_too_early()


def test_failures_outlive_the_process_with_their_times(attempts, clock, tmp_path):
    fail(attempts)
    clock.millis += 1000
    fail(attempts, SlotKind.RECOVERY, KeyPurpose.CHANGE)
    found = UnlockAttempts(tmp_path, clock).read().failures
    assert [(one.at, one.zone, one.kind, one.purpose) for one in found] == [
        (START, "Europe/London", SlotKind.PASSPHRASE, KeyPurpose.UNLOCK),
        (START + 1000, "Europe/London", SlotKind.RECOVERY, KeyPurpose.CHANGE),
    ]
    assert len({one.attempt_id for one in found}) == 2


def test_a_right_key_ends_the_delay_but_not_the_record(attempts):
    fail(attempts)
    attempts.record_success()
    log = attempts.read()
    assert log.failures_in_a_row == 0
    assert len(log.failures) == 1
    fail(attempts)
    assert attempts.read().failures_in_a_row == 1


def test_a_right_key_without_failures_writes_nothing(attempts, tmp_path):
    attempts.record_success()
    assert list(tmp_path.iterdir()) == []


def test_the_keyring_does_not_make_the_person_wait(attempts):
    fail(attempts, SlotKind.KEYRING)
    assert attempts.next_try_at() == START
    assert len(attempts.read().failures) == 1


def test_journalled_failures_are_forgotten(attempts, tmp_path):
    fail(attempts)
    attempts.record_success()
    attempts.acknowledge(attempts.read().failures)
    assert attempts.read().failures == ()
    assert list(tmp_path.iterdir()) == []


def test_a_failure_noted_meanwhile_is_not_forgotten(attempts):
    fail(attempts)
    journalled = attempts.read().failures
    fail(attempts)
    attempts.acknowledge(journalled)
    assert len(attempts.read().failures) == 1


def test_journalling_failed_signatures_does_not_end_the_delay(attempts):
    for _ in range(3):
        fail(attempts, purpose=KeyPurpose.SIGN)
        attempts.acknowledge(attempts.read().failures)
    fail(attempts, purpose=KeyPurpose.SIGN)
    log = attempts.read()
    assert (len(log.failures), log.failures_in_a_row) == (1, 4)
    attempts.acknowledge(log.failures)
    assert attempts.read().failures == ()
    assert attempts.next_try_at() == START + 8000


def test_a_right_key_clears_what_is_journalled(attempts, tmp_path):
    fail(attempts)
    fail(attempts)
    attempts.acknowledge(attempts.read().failures[:1])
    attempts.acknowledge(attempts.read().failures)
    attempts.record_success()
    assert attempts.next_try_at() == START
    assert attempts.read().failures == ()


@pytest.mark.parametrize(
    "rest", [b"\xff\xfe", b"{", b"[]", b'{"at": "x"}', b'{"at": 1, "id": "a"}', b"[" * 9999]
)
def test_an_unreadable_line_is_counted_and_hides_no_other(attempts, tmp_path, rest):
    fail(attempts)
    with (tmp_path / ATTEMPTS_FILE).open("ab") as file:
        file.write(rest)
    fail(attempts)
    log = attempts.read()
    assert (len(log.failures), log.unreadable_lines, log.failures_in_a_row) == (2, 1, 2)


@pytest.mark.parametrize("moment", ["before", "halfway"])
def test_a_full_disk_hides_nothing_else(tmp_path, clock, moment):
    attempts = UnlockAttempts(tmp_path, clock, FailingDisk(2, moment, OSError(28, "full")))
    fail(attempts)
    fail(attempts)
    fail(attempts)
    assert len(attempts.read().failures) == 2


@pytest.mark.parametrize("step", [2, 3])
def test_a_failed_acknowledgement_keeps_every_failure(tmp_path, clock, step):
    attempts = UnlockAttempts(tmp_path, clock, FailingDisk(step, "before", OSError(5, "io")))
    fail(attempts)
    before = attempts.read().failures
    attempts.acknowledge(before)
    assert attempts.read().failures == before


def test_the_file_is_private(attempts, tmp_path):
    fail(attempts)
    assert (tmp_path / ATTEMPTS_FILE).stat().st_mode & 0o777 == 0o600


def test_an_unreadable_file_does_not_bar_the_way(tmp_path, clock):
    (tmp_path / ATTEMPTS_FILE).mkdir()
    attempts = UnlockAttempts(tmp_path, clock)
    fail(attempts)
    attempts.acknowledge(())
    assert attempts.next_try_at() == START
