# ruff: noqa: RUF001 - the checks must see the curly quotes, dashes and wide letters that people paste
import dataclasses
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import EnvironmentFaultError
from app.models.checks.findings import Finding, Severity
from app.models.checks.registry import ran_rules, run, run_block, run_letter
from app.models.checks.rule_config import config_from, rule_config
from app.models.checks.snapshot import (
    Block,
    BlockKind,
    BlockState,
    Citation,
    ContactCard,
    LetterKind,
    LetterSnapshot,
    Origin,
    OriginKind,
    Person,
    Question,
    ReferenceEntry,
    SignatureBlock,
)
from app.models.rules_data import Section

TODAY = date(2026, 11, 22)
SRD = Origin(
    OriginKind.SRD, "SRD-0391", "3.0", "effective", date(2026, 1, 1), date(2026, 12, 31), "DE", "hcp", "en-GB"
)
LABEL = Origin(OriginKind.LABEL, "SmPC Cardenza", "2026-03", country="DE", audience="hcp", language="en")
PERSON = Person("Anna Müller", "Dr.", "Hauptstraße 1\n10115 Berlin", "anna.mueller@example.org")
ANSWER = Block(
    "b1",
    BlockKind.PARAGRAPH,
    "Tablets may be crushed [1].",
    origins=(SRD,),
    state=BlockState.VERBATIM,
    question_ids=("q1",),
)
SIGNED = Block("b9", BlockKind.SIGNATURE, "T. Kaya, PharmD")
LETTER = LetterSnapshot(
    today=TODAY,
    number="L-1",
    letter_date=TODAY,
    reference="MI-2026-004817",
    version_footer="MI-2026-004817 v1",
    language="en",
    blocks=(ANSWER, SIGNED),
    questions=(Question("q1", "Can it be crushed?"),),
    recipient=PERSON,
    contact=ContactCard(PERSON, True, date(2026, 11, 22), "DE", "hcp", "en-US"),
    other_names=(
        "Peter Brown",
        "Dr. Łukasz Żak",
        "O’Brien, Siobhán",
        "Anna Müller",
        "山田太郎",
        "Ana de la Cruz",
    ),
    citations=(Citation("b1", "smith2020", 1),),
    references=(ReferenceEntry("smith2020", {"title": "A trial of crushing"}),),
    signature=SignatureBlock("T. Kaya", "PharmD"),
    package_hash="AB12",
    approved_hash="ab12",
)


def letter(*texts: str, **changes: object) -> LetterSnapshot:
    blocks = tuple(
        Block(f"t{n}", BlockKind.PARAGRAPH, text, state=BlockState.FREE, question_ids=("q1",))
        for n, text in enumerate(texts)
    )
    bare = dataclasses.replace(LETTER, blocks=(*blocks, SIGNED), citations=(), references=())
    return dataclasses.replace(bare, **changes)


def found(snapshot: LetterSnapshot, rule: str) -> list[Finding]:
    return [finding for finding in run(snapshot) if finding.rule == rule]


def with_contact(**changes: object) -> LetterSnapshot:
    return dataclasses.replace(LETTER, contact=dataclasses.replace(LETTER.contact, **changes))


def with_origin(**changes: object) -> LetterSnapshot:
    block = dataclasses.replace(ANSWER, origins=(dataclasses.replace(SRD, **changes),))
    return dataclasses.replace(LETTER, blocks=(block, SIGNED))


def test_a_letter_in_order_has_no_finding():
    assert run(LETTER) == ()


def test_the_rules_that_ran_are_named():
    assert ran_rules() == ("LC01", "LC02", "LC08", "LC09", "LC11", "LC16", "LC31", "LC40")


PLACEHOLDERS = [
    "{{contact.last_name}}",
    "{{ größe }}",
    "[[reference]]",
    "[insert dose]",
    "[TBD]",
    "[Name]",
    "[XXX]",
    "[date of approval]",
    "<<product>>",
    "TBD",
    "tbd",
    "TK",
    "XXXX",
    "Lorem ipsum",
]


