import contextlib
import logging
import shutil

import pytest

from app.errors import (
    DamagedKeySlotsError,
    EnvironmentFaultError,
    NotAllowedError,
    UnsafeLocationError,
    WorkspaceBusyError,
    WorkspaceMissingError,
    WrongKeyError,
)
from app.services.workspace import vault
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.slot_store import SLOT_FILE
from app.services.workspace.system_keyring import KeyringState
from app.services.workspace.unlock_attempts import ATTEMPTS_FILE, KeyPurpose, TooEarlyError
from tests.services.workspace.vault_fakes import (
    NEW_PASSPHRASE,
    PASSPHRASE,
    CrashError,
    FailingDisk,
    FakeClock,
    MemoryBackend,
    local_host,
    memory_keyring,
    quick_ports,
)

MOMENTS = ["before", "halfway", "after"]
WRONG = "nine wrong sparrows"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "workspace"


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def ports(clock):
    return quick_ports(clock=clock)


@pytest.fixture
def created(folder, ports):
    return vault.create(folder, PASSPHRASE, ports)


@pytest.fixture
def opened(created):
    return created[0]


@pytest.fixture
def recovery_key(created):
    return created[1]


def opens_with(folder, passphrase):
    """Try a passphrase on a copy, so that the try itself leaves no trace."""
    copy = folder.with_name(f"{folder.name}-copy")
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(ATTEMPTS_FILE))
    try:
        return vault.open_with_passphrase(copy, passphrase, quick_ports()).keys
    except WrongKeyError:
        return None
    finally:
        shutil.rmtree(copy)


def test_a_new_workspace_opens_with_both_ways_in(folder, ports, opened, recovery_key):
    by_passphrase = vault.open_with_passphrase(folder, PASSPHRASE, ports)
    by_recovery = vault.open_with_recovery_key(folder, recovery_key.lower().replace("-", " "), ports)
    assert by_passphrase.keys == by_recovery.keys == opened.keys
    assert by_passphrase.opened_by is SlotKind.PASSPHRASE
    assert by_recovery.opened_by is SlotKind.RECOVERY
    assert by_passphrase.retired_keys is None


def test_every_workspace_has_keys_of_its_own(tmp_path, ports):
    one, two = (vault.create(tmp_path / name, PASSPHRASE, ports)[0] for name in "ab")
    assert one.database_key != two.database_key
    assert one.workspace_id != two.workspace_id
    assert len({key.hex() for key in (one.database_key, one.blob_key, one.backup_key)}) == 3


def test_the_default_derivation_opens_too(folder):
    strong = vault.VaultPorts(host=local_host())
    made, _key = vault.create(folder, PASSPHRASE, strong)
    assert b'"memory_kib": 65536' in made.slots_bytes()
    assert vault.open_with_passphrase(folder, PASSPHRASE, strong).keys == made.keys


def test_nothing_secret_is_written_or_logged(folder, ports, caplog):
    with caplog.at_level(logging.DEBUG):
        made, text = vault.create(folder, PASSPHRASE, ports)
        vault.open_with_recovery_key(folder, text, ports)
        made.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
        rekey = made.prepare_rekey(NEW_PASSPHRASE)
        shown = f"{caplog.text} {made!r} {rekey!r} {vars(made)}"
    written = b"".join(path.read_bytes() for path in folder.iterdir()).decode()
    for secret in (
        PASSPHRASE, NEW_PASSPHRASE, text, text.replace("-", ""), rekey.recovery_key,
        made.keys.master.hex(), made.database_key.hex(), rekey.keys.master.hex(),
    ):  # fmt: skip
        assert secret not in shown
        assert secret not in written


def test_the_folder_is_private(opened, folder):
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_workspace_is_never_made_over_another(opened, folder, ports):
    with pytest.raises(NotAllowedError, match="already"):
        vault.create(folder, NEW_PASSPHRASE, ports)
    assert opens_with(folder, PASSPHRASE) == opened.keys


def test_a_weak_passphrase_makes_nothing(folder, ports):
    with pytest.raises(NotAllowedError):
        vault.create(folder, "short", ports)
    assert not folder.exists()


def test_an_unsafe_folder_is_refused_at_creation_and_opening(tmp_path, opened, folder, ports):
    cloud = tmp_path / "Dropbox" / "MI"
    with pytest.raises(UnsafeLocationError):
        vault.create(cloud, PASSPHRASE, ports)
    assert not cloud.exists()
    cloud.parent.mkdir()
    folder.rename(cloud)
    with pytest.raises(UnsafeLocationError):
        vault.open_with_passphrase(cloud, PASSPHRASE, ports)


