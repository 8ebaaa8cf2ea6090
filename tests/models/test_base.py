"""JSON columns: frozen, hashable, the same value after a round trip."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Integer, create_engine, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.models.base import FrozenDict, Json, freeze
from app.models.canonical import canonical_json
from app.models.product import Product

leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=5)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


class ShelfBase(DeclarativeBase):
    """Apart from the program's own tables."""


class Shelf(ShelfBase):
    __tablename__ = "shelf"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[Any] = mapped_column(Json, nullable=True)


MUTATORS = {
    "set": lambda d: d.__setitem__("a", 2),
    "set anew": lambda d: d.__setitem__("z", 2),
    "delete": lambda d: d.__delitem__("a"),
    "clear": lambda d: d.clear(),
    "pop": lambda d: d.pop("a"),
    "pop with a default": lambda d: d.pop("z", None),
    "popitem": lambda d: d.popitem(),
    "setdefault": lambda d: d.setdefault("z", 1),
    "setdefault of a known key": lambda d: d.setdefault("a", 1),
    "update": lambda d: d.update({"a": 2}),
    "update by name": lambda d: d.update(a=2),
    "in place": lambda d: d.__ior__({"a": 2}),
}


@pytest.mark.parametrize("mutate", MUTATORS.values(), ids=MUTATORS)
def test_a_frozen_object_refuses_every_change(mutate):
    frozen = freeze({"a": 1, "b": {"c": [1]}})
    for target in (frozen, freeze({"outer": [{"a": 1}]})["outer"][0]):
        before = canonical_json(target)
        with pytest.raises(TypeError, match="replaced whole"):
            mutate(target)
        assert canonical_json(target) == before


def test_every_mutator_of_a_dict_is_among_those_tried():
    reading = {"copy", "fromkeys", "get", "items", "keys", "values"}
    public = {name for name in dir(dict) if not name.startswith("_")} - reading
    assert public == {"clear", "pop", "popitem", "setdefault", "update"}
    assert all(getattr(FrozenDict, name) is not getattr(dict, name) for name in public)


@given(values)
def test_freezing_keeps_the_value_and_makes_it_hashable(value):
    frozen = freeze(value)
    assert hash(frozen) == hash(freeze(value))
    assert freeze(frozen) == frozen
    assert json.loads(json.dumps(frozen)) == value


@given(st.dictionaries(st.text(max_size=3), values, max_size=4))
def test_the_order_of_keys_does_not_count_in_the_hash(value):
    turned = dict(reversed(list(value.items())))
    assert freeze(value) == freeze(turned)
    assert hash(freeze(value)) == hash(freeze(turned))


def test_what_was_frozen_is_apart_from_its_source():
    source = {"list": [1, {"a": 1}]}
    frozen = freeze(source)
    source["list"][1]["a"] = 2
    source["list"].append(3)
    assert frozen == {"list": (1, {"a": 1})}


@given(value=values)
def test_a_column_gives_back_the_value_frozen(value):
    engine = create_engine("sqlite://")
    ShelfBase.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Shelf(number=1, value=value))
        session.commit()
        session.expire_all()
        read = session.scalar(select(Shelf.value))
        stored = session.connection().exec_driver_sql("SELECT value FROM shelf").scalar_one()
    engine.dispose()
    assert read == freeze(value)
    assert stored == (None if value is None else canonical_json(value).decode())
    hash(read)


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, {"a": b"x"}, [2**53]])
def test_a_column_refuses_what_cannot_be_hashed(value):
    engine = create_engine("sqlite://", hide_parameters=True)
    ShelfBase.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Shelf(number=1, value=value))
        with pytest.raises(StatementError):
            session.flush()
    engine.dispose()


def test_a_json_attribute_is_frozen_when_it_is_assigned():
    product = Product(name="A", forms=[{"form": "tablet"}])
    assert product.forms == ({"form": "tablet"},)
    product.aliases = ["B"]
    assert product.aliases == ("B",)
