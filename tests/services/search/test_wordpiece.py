"""Our WordPiece cuts as the reference implementation does."""

import json
from pathlib import Path

import pytest

from app.services.search import wordpiece

CASES = json.loads((Path(__file__).parents[2] / "data" / "wordpiece.json").read_text(encoding="utf-8"))[
    "cases"
]


@pytest.mark.parametrize("case", CASES, ids=[str(place) for place in range(len(CASES))])
def test_a_text_is_cut_as_by_the_reference(case):
    assert wordpiece.pieces(case["text"]) == case["pieces"]


def test_a_long_text_is_cut_off_between_its_marks():
    numbers = wordpiece.encode("renal impairment " * 50, most=8)
    known = wordpiece.vocabulary()
    assert len(numbers) == 8
    assert (numbers[0], numbers[-1]) == (known["[CLS]"], known["[SEP]"])


def test_a_mark_typed_by_a_user_is_plain_text():
    assert wordpiece.pieces("[MASK]") == ["[", "mask", "]"]