def test_no_workspace_wrong_key_and_damage_are_three_messages(tmp_path, folder, opened, recovery_key, ports):
    messages = []
    for error, attempt in (
        (WorkspaceMissingError, lambda: vault.open_with_passphrase(tmp_path, PASSPHRASE, ports)),
        (WrongKeyError, lambda: vault.open_with_passphrase(folder, WRONG, ports)),
    ):
        with pytest.raises(error) as raised:
            attempt()
        messages.append(str(raised.value))
    (folder / SLOT_FILE).write_bytes(b"{")
    for way_in in (
        lambda: vault.open_with_passphrase(folder, PASSPHRASE, ports),
        lambda: vault.open_with_recovery_key(folder, recovery_key, ports),
        lambda: vault.open_with_keyring(folder, memory_keyring(), ports),
    ):
        with pytest.raises(DamagedKeySlotsError) as raised:
            way_in()
    messages.append(str(raised.value))
    assert len(set(messages)) == 3
    assert not any("delet" in message.lower() for message in messages)


def test_a_recovery_key_of_another_workspace_is_wrong(tmp_path, folder, opened, ports):
    _other, text = vault.create(tmp_path / "other", PASSPHRASE, ports)
    with pytest.raises(WrongKeyError, match="another workspace"):
        vault.open_with_recovery_key(folder, text, ports)


def test_wrong_tries_are_counted_and_slow_down(folder, opened, ports, clock):
    for wait in (1000, 2000, 4000):
        with pytest.raises(WrongKeyError):
            vault.open_with_passphrase(folder, WRONG, ports)
        with pytest.raises(TooEarlyError):
            vault.open_with_passphrase(folder, PASSPHRASE, ports)
        clock.millis += wait
    again = vault.open_with_passphrase(folder, PASSPHRASE, ports)
    assert [one.purpose for one in again.attempts.read().failures] == [KeyPurpose.UNLOCK] * 3
    assert again.attempts.next_try_at() == clock.millis


def test_a_mistyped_recovery_key_costs_no_try(folder, opened, recovery_key, ports):
    with pytest.raises(WrongKeyError):
        vault.open_with_recovery_key(folder, recovery_key[:-1], ports)
    assert opened.attempts.read().failures == ()


def test_a_full_disk_does_not_lock_the_owner_out(folder, opened, clock):
    full = quick_ports(FailingDisk(1, "before", OSError(28, "full")), clock)
    with pytest.raises(WrongKeyError):
        vault.open_with_passphrase(folder, WRONG, full)
    assert vault.open_with_passphrase(folder, PASSPHRASE, full).keys == opened.keys


def test_signing_asks_for_the_passphrase_and_counts_failures(opened, clock):
    opened.verify_passphrase(PASSPHRASE)
    with pytest.raises(WrongKeyError):
        opened.verify_passphrase(WRONG)
    with pytest.raises(TooEarlyError):
        opened.verify_passphrase(PASSPHRASE)
    clock.millis += 1000
    opened.verify_passphrase(PASSPHRASE, KeyPurpose.SCREEN)
    assert [one.purpose for one in opened.attempts.read().failures] == [KeyPurpose.SIGN]


def test_a_changed_passphrase_replaces_the_old_one(folder, opened, recovery_key, ports):
    opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
    opened.verify_passphrase(NEW_PASSPHRASE)
    assert opens_with(folder, PASSPHRASE) is None
    assert opens_with(folder, NEW_PASSPHRASE) == opened.keys


def test_after_the_first_unlock_the_old_passphrase_is_nowhere(folder, opened):
    opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
    assert (folder / f"{SLOT_FILE}.previous").exists()
    vault.open_with_passphrase(folder, NEW_PASSPHRASE, quick_ports())
    assert [path.name for path in folder.glob(f"{SLOT_FILE}*")] == [SLOT_FILE]
    (folder / SLOT_FILE).write_bytes(b"{")
    with pytest.raises(DamagedKeySlotsError):
        opens_with(folder, PASSPHRASE)


def test_the_recovery_key_outlives_a_change_of_passphrase(folder, opened, recovery_key, ports):
    opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
    assert vault.open_with_recovery_key(folder, recovery_key, ports).keys == opened.keys


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (WRONG, NEW_PASSPHRASE, WrongKeyError),
        (PASSPHRASE, "short", NotAllowedError),
        (PASSPHRASE, PASSPHRASE, NotAllowedError),
    ],
)
def test_a_refused_change_of_passphrase_changes_nothing(folder, opened, old, new, error):
    before = opened.slots_bytes()
    with pytest.raises(error):
        opened.change_passphrase(old, new)
    assert opened.slots_bytes() == before
    assert opens_with(folder, PASSPHRASE) == opened.keys


