"""Changes of the keys are rows of the trail; the lock keeps within the company's bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InputRefusedError, NotAllowedError, WrongKeyError
from app.services.audit.queries import exported_rows, verify_trail
from app.services.settings import backups, commands, keys, locking
from app.services.workspace import vault as vaults
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.system_keyring import KeyringState, SystemKeyring
from app.services.workspace.vault import VaultPorts
from app.services.workspace.workspace import NewUser, create
from tests.services.workspace.vault_fakes import NEW_PASSPHRASE, PASSPHRASE, QUICK, memory_keyring


@pytest.fixture
def workspace(tmp_path, clock):
    ports = VaultPorts(policy=QUICK, clock=clock)
    made, _key = create(tmp_path / "w", PASSPHRASE, NewUser("P. Nilsson"), clock=clock, ports=ports)
    yield made
    made.close()


def acts(workspace):
    rows = workspace.database.read(lambda session: list(exported_rows(session)))
    return [row["values"]["event"]["new"] for row in rows if row["op"] == "event"]


def test_each_change_of_the_keys_is_a_row(workspace):
    keyring = memory_keyring()
    keys.switch_keyring(workspace, PASSPHRASE, keyring, is_on=True)
    keys.switch_keyring(workspace, PASSPHRASE, keyring, is_on=False)
    changes, recovery_key = keys.replace_recovery_key(workspace, PASSPHRASE)
    keys.change_passphrase(workspace, PASSPHRASE, NEW_PASSPHRASE)
    assert changes
    assert acts(workspace)[1:] == [
        "keyring_switched_on",
        "keyring_switched_off",
        "recovery_key_replaced",
        "passphrase_changed",
    ]
    assert workspace.database.read(verify_trail).ok
    slots = workspace.vault.slots_bytes()
    assert vaults.unlock_copy(slots, SlotKind.RECOVERY, recovery_key, QUICK.floor)


@pytest.mark.parametrize("is_on", [True, False])
def test_a_wrong_passphrase_leaves_keyring_and_trail_alone(workspace, is_on):
    keyring = memory_keyring()
    if not is_on:
        keys.switch_keyring(workspace, PASSPHRASE, keyring, is_on=True)
    before, slots = acts(workspace), workspace.vault.slots_bytes()
    with pytest.raises(WrongKeyError):
        keys.switch_keyring(workspace, NEW_PASSPHRASE, keyring, is_on=is_on)
    assert (acts(workspace), workspace.vault.slots_bytes()) == (before, slots)


def test_an_untrusted_keyring_is_answered_and_not_journalled(workspace):
    from keyring.backends import null

    before = acts(workspace)
    changes, answer = keys.switch_keyring(workspace, PASSPHRASE, SystemKeyring(null.Keyring()), is_on=True)
    assert (bool(changes), answer.state) == (False, KeyringState.UNTRUSTED)
    assert acts(workspace) == before


def test_switching_off_what_is_off_changes_nothing(workspace):
    changes, answer = keys.switch_keyring(workspace, PASSPHRASE, memory_keyring(), is_on=False)
    assert (bool(changes), answer.state) == (False, KeyringState.ABSENT)


def test_a_refused_passphrase_is_no_row(workspace):
    before = acts(workspace)
    with pytest.raises(NotAllowedError):
        keys.change_passphrase(workspace, PASSPHRASE, "short")
    assert acts(workspace) == before


def test_the_lock_is_ten_minutes_until_somebody_chooses(database):
    assert database.read(locking.lock_rule) == locking.LockRule(10, 1, 60, False)
    database.write(locking.set_lock_minutes, 5)
    assert database.read(locking.lock_rule).minutes == 5


@pytest.mark.parametrize("minutes", [0, 61, -1])
def test_minutes_beyond_the_bounds_are_refused(database, minutes):
    with pytest.raises(InputRefusedError, match="It stays at 10"):
        database.write(locking.set_lock_minutes, minutes)
    assert database.read(locking.lock_rule).minutes == 10


def test_a_stricter_company_wins_over_an_earlier_choice(database):
    database.write(locking.set_lock_minutes, 45)
    database.write(commands.configure, locking.POLICY_KEY, {"most_minutes": 15, "full": True})
    assert database.read(locking.lock_rule) == locking.LockRule(15, 1, 15, True)


ODD = st.one_of(st.none(), st.booleans(), st.text(max_size=4), st.integers(-(2**31), 2**31), st.just([]))


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(["least_minutes", "most_minutes", "full"]), ODD), ODD)
def test_whatever_is_configured_there_is_a_rule_within_an_hour(database, policy, minutes):
    database.write(commands.configure, locking.POLICY_KEY, policy)
    database.write(commands.configure, locking.LOCK_KEY, {"minutes": minutes})
    rule = database.read(locking.lock_rule)
    assert 1 <= rule.least <= rule.minutes <= rule.most <= 60


def test_backups_are_found_by_their_names(workspace, clock):
    assert backups.backup_facts(workspace.folder).count == 0
    first = backups.back_up_now(workspace)
    clock.advance(hours=2)
    last = backups.back_up_now(workspace)
    (last.parent / "letter.midesk-backup").write_bytes(b"not ours")
    facts = backups.backup_facts(workspace.folder)
    assert (facts.folder, facts.count, facts.last_bytes) == (last.parent, 2, last.stat().st_size)
    assert first != last
    assert facts.last_at.timestamp() * 1000 == clock.now()


def test_a_second_backup_in_the_same_second_is_refused(workspace):
    backups.back_up_now(workspace)
    with pytest.raises(NotAllowedError):
        backups.back_up_now(workspace)
    assert backups.backup_facts(workspace.folder).count == 1
