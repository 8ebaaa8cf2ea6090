"""F1 and F2: the process is killed at random moments and at exact system calls."""

import os
import shutil
import signal
import time

import pytest

from tests.faults.harness import (
    STRACE,
    STRIKE,
    Outcome,
    Writers,
    copy_workspace,
    make_workspace,
    struck_writers,
)
from tests.faults.invariants import check_workspace, open_database, position_of
from tests.faults.stream import seeded

LAST = 100_000


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_workspace(tmp_path_factory.mktemp("template") / "w")


@pytest.fixture(scope="module")
def writers():
    with Writers() as started:
        yield started


def kill_some_time_after(writers, pid, rng, outcome):
    """Wait for some acknowledgements and a part of a step more, then kill."""
    writers.listen(outcome, until=outcome.acknowledged + rng.randint(1, 60))
    end = time.monotonic() + rng.uniform(0, 0.02)
    # The moment is what is tested: nothing is waited for.
    while time.monotonic() < end:
        pass
    os.kill(pid, signal.SIGKILL)
    return writers.listen(outcome)


def kill_again_and_again(writers, folder, seed, times):
    """Kill writers of one database one after another; each goes on where the last one ended."""
    rng = seeded(seed)
    held = 0
    for _ in range(times):
        pid = writers.start(folder=folder, seed=seed, start=held, stop=LAST, spill=seed % 2 == 1)
        outcome = kill_some_time_after(writers, pid, rng, Outcome(acknowledged=held))
        assert outcome.was_killed, outcome
        held = check_workspace(folder, seed, outcome.acknowledged)
    return held


def test_the_check_finds_a_lost_and_an_invented_step(tmp_path, template, writers):
    """The check of the check: one acknowledgement too many or two too few are seen."""
    folder = copy_workspace(template, tmp_path / "w")
    assert writers.run(folder=folder, seed=5, start=0, stop=12).acknowledged == 12
    database = open_database(folder)
    for wrong in (10, 13):
        with pytest.raises(AssertionError):
            position_of(database, 5, wrong)
    assert position_of(database, 5, 12) == position_of(database, 5, 11) == 12
    database.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_moment_keeps_what_was_acknowledged(tmp_path, template, writers, seed):
    assert kill_again_and_again(writers, copy_workspace(template, tmp_path / "w"), seed, 3) >= 3


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(100, 140))
def test_two_hundred_kills_keep_what_was_acknowledged(tmp_path, template, writers, seed):
    assert kill_again_and_again(writers, copy_workspace(template, tmp_path / "w"), seed, 5) >= 5


needs_strace = pytest.mark.skipif(
    STRACE is None, reason="strace is not installed: exact kills were not tried"
)


def kill_at_calls(tmp_path, template, call, seed, calls, steps=60):
    """Kill a fresh writer at each of these calls and return how many were struck."""
    struck = 0
    with struck_writers(call, "signal=SIGKILL") as writers:
        for number in calls:
            folder = copy_workspace(template, tmp_path / "w")
            burnt = {call: STRIKE[call] - number}
            outcome = writers.run(
                folder=folder, seed=seed, start=0, stop=steps, burn=burnt, spill=seed % 2 == 1
            )
            assert outcome.errors == []
            assert outcome.was_killed or outcome.acknowledged == steps
            struck += outcome.was_killed
            check_workspace(folder, seed, outcome.acknowledged)
            shutil.rmtree(folder)
    return struck


@needs_strace
@pytest.mark.parametrize(
    ("call", "seed", "calls"),
    [("pwrite64", 1, (2, 60, 301, 1000)), ("fsync", 2, (1, 2, 7, 30))],
    ids=["pwrite64", "fsync"],
)
def test_a_kill_at_an_exact_call_keeps_what_was_acknowledged(tmp_path, template, call, seed, calls):
    assert kill_at_calls(tmp_path, template, call, seed, calls) == len(calls)


@needs_strace
@pytest.mark.faults
@pytest.mark.parametrize(
    ("call", "seed", "calls"),
    [
        ("fsync", 1, range(1, 66)),
        ("fsync", 2, range(1, 66)),
        ("pwrite64", 1, range(1, 150)),
        ("pwrite64", 2, range(150, 1400, 9)),
        ("pwrite64", 3, range(1, 2200, 17)),
    ],
)
def test_kills_at_every_call_keep_what_was_acknowledged(tmp_path, template, call, seed, calls):
    assert kill_at_calls(tmp_path, template, call, seed, calls) > len(calls) * 0.8
