import json
import re
from pathlib import Path

import pytest

from app.models.ama import ama, ama_text
from app.models.csl_clean import clean_csl
from app.models.reference_parts import Kind, kind_of
from app.models.vancouver import vancouver, vancouver_text

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "ama_golden.json").read_text("utf-8"))["records"]
# The pattern of letter check LC18 in the design.
LC18 = re.compile(
    r"^(?:[^.]+)\. .+\. .+\. (?:19|20)\d{2};\d+(?:\([^)]+\))?(?:\(suppl \d+\))?:\S+\."
    r"(?: (?:doi:10\.\d{4,9}/\S+|https?://\S+))?$",
    re.IGNORECASE,
)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["name"])
def test_golden_references_in_ama(golden):
    assert ama_text(golden["csl"]) == golden["ama"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["name"])
def test_golden_references_in_vancouver(golden):
    assert vancouver_text(golden["csl"]) == golden["vancouver"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["name"])
def test_cleaning_a_record_does_not_change_its_reference(golden):
    assert ama_text(clean_csl(golden["csl"])) == golden["ama"]


def test_every_kind_of_record_has_a_golden_one():
    assert {kind_of(golden["csl"]) for golden in GOLDEN} == set(Kind)


@pytest.mark.parametrize(
    "name", ["journal article with DOI", "supplement abstract", "volume with supplement"]
)
def test_journal_references_pass_the_letter_check(name):
    golden = next(golden for golden in GOLDEN if golden["name"] == name)
    assert LC18.match(ama_text(golden["csl"]))


def italics(runs):
    return [run.text for run in runs if run.italic]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("journal article with DOI", ["AAPS J"]),
        ("book", ["Medical microbiology"]),
        ("chapter", ["The genetic basis of human cancer"]),
        ("preprint", ["bioRxiv"]),
        ("newspaper", ["New York Times"]),
        ("court case", ["Canterbury v Spence"]),
        ("trial registration", ["Escherichia coli", "Pseudomonas aeruginosa"]),
        ("prescribing information", []),
        ("web page", []),
    ],
)
def test_ama_sets_these_in_italics(name, expected):
    golden = next(golden for golden in GOLDEN if golden["name"] == name)
    assert italics(ama(golden["csl"])) == expected


def test_vancouver_sets_no_container_in_italics():
    marked = {golden["name"] for golden in GOLDEN if italics(vancouver(golden["csl"]))}
    assert marked <= {"trial registration", "court case"}


def test_a_doi_links_to_its_resolver():
    csl = {"type": "article-journal", "title": "x", "DOI": "10.1002/(SICI)1097<1::AID>3.0.CO;2-A"}
    links = [run.link for run in ama(csl) if run.link]
    assert links == ["https://doi.org/10.1002/(SICI)1097%3C1::AID%3E3.0.CO;2-A"]


@pytest.mark.parametrize(
    ("genre", "ama_genre", "vancouver_genre"),
    [
        ("phdthesis", "Dissertation", "dissertation"),
        ("mathesis", "Master's thesis", "master's thesis"),
        ("PhD thesis", "PhD thesis", "PhD thesis"),
        ("", "Dissertation", "dissertation"),
    ],
)
def test_the_kind_of_thesis_is_written_out(genre, ama_genre, vancouver_genre):
    csl = {"type": "thesis", "title": "Bees", "genre": genre, "publisher": "Radboud University"}
    assert ama_text(csl) == f"Bees. {ama_genre}. Radboud University."
    assert vancouver_text(csl) == f"Bees [{vancouver_genre}]. Radboud University."


def test_an_accepted_article_is_in_press():
    csl = {"type": "article-journal", "title": "x", "container-title": "JAMA", "status": "In press"}
    assert ama_text(csl) == "x. JAMA. In press."


def test_dates_of_a_meeting_over_the_new_year_name_both_years():
    held = {"date-parts": [[2024, 12, 30], [2025, 1, 2]]}
    csl = {"type": "speech", "title": "x", "event-title": "Congress", "event-date": held}
    assert ama_text(csl) == "x. Paper presented at: Congress; December 30, 2024-January 2, 2025."
    assert vancouver_text(csl) == "x. Paper presented at: Congress; 2024 Dec 30-2025 Jan 2."


@pytest.mark.parametrize("section", ["312.32", "\u00a7312.32", "\u00a7 312.32"])
def test_a_section_has_one_section_sign(section):
    csl = {"type": "regulation", "title": "IND safety reporting", "volume": "21", "container-title": "CFR"}
    assert ama_text({**csl, "section": section}) == "IND safety reporting, 21 CFR \u00a7312.32."


def test_marks_of_any_field_are_drawn_not_printed():
    csl = {
        "type": "chapter",
        "title": "x",
        "container-title": "The 3<sup>rd</sup> Book",
        "publisher": "A<i>B</i>",
    }
    assert ama_text(csl) == vancouver_text(csl) == "x. In: The 3rd Book. AB."


def test_a_record_with_only_a_pubmed_number_is_not_blank():
    assert ama_text({"PMID": "123"}) == "PMID: 123"
    assert vancouver_text({"PMID": "123"}) == "PMID: 123."


def test_an_empty_record_gives_an_empty_reference():
    assert ama({}) == vancouver({}) == ()
