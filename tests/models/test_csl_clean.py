import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.csl_clean import UnusableRecordError, clean_csl

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["id", "type", "title", "author", "issued", "DOI", "PMID", "URL", "note", "custom", "page"]
)


def test_a_record_is_brought_to_one_spelling():
    cleaned = clean_csl(
        {
            "id": "smith2020",
            "type": "Article-Journal",
            "title": "  Once\n daily\u202e dosing ",
            "journalAbbreviation": "N Engl J Med",
            "volume": 12,
            "DOI": "https://doi.org/10.1000/ABC.",
            "PMID": 123,
            "PMCID": "45",
            "URL": "https://example.org/x",
            "author": [{"family": "Smith", "given": "Ann"}, {"family": ""}, "x", {"literal": "Star Group"}],
            "issued": {"date-parts": [["2020", 5]]},
            "shoe-size": 44,
        }
    )
    assert cleaned == {
        "id": "smith2020",
        "type": "article-journal",
        "title": "Once daily dosing",
        "container-title-short": "N Engl J Med",
        "volume": "12",
        "DOI": "10.1000/ABC",
        "PMID": "123",
        "PMCID": "PMC45",
        "URL": "https://example.org/x",
        "author": [{"family": "Smith", "given": "Ann"}, {"literal": "Star Group"}],
        "issued": {"date-parts": [[2020, 5]]},
    }


def test_numbers_in_the_note_are_lifted_and_the_note_is_kept():
    cleaned = clean_csl({"title": "x", "note": "PMID: 987\nPMCID: PMC11\ntex.key: a"})
    assert (cleaned["PMID"], cleaned["PMCID"]) == ("987", "PMC11")
    assert cleaned["note"] == "PMID: 987\nPMCID: PMC11\ntex.key: a"


def test_a_field_of_its_own_outweighs_the_note():
    assert clean_csl({"title": "x", "PMID": "1", "note": "PMID: 2"})["PMID"] == "1"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_only_web_addresses_are_kept(url):
    assert "URL" not in clean_csl({"title": "x", "URL": url})


@pytest.mark.parametrize("raw", [None, [], "text", {}, {"type": "book"}, {"title": " . "}, {"author": [{}]}])
def test_what_is_no_citation_is_refused(raw):
    with pytest.raises(UnusableRecordError):
        clean_csl(raw)


@given(st.dictionaries(FIELDS, JSON_VALUES, max_size=8))
def test_cleaning_is_total_and_cleaning_twice_changes_nothing(raw):
    try:
        cleaned = clean_csl(raw)
    except UnusableRecordError:
        return
    assert clean_csl(cleaned) == cleaned
    assert json.loads(json.dumps(cleaned)) == cleaned
