"""Documents come in, become effective, are held, found, and refused with a reason."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.audit import JournalRow
from app.models.library_forms import Approval, DocumentForm, Refusal, SectionForm
from app.models.normal import content_hash
from app.models.product import Product
from app.models.rules_data import resource_path
from app.models.standard_response import StandardResponseSection
from app.services.library import commands, queries
from app.services.library.importers import read_documents
from app.services.library.queries import ForWhom

APPROVAL = Approval("S. Okonjo-Reyes", "2026-01-26")
WHOM = ForWhom(country="US", audience="hcp", language="en", today=date(2026, 11, 22))


def form(**changes):
    base = {
        "code": "SRD-1",
        "kind": "srd",
        "title": "Grapefruit juice",
        "sections": (
            SectionForm("Summary", "Grapefruit raises exposure.\n\nMore than 1.2 L a day."),
            SectionForm("Details", "- one\n- two"),
        ),
        "effective_from": "2026-02-01",
    }
    return DocumentForm(**{**base, **changes})


def take_in(database, *forms, approval=APPROVAL):
    return database.write(commands.import_documents, forms, approval=approval, source_sha256="f" * 64)


def test_an_approved_import_is_effective_and_a_plain_one_a_draft(database):
    assert take_in(database, form()).imported[0].state == "effective"
    assert take_in(database, form(code="SRD-2"), approval=None).imported[0].state == "draft"


def test_a_version_from_the_future_is_approved_and_not_effective(database):
    outcome = take_in(database, form(effective_from="2027-01-01"))
    assert outcome.imported[0].state == "approved"


def test_the_newer_version_supersedes_the_older_whatever_the_order_of_digits(database):
    take_in(database, form(number="2.0"))
    take_in(database, form(number="10.0"))
    states = {row.number: row.state for row in database.read(queries.documents)}
    assert states == {"10.0": "effective", "2.0": "superseded"}
    assert [row.number for row in database.read(queries.versions_of, "SRD-1")] == ["10.0", "2.0"]


def test_another_country_does_not_supersede(database):
    take_in(database, form(country="US"), form(country="GB", number="2.0"))
    assert {row.state for row in database.read(queries.documents)} == {"effective"}


def test_the_same_document_twice_changes_nothing(database):
    take_in(database, form())
    rows = database.read(lambda s: len(s.scalars(select(JournalRow.n)).all()))
    outcome = take_in(database, form())
    assert outcome.imported[0].known
    assert database.read(lambda s: len(s.scalars(select(JournalRow.n)).all())) == rows


def test_another_text_under_the_same_number_is_refused(database):
    take_in(database, form())
    outcome = take_in(database, form(sections=(SectionForm("Summary", "Other."),)))
    assert outcome.imported == ()
    assert "new version number" in outcome.refused[0].reason
    text = database.read(lambda s: s.scalars(select(StandardResponseSection.text)).first())
    assert text.startswith("Grapefruit")


def test_an_approved_text_cannot_be_changed(database):
    take_in(database, form())
    with database.unit() as uow:
        uow.session.scalars(select(StandardResponseSection)).first().text = "tampered"
        with pytest.raises(Exception, match="never changes"):
            uow.commit()


def test_a_hold_needs_a_reason_and_stops_insertion(database):
    version = take_in(database, form()).imported[0].id
    with pytest.raises(NotAllowedError):
        database.write(commands.hold, version, "")
    database.write(commands.hold, version, "label change")
    row = database.read(queries.document, version).row
    assert queries.obstacle(row, WHOM) == "is on hold: label change"


def test_a_draft_is_published_on_an_approval_given_elsewhere(database):
    version = take_in(database, form(), approval=None).imported[0].id
    database.write(commands.publish, version, APPROVAL)
    row = database.read(queries.document, version).row
    assert row.state == "effective"
    assert queries.obstacle(row, WHOM) is None
    with pytest.raises(NotAllowedError):
        database.write(commands.publish, version, APPROVAL)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"audience": "patient"}, "is written for patients"),
        ({"country": "GB"}, "is for GB, the contact is in US"),
        ({"language": "de"}, "is in de, the letter is in en"),
        ({"country": ""}, None),
    ],
)
def test_why_a_version_cannot_be_inserted(database, changes, reason):
    version = take_in(database, form(**changes)).imported[0].id
    assert queries.obstacle(database.read(queries.document, version).row, WHOM) == reason


def test_paragraphs_are_the_pieces_that_origins_name(database):
    version = take_in(database, form()).imported[0].id
    document = database.read(queries.document, version)
    first, second = document.sections
    assert [p.markup for p in first.paragraphs] == ["Grapefruit raises exposure.", "More than 1.2 L a day."]
    assert [p.markup for p in second.paragraphs] == ["- one\n- two"]
    assert first.paragraphs[1].sha256 == content_hash("More  than 1.2 L a day.")
    assert database.read(queries.sections_by_id, [second.id])[second.id] == second


def test_search_finds_words_and_puts_what_cannot_be_used_last(database):
    take_in(database, form(), form(code="SRD-2", audience="patient"))
    hits = database.read(queries.search, "does grapefruit juice interact", whom=WHOM)
    assert [(hit.row.code, hit.obstacle is None) for hit in hits] == [("SRD-1", True), ("SRD-2", False)]
    assert "[[Grapefruit]]" in hits[0].snippet


@pytest.mark.parametrize(
    "words", ["", "   ", "the of and", '"', "AND OR NOT", "grape*", "a:b NEAR(c)", "'; --"]
)
def test_search_takes_whatever_is_typed(database, words):
    take_in(database, form())
    database.read(queries.search, words)


@given(st.text(max_size=40))
def test_a_match_expression_is_always_sound(words):
    expression = queries.match_expression(words)
    assert expression == "" or expression.startswith('"')


def test_the_version_that_a_code_names_is_the_effective_one(database):
    old = take_in(database, form(number="1.0")).imported[0].id
    new = take_in(database, form(number="2.0")).imported[0].id
    assert database.read(queries.version_by_code, "srd-1") == new
    assert database.read(queries.version_by_code, "SRD-1", "1.0") == old
    with pytest.raises(RecordNotFoundError):
        database.read(queries.version_by_code, "SRD-9")


def test_the_product_is_joined_by_name(database):
    with database.unit() as uow:
        uow.session.add(Product(name="Atorvastatin tablets"))
        uow.commit()
    version = take_in(database, form(product="atorvastatin TABLETS")).imported[0].id
    assert database.read(queries.document, version).row.product == "Atorvastatin tablets"


def write(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_markdown_file_becomes_a_document(tmp_path):
    path = write(
        tmp_path,
        "SRD-7.md",
        "---\ntitle: Missed dose\nproduct: Atorvastatin\nversion: 3.1\n---\n# Summary\nTake it **soon**.\n\n"
        "Do not double.\n\n# Details\n1. first\n2. second\n",
    )
    (document,) = read_documents(path)
    assert isinstance(document, DocumentForm)
    assert (document.code, document.number) == ("SRD-7", "3.1")
    assert [section.heading for section in document.sections] == ["Summary", "Details"]
    assert document.sections[0].text == "Take it **soon**.\n\nDo not double."


BAD = [
    ({"title": "x", "sections": [{"heading": "a", "text": "b"}]}, "id is missing"),
    ({"id": "x", "sections": [{"heading": "a", "text": "b"}]}, "title is missing"),
    ({"id": "x", "title": "y", "sections": []}, "no section"),
    ({"id": "x", "title": "y", "kind": "poem", "sections": []}, "kind"),
    ({"id": "x", "title": "y", "sections": [{"text": "z [@gone]"}]}, "cites gone"),
    ({"id": "x", "title": "y", "sections": [{"text": "z"}], "country": "Britain"}, "country"),
    ({"id": "x", "title": "y", "sections": [{"text": "z"}], "version": "new"}, "version"),
    ({"id": "x", "title": "y", "sections": [{"text": "z"}], "review_due": "soon"}, "review_due"),
    ({"id": "x", "title": "y", "sections": "z"}, "must be a list"),
    ({"id": "x", "title": {"a": 1}, "sections": [{"text": "z"}]}, "must be text"),
    ([1], "JSON object"),
]


@pytest.mark.parametrize(("record", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_a_bad_document_is_refused_with_its_reason_and_the_rest_is_in(tmp_path, database, record, reason):
    good = {"id": "G", "title": "Good", "sections": [{"heading": "h", "text": "t"}]}
    content = "\n".join(json.dumps(item) for item in (record, good))
    outcome = database.write(commands.import_documents, read_documents(write(tmp_path, "a.jsonl", content)))
    assert [item.code for item in outcome.imported] == ["G"]
    assert reason in outcome.refused[0].reason
    assert outcome.refused[0].where == "a.jsonl, line 1"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "{"),
        ("a.json", "[" * 100_000),
        ("a.txt", "x"),
        ("a.json", b"\xff\xfe\x00"),
        ("gone.json", None),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path, name, content):
    path = tmp_path / name if content is None else write(tmp_path, name, content)
    with pytest.raises(InputRefusedError):
        list(read_documents(path))


@given(st.binary(max_size=200), st.sampled_from([".md", ".json", ".jsonl"]))
def test_no_bytes_are_a_traceback(tmp_path, content, suffix):
    path = write(tmp_path, "x" + suffix, content)
    try:
        outcomes = list(read_documents(path))
    except InputRefusedError:
        return
    assert all(isinstance(item, DocumentForm | Refusal) for item in outcomes)


def test_the_whole_sample_library_comes_in(database):
    folder = resource_path("sample", "srds")
    for path in sorted(folder.glob("*.json")):
        outcome = database.write(commands.import_file, path, approval=APPROVAL)
        assert outcome.refused == ()
    assert len(database.read(queries.documents)) == len(list(folder.glob("*.json")))