@pytest.mark.parametrize("mark", PLACEHOLDERS)
@pytest.mark.parametrize("frame", ["Dear {}, thank you.", "{}", "„{}“ – ü"])
def test_lc01_finds_what_is_left_to_fill_in(mark, frame):
    text = frame.replace("{}", mark)
    (finding,) = found(letter(text), "LC01")
    assert (finding.severity, finding.where, finding.quote) == (Severity.BLOCK, "t0", mark)
    assert text[finding.offset :].startswith(mark)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a TK inhibitor such as imatinib",
        "HSV-TK and TK1 activity",
        "TKI",
        "the data [1-3] and {x}",
        "p < 0.05 and n > 30",
        "[14C]glucose",
        "XX chromosomes",
        "Ｔ. Kaya",
        "tk",
    ],
)
def test_lc01_leaves_ordinary_text_alone(text):
    assert found(letter(text), "LC01") == []


def test_lc02_finds_a_question_without_an_answer():
    both = (*LETTER.questions, Question("q2", "Und in der Schwangerschaft?"))
    (finding,) = found(dataclasses.replace(LETTER, questions=both), "LC02")
    assert (finding.severity, finding.where, finding.quote) == (
        Severity.BLOCK,
        None,
        "Und in der Schwangerschaft?",
    )
    assert "Question 2" in finding.message


@pytest.mark.parametrize("kind", [LetterKind.ACKNOWLEDGEMENT, LetterKind.INTERIM])
def test_lc02_asks_no_answer_of_a_letter_that_only_holds_the_place(kind):
    own = Block("b2", BlockKind.PARAGRAPH, "You will hear from us by Friday.")
    held = dataclasses.replace(LETTER, kind=kind, blocks=(own, SIGNED))
    assert found(held, "LC02") == []
    sourced = dataclasses.replace(own, origins=(Origin(OriginKind.SRD, "SRD-1", "1.0"),))
    (finding,) = found(dataclasses.replace(held, blocks=(sourced, SIGNED)), "LC02")
    assert finding.severity is Severity.WARN


def test_lc02_takes_a_spoken_answer():
    both = (*LETTER.questions, Question("q2", "And with food?", answered_elsewhere=True))
    assert found(dataclasses.replace(LETTER, questions=both), "LC02") == []


@pytest.mark.parametrize(
    "kind", [BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.TABLE, BlockKind.EVIDENCE_TABLE]
)
@pytest.mark.parametrize("question_ids", [(), ("gone",)])
def test_lc02_warns_of_a_block_without_a_question(kind, question_ids):
    extra = Block("b2", kind, "Also available as syrup.", question_ids=question_ids)
    (finding,) = found(dataclasses.replace(LETTER, blocks=(*LETTER.blocks, extra)), "LC02")
    assert (finding.severity, finding.where) == (Severity.WARN, "b2")


@pytest.mark.parametrize(
    "kind", [BlockKind.HEADING, BlockKind.FIXED, BlockKind.REFERENCES, BlockKind.SIGNATURE]
)
def test_lc02_asks_no_question_of_the_frame(kind):
    extra = Block("b2", kind, "With kind regards")
    assert found(dataclasses.replace(LETTER, blocks=(*LETTER.blocks, extra)), "LC02") == []


def test_lc02_does_not_count_an_empty_block_as_an_answer():
    blank = dataclasses.replace(ANSWER, drawn=" \n")
    (finding,) = found(dataclasses.replace(LETTER, blocks=(blank, SIGNED)), "LC02")
    assert finding.severity is Severity.BLOCK


MISFITS = [
    ({"status": "on_hold"}, "on hold"),
    ({"status": "superseded"}, "superseded"),
    ({"status": "expired"}, "expired"),
    ({"status": ""}, "without a status"),
    ({"effective_from": date(2026, 11, 23)}, "effective from 23 Nov 2026"),
    ({"effective_to": date(2026, 11, 21)}, "until 21 Nov 2026"),
    ({"country": "FR"}, "is for FR"),
    ({"country": "", "exportable": False}, "core text"),
    ({"audience": "patient"}, "is for patient"),
    ({"audience": ""}, "not known"),
    ({"language": "de"}, "is in de"),
    ({"language": ""}, "not known"),
]


@pytest.mark.parametrize(("change", "words"), MISFITS)
def test_lc08_finds_a_version_that_does_not_fit(change, words):
    (finding,) = found(with_origin(**change), "LC08")
    assert (finding.severity, finding.where) == (Severity.BLOCK, "b1")
    assert words in finding.message
    assert "SRD-0391 3.0" in finding.message


