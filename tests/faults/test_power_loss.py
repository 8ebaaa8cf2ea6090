"""F3: the power goes out, and unsynced writes are lost, torn or reordered."""

import shutil
import subprocess
import sys

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from app.errors import AppError
from tests.faults.harness import ROOT, Writers, copy_workspace, make_workspace
from tests.faults.images import ACKNOWLEDGED, Disk, Event, read_log
from tests.faults.invariants import check_workspace
from tests.faults.stream import seeded

GCC = shutil.which("gcc")
MODES = ("lost", "torn", "reordered")
needs_gcc = pytest.mark.skipif(
    GCC is None or sys.platform != "linux", reason="no gcc on Linux: power loss was not tried"
)


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    built = tmp_path_factory.mktemp("recorder") / "recorder.so"
    source = ROOT / "tests" / "faults" / "recorder.c"
    subprocess.run(
        [GCC, "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(built), str(source), "-ldl"],
        check=True,
    )
    return built


def record(tmp_path, recorder, seed, steps):
    """Write a stream and return the workspace before it and every call on it."""
    source = make_workspace(tmp_path / "before")
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    folder = copy_workspace(source, tmp_path / "w")
    acknowledged = folder / ACKNOWLEDGED
    acknowledged.touch()
    before[ACKNOWLEDGED] = b""
    env = {"LD_PRELOAD": str(recorder), "RECORD_FOLDER": str(folder), "RECORD_LOG": str(tmp_path / "log")}
    with Writers(env=env) as writers:
        outcome = writers.run(
            folder=folder, seed=seed, start=0, stop=steps, acks=acknowledged, spill=seed % 2 == 1
        )
    assert outcome.errors == []
    assert outcome.status == 0
    return folder, before, read_log(tmp_path / "log")


def check_images(tmp_path, recorder, seed, count, steps):
    """Cut the power at seeded calls and check what each platter may hold; count what was lost."""
    folder, before, events = record(tmp_path, recorder, seed, steps)
    rng = seeded(seed)
    cuts = set(rng.sample(range(1, len(events)), count))
    disk = Disk(folder, before)
    unsynced = 0
    for number, event in enumerate(events):
        if number in cuts:
            unsynced += disk.has_unsynced
            check_image(tmp_path / "image", disk, rng, seed)
        disk.take(event)
    assert disk.acknowledged == steps
    return unsynced


@needs_gcc
def test_the_check_finds_what_is_lost_when_nothing_is_synced(tmp_path, recorder):
    """The check of the check: the same log without its syncs loses commits, and that is seen."""
    folder, before, events = record(tmp_path, recorder, seed=3, steps=20)
    disk = Disk(folder, before)
    for event in events:
        if event.kind not in "SU":
            disk.take(event)
    found = 0
    for seed in range(6):
        try:
            check_image(tmp_path / f"image-{seed}", disk, seeded(seed), 3)
        except (AssertionError, AppError, sqlcipher.Error):
            found += 1
    assert found >= 3


def check_image(folder, disk, rng, seed):
    folder.mkdir()
    for name, body in disk.image(rng, rng.choice(MODES)).items():
        (folder / name).write_bytes(body)
    check_workspace(folder, seed, disk.acknowledged)
    shutil.rmtree(folder)


@needs_gcc
@pytest.mark.parametrize("seed", [1, 2])
def test_a_power_cut_keeps_what_was_acknowledged(tmp_path, recorder, seed):
    assert check_images(tmp_path, recorder, seed, count=15, steps=60) >= 8


@needs_gcc
@pytest.mark.faults
@pytest.mark.parametrize("seed", range(100, 110))
def test_a_thousand_power_cuts_keep_what_was_acknowledged(tmp_path, recorder, seed):
    assert check_images(tmp_path, recorder, seed, count=100, steps=70) >= 50


def test_the_simulated_disk_can_lose_a_write_that_was_not_synced(tmp_path):
    """The check of the checker: without the sync the bytes may be gone, with it never."""
    path = str(tmp_path / "a").encode()
    events = [Event("O", 5, 0, path), Event("W", 5, 0, b"x" * 1024)]
    disk = Disk(tmp_path, {"a": b"old"})
    for event in events:
        disk.take(event)
    images = {disk.image(seeded(seed), "torn")["a"] for seed in range(40)}
    assert b"old" in images
    assert {b"x" * 512, b"x" * 1024} < images
    disk.take(Event("S", 5, 0, b""))
    assert {disk.image(seeded(seed), "torn")["a"] for seed in range(40)} == {b"x" * 1024}
