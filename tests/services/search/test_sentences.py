"""The sentence of a text that answers best, and the words marked in it."""

from hypothesis import given
from hypothesis import strategies as st

from app.services.search.sentences import best_sentence, matched, sentences, words_in
from app.services.search.stems import fold, stem

TEXT = (
    "The tablets are white. Do not drink grapefruit juice (e.g. at breakfast).\n\n- Renal impairment: 5 mg."
)
SPOKEN = st.lists(
    st.sampled_from(
        ["Sensibility", "dried", "dry", "therapies", "naïve", "IBUPROFEN", "operators", "a_b", "µg", "5"]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


def test_the_weightiest_sentence_is_chosen_with_its_paragraph_and_marks():
    best = best_sentence(TEXT, {"grapefruit": 2.0, "juic": 1.0, "tablet": 0.5})
    assert best.text == "Do not drink grapefruit juice (e.g. at breakfast)."
    assert (best.paragraph, best.weight) == (0, 3.0)
    assert [best.text[start:end] for start, end in best.marks] == ["grapefruit", "juice"]
    assert best_sentence(TEXT, {"renal": 1.0}).text == "Renal impairment: 5 mg."


def test_without_a_word_of_the_question_the_first_sentence_stands_unmarked():
    for weights in ({}, {"zoster": 1.0}):
        best = best_sentence(TEXT, weights)
        assert (best.text, best.marks) == ("The tablets are white.", ())
    assert best_sentence("", {"x": 1.0}).text == ""


def test_a_text_is_cut_at_ends_of_sentences_only():
    assert sentences("At 2.5 mg. Twice daily! \"Why?\" 1. First") == [
        "At 2.5 mg.", "Twice daily!", '"Why?" 1.', "First",
    ]  # fmt: skip


@given(text=SPOKEN, asked=SPOKEN)
def test_every_word_with_a_stem_of_the_question_is_marked_and_no_other(text, asked):
    weights = {stem(fold(word)): 1.0 for word in asked.split()}
    marks, _weight = matched(text, weights)
    marked = {text[start:end] for start, end in marks}
    assert {word for word in text.replace("_", " ").split() if stem(fold(word)) in weights} == marked
    assert {stem(fold(word)) for word in marked} == set(words_in([text], weights))
