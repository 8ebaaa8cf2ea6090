import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.citations import (
    Callout,
    Citation,
    CitationKey,
    fold_numbers,
    joined_references,
    number_citations,
    place_callout,
    place_callouts,
    reference_fingerprints,
    same_reference,
)


def key(name, scope="srd-1"):
    return CitationKey(scope, name)


def article(**fields):
    return {
        "type": "article-journal",
        "title": "Once-daily dosing in adults with renal impairment",
        "issued": {"date-parts": [[2020, 5]]},
        **fields,
    }


def test_numbers_follow_first_use_over_the_whole_letter():
    references = {key("b"): "B", key("a"): "A", key("c"): "C"}
    numbering = number_citations([key("b"), key("a"), key("b"), key("c")], references)
    assert numbering.references == ("B", "A", "C")
    assert [numbering.number_of(key(name)) for name in "abc"] == [2, 1, 3]


def test_the_same_key_of_two_versions_can_be_two_works():
    references = {key("smith", "srd-1"): "S1", key("smith", "srd-2"): "S2"}
    numbering = number_citations(references, references)
    assert numbering.references == ("S1", "S2")


def test_the_same_work_through_two_versions_is_one_number():
    references = {key("smith", "srd-1"): "S1", key("sm20", "srd-2"): "S2", key("z"): "Z"}
    records = {
        "S1": article(DOI="10.1000/X"),
        "S2": article(DOI="https://doi.org/10.1000/x"),
        "Z": article(DOI="10.1000/z"),
    }
    numbering = number_citations([key("smith", "srd-1"), key("z"), key("sm20", "srd-2")], references, records)
    assert numbering.references == ("S1", "Z")
    assert numbering.number_of(key("sm20", "srd-2")) == 1


def test_unknown_keys_are_reported_and_take_no_number():
    numbering = number_citations([key("ghost"), key("a"), key("ghost")], {key("a"): "A"})
    assert numbering.unresolved == (key("ghost"),)
    assert numbering.references == ("A",)
    assert numbering.callout([Citation(key("a")), Citation(key("ghost"))]) == "1,?"


@given(st.lists(st.sampled_from("abcdefgh"), max_size=30))
def test_numbers_run_from_one_without_gaps(cited):
    references = {key(name): name.upper() for name in "abcdefgh"}
    numbering = number_citations(map(key, cited), references)
    assert numbering.references == tuple(dict.fromkeys(name.upper() for name in cited))
    assert sorted(set(numbering.numbers.values())) == list(range(1, len(numbering.references) + 1))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1, 2, 3, 10], "1-3,10"),
        ([2, 1], "1,2"),
        ([5], "5"),
        ([], ""),
        ([3, 1, 2, 2, 7, 8, 9, 11], "1-3,7-9,11"),
    ],
)
def test_series_of_three_are_folded(numbers, expected):
    assert fold_numbers(numbers) == expected


@given(st.sets(st.integers(1, 60)))
def test_a_folded_series_unfolds_to_itself(numbers):
    unfolded: set[int] = set()
    for unit in filter(None, fold_numbers(numbers).split(",")):
        first, _, last = unit.partition("-")
        unfolded |= set(range(int(first), int(last or first) + 1))
    assert unfolded == numbers


def test_a_page_stands_in_parentheses_and_is_not_folded():
    references = {key(name): name for name in "abcd"}
    numbering = number_citations(map(key, "abcd"), references)
    citations = [Citation(key("a")), Citation(key("b"), "p. 12"), Citation(key("c")), Citation(key("d"))]
    assert numbering.callout(citations) == "1,2(p12),3,4"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("as shown ", ". Next", ("as shown.", " Next")),
        ("as shown", ", and", ("as shown,", " and")),
        ("as shown:", " one", ("as shown", ": one")),
        ("as shown; ", "two", ("as shown", "; two")),
        ("as shown ", "; two", ("as shown", "; two")),
        ("as shown.", " Next", ("as shown.", " Next")),
        ('said "so', '." Next', ('said "so."', " Next")),
        ("(as shown ", ") and", ("(as shown", ") and")),
        ("and so on ", "... then", ("and so on...", " then")),
        ("(It was shown ", ".) Next", ("(It was shown.", ") Next")),
        ("as shown ", " and", ("as shown", " and")),
        ("Is it so", "? Yes", ("Is it so", "? Yes")),
        ("", ".5 mg", ("", ".5 mg")),
    ],
)
def test_callouts_stand_after_stops_and_before_colons(before, after, expected):
    placement = place_callout(before, after)
    assert (placement.before, placement.after) == expected


