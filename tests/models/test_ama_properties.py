import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.models.ama import ama, ama_text
from app.models.csl import date_of, names
from app.models.csl_clean import TYPES
from app.models.reference_parts import LABEL_GENRES, initials, name_list, page_ranges
from app.models.reference_runs import Run, plain_runs, rich
from app.models.vancouver import vancouver, vancouver_text

WORD = st.sampled_from(
    ["Alpha", "beta", "12", "S12", "Suppl 3", "10-12", "Inc", "Study<sup>2</sup>", "\u03b3-globulin"]
)
EDGE = st.sampled_from(["", "", "", ".", ",", ";", ":", "?", "!", " ", "..", ". ", "?."])
LEAD = st.sampled_from(["", "", ". ", ",", ": ", " ", "; "])
PHRASE = st.tuples(LEAD, st.lists(WORD, max_size=3).map(" ".join), EDGE).map("".join)
ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.lists(st.text(max_size=3), max_size=2)
    | st.text(max_size=6)
)
PERSON = st.fixed_dictionaries(
    {}, optional={"family": PHRASE, "given": PHRASE, "suffix": PHRASE, "literal": PHRASE}
)
DATE = st.fixed_dictionaries(
    {},
    optional={"date-parts": st.lists(st.lists(st.integers(-3, 2100), max_size=4), max_size=3), "raw": PHRASE},
)
TEXT_FIELDS = (
    "title", "container-title", "container-title-short", "publisher", "publisher-place", "volume", "issue",
    "page", "number", "edition", "supplement-number", "section", "authority", "event-title", "event-place",
    "version", "status", "chapter-number", "archive",
)  # fmt: skip
GENRES = st.sampled_from(["", *LABEL_GENRES, "data on file", "Abstract", "poster", "Preprint", "guidance"])


def record(fields):
    return st.fixed_dictionaries(
        {"type": st.sampled_from(sorted(TYPES)) | PHRASE},
        optional={
            **dict.fromkeys(TEXT_FIELDS, fields),
            **{field: st.lists(PERSON, max_size=9) for field in ("author", "editor")},
            **dict.fromkeys(("issued", "accessed", "event-date"), DATE),
            "genre": GENRES,
            "DOI": st.sampled_from(["10.1000/xyz", "https://doi.org/10.1000/A.b", "none", "10.1000/x."]),
            "URL": st.sampled_from(["https://example.org/a.", "javascript:alert(1)", "x"]),
            "PMID": st.sampled_from(["123", 123, "x"]),
        },
    )


# A question mark or "Yahoo!" is the author's own and may meet a comma, never a period.
DOUBLED = re.compile(r"[.,;:]\s*[.,;:]|[?!]\s*\.|^[.,;:]|\s\s|\(\)|\[\]|\s[.,;:)]|\(\s")


@pytest.mark.parametrize("style", [ama, vancouver])
@example(csl={"type": "article-journal", "volume": "Alpha Suppl 3 Alpha"})
@given(csl=record(PHRASE))
def test_missing_fields_leave_no_double_punctuation(style, csl):
    runs = style(csl)
    # What is inside a link is an address; "Vol. 2" and "p. 3" are abbreviations of the style.
    written = "".join("X" if run.link else run.text for run in runs)
    assert not DOUBLED.search(written.replace("Vol. ", "Vol ")), written
    assert not written or runs[-1].link or written[-1] in ".?!"


@pytest.mark.parametrize("style", [ama_text, vancouver_text])
@given(
    csl=st.dictionaries(
        st.sampled_from([*TEXT_FIELDS, "type", "author", "issued", "DOI", "URL", "genre"]), ODD
    )
)
def test_no_record_crashes_a_style(style, csl):
    assert isinstance(style(csl), str)


@pytest.mark.parametrize("style", [ama, vancouver])
@given(csl=record(st.text(max_size=12)))
def test_links_lead_to_the_web_only(style, csl):
    assert all(run.link.startswith("https://") for run in style(csl) if run.link)


