import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import DamagedKeySlotsError, NewerDatabaseError, WrongKeyError
from app.services.workspace.keys import ARGON2_FLOOR, SecretKey, WorkspaceKeys, digest
from app.services.workspace.keyslots import (
    KeySlots,
    SlotKind,
    open_passphrase,
    open_retired,
    open_strong,
    passphrase_slot,
    read_key_slots,
    retire,
    strong_slot,
    write_key_slots,
)
from tests.services.workspace.vault_fakes import NEW_PASSPHRASE, PASSPHRASE, QUICK, QUICK_COST

WORKSPACE = "0f" * 16
MASTER = SecretKey(b"m" * 32)
RECOVERY = SecretKey(b"r" * 30)


def make_slots(workspace_id: str = WORKSPACE, master: SecretKey = MASTER) -> KeySlots:
    return KeySlots(
        workspace_id=workspace_id,
        generation=1,
        key_id=WorkspaceKeys.derive(master, workspace_id).key_id,
        slots=(
            passphrase_slot(master, workspace_id, PASSPHRASE, QUICK),
            strong_slot(SlotKind.RECOVERY, master, workspace_id, RECOVERY),
        ),
    )


SLOTS = make_slots()
CONTENT = write_key_slots(SLOTS)


def resealed(change) -> bytes:
    fields = json.loads(CONTENT)
    del fields["checksum"]
    change(fields)
    fields["checksum"] = digest((json.dumps(fields, sort_keys=True, indent=1) + "\n").encode())
    return (json.dumps(fields, sort_keys=True, indent=1) + "\n").encode()


def test_what_is_written_reads_back_and_opens():
    slots = read_key_slots(CONTENT, QUICK_COST)
    assert slots == SLOTS
    assert open_passphrase(slots, PASSPHRASE).master == MASTER
    assert open_strong(slots, SlotKind.RECOVERY, RECOVERY).master == MASTER


def test_the_master_key_is_nowhere_in_the_file():
    assert MASTER.hex().encode() not in CONTENT
    assert MASTER.reveal() not in CONTENT
    assert PASSPHRASE.encode() not in CONTENT


def test_wrapping_twice_never_gives_the_same_bytes():
    again = make_slots()
    assert {slot.salt for slot in SLOTS.slots}.isdisjoint(slot.salt for slot in again.slots)
    assert {slot.wrapped.nonce for slot in SLOTS.slots}.isdisjoint(slot.wrapped.nonce for slot in again.slots)


def test_a_file_cut_at_any_length_is_damaged():
    for length in range(len(CONTENT)):
        with pytest.raises(DamagedKeySlotsError):
            read_key_slots(CONTENT[:length], QUICK_COST)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
def test_every_changed_byte_is_damage(mask):
    for place in range(len(CONTENT)):
        flipped = CONTENT[:place] + bytes([CONTENT[place] ^ mask]) + CONTENT[place + 1 :]
        with pytest.raises(DamagedKeySlotsError):
            read_key_slots(flipped, QUICK_COST)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_otherwise(content):
    with pytest.raises(DamagedKeySlotsError):
        read_key_slots(content, QUICK_COST)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_no_json_makes_it_fail_otherwise(document):
    with pytest.raises(DamagedKeySlotsError):
        read_key_slots(json.dumps(document).encode(), QUICK_COST)


@pytest.mark.parametrize("content", [b"[" * 60_000, b'{"a":' * 10_000, b"9" * 60_000, b" " * 70_000])
def test_hostile_json_is_damage(content):
    with pytest.raises(DamagedKeySlotsError):
        read_key_slots(content, QUICK_COST)


def drop(name):
    return lambda fields: fields.pop(name)


def put(value, *path):
    def change(fields):
        for step in path[:-1]:
            fields = fields[step]
        fields[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        drop("slots"),
        drop("workspace"),
        drop("key_id"),
        drop("retired"),
        put("x", "format"),
        put("not an id", "workspace"),
        put(7, "workspace"),
        put("ab", "slots", 0, "wrapped", "nonce"),
        put("ab", "slots", 0, "wrapped", "sealed"),
        put("zz", "slots", 0, "kdf", "salt"),
        put("scrypt", "slots", 0, "kdf", "name"),
        put("hkdf-sha256", "slots", 0, "kdf", "name"),
        put(1 << 40, "slots", 0, "kdf", "memory_kib"),
        put(0, "slots", 0, "kdf", "time"),
        put(10**9, "slots", 0, "kdf", "time"),
        put("door", "slots", 0, "kind"),
        put("recovery", "slots", 0, "kind"),
        put("keyring", "slots", 1, "kind"),
        lambda fields: fields["slots"].pop(),
        lambda fields: fields["slots"].append(fields["slots"][0]),
    ],
)
def test_a_file_that_says_what_it_must_not_is_damaged(change):
    with pytest.raises(DamagedKeySlotsError):
        read_key_slots(resealed(change), QUICK_COST)


def test_a_newer_format_is_told_from_damage():
    with pytest.raises(NewerDatabaseError, match="newer version"):
        read_key_slots(resealed(put(2, "format")), QUICK_COST)


def test_a_derivation_below_the_floor_is_refused():
    with pytest.raises(DamagedKeySlotsError):
        read_key_slots(CONTENT, ARGON2_FLOOR)


def test_a_wrong_passphrase_is_told_from_damage():
    with pytest.raises(WrongKeyError, match="does not open") as wrong:
        open_passphrase(SLOTS, NEW_PASSPHRASE)
    with pytest.raises(DamagedKeySlotsError) as damaged:
        read_key_slots(CONTENT[:-9], QUICK_COST)
    assert str(wrong.value) != str(damaged.value)
    assert "delet" not in (str(wrong.value) + str(damaged.value)).lower()


def test_a_slot_of_another_workspace_does_not_open_here():
    elsewhere = make_slots("aa" * 16)
    moved = KeySlots(WORKSPACE, 1, SLOTS.key_id, elsewhere.slots)
    with pytest.raises(WrongKeyError):
        open_passphrase(moved, PASSPHRASE)


def test_a_slot_of_an_older_master_key_does_not_open():
    older = make_slots(master=SecretKey(b"o" * 32))
    with pytest.raises(DamagedKeySlotsError):
        open_passphrase(SLOTS.with_slot(older.slots[0]), PASSPHRASE)


def test_a_secret_of_one_kind_does_not_open_a_slot_of_another():
    slots = SLOTS.with_slot(strong_slot(SlotKind.KEYRING, MASTER, WORKSPACE, SecretKey(b"k" * 32)))
    with pytest.raises(WrongKeyError):
        open_strong(slots, SlotKind.KEYRING, RECOVERY)
    with pytest.raises(WrongKeyError):
        open_strong(SLOTS, SlotKind.KEYRING, SecretKey(b"k" * 32))


def test_a_retired_key_opens_only_with_the_new_one():
    old, new = (WorkspaceKeys.derive(SecretKey(letter * 32), WORKSPACE) for letter in (b"o", b"n"))
    slots = KeySlots(WORKSPACE, 2, new.key_id, SLOTS.slots, retire(old, new, WORKSPACE))
    assert read_key_slots(write_key_slots(slots), QUICK_COST) == slots
    assert open_retired(slots, new) == old
    with pytest.raises(DamagedKeySlotsError):
        open_retired(slots, old)
    assert open_retired(SLOTS, new) is None
