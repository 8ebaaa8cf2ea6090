"""What is suggested for a question, in which order, and why: by words alone, as without the extra."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.library import commands, queries
from app.services.library.queries import ForWhom
from app.services.search.lexicon import read_lexicon
from app.services.search.question import understand
from app.services.search.ranking import fused
from app.services.search.suggest import Asked, Suggester
from tests.services.search.conftest import TODAY, codes

US = ForWhom("US", "hcp", "en", TODAY)


def test_the_best_document_comes_with_its_section_sentence_and_reasons(suggest):
    best = suggest("Can she drink grapefruit juice with atorvastatin?")[0]
    assert best.row.code.startswith("SRD-ATO-")
    assert "rapefruit" in best.sentence.text
    marked = [best.sentence.text[start:end].lower() for start, end in best.sentence.marks]
    assert "grapefruit" in marked
    assert {"grapefruit", "juice", "same product"} <= set(best.why)


def test_a_brand_name_finds_what_is_written_of_its_substance(suggest):
    found = suggest("kidney trouble with Lipitor")
    assert codes(found)[0] == "SRD-ATO-002"
    assert "same product" in found[0].why
    assert "atorvastatin for lipitor" in found[0].why


def test_a_misspelt_word_is_read_as_the_one_the_library_knows_and_says_so(suggest):
    found = suggest("grapfruit with atorvastatin")
    assert "grapfruit read as grapefruit" in found[0].why


def test_a_word_without_its_like_is_left_alone(library):
    lexicon = library.read(read_lexicon)
    assert lexicon.nearest("zoster") is None
    assert lexicon.nearest("prednisone") is None
    assert lexicon.nearest("haloperidl") == "haloperidol"
    assert lexicon.nearest("atorvastatin") is None


def test_a_lay_phrase_is_searched_in_the_words_of_the_texts(library):
    question = understand("Does it cause a heart attack?", library.read(read_lexicon))
    assert question.also["myocardial infarction"] == "heart attack"


def test_only_documents_in_force_are_suggested(suggest):
    found = suggest("switch from parenteral to oral haloperidol", limit=50)
    assert "SRD-HAL-003" not in codes(found)
    assert {each.row.state for each in found} == {"effective"}


def test_what_cannot_be_used_comes_last_with_its_obstacle_when_asked_for(suggest):
    found = suggest("switch from parenteral to oral haloperidol", limit=50, whom=US, every=True)
    held = next(each for each in found if each.row.code == "SRD-HAL-003")
    assert held.obstacle == "is on hold: the label change of 9 November"
    usable = [each.obstacle is None for each in found]
    assert usable == sorted(usable, reverse=True)


def test_a_superseded_version_is_never_suggested(suggest):
    found = suggest("atorvastatin grapefruit juice", limit=50, every=True)
    assert "superseded" not in {each.row.state for each in found}


def test_country_audience_and_language_leave_out_what_does_not_fit(suggest):
    found = suggest("grapefruit juice with atorvastatin", limit=50, whom=US)
    assert "SRD-ATO-001" in codes(found)
    assert not {"SRD-ATO-101", "SRD-ATO-007"} & set(codes(found))


def test_another_medicine_is_ranked_lower_and_left_out_when_only_one_is_asked_for(suggest):
    both = suggest("storage of the tablets", limit=50, product="Haloperidol tablets")
    assert both[0].row.product.startswith("Haloperidol")
    only = suggest("storage of the tablets", limit=50, product="Haldol", only_product=True)
    assert {each.row.product for each in only} <= {"Haloperidol tablets", ""}


def test_a_document_is_found_by_its_number(suggest):
    assert codes(suggest("SRD-SIL-003"))[0] == "SRD-SIL-003"


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "the of and", "\x00", '"', "NEAR(", "zzq OR qqz", "*", "日本"]
)
def test_a_question_without_a_known_word_gets_nothing_and_no_error(suggest, text):
    assert suggest(text) == ()


@settings(max_examples=30)
@given(text=st.text(max_size=80))
def test_any_text_is_a_question(suggest, text):
    for each in suggest(text, limit=3):
        assert 0 <= each.score <= 1
        assert all(0 <= start < end <= len(each.sentence.text) for start, end in each.sentence.marks)


def test_the_same_question_gets_the_same_answer_from_another_suggester(library, suggest):
    asked = Asked("dose in renal impairment", TODAY)
    assert library.read(Suggester().suggest, asked, 10) == suggest(asked.text)


def test_a_version_that_comes_into_force_later_waits_for_its_day(own_library):
    suggester = Suggester()
    early = own_library.read(suggester.suggest, Asked("grapefruit juice", date(2000, 1, 1)), 50)
    assert early == ()


def test_a_hold_counts_at_once(own_library):
    suggester = Suggester()
    asked = Asked("torsades de pointes", TODAY)
    assert "SRD-HAL-001" in codes(own_library.read(suggester.suggest, asked))
    version = own_library.read(queries.version_by_code, "SRD-HAL-001")
    own_library.write(commands.hold, version, "a signal")
    assert "SRD-HAL-001" not in codes(own_library.read(suggester.suggest, asked))


def test_both_rankings_count_and_each_alone_decides_where_the_other_is_silent():
    words, meaning = {"a": 4.0, "b": 3.0}, {"b": 0.8, "c": 0.6}
    assert [each.version_id for each in fused(words, {})] == ["a", "b"]
    assert [each.version_id for each in fused({}, meaning)] == ["b", "c"]
    assert fused(words, meaning)[0].version_id == "b"
    assert all(0 <= each.score <= 1 for each in fused(words, meaning))
