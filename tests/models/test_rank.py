import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.rank import DIGITS, between, insert_at, is_rank, spread

RANKS = st.text(alphabet=DIGITS, min_size=1, max_size=12).filter(is_rank)


@given(st.lists(st.floats(min_value=0, max_value=1), max_size=120))
def test_insertions_anywhere_keep_the_byte_order(places):
    ranks: list[str] = []
    for place in places:
        index = round(place * len(ranks))
        before = ranks[index - 1] if index else None
        after = ranks[index] if index < len(ranks) else None
        ranks.insert(index, between(before, after))
    encoded = [rank.encode() for rank in ranks]
    assert encoded == sorted(set(encoded))
    assert all(is_rank(rank) for rank in ranks)


@given(RANKS, RANKS)
def test_a_rank_lies_strictly_between_any_two(one, other):
    low, high = sorted((one, other))
    if low == high:
        return
    assert low.encode() < between(low, high).encode() < high.encode()


@given(RANKS)
def test_there_is_room_at_both_open_ends(rank):
    assert between(None, rank) < rank < between(rank, None)


@pytest.mark.parametrize("start", ["V", "zzzz", "z", "1", "00001"])
def test_ten_thousand_appends_stay_short(start):
    rank = start
    for _ in range(10_000):
        following = between(rank, None)
        assert following > rank
        rank = following
    assert len(rank) <= len(start) + 4


def test_ten_thousand_prepends_stay_short():
    rank = between(None, None)
    for _ in range(10_000):
        previous = between(None, rank)
        assert previous < rank
        rank = previous
    assert len(rank) <= 5


def test_a_long_letter_edited_at_random_keeps_short_ranks():
    chooser = random.Random(20261122)  # noqa: S311 - a seeded shuffle, no secret
    ranks = list(spread(300))
    for _ in range(3_000):
        index = chooser.randrange(len(ranks) + 1)
        before = ranks[index - 1] if index else None
        ranks.insert(index, between(before, ranks[index] if index < len(ranks) else None))
    assert max(len(rank) for rank in ranks) <= 12


@given(st.integers(0, 400), st.none() | RANKS, st.none() | RANKS)
def test_spread_ascends_within_its_bounds(count, one, other):
    if one is not None and other is not None:
        if one == other:
            return
        one, other = sorted((one, other))
    ranks = spread(count, one, other)
    assert len(ranks) == count
    everything = [*([one] if one else []), *ranks, *([other] if other else [])]
    assert everything == sorted(set(everything))
    assert all(is_rank(rank) for rank in ranks)


def test_spread_of_a_letter_needs_two_digits():
    assert max(len(rank) for rank in spread(500)) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [("b", "a"), ("a", "a"), ("a0", None), (None, "0"), ("", "b"), ("a-", None), (None, "é")],
)
def test_what_is_no_pair_of_ranks_is_refused(before, after):
    with pytest.raises(ValueError, match=r"rank|sort"):
        between(before, after)


@given(st.lists(st.sampled_from(["C", "V", "V1", "W"]), max_size=8), st.integers(0, 8))
def test_an_insertion_among_ties_lands_at_its_index(ranks, index):
    ranks = sorted(ranks)
    index = min(index, len(ranks))
    insertion = insert_at(ranks, index)
    moved = dict(insertion.moved)
    final = [moved.get(place, rank) for place, rank in enumerate(ranks)]
    assert all(rank < insertion.rank for rank in final[:index])
    assert all(rank > insertion.rank for rank in final[index:])
    assert final == sorted(final)


def test_without_ties_an_insertion_moves_nobody():
    assert insert_at(["A", "C"], 1).moved == ()
