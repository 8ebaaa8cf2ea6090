import contextlib
import errno
import os
from dataclasses import replace

import filelock
import pytest

from app.errors import (
    DamagedKeySlotsError,
    EnvironmentFaultError,
    NewerDatabaseError,
    NotAllowedError,
    WorkspaceBusyError,
    WorkspaceMissingError,
)
from app.services.workspace import slot_store
from app.services.workspace.keyslots import SlotKind, write_key_slots
from app.services.workspace.slot_store import LOCK_FILE, SLOT_FILE, Disk, SlotStore
from tests.services.workspace.test_keyslots import SLOTS, put, resealed
from tests.services.workspace.vault_fakes import QUICK_COST, CrashError, FailingDisk

SECOND = replace(SLOTS, generation=2)
THIRD = replace(SLOTS, generation=3)
MOMENTS = ["before", "halfway", "after"]


def store_in(folder, disk=None):
    return SlotStore(folder, QUICK_COST, disk)


@pytest.fixture
def store(tmp_path):
    store = store_in(tmp_path)
    store.create(SLOTS)
    return store


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != LOCK_FILE)


def test_what_is_created_is_read(store, tmp_path):
    stored = store.read()
    assert stored.slots == SLOTS
    assert stored.content == write_key_slots(SLOTS)
    assert not stored.from_previous
    assert names(tmp_path) == [SLOT_FILE]


def test_the_files_are_private(store, tmp_path):
    store.replace(SECOND)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_workspace_is_never_made_over_another(store, tmp_path):
    with pytest.raises(NotAllowedError, match="left as it is"):
        store.create(SECOND)
    assert store.read().slots == SLOTS


def test_of_two_creations_at_once_the_first_stays(tmp_path):
    class Overtaken(Disk):
        def claim(self, source, target):
            target.write_bytes(write_key_slots(SLOTS))
            super().claim(source, target)

    with pytest.raises(NotAllowedError):
        store_in(tmp_path, Overtaken()).create(SECOND)
    assert store_in(tmp_path).read().slots == SLOTS


def test_a_disk_without_hard_links_holds_a_workspace_too(tmp_path, monkeypatch):
    def refuse(*_args):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    store_in(tmp_path).create(SLOTS)
    assert names(tmp_path) == [SLOT_FILE]


def test_the_previous_generation_stays_until_the_new_one_opened(store, tmp_path):
    store.replace(SECOND)
    assert names(tmp_path) == [SLOT_FILE, f"{SLOT_FILE}.previous"]
    stored = store.read()
    assert stored.slots == SECOND
    store.settle(stored)
    assert names(tmp_path) == [SLOT_FILE]


def test_only_one_previous_generation_is_kept(store, tmp_path):
    store.replace(SECOND)
    store.replace(THIRD)
    (tmp_path / SLOT_FILE).unlink()
    assert store.read().slots == SECOND


@pytest.mark.parametrize(
    "damage",
    [b"", b"{}", write_key_slots(SECOND)[:100], None],
    ids=["empty", "no slots", "cut off", "gone"],
)
def test_a_lost_or_damaged_file_falls_back_on_the_previous(store, tmp_path, damage):
    store.replace(SECOND)
    if damage is None:
        (tmp_path / SLOT_FILE).unlink()
    else:
        (tmp_path / SLOT_FILE).write_bytes(damage)
    stored = store.read()
    assert stored.from_previous
    assert stored.slots == SLOTS
    store.settle(stored)
    assert not store.read().from_previous
    assert store.read().slots == SLOTS


def test_a_damaged_file_is_put_aside_and_not_deleted(store, tmp_path):
    store.replace(SECOND)
    (tmp_path / SLOT_FILE).write_bytes(b"half a fi")
    store.settle(store.read())
    assert (tmp_path / f"{SLOT_FILE}.damaged").read_bytes() == b"half a fi"


def test_a_change_after_damage_keeps_the_good_generation(store, tmp_path):
    store.replace(SECOND)
    (tmp_path / SLOT_FILE).write_bytes(b"half a fi")
    store.replace(THIRD)
    assert store.read().slots == THIRD
    (tmp_path / SLOT_FILE).unlink()
    assert store.read().slots == SLOTS


def test_damage_without_a_previous_generation_is_told(store, tmp_path):
    (tmp_path / SLOT_FILE).write_bytes(b"half a fi")
    with pytest.raises(DamagedKeySlotsError, match="Restore the key slots from a backup"):
        store.read()
    assert (tmp_path / SLOT_FILE).read_bytes() == b"half a fi"


def test_a_newer_format_is_not_passed_by_for_an_older_file(store, tmp_path):
    store.replace(SECOND)
    (tmp_path / SLOT_FILE).write_bytes(resealed(put(2, "format")))
    with pytest.raises(NewerDatabaseError):
        store.read()


