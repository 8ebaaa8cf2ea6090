"""Matching words, states, rows, numbered citations and word changes, without a window."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.markup import plain_text
from app.models.word_diff import new_text, old_text
from app.services.library import queries
from app.services.library.queries import Document, DocumentRow, Paragraph, Section
from app.ui.library import rows, states, steps
from app.ui.library.cited import cited
from app.ui.library.matching import Matcher, Passage, best_passage, focused
from app.ui.library.version_diff import changed_count, compare

TODAY = date(2026, 11, 22)


def row(**changes):
    base = {
        "id": "v1",
        "code": "SRD-1",
        "kind": "srd",
        "number": "1.0",
        "title": "Grapefruit juice",
        "product": "Atorvastatin tablets",
        "state": "effective",
        "audience": "hcp",
        "country": "US",
        "language": "en",
        "effective_from": "2026-02-01",
        "review_due": "2027-02-14",
        "hold_reason": "",
    }
    return DocumentRow(**{**base, **changes})


def section(text, heading="Summary"):
    paragraphs = tuple(Paragraph(at, part, "") for at, part in enumerate(text.split("\n\n")))
    return Section("s1", heading, text, paragraphs)


def document(text, references=(), **changes):
    return Document(row(**changes), (section(text),), tuple(references))


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("doses ", "dose"),
        ("dose ", "dosed"),
        ("interact ", "interaction"),
        ("haemodialyse ", "haemodialysed"),
        ("na\u00efve ", "Naive"),
        ("grapef", "grapefruit"),
    ],
)
def test_words_of_one_stem_match(asked, word):
    assert Matcher(asked).matched(word)


@pytest.mark.parametrize(
    ("asked", "word"), [("40 ", "400"), ("4 ", "40"), ("statin ", "station"), ("dose ", "does")]
)
def test_other_words_and_other_figures_do_not_match(asked, word):
    assert not Matcher(asked).matched(word)


@given(st.text(max_size=60), st.text(max_size=60))
def test_marks_are_ordered_and_within_the_text(words, text):
    places = [place for span in Matcher(words).spans(text) for place in span]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


def test_the_best_sentence_is_the_one_in_which_most_words_meet():
    found = best_passage(
        section("Juice is sweet. Grapefruit juice raises exposure.\n\nGrapefruit is a fruit."),
        Matcher("grapefruit juice "),
    )
    assert (found.text, found.paragraph) == ("Grapefruit juice raises exposure.", 0)
    assert [found.text[start:end] for start, end in found.marks] == ["Grapefruit", "juice"]


def test_a_power_stays_a_power_in_a_passage():
    assert best_passage(section("It was 10^6^ copies."), Matcher("copies ")).text == "It was 10\u2076 copies."


@given(st.text(alphabet="ab \n", max_size=120), st.integers(0, 119))
def test_a_focused_passage_marks_the_same_words(text, start):
    marks = ((start, min(len(text), start + 3)),) if start < len(text) else ()
    passage = focused(Passage(text, marks))
    assert [passage.text[a:b] for a, b in passage.marks] == [text[a:b] for a, b in marks]


def test_a_misspelled_word_is_guessed_from_the_titles():
    assert rows.did_you_mean("grapfruit", [row().title]) == ("grapefruit", 1)
    assert rows.did_you_mean("zoster", [row().title]) == ("", 0)


def test_a_row_is_spoken_with_its_state_and_its_review():
    spoken = rows.list_row(row(review_due="2026-11-21"), TODAY).spoken
    assert "Effective" in spoken
    assert "review was due 21 Nov 2026" in spoken


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-26", date(2026, 1, 26)),
        ("26 Jan 2026", date(2026, 1, 26)),
        ("26 january 2026", date(2026, 1, 26)),
        ("01/26/2026", None),
        ("31 Feb 2026", None),
        ("", None),
        ("26 Jan", None),
    ],
)
def test_a_day_is_read_only_where_it_reads_one_way(written, day):
    assert states.read_day(written) == day


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_a_written_day_reads_back(day):
    assert states.read_day(states.day_words(day.isoformat())) == day


@pytest.mark.parametrize(
    ("state", "publish", "hold"),
    [
        ("draft", True, False),
        ("effective", False, True),
        ("on_hold", False, False),
        ("superseded", False, False),
    ],
)
def test_only_a_draft_is_published_and_only_an_effective_version_held(state, publish, hold):
    assert (steps.why_not_publish(row(state=state), TODAY) is None) is publish
    assert (steps.why_not_hold(row(state=state)) is None) is hold


REFERENCES = (
    {"id": "one", "type": "article-journal", "title": "First", "issued": {"date-parts": [[2001]]}},
    {"id": "two", "type": "article-journal", "title": "Second", "issued": {"date-parts": [[2002]]}},
)


def test_citations_are_numbered_by_first_use_behind_the_full_stop():
    content = cited(document("It rose [@two]. It fell [@one; @two].", REFERENCES))
    assert plain_text(content.sections[0].tree) == "It rose.\u00b9 It fell.^(1,2)"
    assert [runs[0].text.split(".")[0] for runs in content.references] == ["Second", "First"]


def test_a_number_behind_a_figure_is_not_raised():
    content = cited(document("The dose was 10 mg[@one] a day.", REFERENCES))
    assert plain_text(content.sections[0].tree) == "The dose was 10 mg (reference 1) a day."


def test_an_unused_reference_is_not_listed():
    assert cited(document("Nothing is cited.", REFERENCES)).references == ()


def test_versions_are_compared_by_paragraph_and_lose_no_word():
    old = document("Same here.\n\nIt rose by 37%.", number="1.0")
    new = document("Same here.\n\nIt rose by 73%.\n\nNew.", number="2.0")
    (pair,) = compare(old, new)
    assert changed_count([pair]) == 2
    assert [old_text(each.pieces) for each in pair.paragraphs] == ["Same here.", "It rose by 37%.", ""]
    assert [new_text(each.pieces) for each in pair.paragraphs] == ["Same here.", "It rose by 73%.", "New."]


def test_a_section_that_is_new_stands_alone():
    old = document("Text.")
    new = Document(row(), (*old.sections, section("More.", "Results")), ())
    assert [(each.old_heading, each.new_heading) for each in compare(old, new)] == [
        ("Summary", "Summary"),
        ("", "Results"),
    ]


def test_every_sample_document_can_be_read_and_compared_with_itself(library):
    for listed in library.read(queries.documents):
        found = library.read(queries.document, listed.id)
        content = cited(found)
        assert "?" not in "".join(
            plain_text(each.tree) for each in content.sections if "^(?" in plain_text(each.tree)
        )
        assert changed_count(compare(found, found)) == 0
