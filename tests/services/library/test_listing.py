"""The list of documents comes by the page, sorted, filtered and counted by the database."""

from datetime import date

import pytest

from app.services.library import commands, listing, queries
from app.services.library.listing import DocumentCounts, ListQuery
from tests.services.library.test_library import form, take_in

TODAY = date(2026, 11, 22)


def listed(database, limit=200, offset=0, **asked):
    rows = database.read(listing.listed, ListQuery(TODAY, **asked), limit=limit, offset=offset)
    return [(row.code, row.number) for row in rows]


def hold(database, code):
    database.write(commands.hold, database.read(queries.version_by_code, code), "label change")


@pytest.fixture
def library(database):
    take_in(database, form(code="SRD-B", title="beta blockers"), form(code="SRD-A", title="Alpha"))
    take_in(database, form(code="FAQ-C", kind="faq", title="100%_pure", review_due="2026-01-01"))
    take_in(database, form(code="SRD-D", title="Delta", country="DE", review_due="2027-05-01"))
    return database


def test_what_needs_attention_stands_first_and_the_rest_by_number(library):
    hold(library, "SRD-D")
    assert listed(library) == [("SRD-D", "1.0"), ("FAQ-C", "1.0"), ("SRD-A", "1.0"), ("SRD-B", "1.0")]
    assert listed(library, limit=2, offset=2) == [("SRD-A", "1.0"), ("SRD-B", "1.0")]
    assert listed(library, sort="title")[0] == ("FAQ-C", "1.0")
    assert listed(library, sort="title", is_descending=True)[0] == ("SRD-D", "1.0")
    assert listed(library, sort="due")[0] == ("FAQ-C", "1.0")
    assert listed(library, sort="whom")[-1] == ("SRD-D", "1.0")


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"kind": "faq"}, ["FAQ-C"]),
        ({"words": "BETA block"}, ["SRD-B"]),
        ({"words": "srd-a v1.0"}, ["SRD-A"]),
        ({"words": "100%_"}, ["FAQ-C"]),
        ({"words": "1%0"}, []),
        ({"words": "de delta"}, ["SRD-D"]),
        ({"words": "alpha beta"}, []),
    ],
)
def test_a_kind_and_words_keep_what_holds_them(library, asked, codes):
    assert [code for code, _ in listed(library, **asked)] == codes


def test_of_each_document_what_is_open_is_listed_and_else_its_newest_version(database):
    for number in ("1.0", "1.9", "1.10"):
        take_in(database, form(code="SRD-X", number=number))
    take_in(database, form(code="SRD-X", number="2.0"), approval=None)
    assert sorted(listed(database)) == [("SRD-X", "1.10"), ("SRD-X", "2.0")]


def test_documents_are_counted_as_they_are_listed(library):
    hold(library, "SRD-D")
    assert library.read(listing.document_counts, TODAY) == DocumentCounts(4, 3, 1, 1, 0, 1)


def test_an_empty_library_counts_nothing(database):
    assert database.read(listing.document_counts, TODAY) == DocumentCounts()
    assert listed(database) == []