def test_an_empty_folder_holds_no_workspace(tmp_path):
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(WorkspaceMissingError, match="no workspace in this folder"):
            store_in(folder).read()


def test_records_without_key_slots_are_no_missing_workspace(tmp_path):
    (tmp_path / "workspace.db").write_bytes(b"")
    with pytest.raises(DamagedKeySlotsError, match="still there"):
        store_in(tmp_path).read()


def test_a_file_the_system_refuses_is_told_as_such(tmp_path):
    (tmp_path / SLOT_FILE).mkdir()
    with pytest.raises(EnvironmentFaultError, match="could not be read"):
        store_in(tmp_path).read()


def test_of_two_changes_at_once_the_first_stays(store):
    store.replace(SECOND)
    with pytest.raises(WorkspaceBusyError, match="another window or command"):
        store.replace(replace(SLOTS.without(SlotKind.KEYRING), generation=2))
    assert store.read().slots == SECOND


def test_a_change_waits_its_turn_and_then_gives_up(store, tmp_path, monkeypatch):
    monkeypatch.setattr(slot_store, "_LOCK_TIMEOUT_S", 0)
    with filelock.FileLock(tmp_path / LOCK_FILE), pytest.raises(WorkspaceBusyError, match="Try again"):
        store.replace(SECOND)
    assert store.read().slots == SLOTS
    store.replace(SECOND)
    assert store.read().slots == SECOND


def test_an_opening_beside_a_change_settles_nothing(store, tmp_path):
    opened = store.read()
    store.replace(SECOND)
    store.settle(opened)
    assert (tmp_path / f"{SLOT_FILE}.previous").exists()
    with filelock.FileLock(tmp_path / LOCK_FILE):
        store.settle(store.read())
    assert (tmp_path / f"{SLOT_FILE}.previous").exists()


def test_a_full_disk_says_so_and_changes_nothing(tmp_path, store):
    full = store_in(tmp_path, FailingDisk(1, "before", OSError(errno.ENOSPC, "full")))
    with pytest.raises(EnvironmentFaultError, match="disk is full"):
        full.replace(SECOND)
    assert store.read().slots == SLOTS


def test_a_folder_that_cannot_be_synced_is_no_failure(tmp_path):
    Disk().sync_folder(tmp_path / "missing")


def crash_points(folder, change):
    """Run the change with a crash at every step and in every moment of it."""
    for moment in MOMENTS:
        step = 0
        while True:
            step += 1
            here = folder / f"{moment}-{step}"
            here.mkdir()
            store_in(here).create(SLOTS)
            disk = FailingDisk(step, moment, CrashError())
            try:
                change(store_in(here, disk))
            except CrashError:
                yield here
            if disk.calls < step:
                break


def test_a_crash_at_any_step_of_a_change_leaves_a_whole_generation(tmp_path):
    seen = set()
    for folder in crash_points(tmp_path, lambda store: store.replace(SECOND)):
        stored = store_in(folder).read()
        seen.add(stored.slots.generation)
        assert stored.slots in (SLOTS, SECOND)
        assert not stored.from_previous
        store_in(folder).settle(stored)
        assert names(folder) == [SLOT_FILE]
        store_in(folder).replace(THIRD)
        assert store_in(folder).read().slots == THIRD
    assert seen == {1, 2}


def test_a_crash_at_any_step_of_a_repair_leaves_a_whole_generation(tmp_path):
    def damage_and_settle(store):
        store_in(store.folder).replace(SECOND)
        store.current.write_bytes(b"half a fi")
        store.settle(store.read())

    points = 0
    for folder in crash_points(tmp_path, damage_and_settle):
        points += 1
        assert store_in(folder).read().slots == SLOTS
    assert points >= 10


def test_a_crash_at_any_step_of_a_creation_leaves_none_or_a_whole_one(tmp_path):
    for moment in MOMENTS:
        for step in range(1, 4):
            folder = tmp_path / f"{moment}-{step}"
            folder.mkdir()
            with contextlib.suppress(CrashError):
                store_in(folder, FailingDisk(step, moment, CrashError())).create(SLOTS)
            if store_in(folder).exists():
                assert store_in(folder).read().slots == SLOTS
            else:
                store_in(folder).create(SECOND)
                assert store_in(folder).read().slots == SECOND


def test_a_failed_settling_does_not_close_the_workspace(store, tmp_path):
    store.replace(SECOND)
    stubborn = store_in(tmp_path, FailingDisk(1, "before", OSError(errno.EACCES, "in use")))
    stubborn.settle(stubborn.read())
    assert store.read().slots == SECOND
