"""No type is stored without an entry in the register, and each entry is true."""

import pytest

from app.models.base import LOCAL_SCOPE, Base, Synced
from app.models.register import TYPES, entry_of

MAPPED = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("app.")]
# The last rows of the register in the storage design.
UNJOURNALLED = {
    *("saved_view", "look_setting", "draft_text", "device", "passage_vector"),
    *("journal", "journal_value", "history", "base", "conflict", "cursor"),
}
# Columns that name, reach or describe a person wherever they stand.
PERSONAL = {
    *("first_name", "last_name", "email", "phone", "address", "verbatim", "restated", "description"),
    *("printed_name", "credentials"),
}
entries = pytest.mark.parametrize("entry", TYPES.values(), ids=TYPES)


def columns(entry):
    return {column.name for column in entry.model.__table__.columns}


def test_every_mapped_class_has_an_entry_and_every_entry_a_class():
    assert {entry.model for entry in TYPES.values()} == set(MAPPED)
    assert len(TYPES) == len(MAPPED)


def test_a_name_is_that_of_one_type():
    assert [entry.name for entry in TYPES.values()] == list(TYPES)


@entries
def test_an_entry_is_found_by_its_class(entry):
    assert entry_of(entry.model) is entry


@entries
def test_personal_fields_are_columns(entry):
    if entry.personal != "all":
        assert entry.personal <= columns(entry)


@entries
def test_a_column_about_a_person_is_marked(entry):
    if entry.personal != "all":
        assert columns(entry) & PERSONAL <= entry.personal


@entries
def test_a_synced_type_has_scope_and_version(entry):
    if entry.synced:
        assert issubclass(entry.model, Synced)
        assert entry.conflict != "none"
        assert entry.model().scope in (None, LOCAL_SCOPE)


@entries
def test_what_is_synced_is_journalled(entry):
    assert entry.model.journalled is (entry.name not in UNJOURNALLED)
    if entry.synced:
        assert entry.model.journalled


@entries
def test_safety_records_are_never_lost(entry):
    assert (entry.home == "safety") is (entry.conflict == "never_lost")


@entries
def test_only_references_are_told_by_the_file(entry):
    assert (entry.bulk == "file") is (entry.name == "reference")
