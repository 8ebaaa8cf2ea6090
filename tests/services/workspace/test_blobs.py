"""Attached files: sealed, found by what they hold, through backup, restore and re-key."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.errors import DamagedDatabaseError, EnvironmentFaultError, JobCancelledError
from app.models.conversation import Attachment
from app.services.jobs import JobContext
from app.services.workspace import copies, rekeying
from app.services.workspace import vault as vaults
from app.services.workspace.blobs import BlobLostError, BlobStore
from app.services.workspace.copies import Secret
from app.services.workspace.keys import ARGON2_FLOOR, KdfPolicy, SecretKey
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.slot_store import Disk
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create, open_workspace

PASSPHRASE = "seven quiet herons at noon"
FILES = [b"", b"a", b"first file " * 1_000, bytes(range(256)) * 5_000]
KEY = SecretKey(b"\x03" * 32)
OLD = 100_000


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "blobs", KEY)


@pytest.fixture
def ports(clock):
    return VaultPorts(policy=KdfPolicy(cost=ARGON2_FLOOR), clock=clock)


@pytest.fixture
def made(tmp_path, clock, ports):
    workspace, _ = create(tmp_path / "w", PASSPHRASE, NewUser("Priya"), clock=clock, ports=ports)
    attach(workspace, *FILES)
    yield workspace
    workspace.close()


def attach(workspace, *contents):
    for content in contents:
        sha256 = workspace.blobs.put(content)
        row = Attachment(owner_type="message", owner_id="m", name="a", size=len(content), sha256=sha256)
        with workspace.database.unit() as uow:
            uow.session.add(row)
            uow.commit()


def contents(workspace):
    hashes = workspace.database.read(lambda s: s.scalars(select(Attachment.sha256).order_by("row")).all())
    return [workspace.blobs.get(sha256) for sha256 in hashes]


def opened(folder, clock, ports):
    return open_workspace(vaults.open_with_passphrase(folder, PASSPHRASE, ports), clock=clock)


@settings(max_examples=30)
@given(st.binary(max_size=2_000))
def test_what_is_kept_comes_back_and_its_file_says_nothing(tmp_path_factory, content):
    store = BlobStore(tmp_path_factory.getbasetemp() / "any", KEY)
    sha256 = store.put(content)
    assert store.get(sha256) == content
    for path in store.paths():
        assert sha256 not in path.name
        assert len(content) < 16 or content not in path.read_bytes()


def test_the_same_bytes_are_kept_once_and_a_damaged_file_is_mended(store):
    sha256 = store.put(b"same")
    assert (store.put(b"same"), len(store.paths())) == (sha256, 1)
    store.paths()[0].write_bytes(b"torn")
    assert store.damaged([sha256]) == (sha256,)
    store.put(b"same")
    assert store.get(sha256) == b"same"


def test_one_file_in_the_place_of_another_is_never_shown(store):
    first, second = store.put(b"one"), store.put(b"two")
    paths = {store.get(sha256): sha256 for sha256 in (first, second)}
    one, two = store.paths()
    one.write_bytes(two.read_bytes())
    broken = [sha256 for sha256 in paths.values() if store.damaged([sha256])]
    assert len(broken) == 1
    with pytest.raises(BlobLostError):
        store.get(broken[0])


@settings(max_examples=60)
@given(st.integers(0, 60), st.integers(0, 7))
def test_any_flipped_bit_is_found(tmp_path_factory, at, bit):
    store = BlobStore(tmp_path_factory.mktemp("flip"), KEY)
    sha256 = store.put(b"forty-two bytes of some text, or nearly so")
    (path,) = store.paths()
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(BlobLostError):
        store.get(sha256)


def test_a_sweep_takes_what_no_row_names_and_only_when_it_is_old(store):
    kept, orphan = store.put(b"kept"), store.put(b"orphan")
    part = store.folder / "x.part"
    part.write_bytes(b"half")
    assert store.sweep([kept]) == 0
    for path in store.folder.iterdir():
        os.utime(path, (OLD, OLD))
    # Whoever keeps it again now is about to name it.
    store.put(b"orphan")
    assert store.sweep([kept]) == 1
    assert (store.get(orphan), part.exists()) == (b"orphan", False)
    assert store.sweep([kept], at_once=True) == 1
    assert store.get(kept) == b"kept"


class FullDisk(Disk):
    def write(self, path, content):
        super().write(path, content[:10])
        raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_no_half_file(tmp_path):
    store = BlobStore(tmp_path / "blobs", KEY, FullDisk())
    with pytest.raises(EnvironmentFaultError, match="disk is full"):
        store.put(b"much")
    assert list(store.folder.iterdir()) == []


def test_a_restored_workspace_has_its_files(tmp_path, made, clock, ports):
    path = copies.backup(made, tmp_path / "b.midesk-backup")
    assert b"first file" not in path.read_bytes()
    secret = Secret(SlotKind.PASSPHRASE, PASSPHRASE)
    copies.restore(path, tmp_path / "r", secret, clock=clock, ports=ports)
    restored = opened(tmp_path / "r", clock, ports)
    assert contents(restored) == FILES
    restored.close()


@pytest.mark.parametrize("where", ["cut", "flip", "more"])
def test_a_backup_with_a_damaged_file_restores_nothing(tmp_path, made, clock, ports, where):
    path = copies.backup(made, tmp_path / "b")
    content = bytearray(path.read_bytes())
    if where == "flip":
        content[-100] ^= 1
    path.write_bytes(content[:-50] if where == "cut" else content + (b"x" if where == "more" else b""))
    secret = Secret(SlotKind.PASSPHRASE, PASSPHRASE)
    with pytest.raises(DamagedDatabaseError):
        copies.restore(path, tmp_path / "r", secret, clock=clock, ports=ports)
    assert not (tmp_path / "r" / "workspace.db").exists()
    assert not (tmp_path / "r" / "blobs").exists()


def test_the_daily_backup_sweeps_and_has_the_files(made):
    orphan = made.blobs.put(b"orphan")
    for path in made.blobs.paths():
        os.utime(path, (OLD, OLD))
    assert copies.daily_backup(made) is not None
    assert contents(made) == FILES
    assert made.blobs.damaged([orphan]) == (orphan,)


def test_after_a_rekey_the_files_open_under_the_new_key_alone(made, clock, ports):
    folder, old = made.folder, made.vault.blob_key
    made.close()
    rekeying.rekey(vaults.open_with_passphrase(folder, PASSPHRASE, ports), PASSPHRASE)
    before = BlobStore(folder / "blobs", old)
    clock.advance(hours=1)
    again = opened(folder, clock, ports)
    assert contents(again) == FILES
    assert len(again.blobs.paths()) == len(FILES)
    hashes = again.database.read(copies.attached_hashes)
    assert set(before.damaged(hashes)) == set(hashes)
    again.close()


@pytest.mark.parametrize("broken_at", ["_swap", "_sweep"])
def test_files_survive_a_rekey_that_is_broken_off(made, clock, ports, monkeypatch, broken_at):
    made.close()
    vault = vaults.open_with_passphrase(made.folder, PASSPHRASE, ports)

    def power_cut(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(rekeying, broken_at, power_cut)
    with pytest.raises(KeyboardInterrupt):
        rekeying.rekey(vault, PASSPHRASE)
    monkeypatch.undo()
    again = opened(made.folder, clock, ports)
    assert contents(again) == FILES
    again.close()


def test_a_lost_file_keeps_nobody_from_changing_the_keys(made, clock, ports):
    lost = made.blobs.paths()[0]
    lost.unlink()
    made.close()
    rekeying.rekey(vaults.open_with_passphrase(made.folder, PASSPHRASE, ports), PASSPHRASE)
    again = opened(made.folder, clock, ports)
    assert len(again.blobs.damaged(again.database.read(copies.attached_hashes))) == 1
    again.close()


def test_resealing_stops_when_asked(store, tmp_path):
    hashes = [store.put(bytes([n])) for n in range(3)]
    job = JobContext(lambda _progress: job.cancel())
    other = BlobStore(tmp_path / "other", SecretKey(b"\x04" * 32))
    with pytest.raises(JobCancelledError):
        store.reseal(other, hashes, job)
    assert len(other.paths()) == 1
