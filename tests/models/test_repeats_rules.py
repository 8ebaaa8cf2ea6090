import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnvironmentFaultError
from app.models.repeats import (
    DAY_MS,
    Traits,
    judge,
    likeness_of_texts,
    name_key,
    phone_key,
    plain,
    repeat_rules,
    rules_from,
)
from app.models.rules_data import parse_rules, resource_path

QUESTION = "Can atorvastatin be taken with grapefruit juice, and how much is too much?"


def traits(at=0, **fields):
    return Traits(received_at=at, **fields)


def test_every_share_is_a_reason_in_words():
    one = traits(emails=frozenset({"a@b.org"}), product_id="p", questions=(QUESTION,))
    other = traits(
        3 * DAY_MS, emails=frozenset({"a@b.org"}), product_id="p",
        questions=("How much grapefruit juice is too much with atorvastatin?",),
    )  # fmt: skip
    found = judge(one, other)
    assert found.reasons[0] == "Same e-mail address"
    assert any(reason.startswith("Similar question (") for reason in found.reasons)
    assert found.reasons[-2:] == ("Same product", "3 days apart")
    assert found.score >= repeat_rules().propose_at


@pytest.mark.parametrize(
    ("fields", "is_proposed"),
    [
        ({"emails": frozenset({"a@b.org"})}, False),
        ({"emails": frozenset({"a@b.org"}), "product_id": "p"}, True),
        ({"phones": frozenset({"075550143"}), "product_id": "p"}, True),
        ({"names": frozenset({"brennan|a|mercy"}), "product_id": "p"}, True),
        ({"product_id": "p"}, False),
        ({"questions": (QUESTION,)}, False),
        ({"verbatim": QUESTION}, True),
        ({"external_id": "<id@host>"}, True),
    ],
)
def test_one_likeness_alone_proposes_nothing_but_the_strongest(fields, is_proposed):
    found = judge(traits(**fields), traits(20 * DAY_MS, **fields))
    assert (found.score >= repeat_rules().propose_at) is is_proposed


def test_time_alone_is_no_likeness():
    assert judge(traits(), traits()) == judge(traits(product_id="p"), traits(product_id="q"))
    assert judge(traits(), traits()).score == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("+353 (20) 910-0142", "0353209100142"), ("020 7946 0000", "+44 20 7946 0000"), ("555-0143", "5550143")],
)
def test_a_phone_number_is_the_same_however_it_is_written(one, other):
    assert phone_key(one) == phone_key(other) != ""


def test_an_extension_or_a_few_digits_are_no_phone_number():
    assert phone_key("12") == ""
    assert phone_key("+44 20 7946 0000 ext. 12") == phone_key("+44 20 7946 0000")


def test_a_name_counts_only_with_its_institution():
    assert name_key("Zoë", "Brännan", "St. Mary") == name_key("Z.", "BRANNAN", "st mary")
    assert name_key("Zoë", "Brennan", "") == ""


def test_a_first_name_that_is_missing_contradicts_nobody():
    one, other = (traits(names=frozenset({key})) for key in ("brennan||mercy", "brennan|a|mercy"))
    assert judge(one, other).score > 0
    third = traits(names=frozenset({"brennan|b|mercy"}))
    assert judge(other, third).score == 0


def test_other_questions_are_not_alike():
    assert (
        likeness_of_texts(QUESTION, "Is the film coat of the tablets free of lactose?")
        < repeat_rules().similar_from
    )
    assert likeness_of_texts("Thank you", "Thank you") == 0.0


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_symmetric_and_bounded(one, other):
    assert likeness_of_texts(one, other) == likeness_of_texts(other, one)
    assert 0.0 <= likeness_of_texts(one, other) <= 1.0


@given(st.text(max_size=200))
def test_plain_text_stays_plain(text):
    assert plain(plain(text)) == plain(text)


def test_rules_name_what_they_miss():
    body = json.loads(resource_path("rules", "duplicates.json").read_text(encoding="utf-8"))
    del body["points"]["email"]
    with pytest.raises(EnvironmentFaultError, match=r"points\.email"):
        rules_from(parse_rules("duplicates.json", json.dumps(body)))
