"""Backup, restore and re-key of a whole workspace."""

import pytest
from sqlalchemy import select

from app.errors import DamagedDatabaseError, NotAllowedError, WorkspaceBusyError, WrongKeyError
from app.models.audit import JournalRow
from app.models.product import Product
from app.services.audit.queries import verify_trail
from app.services.workspace import copies, rekeying
from app.services.workspace import vault as vaults
from app.services.workspace.copies import Secret
from app.services.workspace.keys import ARGON2_FLOOR, KdfPolicy
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create, open_workspace

PASSPHRASE = "seven quiet herons at noon"
BY_PASSPHRASE = Secret(SlotKind.PASSPHRASE, PASSPHRASE)


@pytest.fixture
def ports(clock):
    return VaultPorts(policy=KdfPolicy(cost=ARGON2_FLOOR), clock=clock)


@pytest.fixture
def made(tmp_path, clock, ports):
    workspace, recovery = create(tmp_path / "w", PASSPHRASE, NewUser("Priya"), clock=clock, ports=ports)
    add(workspace, "Atorvastatin")
    yield workspace, recovery
    workspace.close()


def add(workspace, name):
    with workspace.database.unit() as uow:
        uow.session.add(Product(name=name))
        uow.commit()


def names(workspace):
    return workspace.database.read(lambda s: sorted(s.scalars(select(Product.name))))


def opened(folder, clock, ports, passphrase=PASSPHRASE):
    return open_workspace(vaults.open_with_passphrase(folder, passphrase, ports), clock=clock)


@pytest.mark.parametrize("by", ["passphrase", "recovery"])
def test_a_restored_workspace_is_a_new_device_on_the_same_chain(tmp_path, made, clock, ports, by):
    workspace, recovery = made
    copies.backup(workspace, tmp_path / "b.midesk-backup")
    add(workspace, "after the backup")
    secret = BY_PASSPHRASE if by == "passphrase" else Secret(SlotKind.RECOVERY, recovery)
    identity = copies.restore(tmp_path / "b.midesk-backup", tmp_path / "r", secret, clock=clock, ports=ports)
    restored = opened(tmp_path / "r", clock, ports)
    assert names(restored) == ["Atorvastatin"]
    assert restored.identity.device == identity.device != workspace.identity.device
    assert restored.identity.user == workspace.identity.user
    assert restored.database.read(verify_trail).ok
    devices = restored.database.read(lambda s: s.scalars(select(JournalRow.device)).all())
    assert set(devices) == {workspace.identity.device, identity.device}
    restored.close()


def test_a_wrong_passphrase_restores_nothing(tmp_path, made, clock, ports):
    copies.backup(made[0], tmp_path / "b")
    with pytest.raises(WrongKeyError):
        copies.restore(
            tmp_path / "b", tmp_path / "r", Secret(SlotKind.PASSPHRASE, "not this one at all"), ports=ports
        )
    assert not (tmp_path / "r" / "workspace.db").exists()


def test_a_damaged_backup_restores_nothing(tmp_path, made, clock, ports):
    path = copies.backup(made[0], tmp_path / "b")
    content = bytearray(path.read_bytes())
    content[-5000] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedDatabaseError):
        copies.restore(path, tmp_path / "r", BY_PASSPHRASE, clock=clock, ports=ports)
    assert not (tmp_path / "r" / "workspace.db").exists()


def test_a_folder_with_a_workspace_is_left_as_it_is(tmp_path, made, clock, ports):
    copies.backup(made[0], tmp_path / "b")
    with pytest.raises(NotAllowedError):
        copies.restore(tmp_path / "b", tmp_path / "w", BY_PASSPHRASE, clock=clock, ports=ports)
    assert names(made[0]) == ["Atorvastatin"]


def test_one_backup_a_day_is_kept_for_a_week_and_then_weekly(made, clock):
    workspace, _ = made
    assert copies.daily_backup(workspace) is not None
    assert copies.daily_backup(workspace) is None
    for _ in range(20):
        clock.advance(days=1)
        copies.daily_backup(workspace)
    kept = list((workspace.folder / "backups").glob("*.midesk-backup"))
    assert 8 <= len(kept) <= 11


def test_rekey_needs_the_workspace_alone(made, clock, ports):
    workspace, _ = made
    with pytest.raises(WorkspaceBusyError):
        rekeying.rekey(workspace.vault, PASSPHRASE)
    assert names(workspace) == ["Atorvastatin"]


def test_after_a_rekey_only_the_new_keys_open(made, clock, ports):
    workspace, recovery = made
    old_key = workspace.vault.database_key
    workspace.close()
    vault = vaults.open_with_passphrase(workspace.folder, PASSPHRASE, ports)
    fresh = rekeying.rekey(vault, PASSPHRASE)
    assert fresh != recovery
    with pytest.raises(WrongKeyError):
        vaults.open_with_recovery_key(workspace.folder, recovery, ports)
    clock.advance(hours=1)
    again = open_workspace(vaults.open_with_recovery_key(workspace.folder, fresh, ports), clock=clock)
    assert again.vault.database_key != old_key
    assert names(again) == ["Atorvastatin"]
    assert again.database.read(verify_trail).ok
    again.close()


def test_a_rekey_broken_off_before_the_swap_is_finished_at_the_next_unlock(made, clock, ports, monkeypatch):
    workspace, _ = made
    old_key = workspace.vault.database_key
    workspace.close()
    vault = vaults.open_with_passphrase(workspace.folder, PASSPHRASE, ports)

    def power_cut(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(rekeying, "_swap", power_cut)
    with pytest.raises(KeyboardInterrupt):
        rekeying.rekey(vault, PASSPHRASE)
    monkeypatch.undo()
    again = opened(workspace.folder, clock, ports)
    assert names(again) == ["Atorvastatin"]
    assert again.vault.retired_keys is None
    assert again.vault.database_key != old_key
    again.close()
