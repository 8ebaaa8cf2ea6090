"""What is suggested for a question, in which order, and why: by words alone, as without the extra."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.standard_response import StandardResponse
from app.services.library import commands, queries
from app.services.library.queries import ForWhom
from app.services.search.lexicon import read_lexicon
from app.services.search.question import names_in, understand
from app.services.search.ranking import best_of_both, fused
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
    "text",
    [
        "",
        "   ",
        "?!",
        "the of and",
        "\x00",
        '"',
        "NEAR(",
        "zzq OR qqz",
        "*",
        "日本",
        "Принимать",
        "4711 0815",
    ],
)
def test_a_question_without_a_known_word_gets_nothing_and_no_error(suggest, text):
    assert suggest(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        'grapefruit" OR "x', "NEAR(grapefruit juice)", "grapefruit*", "^grapefruit", "-grapefruit", "{x} : grapefruit",
        "grapefruit AND NOT juice", "title:grapefruit", "grapefruit'; --", "grapefruit\x00juice", "GRAPEFRUIT",
    ],
)  # fmt: skip
def test_what_the_index_takes_for_orders_is_plain_text(suggest, text):
    assert "grapefruit" in {each for hit in suggest(text) for each in map(str.lower, hit.why)}


def test_a_long_letter_is_a_question_and_its_medicine_is_found(suggest):
    text = "Grapefruit juice with atorvastatin? " + "qwertzu asdfghj yxcvbnm " * 300
    assert len(text) > 5_000
    assert suggest(text)[0].row.code.startswith("SRD-ATO-")


_PIECES = st.sampled_from(
    [
        '"',
        "*",
        "NEAR(",
        " OR ",
        " AND ",
        "NOT ",
        "^",
        ":",
        "atorvastatin",
        "grapefruit",
        "SRD-SIL-003",
        "12",
        "日本",
        "\x00",
    ]
)


@settings(max_examples=40)
@given(
    text=st.text(max_size=80) | st.lists(_PIECES, max_size=12).map("".join),
    limit=st.integers(min_value=0, max_value=4),
    every=st.booleans(),
)
def test_any_text_is_a_question(suggest, text, limit, every):
    found = suggest(text, limit=limit, every=every)
    assert len(found) <= limit
    assert len(set(codes(found))) == len(found)
    for each in found:
        assert 0 <= each.score <= 1
        assert all(0 <= start < end <= len(each.sentence.text) for start, end in each.sentence.marks)


def test_a_bare_figure_in_a_question_is_no_number_of_a_document(own_library):
    with own_library.unit() as uow:
        document = uow.session.query(StandardResponse).filter_by(code="SRD-SIL-003").one()
        document.code = "12"
        uow.commit()
    found = own_library.read(
        Suggester().suggest, Asked("grapefruit juice 12 hours after atorvastatin", TODAY)
    )
    assert codes(found)[0].startswith("SRD-ATO-")


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


def order(words, meaning, held):
    ranked = fused(words, meaning, held)
    return sorted(ranked, key=lambda each: (-ranked[each].score, each))


def test_both_rankings_count_and_each_alone_decides_where_the_other_is_silent():
    words, meaning = {"a": 4.0, "b": 3.0}, {"b": 0.8, "c": 0.6}
    assert order(words, {}, {}) == ["a", "b"]
    assert order({}, meaning, {}) == ["b", "c"]
    assert order(words, meaning, {})[0] == "b"
    assert all(0 <= each.score <= 1 for each in fused(words, meaning, {}).values())


def test_who_holds_what_is_asked_for_comes_before_what_only_sounds_alike():
    words, meaning = {"a": 2.0, "b": 1.0}, {"a": 0.4, "b": 0.45, "c": 0.6}
    assert order(words, meaning, {})[0] == "c"
    assert order(words, meaning, {"a": 1.0, "b": 1.0})[2] == "c"


def test_neither_ranking_can_lose_what_it_found():
    words = {f"w{place:03d}": 100.0 - place for place in range(100)}
    meaning = {f"m{place:03d}": 1 - place / 200 for place in range(100)}
    looked_at = best_of_both(words, meaning, 2)
    assert looked_at == ["w000", "w001", "m000", "m001"]
    assert best_of_both(words, words, 2) == ["w000", "w001"]


def test_names_are_rare_words_that_the_encoder_takes_apart(library):
    lexicon = library.read(read_lexicon)
    question = understand("torsades in the morning after food", lexicon)
    assert names_in(question, lexicon) == ("torsad",)


def test_a_short_word_is_never_corrected_to_another(library):
    lexicon = library.read(read_lexicon)
    assert lexicon.nearest("doze") is None
    assert lexicon.nearest("lasix") is None


def test_the_best_scores_are_never_cut_off_to_one_value(suggest):
    scores = [each.score for each in suggest("grapefruit juice with Lipitor atorvastatin", limit=50)]
    assert max(scores) < 1
    assert len(set(scores[:3])) == 3
    assert suggest("SRD-SIL-003")[0].score == 1