@pytest.mark.parametrize(
    "change",
    [
        {"effective_from": TODAY, "effective_to": TODAY},
        {"effective_from": None, "effective_to": None},
        {"country": "de"},
        {"country": ""},
        {"audience": "HCP"},
        {"language": "EN"},
        {"language": "en_US"},
    ],
)
def test_lc08_takes_a_version_that_fits(change):
    assert found(with_origin(**change), "LC08") == []


def test_lc08_asks_for_the_country_of_the_contact():
    (finding,) = found(with_contact(country=""), "LC08")
    assert "the contact has no country" in finding.message


def test_lc08_tells_everything_that_is_wrong_at_once():
    snapshot = with_origin(status="expired", country="FR", audience="patient", language="fr")
    assert len(found(snapshot, "LC08")) == 4


def test_lc08_finds_stale_text_of_any_origin_once():
    stale_label = dataclasses.replace(ANSWER, origins=(LABEL,), stale=True)
    (finding,) = found(dataclasses.replace(LETTER, blocks=(stale_label, SIGNED)), "LC08")
    assert "SmPC Cardenza 2026-03, which is no longer in force" in finding.message
    held = dataclasses.replace(ANSWER, origins=(dataclasses.replace(SRD, status="on_hold"),), stale=True)
    assert len(found(dataclasses.replace(LETTER, blocks=(held, SIGNED)), "LC08")) == 1


@pytest.mark.parametrize("origin", [SRD, LABEL])
def test_lc09_warns_of_approved_text_that_was_changed(origin):
    changed = dataclasses.replace(ANSWER, origins=(origin,), state=BlockState.CHANGED)
    (finding,) = found(dataclasses.replace(LETTER, blocks=(changed, SIGNED)), "LC09")
    assert (finding.severity, finding.where) == (Severity.WARN, "b1")
    assert origin.name in finding.message


@pytest.mark.parametrize(
    ("origins", "state"),
    [
        ((SRD,), BlockState.VERBATIM),
        ((), BlockState.FREE),
        ((Origin(OriginKind.TEMPLATE, "standard", "1"),), BlockState.CHANGED),
    ],
)
def test_lc09_leaves_verbatim_free_and_template_text_alone(origins, state):
    block = dataclasses.replace(ANSWER, origins=origins, state=state)
    assert found(dataclasses.replace(LETTER, blocks=(block, SIGNED)), "LC09") == []


@pytest.mark.parametrize(
    ("change", "words"),
    [({"is_verified": False}, "not verified"), ({"verified_until": date(2026, 11, 21)}, "until 21 Nov 2026")],
)
def test_lc11_asks_for_a_valid_verification(change, words):
    (finding,) = found(with_contact(**change), "LC11")
    assert (finding.severity, finding.where) == (Severity.BLOCK, None)
    assert words in finding.message


@pytest.mark.parametrize("field", ["name", "title", "address", "email"])
def test_lc11_compares_each_part_with_the_contact(field):
    recipient = dataclasses.replace(PERSON, **{field: "Other"})
    (finding,) = found(dataclasses.replace(LETTER, recipient=recipient), "LC11")
    assert finding.severity is Severity.BLOCK
    assert finding.quote == "Other"


def test_lc11_forgives_only_spaces_case_and_unicode_form():
    recipient = Person(
        unicodedata.normalize("NFD", "Anna  Müller"),
        "DR.",
        "Hauptstraße 1 10115 Berlin",
        "Anna.Mueller@example.org",
    )
    assert found(dataclasses.replace(LETTER, recipient=recipient), "LC11") == []
    other = dataclasses.replace(PERSON, name="Anna Muller")
    assert len(found(dataclasses.replace(LETTER, recipient=other), "LC11")) == 1


def test_lc11_asks_for_a_name():
    nobody = Person()
    snapshot = dataclasses.replace(
        LETTER, recipient=nobody, contact=ContactCard(nobody, True, None, "DE", "hcp", "en")
    )
    assert len(found(snapshot, "LC11")) == 1


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("As Peter Brown asked, it may be split.", "Peter Brown"),
        ("as PETER  BROWN asked", "PETER BROWN"),
        ("see Brown, Peter", "Brown, Peter"),
        ("Dear Dr. Brown,", "Dr. Brown"),
        ("Dear Mr Brown", "Mr Brown"),
        ("Łukasz Żak's patient", "Łukasz Żak's"),
        (unicodedata.normalize("NFD", "für Łukasz Żak"), unicodedata.normalize("NFD", "Łukasz Żak")),
        ("Siobhán O'Brien", "Siobhán O'Brien"),
        ("Ana de la Cruz und Ana Cruz", "Ana de la Cruz"),
        ("山田太郎先生へ", "山田太郎"),
        ("'Peter Brown'", "Peter Brown"),
        ("Frau\nBrown", "Frau Brown"),
    ],
)
def test_lc11_finds_the_name_of_another_contact(text, quote):
    finding = found(letter(text), "LC11")[0]
    assert (finding.severity, finding.where, finding.quote) == (Severity.BLOCK, "t0", quote)


