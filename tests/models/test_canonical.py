"""One byte form for every JSON value, held against an independent implementation of RFC 8785."""

import json

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from app.models.base import freeze
from app.models.canonical import canonical_json, sha256_hex

SAFE = 2**53 - 1
# UTF-16 and code points order these differently; the rest is what JSON escapes, or might.
HOSTILE = '\x00\x08\t\n\x0c\r\x1f\x7f\x80\xa0é/"\\<\u2028\ud7ff\ue000\uffff\U00010000\U0001f600\U0010ffff'
texts = st.text(max_size=6) | st.text(st.sampled_from(HOSTILE), max_size=4)
leaves = st.none() | st.booleans() | st.integers(-SAFE, SAFE) | texts
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)


@given(values)
@example({"\ue000": 1, "\U00010000": 2})
@example({"\uffff": [{}], "\U0010ffff": "\x7f", "a": "\u2028", "": None})
@example({"b": 1, "a": {"é": 1, "e\u0301": 2}})
def test_the_bytes_are_those_of_another_implementation(value):
    assert canonical_json(value) == rfc8785.dumps(value)


@given(values)
def test_a_value_comes_back_whole(value):
    assert json.loads(canonical_json(value)) == value


@given(values)
def test_a_frozen_value_has_the_same_bytes(value):
    assert canonical_json(freeze(value)) == canonical_json(value)


@given(st.dictionaries(texts, leaves, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_count(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical_json(dict(items)) == canonical_json(value)


@given(st.integers(min_value=SAFE + 1) | st.integers(max_value=-SAFE - 1))
def test_integers_that_other_readers_would_round_are_refused(number):
    for value in (number, [number], {"a": number}):
        with pytest.raises(ValueError, match="2\\*\\*53"):
            canonical_json(value)


@given(st.floats())
def test_floats_are_refused(number):
    for value in (number, [number], {"a": {"b": number}}):
        with pytest.raises(TypeError, match="float"):
            canonical_json(value)


@pytest.mark.parametrize("lone", [chr(0xD800), chr(0xDFFF), "a" + chr(0xD83D), chr(0xDC00) + chr(0xD800)])
def test_lone_surrogates_are_refused(lone):
    for value in (lone, [lone], {"a": lone}, {lone: 1}, {"a": {lone: 1}}):
        with pytest.raises(ValueError, match="surrogates"):
            canonical_json(value)


@pytest.mark.parametrize("foreign", [b"bytes", {1, 2}, object(), 1j])
def test_foreign_types_are_refused(foreign):
    for value in (foreign, [foreign], {"a": foreign}):
        with pytest.raises(TypeError, match="no canonical JSON form"):
            canonical_json(value)


@pytest.mark.parametrize("key", [1, None, True, b"a", (1,)])
def test_keys_that_are_no_text_are_refused(key):
    with pytest.raises(TypeError):
        canonical_json({key: 1})


def test_the_hash_is_sha_256():
    # The empty message of FIPS 180-4's examples.
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