@pytest.mark.parametrize(
    ("written", "full", "short"),
    [
        ("764-9", "764-769", "764-9"),
        ("764\u2013769", "764-769", "764-9"),
        ("S12-5", "S12-S15", "S12-5"),
        ("S12-S15", "S12-S15", "S12-5"),
        ("1187-92; quiz 1207", "1187-1192, quiz 1207", "1187-92, quiz 1207"),
        ("87-5", "87-5", "87-5"),
        ("99-101", "99-101", "99-101"),
        ("123-123", "123", "123"),
        ("iii-v", "iii-v", "iii-v"),
        ("e0123456", "e0123456", "e0123456"),
        ("126A-127A", "126A-127A", "126A-127A"),
        ("1-9,", "1-9", "1-9"),
    ],
)
def test_page_ranges_are_written_in_full_or_shortened(written, full, short):
    assert page_ranges(written, full=True) == full
    assert page_ranges(written, full=False) == short


@given(st.integers(1, 99_999), st.integers(0, 500))
def test_a_shortened_range_says_the_same_as_the_full_one(first, more):
    full = page_ranges(f"{first}-{first + more}", full=True)
    assert page_ranges(page_ranges(full, full=False), full=True) == full


@pytest.mark.parametrize(
    ("given_names", "expected"),
    [
        ("John A.", "JA"),
        ("Jean-Paul", "JP"),
        ("F W", "FW"),
        ("MWJ", "MWJ"),
        ("É.", "É"),
        ("", ""),
        ("J.-F.", "JF"),
    ],
)
def test_initials_have_no_periods(given_names, expected):
    assert initials(given_names) == expected


def people(count, *groups):
    listed = [{"family": f"Author{place}", "given": "A"} for place in range(1, count + 1)]
    return names({"author": [*listed, *({"literal": group} for group in groups)]})


def test_six_authors_are_all_named_and_seven_are_not():
    assert name_list(people(6), most=6, shown=3).count(",") == 5
    assert name_list(people(7), most=6, shown=3) == "Author1 A, Author2 A, Author3 A, et al"


def test_a_group_is_named_after_et_al():
    line = name_list(people(7, "Star Investigators"), most=6, shown=3)
    assert line == "Author1 A, Author2 A, Author3 A, et al; Star Investigators"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"family": "Beethoven", "given": "Ludwig van"}, "van Beethoven L"),
        ({"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}, "van Gogh V"),
        ({"family": "Gilstrap", "given": "LC", "suffix": "III"}, "Gilstrap LC III"),
        ({"literal": "World Health Organization."}, "World Health Organization"),
        ({"given": "Plato"}, "Plato"),
        ({"family": "Arc", "given": "Jeanne", "dropping-particle": "d\u2019"}, "d\u2019Arc J"),
    ],
)
def test_names_keep_particle_and_suffix(entry, expected):
    assert name_list(names({"author": [entry]}), most=6, shown=3) == expected


def test_a_power_in_a_title_never_reads_as_a_longer_number():
    runs = rich("Dose of 10<sup>6</sup> cells and CO<sub>2</sub>")
    assert Run("6", script="super") in runs
    assert plain_runs(runs) == "Dose of 10^6 cells and CO2"


def test_italics_in_an_italic_title_turn_upright():
    assert rich("On <i>E coli</i>", italic=True) == (Run("On ", italic=True), Run("E coli"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"date-parts": [["2020", "05", "3"]]}, (2020, 5, 3)),
        ({"date-parts": [[2020, 0]]}, (2020, None, None)),
        ({"raw": "2019-07-04"}, (2019, 7, 4)),
        ({"literal": "Spring 2013"}, (2013, None, None)),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(value, expected):
    found = date_of({"issued": value})
    assert (found.year, found.month, found.day) == expected


@pytest.mark.parametrize(
    "value", [{"date-parts": [[]]}, {"date-parts": "x"}, {}, "2020", None, {"raw": "n.d."}]
)
def test_an_unknown_date_is_none(value):
    assert date_of({"issued": value}) is None