def test_the_recovery_key_gives_a_new_passphrase(folder, opened, recovery_key):
    opened.recover_passphrase(recovery_key, NEW_PASSPHRASE)
    assert opens_with(folder, NEW_PASSPHRASE) == opened.keys
    assert opens_with(folder, PASSPHRASE) is None


def test_a_new_recovery_key_ends_the_old_one(folder, opened, recovery_key, ports, clock):
    text = opened.replace_recovery_key(PASSPHRASE)
    assert vault.open_with_recovery_key(folder, text, ports).keys == opened.keys
    with pytest.raises(WrongKeyError):
        vault.open_with_recovery_key(folder, recovery_key, ports)


def each_crash(tmp_path, change):
    """Crash at every step of a change; give the folder, its keys and its recovery key."""
    for moment in MOMENTS:
        step, reached = 0, True
        while reached:
            step += 1
            folder = tmp_path / f"{moment}-{step}"
            made, text = vault.create(folder, PASSPHRASE, quick_ports())
            disk = FailingDisk(step, moment, CrashError())
            try:
                change(vault.open_with_passphrase(folder, PASSPHRASE, quick_ports(disk)), text)
            except CrashError:
                yield folder, made.keys, text
            reached = disk.calls >= step


def recover(opened, text):
    opened.recover_passphrase(text, NEW_PASSPHRASE)


@pytest.mark.parametrize(
    "change", [lambda opened, _text: opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE), recover]
)
def test_a_crash_at_any_step_of_a_new_passphrase_leaves_a_way_in(tmp_path, change):
    outcomes = set()
    for folder, keys, text in each_crash(tmp_path, change):
        found = (opens_with(folder, PASSPHRASE), opens_with(folder, NEW_PASSPHRASE))
        assert found in ((keys, None), (None, keys))
        assert vault.open_with_recovery_key(folder, text, quick_ports()).keys == keys
        outcomes.add(found.index(None))
    assert outcomes == {0, 1}


def test_a_failing_disk_at_any_step_leaves_a_way_in(tmp_path):
    for step in range(1, 9):
        folder = tmp_path / str(step)
        made, _text = vault.create(folder, PASSPHRASE, quick_ports())
        disk = FailingDisk(step, "halfway" if step % 2 else "before", OSError(5, "io"))
        with contextlib.suppress(EnvironmentFaultError):
            vault.open_with_passphrase(folder, PASSPHRASE, quick_ports(disk)).change_passphrase(
                PASSPHRASE, NEW_PASSPHRASE
            )
        assert made.keys in (opens_with(folder, PASSPHRASE), opens_with(folder, NEW_PASSPHRASE))


@pytest.mark.parametrize("mask", [0x01, 0x40])
def test_no_damage_ever_opens_with_other_keys(folder, opened, recovery_key, mask):
    content = (folder / SLOT_FILE).read_bytes()
    for place in range(0, len(content), 7):
        spoilt = content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :]
        (folder / SLOT_FILE).write_bytes(spoilt)
        with pytest.raises((DamagedKeySlotsError, WrongKeyError)):
            vault.open_with_passphrase(folder, PASSPHRASE, quick_ports())
        assert (folder / SLOT_FILE).read_bytes() == spoilt


def test_damage_right_after_a_change_opens_by_the_previous_slots(folder, opened):
    opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
    (folder / SLOT_FILE).write_bytes(b"half a fi")
    again = vault.open_with_passphrase(folder, PASSPHRASE, quick_ports())
    assert again.opened_from_previous
    assert again.keys == opened.keys
    again.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
    assert opens_with(folder, NEW_PASSPHRASE) == opened.keys


def test_two_windows_do_not_undo_each_others_changes(folder, opened, ports):
    other = vault.open_with_passphrase(folder, PASSPHRASE, ports)
    opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
    text = other.replace_recovery_key(NEW_PASSPHRASE)
    assert opens_with(folder, NEW_PASSPHRASE) == opened.keys
    assert vault.open_with_recovery_key(folder, text, ports).keys == opened.keys