@pytest.mark.parametrize(
    "text",
    [
        "Dear Dr. Müller,",
        "Dear Anna Müller,",
        "the brown tablet",
        "Brown et al. reported that Peter",
        "Peter said. In another case, Brown did.",
        "Peterson Browning",
        "Dr. Smith",
        "山田",
        "",
    ],
)
def test_lc11_leaves_the_contact_and_common_words_alone(text):
    assert found(letter(text), "LC11") == []


@pytest.mark.parametrize("kind", [BlockKind.REFERENCES, BlockKind.SIGNATURE])
def test_lc11_does_not_look_among_authors_and_signatures(kind):
    block = Block("r", kind, "1. Peter Brown. A trial. 2020.")
    assert found(letter(blocks=(block, SIGNED)), "LC11") == []


def refs(count: int) -> tuple[ReferenceEntry, ...]:
    return tuple(ReferenceEntry(f"k{n}", {"title": f"Title {n}"}) for n in range(1, count + 1))


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        (["One [1], two [2] and again [1]."], 2),
        (["All at once [1-3]."], 3),
        (["With a dash [1–3,4] then [2, 5]."], 5),
        (["First [1].", "Second [2]."], 2),
        (["Shown before.¹ And later,²⁻³ too."], 3),
        (["Area of 2 m² at 10⁻³ mol."], 0),
        (["difference 4 (95% CI [12, 40]) in [1]"], 1),
        (["median 23 [18–29] months [1]"], 1),
        (["no citation at all"], 0),
    ],
)
def test_lc16_takes_a_letter_whose_numbers_are_in_order(texts, count):
    assert found(letter(*texts, references=refs(count)), "LC16") == []


@pytest.mark.parametrize(
    ("texts", "count", "words"),
    [
        (["Only [1] and [3]."], 1, "no reference 3"),
        (["Zero [0] and [1]."], 1, "no reference 0"),
        (["Far [1-9999]."], 1, "no reference 2"),
        (["Back [2-1]."], 2, "runs backwards"),
        (["Only [1]."], 2, "Reference 2 is cited nowhere"),
        (["Second [2], then [1]."], 2, "Reference 2 is cited before reference 1"),
        (["First [1].", "Third [3] and [2]."], 3, "Reference 3 is cited before reference 2"),
        (["As shown.³ Then,¹ and,²"], 3, "Reference 3 is cited before reference 1"),
        (["The outcome⁷ was [1]"], 1, "no reference 7"),
    ],
)
def test_lc16_finds_numbers_that_do_not_match_the_list(texts, count, words):
    (finding,) = found(letter(*texts, references=refs(count)), "LC16")
    assert finding.severity is Severity.BLOCK
    assert words in finding.message


def test_lc16_finds_a_citation_without_a_reference():
    snapshot = letter("Seen before.", citations=(Citation("t0", "größe2020", None),))
    (finding,) = found(snapshot, "LC16")
    assert (finding.where, finding.quote) == ("t0", "[@größe2020]")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"title": "One", "DOI": "10.1000/AbC"},
            {"title": "Two", "DOI": "https://doi.org/10.1000/abc."},
        ),
        ({"title": "One", "PMID": "0123"}, {"title": "Two", "PMID": " 123 "}),
        ({"title": "Über die Dosis."}, {"title": "U\u0308ber die — DOSIS"}),
    ],
)
def test_lc16_finds_one_reference_twice(first, second):
    both = (ReferenceEntry("a", first), ReferenceEntry("b", second))
    (finding,) = found(letter("Both [1,2].", references=both), "LC16")
    assert "References 1 and 2 are the same" in finding.message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"title": "Drug X label", "issued": {"date-parts": [[2024]]}},
            {"title": "Drug X label", "issued": {"date-parts": [[2026]]}},
        ),
        ({"title": "Same", "DOI": "10.1000/one"}, {"title": "Same", "DOI": "10.1000/two"}),
        ({"title": "Editorial"}, {"title": "Editorial"}),
    ],
    ids=["editions", "numbers", "common title"],
)
def test_lc16_joins_no_more_than_the_library_would(first, second):
    both = (ReferenceEntry("a", first), ReferenceEntry("b", second))
    assert found(letter("Both [1,2].", references=both), "LC16") == []


