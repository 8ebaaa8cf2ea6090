"""The two hashes of the journal, held against their definition in the storage design."""

import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.models.journal_hash import GENESIS, HEADER, commitment, journal_value, new_salt, row_hash
from tests.models.trails import Trail

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
salts = st.binary(min_size=16, max_size=16).map(bytes.hex)


def a_row():
    return Trail().add(name=("a", "b")).rows[0]


@given(salts, values, values)
def test_a_commitment_is_the_hash_of_salt_and_both_values(salt, old, new):
    expected = hashlib.sha256(bytes.fromhex(salt) + rfc8785.dumps([old, new])).hexdigest()
    assert commitment(salt, old, new) == expected


def test_a_row_hash_is_the_hash_of_the_header_and_the_row_before():
    row = a_row()
    header = {name: row[name] for name in HEADER}
    expected = hashlib.sha256(rfc8785.dumps(header) + bytes.fromhex(GENESIS)).hexdigest()
    assert row_hash(row) == row["hash"] == expected


def test_every_column_counts_but_those_of_the_server():
    row = a_row()
    assert set(row) - set(HEADER) == {"hash", "acked", "result"}


@pytest.mark.parametrize("name", HEADER)
def test_each_part_of_the_header_counts(name):
    row = a_row()
    changed = {**row, name: "ab" * 32 if name == "prev_hash" else "other"}
    assert row_hash(changed) != row_hash(row)


@pytest.mark.parametrize("name", ["acked", "result"])
def test_the_answer_of_the_server_does_not_count(name):
    row = a_row()
    assert row_hash({**row, name: 7}) == row_hash(row)


def test_salts_are_16_random_bytes():
    made = {new_salt() for _ in range(200)}
    assert len(made) == 200
    assert {len(bytes.fromhex(salt)) for salt in made} == {16}


def test_bytes_stand_as_their_hash_and_size():
    assert journal_value(b"abc") == {"sha256": hashlib.sha256(b"abc").hexdigest(), "size": 3}
    assert journal_value("abc") == "abc"
    assert journal_value(None) is None