class TestKeyring:
    @pytest.fixture
    def backend(self):
        return MemoryBackend()

    @pytest.fixture
    def keyring(self, backend):
        return memory_keyring(backend)

    def test_it_opens_the_workspace_once_added(self, folder, opened, ports, keyring):
        assert not opened.has_keyring_slot
        assert opened.add_keyring_slot(PASSPHRASE, keyring).state is KeyringState.DONE
        opening = vault.open_with_keyring(folder, keyring, ports)
        assert opening.vault is not None
        assert opening.vault.keys == opened.keys
        assert opening.vault.opened_by is SlotKind.KEYRING
        assert opened.has_keyring_slot

    def test_it_never_signs(self, folder, opened, ports, keyring, backend):
        opened.add_keyring_slot(PASSPHRASE, keyring)
        by_keyring = vault.open_with_keyring(folder, keyring, ports).vault
        (secret,) = backend.secrets.values()
        with pytest.raises(WrongKeyError):
            by_keyring.verify_passphrase(secret)

    def test_adding_it_asks_for_the_passphrase(self, opened, keyring, backend):
        with pytest.raises(WrongKeyError):
            opened.add_keyring_slot(WRONG, keyring)
        assert backend.secrets == {}
        assert not opened.has_keyring_slot

    def test_it_never_holds_the_master_key(self, opened, keyring, backend):
        opened.add_keyring_slot(PASSPHRASE, keyring)
        (secret,) = backend.secrets.values()
        assert secret != opened.keys.master.hex()

    def test_without_a_slot_it_says_so(self, folder, opened, ports, keyring):
        opening = vault.open_with_keyring(folder, keyring, ports)
        assert (opening.vault, opening.answer.state) == (None, KeyringState.ABSENT)

    def test_a_lost_secret_leaves_the_passphrase(self, folder, opened, ports, keyring, backend):
        opened.add_keyring_slot(PASSPHRASE, keyring)
        backend.secrets.clear()
        opening = vault.open_with_keyring(folder, keyring, ports)
        assert (opening.vault, opening.answer.state) == (None, KeyringState.ABSENT)
        assert opens_with(folder, PASSPHRASE) == opened.keys

    def test_a_changed_secret_is_counted_and_does_not_slow_the_person(
        self, folder, opened, ports, keyring, backend
    ):
        opened.add_keyring_slot(PASSPHRASE, keyring)
        backend.secrets.update(dict.fromkeys(backend.secrets, "ab" * 32))
        opening = vault.open_with_keyring(folder, keyring, ports)
        assert (opening.vault, opening.answer.state) == (None, KeyringState.WRONG)
        again = vault.open_with_passphrase(folder, PASSPHRASE, ports)
        assert [one.kind for one in again.attempts.read().failures] == [SlotKind.KEYRING]

    def test_opening_by_it_does_not_end_the_delay_of_a_guesser(self, folder, opened, ports, keyring):
        opened.add_keyring_slot(PASSPHRASE, keyring)
        with pytest.raises(WrongKeyError):
            vault.open_with_passphrase(folder, WRONG, ports)
        by_keyring = vault.open_with_keyring(folder, keyring, ports).vault
        with pytest.raises(TooEarlyError):
            by_keyring.verify_passphrase(PASSPHRASE)

    def test_an_unusable_one_changes_nothing(self, opened, backend):
        before = opened.slots_bytes()
        untrusted = vault.SystemKeyring(backend)
        assert opened.add_keyring_slot(PASSPHRASE, untrusted).state is KeyringState.UNTRUSTED
        assert opened.slots_bytes() == before

    def test_adding_it_again_leaves_one_secret(self, folder, opened, ports, keyring, backend):
        opened.add_keyring_slot(PASSPHRASE, keyring)
        opened.add_keyring_slot(PASSPHRASE, keyring)
        assert len(backend.secrets) == 1
        assert vault.open_with_keyring(folder, keyring, ports).vault is not None

    def test_a_failed_write_leaves_no_secret_behind(self, folder, opened, keyring, backend):
        disk = FailingDisk(1, "before", OSError(28, "full"))
        failing = vault.open_with_passphrase(folder, PASSPHRASE, quick_ports())
        failing._store = quick_ports(disk).store(folder)
        with pytest.raises(EnvironmentFaultError):
            failing.add_keyring_slot(PASSPHRASE, keyring)
        assert backend.secrets == {}

    def test_removing_it_ends_this_way_in(self, folder, opened, ports, keyring, backend):
        opened.add_keyring_slot(PASSPHRASE, keyring)
        assert opened.remove_keyring_slot(keyring).state is KeyringState.DONE
        assert backend.secrets == {}
        assert vault.open_with_keyring(folder, keyring, ports).vault is None
        assert opens_with(folder, PASSPHRASE) == opened.keys
        assert opened.remove_keyring_slot(keyring).state is KeyringState.ABSENT


