"""What normal() folds, what it never folds, and its golden file."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from app.models import markup as m
from app.models.normal import NORMAL_VERSION, content_hash, normal
from tests import strategies as own

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "normal_v1.json").read_text("utf-8"))


def test_the_golden_file_is_of_this_version():
    assert GOLDEN["normal_version"] == NORMAL_VERSION


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_golden(case):
    assert normal(case["text"]) == case["normal"]
    assert content_hash(case["text"]) == case["sha256"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("e\u0301", "é"),
        ("5\u00a0mg  daily\n", "5 mg daily"),
        ("gastro\u00adintestinal", "gastrointestinal"),
        ("\u201cpatient\u2019s\u201d", '"patient\'s"'),
        ("- a\n\n- b", "- a\n- b"),
        ("**a** **b**", "**a** **b**"),
    ],
)
def test_equal_meaning_has_one_hash(one, other):
    assert content_hash(one) == content_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10^6^", "106"),
        ("10^6^", "10~6~"),
        ("5 mg", "5 Mg"),
        ("5 mg", "5mg"),
        ("5 mg", "5 µg"),
        ("µg", "μg"),
        ("\u22125", "-5"),
        ("5-10", "5\u201310"),
        ("½", "1/2"),
        ("m²", "m2"),
        ("5\u2032", "5'"),
        ("- a\n- b", "- a b"),
        ("a\n\nb", "a b"),
        ("a\\\nb", "a b"),
        ("1. a", "2. a"),
        ("a", "**a**"),
        ("[@a]", "[@b]"),
        ("[@a, p. 1]", "[@a, p. 2]"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 2 | 1 |"),
        ("| a |\n|---|\n| 1 |\n| 2 |", "| a |\n|---|\n| 1 2 |"),
    ],
)
def test_other_meaning_has_another_hash(one, other):
    assert content_hash(one) != content_hash(other)


@settings(max_examples=200, deadline=None)
@given(own.markup_texts)
def test_normal_is_idempotent_and_blind_to_spelling(text):
    folded = normal(text)
    assert normal(folded) == folded
    assert normal(m.render(m.parse(text))) == folded
