import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnvironmentFaultError, NotAllowedError
from app.services.workspace import keys
from app.services.workspace.keys import (
    ARGON2_DEFAULT,
    ARGON2_FLOOR,
    Argon2Cost,
    KdfPolicy,
    SecretKey,
    WorkspaceKeys,
    harden,
    refuse_weak,
    spelled_alike,
)
from tests.services.workspace.vault_fakes import QUICK_COST

MASTER = SecretKey(b"\x01" * 32)


def test_a_secret_shows_nothing_of_itself(caplog):
    secret = SecretKey(b"hunter2hunter2")
    derived = WorkspaceKeys.derive(secret, "ab" * 16)
    with caplog.at_level(logging.INFO):
        logging.getLogger("any").info("%s %r %s", secret, [secret], derived)
    shown = caplog.text + str(secret) + f"{secret}"
    assert "hunter2" not in shown
    assert secret.hex() not in shown
    assert derived.database_key.hex() not in shown


def test_a_secret_is_not_pickled_and_not_hashed():
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(MASTER)
    with pytest.raises(TypeError):
        hash(MASTER)


def test_secrets_compare_by_content():
    assert SecretKey(b"a") == SecretKey(b"a")
    assert SecretKey(b"a") != SecretKey(b"b")
    assert SecretKey(b"a") != b"a"


def test_every_purpose_and_workspace_has_its_own_key():
    derived = [WorkspaceKeys.derive(MASTER, workspace * 32) for workspace in "ab"]
    all_keys = {
        key.hex() for one in derived for key in (one.master, one.database_key, one.blob_key, one.backup_key)
    }
    assert len(all_keys) == 7
    assert all(len(one.database_key.reveal()) == 32 for one in derived)
    assert derived[0].key_id not in "".join(all_keys)


def test_derived_keys_never_change_between_versions():
    # Changing this vector means that no existing workspace opens any more.
    derived = WorkspaceKeys.derive(MASTER, "ab" * 16)
    assert derived.database_key.hex() == DATABASE_KEY_VECTOR
    assert harden("seven quiet herons", b"0123456789abcdef", QUICK_COST).hex() == PASSPHRASE_VECTOR


def test_spellings_that_look_alike_are_the_same_passphrase():
    assert spelled_alike("cafe\u0301 noir") == spelled_alike("caf\u00e9\u00a0noir")
    assert spelled_alike("Heron") != spelled_alike("heron")


@given(st.text())
def test_any_text_can_be_a_passphrase(text):
    assert spelled_alike(text) == spelled_alike(text)


@pytest.mark.parametrize("passphrase", ["", "short", "        ", "seven7 "])
def test_a_short_new_passphrase_is_refused(passphrase):
    with pytest.raises(NotAllowedError, match="needs at least 8"):
        refuse_weak(passphrase)


def test_the_defaults_are_those_of_the_design():
    assert Argon2Cost(memory_kib=65536, time=3, lanes=4) == ARGON2_DEFAULT
    assert (ARGON2_FLOOR.memory_kib, ARGON2_FLOOR.time) == (19456, 2)
    assert KdfPolicy().cost == ARGON2_DEFAULT


@pytest.mark.parametrize(
    "cost",
    [
        Argon2Cost(memory_kib=19455, time=2, lanes=1),
        Argon2Cost(memory_kib=19456, time=1, lanes=1),
        Argon2Cost(memory_kib=1 << 30, time=2, lanes=1),
        Argon2Cost(memory_kib=65536, time=21, lanes=1),
        Argon2Cost(memory_kib=65536, time=3, lanes=0),
    ],
)
def test_a_cost_out_of_bounds_is_no_policy(cost):
    with pytest.raises(ValueError, match="outside its bounds"):
        KdfPolicy(cost=cost)


def test_too_little_memory_is_told_as_such(monkeypatch):
    def exhausted(*_args, **_kwargs):
        raise MemoryError

    monkeypatch.setattr(keys, "hash_secret_raw", exhausted)
    with pytest.raises(EnvironmentFaultError, match="free 64 MB"):
        harden("seven quiet herons", b"0123456789abcdef", ARGON2_DEFAULT)


DATABASE_KEY_VECTOR = "22322b978103ba7f5a261c2098f707ed15a7276a4d37a993b68176f68a76daa5"
PASSPHRASE_VECTOR = "6eaef751f6150e45d560a16c202f6a1b4f9ea6c023ba42a5b2cd9ef2c7e62f1d"
