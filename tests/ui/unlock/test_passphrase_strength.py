import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.unlock.strength import MINIMUM_LENGTH, Level, estimate


@pytest.mark.parametrize(
    ("passphrase", "level"),
    [
        ("", Level.TOO_SHORT),
        ("elevenchars", Level.TOO_SHORT),
        ("aaaaaaaaaaaaaaaa", Level.WEAK),
        ("abcdefghijklmnop", Level.WEAK),
        ("qwertyuiop1234", Level.WEAK),
        ("password1234", Level.WEAK),
        ("medical information", Level.WEAK),
        ("dragon dragon dragon dragon", Level.WEAK),
        ("night heron copper", Level.FAIR),
        ("night heron copper lantern", Level.STRONG),
        ("night heron copper lantern orchard velvet", Level.VERY_STRONG),
        ("kT7#pLw9!zQ2", Level.STRONG),
    ],
)
def test_levels(passphrase, level):
    assert estimate(passphrase).level is level


def test_ones_own_name_counts_for_nothing():
    assert estimate("petra nilsson 1984").level > Level.WEAK
    assert estimate("petra nilsson 1984", ("Petra Nilsson",)).level is Level.WEAK


@given(st.text(max_size=MINIMUM_LENGTH - 1))
def test_anything_shorter_than_the_minimum_is_refused(text):
    assert not estimate(text).is_accepted


@given(st.text(max_size=40), st.text(max_size=40))
def test_an_estimate_is_never_negative_and_never_empty_of_words(text, personal):
    strength = estimate(text, (personal,))

    assert strength.bits >= 0
    assert strength.words
