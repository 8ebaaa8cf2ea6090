"""Labels come in once, in versions, with their sections; they are found and compared."""

import json
import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.errors import InputRefusedError, RecordNotFoundError
from app.models.label import Label, LabelSection
from app.models.markup import parse
from app.models.markup_nodes import Table, inline_parts
from app.models.markup_runs import flatten
from app.models.product import Product
from app.models.rules_data import load_rules
from app.models.word_diff import Kind, new_text, old_text
from app.services.library import imports, label_changes, labels
from app.services.library.importers.label_json import read_label_json
from app.services.library.importers.spl import read_spl
from app.services.library.label_changes import SectionState

DATA = Path(__file__).resolve().parents[2] / "data" / "library"
SET_ID = "0b0be196-0c62-461c-94f4-9a35339b4501"


def section(code, title, text, *below):
    inner = "".join(f"<component>{each}</component>" for each in below)
    return (
        f'<section><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/><title>{title}</title>'
        f"<text>{text}</text>{inner}</section>"
    )


def spl(*sections, version="1", day="20260101", set_id=SET_ID, name="Lumivex", substance="lumivexan"):
    parts = "".join(f"<component>{each}</component>" for each in sections)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><document xmlns="urn:hl7-org:v3">'
        f'<id root="doc-{set_id}-{version}"/><code code="34391-3" displayName="HUMAN PRESCRIPTION DRUG LABEL"/>'
        "<title>These highlights do not include all the information needed to use LUMIVEX safely. "
        "See full prescribing information for LUMIVEX.<br/>LUMIVEX<sup>\u00ae</sup> tablets</title>"
        f'<effectiveTime value="{day}"/><setId root="{set_id}"/><versionNumber value="{version}"/>'
        "<component><structuredBody><component><section>"
        '<code code="48780-1"/><subject><manufacturedProduct><manufacturedProduct>'
        f'<code code="0071-0155" codeSystem="2.16.840.1.113883.6.69"/><name>{name}</name>'
        f"<asEntityWithGeneric><genericMedicine><name>{substance}</name></genericMedicine></asEntityWithGeneric>"
        f"</manufacturedProduct></manufacturedProduct></subject></section></component>{parts}"
        "</structuredBody></component></document>"
    ).encode()


BOXED = section("34066-1", "WARNING: LIVER", "<paragraph>Stop at once.</paragraph>")
DOSE = section(
    "34068-7",
    "2 DOSAGE",
    "<paragraph>Take 10 mg.</paragraph>",
    section("42229-5", "2.1 Adults", "<paragraph>10 mg a day with grapefruit juice.</paragraph>"),
)


