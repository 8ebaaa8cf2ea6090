import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.fields import (
    FIELDS,
    FieldCompany,
    FieldContact,
    FieldInquiry,
    FieldSource,
    draw,
    draw_text,
    unresolved,
)
from app.models.markup import fields as fields_of
from app.models.markup import parse
from app.models.rules_data import resource_path
from app.models.written_dates import written_date

SOURCE = FieldSource(
    contact=FieldContact(
        title="Dr",
        first_name="Ana",
        last_name="Lima",
        credentials="PharmD",
        institution="City Hospital",
        address_lines=("1 High Street", "Springfield"),
        country="Portugal",
        email="ana@example.org",
    ),
    inquiry=FieldInquiry(
        "MI-2026-000123", dt.date(2026, 11, 20), ("Can it be crushed?", "Is it stable?"), "Examplix"
    ),
    company=FieldCompany(
        "Example Pharma", ("2 Low Road", "Leeds"), "+44 20 0000", "mi@example.com", "the safety line"
    ),
    letter_date=dt.date(2026, 11, 22),
    letter_reference="MI-2026-000123/1",
    author_name="Sam Roe",
    author_credentials="MPharm",
    label_date=dt.date(2025, 3, 1),
)


def test_every_field_has_a_value_when_all_is_known():
    assert [name for name in FIELDS if draw(name, SOURCE).value is None] == []


@pytest.mark.parametrize("name", ["response-en", "acknowledgement-en", "interim-en"])
def test_every_field_of_a_template_exists(name):
    template = json.loads(resource_path("letter-templates", f"{name}.json").read_text(encoding="utf-8"))
    texts = [slot["text"] for slot in template["slots"] + template.get("optional", [])]
    assert {field.name for text in texts for field in fields_of(parse(text))} <= FIELDS.keys()


def test_no_field_invents_a_value_when_nothing_is_known():
    assert [name for name in FIELDS if draw(name, FieldSource()).value is not None] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("contact.name", "Dr Ana Lima, PharmD"),
        ("contact.salutation", "Dr Lima"),
        ("contact.block", "Dr Ana Lima, PharmD\nCity Hospital\n1 High Street\nSpringfield\nPortugal"),
        ("inquiry.received_on", "20 November 2026"),
        ("inquiry.questions", "1. Can it be crushed?\n2. Is it stable?"),
        ("letter.date", "22 November 2026"),
        ("author.signature", "Sam Roe, MPharm"),
        ("label.date", "1 March 2025"),
        (" contact.email ", "ana@example.org"),
    ],
)
def test_fields_draw_from_the_case(name, expected):
    assert draw(name, SOURCE).value == expected


def test_an_unknown_name_is_reported_and_left_in_the_text():
    drawn = draw("contact.shoe_size", SOURCE)
    assert (drawn.is_known, drawn.value) == (False, None)
    assert draw_text("{{contact.shoe_size}}", SOURCE) == "{{contact.shoe_size}}"


def test_a_title_alone_names_nobody():
    source = FieldSource(contact=FieldContact(title="Dr", credentials="MD"))
    assert draw("contact.name", source).value is None
    assert draw("contact.salutation", source).value is None


def test_without_a_title_the_greeting_uses_the_first_name():
    source = FieldSource(contact=FieldContact(first_name="Ana", last_name="Lima"))
    assert draw("contact.salutation", source).value == "Ana Lima"


def test_a_text_is_filled_and_what_is_missing_stays_and_is_listed():
    source = FieldSource(contact=FieldContact(last_name="Lima"))
    text = "Dear {{ contact.last_name }}, ref {{letter.reference}}, {{nonsense}} {{letter.reference}}"
    assert draw_text(text, source) == "Dear Lima, ref {{letter.reference}}, {{nonsense}} {{letter.reference}}"
    missing = unresolved([text], source)
    assert [(drawn.name, drawn.is_known) for drawn in missing] == [
        ("letter.reference", True),
        ("nonsense", False),
    ]


def test_a_value_cannot_open_another_field():
    source = FieldSource(contact=FieldContact(last_name="{{{company.name}}}"), company=FieldCompany("Secret"))
    once = draw_text("{{contact.last_name}}", source)
    assert "Secret" not in draw_text(once, source)


@given(st.text(max_size=40))
def test_a_text_without_fields_is_left_alone(text):
    if "{{" not in text:
        assert draw_text(text, SOURCE) == text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "22 November 2026"),
        ("en-GB", "22 November 2026"),
        ("en_US", "November 22, 2026"),
        ("de", "22. November 2026"),
        ("fr", "22 novembre 2026"),
        ("es", "22 de noviembre de 2026"),
        ("it-CH", "22 novembre 2026"),
        ("nl", "22 november 2026"),
        ("pt-BR", "22 de novembro de 2026"),
        ("tlh", "2026-11-22"),
    ],
)
def test_dates_are_written_out_by_language(language, expected):
    assert written_date(dt.date(2026, 11, 22), language) == expected


def test_the_french_first_is_an_ordinal():
    assert written_date(dt.date(2026, 3, 1), "fr") == "1er mars 2026"


@given(st.dates())
def test_a_written_english_date_reads_back(day):
    number, month, year = written_date(day, "en").split(" ")
    months = [written_date(dt.date(2000, place, 1)).split(" ")[1] for place in range(1, 13)]
    assert dt.date(int(year), months.index(month) + 1, int(number)) == day
