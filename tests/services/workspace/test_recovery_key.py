import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import WrongKeyError
from app.services.workspace.recovery_key import (
    ALPHABET,
    BITS,
    SYMBOLS,
    format_recovery_key,
    groups_of,
    new_recovery_key,
    parse_recovery_key,
)

values = st.integers(min_value=0, max_value=(1 << BITS) - 1)
SPOKEN = {"0": "0oO", "1": "1iIlL"}


def test_a_new_key_is_eight_groups_of_four_and_never_the_same():
    keys = {new_recovery_key() for _ in range(50)}
    assert len(keys) == 50
    assert all([len(group) for group in key.split("-")] == [4] * 8 for key in keys)


@given(values)
def test_different_keys_give_different_secrets(value):
    other = (value + 1) % (1 << BITS)
    one, two = (parse_recovery_key(format_recovery_key(number)) for number in (value, other))
    assert one == parse_recovery_key(format_recovery_key(value))
    assert one != two


@given(values, st.data())
@settings(max_examples=30)
def test_the_way_it_is_typed_does_not_matter(value, data):
    text = format_recovery_key(value)
    typed = ""
    for char in text.replace("-", ""):
        typed += data.draw(st.sampled_from(SPOKEN.get(char, char + char.lower())))
        typed += data.draw(st.sampled_from(["", "", "", "-", " ", "\u2013", "\u00a0", "\n", "\t", " - "]))
    assert parse_recovery_key(typed) == parse_recovery_key(text)


@given(values)
@settings(max_examples=6)
def test_every_single_wrong_character_is_found(value):
    bare = format_recovery_key(value).replace("-", "")
    for place in range(SYMBOLS):
        for symbol in ALPHABET:
            if symbol != bare[place]:
                with pytest.raises(WrongKeyError, match="mistyped"):
                    parse_recovery_key(bare[:place] + symbol + bare[place + 1 :])


@given(values)
def test_every_swap_of_neighbours_is_found(value):
    bare = format_recovery_key(value).replace("-", "")
    for place in range(SYMBOLS - 1):
        swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
        if swapped != bare:
            with pytest.raises(WrongKeyError, match="mistyped"):
                parse_recovery_key(swapped)


@given(st.text(max_size=60))
def test_no_text_makes_it_fail_otherwise(text):
    with pytest.raises(WrongKeyError):
        parse_recovery_key(text)


def test_a_missing_character_is_counted():
    with pytest.raises(WrongKeyError, match="has 32 characters, this one has 31"):
        parse_recovery_key(new_recovery_key()[:-1])


def test_a_foreign_character_is_placed_but_not_repeated():
    key = new_recovery_key()
    with pytest.raises(WrongKeyError, match="Group 2") as refused:
        parse_recovery_key(f"{key[:6]}U{key[7:]}")
    assert key[:4] not in str(refused.value)


def test_groups_can_be_asked_back_one_by_one():
    key = new_recovery_key()
    assert groups_of(key.lower().replace("-", " ")) == tuple(key.split("-"))


@pytest.mark.parametrize("value", [-1, 1 << BITS])
def test_a_value_out_of_range_is_a_bug(value):
    with pytest.raises(ValueError, match="does not fit"):
        format_recovery_key(value)