class TestRekey:
    def test_preparing_writes_nothing(self, folder, opened):
        before = opened.slots_bytes()
        rekey = opened.prepare_rekey(PASSPHRASE)
        assert opened.slots_bytes() == before
        assert rekey.keys.database_key != opened.database_key

    def test_preparing_asks_for_the_passphrase(self, opened):
        with pytest.raises(WrongKeyError):
            opened.prepare_rekey(WRONG)

    def test_between_commit_and_finish_both_keys_are_there(self, folder, opened, ports):
        old = opened.keys
        rekey = opened.prepare_rekey(PASSPHRASE)
        opened.commit_rekey(rekey)
        for found in (opened, vault.open_with_passphrase(folder, PASSPHRASE, ports)):
            assert found.keys == rekey.keys
            assert found.retired_keys == old
        by_recovery = vault.open_with_recovery_key(folder, rekey.recovery_key, ports)
        assert (by_recovery.keys, by_recovery.retired_keys) == (rekey.keys, old)

    def test_a_new_passphrase_in_between_keeps_both_keys(self, folder, opened, ports):
        old = opened.keys
        opened.commit_rekey(opened.prepare_rekey(PASSPHRASE))
        opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
        assert vault.open_with_passphrase(folder, NEW_PASSPHRASE, ports).retired_keys == old

    def test_finishing_drops_the_old_key(self, folder, opened, recovery_key, ports):
        rekey = opened.prepare_rekey(PASSPHRASE)
        opened.commit_rekey(rekey)
        opened.finish_rekey()
        opened.finish_rekey()
        again = vault.open_with_passphrase(folder, PASSPHRASE, ports)
        assert (again.keys, again.retired_keys) == (rekey.keys, None)
        with pytest.raises(WrongKeyError):
            vault.open_with_recovery_key(folder, recovery_key, ports)

    def test_two_at_once_are_refused(self, opened):
        opened.commit_rekey(opened.prepare_rekey(PASSPHRASE))
        with pytest.raises(WorkspaceBusyError, match="not finished"):
            opened.prepare_rekey(PASSPHRASE)

    def test_the_keyring_way_in_ends_with_the_old_key(self, folder, opened, ports):
        backend = MemoryBackend()
        keyring = memory_keyring(backend)
        opened.add_keyring_slot(PASSPHRASE, keyring)
        opened.commit_rekey(opened.prepare_rekey(PASSPHRASE), keyring)
        assert backend.secrets == {}
        assert not opened.has_keyring_slot

    def test_another_window_with_the_old_key_changes_nothing(self, folder, opened, ports):
        other = vault.open_with_passphrase(folder, PASSPHRASE, ports)
        opened.commit_rekey(opened.prepare_rekey(PASSPHRASE))
        with pytest.raises(WorkspaceBusyError, match="open it again"):
            other.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
        with pytest.raises(WorkspaceBusyError):
            other.finish_rekey()

    def test_a_crash_at_any_step_leaves_the_key_of_the_database(self, tmp_path):
        def rekey(opened, _text):
            opened.commit_rekey(opened.prepare_rekey(PASSPHRASE))
            opened.finish_rekey()

        points = 0
        for folder, old, _text in each_crash(tmp_path, rekey):
            points += 1
            found = vault.open_with_passphrase(folder, PASSPHRASE, quick_ports())
            finished = found.keys != old and found.retired_keys is None
            assert finished or old in (found.keys, found.retired_keys)
        assert points >= 20


class TestCopies:
    def test_a_copy_of_the_slots_gives_the_keys_of_its_day(self, opened, recovery_key, ports):
        copy, floor = opened.slots_bytes(), ports.policy.floor
        opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
        assert vault.unlock_copy(copy, SlotKind.PASSPHRASE, PASSPHRASE, floor) == opened.keys
        assert vault.unlock_copy(copy, SlotKind.RECOVERY, recovery_key, floor) == opened.keys
        with pytest.raises(WrongKeyError):
            vault.unlock_copy(copy, SlotKind.PASSPHRASE, NEW_PASSPHRASE, floor)
        with pytest.raises(DamagedKeySlotsError):
            vault.unlock_copy(copy[:-1], SlotKind.PASSPHRASE, PASSPHRASE, floor)

    def test_restored_slots_open_in_a_new_folder(self, tmp_path, opened, ports):
        vault.restore_slots(tmp_path / "restored", opened.slots_bytes(), ports)
        assert opens_with(tmp_path / "restored", PASSPHRASE) == opened.keys

    def test_restoring_never_overwrites_a_workspace(self, tmp_path, opened, ports):
        other, _text = vault.create(tmp_path / "other", NEW_PASSPHRASE, ports)
        with pytest.raises(NotAllowedError):
            vault.restore_slots(tmp_path / "other", opened.slots_bytes(), ports)
        assert opens_with(tmp_path / "other", NEW_PASSPHRASE) == other.keys
