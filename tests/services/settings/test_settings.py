"""Configuration is journalled, the look of this device is not."""

import pytest
from sqlalchemy import func, select

from app.errors import InputRefusedError, RecordNotFoundError
from app.models.audit import JournalRow, JournalValue
from app.models.product import Product
from app.services.audit.queries import verify_trail
from app.services.settings import commands, queries


def trail(database, type_):
    query = select(JournalRow.op, JournalValue.old, JournalValue.new).join(
        JournalValue, (JournalValue.n == JournalRow.n) & (JournalValue.field == "value")
    )
    rows = database.read(
        lambda s: s.execute(query.where(JournalRow.type == type_).order_by(JournalRow.n)).all()
    )
    return [tuple(row) for row in rows]


def events(database):
    return database.read(lambda s: s.scalar(select(func.count()).select_from(JournalRow)))


def test_a_configured_value_is_kept_and_told_from_what_to_what(database):
    assert database.read(queries.configuration, "lock") == {}
    database.write(commands.configure, "lock", {"minutes": 10})
    changes = database.write(commands.configure, "lock", {"minutes": 5})
    assert database.read(queries.configuration, "lock") == {"minutes": 5}
    assert changes.kinds == {"configuration"}
    assert trail(database, "configuration") == [
        ("create", None, {"minutes": 10}),
        ("patch", {"minutes": 10}, {"minutes": 5}),
    ]
    assert database.read(verify_trail).ok


def test_the_same_value_again_changes_nothing(database):
    database.write(commands.configure, "lock", {"minutes": 10})
    before = events(database)
    assert not database.write(commands.configure, "lock", {"minutes": 10})
    assert events(database) == before


def test_a_value_that_cannot_be_hashed_is_not_kept(database):
    with pytest.raises(Exception, match="float"):
        database.write(commands.configure, "lock", {"minutes": 1.5})
    assert database.read(queries.configuration, "lock") == {}


def test_configured_values_come_back_frozen(database):
    database.write(commands.configure, "company", {"offices": [{"city": "Lisbon"}]})
    value = database.read(queries.configuration, "company")
    with pytest.raises(TypeError):
        value["offices"][0]["city"] = "Porto"


def product(name, **fields):
    return {"name": name, "substance": name.lower(), "aliases": [f"{name} 5 mg"], **fields}


def test_products_are_added_once_by_name(database):
    database.write(commands.add_products, [product("Cardenza"), product("Atorva")])
    before = events(database)
    changes = database.write(commands.add_products, [product("Cardenza", atc="C10"), product("Biso")])
    found = database.read(queries.products)
    assert [(each.name, each.substance, each.aliases) for each in found] == [
        ("Atorva", "atorva", ("Atorva 5 mg",)),
        ("Biso", "biso", ("Biso 5 mg",)),
        ("Cardenza", "cardenza", ("Cardenza 5 mg",)),
    ]
    assert events(database) == before + 1
    assert len(changes.ids) == 1


def test_a_product_named_twice_in_one_list_is_added_once(database):
    database.write(commands.add_products, [product("Cardenza"), product("Cardenza")])
    assert [each.name for each in database.read(queries.products)] == ["Cardenza"]


def test_a_bad_product_adds_none(database):
    with pytest.raises(TypeError):
        database.write(commands.add_products, [product("Good"), product("Bad", colour="red")])
    assert database.read(queries.products) == ()


def test_a_retired_product_is_not_offered(database):
    database.write(commands.add_products, [product("Old")])
    with database.unit("withdrawn") as uow:
        uow.session.scalars(select(Product)).one().retired_at = uow.now()
        uow.commit()
    assert database.read(queries.products) == ()


def test_the_look_is_kept_and_leaves_no_trail(database):
    before = events(database)
    database.write(commands.save_look, {"theme": "dark", "columns": [120, 80]})
    database.write(commands.save_look, {"theme": "light"})
    assert database.read(queries.look) == {"theme": "light", "columns": (120, 80)}
    assert events(database) == before


def test_a_user_is_shown_with_name_and_roles(database):
    assert database.read(queries.user, "user-1") == queries.UserView(
        "user-1", "P. Nilsson", "MPharm", ("specialist", "librarian")
    )
    with pytest.raises(RecordNotFoundError, match="nobody"):
        database.read(queries.user, "nobody")


def test_a_user_is_renamed_and_the_trail_tells_from_what_to_what(database):
    changes = database.write(commands.rename_user, "user-1", " Petra Nilsson ", "PharmD")
    user = database.read(queries.user, "user-1")
    assert (user.name, user.credentials) == ("Petra Nilsson", "PharmD")
    assert changes.kinds == {"user"}
    query = select(JournalValue.field, JournalValue.old, JournalValue.new).join(
        JournalRow, JournalValue.n == JournalRow.n
    )
    rows = database.read(
        lambda s: s.execute(query.where(JournalRow.type == "user", JournalRow.op == "patch")).all()
    )
    assert {tuple(row) for row in rows} == {
        ("name", "P. Nilsson", "Petra Nilsson"),
        ("credentials", "MPharm", "PharmD"),
    }
    assert database.read(verify_trail).ok


def test_a_user_keeps_the_name_if_the_new_one_is_empty(database):
    with pytest.raises(InputRefusedError, match="name is missing"):
        database.write(commands.rename_user, "user-1", "  ", "PharmD")
    with pytest.raises(RecordNotFoundError):
        database.write(commands.rename_user, "nobody", "A", "")
    user = database.read(queries.user, "user-1")
    assert (user.name, user.credentials) == ("P. Nilsson", "MPharm")
