import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.inquiry_forms import (
    PersonForm,
    check_person,
    check_text,
    proposed_questions,
    split_name,
    title_of,
)
from app.models.numbering import Series, provisional, short_of, stem
from app.models.rules_data import parse_rules
from app.models.sla import Priority
from app.models.topics import taxonomy, taxonomy_from
from app.models.vocabulary import check_country, check_language, vocabulary


@pytest.mark.parametrize("name", sorted(vocabulary().lists))
def test_no_word_of_others_means_two_things(name):
    spoken = [word for term in vocabulary().terms(name) for word in (term.code, *term.aliases)]
    assert len(spoken) == len(set(spoken))
    for term in vocabulary().terms(name):
        for word in (term.code, term.label.upper(), *term.aliases):
            assert vocabulary().recognise(name, word) == term.code
        assert len(term.code) <= 24


def test_urgency_is_what_the_service_level_knows():
    assert {term.code for term in vocabulary().terms("urgency")} == set(Priority)


def test_every_role_says_for_whom_the_answer_is():
    audiences = {term.code: term.audience for term in vocabulary().terms("requester_role")}
    assert set(audiences.values()) == {"hcp", "patient", "other"}
    assert (audiences["pharmacist"], audiences["caregiver"], audiences["journalist"]) == (
        "hcp",
        "patient",
        "other",
    )
    assert vocabulary().audience("king") == ""


def test_a_word_that_is_in_no_list_is_refused():
    with pytest.raises(InputRefusedError, match="phone, email"):
        vocabulary().check("channel", "pigeon")
    assert vocabulary().recognise("channel", "pigeon") is None


@pytest.mark.parametrize(("text", "code"), [("gb", "GB"), (" uk ", "GB"), ("", "")])
def test_countries_are_two_letters(text, code):
    assert check_country(text) == code


@pytest.mark.parametrize("text", ["GBR", "G1", "É1"])
def test_other_countries_are_refused(text):
    with pytest.raises(InputRefusedError):
        check_country(text)


@pytest.mark.parametrize(("text", "tag"), [("EN", "en"), ("PT-BR", "pt-BR"), ("deu", "deu")])
def test_languages_are_tags(text, tag):
    assert check_language(text) == tag


@pytest.mark.parametrize("text", ["", "e", "english", "en_GB", "en-"])
def test_other_languages_are_refused(text):
    with pytest.raises(InputRefusedError):
        check_language(text)


def test_topics_have_subtopics_and_names():
    topics = taxonomy()
    assert topics.check("dosing_administration/missed_dose")
    assert topics.recognise("Drug Interactions") == "drug_interaction"
    assert topics.label("dosing_administration/missed_dose") == "Dosing and administration, missed dose"
    for wrong in ("weather", "safety/weather", "/"):
        with pytest.raises(InputRefusedError):
            topics.check(wrong)


def test_a_damaged_taxonomy_is_told():
    with pytest.raises(EnvironmentFaultError):
        taxonomy_from(parse_rules("x.json", '{"version": "1", "source": "s", "topics": [{"code": "a"}]}'))


def test_numbers_carry_series_and_device():
    assert provisional(Series.QUALITY_COMPLAINT, "K7Q2", 12) == "PQC-L-K7Q2-12"
    assert provisional(Series.INQUIRY, "K7Q2", 1).startswith(stem(Series.INQUIRY, "K7Q2"))
    assert short_of("device-1") == short_of("device-1") != short_of("device-2")


@given(st.text(max_size=20))
def test_a_short_name_is_four_plain_characters(device):
    assert len(short_of(device)) == 4
    assert short_of(device).isalnum()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dana Whitfield", ("Dana", "Whitfield")),
        ("Whitfield,  Dana", ("Dana", "Whitfield")),
        ("Cher", ("", "Cher")),
        ("", ("", "")),
    ],
)
def test_a_name_is_split_into_first_and_last(name, parts):
    assert split_name(name) == parts


@given(st.text(max_size=400))
def test_a_title_is_one_line_that_fits(text):
    title = title_of(text)
    assert len(title) <= 120
    assert "\n" not in title


def test_a_person_is_tidied_and_checked():
    assert check_person(PersonForm(last_name=" Bell ", country="uk")).country == "GB"
    assert check_person(PersonForm(last_name=" Bell ")).last_name == "Bell"
    for wrong in (PersonForm(email="a@b"), PersonForm(role="king"), PersonForm(title="x" * 41)):
        with pytest.raises(InputRefusedError):
            check_person(wrong)


@pytest.mark.parametrize("text", ["a\x00", "a\x1b[2J", "\udc80", "xx"])
def test_hostile_text_is_refused(text):
    with pytest.raises(InputRefusedError):
        check_text("note", text, 1)


LETTER = "Dear all,\r\n1. Is A so,\r\n   and B?\r\n2) Is C?\r\n\r\nKind regards"


def test_numbered_questions_are_proposed():
    assert proposed_questions(LETTER) == ("Is A so, and B?", "Is C?")
    assert proposed_questions("Three: (1) A (x)? (2) B?") == ("A (x)?", "B?")


@pytest.mark.parametrize("text", ["", "1. Only one?", "2. B\n3. C", "Give 5. Then 6. of it"])
def test_what_is_not_a_list_proposes_nothing(text):
    assert proposed_questions(text) == ()


@given(st.text(st.sampled_from("12.() \n\tab"), max_size=200))
def test_proposals_never_fail(text):
    assert len(proposed_questions(text)) != 1
