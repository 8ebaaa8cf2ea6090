"""Each kind of damage to a journal is found, at its row and in words."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.journal_hash import GENESIS, HEADER, row_hash
from app.models.journal_verify import Value, verify
from tests.models.trails import Trail


def whole(rows=6):
    trail = Trail()
    for n in range(1, rows + 1):
        trail.add(name=(f"name {n - 1}", f"name {n}"), count=n)
    return trail


def erased_trail():
    trail = whole(4)
    for n, name in ((2, "name"), (2, "count"), (3, "name")):
        del trail.values[n][name]
    return trail.add("event", "journal", event="erasure", erased=[[2, ["count", "name"]], [3, ["name"]]])


def messages(result):
    return [(flaw.n, flaw.message) for flaw in result.flaws]


def test_a_whole_trail_has_no_flaw():
    trail = whole()
    result = trail.verify()
    assert (result.ok, result.events, result.first_bad) == (True, 6, None)
    assert result.head == trail.rows[-1]["hash"]


def test_an_empty_trail_begins_at_the_genesis():
    result = verify([])
    assert (result.ok, result.events, result.head) == (True, 0, GENESIS)


def test_what_the_server_answered_does_not_count():
    trail = whole()
    trail.row(3).update(acked=5, result={"status": "applied"})
    assert trail.verify().ok


@pytest.mark.parametrize("name", [*HEADER, "hash"])
def test_a_changed_row_is_named(name):
    trail = whole()
    old = trail.row(3)[name]
    trail.row(3)[name] = old + 1 if isinstance(old, int) else {} if isinstance(old, dict) else f"{old}0"
    result = trail.verify()
    assert not result.ok
    assert result.first_bad == 3


@pytest.mark.parametrize("foreign", [None, 1.5, "x", [], {}, True, 2**70, "\ud800"], ids=repr)
@pytest.mark.parametrize("name", [*sorted(set(HEADER) - {"n"}), "hash"])
def test_a_value_of_a_foreign_type_is_named_and_ends_nothing(name, foreign):
    trail = whole()
    if trail.row(3)[name] == foreign:
        return
    trail.row(3)[name] = foreign
    result = trail.verify()
    assert result.events == 6
    assert result.first_bad == 3


def test_a_changed_row_with_a_new_hash_is_found_at_the_next():
    trail = whole()
    trail.row(3)["actor"] = "user-2"
    trail.row(3)["hash"] = row_hash(trail.row(3))
    assert messages(trail.verify()) == [(4, "does not follow the row before it")]


@pytest.mark.parametrize(
    ("gone", "message"), [((3,), "rows 3 to 3"), ((3, 4), "rows 3 to 4"), ((1,), "rows 1 to 1")]
)
def test_a_gap_is_named_once(gone, message):
    trail = whole()
    trail.rows = [row for row in trail.rows if row["n"] not in gone]
    assert messages(trail.verify()) == [(gone[0], f"{message} are missing")]


def test_a_repeated_row_is_named():
    trail = whole()
    trail.rows.insert(3, trail.row(3))
    assert messages(trail.verify())[0] == (4, "row 3 stands where row 4 belongs")


def test_two_rows_in_each_others_place_are_named():
    trail = whole()
    trail.rows[2], trail.rows[3] = trail.rows[3], trail.rows[2]
    assert trail.verify().first_bad == 3


def test_rows_renumbered_after_an_exchange_are_named():
    trail = whole()
    trail.rows[2], trail.rows[3] = trail.rows[3], trail.rows[2]
    trail.rows[2]["n"], trail.rows[3]["n"] = 3, 4
    assert trail.verify().first_bad == 3


def test_a_row_slipped_in_is_named():
    trail = whole()
    stranger = {**trail.row(3), "n": 4, "prev_hash": trail.row(3)["hash"]}
    stranger["hash"] = row_hash(stranger)
    trail.rows.insert(3, stranger)
    assert trail.verify().first_bad == 4


@pytest.mark.parametrize("part", ["salt", "old", "new"])
def test_a_changed_value_is_named(part):
    trail = whole()
    value = trail.values[3]["name"]
    trail.values[3]["name"] = dataclasses.replace(value, **{part: f"{getattr(value, part)}00"})
    assert messages(trail.verify()) == [(3, "the value of name was changed")]


@pytest.mark.parametrize("salt", [None, 7, "no hex", "\ud800"])
def test_an_unreadable_salt_is_named(salt):
    trail = whole()
    trail.values[3]["name"] = Value(salt, "name 2", "name 3")
    assert messages(trail.verify()) == [(3, "the value of name was changed")]


def test_exchanged_values_are_named():
    trail = whole()
    values = trail.values[3]
    values["name"], values["count"] = values["count"], values["name"]
    assert {flaw.n for flaw in trail.verify().flaws} == {3}


def test_an_added_value_is_named():
    trail = whole()
    trail.values[3]["@reason"] = Value("00", None, "it was like this")
    assert messages(trail.verify()) == [(3, "the value of @reason was added")]


def test_a_value_gone_without_an_erasure_is_named():
    trail = whole()
    del trail.values[3]["name"]
    assert messages(trail.verify()) == [(3, "the value of name is gone and no erasure names it")]


def test_erased_values_are_counted_and_no_flaw():
    result = erased_trail().verify()
    assert (result.flaws, result.erased) == ([], 3)


def test_an_erasure_explains_no_more_than_it_names():
    trail = erased_trail()
    del trail.values[4]["name"]
    assert messages(trail.verify()) == [(4, "the value of name is gone and no erasure names it")]


def test_an_erasure_explains_nothing_that_is_later():
    trail = whole(2).add("event", "journal", event="erasure", erased=[[4, ["name"]]]).add(name="x")
    del trail.values[4]["name"]
    assert trail.verify().first_bad == 4


def test_an_erasure_by_a_row_of_another_type_explains_nothing():
    trail = whole(2).add("patch", "product", erased=[[2, ["name"]]])
    del trail.values[2]["name"]
    assert trail.verify().first_bad == 2


@pytest.mark.parametrize("erased", [None, 5, "x", [5], [[2]], [[2, 5]], [[{}, ["name"]]], {"a": 1}], ids=repr)
def test_an_unreadable_erasure_is_a_flaw_and_ends_nothing(erased):
    trail = erased_trail()
    trail.values[5]["erased"] = dataclasses.replace(trail.values[5]["erased"], new=erased)
    result = trail.verify()
    assert result.events == 5
    assert (5, "the value of erased was changed") in messages(result)


@settings(max_examples=150)
@given(
    rows=st.lists(
        st.dictionaries(st.text(min_size=1, max_size=4), st.integers() | st.text(max_size=5), max_size=4).map(
            lambda fields: {k: v for k, v in fields.items() if not isinstance(v, int) or abs(v) < 2**53}
        ),
        min_size=2,
        max_size=8,
    ),
    data=st.data(),
)
def test_any_single_damage_is_found(rows, data):
    trail = Trail()
    for fields in rows:
        trail.add(**{f"f{name}": value for name, value in fields.items()})
    assert trail.verify().ok
    damage = data.draw(st.sampled_from(["cut", "edit", "swap", "value", "drop value"]))
    at = data.draw(st.integers(1, len(rows) - 1))
    row = trail.row(at)
    if damage == "cut":
        trail.rows.remove(row)
    elif damage == "swap":
        trail.rows[at - 1], trail.rows[at] = trail.rows[at], trail.rows[at - 1]
    elif damage == "edit" or not row["fields"]:
        row[data.draw(st.sampled_from(["at", "schema"]))] += data.draw(st.integers(1, 9))
    else:
        name = data.draw(st.sampled_from(sorted(row["fields"])))
        value = trail.values[at].pop(name)
        if damage == "value":
            trail.values[at][name] = dataclasses.replace(value, new=[value.new])
    assert trail.verify().first_bad == at