def test_lc16_does_not_join_references_without_identity():
    empty = (ReferenceEntry("a"), ReferenceEntry("b"))
    assert found(letter("Both [1,2].", references=empty), "LC16") == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"letter_date": None}, "no date"),
        ({"reference": " "}, "no reference number"),
        ({"blocks": (ANSWER,)}, "no signature block"),
        ({"signature": SignatureBlock("", "PharmD")}, "no name"),
        ({"signature": SignatureBlock("T. Kaya", "")}, "no credentials"),
        ({"version_footer": ""}, "no version"),
        ({"language": "de"}, "The letter is in de"),
        ({"language": ""}, "no language"),
    ],
)
def test_lc31_finds_a_formal_part_that_is_missing(change, words):
    (finding,) = found(dataclasses.replace(LETTER, **change), "LC31")
    assert finding.severity is Severity.BLOCK
    assert words in finding.message


@pytest.mark.parametrize("package", ["", "cd34"])
def test_lc40_finds_a_package_that_is_not_the_approved_one(package):
    (finding,) = found(dataclasses.replace(LETTER, package_hash=package), "LC40")
    assert finding.severity is Severity.BLOCK


def test_lc40_waits_for_an_approval():
    assert found(dataclasses.replace(LETTER, package_hash="cd34", approved_hash=""), "LC40") == []


def test_a_keystroke_reruns_only_its_block():
    snapshot = letter("TBD", "also TBD")
    assert [finding.where for finding in run_block(snapshot, "t1")] == ["t1"]
    assert run_block(snapshot, "gone") == ()
    assert all(finding.rule in {"LC02", "LC11", "LC16", "LC31", "LC40"} for finding in run_letter(LETTER))


TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "[",
                "]",
                "{{",
                "}}",
                "<<",
                ">>",
                "1",
                "-",
                "–",
                ",",
                "¹",
                "⁻",
                "٣",
                " ",
                "Dr",
                "Brown",
                "Peter",
                "TK",
                "word",
                "山田太郎",
                "\u0308",
                "'",
                "’",
                "\ud7a3",
                "CI ",
            ]
        ),
        max_size=30,
    ).map("".join),
)


WEIGHTS = {
    "LC01": {"X"},
    "LC02": {"X", "W"},
    "LC08": {"X"},
    "LC09": {"W"},
    "LC11": {"X"},
    "LC16": {"X"},
    "LC31": {"X"},
    "LC40": {"X"},
}


@pytest.mark.parametrize("rule", WEIGHTS)
def test_each_rule_weighs_what_the_field_says(rule):
    config = rule_config(rule)
    assert config.title
    assert {severity.value for severity in config.severities.values()} == WEIGHTS[rule]


def test_a_weight_that_is_not_known_is_refused():
    section = Section("LC99", {"title": "t", "severity": {"found": "Z"}})
    with pytest.raises(EnvironmentFaultError, match="LC99"):
        config_from("LC99", section)


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_ever_raises_and_every_quote_stands_where_it_says(first, second, name):
    snapshot = letter(
        first,
        second,
        other_names=(name, "Peter Brown", "山田太郎"),
        recipient=Person(name, name, name, name),
        questions=(Question("q1", name),),
        references=(ReferenceEntry(name, {"title": name, "DOI": name, "PMID": name}),),
        language=name,
        package_hash=name,
    )
    texts = {block.id: block.drawn for block in snapshot.blocks}
    for finding in run(snapshot):
        assert finding.rule in ran_rules()
        assert finding.message.endswith(".")
        if finding.where is not None and finding.offset is not None and not finding.quote.endswith("…"):
            assert " ".join(texts[finding.where][finding.offset :].split()).startswith(finding.quote)


@given(TEXTS, TEXTS)
def test_a_whole_run_is_its_blocks_and_then_the_letter(first, second):
    snapshot = letter(first, second)
    blocks = [finding for block in snapshot.blocks for finding in run_block(snapshot, block.id)]
    assert run(snapshot) == (*blocks, *run_letter(snapshot))