@pytest.fixture
def take(database, tmp_path):
    def taken(content, name="label.xml", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return database.write(imports.import_file, path, **options)

    return taken


def add_products(database, *products):
    with database.unit() as uow:
        for fields in products:
            uow.session.add(Product(**fields))
        uow.commit()


def test_a_label_keeps_its_sections_codes_and_depths(database, take):
    (taken,) = take(spl(BOXED, DOSE)).imported
    assert (taken.kind, taken.code, taken.number, taken.state) == ("label", SET_ID, "1", "current")
    found = database.read(labels.label, taken.id)
    assert found.row.title == "LUMIVEX\u00ae tablets"
    assert (found.row.kind, found.row.region, found.row.effective_from) == ("uspi", "US", "2026-01-01")
    assert [(each.code, each.depth, each.heading) for each in found.sections] == [
        ("34066-1", 1, "WARNING: LIVER"),
        ("34068-7", 1, "2 DOSAGE"),
        ("42229-5", 2, "2.1 Adults"),
    ]
    assert [each.is_boxed_warning for each in found.sections] == [True, False, False]
    assert found.sections[1].standard == "Dosage and Administration"
    assert ("product data without text", "without a description") not in found.listed


def test_the_same_version_twice_is_one(database, take):
    first, second = take(spl(DOSE)), take(spl(DOSE))
    assert [each.known for each in second.imported] == [True]
    assert second.imported[0].id == first.imported[0].id
    assert second.changes.ids == frozenset()
    assert len(database.read(labels.labels)) == 1


def test_another_text_under_the_same_version_is_refused(database, take):
    take(spl(DOSE))
    again = take(spl(BOXED, DOSE))
    assert again.imported == ()
    assert "in the library with another text" in again.refused[0].reason
    assert database.read(lambda session: session.scalar(select(func.count()).select_from(LabelSection))) == 2


def test_a_newer_version_is_another_row_of_the_same_label(database, take):
    take(spl(DOSE, version="2", day="20260601"))
    older = take(spl(DOSE, version="1", day="20260101"))
    assert older.imported[0].state == "older"
    newer = take(spl(BOXED, DOSE, version="10", day="20261101"))
    assert newer.imported[0].state == "current"
    rows = database.read(labels.labels)
    assert [(row.number, row.state) for row in rows] == [("10", "current"), ("2", "older"), ("1", "older")]
    assert len({row.label_id for row in rows}) == 1
    assert [row.number for row in database.read(labels.labels, newest_only=True)] == ["10"]
    assert [row.number for row in database.read(labels.versions_of, rows[0].label_id)] == ["10", "2", "1"]
    assert database.read(labels.version_by_name, SET_ID[:8]) == rows[0].id
    assert database.read(labels.version_by_name, SET_ID, "1") == rows[2].id
    for wrong in ("", "none"):
        with pytest.raises(RecordNotFoundError):
            database.read(labels.version_by_name, wrong)


def test_two_versions_are_compared_section_by_section(database, take):
    changed = DOSE.replace("Take 10 mg.", "Take 100 mg.").replace("2.1 Adults", "2.2 Adults")
    uses = section("34067-9", "1 USES", "<paragraph>For pain.</paragraph>")
    older = take(spl(BOXED, DOSE)).imported[0].id
    newer = take(spl(uses, changed, version="2", day="20260201")).imported[0].id
    compared = database.read(label_changes.compare, older, newer)
    assert [(each.state, each.code) for each in compared] == [
        (SectionState.REMOVED, "34066-1"),
        (SectionState.ADDED, "34067-9"),
        (SectionState.CHANGED, "34068-7"),
        (SectionState.CHANGED, "42229-5"),
    ]
    dose = compared[2]
    assert (old_text(dose.pieces), new_text(dose.pieces)) == ("Take 10 mg.", "Take 100 mg.")
    assert [piece.text for piece in dose.pieces if piece.kind is Kind.INSERTED] == ["100"]
    same = database.read(label_changes.compare, older, older)
    assert {each.state for each in same} == {SectionState.SAME}


def test_words_are_found_inside_labels(database, take):
    old = take(spl(DOSE)).imported[0].id
    new = take(spl(BOXED, DOSE, version="2", day="20260201")).imported[0].id
    hits = database.read(labels.find, "grapefruit")
    assert [(hit.row.id, hit.code, hit.snippet) for hit in hits] == [
        (new, "42229-5", "10 mg a day with [[grapefruit]] juice.")
    ]
    assert [hit.row.id for hit in database.read(labels.find, "grapefruit", version_id=old)] == [old]
    assert len(database.read(labels.find, "grapefruit", newest_only=False)) == 2
    assert database.read(labels.find, "  ") == []


@pytest.mark.parametrize(
    ("products", "linked", "note"),
    [
        ([{"name": "LUMIVEX"}], "LUMIVEX", "Linked to LUMIVEX."),
        ([{"name": "Brand", "aliases": ["Lumivex"]}], "Brand", "Linked to Brand."),
        ([{"name": "Brand", "aliases": ["0071-0155"]}], "Brand", "Linked to Brand."),
        ([{"name": "Brand", "label_set_id": SET_ID}, {"name": "Lumivex"}], "Brand", "Linked to Brand."),
        ([{"name": "Generic", "substance": "Lumivexan"}], "Generic", "Linked to Generic."),
        ([{"name": "Other"}], "", "Linked to no product: none has"),
        (
            [{"name": "A", "substance": "lumivexan"}, {"name": "B", "substance": "lumivexan"}],
            "",
            "Linked to no product: several fit (A, B).",
        ),
        ([], "", "Linked to no product: none has"),
    ],
)
def test_the_one_product_that_fits_is_linked_else_it_is_left_open(database, take, products, linked, note):
    add_products(database, *products)
    (taken,) = take(spl(DOSE)).imported
    assert taken.note.startswith(note)
    assert database.read(labels.labels)[0].product == linked


def test_a_product_that_is_named_is_linked(database, take):
    add_products(database, {"name": "Other"})
    assert take(spl(DOSE), product="other").imported[0].note == "Linked to Other."
    with pytest.raises(RecordNotFoundError):
        take(spl(DOSE, set_id="b"), product="none")


def test_openfda_gives_five_labels_in_the_order_of_a_label(database, take):
    outcome = take((DATA / "openfda.json").read_bytes(), "openfda.json")
    assert (len(outcome.imported), outcome.refused) == (5, ())
    found = [database.read(labels.label, each.id) for each in outcome.imported]
    assert {each.row.source for each in found} == {"openFDA"}
    for each in found:
        orders = [labels.standard_order(text.code) for text in each.sections]
        assert orders == sorted(orders)
        assert all(text.text for text in each.sections)
    tables = [
        block
        for each in found
        for text in each.sections
        for block in parse(text.text).blocks
        if isinstance(block, Table)
    ]
    assert len(tables) == 3
    again = take((DATA / "openfda.json").read_bytes(), "again.json")
    assert all(each.known for each in again.imported)


def test_a_fuller_source_comes_beside_a_poorer_one_and_not_the_other_way_round(database, take):
    record = {
        "set_id": SET_ID,
        "id": f"doc-{SET_ID}-1",
        "version": "1",
        "effective_time": "20260101",
        "warnings": ["Stop."],
    }
    listing = {"set_id": SET_ID, "id": f"doc-{SET_ID}-1", "labeler": "L", "products": [{"name": "Lumivex"}]}
    assert take({"results": [listing]}, "dailymed.json").imported[0].state == "current"
    assert take({"results": [record]}, "openfda.json").imported[0].state == "current"
    assert take(spl(DOSE)).imported[0].state == "current"
    assert take({"results": [record]}, "openfda.json").imported[0].known
    assert take({"results": [listing]}, "dailymed.json").imported[0].known
    rows = database.read(labels.labels)
    assert [(row.source, row.state) for row in rows] == [
        ("SPL", "current"),
        ("openFDA", "older"),
        ("DailyMed", "older"),
    ]
    assert database.read(lambda session: session.scalar(select(func.count()).select_from(Label))) == 1


def test_a_record_without_text_does_not_stop_the_others():
    records = [
        {"set_id": "a", "warnings": ["Stop."]},
        {"set_id": "b"},
        {"warnings": ["x"]},
        "word",
        {"set_id": "c", "warnings": ["Go."], "warnings_table": ["<table><tr><td>1<td></table>"]},
    ]
    read = read_label_json(json.dumps({"results": records}).encode())
    assert [each["set_id"] for each in read["labels"]] == ["a", "c"]
    assert [each["where"] for each in read["refused"]] == ["record 2", "record 3", "record 4"]
    assert any("not well-formed" in each["kind"] for each in read["labels"][1]["listed"])


@pytest.mark.parametrize(
    "content",
    [b"", b"[" * 100_000, b"[]", b"{}", b'{"results": 3}', b"\xff\xfe", b"null", b'{"results": [{}]}'],
)
def test_json_that_is_no_label_is_refused(content):
    with pytest.raises(InputRefusedError, match="Nothing was taken in"):
        read_label_json(content)


def test_an_indexing_file_is_no_label():
    content = spl(DOSE).replace(b"HUMAN PRESCRIPTION DRUG LABEL", b"Indexing - Pharmacologic Class")
    with pytest.raises(InputRefusedError, match="no label but"):
        read_spl(content)


def test_tables_notes_and_lists_of_spl_become_markup():
    table = (
        "<table><caption>Table 1</caption><thead><tr><th>Dose</th><th colspan='2'>Rate<footnote>per year</footnote>"
        "</th></tr></thead><tbody><tr><td rowspan='2'>10 mg</td><td>1</td><td>2</td></tr>"
        "<tr><td>3</td><td>4</td></tr></tbody></table>"
    )
    nested = (
        "<list listType='ordered'><item>all of<list><item>one<list listType='ordered'><item>deep</item></list></item>"
        "</list></item><item>two</item></list>"
    )
    marked = "<paragraph>m<sup>2</sup> and <content styleCode='bold'>bold</content></paragraph>"
    (found,) = read_spl(spl(section("34084-4", "6", f"loose words {table}{nested}{marked}")))["sections"]
    assert found["text"].split("\n") == [
        "loose words",
        "",
        "**Table 1**",
        "",
        "| Dose | Rate [note 1] |  |",
        "| --- | --- | --- |",
        "| 10 mg | 1 | 2 |",
        "|  | 3 | 4 |",
        "",
        "1. all of",
        "   - one\\",
        "     1\\. deep",
        "2. two",
        "",
        "m^2^ and **bold**",
        "",
        "[note 1] per year",
    ]


def test_the_highlights_stand_first_under_their_headings():
    excerpt = "<excerpt><highlight><text><paragraph>Short.</paragraph></text></highlight></excerpt>"
    dose = DOSE.replace("</text>", f"</text>{excerpt}", 1)
    found = read_spl(spl(BOXED, dose))["sections"]
    assert found[0] == {
        "code": "",
        "depth": 1,
        "heading": "Highlights",
        "text": "## Dosage and Administration\n\nShort.",
    }


def test_the_section_codes_are_each_there_once():
    rows = load_rules("label_sections.json").body.sections("sections")
    codes = [row.text("code") for row in rows]
    fields = [row.text("field") for row in rows if "field" in row]
    assert len(codes) == len(set(codes))
    assert len(fields) == len(set(fields))
    assert all(re.fullmatch(r"\d{4,5}-\d", code) for code in codes)
    assert codes[0] == labels.BOXED_WARNING


words = st.text(st.sampled_from("abcdé µ≥10%,-*_[]#|\\<>&"), min_size=1, max_size=14).filter(
    lambda text: re.search(r"\w", text) is not None
)
contents = st.one_of(
    words.map(lambda text: (f"<paragraph>{escape(text)}</paragraph>", [text])),
    st.lists(words, min_size=1, max_size=3).map(
        lambda texts: (
            "<list>" + "".join(f"<item>{escape(text)}</item>" for text in texts) + "</list>",
            texts,
        )
    ),
    st.lists(words, min_size=2, max_size=2).map(
        lambda texts: (
            "<table><tr>" + "".join(f"<td>{escape(text)}</td>" for text in texts) + "</tr></table>",
            texts,
        )
    ),
)


@given(st.lists(st.tuples(words, st.lists(contents, min_size=1, max_size=3)), min_size=1, max_size=3))
@settings(max_examples=50)
def test_every_word_of_a_label_comes_back_in_order(drawn):
    made = [section("42229-5", escape(title), "".join(xml for xml, _ in parts)) for title, parts in drawn]
    wanted = [
        text for title, parts in drawn for text in (title, *(each for _, texts in parts for each in texts))
    ]
    found = [
        text
        for each in read_spl(spl(*made))["sections"]
        for text in (each["heading"], *inline_texts(each["text"]))
    ]
    assert tokens(found) == tokens(wanted)


def tokens(texts):
    return re.findall(r"\S+", " ".join(texts))


def inline_texts(markup):
    return [
        "".join(each.body if isinstance(each.body, str) else " " for each in flatten(part))
        for block in parse(markup).blocks
        for part in inline_parts(block)
    ]