@given(st.text(alphabet="ab ,.:;?)\u201d5", max_size=12), st.text(alphabet="ab ,.:;?)\u201d5", max_size=12))
def test_placing_changes_nothing_but_spaces(before, after):
    placement = place_callout(before, after)
    assert (placement.before + placement.after).replace(" ", "") == (before + after).replace(" ", "")
    again = place_callout(placement.before, placement.after)
    if not placement.before.endswith((":", ";")):
        assert (again.before, again.after)[0].startswith(placement.before)


@pytest.mark.parametrize(
    "before", ["262", "was 2.5", "of 10 cm", "in 262 m", "was 10 mg", "5 mL", "the value 7"]
)
def test_a_superscript_after_a_number_or_unit_is_flagged(before):
    assert place_callout(before + " ", " in adults").collides


@pytest.mark.parametrize("before", ["patients", "the program", "healing", "hepatitis g", "in 2020."])
def test_a_superscript_after_a_word_is_not_flagged(before):
    assert not place_callout(before, " in adults").collides


def test_neighbouring_callouts_become_one_and_move_together():
    one, two = Callout((Citation(key("a")),)), Callout((Citation(key("b")),))
    assert place_callouts(["It works ", one, " ", two, ". Next ", one, ": so"]) == (
        "It works.",
        Callout((Citation(key("a")), Citation(key("b")))),
        " Next",
        one,
        ": so",
    )


def test_callouts_at_the_start_and_end_and_around_nothing():
    one, two = Callout((Citation(key("a")),)), Callout((Citation(key("b")),))
    both = Callout((Citation(key("a")), Citation(key("b"))))
    assert place_callouts([one, "", two]) == (both,)
    assert place_callouts([" ", one, " "]) == (one, " ")


def test_labels_of_two_companies_stay_two_references():
    assert not same_reference(label(2024, 5), {**label(2024, 5), "publisher": "Other Pharma"})


def test_a_text_without_callouts_is_left_alone():
    assert place_callouts(["a ", "b", ""]) == ("a b",)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (article(DOI="10.1000/A"), article(DOI="doi:10.1000/a"), True),
        (article(DOI="10.1000/a"), article(DOI="10.1000/b"), False),
        (article(PMID="12"), article(PMID=12), True),
        (article(PMID="12"), article(PMID="13"), False),
        (article(DOI="10.1000/a"), article(PMID="12"), True),
        (article(), article(title="<i>Once daily</i> dosing in Adults, with renal impairment."), True),
        (article(), article(issued={"date-parts": [[2021]]}), False),
        (article(volume="12"), article(volume="13"), False),
        (article(volume="134", issue="Suppl 1"), article(volume="134", issue="Suppl 2"), False),
        (article(page="764-9"), article(page="764-769"), True),
        (article(), article(title="Twice-daily dosing in adults with renal impairment"), False),
        (article(title="Editorial"), article(title="Editorial"), False),
        ({}, {}, False),
    ],
)
def test_the_duplicate_rule(one, other, expected):
    assert same_reference(one, other) is expected
    assert same_reference(other, one) is expected


def label(year, month):
    return {
        "type": "document",
        "genre": "Prescribing information",
        "title": "Examplix",
        "publisher": "Example Pharma",
        "issued": {"date-parts": [[year, month]]},
    }


def test_two_editions_of_a_label_stay_two_references():
    assert same_reference(label(2024, 5), label(2024, 5))
    assert not same_reference(label(2024, 5), label(2024, 9))


def test_one_registration_has_one_number_whatever_its_title():
    base = {"type": "webpage", "container-title": "ClinicalTrials.gov", "number": "NCT02116010"}
    later = {**base, "title": "Phage therapy for burns", "issued": {"date-parts": [[2016]]}}
    assert same_reference({**base, "title": "PHAGOBURN", "issued": {"date-parts": [[2015]]}}, later)


def test_a_vague_record_never_joins_two_works():
    records = {"a": article(DOI="10.1000/a"), "vague": article(), "b": article(DOI="10.1000/b")}
    joined = joined_references(records)
    assert joined["a"] != joined["b"]
    assert joined["vague"] == "a"


def test_greek_letters_and_their_names_are_one_title():
    assert reference_fingerprints({"title": "Interferon-\u03b2 in MS"}) == reference_fingerprints(
        {"title": "Interferon beta in MS."}
    )


@given(
    st.lists(
        st.sampled_from([article(DOI="10.1000/a"), article(PMID="1"), article(), label(2024, 5)]), max_size=8
    )
)
def test_joining_maps_every_record_to_a_first_one(records):
    joined = joined_references({str(place): record for place, record in enumerate(records)})
    assert set(joined) == {str(place) for place in range(len(records))}
    assert all(joined[first] == first for first in joined.values())
