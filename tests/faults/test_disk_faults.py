"""F4 and F5: the disk answers with errors, or is full."""

import shutil
import subprocess

import pytest

from app.errors import EnvironmentFaultError
from tests.faults.expected import expected_after, snapshot_of
from tests.faults.harness import STRACE, STRIKE, copy_workspace, make_workspace, struck_writers
from tests.faults.invariants import check_file, check_workspace, open_database
from tests.faults.stream import perform, steps

STEPS = 60
needs_strace = pytest.mark.skipif(
    STRACE is None, reason="strace is not installed: disk errors were not tried"
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_workspace(tmp_path_factory.mktemp("template") / "w")


def fail_calls(tmp_path, template, call, error, calls, length=1):
    """Let these calls fail, one run each; return how often the writer was told of it.

    The writer tries a failed step again, so at the end each step must be there
    exactly once: a step that had been kept in spite of the error would collide.
    """
    told = 0
    with struck_writers(call, f"error={error}", length) as writers:
        for number in calls:
            folder = copy_workspace(template, tmp_path / "w")
            burnt = {call: STRIKE[call] - number}
            outcome = writers.run(
                folder=folder, seed=4, start=0, stop=STEPS, burn=burnt, retry=True, spill=number % 2 == 1
            )
            assert outcome.errors == [], (number, outcome)
            assert outcome.status == 0
            assert all(fault.startswith("EnvironmentFaultError: The disk") for fault in outcome.faults)
            assert check_workspace(folder, 4, STEPS, exact_ranks=False) == STEPS
            told += bool(outcome.faults)
            shutil.rmtree(folder)
    return told


SHORT = [
    ("fsync", "EIO", (3, 12), 1),
    ("pwrite64", "EIO", (201,), 1),
    ("pwrite64", "ENOSPC", (350,), 3),
]


@needs_strace
@pytest.mark.parametrize(("call", "error", "calls", "length"), SHORT)
def test_a_disk_error_is_told_and_the_work_goes_on(tmp_path, template, call, error, calls, length):
    assert fail_calls(tmp_path, template, call, error, calls, length) >= 1


@needs_strace
@pytest.mark.faults
@pytest.mark.parametrize(
    ("call", "error", "calls", "length"),
    [
        ("fsync", "EIO", range(1, 70), 1),
        ("fsync", "EIO", range(1, 70, 3), 3),
        ("pwrite64", "EIO", range(1, 1400, 15), 1),
        ("pwrite64", "ENOSPC", range(1, 1400, 15), 1),
        ("pwrite64", "ENOSPC", range(5, 1400, 31), 4),
        ("pwrite64", "EINTR", range(5, 1400, 31), 1),
    ],
)
def test_errors_at_many_calls_are_told_and_the_work_goes_on(tmp_path, template, call, error, calls, length):
    told = fail_calls(tmp_path, template, call, error, calls, length)
    # The driver tries an interrupted call again by itself.
    assert told == 0 if error == "EINTR" else told > len(calls) // 2


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 3 MB, for root on a system that lets it mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk: a full disk was tried by injection only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(database, seed):
    """Write until the disk is full; return how many steps were committed and what was said."""
    for number, step in enumerate(steps(seed)):
        try:
            perform(database, step)
        except EnvironmentFaultError as error:
            return number, str(error)
    raise AssertionError("the stream ended")


def test_a_full_disk_is_told_and_nothing_saved_is_lost(small_disk, template):
    shutil.copy(template / "workspace.db", small_disk)
    database = open_database(small_disk)
    held, message = fill(database, seed=6)
    assert message == "The disk is full. Nothing saved was lost. Free some space, then save again."
    assert database.read(snapshot_of) == expected_after(6, held).snapshot()
    database.close()


def test_after_space_is_freed_the_work_goes_on(small_disk, template):
    shutil.copy(template / "workspace.db", small_disk)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    database = open_database(small_disk)
    held, _ = fill(database, seed=7)
    ballast.unlink()
    perform(database, list(zip(range(held + 1), steps(7), strict=False))[held][1])
    assert database.read(snapshot_of) == expected_after(7, held + 1).snapshot()
    database.close()
    check_file(small_disk)
