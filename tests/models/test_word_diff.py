import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.word_diff import Kind, Piece, new_text, old_text, word_diff

WORDS = st.sampled_from(
    ["10", "100", "mg", "0.5", "-5", "%", ".", ",", "the dose", "β", "\n", "  ", "e\u0301"]
)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=80)


@given(TEXTS, TEXTS)
def test_the_pieces_join_to_both_texts(old, new):
    pieces = word_diff(old, new)
    assert old_text(pieces) == old
    assert new_text(pieces) == new
    assert all(piece.text for piece in pieces)


@given(TEXTS, TEXTS)
def test_neighbours_differ_in_kind(old, new):
    pieces = word_diff(old, new)
    assert all(one.kind is not other.kind for one, other in itertools.pairwise(pieces))


@given(TEXTS)
def test_equal_texts_are_one_piece(text):
    assert word_diff(text, text) == ((Piece(Kind.SAME, text),) if text else ())


def changed(old: str, new: str) -> tuple[str, str]:
    pieces = word_diff(old, new)
    deleted = [piece.text for piece in pieces if piece.kind is Kind.DELETED]
    inserted = [piece.text for piece in pieces if piece.kind is Kind.INSERTED]
    return "|".join(deleted), "|".join(inserted)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Take 10 mg daily.", "Take 100 mg daily.", ("10", "100")),
        ("Take 10 mg daily.", "Take 10 g daily.", ("mg", "g")),
        ("Give 0.5 mL.", "Give 5 mL.", ("0.5", "5")),
        ("Give 1,000 units.", "Give 1,0000 units.", ("1,000", "1,0000")),
        ("a change of 5%", "a change of -5%", ("5%", "-5%")),
        ("p <0.05", "p >0.05", ("<0.05", ">0.05")),
        ("at 2-8 °C", "at 2-18 °C", ("2-8", "2-18")),
        ("5 mg/kg", "5 mg/m2", ("mg/kg", "mg/m2")),
        ("10mg", "100mg", ("10mg", "100mg")),
        ("twice daily dose", "three times weekly dose", ("twice daily", "three times weekly")),
        ("caf\u0065\u0301 au lait", "cafe au lait", ("cafe\u0301", "cafe")),
        ("it is safe", "it is not safe", ("", "not ")),
    ],
)
def test_a_changed_dose_is_shown_in_whole_words(old, new, expected):
    assert changed(old, new) == expected


def test_a_deletion_stands_before_its_insertion():
    kinds = [piece.kind for piece in word_diff("10 mg", "20 mg")]
    assert kinds == [Kind.DELETED, Kind.INSERTED, Kind.SAME]


def test_lines_keep_their_own_changes():
    pieces = word_diff("one\ntwo", "uno\ndos")
    assert Piece(Kind.SAME, "\n") in pieces
